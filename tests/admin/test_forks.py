"""Sandboxes that are copies of others, as these are or as they were before a request."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import START, Api, Response
from tests.outcomes import outcome
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.sandbox import Sandbox
from watchword.sandbox.registry import Sandboxes


@pytest.fixture
def sandboxes(built: Built) -> Iterator[Sandboxes]:
    """All sandboxes; those that the test makes are forgotten afterwards."""
    known = {one.name for one in built.imitated.sandboxes}
    yield built.imitated.sandboxes
    for one in built.imitated.sandboxes:
        if one.name not in known:
            built.imitated.sandboxes.drop(one.name)


def fork(api: Api, **body: object) -> Response:
    return api.call("admin.make_sandbox", body={"from": api.sandbox, **body})


def inside(api: Api, name: str) -> Api:
    return Api(api.built, api.runner, name)


def lose_password(api: Api) -> None:
    ada = api.call("admin.people", query={"system": "weavr_multi"}).body["people"][0]
    body = {"email": ada["login"]}
    assert api.call("weavr_multi.start_lost_password", body=body, headers=ada["headers"]).status == 204


def mails(api: Api) -> list[str]:
    return [one["text"] for one in api.call("admin.inbox").body["messages"]]


def test_a_fork_goes_on_as_its_original_does_and_neither_sees_the_other(api: Api, sandboxes: Sandboxes) -> None:
    lose_password(api)
    api.call("admin.set_clock", body={"action": "advance", "by": "P1D"})
    answer = fork(api, name="forked")
    assert answer.status == 201
    assert answer.body["clock"]["offsetSeconds"] == 24 * 60 * 60
    other = inside(api, "forked")
    assert mails(other) == mails(api)
    lose_password(other)
    assert (len(mails(other)), len(mails(api))) == (2, 1)
    lose_password(api)
    assert mails(other) == mails(api)


def test_a_fork_without_a_name_gets_one_that_nobody_has(api: Api, sandboxes: Sandboxes) -> None:
    api.call("admin.clock")
    names = {fork(api).body["name"] for _ in range(2)}
    assert len(names) == 2
    assert all(sandboxes.get(name) is not None for name in names)


def test_a_fork_is_what_its_original_was_before_a_request(api: Api, sandboxes: Sandboxes) -> None:
    lose_password(api)
    lose_password(api)
    second = api.call("admin.journal").body["entries"][0]["id"]
    lose_password(api)
    api.call("admin.set_clock", body={"action": "freeze"})
    answer = fork(api, name="before", before=second)
    assert (answer.body["messages"], answer.body["clock"]["frozen"]) == (1, False)
    other = inside(api, "before")
    lose_password(other)
    assert mails(other) == mails(api)[1:]


def test_before_a_request_that_changed_nothing_is_when_it_arrived(api: Api, sandboxes: Sandboxes) -> None:
    lose_password(api)
    api.request("GET", "/nowhere")
    lose_password(api)
    entry = api.call("admin.journal").body["entries"][1]["id"]
    assert api.call("admin.make_sandbox", body={"before": entry}).body["messages"] == 1


@outcome("admin.make_sandbox", 404, "no-such-sandbox")
def test_what_is_not_there_cannot_be_forked(api: Api) -> None:
    answer = api.call("admin.make_sandbox", body={"from": "nobody"})
    assert answer.body["detail"] == "There is no sandbox 'nobody'."


def test_of_a_sandbox_that_is_not_there_no_request_is_looked_for(api: Api) -> None:
    answer = api.call("admin.make_sandbox", body={"from": "nobody", "before": "last"})
    assert answer.body["detail"] == "There is no sandbox 'nobody'."


@outcome("admin.make_sandbox", 404, "no-such-entry")
def test_a_request_of_another_sandbox_is_none_of_this_one(api: Api) -> None:
    assert api.call("admin.clock").status == 200
    assert fork(api, before="00000000-0000-4000-8000-000000000000").body["code"] == "no-such-entry"


@outcome("admin.make_sandbox", 410, "entry-gone")
def test_a_request_that_the_journal_has_dropped_cannot_be_gone_back_to(api: Api) -> None:
    lose_password(api)
    entry = api.call("admin.journal").body["entries"][0]["id"]
    api.call("admin.clear_journal")
    assert fork(api, before=entry).body["code"] == "entry-gone"


@outcome("admin.make_sandbox", 410, "gone")
def test_a_state_that_is_not_remembered_cannot_be_gone_back_to(
    api: Api, sandbox: Callable[[], Sandbox], sandboxes: Sandboxes
) -> None:
    lose_password(api)
    for _ in range(sandboxes.history + 1):
        sandbox().set_clock(sandbox().clock)
    assert fork(api, name="late", before="last").body["code"] == "gone"
    assert sandboxes.get("late") is None


@outcome("admin.make_sandbox", 404, "journal-off")
def test_without_a_journal_there_is_nothing_to_go_back_to() -> None:
    with asyncio.Runner() as runner:
        api = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START, journal=0)), runner, None)
        assert fork(api, **{"from": "default", "before": "last"}).body["code"] == "journal-off"


def test_a_name_that_is_taken_is_refused_for_forks_too(api: Api, sandboxes: Sandboxes) -> None:
    api.call("admin.clock")
    assert fork(api, name="default").body["code"] == "sandbox-exists"


@pytest.mark.parametrize("field", ["from", "before"])
def test_what_is_forked_has_a_name_and_the_request_an_id(api: Api, field: str) -> None:
    answer = fork(api, **{field: "no such"})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
