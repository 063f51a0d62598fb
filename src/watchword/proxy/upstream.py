"""The server behind the proxy: requests go there as they came, and its answers come back as they are."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from watchword.client.errors import reason_of
from watchword.contract.address import read_base_address
from watchword.proxy.connection import AnswerTooLong, Connection, Forwarded, Unusable, UpstreamAnswer

_AT_ONCE = 64
"""Requests that are on their way, and connections; other requests wait for one."""


class UpstreamFailed(Exception):
    """There is no answer; the message says why, and has nothing of the request in it."""


class UpstreamTooSlow(UpstreamFailed):
    """There is no answer in time."""


def read_upstream(text: str) -> SplitResult:
    """
    Take the address of a server apart.

    Raises:
        UnusableAddress: It cannot be used.
    """
    return read_base_address(text, instead="let the client send it as a header instead")


class Upstream:
    """
    A server at an address.

    Args:
        url: As `read_upstream` takes it apart; its path stands before those of requests.
        patience_seconds: How long a whole answer may take.
        most_bytes: The longest body of an answer.
    """

    def __init__(self, url: str, *, patience_seconds: float, most_bytes: int) -> None:
        self.url, self._parts = url.rstrip("/"), urlsplit(url)
        self._patience, self._most = patience_seconds, most_bytes
        self._threads, self._turns = ThreadPoolExecutor(_AT_ONCE, "upstream"), asyncio.Semaphore(_AT_ONCE)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()

    async def send(self, request: Forwarded) -> UpstreamAnswer:
        """
        Send a request, once: a wrong password that is sent twice counts twice.

        Raises:
            UpstreamFailed: There is no whole answer.
        """
        try:
            async with asyncio.timeout(self._patience), self._turns:
                return await self._exchange(request)
        except TimeoutError:
            raise UpstreamTooSlow(f"{self.url} has not answered within {self._patience:g} seconds") from None
        except AnswerTooLong:
            raise UpstreamFailed(f"the body of an answer of {self.url} is longer than {self._most} bytes") from None
        except Unusable as error:
            raise UpstreamFailed(f"What {self.url} answers cannot be passed on: {error}") from None
        except (HTTPException, OSError, ValueError) as error:
            raise UpstreamFailed(f"{self.url} does not answer ({_reason(error)})") from None

    def close(self) -> None:
        """End all connections; whoever waits for an answer gets none."""
        for connection in self._busy:
            connection.give_up()
        for connection in self._idle:
            connection.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _exchange(self, request: Forwarded) -> UpstreamAnswer:
        connection = self._connection()
        self._busy.add(connection)
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, connection.exchange, request)
        except asyncio.CancelledError:
            connection.give_up()
            raise
        finally:
            self._busy.discard(connection)
        self._idle.append(connection)
        return answer

    def _connection(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
            connection.close()
        parts = self._parts
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        http = kind(parts.hostname or "", parts.port, timeout=self._patience)
        return Connection(http, host=parts.netloc, base=parts.path.rstrip("/"), most_bytes=self._most)


def _reason(error: Exception) -> str:
    """Say why there is no answer; what a server has sent instead of one is not repeated."""
    if isinstance(error, OSError):
        return reason_of(error)
    return "what it sends is no answer of HTTP/1.1, or ends early"
