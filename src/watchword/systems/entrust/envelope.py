"""The envelope of every refusal: ErrorInfo."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from watchword.domain.refusal import (
    InternalFailure,
    Maintenance,
    Malformed,
    NotStored,
    Refusal,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthorized,
    UnknownPath,
    UnsupportedMediaType,
    Violation,
    WrongMethod,
)
from watchword.system import Answer
from watchword.systems.entrust.errors import AuthorizationRequired, EntrustRefusal
from watchword.systems.entrust.settings import Settings

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CODES: Mapping[type[Refusal], str] = {
    Unauthorized: AuthorizationRequired.code,
    UnknownPath: "path_not_found",
    WrongMethod: "method_not_allowed",
    TooSlow: "request_timeout",
    TooLarge: "request_too_large",
    UnsupportedMediaType: "unsupported_media_type",
    TooManyRequests: "too_many_requests",
    InternalFailure: "internal_error",
    Maintenance: "service_unavailable",
    NotStored: "service_unavailable",
}


def render(refusal: Refusal, _settings: Settings) -> Answer:
    """Put *refusal* into an ErrorInfo."""
    if isinstance(refusal, Malformed):
        return _malformed(refusal)
    parameters = refusal.parameters if isinstance(refusal, EntrustRefusal) else {}
    headers = dict(refusal.headers)
    if isinstance(refusal, TooManyRequests):
        headers["Retry-After"] = str(refusal.reset_seconds)
    code = _CODES.get(type(refusal), refusal.code)
    return Answer(refusal.status, _error_info(code, refusal.message, parameters.items()), headers)


def code_of(_status: int, body: Any) -> frozenset[str]:
    """Read the errorCode of an answer."""
    return frozenset((body["errorCode"],)) if isinstance(body, dict) and "errorCode" in body else frozenset()


def _malformed(refusal: Malformed) -> Answer:
    in_body = all(violation.where == "body" for violation in refusal.violations)
    code = "invalid_request_body" if in_body else "invalid_parameter"
    *others, last = (_sentence(violation) for violation in refusal.violations)
    message = " ".join([*(f"{other.removesuffix('.')}." for other in others), last])
    details = ((".".join(violation.path) or violation.where, violation.detail) for violation in refusal.violations)
    return Answer(refusal.status, _error_info(code, message, details))


def _sentence(violation: Violation) -> str:
    """Write *violation* as a sentence; "Application id cannot be null" is the vendor's published example of one."""
    if violation.detail.endswith("."):
        return violation.detail
    if violation.where != "body":
        return f"The {'.'.join(violation.path)} {violation.detail}."
    if not violation.path:
        return f"The body {violation.detail}."
    name = _HUMP.sub(" ", violation.path[-1]).capitalize()
    return f"{name} cannot be null" if violation.kind == "required" else f"{name} {violation.detail}."


def _error_info(code: str, message: str, parameters: Iterable[tuple[str, str]]) -> dict[str, Any]:
    info: dict[str, Any] = {"errorCode": code, "errorMessage": message}
    details = [{"name": name, "value": value} for name, value in parameters]
    if details:
        info["parameters"] = details
    return info
