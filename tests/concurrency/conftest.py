"""The server with cheap hashes, computed at once, and with real ones, computed in threads."""

import asyncio
from collections.abc import Coroutine, Iterator
from itertools import count
from typing import Any, TypeVar

import pytest

from tests.conftest import Api, Observed, People, Response
from tests.documents import DocumentCheck
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile

T = TypeVar("T")
_numbers = count(1)


class Crowd:
    """
    Many concurrent clients.

    Args:
        api: Sends requests to the test's own sandbox.
        people: The seed people.
    """

    def __init__(self, api: Api, people: People) -> None:
        self.api, self.people = api, people

    def together(self, *requests: Coroutine[Any, Any, Response]) -> list[Response]:
        """Send all *requests* at the same time."""

        async def gather() -> list[Response]:
            return list(await asyncio.gather(*requests))

        return self.run(gather())

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Run a *story* of several steps."""
        return self.api.runner.run(story)


@pytest.fixture(scope="session", params=[Profile.FAST, Profile.OWASP], ids=["at once", "in threads"])
def server(request: pytest.FixtureRequest, documents: DocumentCheck) -> tuple[Built, Observed]:
    """A server with running clocks."""
    observed = Observed()
    return build(Options(hashing=request.param, persistence=documents, observers=(observed,))), observed


@pytest.fixture
def crowd(server: tuple[Built, Observed], runner: asyncio.Runner) -> Iterator[Crowd]:
    """Clients in a sandbox of their own; afterwards no answer was a server error or differed from the document."""
    built, observed = server
    observed.seen.clear()
    yield Crowd(Api(built, runner, f"crowd-{next(_numbers)}"), People(built.imitated.sandboxes.people()))
    assert [answer.status for _, answer, _ in observed.seen if answer.status >= 500] == []
    assert [violation for _, _, violations in observed.seen for violation in violations] == []
