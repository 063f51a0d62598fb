"""Calls of the control API over HTTP, on a connection for each thread."""

import json
import threading
import weakref
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode, urlsplit

from watchword.client.errors import WatchwordError, reason_of, tell

DEFAULT_URL: Final = "http://127.0.0.1:7070"
PATIENCE_SECONDS = 40.0
"""Longer than the longest wait that the control API allows."""


class Ask(Protocol):
    """Calls the control API, in a sandbox; as `Connection.ask` does."""

    def __call__(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any: ...


class Connection:
    """
    The way to a running server.

    Args:
        url: Its address.
        token: The admin token, if the server has one.
        patience_seconds: How long an answer may take.
    """

    def __init__(
        self, url: str = DEFAULT_URL, *, token: str | None = None, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.url, self._token, self._patience_seconds = url.rstrip("/"), token, patience_seconds
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of a server begins with http:// or https://")
        self._parts = parts
        self._threads = threading.local()
        self._opened: list[HTTPConnection] = []
        weakref.finalize(self, _close_all, self._opened)

    def close(self) -> None:
        """Close the connections; the next call opens one again."""
        _close_all(self._opened)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        sandbox: str | None = None,
    ) -> Any:
        """
        Call the control API.

        Args:
            path: Below ``/__admin``.
            query: Empty values are left out.
            sandbox: None for the one called ``default``.

        Returns:
            JSON types, or a text if the answer is none; None without a body.

        Raises:
            WatchwordError: It refuses, or does not answer.
        """
        wanted = urlencode({name: _text(value) for name, value in (query or {}).items() if value not in ("", None)})
        target = f"{self._parts.path}/__admin{path}{'?' if wanted else ''}{wanted}"
        headers = {} if body is None else {"Content-Type": "application/json"}
        if sandbox is not None:
            headers["Watchword-Sandbox"] = sandbox
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        status, kind, content = self._send(method, target, None if body is None else json.dumps(body), headers)
        answer = _read(kind, content)
        if status >= 400:
            raise _refused(f"{method} /__admin{path}", status, answer)
        return answer

    def _send(self, method: str, target: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Send a request, once: what is asked twice may be done twice."""
        connection = getattr(self._threads, "open", None)
        if connection is None:
            connection = self._threads.open = self._connect()
            self._opened.append(connection)
        if _was_closed(connection):
            connection.close()
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            sentence = f"{self.url} does not answer ({reason_of(error)}). Is it a running 'watchword serve'?"
            raise WatchwordError(sentence, "no-answer") from None

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=self._patience_seconds)


def path_of(*steps: str) -> str:
    """Write the path to something, whatever characters its names have."""
    return "".join(f"/{quote(step, safe='')}" for step in steps)


def _was_closed(connection: HTTPConnection) -> bool:
    """Whether the server has closed a connection since its last answer."""
    if connection.sock is None:
        return False
    with DefaultSelector() as selector:
        selector.register(connection.sock, EVENT_READ)
        return bool(selector.select(0))


def _read(kind: str, content: bytes) -> Any:
    try:
        return json.loads(content) if content and "json" in kind else content.decode() or None
    except ValueError:
        return None  # something else than a Watchword


def _refused(request: str, status: int, answer: Any) -> WatchwordError:
    problem = answer if isinstance(answer, dict) else {}
    try:
        message = tell(problem)
    except (KeyError, TypeError, AttributeError):
        message = f"{request} was answered with {status}."
    if status == 401:
        message += " In Python: Watchword(url, token=TOKEN)."
    return WatchwordError(message, str(problem.get("code", "unknown")), status, problem)


def _close_all(connections: list[HTTPConnection]) -> None:
    for one in connections:
        one.close()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
