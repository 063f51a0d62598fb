"""The operations that hostile requests are sent to: for each system some that read passwords."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import orjson
import pytest

from tests.hostile.wire import Header, Reply, whole

CANARY = "Kanarienvogel-7531!"
"""The secret in hostile requests; the server must never repeat it."""
JSON: Header = ("Content-Type", "application/json")

ACCEPTED, REFUSED = "accepted", "refused"
"""Either the body was read, and the target answers as to an unknown password; or the body could not be read."""


@dataclass(frozen=True)
class Target:
    """
    One operation.

    Args:
        person: Whose headers are sent and whose id is in the path; empty for neither.
        document: The body, with ``SLOT`` in the place of the secret.
        accepted: The status if the secret is any text.
        marker: A text that only that answer has, and no answer to an unreadable body; empty if it has no body.
        is_own_error: Whether an error has the format of the system's errors.
    """

    system: str
    person: str
    method: str
    path: str
    document: bytes
    accepted: int
    marker: bytes
    is_own_error: Callable[[Reply], bool]

    def body(self, literal: bytes = orjson.dumps(CANARY)) -> bytes:
        """Write the body with *literal* in the place of the secret."""
        return self.document.replace(b"SLOT", literal)

    def agrees(self, reply: Reply, expected: str | int) -> bool:
        """Whether *reply* is *expected*: by status or outcome, and by the system's format if it is an error."""
        understood = expected == ACCEPTED
        status = self.accepted if understood else 400 if expected == REFUSED else expected
        if reply.status != status or (self.marker in reply.body) is not (understood or not self.marker):
            return False
        return reply.status < 400 or self.is_own_error(reply)


@dataclass(frozen=True)
class Sender:
    """
    Writes requests with the credentials of seed people.

    Args:
        ids: The ids of the seed people, by system and name.
        headers: The headers of the seed people, by system and name.
    """

    ids: Mapping[tuple[str, str], str]
    headers: Mapping[tuple[str, str], Mapping[str, str]]

    def path(self, target: Target) -> str:
        """Write the path of *target*, with the id of its person."""
        return target.path.replace("ID", self.ids.get((target.system, target.person), ""))

    def credentials(self, target: Target) -> list[Header]:
        """List the headers that authenticate its person."""
        return list(self.headers.get((target.system, target.person), {}).items())

    def request(self, target: Target, body: bytes, headers: Iterable[Header] = (JSON,)) -> bytes:
        """Write a request to *target* with credentials and *headers*."""
        return whole(target.method, self.path(target), [*self.credentials(target), *headers], body)


def _weavr(reply: Reply) -> bool:
    return not reply.body or bool({"message", "errorCode"} & set(reply.json))


def _zitadel(reply: Reply) -> bool:
    return isinstance(reply.json["code"], int) and isinstance(reply.json["message"], str)


def _entrust(reply: Reply) -> bool:
    return {"errorCode", "errorMessage"} <= set(reply.json)


def problem(reply: Reply) -> bool:
    """Whether *reply* is an error of the server itself, a problem document (RFC 9457)."""
    return reply.headers["content-type"] == "application/problem+json" and reply.json["status"] == reply.status


UPDATE = Target(
    "weavr_multi",
    "ada",
    "POST",
    "/multi/passwords/update",
    b'{"oldPassword":{"value":SLOT},"newPassword":{"value":"Lantern-8-moss"}}',
    409,
    b"PASSWORD_INCORRECT",
    _weavr,
)
LOG_IN = Target(
    "weavr_multi",
    "ada",
    "POST",
    "/login_with_password",
    b'{"email":"nobody@multi.example","password":{"value":SLOT}}',
    403,
    b"",
    _weavr,
)
RESUME = Target(
    "weavr_payment_run",
    "bruno",
    "POST",
    "/v1/passwords/lost_password/resume",
    b'{"email":"bruno@buyers.example","nonce":"654321","newPassword":{"value":SLOT}}',
    409,
    b"INVALID_NONCE_OR_EMAIL",
    _weavr,
)
SET = Target(
    "zitadel",
    "mini",
    "POST",
    "/v2/users/ID/password",
    b'{"newPassword":{"password":"Lantern-8-moss"},"currentPassword":SLOT}',
    400,
    b"Password is invalid",
    _zitadel,
)
SESSION = Target(
    "zitadel",
    "mini",
    "POST",
    "/v2/sessions",
    b'{"checks":{"user":{"loginName":"mini@mouse.example"},"password":{"password":SLOT}}}',
    400,
    b"Password is invalid",
    _zitadel,
)
VALIDATE = Target(
    "entrust",
    "ada",
    "POST",
    "/api/web/v1/users/ID/password/validate",
    b'{"password":SLOT}',
    200,
    b"userPasswordStrength",
    _entrust,
)
IMPORT = Target(
    "entrust",
    "ada",
    "PUT",
    "/api/web/v1/users/ID/passwords",
    b'{"passwordFormat":"BCRYPT","emailPassword":false,"password":SLOT}',
    400,
    b"invalid_bcrypt_hash",
    _entrust,
)
SETTINGS = Target(
    "admin",
    "",
    "PATCH",
    "/__admin/settings",
    # Any text is understood, and then the lengths contradict each other.
    b'{"weavr_multi":{"deactivated":[SLOT]},"entrust":{"password":{"minimum_length":20,"maximum_length":10}}}',
    409,
    b"contradiction",
    problem,
)

TARGETS = (UPDATE, LOG_IN, RESUME, SET, SESSION, VALIDATE, IMPORT, SETTINGS)

ONE_OF_EACH = (UPDATE, RESUME, SET, VALIDATE, SETTINGS)

every_target = pytest.mark.parametrize("target", [pytest.param(one, id=f"{one.system} {one.path}") for one in TARGETS])
one_of_each = pytest.mark.parametrize("target", [pytest.param(one, id=one.system) for one in ONE_OF_EACH])
