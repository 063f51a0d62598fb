"""While a password is hashed everybody else is served; told by the order of answers, not by time."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from tests.conftest import Api, People, Response
from watchword.build import Built, Options, build
from watchword.domain.digests import compute_digest
from watchword.domain.hashing import Profile

HELD = "Held-Up-Lantern-1!"
PATIENCE_SECONDS = 60


class Gate(Executor):
    """Threads that take as long over the digest of one certain password as the test wants them to."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self.reached, self.opened = threading.Event(), threading.Event()

    def submit(self, work: Any, /, *arguments: Any, **_options: Any) -> Future[Any]:
        """Wait until the gate is open, if it is that password."""
        return self._threads.submit(self._held if arguments[0] == HELD else work, *arguments)

    def _held(self, *arguments: str) -> str:
        self.reached.set()
        if not self.opened.wait(PATIENCE_SECONDS):
            raise TimeoutError
        return compute_digest(*arguments)


@pytest.fixture
def threaded() -> Built:
    """A server that makes hashes in threads, and remembers none yet."""
    return build(Options(hashing=Profile.OWASP))


@pytest.fixture
def gate(threaded: Built) -> Iterator[Gate]:
    """The threads of that server; open in the end, so that none is left behind."""
    gate = Gate(threaded.imitated.sandboxes.hash_threads())
    threaded.imitated.sandboxes.threads = gate
    yield gate
    gate.opened.set()


@pytest.fixture
def people(threaded: Built) -> People:
    """The seed people."""
    return People(threaded.imitated.sandboxes.people())


def _update(people: People, new: str) -> tuple[str, str, dict[str, object], dict[str, str]]:
    ada = people["weavr_multi", "ada"]
    body: dict[str, object] = {"oldPassword": {"value": ada.password}, "newPassword": {"value": new}}
    return "POST", "/passwords/update", body, dict(ada.headers)


async def _send(api: Api, request: tuple[str, str, dict[str, object], dict[str, str]]) -> Response:
    method, path, body, headers = request
    return await api.arequest(method, path, json=body, headers=headers)


async def _held_up(api: Api, people: People, gate: Gate) -> asyncio.Task[Response]:
    """Start an update that stays in the middle of its hash."""
    held = asyncio.create_task(_send(api, _update(people, HELD)))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    return held


def test_others_are_answered_while_a_hash_is_computed(
    threaded: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    here, elsewhere = Api(threaded, runner, "here"), Api(threaded, runner, "elsewhere")
    bruno, mini = people["weavr_payment_run", "bruno"], people["zitadel", "mini"]
    start = {"email": bruno.login}
    log_in = {"email": bruno.login, "password": {"value": bruno.password}}
    checks = {"checks": {"user": {"loginName": mini.login}, "password": {"password": mini.password}}}

    async def story() -> None:
        held = await _held_up(here, people, gate)
        for api in (here, elsewhere):
            path = "/v1/passwords/lost_password/start"
            assert (await api.arequest("POST", path, json=start, headers=bruno.headers)).status == 204
            path = "/v1/login_with_password"
            assert (await api.arequest("POST", path, json=log_in, headers=bruno.headers)).status == 200
            assert (await api.arequest("POST", "/v2/sessions", json=checks, headers=mini.headers)).status == 201
            assert (await api.arequest("GET", "/__admin/health")).status == 200
        assert (await _send(elsewhere, _update(people, "Lantern-8-moss"))).status == 200
        assert not held.done()
        gate.opened.set()
        assert (await held).status == 200

    runner.run(story())


def test_who_comes_later_and_is_done_earlier_wins(
    threaded: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    """The held-up update judged an old password that is no longer so: it is judged again."""
    api = Api(threaded, runner, "overtaken")

    async def story() -> None:
        held = await _held_up(api, people, gate)
        assert (await _send(api, _update(people, "Lantern-8-moss"))).status == 200
        gate.opened.set()
        answer = await held
        assert (answer.status, answer.body) == (409, {"errorCode": "PASSWORD_INCORRECT"})

    runner.run(story())


def test_a_reset_does_not_wait_and_what_was_held_up_leaves_no_trace(
    threaded: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    api = Api(threaded, runner, "reset")
    ada = people["weavr_multi", "ada"]
    log_in = {"email": ada.login, "password": {"value": ada.password}}

    async def story() -> None:
        held = await _held_up(api, people, gate)
        assert (await api.arequest("POST", "/__admin/reset")).status == 200
        gate.opened.set()
        # It belongs to the world that it began in, and that world is gone.
        assert (await held).status == 200
        signed_in = await api.arequest("POST", "/login_with_password", json=log_in, headers=ada.headers)
        assert signed_in.status == 200
        assert (await api.arequest("GET", "/__admin/inbox")).body["messages"] == []

    runner.run(story())
