"""The whole server twice: with hashes so cheap that they are made in place, and with real ones, made in threads."""

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
    Many clients at once.

    Args:
        api: Sends requests into the test's own sandbox.
        people: The seed people.
    """

    def __init__(self, api: Api, people: People) -> None:
        self.api, self.people = api, people

    def together(self, *requests: Coroutine[Any, Any, Response]) -> list[Response]:
        """Send all *requests* at the same moment."""

        async def gathered() -> list[Response]:
            return list(await asyncio.gather(*requests))

        return self.run(gathered())

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Run a *story* with steps of its own."""
        return self.api.runner.run(story)


@pytest.fixture(scope="session", params=[Profile.FAST, Profile.OWASP], ids=["in place", "in threads"])
def crowded(request: pytest.FixtureRequest, documents: DocumentCheck) -> tuple[Built, Observed]:
    """A server whose clocks run."""
    observed = Observed()
    return build(Options(hashing=request.param, persistence=documents, observers=(observed,))), observed


@pytest.fixture
def crowd(crowded: tuple[Built, Observed], runner: asyncio.Runner) -> Iterator[Crowd]:
    """Clients of a sandbox of their own; afterwards nothing may have failed or differed from the document."""
    built, observed = crowded
    observed.seen.clear()
    yield Crowd(Api(built, runner, f"crowd-{next(_numbers)}"), People(built.imitated.sandboxes.people()))
    assert [answer.status for _, answer, _ in observed.seen if answer.status >= 500] == []
    assert [violation for _, _, violations in observed.seen for violation in violations] == []
