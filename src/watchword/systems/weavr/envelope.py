"""The envelopes that both products have in common, and how to find the codes in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from watchword.domain.refusal import (
    InternalFailure,
    Maintenance,
    Malformed,
    Refusal,
    TooManyRequests,
    Unauthorized,
    Violation,
)
from watchword.system import Answer
from watchword.systems.weavr.errors import (
    AccountLocked,
    Conflict,
    Forbidden,
    IdentityNotFound,
    InsufficientPermissions,
    LogInRefused,
    Missing,
    UserNotFound,
)

HINT = "Watchword-Hint"
INVALID = "Invalid request"
_BLANK = "must not be blank"
_REMEDY = "send a password, or a token that stands for one"
_HINT_LENGTH = 600
_KINDS = {
    "required": "REQUIRED",
    "null": "REQUIRED",
    "pattern": "REGEX",
    "format": "REGEX",
    "not-tokenised": "REGEX",
    "minLength": "SIZE",
    "maxLength": "SIZE",
    "enum": "NOT_IN",
    "minimum": "AT_LEAST",
    "maximum": "AT_MOST",
    "blank": "HAS_TEXT",
}
_ORDER = tuple(dict.fromkeys(_KINDS.values()))
_SILENT = (Unauthorized, Forbidden, AccountLocked, Maintenance, InternalFailure, IdentityNotFound)


def hint(text: str) -> dict[str, str]:
    """Make the header that explains an answer whose envelope has no room for a sentence."""
    line = " ".join(text.split())
    if not (line.isascii() and line.isprintable()):
        line = line.encode("ascii", "backslashreplace").decode()
    return {HINT: line[:_HINT_LENGTH]} if line else {}


def _without_body(_refusal: Refusal) -> None:
    return None


def render(
    refusal: Refusal,
    missing: Callable[[Refusal], Any],
    *,
    blank: Literal["sentence", "list"],
    login_refused: Callable[[Refusal], Any] = _without_body,
) -> Answer:
    """
    Put *refusal* into the vendor's envelope.

    Args:
        missing: Makes the product's body of 404 and 410.
        blank: How a 400 looks when blank passwords are the only violations.
        login_refused: Makes the product's body of a 403 at log-in.
    """
    body: Any = None
    headers = {**hint(refusal.message), **refusal.headers}
    if isinstance(refusal, Malformed):
        body = _malformed(refusal.violations, blank)
        meant = dict.fromkeys(f"{one.public_path} {one.detail}".strip() for one in map(_by_meaning, refusal.violations))
        headers = {**hint("; ".join(meant)), **refusal.headers}
    elif isinstance(refusal, TooManyRequests):
        headers |= _limits(refusal)
    elif isinstance(refusal, Conflict | InsufficientPermissions):
        body = {"errorCode": refusal.code}
    elif isinstance(refusal, Missing):
        body = missing(refusal)
    elif isinstance(refusal, LogInRefused):
        body = login_refused(refusal)
    elif not isinstance(refusal, _SILENT):
        body, headers = {"code": refusal.code.upper().replace("-", "_"), "message": refusal.message}, refusal.headers
    return Answer(refusal.status, body, headers, delay=refusal.delay)


def _limits(refusal: TooManyRequests) -> dict[str, str]:
    """Make the two headers of a 429. Source: documented, vendor page 'Create a password', 429."""
    windows = [f"{requests};w={int(window.total_seconds())}" for requests, window in refusal.limits]
    return {
        "x-ratelimit-limit": ", ".join((str(refusal.exceeded), *windows)),
        "x-ratelimit-reset": str(refusal.reset_seconds),
    }


def _malformed(violations: Sequence[Violation], blank: Literal["sentence", "list"]) -> dict[str, Any]:
    """
    Make the body of a 400.

    Source:
        Observed: blank passwords alone are answered by a message. Assumed from its name: HAS_TEXT in the list.
    """
    found = tuple(dict.fromkeys(map(_by_meaning, violations)))
    fields = [one for one in found if one.path and one.kind in _KINDS]
    unreadable = [one for one in found if one not in fields]
    message = f"{INVALID}: {'; '.join(map(_sentence, unreadable))}" if unreadable else INVALID
    if blank == "sentence" and found and all(one.kind == "blank" for one in found):
        return {"message": ", ".join(f"request.{'.'.join(one.path)}: {_BLANK}" for one in found)}
    body: dict[str, Any] = {"message": message}
    if fields:
        fields.sort(key=lambda one: _ORDER.index(_KINDS[one.kind]))
        body["syntaxErrors"] = {"invalidFields": [_field(one) for one in fields]}
    return body


def _by_meaning(violation: Violation) -> Violation:
    """Read the pattern of a password as its purpose, which is not to be blank, and an empty header as a missing one."""
    if violation.where == "header" and violation.kind == "minLength":
        return Violation("header", violation.path, "required", None, "is required")
    password = violation.where == "body" and violation.path[-1:] == ("value",)
    if password and violation.kind in ("pattern", "minLength"):
        return replace(violation, kind="blank", limit=None, detail=f"{_BLANK}: {_REMEDY}")
    return replace(violation, limit=None)


def _field(violation: Violation) -> dict[str, Any]:
    outer = violation.path[:-1] if violation.where == "body" else ()
    return {"params": list(outer), "fieldName": violation.path[-1], "error": _KINDS[violation.kind]}


def _sentence(violation: Violation) -> str:
    return f"{'.'.join(violation.path)} {violation.detail}".strip()


def code_of(status: int, body: Any) -> frozenset[str]:
    """Find the codes of an answer; if it has none, the name that the document gives to such an answer."""
    if status < 400 or body is None:
        return frozenset()
    if status == 409 and "token" in body:
        return frozenset({"PASSWORD_EXPIRED"})
    if status == 400:
        return frozenset(_syntax_codes(body))
    code = body.get("errorCode") or body.get("code")
    return frozenset({code or UserNotFound.code})


def _syntax_codes(body: Mapping[str, Any]) -> set[str]:
    codes = {field["error"] for field in body.get("syntaxErrors", {}).get("invalidFields", ())}
    message = body.get("message", INVALID)  # a refusal with a wrong status has none
    if message.endswith(_BLANK):
        codes.add("HAS_TEXT")
    elif message != INVALID:
        codes.add("UNREADABLE")
    return codes
