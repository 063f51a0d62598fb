"""
Somebody else's Entrust: a second, small implementation that shares nothing with ours, and can be broken on purpose.

It has other users, applications, words and another idea of strength; hooks for reset, clock and mails under ``/test``.
Of ours it imports nothing but `serving_others`. ``broken(defect)`` in the code is where each defect is.
"""

import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import bcrypt

from tests.scenarios.serving_others import HOOKS, Handler, Turns, serving

MINUTE, DAY = 60, 86_400
APPLICATIONS = """
    administrator 51001 VIEW,EDIT,REMOVE
    viewer        51002 VIEW
    editor        51003 EDIT
    disabled      51004 VIEW,EDIT,REMOVE
"""
USERS = """
    newcomer    52001 noor.haddad   Noor  Haddad -      MGMT_UI  -
    member      52002 mei.tanaka    Mei   Tanaka mtanak MGMT_UI  Brook~Saddle~1188
    locked      52003 liam.walsh    Liam  Walsh  -      MGMT_UI  Pebble~Mirror~2277
    inactive    52004 ivo.marek     Ivo   Marek  -      MGMT_UI  Ribbon~Cactus~3366
    directory   52005 dora.klein    Dora  Klein  -      LDAP_AD  Lagoon~Violin~4455
    external    52006 emre.aydin    Emre  Aydin  -      EXTERNAL -
    external-inactive 52007 esra.aydin Esra Aydin -     EXTERNAL -
    numbered    52008 zk90215       Rut   Stein  -      MGMT_UI  -
"""
INACTIVE = {"inactive", "external-inactive"}
FIELDS = {
    **dict.fromkeys(
        ("clearPasswordHistory", "emailPassword", "forceUpdate", "generatePassword", "returnPassword"), bool
    ),
    **dict.fromkeys(("currentPassword", "password", "passwordFormat", "expiryTime"), str),
}
LEAKED = {"password", "password1", "letmein", "qwerty", "12345678"}
CHECKS = (
    *("adComplexity", "alias", "alphaNumeric", "blacklisted", "fullName", "length", "lowerCase", "numeric"),
    *("passwordHistory", "repeatedCharacters", "strength", "upperCase", "userID"),
)

DEFECTS = {
    "seven characters are enough": "entrust.policy.length",
    "256 characters are accepted": "entrust.policy.length",
    "no digit is needed": "entrust.policy.characters",
    "the user ID may be inside": "entrust.policy.user-id",
    "names count in lower case only": "entrust.policy.alias",
    "an alias counts without its last letter": "entrust.policy.alias",
    "the full name counts with its blank only": "entrust.policy.full-name",
    "a compromised password is accepted": "entrust.policy.blacklist",
    "a weak password is accepted": "entrust.policy.strength",
    "a failed validation is answered 400": "entrust.validation.always-200",
    "only seven passwords are remembered": "entrust.history.size",
    "the present password may be set again": "entrust.history.size",
    "the history is never ignored": "entrust.history.size",
    "the history is cleared after the new password is judged": "entrust.history.cleared-first",
    "the history is not cleared alone": "entrust.history.cleared-first",
    "a refused password clears the history": "",
    "an import forgets former passwords": "",
    "a removed password is forgotten": "entrust.removal.history",
    "a password can be removed twice": "entrust.password.nothing-to-remove",
    "the password of a directory is removed": "entrust.removal.local-only",
    "a removal is answered 204": "",
    "a token lasts half an hour": "entrust.authentication.token",
    "a second token ends the first": "entrust.authentication.token",
    "any secret is right": "entrust.authentication.secret",
    "a disabled application gets a token": "entrust.authentication.disabled",
    "a disabled application is told first": "entrust.authentication.secret",
    "whoever may view may edit": "entrust.permission.required",
    "a token needs the word Bearer": "entrust.authorization.forms",
    "the user is looked up before the permission": "entrust.permission.required",
    "an unknown user has no password": "entrust.user.by-uuid",
    "an inactive user gets a password": "entrust.user.inactive",
    "an external user gets a password": "entrust.user.external",
    "where a password is kept is told before the state": "entrust.user.inactive",
    "a locked user gets no password": "entrust.user.locked",
    "an expiry time may be in the past": "entrust.password.expiry-in-future",
    "a password lasts eighty days": "entrust.password.expiry",
    "an expiry time that is sent is ignored": "entrust.password.expiry",
    "the notice comes a day before": "entrust.password.expiry-notification",
    "a notice that has passed is shown": "entrust.password.expiry-notification",
    "a new password keeps the forced update": "entrust.password.force-update",
    "attributes count as a change": "entrust.password.attributes-only",
    "who has no password has attributes": "entrust.password.attributes-only",
    "a password that is sent wins over a generated one": "entrust.password.generated",
    "generated passwords are the same": "entrust.password.generated",
    "a generated password is always returned": "entrust.password.returned",
    "a mail is sent only if it is asked for": "entrust.password.mail",
    "a refused password is mailed": "entrust.password.mail",
    "attributes are mailed": "entrust.password.mail",
    "a mail lacks the generated password": "entrust.password.mail",
    "a mail names nobody": "entrust.password.mail",
    "a directory user needs no current password": "entrust.directory.current-password",
    "a wrong current password is accepted": "entrust.directory.current-password",
    "the new password is judged before the current one": "entrust.directory.current-password",
    "a local user needs the current password": "",
    "an import may leave the mail out": "entrust.bcrypt.email-default",
    "a hash is imported for a directory user": "entrust.bcrypt.restrictions",
    "the restrictions are judged backwards": "entrust.bcrypt.restrictions",
    "an import without a hash changes attributes": "entrust.bcrypt.hash-required",
    "anything is imported": "entrust.bcrypt.well-formed",
    "any cost is imported": "entrust.bcrypt.well-formed",
    "an absent password has an update": "entrust.password.absent",
    "an error is a text": "",
    "an answer repeats the password": "",
    "a UUID in capitals is unknown": "",
    "two who come at once remove a password": "entrust.password.nothing-to-remove",
    "two who come at once set the same password": "entrust.history.size",
}
"""What can be broken, one at a time, and the rule that a finding has to name; empty where none is asked."""


class Refused(Exception):
    """A status and a code."""

    def __init__(self, status: int, code: str, message: str = "That is not possible.") -> None:
        self.status, self.body = status, {"errorMessage": message, "errorCode": code}


class Entrust:
    """
    All state, and what is done to it.

    Attributes:
        defect: The defect of the day.
        own_words: Whether it has codes of its own and reads any media type, which is no defect: nothing public says so.
    """

    def __init__(self) -> None:
        self.defect, self.own_words = "", False
        self.turns = Turns(patience_seconds=0.3)
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        self.ahead = 0.0
        self.mails: list[dict[str, str]] = []
        self.tokens: dict[str, tuple[str, float]] = {}
        rows = [line.split() for line in APPLICATIONS.strip().splitlines()]
        self.applications = {
            uuid(row[1]): {"secret": f"secret-of-{row[0]}", "may": row[2].split(","), "disabled": row[0] == "disabled"}
            for row in rows
        }
        self.users: dict[str, dict[str, Any]] = {
            uuid(row[1]): {
                "role": row[0],
                "login": row[2],
                "first": row[3],
                "last": row[4],
                "alias": None if row[5] == "-" else row[5],
                "type": row[6],
                "password": None if row[7] == "-" else {"plain": row[7], "changed": self.now, "expires": None},
                "history": [] if row[7] == "-" else [row[7]],
            }
            for row in (line.split() for line in USERS.strip().splitlines())
        }

    def broken(self, defect: str) -> bool:
        """Whether this is the defect of the day."""
        assert defect in DEFECTS
        return self.defect == defect

    @property
    def now(self) -> float:
        return time.time() + self.ahead

    # -- who calls

    def authenticate(self, body: Any) -> Any:
        """Trade a secret for a token."""
        body = _object(body)
        for name in ("applicationId", "sharedSecret"):
            if not isinstance(body.get(name), str):
                raise Refused(400, "invalid_request_body", f"{name} cannot be null")
        identifier = body["applicationId"].lower()
        self.prove(identifier, body["sharedSecret"])
        if self.broken("a second token ends the first"):
            self.tokens.clear()
        token, lasts = secrets.token_urlsafe(20), (30 if self.broken("a token lasts half an hour") else 15) * MINUTE
        self.tokens[token] = (identifier, self.now + lasts)
        return {"authToken": token, "expirationTime": stamp(self.now + lasts), "creationTime": stamp(self.now)}

    def prove(self, identifier: str, secret: str) -> dict[str, Any]:
        """Check a secret, and whether its application is in use."""
        found = self.applications.get(identifier)
        if self.broken("a disabled application is told first") and found and found["disabled"]:
            raise Refused(403, "application_disabled")
        if found is None or (found["secret"] != secret and not self.broken("any secret is right")):
            raise Refused(401, "invalid_credentials")
        if found["disabled"] and not self.broken("a disabled application gets a token"):
            raise Refused(403, "application_disabled")
        return found

    def enter(self, header: str, permission: str) -> None:
        """Check the header Authorization."""
        word, _, rest = header.strip().partition(" ")
        bearer = word.lower() == "bearer"
        if not header.strip() or (bearer and not rest.strip()):
            raise Refused(401, "authorization_required")
        if "," in header and not bearer:
            identifier, _, secret = header.partition(",")
            application = self.prove(identifier.strip().lower(), secret.strip())
        else:
            known = self.tokens.get(rest.strip() if bearer else header.strip())
            if known is None or (not bearer and self.broken("a token needs the word Bearer")):
                raise Refused(401, "invalid_auth_token")
            if self.now >= known[1]:
                raise Refused(401, "auth_token_expired")
            application = self.applications[known[0]]
        allowed = [*application["may"], *(["EDIT"] if self.broken("whoever may view may edit") else [])]
        if permission not in allowed:
            raise Refused(403, "permission_required", f"USERPASSWORDS:{permission} required")

    def find(self, identifier: str) -> dict[str, Any]:
        """Find a user."""
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", identifier):
            raise Refused(400, "invalid_parameter")
        found = self.users.get(identifier if self.broken("a UUID in capitals is unknown") else identifier.lower())
        if found is not None:
            return found
        if self.broken("an unknown user has no password"):
            return {"type": "MGMT_UI", "role": "", "login": "nobody", "first": "No", "last": "Body", "alias": None,
                    "password": None, "history": []}  # fmt: skip
        raise Refused(404, "user_not_found")

    # -- the operations

    def read(self, user: dict[str, Any], _body: Any) -> Any:
        return self.shown(user)

    def settings(self, _user: dict[str, Any], _body: Any) -> Any:
        kinds = ("Lowercase", "Nonalphanumeric", "Number", "Uppercase")
        return {
            **{f"include{kind}": "ALLOWED" if kind == "Nonalphanumeric" else "REQUIRED" for kind in kinds},
            **{f"numberOf{kind}Required": 1 for kind in ("Lowercase", "Numeric", "Uppercase")},
            "numberOfNonalphanumericRequired": 0,
            "adComplexity": False,
            "lifetimeDays": 90,
            "maximumLength": 255,
            "maximumRepeated": 0,
            "minimumLength": 8,
            "minimumLifetime": 0,
            "minimumStrength": 3,
            "passwordHistorySize": 8,
        }

    def validate(self, user: dict[str, Any], body: Any) -> Any:
        body = _object(body)
        if not isinstance(body.get("password"), str):
            raise Refused(400, "invalid_request_body")
        ignored = body.get("ignorePasswordHistory") and not self.broken("the history is never ignored")
        failed = self.failures(user, body["password"], [] if ignored else user["history"])
        if failed and self.broken("a failed validation is answered 400"):
            raise Refused(400, "invalid_password")
        checks = {check: check not in failed for check in CHECKS}
        return {**checks, "userPasswordStrength": {"suggestions": [], "score": strength(body["password"])}}

    def remove(self, user: dict[str, Any], _body: Any) -> Any:
        directory = user["type"] == "LDAP_AD" and self.broken("the password of a directory is removed")
        if user["type"] != "MGMT_UI" and not directory:
            raise Refused(409, "password_managed_elsewhere")
        if user["password"] is None and not self.broken("a password can be removed twice"):
            raise Refused(404, "password_not_found")
        if self.broken("two who come at once remove a password"):
            self.turns.meet()
        if self.broken("a removed password is forgotten"):
            user["history"] = user["history"][1:]
        user["password"] = None
        return None

    def change(self, user: dict[str, Any], body: Any) -> Any:
        body = {name: value for name, value in _object(body).items() if value is not None}
        for name, value in body.items():
            if name in FIELDS and not isinstance(value, FIELDS[name]):
                raise Refused(400, "invalid_request_body")
        if body.get("passwordFormat", "CLEARTEXT") not in ("CLEARTEXT", "BCRYPT"):
            raise Refused(400, "invalid_request_body")
        self.admit(user)
        expires = self.expiry(body)
        imports = body.get("passwordFormat") == "BCRYPT"
        if imports:
            self.restrict(user, body)
        if "password" not in body and not body.get("generatePassword"):
            return self.change_attributes(user, body, expires)
        try:
            self.prove_current(user, body)
            history = [] if self.clears(body) else user["history"]
            new = self.imported(body["password"]) if imports else self.chosen(user, body, history)
        except Refused:
            if self.broken("a refused password clears the history") and body.get("clearPasswordHistory"):
                user["history"] = []
            if self.broken("a refused password is mailed"):
                self.mail(user, body, "")
            raise
        if self.broken("two who come at once set the same password"):
            self.turns.meet()
        if body.get("clearPasswordHistory") or (imports and self.broken("an import forgets former passwords")):
            user["history"] = []
        user["password"] = self.renewed(user, new, expires, forced=body.get("forceUpdate", False))
        user["history"].insert(0, new)
        generated = new if body.get("generatePassword") else ""
        self.mail(user, body, generated)
        answer = self.shown(user)
        if generated and (body.get("returnPassword") or self.broken("a generated password is always returned")):
            answer["newPassword"] = generated
        return {**answer, "newPassword": new} if self.broken("an answer repeats the password") else answer

    def renewed(self, user: dict[str, Any], new: str, expires: float | None, *, forced: bool) -> dict[str, Any]:
        if self.broken("a new password keeps the forced update"):
            forced = forced or bool(user["password"] and user["password"].get("force"))
        if expires is None or self.broken("an expiry time that is sent is ignored"):
            expires = self.now + (80 if self.broken("a password lasts eighty days") else 90) * DAY
        return {"plain": new, "changed": self.now, "expires": expires, "force": forced}

    # -- the rules of a new password

    def admit(self, user: dict[str, Any]) -> None:
        skips = user["type"] == "EXTERNAL" and self.broken("where a password is kept is told before the state")
        if user["role"] in INACTIVE and not skips and not self.broken("an inactive user gets a password"):
            raise Refused(409, "user_inactive")
        if user["role"] == "locked" and self.broken("a locked user gets no password"):
            raise Refused(409, "user_locked")
        if user["type"] == "EXTERNAL" and not self.broken("an external user gets a password"):
            raise Refused(409, "password_managed_elsewhere")

    def expiry(self, body: Any) -> float | None:
        if "expiryTime" not in body:
            return None
        try:
            found = datetime.fromisoformat(body["expiryTime"]).timestamp()
        except ValueError:
            raise Refused(400, "invalid_request_body") from None
        if found <= self.now and not self.broken("an expiry time may be in the past"):
            raise Refused(400, "expiry_time_in_past")
        return found

    def restrict(self, user: dict[str, Any], body: Any) -> None:
        left_out = "emailPassword" not in body and not self.broken("an import may leave the mail out")
        restrictions = [
            (user["type"] != "MGMT_UI", "bcrypt_user_not_local"),
            ("currentPassword" in body, "bcrypt_current_password_not_null"),
            (body.get("generatePassword"), "bcrypt_generate_password_not_false"),
            (body.get("emailPassword") or left_out, "bcrypt_email_password_not_false"),
            (body.get("returnPassword"), "bcrypt_return_password_not_false"),
        ]
        if self.broken("a hash is imported for a directory user"):
            restrictions.pop(0)
        for violated, code in reversed(restrictions) if self._backwards else restrictions:
            if violated:
                raise Refused(400, code)
        if "password" not in body and not self.broken("an import without a hash changes attributes"):
            raise Refused(400, "password_required")

    @property
    def _backwards(self) -> bool:
        return self.broken("the restrictions are judged backwards")

    def change_attributes(self, user: dict[str, Any], body: Any, expires: float | None) -> Any:
        if user["password"] is None:
            if self.broken("who has no password has attributes"):
                return self.shown(user)
            raise Refused(400, "password_required")
        if body.get("clearPasswordHistory") and not self.broken("the history is not cleared alone"):
            user["history"] = []
        user["password"]["force"] = body.get("forceUpdate", user["password"].get("force", False))
        user["password"]["expires"] = expires or user["password"]["expires"]
        if self.broken("attributes count as a change"):
            user["password"]["changed"] = self.now
        if self.broken("attributes are mailed"):
            self.mail(user, body, "")
        return self.shown(user)

    def prove_current(self, user: dict[str, Any], body: Any) -> None:
        given = body.get("currentPassword")
        present = user["password"] and user["password"]["plain"]
        local = user["type"] == "MGMT_UI" and self.broken("a local user needs the current password")
        if local and given not in (None, present):
            raise Refused(400, "current_password_incorrect")
        if user["type"] != "LDAP_AD" or user["password"] is None:
            return
        if self.broken("the new password is judged before the current one") and "password" in body:
            self.chosen(user, body, user["history"])
        if given is None and not self.broken("a directory user needs no current password"):
            raise Refused(400, "current_password_required")
        right = given == user["password"]["plain"] or self.broken("a wrong current password is accepted")
        if given is not None and not right:
            raise Refused(400, "current_password_incorrect")

    def clears(self, body: Any) -> bool:
        late = self.broken("the history is cleared after the new password is judged")
        return bool(body.get("clearPasswordHistory")) and not late

    def imported(self, stored: str) -> str:
        cost = r"\d\d" if self.broken("any cost is imported") else "(?:0[4-9]|1[0-2])"
        well_formed = re.fullmatch(rf"\$2[abxy]\${cost}\$[./A-Za-z0-9]{{53}}", stored)
        if not well_formed and not self.broken("anything is imported"):
            raise Refused(400, "invalid_bcrypt_hash")
        return stored

    def chosen(self, user: dict[str, Any], body: Any, history: list[str]) -> str:
        sent = body.get("password", "")
        if body.get("generatePassword") and not (
            sent and self.broken("a password that is sent wins over a generated one")
        ):
            drawn = "Aa1" if self.broken("generated passwords are the same") else secrets.token_hex(9) + "Aa1"
            sent = f"Gen-{drawn}-Kettledrum"
            if self.broken("generated passwords are the same"):
                return sent
        if self.failures(user, sent, history):
            raise Refused(400, "invalid_password")
        return str(sent)

    def failures(self, user: dict[str, Any], password: str, history: list[str]) -> set[str]:
        """List the checks that a password fails."""
        least = 7 if self.broken("seven characters are enough") else 8
        most = 256 if self.broken("256 characters are accepted") else 255
        folded = password if self.broken("names count in lower case only") else password.lower()
        full = [f"{user['first']} {user['last']}".lower()]
        if not self.broken("the full name counts with its blank only"):
            full.append(full[0].replace(" ", ""))
        digit = any(one.isdigit() for one in password) or self.broken("no digit is needed")
        user_id = user["login"] in folded and not self.broken("the user ID may be inside")
        alias = user["alias"] or ""
        if self.broken("an alias counts without its last letter"):
            alias = alias[:-1]
        leaked = password.lower() in LEAKED and not self.broken("a compromised password is accepted")
        weak = strength(password) < 3 and not self.broken("a weak password is accepted")
        found = {
            "length": not least <= len(password) <= most,
            "lowerCase": not any(one.islower() for one in password),
            "upperCase": not any(one.isupper() for one in password),
            "numeric": not digit,
            "userID": user_id,
            "alias": bool(alias) and alias in folded,
            "fullName": any(name in folded for name in full),
            "blacklisted": leaked,
            "strength": weak,
            "passwordHistory": self.is_remembered(password, history),
        }
        return {check for check, failed in found.items() if failed}

    def is_remembered(self, password: str, history: list[str]) -> bool:
        last = history[: 7 if self.broken("only seven passwords are remembered") else 8]
        if self.broken("the present password may be set again"):
            last = last[1:]
        hashes = [one for one in last if one.startswith("$2")][:3]
        return password in last or any(_verifies(password, one) for one in hashes)

    def shown(self, user: dict[str, Any]) -> dict[str, Any]:
        """Show the state of a password."""
        password = user["password"]
        if password is None:
            return {
                "present": False,
                **({"forceUpdate": False} if self.broken("an absent password has an update") else {}),
            }
        expires = password["expires"] or password["changed"] + 90 * DAY
        notice = expires - (1 if self.broken("the notice comes a day before") else 7) * DAY
        shown = {"forceUpdate": password.get("force", False), "present": True}
        shown |= {"expiryTime": stamp(expires), "lastChangedTime": stamp(password["changed"])}
        if notice > self.now or self.broken("a notice that has passed is shown"):
            shown["expiryNotificationDate"] = stamp(notice)
        return shown

    def mail(self, user: dict[str, Any], body: Any, generated: str) -> None:
        wanted = body.get("emailPassword", not self.broken("a mail is sent only if it is asked for"))
        if not wanted:
            return
        tells = generated and not self.broken("a mail lacks the generated password")
        told = f"Your new password: {generated}" if tells else "Somebody has changed it."
        whose = "you" if self.broken("a mail names nobody") else f"{user['first']} {user['last']} ({user['login']})"
        text = f"For {whose}. {told}"
        self.mails.append({"to": f"{user['login']}@other.example", "subject": "News", "text": text})


def uuid(number: str) -> str:
    return f"7b0c{number[:4]}-{number[-4:]}-4aaa-9bbb-cccccccccccc"


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def strength(password: str) -> int:
    """Estimate a strength, in another way than anybody else."""
    if password.lower() in LEAKED:
        return 0
    return min(4, len(set(password)) * min(len(password), 12) // 24)


def _verifies(password: str, stored: str) -> bool:
    try:
        return bcrypt.checkpw(password.encode()[:72], stored.encode())
    except ValueError:
        return False


def _object(body: Any) -> Any:
    if not isinstance(body, dict):
        raise Refused(400, "invalid_request_body")
    return body


_USER = "/api/web/v1/users/([^/]+)"
ROUTES = {
    ("PUT", f"{_USER}/passwords"): ("EDIT", "change"),
    ("GET", f"{_USER}/passwords"): ("VIEW", "read"),
    ("DELETE", f"{_USER}/passwords"): ("REMOVE", "remove"),
    ("GET", f"{_USER}/settings/password"): ("VIEW", "settings"),
    ("POST", f"{_USER}/password/validate"): ("EDIT", "validate"),
}


class EntrustHandler(Handler):
    """HTTP around an `Entrust`."""

    entrust: Entrust

    def route(self, raw: bytes) -> None:
        """Answer an operation or a hook."""
        if self.path == "/test/mails":
            return self._answer(200, self.entrust.mails)
        if self.path == "/test/reset":
            self.entrust.reset()
            return self._answer(204, None)
        if self.path == "/test/clock":
            self.entrust.ahead += json.loads(raw)["advance"]
            return self._answer(204, None)
        try:
            status, answer = self._operate(raw)
        except Refused as refused:
            text = "text/plain" if self.entrust.broken("an error is a text") else "application/json"
            code = refused.body["errorCode"].replace("_", ".") if self.entrust.own_words else refused.body["errorCode"]
            return self._answer(refused.status, {**refused.body, "errorCode": code}, text)
        return self._answer(status, answer)

    def _operate(self, raw: bytes) -> tuple[int, Any]:
        entrust = self.entrust
        if self.path == "/api/web/v1/adminapi/authenticate":
            return 200, entrust.authenticate(self._json(raw))
        for (method, pattern), (permission, name) in ROUTES.items():
            found = re.fullmatch(pattern, self.path)
            if found and method == self.command:
                if entrust.broken("the user is looked up before the permission"):
                    entrust.find(found[1])
                entrust.enter(self.headers.get("Authorization") or "", permission)
                body = self._json(raw) if raw else None
                if name == "change" and not isinstance(body, dict):
                    raise Refused(400, "invalid_request_body")
                user = entrust.find(found[1]) if name != "change" or _fits(body) else self._misfit(found[1])
                answer = getattr(entrust, name)(user, body)
                return 204 if answer is None and entrust.broken("a removal is answered 204") else 200, answer
        raise Refused(404, "path_not_found")

    def _misfit(self, identifier: str) -> dict[str, Any]:
        """A body that does not fit is answered before the user is looked up."""
        if "-" in identifier:
            raise Refused(400, "invalid_request_body")
        return self.entrust.find(identifier)

    def _json(self, raw: bytes) -> Any:
        if "json" not in self.headers.get("Content-Type", "") and not self.entrust.own_words:
            raise Refused(415, "unsupported_media_type")
        return json.loads(raw)

    def _answer(self, status: int, answer: Any, text: str = "application/json") -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        if content:
            self.send_header("Content-Type", text)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _fits(body: Any) -> bool:
    """Whether a body fits on its face."""
    moment = body.get("expiryTime")
    return moment is None or (isinstance(moment, str) and re.match(r"\d{4}-\d\d-\d\d[Tt ]", moment) is not None)


@contextmanager
def serving_other_entrust() -> Iterator[tuple[str, Entrust]]:
    """Serve it on a free port; gives the address and the state, whose ``defect`` can be set."""
    entrust = Entrust()
    with serving(EntrustHandler, entrust=entrust, lock=entrust.turns.lock) as url:
        yield url, entrust


def write_bindings() -> str:
    """Write the bindings of this server, as its owner would."""
    lines = ["[server]", "failed_log_ins = 5"]
    for role, number, _ in (line.split() for line in APPLICATIONS.strip().splitlines()):
        lines += [f"[people.{role}]", f'id = "{uuid(number)}"', f'secret = "secret-of-{role}"']
    for role, number, login, first, last, alias, _, password in (row.split() for row in USERS.strip().splitlines()):
        lines += [f"[people.{role}]", f'id = "{uuid(number)}"', f'login = "{login}"']
        lines += [f'email = "{login}@other.example"']
        lines += [] if password == "-" else [f'password = "{password}"']
        if role == "member":
            lines += [f'first_name = "{first}"', f'last_name = "{last}"', f'alias = "{alias}"']
    return "\n".join(
        [
            *lines,
            *HOOKS,
            'list = ""',
        ]
    )
