"""What HTTP says about the status and the headers of an answer, whatever a document says."""

import re

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


def is_described(header: str) -> bool:
    """Whether a document decides about the response *header*."""
    return header.lower() not in _NOT_DESCRIBED and _NAME.fullmatch(header) is not None


def number_of(status: str) -> int:
    """Choose the number to send for a *status* as a document writes it: ``404``, ``4XX``, ``default``."""
    return int(status) if status.isdigit() else 200 if status == "default" else int(f"{status[0]}00")


def keys_of(status: int) -> tuple[str, str, str]:
    """List under which keys a document may declare *status*, the most exact first."""
    return str(status), f"{status // 100}XX", "default"
