"""What HTTP says about the status and the headers of an answer, whatever a document says."""

import re
from collections.abc import Collection, Sequence

BODILESS = frozenset((*range(100, 200), 204, 205, 304))
"""Statuses whose answers have no body, whatever a document says (RFC 9110, sections 6.4.1 and 15.3.6)."""

_NOT_DESCRIBED = frozenset(
    (
        *("connection", "content-length", "date", "host", "keep-alive", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "content-encoding", "content-type"),
    )
)
"""Headers, in lower case, that are the server's own, or that the document describes elsewhere (its content type)."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, section 5.6.2."""
_FIRST_ERROR = 400
_DEFAULT_NUMBERS: dict[bool, Sequence[int]] = {
    False: (*range(200, 300), *range(400, 600)),
    True: (*range(500, 600), *range(400, 500)),
}
"""Which numbers ``default`` may stand for, the most likely first; by whether a success is declared beside it."""


def is_described(header: str) -> bool:
    """Whether a document decides about the response *header*."""
    return header.lower() not in _NOT_DESCRIBED and _NAME.fullmatch(header) is not None


def number_of(status: str, declared: Collection[str] = ()) -> int:
    """
    Choose the number to send for a *status* as a document writes it: ``404``, ``4XX``, ``default``.

    Args:
        declared: The statuses of the same operation; what is declared by itself is not meant by a range or ``default``.
    """
    if status.isdigit():
        return int(status)
    numbers = _DEFAULT_NUMBERS[_has_success(declared)] if status == "default" else _numbers_of_range(status)
    return next((one for one in numbers if key_of(one, declared) in (status, None)), numbers[0])


def key_of(status: int, declared: Collection[str]) -> str | None:
    """
    Find what a document says about *status*; None if nothing. Beside a success ``default`` is for errors.

    Args:
        declared: The statuses of the operation, as the document writes them.
    """
    for key in keys_of(status):
        if key in declared and not (key == "default" and status < _FIRST_ERROR and _has_success(declared)):
            return key
    return None


def _has_success(declared: Collection[str]) -> bool:
    return any(one[0] in "23" for one in declared)


def _numbers_of_range(status: str) -> Sequence[int]:
    first = int(status[0]) * 100
    return range(first, first + 100)


def keys_of(status: int) -> tuple[str, str, str]:
    """List under which keys a document may declare *status*, the most exact first."""
    return str(status), f"{status // 100}XX", "default"
