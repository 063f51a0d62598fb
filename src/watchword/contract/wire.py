"""The connection to a server that is tested, or to its hooks."""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import urlsplit

from watchword.contract.driver import Reply, TargetFailed
from watchword.contract.in_process import read_json

_PATIENCE_SECONDS = 30.0


class Wire:
    """
    A connection to one server, opened again when it was closed.

    Args:
        url: With the path that all paths of the document follow.
        patience_seconds: How long an answer may take.
    """

    def __init__(self, url: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        parts = urlsplit(url)
        self.url, self._base = url, parts.path.rstrip("/")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=patience_seconds)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """
        Send a request, once: a wrong password that is sent twice counts twice.

        Raises:
            TargetFailed: There is no answer.
        """
        sent = {**headers, "Content-Length": str(len(body))} if body or method not in ("GET", "HEAD") else dict(headers)
        if self._was_closed():
            self._connection.close()
        try:
            self._connection.request(method, f"{self._base}{path}", body=body or None, headers=sent)
            answer = self._connection.getresponse()
            content = answer.read()
        except (HTTPException, OSError) as error:
            self._connection.close()
            raise TargetFailed(f"{self.url} does not answer {method} {path.partition('?')[0]} ({error})") from None
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, content, read_json(content))

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
