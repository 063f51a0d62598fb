"""One running server for all hostile requests, and what must be true after each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.targets import CANARY, Sender
from tests.hostile.wire import Reply, ask, whole
from tests.serving import Served, serving

BODY_SECONDS = 3


class Victim:
    """
    The server under attack, with a record of its answers.

    Args:
        seen: All answers in this test.
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self.seen: list[Reply] = []

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return self.served.port

    def ask(self, request: bytes, *, head_only: bool = False) -> Reply:
        """Send one request on a connection of its own."""
        return self.note(ask(self.port, request, head_only=head_only))

    def note(self, reply: Reply) -> Reply:
        """Record an answer that the test received on its own connection."""
        self.seen.append(reply)
        return reply


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real server, with a short timeout for request bodies."""
    with serving(tmp_path_factory.mktemp("server"), "--body-timeout", str(BODY_SECONDS)) as served:
        yield served


@pytest.fixture
def victim(served: Served) -> Iterator[Victim]:
    """The server; afterwards it still runs, no answer was a server error, and no secret was repeated."""
    victim = Victim(served)
    logged = served.log.stat().st_size
    yield victim
    assert ask(served.port, whole("GET", "/__admin/health")).status == 200
    for reply in victim.seen:
        assert reply.status < 500
        assert "watchword-contract-violation" not in reply.headers
        assert CANARY.encode() not in reply.raw
    log = _since(served.log, logged)
    assert CANARY not in log
    assert "Traceback" not in log
    assert "internal error" not in log


@pytest.fixture(scope="session")
def sender(served: Served) -> Sender:
    """Writes requests with the credentials of the seed people."""
    people = ask(served.port, whole("GET", "/__admin/people")).json["people"]
    return Sender(
        {(one["system"], one["name"]): one["id"] for one in people},
        {(one["system"], one["name"]): one["headers"] for one in people},
    )


def _since(log: Path, size: int) -> str:
    return log.read_bytes()[size:].decode()
