"""What a sandbox's settings do to every request of a system: maintenance, failures, limits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.toy import NOON, Toy, api_of, ask, served, set_up, toy

PATHS = """
  /toys:
    get: {operationId: toy.list, security: [{key: []}], responses: {'204': {description: x}}}
    post:
      operationId: toy.make
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: x}}
  /dolls: {get: {operationId: doll.list, responses: {'204': {description: x}}}}
  /health: {get: {operationId: health, responses: {'204': {description: x}}}}
"""
TWO_A_MINUTE = [{"requests": 2, "seconds": 60}]


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return served(api_of(tmp_path, PATHS, toy(), others=[toy(name="doll")]))


def toys(server: Toy, **headers: str) -> int:
    return ask(server, "GET", "/toys", headers={"X-Key": "k", **headers}).status


def test_without_settings_everything_passes(server: Toy) -> None:
    assert [toys(server) for _ in range(20)] == [204] * 20


def test_maintenance_answers_503_in_the_systems_envelope(server: Toy) -> None:
    set_up(server, maintenance=True)
    reply = ask(server, "GET", "/toys", headers={"X-Key": "k"})
    assert (reply.status, reply.json["toy"]) == (503, "maintenance")


def test_an_outage_answers_500_in_the_systems_envelope(server: Toy) -> None:
    set_up(server, failing=True)
    reply = ask(server, "GET", "/toys", headers={"X-Key": "k"})
    assert (reply.status, reply.json["toy"]) == (500, "internal")


def test_maintenance_comes_before_credentials_and_bodies(server: Toy) -> None:
    set_up(server, maintenance=True)
    assert ask(server, "GET", "/toys").status == 503
    assert ask(server, "POST", "/toys", content=b"no json").status == 503


def test_an_unknown_path_is_unknown_during_maintenance_too(server: Toy) -> None:
    set_up(server, maintenance=True)
    assert ask(server, "GET", "/toyss").status == 404


@pytest.mark.parametrize("setting", ["maintenance", "failing"])
def test_a_setting_is_one_of_one_system_in_one_sandbox(server: Toy, setting: str) -> None:
    settings: dict[str, Any] = {setting: True}
    set_up(server, **settings)
    assert ask(server, "GET", "/dolls").status == 204
    assert ask(server, "GET", "/health").status == 204
    assert toys(server, **{"Watchword-Sandbox": "other"}) == 204


def test_more_requests_than_a_window_allows_are_429(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    assert [toys(server) for _ in range(3)] == [204, 204, 429]


def test_windows_run_on_the_clock_of_the_sandbox(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    sandbox = server.served_api.sandboxes.enter("default")
    sandbox.clock.set(NOON, frozen=True)
    assert [toys(server) for _ in range(3)] == [204, 204, 429]
    sandbox.clock.advance(timedelta(seconds=59))
    assert toys(server) == 429
    sandbox.clock.advance(timedelta(seconds=1))
    assert toys(server) == 204


@pytest.mark.parametrize("header", ["Api-Key", "Authorization"])
def test_requests_are_counted_by_credential(server: Toy, header: str) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    for credential in ("one", "other"):
        assert [toys(server, **{header: credential}) for _ in range(3)] == [204, 204, 429]


def test_requests_without_credential_are_counted_by_address(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    assert [ask(server, "GET", "/toys").status for _ in range(3)] == [401, 401, 429]


def test_requests_that_are_refused_later_count_too(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    assert [ask(server, "POST", "/toys", content=b"no json").status for _ in range(3)] == [400, 400, 429]


def test_a_limit_is_one_of_one_system_in_one_sandbox(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    set_up(server, "other", rate_limits=TWO_A_MINUTE)
    assert [toys(server) for _ in range(3)] == [204, 204, 429]
    assert [ask(server, "GET", "/dolls", headers={"X-Key": "k"}).status for _ in range(3)] == [204] * 3
    assert toys(server, **{"Watchword-Sandbox": "other"}) == 204


def test_a_credential_is_not_kept_as_it_is(server: Toy) -> None:
    set_up(server, rate_limits=TWO_A_MINUTE)
    toys(server, **{"Api-Key": "very-secret"})
    assert "very-secret" not in repr(server.served_api.sandboxes.enter("default").rate_limiter)
