"""A proxy in this process, and what stands behind it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import pytest

from tests.certificate import certificate
from tests.proxy.scripted import Scripted, serving_script
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios.conftest import read_written
from tests.scenarios.other_multi import Multi, serving_other_multi, write_bindings
from watchword.build import Built, Options, build
from watchword.contract.bindings import Bindings
from watchword.domain.hashing import Profile
from watchword.edge.access_log import AccessLogEntry
from watchword.proxy.asgi import ProxyApp, Surroundings
from watchword.proxy.record import Record
from watchword.proxy.shadow.shadow import Shadow
from watchword.proxy.upstream import Upstream

__all__ = ["certificate"]

_numbers = count(1)
SYSTEM = "weavr_multi"


class Proxied:
    """
    A client of a proxy, whose requests are noted in a sandbox of their own.

    Args:
        log: The lines of the access log.
        record: What the proxy has counted.
    """

    def __init__(self, app: ProxyApp, runner: asyncio.Runner, log: list[str], record: Record) -> None:
        self.app, self.runner, self.log, self.record = app, runner, log, record
        self.sandbox = f"proxied-{next(_numbers)}"

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request."""
        return self.runner.run(self.send(method, path, **more))

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one beside others, or one that is cancelled."""
        headers = {"Watchword-Sandbox": self.sandbox, **more.pop("headers", {})}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers, **more)

    def entry(self) -> Any:
        """Read the newest entry of the journal."""
        return self.request("GET", "/__admin/journal").json()["entries"][0]


def violations(answer: httpx.Response) -> list[tuple[str, str]]:
    """Read the header of violations: places and codes."""
    found = json.loads(answer.headers.get("sl-violations", "[]"))
    return [(".".join(one["location"]), one["code"]) for one in found]


@pytest.fixture(scope="session")
def log() -> list[str]:
    """The access log."""
    return []


@pytest.fixture(scope="session")
def around(log: list[str]) -> Built:
    """The server of our own around the proxy."""

    def note(entry: AccessLogEntry) -> None:
        log.append(str(entry))

    return build(Options(hashing=Profile.FAST, journal=500, log=note))


NewProxy = Callable[..., Proxied]


@pytest.fixture
def new_proxy(around: Built, log: list[str], runner: asyncio.Runner) -> Iterator[NewProxy]:
    """Put a proxy before the server at an address."""
    journal = around.journal
    assert journal is not None
    shared = Surroundings(
        around.app, around.admin is not None, around.imitated, around.observers, journal.note_preflight
    )
    with ExitStack() as stack:

        def put(
            url: str,
            system: str = SYSTEM,
            *,
            seconds: float = 20,
            most_bytes: int = 10_000_000,
            shadow: Shadow | None = None,
            upstreams: type[Upstream] = Upstream,
        ) -> Proxied:
            upstream = upstreams(url, patience_seconds=seconds, most_bytes=most_bytes)
            stack.callback(upstream.close)
            record = Record()
            record.follow(journal)
            return Proxied(ProxyApp(shared, system, upstream, shadow=shadow), runner, log, record)

        yield put


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """A server that says what a test tells it to."""
    with serving_script() as scripted:
        yield scripted


@pytest.fixture
def proxied(new_proxy: NewProxy, scripted: Scripted) -> Proxied:
    """A proxy before it."""
    return new_proxy(scripted.url)


@pytest.fixture(scope="module")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Bindings:
    """Who plays which role on somebody else's Multi."""
    return read_written(write_bindings(), SYSTEM, tmp_path_factory.mktemp("bindings"))


@pytest.fixture
def unhooked(bindings: Bindings) -> Bindings:
    """The same of a server whose mails nobody can read."""
    return replace(bindings, hooks={})


@pytest.fixture(scope="module")
def other() -> Iterator[tuple[str, Multi]]:
    """Somebody else's Multi: its address and its state."""
    with serving_other_multi() as other:
        yield other


@pytest.fixture
def multi(other: tuple[str, Multi]) -> Multi:
    """The same, as it is at first, without a defect."""
    other[1].defect, other[1].expires_after = "", 0
    other[1].reset()
    return other[1]


@pytest.fixture
def client(new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, bindings: Bindings) -> Iterator[Through]:
    """A client of that server, behind a proxy with a shadow."""
    assert multi.defect == ""
    with shadowing(new_proxy, SYSTEM, other[0], bindings) as client:
        yield client
