"""
Requests that succeed, and faults to put into them: what the tests of the order of checks consist of.

An attempt is a request with the records that it depends on, so faults in the caller, the user, the token,
the headers and the body can be combined freely.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.conftest import START, Api, Response
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.sandbox import Sandbox
from watchword.system.seed_data import Person
from watchword.systems.zitadel.records import (
    AccessToken,
    Membership,
    Session,
    User,
    UserKind,
    UserState,
    VerificationCode,
)

ACME = "69629023906488334"
CURRENT, NEW = "V3ryS3cure!", "Fr3shly-Ch0sen!"
CODE = "ABCDEF"
TOKEN = "watchword-token-of-an-attempt"
OTHER_KEY = RSAKey.generate_key(2048, auto_kid=False)
_HASHER = Hasher(Profile.FAST)


def _caller() -> User:
    return User("810000000000000001", "caller@mouse.example", ACME, memberships=(Membership(("ORG_OWNER",), ACME),))


def _target() -> User:
    code = VerificationCode(digest(CODE), START + timedelta(hours=1))
    password_hash = _HASHER.candidate(Secret(CURRENT)).make_hash(salt=b"0123456789abcdef")
    return User("810000000000000002", "target@mouse.example", ACME, password_hash=password_hash, code=code)


@dataclass
class Attempt:
    """
    A request with a token.

    Args:
        operation: The part of its id after the dot.
        target: The user in the path or in the body.
        repeated: Whether every member of the body is sent twice.
        equal: Whether the current password is sent as the new one.
        login: The login name in the body; None for the target's.
        session: The session in the path; its user may also be named in the body.
        query: The query string.
        prefix: What stands in the header before the word Bearer.
    """

    operation: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    caller: User = field(default_factory=_caller)
    target: User = field(default_factory=_target)
    token: AccessToken = field(default_factory=lambda: AccessToken(digest(TOKEN), _caller().id))
    session: Session | None = None
    prefix: str = ""
    repeated: bool = False
    equal: bool = False
    login: str | None = None
    query: str = ""

    def send(self, api: Api, sandbox: Sandbox) -> Response:
        """Write the records into *sandbox*, and send the request."""
        put(sandbox, self.caller, self.target, self.token, *([self.session] if self.session else []))
        sandbox.change_settings({"zitadel": self.settings})
        method, path = _route(api, self.operation)
        headers = {**self.headers, "authorization": f"{self.prefix}Bearer {TOKEN}"}
        session = self.session.id if self.session else ""
        path = path.replace("{userId}", self.target.id).replace("{sessionId}", session)
        query = f"?{self.query.removeprefix('?')}" if self.query else ""
        content = b"" if method == "GET" else self._content()
        return api.request(method, f"{path}{query}", content=content, headers=headers)

    def _content(self) -> bytes:
        body = dict(self.body)
        if self.equal:
            body["currentPassword"] = body["newPassword"]["password"]
        if "checks" in body and "user" not in body["checks"] and self.session is None:
            user = {"loginName": self.login or self.target.login_name}
            body["checks"] = {**body["checks"], "user": user}
        text = orjson.dumps(body)
        return text[:-1] + b"," + text[1:] if self.repeated else text


@dataclass
class TokenAttempt:
    """
    A request for a token by the seed machine.

    Args:
        operation: With GET the fields are in the query.
        machine: The seed person.
        claims: What the assertion claims in the place of what is right; None to send client credentials.
        key: What the assertion is signed with.
        active: Whether the machine's user is active.
    """

    operation: str
    machine: Person
    form: dict[str, str | None] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] | None = None
    key: RSAKey | None = None
    active: bool = True

    def send(self, api: Api, sandbox: Sandbox) -> Response:
        """Write the records into *sandbox*, and send the request."""
        user = sandbox.store.transaction().get(User, self.machine.id)
        assert user is not None
        put(sandbox, replace(user, state=UserState.ACTIVE if self.active else UserState.INACTIVE))
        headers = {"host": "sso.example", "content-type": "application/x-www-form-urlencoded", **self.headers}
        fields = {"scope": "openid", **self._proof(), **self.form}
        form = urlencode({name: value for name, value in fields.items() if value is not None})
        method, path = _route(api, self.operation)
        if method == "GET":
            return api.request(method, f"{path}?{form}", headers=headers)
        return api.request(method, path, content=form.encode(), headers=headers)

    def _proof(self) -> Mapping[str, str]:
        own = self.machine.credentials
        if self.claims is None:
            credentials = {"client_id": own["clientId"], "client_secret": own["clientSecret"]}
            return {"grant_type": "client_credentials", **credentials}
        now = int(START.timestamp())
        right = {"iss": self.machine.id, "sub": self.machine.id, "aud": "http://sso.example"}
        claims = {**right, "iat": now, "exp": now + 60, **self.claims}
        header = {"alg": "RS256", "kid": own["key"]["keyId"]}
        assertion = jwt.encode(header, claims, self.key or RSAKey.import_key(own["key"]["key"]))
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}


def put(sandbox: Sandbox, *records: Any) -> None:
    """Write *records* into *sandbox*."""
    transaction = sandbox.store.transaction()
    for record in records:
        transaction.put(record)
    assert transaction.commit()


def _route(api: Api, operation: str) -> tuple[str, str]:
    described = api.built.imitated.document.operations[f"zitadel.{operation}"]
    return described.method, described.path


@dataclass(frozen=True)
class Fault:
    """
    One thing that is wrong with an attempt.

    Args:
        rule: The id of the rule that refuses it.
        message: A part of the answer's message.
        apply: Puts the fault into an attempt.
        excludes: The names of later faults that an attempt with this one cannot have, and why in a comment.
    """

    name: str
    rule: str
    message: str
    apply: Callable[[Any], None]
    excludes: frozenset[str] = frozenset()


def repeat_members(attempt: Attempt) -> None:
    """Send every member of the body twice."""
    attempt.repeated = True


def send_unreadable_timeout(attempt: Attempt) -> None:
    """Send a timeout without a unit."""
    attempt.headers["grpc-timeout"] = "1"


def send_unreadable_metadata(attempt: Attempt) -> None:
    """Send binary metadata that is not base64."""
    attempt.headers["grpc-metadata-foo-bin"] = "%%"


def send_unprintable_header(attempt: Attempt) -> None:
    """Send a header that the gateway cannot pass on, with the same token."""
    attempt.prefix = "\xfc "


def deactivate_caller(attempt: Attempt) -> None:
    """Deactivate the caller, whose token belongs to no session."""
    attempt.caller = replace(attempt.caller, state=UserState.INACTIVE)


def end_session_of_token(attempt: Attempt) -> None:
    """Make the token one of a session that has ended."""
    attempt.token = replace(attempt.token, session_id="1")


def expire_token(attempt: Attempt) -> None:
    """Let the token expire now."""
    attempt.token = replace(attempt.token, expires_at=START)


def name_unknown_organisation(attempt: Attempt) -> None:
    """Name an unknown organisation in the header."""
    attempt.headers["x-zitadel-orgid"] = "unknown"


def call_from_another_origin(attempt: Attempt) -> None:
    """Call from an origin that the application of the token does not have."""
    attempt.token = replace(attempt.token, origins=("https://shop.example",))
    attempt.headers["origin"] = "https://evil.example"


def lengthen_id(attempt: Attempt) -> None:
    """Give the session, or else the user, an id that is too long."""
    if attempt.session is not None:
        attempt.session = replace(attempt.session, id="8" * 201)
        return
    attempt.target = replace(attempt.target, id="8" * 201)


def lengthen_login(attempt: Attempt) -> None:
    """Give the user a login name that is too long."""
    attempt.target = replace(attempt.target, login_name="x" * 201)


def change_session(**fields: Any) -> Callable[[Attempt], None]:
    """Make a fault in the record of the session."""

    def apply(attempt: Attempt) -> None:
        assert attempt.session is not None
        attempt.session = replace(attempt.session, **fields)

    return apply


def add_checks(**checks: Any) -> Callable[[Attempt], None]:
    """Want more to be checked, or something else."""
    return lambda attempt: attempt.body["checks"].update(checks)


def change_target(**fields: Any) -> Callable[[Attempt], None]:
    """Make a fault in the record of the user."""

    def apply(attempt: Attempt) -> None:
        attempt.target = replace(attempt.target, **fields)

    return apply


def change_code(**fields: Any) -> Callable[[Attempt], None]:
    """Make a fault in the outstanding code of the user."""

    def apply(attempt: Attempt) -> None:
        assert attempt.target.code is not None
        attempt.target = replace(attempt.target, code=replace(attempt.target.code, **fields))

    return apply


def remove_roles(attempt: Attempt) -> None:
    """Take all roles from the caller."""
    attempt.caller = replace(attempt.caller, memberships=())


def omit_new_password(attempt: Attempt) -> None:
    """Send no new password."""
    del attempt.body["newPassword"]


def violate_policy(attempt: Attempt) -> None:
    """Choose a new password without upper-case letters."""
    attempt.body["newPassword"] = {"password": attempt.body["newPassword"]["password"].lower()}


def exceed_hash_limit(attempt: Attempt) -> None:
    """Choose a new password that is too long for bcrypt."""
    attempt.body["newPassword"] = {"password": attempt.body["newPassword"]["password"] + "x" * 72}


def send_equal_passwords(attempt: Attempt) -> None:
    """Send the new password as the current one too."""
    attempt.equal = True


MACHINE = change_target(kind=UserKind.MACHINE)
INITIAL = change_target(state=UserState.INITIAL)
LOCKED = change_target(state=UserState.LOCKED)
NO_PASSWORD = change_target(password_hash=None)
