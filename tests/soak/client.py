"""A client that distinguishes an answer from no answer: without one, the write may have happened or not."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.system.seed_data import Person

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: Any


class Client:
    """
    A client of one sandbox, over one connection, which is opened when needed.

    Args:
        port: The port of the server.
        sandbox: The name of the sandbox.
        patience_seconds: How long an answer may take; None until it comes, or the server ends.
    """

    def __init__(self, port: int, sandbox: str, *, patience_seconds: float | None = PATIENCE_SECONDS) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_seconds)
        self._sandbox = sandbox

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply | None:
        """Send one request; None if the connection was closed before the whole answer had arrived."""
        sent = {**(headers or {}), "Watchword-Sandbox": self._sandbox}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            self._connection.request(method, path, None if body is None else orjson.dumps(body), sent)
            answer = self._connection.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return None
        return Reply(answer.status, orjson.loads(raw) if raw else None)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def people(port: int) -> dict[tuple[str, str], Person]:
    """Read the seed people, by system and name."""
    client = Client(port, "default")
    answer = client("GET", "/__admin/people")
    client.close()
    assert answer is not None
    listed = [Person(**{**one, "situations": tuple(one["situations"])}) for one in answer.body["people"]]
    return {(one.system, one.name): one for one in listed}
