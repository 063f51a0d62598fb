"""The connection to a server that is tested, or to its hooks."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection, InvalidURL, RemoteDisconnected
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import urlsplit

from watchword.client.errors import reason_of
from watchword.contract.driver import NoAnswer, NotAtOnce, Reply, Request, TargetFailed, read_json
from watchword.contract.final_answer import FinalAnswer
from watchword.contract.http2 import HTTP2_FAILURES, ask_over_http2

_PATIENCE_SECONDS = 30.0
_FAILURES = (ValueError, HTTPException, OSError)


class _ClosedEarly(Exception):
    """The server closed a connection before a byte of an answer came."""

    def __init__(self, error: Exception, *, was_sending: bool) -> None:
        super().__init__(str(error))
        self.error, self.was_sending = error, was_sending


class Wire:
    """
    A connection to one server, opened again when it was closed.

    Args:
        url: With the path that all paths of the document follow.
        patience_seconds: How long an answer may take.
    """

    def __init__(self, url: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        parts = urlsplit(url)
        self.url, self._base, self._patience_seconds = url, parts.path.rstrip("/"), patience_seconds
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=patience_seconds)
        self._connection.response_class = _Answer
        self._is_kept = True
        """Whether requests share a connection: not once the server has closed it under one."""

    def reach(self) -> None:
        """
        Find out whether anybody is there, without asking for anything.

        Raises:
            TargetFailed: No connection can be made.
        """
        self._connection.close()  # the one of earlier requests, which a new one would leave open
        try:
            self._connection.connect()
        except _FAILURES as error:
            raise TargetFailed(
                f"{self.url} cannot be reached ({reason_of(error)}): check the address, and that the server is running"
            ) from None
        finally:
            self._connection.close()  # a request on it would count as one on a connection that was used before

    def carry(self, request: Request) -> Reply:
        """Send a request, once, over the version of HTTP that it needs; raises what `send` does."""
        if not request.needs_http2:
            return self.send(request.method, request.path, request.headers, request.body)
        try:
            return ask_over_http2(self.url, request, patience_seconds=self._patience_seconds)
        except HTTP2_FAILURES as error:
            raise self._failure(error, request.method, request.path) from None

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, may_repeat: bool = False
    ) -> Reply:
        """
        Send a request, once: a wrong password that is sent twice counts twice.

        It goes out again, on a new connection, only if the server had closed the old one before it was sent, or before
        a byte of an answer came, where that does no harm.

        Args:
            may_repeat: Whether it does no harm; that of GET is known.

        Raises:
            NoAnswer: There is no answer.
            TargetFailed: It cannot be sent.
        """
        if not self._is_kept or self._was_closed():
            self._connection.close()
        is_old = self._connection.sock is not None
        try:
            return self._send(method, path, headers, body)
        except _ClosedEarly as early:
            self._is_kept = self._is_kept and not is_old
            if not is_old or not (early.was_sending or may_repeat or method == "GET"):
                raise self._failure(early.error, method, path) from None
        except _FAILURES as error:
            raise self._failure(error, method, path) from None
        try:
            return self._send(method, path, headers, body)
        except (_ClosedEarly, *_FAILURES) as error:
            raise self._failure(error.error if isinstance(error, _ClosedEarly) else error, method, path) from None

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        sent = {**headers, "Content-Length": str(len(body))} if body or method not in ("GET", "HEAD") else dict(headers)
        was_sending = True
        try:
            self._connection.request(method, f"{self._base}{path}", body=body or None, headers=sent)
            was_sending = False
            return _read(self._connection)
        except (ConnectionError, RemoteDisconnected) as error:
            self._connection.close()
            raise _ClosedEarly(error, was_sending=was_sending) from None
        except BaseException:
            self._connection.close()  # its answer would be taken for that of the next request
            raise

    def _failure(self, error: Exception, method: str, path: str) -> TargetFailed:
        """Say why a request was not answered, without a header: it may be a secret."""
        called = f"{method} {path.partition('?')[0]}"
        if _is_unsendable(error):
            return TargetFailed(
                f"{self.url}: a header or the path of {called} cannot be sent: a header may have no line break and no"
                " letters beyond Latin-1, a path no space and no letters beyond ASCII"
            )
        return NoAnswer(
            f"{self.url} does not answer {called} ({reason_of(error)})", hung=isinstance(error, TimeoutError)
        )

    def _was_closed(self) -> bool:
        """Whether the server has closed the connection since its last answer."""
        if self._connection.sock is None:
            return False
        with DefaultSelector() as selector:
            selector.register(self._connection.sock, EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send_behind(self, barrier: threading.Barrier, request: Request) -> Reply:
        """
        Send a request all but for its last byte, and that when all others at the barrier have come as far.

        Raises:
            NotAtOnce: The server does not take so many at once.
            TargetFailed: It cannot be sent.
        """
        body, connection = request.body, self._connection
        try:
            connection.connect()
            connection.putrequest(request.method, f"{self._base}{request.path}", skip_accept_encoding=True)
            for name, value in {**request.headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            if body:
                connection.endheaders(body[:-1])
                barrier.wait(_PATIENCE_SECONDS)
                connection.send(body[-1:])
            else:
                barrier.wait(_PATIENCE_SECONDS)
                connection.endheaders()
            return _read(connection)
        except (*_FAILURES, threading.BrokenBarrierError) as error:
            barrier.abort()  # the others would wait for it
            if _is_unsendable(error):
                raise self._failure(error, request.method, request.path) from None
            raise NotAtOnce(f"not {barrier.parties} connections at once") from None


def send_at_once(url: str, requests: Sequence[Request]) -> Sequence[Reply]:
    """
    Send requests at once, each on a connection of its own; gives the answers in their order.

    Raises:
        NotAtOnce: The server does not take so many at once.
        TargetFailed: One cannot be sent.
    """
    barrier = threading.Barrier(len(requests))

    def send(request: Request) -> Reply:
        with closing(Wire(url)) as wire:
            return wire.send_behind(barrier, request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def _is_unsendable(error: Exception) -> bool:
    """Whether a request cannot be written; that a certificate is not trusted is an `OSError` and a `ValueError`."""
    return isinstance(error, (ValueError, InvalidURL)) and not isinstance(error, OSError)


class _HalfAnswered(HTTPException):
    """The connection was reset after an answer had begun: whatever was asked for is done."""


class _Answer(FinalAnswer):
    """An answer, which tells whether it had begun when its connection is reset."""

    def begin(self) -> None:
        """Read the head."""
        try:
            super().begin()
        except ConnectionError as error:
            if not str(self.status).isdigit():
                raise
            raise _HalfAnswered(error) from None


def _read(connection: HTTPConnection) -> Reply:
    answer = connection.getresponse()
    try:
        content = answer.read()
    except ConnectionError as error:
        raise _HalfAnswered(error) from None
    found = {name.lower(): value for name, value in answer.getheaders()}
    return Reply(answer.status, found, content, read_json(content))
