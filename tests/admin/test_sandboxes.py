"""Sandboxes, made and forgotten over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import START, Api
from tests.outcomes import outcome
from watchword.build import Built
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


@contextmanager
def no_room(sandboxes: Sandboxes) -> Iterator[None]:
    """Let there be no more sandboxes than there are, each with something in it."""
    before, sandboxes.capacity = sandboxes.capacity, len(list(sandboxes))
    for one in sandboxes:
        one.empty_mailbox()
    try:
        yield
    finally:
        sandboxes.capacity = before


@outcome("admin.sandboxes", 200, "sandboxes")
def test_the_sandbox_of_the_request_is_listed(api: Api) -> None:
    assert api.sandbox in [one["name"] for one in api.call("admin.sandboxes").body["sandboxes"]]


@outcome("admin.make_sandbox", 201, "made")
@outcome("admin.sandbox", 200, "sandbox")
def test_a_sandbox_is_made_from_the_seed(api: Api, sandboxes: Sandboxes) -> None:
    made = api.call("admin.make_sandbox", body={"name": "made-here"})
    assert made.body == {
        "name": "made-here",
        "createdAt": "2026-01-15T12:00:00.000Z",
        "clock": {"now": "2026-01-15T12:00:00.000Z", "frozen": False, "offsetSeconds": 0, "scale": 1.0},
        "messages": 0,
        "proposal": None,
    }
    assert api.request("GET", made.headers["location"]).body == made.body


def test_the_list_has_the_sandbox_that_it_is_asked_for_in(api: Api) -> None:
    assert api.sandbox in [one["name"] for one in api.call("admin.sandboxes").body["sandboxes"]]


@pytest.mark.parametrize("body", [None, {}], ids=["no body", "no name"])
def test_a_sandbox_without_a_name_gets_one_that_nobody_has(
    api: Api, sandboxes: Sandboxes, body: dict[str, str] | None
) -> None:
    names = {api.call("admin.make_sandbox", body=body).body["name"] for _ in range(3)}
    assert len(names) == 3
    assert all(sandboxes.get(name) is not None for name in names)


@outcome("admin.make_sandbox", 409, "sandbox-exists")
def test_a_name_that_is_taken_is_refused(api: Api) -> None:
    assert api.sandbox is not None
    created = [api.call("admin.make_sandbox", body={"name": api.sandbox}).status for _ in range(2)]
    assert created == [201, 409]


@outcome("admin.make_sandbox", 400, "malformed")
@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "ä", "a" * 65, 5, None])
def test_a_name_has_plain_letters(api: Api, sandboxes: Sandboxes, name: object) -> None:
    answer = api.call("admin.make_sandbox", body={"name": name})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "name")


@outcome("admin.make_sandbox", 415, "unsupported-media-type")
def test_a_name_is_sent_as_json(api: Api) -> None:
    answer = api.request("POST", "/__admin/sandboxes", content=b"name=x", headers={"content-type": "text/plain"})
    assert answer.status == 415


@outcome("admin.make_sandbox", 503, "too-many-sandboxes")
def test_there_are_no_more_sandboxes_than_allowed(api: Api, sandboxes: Sandboxes) -> None:
    assert api.call("admin.health").status == 200
    with no_room(sandboxes):
        answer = api.call("admin.make_sandbox", body={"name": "one-too-many"})
    assert "delete some first" in answer.body["detail"]
    assert sandboxes.get("one-too-many") is None


@outcome("admin.sandbox", 404, "no-such-sandbox")
def test_looking_at_a_sandbox_does_not_make_it(api: Api, sandboxes: Sandboxes) -> None:
    assert api.call("admin.sandbox", path={"name": "nobody"}).body["detail"] == "There is no sandbox 'nobody'."
    assert sandboxes.get("nobody") is None


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("admin.sandbox", marks=outcome("admin.sandbox", 400, "malformed")),
        pytest.param("admin.drop_sandbox", marks=outcome("admin.drop_sandbox", 400, "malformed")),
    ],
)
def test_a_name_that_no_sandbox_can_have_is_refused(api: Api, operation: str) -> None:
    answer = api.call(operation, path={"name": "~x"})
    assert answer.body["errors"][0]["field"] == "name"


@outcome("admin.drop_sandbox", 204)
@outcome("admin.drop_sandbox", 404, "no-such-sandbox")
def test_a_forgotten_sandbox_is_gone(api: Api, sandboxes: Sandboxes) -> None:
    api.call("admin.make_sandbox", body={"name": "for-a-moment"})
    assert api.call("admin.drop_sandbox", path={"name": "for-a-moment"}).status == 204
    assert sandboxes.get("for-a-moment") is None
    assert api.call("admin.drop_sandbox", path={"name": "for-a-moment"}).status == 404


@outcome("admin.drop_sandbox", 409, "default-stays")
def test_the_default_sandbox_stays(api: Api) -> None:
    assert api.call("admin.drop_sandbox", path={"name": "default"}).status == 409
    assert api.call("admin.sandbox", path={"name": "default"}).status == 200


@outcome("admin.reset", 200, "fresh")
def test_a_reset_takes_everything_back_in_this_sandbox_alone(api: Api, sandbox: Callable[[], Sandbox]) -> None:
    other = {"Watchword-Sandbox": f"{api.sandbox}-other"}
    for headers in ({}, other):
        api.call("admin.set_clock", body={"action": "advance", "by": "P1D"}, headers=headers)
        api.call("admin.change_settings", body={"zitadel": {"maintenance": True}}, headers=headers)
    fresh = api.call("admin.reset").body
    assert (fresh["name"], fresh["clock"]["offsetSeconds"]) == (api.sandbox, 0)
    assert sandbox().clock.now() == START
    assert api.call("admin.settings").body["zitadel"]["maintenance"] is False
    assert api.call("admin.clock", headers=other).body["offsetSeconds"] == 86_400
    assert api.call("admin.drop_sandbox", path={"name": other["Watchword-Sandbox"]}).status == 204
