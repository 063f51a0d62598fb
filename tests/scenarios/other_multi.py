"""
Somebody else's Multi: a second, small implementation that shares nothing with ours, and can be broken on purpose.

It has other people, ids, keys, tokens and random codes; hooks for reset, clock, mails and defects under ``/test``.
Of ours it imports nothing but `serving_others`. ``broken(defect)`` in the code is where each defect is.
"""

import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.scenarios.serving_others import HOOKS, Handler, Turns, serving

MINUTE, HOUR, DAY = 60, 3600, 86_400
PROGRAMMES = {"key-of-shop": "shop", "key-of-bank": "bank", "key-of-closed": "closed", "key-of-safe": "safe"}
PEOPLE = """
    newcomer           71001 shop ROOT 71001 CONSUMER  -
    member             71002 shop ROOT 71002 CONSUMER  Teapot-12-blue
    head               71003 shop ROOT 71003 CORPORATE Kettle-34-grey
    colleague          71004 shop USER 71003 CORPORATE Saucer-56-pink
    expired            71005 shop ROOT 71005 CONSUMER  Napkin-78-teal
    inactive           71006 shop ROOT 71006 CONSUMER  Pepper-90-gold
    inactive-newcomer  71007 shop ROOT 71007 CONSUMER  -
    sharer             71008 shop ROOT 71008 CONSUMER  Garlic-11-lime
    shared-newcomer    71009 shop ROOT 71009 CONSUMER  -
    neighbour          71010 bank ROOT 71010 CONSUMER  Ginger-22-plum
    suspended          71011 closed ROOT 71011 CONSUMER Fennel-33-rust
    uninvited          71012 shop USER 71003 CORPORATE -
    other-head         71013 shop ROOT 71013 CORPORATE Cumin-444-sand
    back-office        71014 shop USER 71003 CORPORATE Nutmeg-55-snow
    back-office-newcomer 71015 shop USER 71003 CORPORATE -
    vaulted            71016 safe ROOT 71016 CONSUMER  Clover-66-moss
    vaulted-newcomer   71017 safe ROOT 71017 CONSUMER  -
"""
ROWS = [line.split() for line in PEOPLE.strip().splitlines()]
LOGINS = {row[0]: f"{row[0]}@other.example" for row in ROWS} | {"shared-newcomer": "sharer@other.example"}
KEYS = {programme: key for key, programme in PROGRAMMES.items()}

DEFECTS = {
    "one character less is enough": "weavr.password.length",
    "31 characters are accepted": "weavr.password.length",
    "no special character is needed": "weavr.password.complexity",
    "only four passwords are remembered": "weavr.password.history",
    "the present password may be kept": "weavr.password.history",
    "the back office needs 8 characters": "weavr_multi.password.minimum",
    "the new password is checked before the old": "weavr.update.old-password",
    "the old password is not checked": "weavr.update.old-password",
    "a wrong old password is answered 401": "weavr.update.old-password",
    "a code can be used twice": "weavr.nonce.kept",
    "a refused password uses the code up": "weavr.nonce.kept",
    "a code is good for two hours": "weavr.nonce.lifetime",
    "a code of anybody is good": "weavr.nonce.redeemed",
    "an unknown address is answered 204": "weavr.lost.account",
    "an unknown address is answered 404": "weavr.lost.account",
    "an inactive user gets a code": "weavr.lost.account",
    "no mail says that a password has changed": "weavr.mail.changed",
    "a refused update sends a mail": "",
    "a refused update changes the password": "weavr.password.length",
    "a session is not prolonged": "weavr.session.sliding",
    "a session lasts ten minutes": "weavr.session.sliding",
    "log-out forgets nothing": "weavr.session.logout",
    "the token of an expired password logs out": "weavr.session.temporary",
    "the token of an expired password is good for two updates": "weavr.login.expired",
    "log-in is locked after six wrong passwords": "weavr.login.locked",
    "log-in is locked for ten minutes": "weavr.login.locked",
    "a right password does not reset the count": "",
    "an inactive user can log in": "weavr.login.refused",
    "an expired password logs in": "weavr.login.expired",
    "a password can be created twice": "weavr.create.once",
    "a user of another programme gets a password": "weavr.create.user",
    "two users may log in with one address": "weavr.create.login-key",
    "the key of another programme is accepted": "weavr.session.programme",
    "a suspended programme can call": "weavr.programme.suspended",
    "a second invitation leaves the first code": "weavr.invite.single",
    "a second start leaves the first code": "weavr.nonce.single",
    "every mail has the same code": "weavr.nonce.code",
    "the link of a mail lacks the end of the address": "weavr.lost.link",
    "the new password is checked before there is an old one": "weavr.lost.not-set",
    "a token is looked up before the programme is judged": "weavr.programme.suspended",
    "a user of another programme is told to be inactive": "weavr.create.user",
    "an invitation never ends": "weavr.invite.lifetime",
    "anybody invites": "weavr.users.identity",
    "a password beyond ASCII fails": "document",
    "one code is good for two who come at once": "weavr.nonce.kept",
    "two who come at once create a password": "weavr.create.once",
    "wrong passwords that come at once are counted once": "weavr.login.locked",
    "a token for a password never ends": "weavr.token.lifetime",
    "a token for a password is taken for the password": "weavr.token.resolved",
    "an error is a text": "",
    "an answer repeats the password": "",
    "a header is missing": "",
    "an answer has one member more": "",
    "every log-in gives the same token": "",
    "the identity of a further user is the user": "",
    "the expiry date is null": "",
    "missing fields are listed one at a time": "",
    "a blank password is too short": "",
    "the word bearer has to be Bearer": "",
}
"""What can be broken, one at a time, and the rule that a finding has to name; empty where none is asked."""


WAYS = ("errors have a trace", "WRONG_NONCE", "422", "no request-ref", "no mail about a change")
"""What can be otherwise than the vendor has it without being wrong, any of them at a time."""

UNKNOWN_PATH = {"code": "UNKNOWN_PATH", "message": "There is no such path."}


class Refused(Exception):
    """A status, and an error code or a body."""

    def __init__(self, status: int, code: str = "", body: Any = None) -> None:
        self.status, self.body = status, {"errorCode": code} if code else body


class Multi:
    """All state, and what is done to it."""

    def __init__(self) -> None:
        self.defect = ""
        self.ways: tuple[str, ...] = ()
        self.delivered: list[dict[str, str]] = []
        """All mails that were ever sent."""
        self.expires_after = 0
        self.turns = Turns(patience_seconds=1)
        self.missing = ""
        """The operation whose path is unknown."""
        self.unknown_path = 404
        """The status of answers to it."""
        self.unknown_body: dict[str, str] = UNKNOWN_PATH
        self.is_guarded = False
        """Whether it asks for a key before it looks for the path."""
        self.silent = ""
        """The operation whose requests are not answered."""
        self.answers_left: int | None = None
        """How many operations are answered before the server dies; None for all."""
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        self.ahead = 0.0
        self.mails: list[dict[str, str]] = []
        self.sessions: dict[str, dict[str, Any]] = {}
        self.tokenised: dict[str, tuple[str, float]] = {}
        self.users: dict[str, dict[str, Any]] = {
            row[1]: {
                "role": row[0],
                "id": row[1],
                "programme": row[2],
                "credential": row[3],
                "identity": {"type": row[5], "id": row[4]},
                "email": LOGINS[row[0]],
                "passwords": [] if row[6] == "-" else [row[6]],
                "active": "inactive" not in row[0],
                "expired": row[0] == "expired",
                "failures": 0,
                "locked": 0.0,
                "code": None,
                "old_codes": [],
                "invite": None,
                "old_invites": [],
            }
            for row in ROWS
        }

    def broken(self, defect: str) -> bool:
        """Whether this is the defect of the day."""
        assert defect in DEFECTS
        return self.defect == defect

    def in_its_ways(self, status: int, body: Any) -> tuple[int, Any]:
        """Say a refusal in the words of this team."""
        if isinstance(body, dict) and "WRONG_NONCE" in self.ways and body.get("errorCode") == "INVALID_NONCE_OR_EMAIL":
            body = {**body, "errorCode": "WRONG_NONCE"}
        if isinstance(body, dict) and "errors have a trace" in self.ways:
            body = {**body, "trace": secrets.token_hex(8)}
        return (422 if "422" in self.ways and status == 409 and "errorCode" in body else status), body

    @property
    def now(self) -> float:
        return time.time() + self.ahead

    # -- what every call asks

    def enter(self, headers: dict[str, str], invalid: list[tuple[list[str], str, str]]) -> str:
        key = headers.get("api-key", "")
        if not key:
            invalid.append(([], "api-key", "REQUIRED"))
        if invalid:
            kept = invalid[:1] if self.broken("missing fields are listed one at a time") else invalid
            fields = [{"params": params, "fieldName": name, "error": error} for params, name, error in kept]
            raise Refused(400, body={"message": "Invalid request", "syntaxErrors": {"invalidFields": fields}})
        if key not in PROGRAMMES:
            raise Refused(401)
        return PROGRAMMES[key]

    def require_open(self, programme: str, code: str = "") -> None:
        if programme == "closed" and not self.broken("a suspended programme can call"):
            raise Refused(403, code)

    def session(self, headers: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_large = scheme == "Bearer" or not self.broken("the word bearer has to be Bearer")
        found = self.sessions.get(token.strip()) if scheme.lower() == "bearer" and is_large else None
        if found is None or self.now >= found["until"]:
            raise Refused(401)
        if not self.broken("a session is not prolonged"):
            found["until"] = self.now + self.lifetime
        return found, self.users[found["user"]]

    @property
    def lifetime(self) -> int:
        return (10 if self.broken("a session lasts ten minutes") else 5) * MINUTE

    def open_session(self, user: dict[str, Any], *, temporary: bool = False) -> str:
        token = "always-the-same" if self.broken("every log-in gives the same token") else secrets.token_hex(20)
        self.sessions[token] = {"user": user["id"], "until": self.now + self.lifetime, "temporary": temporary}
        return token

    def plain(self, value: str, programme: str, name: str = "password") -> str:
        if value in self.tokenised and not self.broken("a token for a password is taken for the password"):
            password, until = self.tokenised[value]
            if self.now >= until and not self.broken("a token for a password never ends"):
                raise Refused(410, "TOKEN_EXPIRED")
            return password
        if programme == "safe":
            if re.fullmatch("[A-Za-z0-9]{24}", value):
                raise Refused(404, "TOKEN_NOT_FOUND")
            raise Refused(400, body=_listed([([name], "value", "REGEX")]))
        if self.broken("a password beyond ASCII fails") and not value.isascii():
            raise Refused(500)
        return value

    def check(self, password: str, user: dict[str, Any] | None) -> None:
        back_office = user is not None and user["role"].startswith("back-office")
        least = 12 if back_office and not self.broken("the back office needs 8 characters") else 8
        if len(password) < least - self.broken("one character less is enough"):
            raise Refused(409, "PASSWORD_TOO_SHORT")
        if len(password) > 30 + self.broken("31 characters are accepted"):
            raise Refused(409, "PASSWORD_TOO_LONG")
        kinds = [r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]"]
        if self.broken("no special character is needed"):
            kinds.pop()
        if not all(re.search(kind, password) for kind in kinds):
            raise Refused(409, "PASSWORD_TOO_SIMPLE")

    def check_history(self, password: str, user: dict[str, Any]) -> None:
        depth = 4 if self.broken("only four passwords are remembered") else 5
        last = user["passwords"][:depth]
        if self.broken("the present password may be kept"):
            last = last[1:]
        if password in last:
            raise Refused(409, "PASSWORD_ALREADY_USED")

    def mail(self, user: dict[str, Any], subject: str, text: str) -> None:
        self.mails.append({"to": user["email"], "subject": subject, "text": text})
        self.delivered.append(self.mails[-1])

    def mail_about_change(self, user: dict[str, Any]) -> None:
        if not self.broken("no mail says that a password has changed") and "no mail about a change" not in self.ways:
            self.mail(user, "Your Password Has Been Changed", "You changed it.")

    def info(self, user: dict[str, Any], token: str) -> dict[str, Any]:
        identity = dict(user["identity"])
        if self.broken("the identity of a further user is the user"):
            identity["id"] = user["id"]
        expires = int((self.now + self.expires_after) * 1000) if self.expires_after else 0
        expiry = None if self.broken("the expiry date is null") else expires
        more = {"credential": "PASSWORD"} if self.broken("an answer has one member more") else {}
        return {"passwordInfo": {"identityId": identity, "expiryDate": expiry}, "token": token, **more}

    # -- the operations

    def create(self, headers: dict[str, str], body: Any, user_id: str) -> Any:
        invalid = _password(body, "password") + ([] if user_id.isdigit() else [([], "user_id", "REGEX")])
        programme = self.enter(headers, _only_blank(invalid))
        self.require_open(programme, "INSUFFICIENT_PERMISSIONS")
        password = self.plain(body["password"]["value"], programme)
        user = self.users.get(user_id)
        if user and not user["active"] and self.broken("a user of another programme is told to be inactive"):
            raise Refused(403, "INSUFFICIENT_PERMISSIONS")
        if user is None or (
            user["programme"] != programme and not self.broken("a user of another programme gets a password")
        ):
            raise Refused(404, body={})
        if not user["active"]:
            raise Refused(403, "INSUFFICIENT_PERMISSIONS")
        if user["passwords"] and not self.broken("a password can be created twice"):
            raise Refused(409, "PASSWORD_ALREADY_CREATED")
        taken = any(
            one["passwords"] and one["email"] == user["email"] and one is not user for one in self.users.values()
        )
        if taken and not self.broken("two users may log in with one address"):
            raise Refused(409, "PASSWORD_KEY_ALREADY_IN_USE")
        self.check(password, user)
        if self.broken("two who come at once create a password"):
            self.turns.meet()
        user["passwords"].insert(0, password)
        return self.info(user, self.open_session(user))

    def update(self, headers: dict[str, str], body: Any) -> Any:
        invalid = _password(body, "newPassword") + _password(body, "oldPassword")
        programme = self.enter(headers, _only_blank(invalid))
        session, user = self.session(headers)
        self.require_open(programme)
        if user["programme"] != programme and not self.broken("the key of another programme is accepted"):
            raise Refused(403)
        old, new = (self.plain(body[name]["value"], programme, name) for name in ("oldPassword", "newPassword"))
        try:
            if self.broken("the new password is checked before the old"):
                self.check(new, user)
            if old != user["passwords"][0] and not self.broken("the old password is not checked"):
                raise (
                    Refused(401)
                    if self.broken("a wrong old password is answered 401")
                    else Refused(409, "PASSWORD_INCORRECT")
                )
            self.check(new, user)
            self.check_history(new, user)
        except Refused:
            if self.broken("a refused update sends a mail"):
                self.mail(user, "Your Password Has Been Changed", "Somebody changed it.")
            if self.broken("a refused update changes the password"):
                user["passwords"].insert(0, new)
            raise
        user["passwords"].insert(0, new)
        user["expired"] = False
        if session["temporary"] and not self.broken("the token of an expired password is good for two updates"):
            session["until"] = 0
        self.mail_about_change(user)
        answer = self.info(user, self.open_session(user))
        return {**answer, "newPassword": new} if self.broken("an answer repeats the password") else answer

    def validate(self, headers: dict[str, str], body: Any) -> Any:
        invalid = _password(body, "password")
        if self.broken("a blank password is too short") and [error for _, _, error in invalid] == ["HAS_TEXT"]:
            raise Refused(409, "PASSWORD_TOO_SHORT")
        programme = self.enter(headers, _only_blank(invalid))
        if self.broken("a token is looked up before the programme is judged"):
            self.plain(body["password"]["value"], programme)
        self.require_open(programme)
        self.check(self.plain(body["password"]["value"], programme), None)
        return None

    def start(self, headers: dict[str, str], body: Any) -> Any:
        programme = self.enter(headers, _email(body))
        self.require_open(programme)
        found = [
            one
            for one in self.users.values()
            if one["email"] == body["email"].lower()
            and one["programme"] == programme
            and (one["active"] or self.broken("an inactive user gets a code"))
        ]
        if not found:
            if self.broken("an unknown address is answered 204"):
                return None
            if self.broken("an unknown address is answered 404"):
                raise Refused(404)
            raise Refused(409, "ACCOUNT_NOT_FOUND")
        if len(found) > 1:
            raise Refused(409, "MULTIPLE_ACCOUNTS_FOUND")
        (user,) = found
        lasts = (2 if self.broken("a code is good for two hours") else 1) * HOUR
        if user["code"] is not None:
            user["old_codes"].append(user["code"][0])
        again = user["code"] is not None and self.broken("every mail has the same code")
        user["code"] = (user["code"][0] if again else _code(), self.now + lasts)
        place = f"https://portal.other.example/set/{user['email']}"
        end = -1 if self.broken("the link of a mail lacks the end of the address") else None
        self.mail(
            user,
            "Reset your password",
            f"Code: {user['code'][0]}. {place}?c={user['code'][0]}&email={user['email'][:end]}",
        )
        return None

    def resume(self, headers: dict[str, str], body: Any) -> Any:
        programme = self.enter(
            headers, _only_blank(_email(body) + _six(body, "nonce") + _password(body, "newPassword"))
        )
        self.require_open(programme)
        password = self.plain(body["newPassword"]["value"], programme)
        user = next(
            (
                one
                for one in self.users.values()
                if one["email"] == body["email"].lower() and one["programme"] == programme and one["code"]
            ),
            None,
        )
        good = (
            user is not None
            and self.now < user["code"][1]
            and (
                body["nonce"] == user["code"][0]
                or (body["nonce"] in user["old_codes"] and self.broken("a second start leaves the first code"))
                or self.broken("a code of anybody is good")
            )
        )
        if user is None or not good:
            raise Refused(409, "INVALID_NONCE_OR_EMAIL")
        if not user["active"]:
            raise Refused(403)
        if self.broken("the new password is checked before there is an old one"):
            self.check(password, user)
        if not user["passwords"]:
            raise Refused(409, "PASSWORD_NOT_SET")
        try:
            self.check(password, user)
            self.check_history(password, user)
        except Refused:
            if self.broken("a refused password uses the code up"):
                user["code"] = None
            raise
        if self.broken("one code is good for two who come at once"):
            self.turns.meet()
        user["passwords"].insert(0, password)
        user["expired"] = False
        if not self.broken("a code can be used twice"):
            user["code"] = None
        self.mail_about_change(user)
        return {"token": self.open_session(user)}

    def log_in(self, headers: dict[str, str], body: Any) -> Any:
        programme = self.enter(headers, _only_blank(_email(body) + _password(body, "password")))
        self.require_open(programme)
        password = self.plain(body["password"]["value"], programme)
        user = next(
            (
                one
                for one in self.users.values()
                if one["email"] == body["email"].lower()
                and one["programme"] == programme
                and one["passwords"]
                and (one["active"] or self.broken("an inactive user can log in"))
            ),
            None,
        )
        if user is None:
            raise Refused(403)
        if self.now < user["locked"]:
            raise Refused(423)
        if password != user["passwords"][0]:
            failures = user["failures"]
            if self.broken("wrong passwords that come at once are counted once"):
                self.turns.meet()
            user["failures"] = failures + 1
            if user["failures"] >= (6 if self.broken("log-in is locked after six wrong passwords") else 5):
                minutes = 10 if self.broken("log-in is locked for ten minutes") else 30
                user["failures"], user["locked"] = 0, self.now + minutes * MINUTE
            raise Refused(403)
        if not self.broken("a right password does not reset the count"):
            user["failures"] = 0
        if user["expired"] and not self.broken("an expired password logs in"):
            raise Refused(409, body={"token": self.open_session(user, temporary=True)})
        identity, credentials = user["identity"], {"type": user["credential"], "id": user["id"]}
        token = self.open_session(user)
        return {"token": token, "tokenType": "ACCESS", "identity": identity, "credentials": credentials}

    def log_out(self, headers: dict[str, str], _body: Any) -> Any:
        programme = self.enter(headers, [])
        session, _ = self.session(headers)
        self.require_open(programme)
        if session["temporary"] and not self.broken("the token of an expired password logs out"):
            raise Refused(403)
        if not self.broken("log-out forgets nothing"):
            session["until"] = 0
        return None

    def tokenise(self, _headers: dict[str, str], body: Any) -> Any:
        made = {}
        for name, value in body["values"].items():
            made[name] = secrets.token_hex(12)
            self.tokenised[made[name]] = (value["value"], self.now + 30 * MINUTE)
        return {"tokens": made}

    def invite(self, headers: dict[str, str], _body: Any, user_id: str) -> Any:
        programme = self.enter(headers, [])
        _, caller = self.session(headers)
        self.require_open(programme, "INSUFFICIENT_PERMISSIONS")
        user = self.users.get(user_id)
        if user is None or user["credential"] == "ROOT" or user["identity"]["type"] != caller["identity"]["type"]:
            raise Refused(404, body={"code": "USER_NOT_FOUND", "message": "There is no such user."})
        if user["identity"] != caller["identity"] and not self.broken("anybody invites"):
            raise Refused(403, "INSUFFICIENT_PERMISSIONS")
        if user["passwords"]:
            raise Refused(409, "INVITE_ALREADY_CONSUMED")
        if user["invite"] is not None:
            user["old_invites"].append(user["invite"][0])
        user["invite"] = (_code(), self.now + 7 * DAY)
        place = f"https://portal.other.example/in?user={user_id}&code={user['invite'][0]}&email={user['email']}"
        self.mail(user, "You are invited", f"Code: {user['invite'][0]}. {place}")
        return None

    def read_user(self, headers: dict[str, str], _body: Any, user_id: str) -> Any:
        self.enter(headers, [])
        _, caller = self.session(headers)
        user = self.users.get(user_id)
        if user is None or user["credential"] == "ROOT" or user["identity"]["type"] != caller["identity"]["type"]:
            raise Refused(404, body={"code": "USER_NOT_FOUND", "message": "There is no such user."})
        if user["identity"] != caller["identity"]:
            raise Refused(403, "INSUFFICIENT_PERMISSIONS")
        shown = {name: user[name] for name in ("id", "identity", "email", "active")}
        return {**shown, "name": user["role"], "surname": "Other"}

    def validate_invite(self, headers: dict[str, str], body: Any, user_id: str) -> Any:
        programme = self.enter(headers, _six(body, "inviteCode"))
        self.redeem(programme, body["inviteCode"], self.users.get(user_id))
        return None

    def redeem(self, programme: str, code: str, user: dict[str, Any] | None) -> None:
        self.require_open(programme, "INSUFFICIENT_PERMISSIONS")
        if user is None:
            raise Refused(409, "INVITE_OR_INVITE_CODE_INVALID")
        if user["programme"] != programme or not user["active"]:
            raise Refused(403, "INSUFFICIENT_PERMISSIONS")
        codes = [user["invite"][0]] if user["invite"] else []
        if self.broken("a second invitation leaves the first code"):
            codes += user["old_invites"]
        in_time = user["invite"] and (self.now < user["invite"][1] or self.broken("an invitation never ends"))
        if user["credential"] == "ROOT" or user["passwords"] or not in_time or code not in codes:
            raise Refused(409, "INVITE_OR_INVITE_CODE_INVALID")

    def consume(self, headers: dict[str, str], body: Any, user_id: str) -> Any:
        programme = self.enter(headers, _only_blank(_six(body, "inviteCode") + _password(body, "password")))
        self.require_open(programme, "INSUFFICIENT_PERMISSIONS")
        password, user = self.plain(body["password"]["value"], programme), self.users.get(user_id)
        if user is None:
            raise Refused(409, "UNRESOLVED_IDENTITY")
        if user["credential"] != "ROOT" and user["passwords"] and user["programme"] == programme:
            raise Refused(409, "PASSWORD_ALREADY_CREATED")
        self.redeem(programme, body["inviteCode"], user)
        self.check(password, user)
        user["passwords"].insert(0, password)
        return {"token": self.open_session(user)}


def _code() -> str:
    return f"{secrets.randbelow(900_000) + 100_000}".replace("654321", "654322")


def _listed(fields: list[tuple[list[str], str, str]]) -> Any:
    invalid = [{"params": params, "fieldName": name, "error": error} for params, name, error in fields]
    return {"message": "Invalid request", "syntaxErrors": {"invalidFields": invalid}}


def _object(body: Any) -> Any:
    if not isinstance(body, dict):
        raise Refused(400, body={"message": "Invalid request: must be of type object"})
    return body


def _password(body: Any, name: str) -> list[tuple[list[str], str, str]]:
    found = _object(body).get(name)
    if found is None:
        return [([], name, "REQUIRED")]
    if not isinstance(found, dict):
        raise Refused(400, body={"message": f"Invalid request: {name} must be of type object"})
    if found.get("value") is None:
        return [([name], "value", "REQUIRED")]
    if len(found["value"]) > 100:
        return [([name], "value", "SIZE")]
    return [] if found["value"].strip() else [([name], "value", "HAS_TEXT")]


def _email(body: Any) -> list[tuple[list[str], str, str]]:
    value = _object(body).get("email")
    if value is None:
        return [([], "email", "REQUIRED")]
    return [] if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", value) else [([], "email", "REGEX")]


def _six(body: Any, name: str) -> list[tuple[list[str], str, str]]:
    value = _object(body).get(name)
    if value is None:
        return [([], name, "REQUIRED")]
    if not isinstance(value, str):
        raise Refused(400, body={"message": f"Invalid request: {name} must be of type string"})
    found: list[tuple[list[str], str, str]] = []
    if not re.fullmatch("[0-9]*", value) or not value:
        found.append(([], name, "REGEX"))
    if len(value) != 6:
        found.append(([], name, "SIZE"))
    return found


def _only_blank(invalid: list[tuple[list[str], str, str]]) -> list[tuple[list[str], str, str]]:
    """Blank passwords alone are answered by a message."""
    if invalid and all(error == "HAS_TEXT" for _, _, error in invalid):
        told = ", ".join(f"request.{params[0]}.value: must not be blank" for params, _, _ in invalid)
        raise Refused(400, body={"message": told})
    return invalid


ROUTES = [
    (r"/passwords/([^/]+)/create", "create"),
    (r"/passwords/update", "update"),
    (r"/passwords/validate", "validate"),
    (r"/passwords/lost_password/start", "start"),
    (r"/passwords/lost_password/resume", "resume"),
    (r"/login_with_password", "log_in"),
    (r"/logout", "log_out"),
    (r"/simulate/api/secure_session/anon_tokenize", "tokenise"),
    (r"/users/([^/]+)", "read_user"),
    (r"/users/([^/]+)/invite", "invite"),
    (r"/users/([^/]+)/invite/validate", "validate_invite"),
    (r"/users/([^/]+)/invite/consume", "consume"),
]


class MultiHandler(Handler):
    """HTTP around a `Multi`."""

    multi: Multi

    def route(self, raw: bytes) -> None:
        """Answer an operation or a hook."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path == "/test/mails":
            return self._answer(200, {"sent": self.multi.mails})
        if self.path == "/test/reset":
            self.multi.reset()
            return self._answer(204, None)
        if self.path == "/test/clock":
            self.multi.ahead += json.loads(raw)["advance"]
            return self._answer(204, None)
        if self.multi.answers_left is not None:
            self.multi.answers_left -= 1
            if self.multi.answers_left < 0:
                self.close_connection = True
                return None
        for pattern, name in ROUTES:
            found = re.fullmatch(pattern, self.path)
            if found and name == self.multi.missing:
                break
            if found and name == self.multi.silent:
                self.close_connection = True
                return None
            if found:
                return self._operate(getattr(self.multi, name), headers, raw, found.groups())
        if self.multi.is_guarded and headers.get("api-key") not in PROGRAMMES:
            return self._answer(401, None)
        return self._answer(self.multi.unknown_path, self.multi.unknown_body)

    def _operate(self, operation: Any, headers: dict[str, str], raw: bytes, groups: Any) -> None:
        try:
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                raise Refused(400, body={"message": "Invalid request: the body is not JSON"}) from None
            answer = operation(headers, body, *groups)
        except Refused as refused:
            if self.multi.broken("an error is a text") and refused.status == 409:
                return self._answer(409, refused.body, text="text/plain")
            return self._answer(*self.multi.in_its_ways(refused.status, refused.body))
        return self._answer(204 if answer is None else 200, answer)

    def _answer(self, status: int, body: Any, text: str = "application/json") -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        left_out = self.multi.broken("a header is missing") or "no request-ref" in self.multi.ways
        if status not in (409, 422) and not left_out:
            self.send_header("request-ref", secrets.token_hex(8))
        if content:
            self.send_header("Content-Type", text)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving_other_multi() -> Iterator[tuple[str, Multi]]:
    """Serve it on a free port; gives the address and the state, whose ``defect`` can be set."""
    multi = Multi()
    with serving(MultiHandler, multi=multi, lock=multi.turns.lock) as url:
        yield url, multi


def write_bindings() -> str:
    """Write the bindings of this server, as its owner would."""
    lines = [
        "[server]",
        "failed_log_ins = 50",
        'lacks = ["list_users", "tokenise"]',
        "[keys]",
        *(f'{name} = "{key}"' for name, key in KEYS.items()),
    ]
    for role, identifier, programme, _, _, _, password in ROWS:
        lines += [f"[people.{role}]", f'id = "{identifier}"', f'login = "{LOGINS[role]}"', f'key = "{programme}"']
        lines += [] if password == "-" else [f'password = "{password}"']
    return "\n".join(
        [
            *lines,
            *HOOKS,
            'list = "/sent"',
        ]
    )
