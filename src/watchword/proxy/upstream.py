"""The server behind the proxy: requests go there as they came, and its answers come back as they are."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from selectors import EVENT_READ, DefaultSelector
from socket import SHUT_RDWR
from urllib.parse import SplitResult, urlsplit

from watchword.contract.address import UnusableAddress, read_address
from watchword.domain.clock import Elapsed, start_timer

Headers = Sequence[tuple[str, str]]
"""In the order in which they came, names in lower case; a header can be there several times."""

_AT_ONCE = 64
"""Requests that are on their way; others wait."""
_IDLE = timedelta(seconds=2)
"""A connection that was idle for longer is not used again: the server may be about to close it."""
_CHUNK_BYTES = 64 * 1024
_HOP_BY_HOP = frozenset(
    ("connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)
"""Headers about one connection (RFC 9110, section 7.6.1)."""


class UpstreamFailed(Exception):
    """There is no answer; the message says why, and has nothing of the request in it."""


class UpstreamTooSlow(UpstreamFailed):
    """There is no answer in time."""


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


def read_upstream(text: str) -> SplitResult:
    """
    Take the address of a server apart.

    Raises:
        UnusableAddress: It cannot be used.
    """
    parts = read_address(text, instead="let the client send it as a header instead")
    if parts.query or parts.fragment:
        raise UnusableAddress("has a query or a fragment: only a path can stand before those of requests")
    return parts


class Upstream:
    """
    A server at an address.

    Args:
        url: As `read_upstream` takes it apart; its path stands before those of requests.
        patience_seconds: How long a whole answer may take.
        most_bytes: The longest body of an answer.
    """

    def __init__(self, url: str, *, patience_seconds: float, most_bytes: int) -> None:
        parts = urlsplit(url)
        self.url, self._base = url.rstrip("/"), parts.path.rstrip("/")
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._netloc = parts.hostname or "", parts.port, parts.netloc
        self._patience, self._most = patience_seconds, most_bytes
        self._threads = ThreadPoolExecutor(_AT_ONCE, "upstream")
        self._idle: list[tuple[HTTPConnection, Elapsed]] = []
        self._busy: set[HTTPConnection] = set()

    async def send(self, request: Forwarded) -> UpstreamAnswer:
        """
        Send a request, once: a wrong password that is sent twice counts twice.

        Raises:
            UpstreamFailed: There is no whole answer.
        """
        connection = self._connection()
        self._busy.add(connection)
        exchange = asyncio.get_running_loop().run_in_executor(self._threads, self._exchange, connection, request)
        try:
            async with asyncio.timeout(self._patience):
                answer, reusable = await exchange
        except TimeoutError:
            _break(connection)
            raise UpstreamTooSlow(f"{self.url} has not answered within {self._patience:g} seconds") from None
        except AnswerTooLong:
            raise UpstreamFailed(f"the body of an answer of {self.url} is longer than {self._most} bytes") from None
        except (HTTPException, OSError, ValueError) as error:
            raise UpstreamFailed(f"{self.url} does not answer ({_reason(error)})") from None
        except asyncio.CancelledError:
            _break(connection)
            raise
        finally:
            self._busy.discard(connection)
        if reusable:
            self._idle.append((connection, start_timer()))
        return answer

    def close(self) -> None:
        """End all connections; whoever waits for an answer gets none."""
        for connection in self._busy:
            _break(connection)
        for connection, _ in self._idle:
            connection.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _connection(self) -> HTTPConnection:
        while self._idle:
            connection, idle = self._idle.pop()
            if idle() < _IDLE and not _was_closed(connection):
                return connection
            connection.close()
        return self._kind(self._host, self._port, timeout=self._patience)

    def _exchange(self, connection: HTTPConnection, request: Forwarded) -> tuple[UpstreamAnswer, bool]:
        """Send a request and read its answer, in a thread; says whether the connection can be used again."""
        try:
            connection.putrequest(
                request.method, f"{self._base}{request.target}", skip_host=True, skip_accept_encoding=True
            )
            connection.putheader("host", self._netloc)
            for name, value in _sent_on(request):
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(request.body or None)
            with connection.getresponse() as response:
                body = self._read(response)
                answer = UpstreamAnswer(response.status, tuple(_meant_for_client(response)), body)
                reusable = not response.will_close
        except BaseException:
            connection.close()
            raise
        if not reusable:
            connection.close()
        return answer, reusable

    def _read(self, response: HTTPResponse) -> bytes:
        chunks, length = [], 0
        while chunk := response.read(_CHUNK_BYTES):
            length += len(chunk)
            if length > self._most:
                raise AnswerTooLong
            chunks.append(chunk)
        if response.length:
            raise HTTPException("its body ended early")
        return b"".join(chunks)


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


def _was_closed(connection: HTTPConnection) -> bool:
    """Whether the server has closed a connection since its last answer."""
    if connection.sock is None:
        return True
    with DefaultSelector() as selector:
        selector.register(connection.sock, EVENT_READ)
        return bool(selector.select(0))


def _break(connection: HTTPConnection) -> None:
    """End a connection that a thread may be waiting on."""
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)


def _reason(error: Exception) -> str:
    """Say why there is no answer; what a server has sent instead of one is not repeated."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return "what it sends is no answer of HTTP/1.1, or ends early"
