"""A client that knows when it does not know: a request without an answer may have happened or not."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.system.seed_data import Person

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    body: Any


class Client:
    """
    One connection, opened when it is needed.

    Args:
        port: Of the server.
        sandbox: Whose requests these are.
    """

    def __init__(self, port: int, sandbox: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._sandbox = sandbox

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply | None:
        """Send one request; None if the connection ended before the answer was whole."""
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
        """Hang up."""
        self._connection.close()


def people(port: int) -> dict[tuple[str, str], Person]:
    """List the seed people by system and name."""
    client = Client(port, "default")
    answer = client("GET", "/__admin/people")
    client.close()
    assert answer is not None
    listed = [Person(**{**one, "situations": tuple(one["situations"])}) for one in answer.body["people"]]
    return {(one.system, one.name): one for one in listed}
