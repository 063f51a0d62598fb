"""A request that was forwarded is noted, and leaves nothing behind, also if nobody gets its answer."""

import asyncio
from collections.abc import Coroutine, Sequence
from socket import socket
from threading import Event
from typing import Any

import httpx
import pytest

from tests.proxy.conftest import SYSTEM, NewProxy, Proxied
from tests.proxy.scripted import Scripted
from tests.proxy.shadowed import shadowing
from tests.scenarios.other_multi import KEYS, LOGINS, Multi
from watchword.contract.bindings import Bindings
from watchword.contract.driver import Reply
from watchword.edge.exchange import Exchange
from watchword.journal.findings import Kind
from watchword.proxy.connection import Forwarded, UpstreamAnswer
from watchword.proxy.shadow.player import Flight, Places
from watchword.proxy.shadow.shadow import Shadow
from watchword.proxy.shadow.telling import Departure
from watchword.proxy.upstream import Upstream

LOG_IN, KEY = "/login_with_password", {"api-key": KEYS["shop"]}
REFUSED = "HTTP/1.1 403 Forbidden\nrequest-ref: 1\nContent-Length: 0"


class Thinking(Shadow):
    """A shadow whose stand-in answers when a test tells it to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.lost: list[Flight] = []
        self.played: asyncio.Future[Sequence[Departure]]

    def depart(self, exchange: Exchange) -> Flight:
        return Flight(exchange)

    def arrive(self, flight: Flight, reply: Reply, told: Places) -> "asyncio.Future[Sequence[Departure]]":
        self.played = asyncio.get_running_loop().create_future()
        self.asked.set()
        return self.played

    def lose(self, flight: Flight) -> None:
        self.lost.append(flight)


def log_in(proxied: Proxied) -> Coroutine[Any, Any, httpx.Response]:
    return proxied.send("POST", LOG_IN, headers=KEY, json={"email": LOGINS["member"], "password": {"value": "Wrong-1"}})


async def give_up(sending: "asyncio.Task[httpx.Response]") -> None:
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


def test_a_request_that_is_cancelled_while_the_stand_in_is_asked_is_noted_with_what_it_says(
    new_proxy: NewProxy, scripted: Scripted
) -> None:
    scripted.says(REFUSED)
    shadow = Thinking()
    proxied = new_proxy(scripted.url, shadow=shadow)

    async def story() -> None:
        sending = asyncio.create_task(log_in(proxied))
        await shadow.asked.wait()
        await give_up(sending)
        settling = asyncio.create_task(proxied.app.settle())
        await asyncio.sleep(0)
        assert not settling.done(), "the stand-in has not answered yet"
        shadow.played.set_result([Departure(("status",), "was 403, should be 200")])
        await settling

    proxied.runner.run(story())
    entry = proxied.entry()
    assert (entry["response"]["status"], entry["aborted"]) == (403, False)
    assert "was 403, should be 200" in [one["message"] for one in entry["violations"]]
    assert proxied.record.requests == 1
    assert Kind.BEHAVIOUR in [one.kind for one in proxied.record.tally.findings]


def test_a_request_that_is_cancelled_before_its_answer_is_noted_as_aborted(
    new_proxy: NewProxy, scripted: Scripted
) -> None:
    reached, over = Event(), Event()

    def answer_late(_connection: socket) -> None:
        reached.set()
        over.wait(20)

    scripted.script = answer_late
    shadow = Thinking()
    proxied = new_proxy(scripted.url, shadow=shadow)

    async def story() -> None:
        sending = asyncio.create_task(log_in(proxied))
        assert await asyncio.to_thread(reached.wait, 20)
        await give_up(sending)

    proxied.runner.run(story())
    over.set()
    entry = proxied.entry()
    assert (entry["aborted"], entry["response"]["status"]) == (True, 0)
    assert proxied.record.requests == 1
    assert [one.kind for one in proxied.record.tally.findings] == [Kind.ABORTED]
    assert [one.exchange.path for one in shadow.lost] == [LOG_IN]


class Fickle(Upstream):
    """One that breaks at one path."""

    async def send(self, request: Forwarded) -> UpstreamAnswer:
        if request.target.startswith("/passwords/validate"):
            raise TypeError
        return await super().send(request)


class Unjudged(Upstream):
    """One with an answer at that path that breaks whoever reads it."""

    async def send(self, request: Forwarded) -> UpstreamAnswer:
        if request.target.startswith("/passwords/validate"):
            return UpstreamAnswer(200, None, b"")  # type: ignore[arg-type]
        return await super().send(request)


@pytest.mark.parametrize("upstreams", [Fickle, Unjudged])
def test_a_request_that_breaks_is_not_beside_later_ones(
    upstreams: type[Upstream], new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi, bindings: Bindings
) -> None:
    multi.defect = "an inactive user can log in"
    with shadowing(new_proxy, SYSTEM, other[0], bindings, upstreams=upstreams) as client:
        with pytest.raises(TypeError):
            client.proxied.request("POST", "/passwords/validate", json={})
        inactive: Any = {"email": LOGINS["inactive"], "password": {"value": "Pepper-90-gold"}}
        assert client.proxied.request("POST", LOG_IN, headers=KEY, json=inactive).status_code == 200
        assert len(client.found) == 1
    assert client.compared.not_compared == {"there was no answer": 1}
