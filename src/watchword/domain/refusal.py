"""
Refusals: the answers to requests that fail.

The refusals of a system are in its own catalogue (``systems/<name>/errors.py``). The ones here are general: any HTTP
service may give them before a rule is asked. Each system renders them in its own envelope.
"""

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

_STATUS = re.compile(r"[1-5]\d\d\b[^.]*\.\s*")


class Refusal(Exception):
    """
    Refuse a request with a vendor's status and code.

    Args:
        message: A sentence for the text field of the envelope, without secrets.
        headers: Headers of this answer only.
        delay: How long the real service waits before it gives this answer.
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

    @property
    def cause(self) -> str:
        """What was wrong with the request, in a sentence for people; empty if the class does not know it."""
        return self.message or described(type(self))


def described(kind: type[Refusal]) -> str:
    """Read what a refusal means out of its docstring: the first paragraph, without the status before it and markup."""
    paragraph = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
    return _STATUS.sub("", paragraph).replace("``", "")


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One way in which a request does not conform to the document.

    Args:
        where: ``body``, ``path``, ``query`` or ``header``.
        path: The names that lead to the field, outermost first, the field itself last; array indexes as strings.
        kind: The JSON Schema keyword that is violated; ``null`` if null is given where another type is required;
            or ``syntax``, ``duplicate``, ``media-type``, ``part-type``.
        limit: The value of the keyword in the document (a maximum, a pattern, a list of choices).
        detail: A sentence that never repeats the value.
        chosen: Places in *path* of names that the client chose, and the document does not know.
    """

    where: str
    path: tuple[str, ...]
    kind: str
    limit: Any = None
    detail: str = ""
    chosen: tuple[int, ...] = ()

    @property
    def public_path(self) -> str:
        """The path for headers and logs, which others read too: with a star for every name that the client chose."""
        return ".".join("*" if place in self.chosen else name for place, name in enumerate(self.path))


class Malformed(Refusal):
    """400. The request does not conform to the document; lists all *violations*."""

    status, code = 400, "malformed"

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("; ".join(v.detail for v in violations))
        self.violations = tuple(violations)


class Unauthorized(Refusal):
    """401. No credentials, or unknown ones."""

    status, code = 401, "unauthorized"


class UnknownPath(Refusal):
    """404. Nothing is served at this path; *known* lists the most similar operations."""

    status, code = 404, "unknown-path"

    def __init__(self, method: str, path: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no {method} {path} here. Nearest: {', '.join(known) or 'nothing'}.")
        self.known = tuple(known)


class WrongMethod(Refusal):
    """405. The path is served, but not with this method; *allowed* lists the methods that are."""

    status, code = 405, "wrong-method"

    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        allow = ", ".join(allowed)
        super().__init__(f"{method} is not served at {path}. Allowed: {allow}.", headers={"Allow": allow})
        self.allowed = tuple(allowed)


class NotAcceptable(Refusal):
    """406. The client accepts none of the *offered* media types."""

    status, code = 406, "not-acceptable"

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(f"None of the accepted media types is served here. There are: {', '.join(offered)}.")
        self.offered = tuple(offered)


class TooSlow(Refusal):
    """408. The body did not arrive within *seconds*. The connection is closed, so that its rest is not awaited."""

    status, code = 408, "too-slow"

    def __init__(self, seconds: float) -> None:
        text = f"The request body did not arrive within {seconds:g} seconds."
        super().__init__(text, headers={"Connection": "close"})
        self.seconds = seconds


class TooLarge(Refusal):
    """
    413. The body is longer than *limit* bytes.

    Args:
        expects_continue: The client has not sent the body yet, because it awaits ``100 Continue``. The connection is
            then closed: otherwise the next request could be read as that body.
    """

    status, code = 413, "too-large"

    def __init__(self, limit: int, *, expects_continue: bool = False) -> None:
        headers = {"Connection": "close"} if expects_continue else None
        super().__init__(f"The request body is longer than {limit} bytes.", headers=headers)
        self.limit = limit


class UnsupportedMediaType(Refusal):
    """
    415. The body does not have one of the *accepted* content types.

    Args:
        compressed: It has a ``Content-Encoding``; RFC 9110, section 15.5.16, defines 415 for that too.
    """

    status, code = 415, "unsupported-media-type"

    def __init__(self, accepted: Sequence[str], *, compressed: bool = False) -> None:
        accept = ", ".join(accepted)
        if compressed:
            text = f"Compressed bodies are not served here. Send plain {accept} without Content-Encoding."
            super().__init__(text, headers={"Accept-Encoding": "identity"})
        else:
            super().__init__(f"The content type is not served here. Send {accept}.", headers={"Accept-Post": accept})
        self.accepted = tuple(accepted)


class TooManyRequests(Refusal):
    """
    429. More requests than a rate limit allows.

    Args:
        exceeded: The number of requests that the limit allows.
        window: In how long it allows them.
        limits: All limits in force, as pairs of a number of requests and a window.
        reset_after: How long to wait before the next request.
    """

    status, code = 429, "too-many-requests"

    def __init__(
        self, exceeded: int, window: timedelta, limits: Sequence[tuple[int, timedelta]], reset_after: timedelta
    ) -> None:
        self.exceeded, self.window, self.limits = exceeded, window, tuple(limits)
        self.reset_seconds = max(1, -int(-reset_after.total_seconds() // 1))
        many = "1 request" if exceeded == 1 else f"{exceeded} requests"
        super().__init__(f"More than {many}; try again in {self.reset_seconds} seconds.")


class InternalFailure(Refusal):
    """500. A bug of this server, or a failure that a setting asked for; *reference* finds it in the log."""

    status, code = 500, "internal"

    def __init__(self, reference: str) -> None:
        super().__init__(f"Internal error, reference {reference}.")
        self.reference = reference


class Unanswerable(Refusal):
    """501. The document declares an answer, but has no example of it, and no data that fits its schema can be made."""

    status, code = 501, "unanswerable"


class Maintenance(Refusal):
    """503. The system is down for maintenance."""

    status, code = 503, "maintenance"
    default_message = "Temporarily offline for maintenance. Try again later."


class NotStored(Maintenance):
    """
    503. A change could not be written to the disk, so nothing was changed; reading still works.

    Args:
        reason: A main clause for people, for example "the disk is full".
    """

    code = "not-stored"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Nothing was changed: {reason}, so this server cannot store changes. Reading still works.")
