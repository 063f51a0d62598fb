"""
Somebody else's ZITADEL of release 4.6: passwords, codes and sessions, which shares nothing with ours and can be broken.

It has other people, ids and tokens; hooks for reset, clock and mails under ``/test``.
Of ours it imports nothing but `serving_others`. ``broken(defect)`` in the code is where each defect is.
"""

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.scenarios.serving_others import HOOKS, Handler, serving

HOUR = 3600
INSTANCE, NORTH, SOUTH = "900000000000000001", "900000000000000010", "900000000000000020"
PEOPLE = """
    sign-in        910000000000000001 service north active  IAM_LOGIN_CLIENT  -
    manager        910000000000000002 service north active  ORG_USER_MANAGER  -
    member         910000000000000003 person  north active  -                 Teapot-12-blue
    bystander      910000000000000004 person  north active  -                 Kettle-34-grey
    org-owner      910000000000000005 person  north active  ORG_OWNER         Saucer-56-pink
    viewer         910000000000000006 person  north active  ORG_OWNER_VIEWER  Napkin-78-teal
    instance-owner 910000000000000007 person  north active  IAM_OWNER         Pepper-90-gold
    project-owner  910000000000000014 person  north active  PROJECT_OWNER     Clover-66-moss
    deputy         910000000000000015 service north active  ORG_END_USER_IMPERSONATOR -
    strict         910000000000000008 person  south active  -                 Garlic11LimeGreen
    newcomer       910000000000000009 person  north initial -                 -
    passwordless   910000000000000010 person  north active  -                 -
    locked         910000000000000011 person  north locked  -                 Ginger-22-plum
    deactivated    910000000000000012 person  north inactive -                Fennel-33-rust
    must-change    910000000000000013 person  north active  -                 Cumin-444-sand
"""
ROWS = [line.split() for line in PEOPLE.strip().splitlines()]
DEFECTS = {
    "seven bytes are enough": "zitadel.policy.order",
    "no symbol is needed": "zitadel.policy.order",
    "lengths are characters": "zitadel.policy.order",
    "the policy is asked before the proof": "zitadel.policy.order",
    "every organisation has the policy of the instance": "zitadel.policy.order",
    "the current password is not compared": "zitadel.current.order",
    "equal passwords are accepted": "zitadel.current.order",
    "wrong current passwords are not counted": "zitadel.current.lockout",
    "a change leaves the count": "zitadel.current.lockout",
    "a code can be used twice": "zitadel.code.single_use",
    "a change with the current password leaves the code": "zitadel.code.single_use",
    "a code is good for two hours": "zitadel.code.order",
    "a wrong code uses up the right one": "zitadel.code.order",
    "an older code is good": "zitadel.code.newest",
    "nobody needs a permission to set a password": "zitadel.permission.user_write",
    "a proof needs the permission, too": "zitadel.permission.user_write",
    "roles count in every organisation": "zitadel.permission.user_write",
    "whoever has a role reads every user": "zitadel.permission.user_read",
    "it is forgotten that another password is required": "zitadel.change.required",
    "a new user can change the password": "zitadel.user.initialised",
    "the code is always in the answer": "zitadel.reset.medium",
    "an unreadable template is accepted": "zitadel.reset.template",
    "the permission is asked before the user": "zitadel.reset.order",
    "a session opens everything after a change of the password": "zitadel.auth.session",
    "every token of a session is good": "zitadel.auth.session",
    "a session never ends by itself": "zitadel.session.lifetime",
    "a locked user signs in": "zitadel.session.user",
    "wrong passwords at sign-in lock nobody": "zitadel.session.lockout",
    "the password of a locked user is compared": "zitadel.session.locked",
    "metadata are added": "zitadel.session.metadata",
    "a change of the metadata is not counted": "zitadel.session.metadata",
    "a session changes its user": "zitadel.session.same_user",
    "a session that has ended is changed": "zitadel.session.ended",
    "a session that has ended is read": "zitadel.session.exists",
    "everybody reads every session": "zitadel.session.read",
    "everybody starts sessions": "zitadel.session.write",
    "everybody ends every session": "zitadel.session.delete",
    "everybody sees every session in a list": "zitadel.sessions.visible",
    "a refusal has no details": "",
    "an answer repeats the password": "",
    "an answer has a member more": "",
    "a refusal names another message": "zitadel.validate.first",
}
"""What can be broken, one at a time, and the rule that a finding has to name; empty where none is asked."""
WRITERS = {"IAM_OWNER", "IAM_LOGIN_CLIENT", "ORG_OWNER", "ORG_USER_MANAGER"}
SESSION_WRITERS = {"IAM_OWNER", "IAM_LOGIN_CLIENT"}
READERS = WRITERS | {"ORG_OWNER_VIEWER"}
NUMBERS = {400: 3, 401: 16, 403: 7, 404: 5, 500: 13}


class Refused(Exception):
    """A status, a gRPC code, and what the details say."""

    by_gateway = False

    def __init__(self, status: int, code: str, text: str, *, grpc: int | None = None, attempts: int | None = None):
        self.status, number = status, NUMBERS[status] if grpc is None else grpc
        self.body: dict[str, Any] = {"code": number, "message": f"{text} ({code})" if code else text}
        if code:
            kind = "ErrorDetail" if attempts is None else "CredentialsCheckError"
            detail = {"@type": f"type.googleapis.com/zitadel.v1.{kind}", "id": code, "message": text}
            self.body["details"] = [{**detail, "failedAttempts": attempts} if attempts else detail]


def _precondition(code: str, text: str) -> Refused:
    return Refused(400, code, text, grpc=9)


class Zitadel:
    """All state, and what is done to it."""

    def __init__(self) -> None:
        self.defect = ""
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        self.ahead, self.number = 0.0, 0
        self.mails: list[dict[str, str]] = []
        self.sessions: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {
            row[1]: {
                "role": row[0],
                "id": row[1],
                "login": f"{row[0]}@other.example",
                "human": row[2] == "person",
                "org": {"north": NORTH, "south": SOUTH}[row[3]],
                "state": row[4],
                "roles": [] if row[5] == "-" else [row[5]],
                "password": None if row[6] == "-" else row[6],
                "required": row[0] == "must-change",
                "failures": 0,
                "codes": [],
                "sequence": 7,
                "shown": 7,
            }
            for row in ROWS
        }

    def broken(self, defect: str) -> bool:
        """Whether this is the defect of the day."""
        assert defect in DEFECTS
        return self.defect == defect

    @property
    def now(self) -> float:
        return time.time() + self.ahead

    # -- who calls

    def enter(self, headers: Mapping[str, str]) -> dict[str, Any]:
        header = headers.get("authorization", "")
        if not header.isascii():
            raise _unreadable("header key contains value with non-printable ASCII characters", 500, 13)
        if not header:
            raise Refused(401, "", "auth header missing")
        parts = header.split("Bearer ")
        if len(parts) != 2:
            raise Refused(401, "AUTH-toLo1", "invalid auth header")
        user = self._holder(parts[1])
        if "x-zitadel-orgid" in headers and headers["x-zitadel-orgid"] not in (NORTH, SOUTH):
            raise Refused(403, "AUTH-Bs7Ds", "Organisation doesn't exist")
        return user

    def _holder(self, token: str) -> dict[str, Any]:
        for user in self.users.values():
            if not user["human"] and token == f"token-of-{user['role']}":
                if user["state"] != "active":
                    break
                return user
        for session in self.sessions.values():
            if token in session["tokens"]:
                return self._user_of(session, token)
        raise Refused(401, "AUTH-7fs1e", "Errors.Token.Invalid")

    def _user_of(self, session: dict[str, Any], token: str) -> dict[str, Any]:
        if session["ended"]:
            raise Refused(404, "QUERY-SFeaa", "Errors.Session.NotExisting")
        if token != session["tokens"][-1] and not self.broken("every token of a session is good"):
            raise Refused(403, "QUERY-dsfr3", "Errors.PermissionDenied")
        user = self.users.get(session["user"] or "")
        if user is None or not session["checked"]:
            raise Refused(403, "AUTHZ-Kl3p0", "authentication required")
        if self._is_over(session):
            raise Refused(403, "AUTHZ-EGDo3", "session expired")
        return user

    def _is_over(self, session: dict[str, Any]) -> bool:
        never = self.broken("a session never ends by itself")
        return session["until"] is not None and self.now >= session["until"] and not never

    def need(self, caller: dict[str, Any], roles: set[str], org: str) -> None:
        anywhere = self.broken("roles count in every organisation")
        here = [one for one in caller["roles"] if one.startswith("IAM") or caller["org"] == org or anywhere]
        if not here:
            raise Refused(404, "AUTHZ-cdgFk", "membership not found")
        if not roles & set(here):
            raise Refused(403, "AUTH-AWfge", "No matching permissions found")

    # -- passwords

    def set_password(self, headers: Mapping[str, str], body: Any, user_id: str) -> Any:
        message = _message(body, "SetPasswordRequest", "verification", ("currentPassword", "verificationCode"))
        caller = self.enter(headers)
        name = "PasswordRequest" if self.broken("a refusal names another message") else "SetPasswordRequest"
        _length(f"{name}.UserId", user_id, 200)
        new, current, code = (message.get(name) for name in ("newPassword", "currentPassword", "verificationCode"))
        _validate_passwords(new, current, code)
        user = self._changeable(user_id)
        plain = "" if new is None else new["password"]
        if self.broken("the policy is asked before the proof"):
            self._check(plain, user)
        self._prove(caller, user, plain, current=current, code=code)
        if new is not None:
            self._check(plain, user)
        if len(plain.encode()) > 72:
            raise Refused(500, "COMMAND-CahN2", "An internal error occurred")
        user.update(password=plain, required=bool(new and new.get("changeRequired")))
        if self.broken("it is forgotten that another password is required"):
            user["required"] = False
        if not self.broken("a change leaves the count"):
            user["failures"] = 0
        keeps = (self.broken("a code can be used twice") and code is not None) or (
            self.broken("a change with the current password leaves the code") and current is not None
        )
        if not keeps:
            user["codes"] = []
        if not self.broken("a session opens everything after a change of the password"):
            for session in self.sessions.values():
                session["checked"] = None if session["user"] == user["id"] else session["checked"]
        answer = {"details": self._event(user)}
        self._send(user, {"to": user["login"], "subject": "Password of user has changed", "text": "It has changed."})
        return {**answer, "password": plain} if self.broken("an answer repeats the password") else answer

    def _changeable(self, user_id: str) -> dict[str, Any]:
        user = self.users.get(user_id)
        if user is None or not user["human"]:
            raise _precondition("COMMAND-G8dh3", "Password not found")
        if user["state"] == "initial" and not self.broken("a new user can change the password"):
            raise _precondition("COMMAND-M9dse", "User is not yet initialized")
        return user

    def _prove(
        self, caller: dict[str, Any], user: dict[str, Any], plain: str, *, current: str | None, code: str | None
    ) -> None:
        without = (current is None and code is None) or self.broken("a proof needs the permission, too")
        if without and not self.broken("nobody needs a permission to set a password"):
            self.need(caller, WRITERS, user["org"])
        if code is not None:
            self._prove_code(user, code)
        if current is not None:
            self._prove_current(user, current, plain)

    def _send(self, user: dict[str, Any], mail: dict[str, str]) -> None:
        """Send a mail, which is an event of its own."""
        self.mails.append(mail)
        user["sequence"] += 1

    def _event(self, user: dict[str, Any]) -> dict[str, Any]:
        user["sequence"] += 1
        return {"sequence": str(user["sequence"]), "changeDate": _date(self.now), "resourceOwner": user["org"]}

    def _prove_code(self, user: dict[str, Any], given: str) -> None:
        if not user["codes"]:
            raise _precondition("COMMAND-2M9fs", "Code not found")
        lasts = (2 if self.broken("a code is good for two hours") else 1) * HOUR
        code, issued = user["codes"][-1]
        if self.now >= issued + lasts:
            raise _precondition("CODE-QvUQ4P", "Code is expired")
        older = [one for one, _ in user["codes"]] if self.broken("an older code is good") else []
        if given != code and given not in older:
            if self.broken("a wrong code uses up the right one"):
                user["codes"] = []
            raise Refused(400, "CODE-woT0xc", "Code is invalid")

    def _prove_current(self, user: dict[str, Any], given: str, new: str) -> None:
        if user["state"] == "locked":
            raise self._locked(user)
        if user["password"] is None:
            raise _precondition("COMMAND-3nJ4t", "User has not set a password")
        if given == new and not self.broken("equal passwords are accepted"):
            self._fail(user)
            raise Refused(500, "COMMAND-CahN2", "An internal error occurred")
        if given != user["password"] and not self.broken("the current password is not compared"):
            if not self.broken("wrong current passwords are not counted"):
                self._fail(user)
            raise Refused(400, "COMMAND-3M0fs", "Password is invalid", attempts=user["failures"])
        if len(new.encode()) > 72:
            raise Refused(500, "COMMAND-CahN2", "An internal error occurred")

    def _locked(self, user: dict[str, Any]) -> Refused:
        return Refused(400, "COMMAND-JLK35", "Errors.User.Locked", grpc=9, attempts=user["failures"])

    def _fail(self, user: dict[str, Any]) -> None:
        user["failures"] += 1
        user["sequence"] += 1
        if user["org"] == SOUTH and user["failures"] >= 3 and user["state"] != "locked":
            user["state"] = "locked"
            user["sequence"] += 1
            user["shown"] = user["sequence"]

    def _check(self, plain: str, user: dict[str, Any]) -> None:
        strict = user["org"] == SOUTH and not self.broken("every organisation has the policy of the instance")
        size = len(plain) if self.broken("lengths are characters") else len(plain.encode())
        if size < (12 if strict else 8) - self.broken("seven bytes are enough"):
            raise Refused(400, "DOMAIN-HuJf6", "Password is too short")
        symbol = "" if strict or self.broken("no symbol is needed") else "[^A-Za-z0-9]"
        kinds = (("[a-z]", "co3Xw"), ("[A-Z]", "VoaRj"), ("[0-9]", "ZBv4H"), (symbol, "ZDLwA"))
        for pattern, code in kinds:
            if not re.search(pattern, plain):
                raise Refused(400, f"DOMAIN-{code}", "Password must contain something else")

    def password_reset(self, headers: Mapping[str, str], body: Any, user_id: str) -> Any:
        message = _message(body, "PasswordResetRequest", "medium", ("sendLink", "returnCode"))
        caller = self.enter(headers)
        _length("PasswordResetRequest.UserId", user_id, 200)
        link = message.get("sendLink") or {}
        template = link.get("urlTemplate")
        if template is not None:
            _length("PasswordResetRequest.SendLink", template, 200)
            self._read_template(template)
        user = self.users.get(user_id)
        if self.broken("the permission is asked before the user") and caller["id"] != user_id:
            self.need(caller, WRITERS, NORTH if user is None else user["org"])
        if user is None or not user["human"]:
            raise Refused(404, "COMMAND-SAF4f", "User could not be found")
        if user["state"] == "initial":
            raise _precondition("COMMAND-Sfe4g", "User is not yet initialized")
        if caller["id"] != user_id:
            self.need(caller, WRITERS, user["org"])
        code = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ2345678") for _ in range(6))
        user["codes"].append((code, self.now))
        answer: dict[str, Any] = {"details": self._event(user)}
        if "returnCode" in message or self.broken("the code is always in the answer"):
            answer["verificationCode"] = code
        if "returnCode" not in message:
            fields = {"UserID": user["id"], "Code": code, "OrgID": user["org"]}
            place = f"https://login.other.example/ui/v2/login/password/set?code={code}&userId={user['id']}"
            place += f"&organization={user['org']}"
            if template is not None:
                bare = re.sub(r"{{/\*.*?\*/}}|\s*(?={{-)|(?<=-}})\s*", "", template)
                place = re.sub(r"{{[^{}.]*\.(\w+)[^{}]*}}", lambda found: fields[found[1]], bare)
            to = user["login"] if link.get("notificationType") not in ("NOTIFICATION_TYPE_SMS", 2) else ""
            self._send(user, {"to": to, "subject": "Reset password", "text": f"Code {code}: {place} ."})
        return answer

    def _read_template(self, template: str) -> None:
        if re.sub(r"{{[^{}]+}}|}}", "", template).count("{{") or "{{}}" in template or "nonsense" in template:
            if not self.broken("an unreadable template is accepted"):
                raise Refused(400, "DOMAIN-oGh5e", "URL Template is invalid")
        elif re.search(r"{{\s*\.(?!(UserID|Code|OrgID)\b[^.])", template):
            raise Refused(400, "DOMAIN-ieYa7", "URL Template is invalid")

    def read_user(self, headers: Mapping[str, str], _body: Any, user_id: str) -> Any:
        caller = self.enter(headers)
        _length("GetUserByIDRequest.UserId", user_id, 200)
        user = self.users.get(user_id)
        if user is None:
            raise Refused(404, "QUERY-Dfbg2", "User could not be found")
        if caller is not user and not (caller["roles"] and self.broken("whoever has a role reads every user")):
            self.need(caller, READERS | {"PROJECT_OWNER"}, user["org"])
            if caller["roles"] == ["PROJECT_OWNER"]:
                raise Refused(403, "AUTH-Swrgg2", "No matching permissions found")
        details = {"sequence": str(user["shown"]), "changeDate": _date(self.now), "resourceOwner": user["org"]}
        shown = {
            "userId": user["id"],
            "details": details,
            "state": f"USER_STATE_{user['state'].upper()}",
            "username": user["login"],
            "loginNames": [user["login"]],
            "preferredLoginName": user["login"],
        }
        if not user["human"]:
            return {"details": details, "user": {**shown, "machine": {"name": user["role"], "hasSecret": True}}}
        human: dict[str, Any] = {"profile": {}, "email": {}, "phone": {}}
        if user["required"]:
            human["passwordChangeRequired"] = True
        return {"details": details, "user": {**shown, "human": human}}

    # -- sessions

    def create_session(self, headers: Mapping[str, str], body: Any) -> Any:
        message = _session_message(body, "CreateSessionRequest")
        caller = self.enter(headers)
        _validate_session("CreateSessionRequest", message)
        self.number += 1
        session: dict[str, Any] = {
            "id": str(920000000000000000 + self.number),
            "user": None,
            "checked": None,
            "metadata": {},
            "agent": message.get("userAgent"),
            "until": None,
            "ended": False,
            "tokens": [],
            "creator": caller["id"],
            "born": self.now,
            "changed": self.now,
            "sequence": 1,
        }
        user = self._find(message)
        if not self.broken("everybody starts sessions") and not any(one.startswith("IAM") for one in caller["roles"]):
            raise Refused(404, "AUTHZ-cdgFk", "membership not found")
        self._apply(session, message, user)
        self.sessions[session["id"]] = session
        answer = {
            "details": self._details(session),
            "sessionId": session["id"],
            "sessionToken": session["tokens"][-1],
        }
        if "challenges" in message:
            answer["challenges"] = {}
        return {**answer, "state": "new"} if self.broken("an answer has a member more") else answer

    def _details(self, session: dict[str, Any]) -> dict[str, Any]:
        return {
            "sequence": str(session["sequence"]),
            "changeDate": _date(session["changed"]),
            "resourceOwner": INSTANCE,
        }

    def _find(self, message: Any) -> dict[str, Any] | None:
        named = ((message.get("checks") or {}).get("user")) or {}
        if not named:
            return None
        found = self.users.get(named.get("userId", ""))
        if "loginName" in named:
            found = next((one for one in self.users.values() if one["login"] == named["loginName"].lower()), None)
        if found is None:
            raise Refused(404, "QUERY-Dfbg2", "User could not be found")
        if found["state"] in ("locked", "inactive") and not self.broken("a locked user signs in"):
            raise _precondition("SESSION-Gj4ko", "Errors.User.NotActive")
        return found

    def _apply(self, session: dict[str, Any], message: Any, user: dict[str, Any] | None) -> None:
        """Do the checks, and note what has changed."""
        checks, changes = message.get("checks") or {}, 0
        if user is not None:
            if session["user"] not in (None, user["id"]) and not self.broken("a session changes its user"):
                refused = Refused(400, "", "user change not possible ()")
                kind = "type.googleapis.com/zitadel.v1.ErrorDetail"
                refused.body["details"] = [{"@type": kind, "message": "user change not possible"}]
                raise refused
            session["user"], session["seen"], changes = user["id"], self.now, 1
        if "password" in checks:
            self._check_password(self.users.get(session["user"] or ""), checks["password"].get("password", ""))
            session["checked"], changes = self.now, changes + 1
        if {"idpIntent", "totp"} & checks.keys() and session["user"] is None:
            raise _precondition("COMMAND-Sfw3f", "User ID missing")
        if "idpIntent" in checks:
            raise Refused(403, "CRYPTO-Swg31", "Intent Token is invalid")
        if "totp" in checks:
            raise _precondition("COMMAND-3Mif9s", "Multifactor OTP (OneTimePassword) isn't ready")
        if message.get("metadata") is not None:
            kept = {name: _base64(value) for name, value in message["metadata"].items() if value}
            changes += kept != session["metadata"] and not self.broken("a change of the metadata is not counted")
            session["metadata"] = {**session["metadata"], **kept} if self.broken("metadata are added") else kept
        if message.get("lifetime") is not None:
            session["until"], changes = self.now + float(message["lifetime"][:-1]), changes + 1
        if changes or not session["tokens"]:
            session["tokens"].append(secrets.token_urlsafe(32))
            session["sequence"], session["changed"] = session["sequence"] + changes + 1, self.now

    def _check_password(self, user: dict[str, Any] | None, given: str) -> None:
        if user is None:
            raise _precondition("COMMAND-Sfw3f", "User ID missing")
        if not user["human"]:
            raise _precondition("COMMAND-3n77z", "User could not be found")
        if user["password"] is None:
            raise _precondition("COMMAND-3nJ4t", "User has not set a password")
        if user["state"] == "locked" and not self.broken("the password of a locked user is compared"):
            raise self._locked(user)
        if given != user["password"]:
            if not self.broken("wrong passwords at sign-in lock nobody"):
                self._fail(user)
            raise Refused(400, "COMMAND-3M0fs", "Password is invalid", attempts=user["failures"])
        user["failures"] = 0
        user["sequence"] += 1

    def get_session(self, headers: Mapping[str, str], _body: Any, session_id: str, query: Any) -> Any:
        caller = self.enter(headers)
        _length("GetSessionRequest.SessionId", session_id, 200)
        token = query.get("sessionToken", query.get("session_token"))
        if token is not None:
            _length("GetSessionRequest.SessionToken", token, 200)
        session = self.sessions.get(session_id)
        if session is None or (session["ended"] and not self.broken("a session that has ended is read")):
            raise Refused(404, "QUERY-SFeaa", "Session does not exist")
        if token is not None:
            if token != session["tokens"][-1]:
                raise Refused(403, "QUERY-dsfr3", "Errors.PermissionDenied")
        elif not self.broken("everybody reads every session"):
            self._may(caller, session, WRITERS, creator=True)
        return {"session": self._shown(session)}

    def _may(self, caller: dict[str, Any], session: dict[str, Any], roles: set[str], *, creator: bool) -> None:
        if caller["id"] == session["user"] or (creator and caller["id"] == session["creator"]):
            return
        user = self.users.get(session["user"] or "")
        self.need(caller, roles, INSTANCE if user is None else user["org"])

    def _shown(self, session: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(session["user"] or "")
        shown: dict[str, Any] = {
            "id": session["id"],
            "creationDate": _date(session["born"]),
            "changeDate": _date(session["changed"]),
            "sequence": str(session["sequence"]),
        }
        if user is not None:
            shown["factors"] = {
                "user": {
                    "verifiedAt": _date(session["seen"]),
                    "id": user["id"],
                    "loginName": user["login"],
                    "displayName": user["role"],
                    "organizationId": user["org"],
                }
            }
            if session["checked"]:
                shown["factors"]["password"] = {"verifiedAt": _date(session["checked"])}
        if session["metadata"]:
            shown["metadata"] = session["metadata"]
        if session["agent"]:
            shown["userAgent"] = session["agent"]
        if session["until"] is not None:
            shown["expirationDate"] = _date(session["until"])
        return shown

    def set_session(self, headers: Mapping[str, str], body: Any, session_id: str) -> Any:
        message = _session_message(body, "SetSessionRequest")
        caller = self.enter(headers)
        _length("SetSessionRequest.SessionId", session_id, 200)
        _validate_session("SetSessionRequest", message)
        session, user = self.sessions.get(session_id), self._find(message)
        holder = None if session is None else self.users.get(session["user"] or "")
        self.need(caller, SESSION_WRITERS, INSTANCE if holder is None else holder["org"])
        if session is None:
            if "password" in (message.get("checks") or {}):
                raise _precondition("COMMAND-Sfw3f", "User ID missing")
            return {"details": {}}
        if session["ended"] and not self.broken("a session that has ended is changed"):
            raise _precondition("COMMAND-Hewfq", "Session already terminated")
        if self._is_over(session):
            raise _precondition("COMMAND-Hkl3d", "Session has expired")
        before = len(session["tokens"])
        self._apply(session, message, user)
        answer = {"details": self._details(session)}
        return answer if len(session["tokens"]) == before else {**answer, "sessionToken": session["tokens"][-1]}

    def delete_session(self, headers: Mapping[str, str], body: Any, session_id: str) -> Any:
        message = _message(body, "DeleteSessionRequest")
        caller = self.enter(headers)
        _length("DeleteSessionRequest.SessionId", session_id, 200)
        session, token = self.sessions.get(session_id), message.get("sessionToken")
        if session is None:
            self.need(caller, WRITERS, INSTANCE)
            return {"details": {}}
        if token is not None and token != session["tokens"][-1]:
            if any(token in one["tokens"] for one in self.sessions.values()):
                raise Refused(403, "COMMAND-sGr42", "Session Token is invalid")
            raise Refused(400, "COMMAND-hi6Ph", "Session Token is invalid")
        if token is None and not self.broken("everybody ends every session"):
            self._may(caller, session, WRITERS, creator=False)
        if not session["ended"]:
            session.update(ended=True, sequence=session["sequence"] + 1, changed=self.now)
        return {"details": self._details(session)}

    def list_sessions(self, headers: Mapping[str, str], body: Any) -> Any:
        message = _message(body, "ListSessionsRequest")
        if any(len(one) > 1 for one in message.get("queries", [])):
            raise _unreadable(
                "proto: (line 1:1): error parsing, oneof zitadel.session.v2.SearchQuery.query is already set"
            )
        caller, queries, page = self.enter(headers), message.get("queries", []), message.get("query", {})
        if any(not one for one in queries):
            raise _invalid("ListSessionsRequest.Queries[0]", "embedded message failed validation")
        wanted = [one["idsQuery"]["ids"] for one in queries if "idsQuery" in one]
        live = [one for one in self.sessions.values() if not one["ended"] and all(one["id"] in ids for ids in wanted)]
        live.sort(key=lambda one: one["born"], reverse=not page.get("asc", False))
        cut = live[int(page.get("offset", 0)) :][: int(page.get("limit", 0)) or None]
        details = {"timestamp": _date(self.now), **({"totalResult": str(len(live))} if cut else {})}
        shown = [self._shown(one) for one in cut if self._is_visible(caller, one)]
        return {"details": details, **({"sessions": shown} if shown else {})}

    def _is_visible(self, caller: dict[str, Any], session: dict[str, Any]) -> bool:
        try:
            self._may(caller, session, WRITERS, creator=True)
        except Refused:
            return self.broken("everybody sees every session in a list")
        return True


def _date(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _base64(text: str) -> str:
    return base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4))).decode()


def _invalid(place: str, what: str) -> Refused:
    return Refused(400, "", f"invalid {place}: {what}")


def _length(place: str, text: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise _invalid(place, f"value length must be between 1 and {most} runes, inclusive")


def _validate_passwords(new: Any, current: str | None, code: str | None) -> None:
    if new is not None:
        _length("SetPasswordRequest.NewPassword", new.get("password", ""), 200)
    for name, value, most in (("CurrentPassword", current, 200), ("VerificationCode", code, 20)):
        if value is not None:
            _length(f"SetPasswordRequest.{name}", value, most)
    if new is None and (current is not None or code is not None):
        raise Refused(400, "COMMAND-3M0fs" if code is None else "COMMAND-Mf0sd", "Password is empty")


def _unreadable(text: str, status: int = 400, grpc: int = 3) -> Refused:
    refused = Refused(status, "", text, grpc=grpc)
    refused.by_gateway = True
    return refused


_TEXTS = {"currentPassword", "verificationCode", "password", "urlTemplate", "sessionToken", "userId", "loginName"}


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        camel = re.sub("_([a-z])", lambda one: one[1].upper(), name)
        if camel in found:
            raise _unreadable(f'proto: (line 1:1): duplicate field "{name}"')
        found[camel] = value
    return found


def _message(body: bytes, name: str, group: str = "", members: tuple[str, ...] = ()) -> dict[str, Any]:
    """Read a message in JSON."""
    try:
        found = json.loads(body, object_pairs_hook=_pairs) if body.strip() else {}
    except ValueError:
        raise _unreadable("unexpected EOF") from None
    if not isinstance(found, dict):
        raise _unreadable("proto: syntax error (line 1:1): unexpected token [")
    found = _clean(found)
    if sum(one in found for one in members) > 1:
        raise _unreadable(f"proto: (line 1:1): error parsing, oneof zitadel.user.v2.{name}.{group} is already set")
    return found


def _is_small_integer(value: Any) -> bool:
    return not isinstance(value, bool) and value == int(value) and -(2**31) <= value < 2**31


def _clean(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is null, and refuse values of other types."""
    for name, member in value.items():
        if name in _TEXTS and member is not None and not isinstance(member, str | dict):
            raise _unreadable(f"proto: (line 1:1): invalid value for string field {name}: ***")
        if name == "limit" and isinstance(member, bool):
            raise _unreadable("proto: (line 1:1): invalid value for uint32 field limit: true")
        if name == "notificationType" and not (isinstance(member, str) or _is_small_integer(member)):
            raise _unreadable("proto: (line 1:1): invalid value for enum field notificationType: ***")
    return {
        name: _clean(member) if isinstance(member, dict) else member
        for name, member in value.items()
        if member is not None
    }


def _session_message(body: bytes, name: str) -> dict[str, Any]:
    found = _message(body, name)
    if len(set((found.get("checks") or {}).get("user", {})) & {"userId", "loginName"}) > 1:
        raise _unreadable("proto: (line 1:1): error parsing, oneof zitadel.session.v2.CheckUser.search is already set")
    lifetime, metadata = found.get("lifetime", "1s"), found.get("metadata", {})
    if not isinstance(lifetime, str) or not isinstance(metadata, dict):
        raise _unreadable("proto: syntax error (line 1:13): unexpected token ***")
    if not re.fullmatch(r"-?\d+(\.\d+)?s", lifetime) or abs(float(lifetime[:-1])) > 315_576_000_000:
        raise _unreadable('proto: (line 1:13): invalid google.protobuf.Duration value "***"')
    for value in metadata.values():
        if not isinstance(value, str) or not re.fullmatch("[A-Za-z0-9+/=_-]*", value):
            raise _unreadable("proto: (line 1:18): invalid value for bytes field value: ***")
    return found


def _validate_session(name: str, message: dict[str, Any]) -> None:
    checks = message.get("checks") or {}
    if "user" in checks and not set(checks["user"]) & {"userId", "loginName"}:
        raise _invalid(f"{name}.Checks", "embedded message failed validation")
    for text in (checks.get("user") or {}).values():
        _length(f"{name}.Checks", text, 200)
    if "password" in checks:
        _length(f"{name}.Checks", checks["password"].get("password", ""), 200)
    if "lifetime" in message and float(message["lifetime"][:-1]) <= 0:
        raise _invalid(f"{name}.Lifetime", "value must be greater than 0s")


def _check_gateway(headers: Mapping[str, str]) -> None:
    timeout, binary = headers.get("grpc-timeout"), headers.get("grpc-metadata-foo-bin")
    if timeout is not None and not re.fullmatch("[0-9]{1,8}[HMSmun]", timeout):
        raise _unreadable("invalid grpc-timeout: ***")
    if timeout is not None and timeout[-1] in "un":
        raise _unreadable("context deadline exceeded", 504, 4)
    if binary is not None and "%" in binary:
        raise _unreadable("invalid binary header Grpc-Metadata-Foo-Bin: illegal base64 data")


ROUTES: list[tuple[str, str, str]] = [
    ("POST", r"/v2/users/([^/]+)/password", "set_password"),
    ("POST", r"/v2/users/([^/]+)/password_reset", "password_reset"),
    ("GET", r"/v2/users/([^/]+)", "read_user"),
    ("POST", r"/v2/sessions", "create_session"),
    ("POST", r"/v2/sessions/search", "list_sessions"),
    ("GET", r"/v2/sessions/([^/]+)", "get_session"),
    ("PATCH", r"/v2/sessions/([^/]+)", "set_session"),
    ("DELETE", r"/v2/sessions/([^/]+)", "delete_session"),
]


class ZitadelHandler(Handler):
    """HTTP around a `Zitadel`."""

    zitadel: Zitadel

    def route(self, raw: bytes) -> None:
        """Answer an operation or a hook."""
        zitadel, address = self.zitadel, urlsplit(self.path)
        if address.path == "/test/reset":
            zitadel.reset()
            return self._answer(200, {})
        if address.path == "/test/clock":
            zitadel.ahead += json.loads(raw)["advance"]
            return self._answer(200, {})
        if address.path == "/test/mails":
            return self._answer(200, {"sent": zitadel.mails})
        for method, pattern, name in ROUTES:
            found = re.fullmatch(pattern, address.path)
            if found and method == self.command:
                operation = getattr(zitadel, name)
                groups: list[Any] = [unquote(one) for one in found.groups()]
                if name == "get_session":
                    query = parse_qs(address.query, keep_blank_values=True)
                    groups.append({key: values[0] for key, values in query.items()})
                return self._operate(operation, raw, groups, status=201 if name == "create_session" else 200)
        return self._answer(404, {"code": 5, "message": "Not Found"})

    def _operate(self, operation: Callable[..., Any], raw: bytes, groups: list[Any], *, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            _check_gateway(headers)
            return self._answer(status, operation(headers, raw, *groups))
        except Refused as refused:
            body = refused.body
            if refused.by_gateway:
                return self._answer(refused.status, body, by_gateway=True)
            if self.zitadel.broken("a refusal has no details"):
                body = {name: value for name, value in body.items() if name != "details"}
            return self._answer(refused.status, body)

    def _answer(self, status: int, body: Any, *, by_gateway: bool = False) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name in ("X-Robots-Tag", "Vary"):
            self.send_header(name, "none")
        if not by_gateway:
            self.send_header("Grpcgateway-Content-Type", "application/grpc")
            self.send_header("Grpcgateway-Date", "today")
        if status < 300:
            for name in ("Grpcgateway-Cache-Control", "Grpcgateway-Pragma", "Set-Cookie"):
                self.send_header(name, "a=b")
        self.send_header("Content-Length", str(len(content)))
        if status == 401:
            self.send_header("WWW-Authenticate", body["message"])
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving_other_zitadel() -> Iterator[tuple[str, Zitadel]]:
    """Serve it on a free port; gives the address and the state, whose ``defect`` can be set."""
    zitadel = Zitadel()
    with serving(ZitadelHandler, zitadel=zitadel, lock=threading.Lock()) as url:
        yield url, zitadel


def write_bindings() -> str:
    """Write the bindings of this server, as its owner would."""
    absent: tuple[str, ...] = (
        "*_v2beta",
        "*lock_user",
        "*activate_user",
        "delete_user",
        "list_users",
        "get_*_settings",
    )
    absent += ("token*", "openid_configuration*", "keys", "healthz", "ready")
    lines = ["[server]", "failed_log_ins = 50", f"lacks = {json.dumps(absent)}"]
    for role, identifier, kind, *_, password in ROWS:
        lines += [f"[people.{role}]", f'id = "{identifier}"']
        if kind == "service":
            lines.append(f'token = "token-of-{role}"')
        else:
            lines.append(f'login = "{role}@other.example"')
            lines += [] if password == "-" else [f'password = "{password}"']
    return "\n".join(
        [
            *lines,
            *HOOKS,
            'list = "/sent"',
            "[settings]",
            'zitadel_profile = "v4.6"',
        ]
    )
