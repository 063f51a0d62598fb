"""One connection to the server behind the proxy: a request goes out, and its answer is read whole."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.client import HTTPConnection, HTTPException, HTTPResponse
from selectors import EVENT_READ, DefaultSelector
from socket import SHUT_RDWR, socket
from threading import Event

from watchword.contract.final_answer import FinalAnswer
from watchword.domain.clock import start_timer
from watchword.journal.masking import show_name

Headers = Sequence[tuple[str, str]]
"""In the order in which they came, names in lower case; a header can be there several times."""

_IDLE = timedelta(seconds=2)
"""A connection that was idle for longer is not used again: the server may be about to close it."""
_CHUNK_BYTES = 64 * 1024
_HOP_BY_HOP = frozenset(
    ("connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)
"""Headers about one connection (RFC 9110, section 7.6.1)."""
_FINAL = range(200, 600)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""Of a header (RFC 9110, section 5.5); a value over several lines (RFC 9112, section 5.2) has a line break in it."""
_NO_HEADER = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)
"""What the parser of heads calls a line that is no header."""


class Unusable(HTTPException):
    """What a server has sent cannot be passed on; the message says why, and repeats nothing of it."""


class AnswerTooLong(Exception):
    """The body of an answer is longer than allowed."""


@dataclass(frozen=True, slots=True, repr=False)
class Forwarded:
    """A request to send on; *target* is its path and query as the client wrote them."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True, repr=False)
class UpstreamAnswer:
    """An answer, whole; *headers* are those that are meant for the client."""

    status: int
    headers: Headers
    body: bytes


class Connection:
    """
    A connection, which is opened for its first request.

    Args:
        http: The same for the standard library, not yet open.
        host: What requests name in ``Host``.
        base: The path that stands before those of requests.
        most_bytes: The longest body of an answer.
    """

    def __init__(self, http: HTTPConnection, *, host: str, base: str, most_bytes: int) -> None:
        http.response_class = FinalAnswer
        self._http, self._host, self._base, self._most = http, host, base, most_bytes
        self._given_up, self._idle = Event(), start_timer()

    @property
    def is_usable(self) -> bool:
        """Whether another request can go out on it: it is open, and was not idle for long."""
        sock = self._http.sock
        if sock is None or self._idle() >= _IDLE:
            return False
        with DefaultSelector() as selector:
            selector.register(sock, EVENT_READ)
            return not selector.select(0)  # else it was closed, or something came that nobody has asked for

    def exchange(self, request: Forwarded) -> UpstreamAnswer:
        """
        Send a request and read its answer; once the connection was given up, nothing is sent any more.

        Raises:
            AnswerTooLong: Its body is.
            HTTPException: What came is no answer, or none that can be passed on.
            OSError: The connection cannot be opened, or ended.
        """
        http = self._http
        try:
            if http.sock is None:
                http.connect()
            if self._given_up.is_set():
                raise Unusable("nobody waits for it any more")
            http.putrequest(request.method, f"{self._base}{request.target}", skip_host=True, skip_accept_encoding=True)
            http.putheader("host", self._host)
            for name, value in _sent_on(request):
                http.putheader(name, value.encode("latin-1"))
            http.endheaders(request.body or None)
            with http.getresponse() as response:
                _check_head(response)
                answer = UpstreamAnswer(response.status, tuple(_meant_for_client(response)), self._read(response))
        except BaseException:
            http.close()
            raise
        self._idle = start_timer()
        return answer

    def give_up(self) -> None:
        """End it, also for a thread that waits for an answer or is about to send a request."""
        self._given_up.set()
        sock = self._http.sock
        if sock is not None:
            with suppress(OSError):
                # Not the method of an encrypted one, which ends the encryption first, also for what is just sent.
                socket.shutdown(sock, SHUT_RDWR)

    def close(self) -> None:
        """Close it; no thread uses it."""
        self._http.close()

    def _read(self, response: HTTPResponse) -> bytes:
        chunks, length = [], 0
        while chunk := response.read(_CHUNK_BYTES):
            length += len(chunk)
            if length > self._most:
                raise AnswerTooLong
            chunks.append(chunk)
        if response.length:
            raise Unusable("its body ended early")
        return b"".join(chunks)


def _check_head(response: HTTPResponse) -> None:
    """
    Look at what would break the client's connection.

    Raises:
        Unusable: It cannot be passed on.
    """
    if response.status not in _FINAL:
        raise Unusable(f"its status is {response.status}")
    if any(isinstance(one, _NO_HEADER) for one in response.headers.defects):
        raise Unusable("a line of its head is no header")
    for name, value in response.getheaders():
        if not _NAME.fullmatch(name):
            raise Unusable("the name of a header has a character in it that may not be there")
        if not _VALUE.fullmatch(value):
            raise Unusable(f"its header {show_name(name)} has a line break or a control character in it")


def _sent_on(request: Forwarded) -> Iterator[tuple[str, str]]:
    """Yield the headers of a request that are not about the connection, and the length of its body."""
    dropped, measured = _named_by_connection(request.headers) | {"host"}, False
    for name, value in request.headers:
        if name not in dropped:
            measured = measured or name == "content-length"
            yield name, value
    if request.body and not measured:
        yield "content-length", str(len(request.body))


def _meant_for_client(response: HTTPResponse) -> Iterator[tuple[str, str]]:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    dropped = _named_by_connection(headers) | {"date"}  # our own server writes one
    return ((name, value) for name, value in headers if name not in dropped)


def _named_by_connection(headers: Headers) -> frozenset[str]:
    named = (one.strip().lower() for name, value in headers if name == "connection" for one in value.split(","))
    return _HOP_BY_HOP.union(named)
