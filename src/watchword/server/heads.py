"""Heads of HTTP/1.1 that are refused before there is a request for the application."""

from collections.abc import Iterable
from http import HTTPStatus

import orjson

from watchword.edge.host_names import HOST_BYTES
from watchword.server.unknown_methods import MOST_BYTES
from watchword.server.unread import NOT_A_HOST, NOT_A_PROXY, TOO_LATE, Fault

MAX_HEAD_BYTES = 64 * 1024
"""Request line and headers together."""
SERVED_VERSIONS = ("1.1", "1.0")
"""As the parser calls them."""
_UNREADABLE = Fault("unreadable", "This is not an HTTP/1.1 request.")
_VERSION = Fault("version", "The versions that a request line can name here are HTTP/1.1 and HTTP/1.0.")
_HOSTS = Fault("host", "A request of HTTP/1.1 has one header Host.")
_OLD_CODING = Fault("transfer-coding", "Transfer-Encoding is not part of HTTP/1.0.")
_CODING = Fault("transfer-coding", "The only transfer coding that is served is chunked.")


class BadHead(Exception):
    """A request head that is refused."""

    def __init__(self, fault: Fault, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(fault.detail)
        self.fault, self.status = fault, status

    def answer(self, explained_at: str = "") -> bytes:
        """
        Write the answer, which ends the connection.

        Args:
            explained_at: The path of its explanation; empty if there is none.
        """
        status, title = self.status.value, self.status.phrase
        said = {"detail": self.fault.detail, "code": self.fault.reason}
        body = orjson.dumps({"type": "about:blank", "title": title, "status": status, **said})
        explained = f"watchword-why: {explained_at}\r\n" if explained_at else ""
        head = (
            f"HTTP/1.1 {status} {title}\r\n"
            "content-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\n"
            f"{explained}connection: close\r\n\r\n"
        )
        return head.encode() + body


def unreadable(reason: str = "") -> BadHead:
    """
    400, or 505 for a version of HTTP that is not served.

    Args:
        reason: The parser's.
    """
    return other_version() if reason == "Invalid HTTP version" else BadHead(_UNREADABLE)


def other_version() -> BadHead:
    """505. The request line names a version of HTTP that is not served, or not in this form."""
    return BadHead(_VERSION, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)


def not_a_proxy() -> BadHead:
    """400. It asks for a tunnel."""
    return BadHead(NOT_A_PROXY)


def too_long() -> BadHead:
    """431. Request line and headers are too long."""
    detail = f"Request line and headers are longer than {MAX_HEAD_BYTES} bytes."
    return BadHead(Fault("head-too-long", detail), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


def too_late(seconds: float) -> BadHead:
    """408. It did not arrive in time."""
    detail = f"The head of the request did not arrive within {seconds:g} seconds."
    return BadHead(Fault(TOO_LATE, detail), HTTPStatus.REQUEST_TIMEOUT)


def long_method() -> BadHead:
    """501. The method is too long to be one."""
    return BadHead(Fault("method", f"No method is longer than {MOST_BYTES} bytes."), HTTPStatus.NOT_IMPLEMENTED)


def check_framing(headers: Iterable[tuple[bytes, bytes]], *, modern: bool) -> None:
    """
    Refuse a head that another server could read in another way.

    Args:
        modern: Whether it is of HTTP/1.1, and not of HTTP/1.0.

    Raises:
        BadHead: It names no host or several, or has a transfer coding that is not served.
    """
    hosts = 0
    for name, value in headers:
        if name == b"host":
            hosts += 1
            # A client that knows no host sends an empty one (RFC 9112, section 3.2).
            if value and not HOST_BYTES.fullmatch(value):
                raise BadHead(NOT_A_HOST)
        elif name == b"transfer-encoding":
            if not modern:
                raise BadHead(_OLD_CODING)
            if value.strip().lower() != b"chunked":
                raise BadHead(_CODING)
    if hosts > 1 or (modern and not hosts):
        raise BadHead(_HOSTS)
