"""While a password is hashed, other clients are answered; the order of the answers proves it, not the time."""

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

BLOCKED = "Blocked-Lantern-1!"
PATIENCE_SECONDS = 60


class Gate(Executor):
    """Hash threads in which the digest of one password waits until the test opens the gate."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self.reached, self.opened = threading.Event(), threading.Event()

    def submit(self, work: Any, /, *arguments: Any, **_options: Any) -> Future[Any]:
        """Submit *work*, or for that password a function that waits for the gate."""
        return self._threads.submit(self._wait_and_compute if arguments[0] == BLOCKED else work, *arguments)

    def _wait_and_compute(self, *arguments: str) -> str:
        self.reached.set()
        if not self.opened.wait(PATIENCE_SECONDS):
            raise TimeoutError
        return compute_digest(*arguments)


@pytest.fixture
def server() -> Built:
    """A server that computes digests in threads, with an empty cache."""
    return build(Options(hashing=Profile.OWASP))


@pytest.fixture
def gate(server: Built) -> Iterator[Gate]:
    """The hash threads of that server; opened at the end, so that no thread waits for ever."""
    gate = Gate(server.imitated.sandboxes.hash_threads())
    server.imitated.sandboxes.threads = gate
    yield gate
    gate.opened.set()


@pytest.fixture
def people(server: Built) -> People:
    """The seed people."""
    return People(server.imitated.sandboxes.people())


def _update(people: People, new: str) -> tuple[str, str, dict[str, object], dict[str, str]]:
    ada = people["weavr_multi", "ada"]
    body: dict[str, object] = {"oldPassword": {"value": ada.password}, "newPassword": {"value": new}}
    return "POST", "/passwords/update", body, dict(ada.headers)


async def _send(api: Api, request: tuple[str, str, dict[str, object], dict[str, str]]) -> Response:
    method, path, body, headers = request
    return await api.arequest(method, path, json=body, headers=headers)


async def _start_blocked_update(api: Api, people: People, gate: Gate) -> asyncio.Task[Response]:
    """Start an update, and wait until it is blocked in the middle of its hash."""
    blocked = asyncio.create_task(_send(api, _update(people, BLOCKED)))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    return blocked


def test_other_clients_are_answered_while_a_hash_is_computed(
    server: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    here, elsewhere = Api(server, runner, "here"), Api(server, runner, "elsewhere")
    bruno, mini = people["weavr_payment_run", "bruno"], people["zitadel", "mini"]
    start = {"email": bruno.login}
    log_in = {"email": bruno.login, "password": {"value": bruno.password}}
    checks = {"checks": {"user": {"loginName": mini.login}, "password": {"password": mini.password}}}

    async def story() -> None:
        blocked = await _start_blocked_update(here, people, gate)
        for api in (here, elsewhere):
            path = "/v1/passwords/lost_password/start"
            assert (await api.arequest("POST", path, json=start, headers=bruno.headers)).status == 204
            path = "/v1/login_with_password"
            assert (await api.arequest("POST", path, json=log_in, headers=bruno.headers)).status == 200
            assert (await api.arequest("POST", "/v2/sessions", json=checks, headers=mini.headers)).status == 201
            assert (await api.arequest("GET", "/__admin/health")).status == 200
        assert (await _send(elsewhere, _update(people, "Lantern-8-moss"))).status == 200
        assert not blocked.done()
        gate.opened.set()
        assert (await blocked).status == 200

    runner.run(story())


def test_a_later_request_that_finishes_earlier_succeeds(
    server: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    """The blocked update compared an old password that has changed meanwhile, so it is compared again."""
    api = Api(server, runner, "overtaken")

    async def story() -> None:
        blocked = await _start_blocked_update(api, people, gate)
        assert (await _send(api, _update(people, "Lantern-8-moss"))).status == 200
        gate.opened.set()
        answer = await blocked
        assert (answer.status, answer.body) == (409, {"errorCode": "PASSWORD_INCORRECT"})

    runner.run(story())


def test_a_reset_does_not_wait_and_a_blocked_request_does_not_change_the_new_sandbox(
    server: Built, runner: asyncio.Runner, people: People, gate: Gate
) -> None:
    api = Api(server, runner, "reset")
    ada = people["weavr_multi", "ada"]
    log_in = {"email": ada.login, "password": {"value": ada.password}}

    async def story() -> None:
        blocked = await _start_blocked_update(api, people, gate)
        assert (await api.arequest("POST", "/__admin/reset")).status == 200
        gate.opened.set()
        # It changes the sandbox in which it began, which no longer exists.
        assert (await blocked).status == 200
        signed_in = await api.arequest("POST", "/login_with_password", json=log_in, headers=ada.headers)
        assert signed_in.status == 200
        assert (await api.arequest("GET", "/__admin/inbox")).body["messages"] == []

    runner.run(story())
