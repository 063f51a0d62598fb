"""
Answers that say no.

A system's own refusals are its catalogue (``systems/<name>/errors.py``).
The ones here are what any HTTP service may say before a rule is asked;
each system renders them in its own envelope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar


class Refusal(Exception):
    """
    Say no with a vendor's status and code.

    Args:
        message: A sentence for the envelope's text field, without any secret.
        headers: Headers that belong to this answer alone.
        delay: How long the real service keeps the caller waiting first.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = ""
    default_message: ClassVar[str] = ""

    def __init__(
        self,
        message: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        delay: timedelta = timedelta(0),
    ) -> None:
        self.message = message or self.default_message
        self.headers: dict[str, str] = dict(headers or {})
        self.delay = delay
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One way in which a request does not fit the document.

    Args:
        where: ``body``, ``path``, ``query`` or ``header``.
        path: Names from the outside in, the field itself last; array indexes as strings.
        kind: The JSON Schema keyword that was violated, or ``syntax``, ``duplicate``,
            ``media-type``, and ``null`` for a type that is violated by null.
        limit: The keyword's value in the document (a maximum, a pattern, a list of choices).
        detail: A sentence that never repeats the value.
    """

    where: str
    path: tuple[str, ...]
    kind: str
    limit: Any = None
    detail: str = ""


class Malformed(Refusal):
    """400. The request does not fit the document; all *violations* at once."""

    status, code = 400, "malformed"

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("; ".join(v.detail for v in violations))
        self.violations = tuple(violations)


class Unauthorized(Refusal):
    """401. No credentials, or none that are known."""

    status, code = 401, "unauthorized"


class UnknownPath(Refusal):
    """404. Nothing is served at this path; *known* lists what is nearest."""

    status, code = 404, "unknown-path"

    def __init__(self, method: str, path: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no {method} {path} here. Nearest: {', '.join(known) or 'nothing'}.")
        self.known = tuple(known)


class WrongMethod(Refusal):
    """405. The path exists, the method does not; *allowed* are those that do."""

    status, code = 405, "wrong-method"

    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        allow = ", ".join(allowed)
        super().__init__(f"{method} is not served at {path}. Allowed: {allow}.", headers={"Allow": allow})
        self.allowed = tuple(allowed)


class TooSlow(Refusal):
    """408. The body did not arrive within *seconds*; nobody waits on the connection for the rest of it."""

    status, code = 408, "too-slow"

    def __init__(self, seconds: float) -> None:
        text = f"The request body did not arrive within {seconds:g} seconds."
        super().__init__(text, headers={"Connection": "close"})
        self.seconds = seconds


class TooLarge(Refusal):
    """
    413. The body is longer than *limit* bytes.

    Args:
        unsent: The client waits for leave to send it (``Expect: 100-continue``). As it gets none, the
            connection has to end: its next request would be taken for the body.
    """

    status, code = 413, "too-large"

    def __init__(self, limit: int, *, unsent: bool = False) -> None:
        headers = {"Connection": "close"} if unsent else None
        super().__init__(f"The request body is longer than {limit} bytes.", headers=headers)
        self.limit = limit


class UnsupportedMediaType(Refusal):
    """
    415. The body is not in one of the *accepted* content types.

    Args:
        coded: It is compressed, says its ``Content-Encoding``, which RFC 9110, section 15.5.16, answers so too.
    """

    status, code = 415, "unsupported-media-type"

    def __init__(self, accepted: Sequence[str], *, coded: bool = False) -> None:
        accept = ", ".join(accepted)
        if coded:
            text = f"Compressed bodies are not served here. Send plain {accept} without Content-Encoding."
            super().__init__(text, headers={"Accept-Encoding": "identity"})
        else:
            super().__init__(f"The content type is not served here. Send {accept}.", headers={"Accept-Post": accept})
        self.accepted = tuple(accepted)


class TooManyRequests(Refusal):
    """
    429. More requests than a window allows.

    Args:
        exceeded: The number that was exceeded.
        limits: All limits in force as (requests, window).
        reset_after: When the next request is welcome.
    """

    status, code = 429, "too-many-requests"

    def __init__(self, exceeded: int, limits: Sequence[tuple[int, timedelta]], reset_after: timedelta) -> None:
        self.exceeded, self.limits = exceeded, tuple(limits)
        self.reset_seconds = max(1, -int(-reset_after.total_seconds() // 1))
        many = "1 request" if exceeded == 1 else f"{exceeded} requests"
        super().__init__(f"More than {many}; try again in {self.reset_seconds} seconds.")


class InternalFailure(Refusal):
    """500. A failure that was asked for by a setting, or our own bug; *reference* finds it in the log."""

    status, code = 500, "internal"

    def __init__(self, reference: str) -> None:
        super().__init__(f"Internal error, reference {reference}.")
        self.reference = reference


class Maintenance(Refusal):
    """503. The system is switched off for maintenance."""

    status, code = 503, "maintenance"
    default_message = "Temporarily offline for maintenance. Try again later."


class NotStored(Maintenance):
    """
    503. A change could not be written to the disk, so nothing was changed; reading goes on.

    Args:
        because: Half a sentence for people.
    """

    code = "not-stored"

    def __init__(self, because: str) -> None:
        super().__init__(f"Nothing was changed: {because}, so this server cannot store changes. Reading still works.")
