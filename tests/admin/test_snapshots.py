"""Snapshots of a sandbox over HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import START, Api, People, Response
from tests.outcomes import outcome
from watchword.build import Built
from watchword.control.rules import switch_off
from watchword.sandbox import Sandbox
from watchword.sandbox.snapshots import MOST_SNAPSHOTS


def save(api: Api, name: str | None = "before") -> Response:
    return api.call("admin.save_snapshot", body={} if name is None else {"name": name})


def restore(api: Api, name: str = "before") -> Response:
    return api.call("admin.restore_snapshot", path={"name": name})


def names(api: Api) -> list[str]:
    return [one["name"] for one in api.call("admin.snapshots").body["snapshots"]]


def log_in(api: Api, people: People) -> object:
    """Log in, and give the answer, which has a new token."""
    ada = people["weavr_multi", "ada"]
    body = {"email": ada.login, "password": {"value": ada.password}}
    return api.call("weavr_multi.login_with_password", body=body, headers={"api-key": ada.headers["api-key"]}).body


@outcome("admin.save_snapshot", 201, "saved")
@outcome("admin.snapshots", 200, "snapshots")
def test_a_snapshot_is_saved_under_a_name(api: Api) -> None:
    moment = {"name": "before", "takenAt": "2026-01-15T12:00:00.000Z", "sandboxTime": "2026-01-15T13:00:00.000Z"}
    api.call("admin.set_clock", body={"action": "advance", "by": "PT1H"})
    assert save(api).body == {**moment, "messages": 0}
    assert api.call("admin.snapshots").body == {"snapshots": [{**moment, "messages": 0}]}


def test_a_snapshot_without_a_name_gets_one_that_no_other_has(api: Api) -> None:
    save(api, "snapshot-1")
    assert [save(api, None).body["name"], api.call("admin.save_snapshot").body["name"]] == ["snapshot-2", "snapshot-3"]


@outcome("admin.restore_snapshot", 200, "restored")
def test_a_restored_sandbox_answers_as_it_did_however_often_it_is_restored(api: Api, people: People) -> None:
    log_in(api, people)
    save(api)
    token = log_in(api, people)
    for _ in range(2):
        assert log_in(api, people) != token
        assert restore(api).body["name"] == api.sandbox
        assert log_in(api, people) == token


CHANGES: dict[str, Callable[[Api], object]] = {
    "people": lambda api: api.call("admin.make_person", body={"system": "entrust", "name": "newcomer"}),
    "inbox": lambda api: api.call(
        "weavr_multi.start_lost_password",
        body={"email": "ada@multi.example"},
        headers={"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="},
    ),
    "clock": lambda api: api.call("admin.set_clock", body={"action": "set", "to": "2030-01-01T00:00:00Z"}),
    "settings": lambda api: api.call("admin.change_settings", body={"zitadel": {"failing": True}}),
    "faults": lambda api: api.call("admin.arm_fault", body={"fault": {"delay": {"fixed": "1ms"}}}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_after_a_snapshot_is_as_it_was(api: Api, what: str) -> None:
    before = api.call(f"admin.{what}").body
    save(api)
    assert CHANGES[what](api).status < 300  # type: ignore[attr-defined]
    assert api.call(f"admin.{what}").body != before
    restore(api)
    assert api.call(f"admin.{what}").body == before


def test_rate_limits_and_rules_that_are_switched_off_are_as_they_were(
    api: Api, people: People, sandbox: Callable[[], Sandbox]
) -> None:
    limits = [{"requests": 1, "seconds": 60}]
    api.call("admin.change_settings", body={"weavr_multi": {"rate_limits": limits}})
    log_in(api, people)
    switch_off(sandbox(), "weavr.key.known")
    save(api)
    api.call("admin.reset")
    assert not sandbox().rules.altered
    restore(api)
    assert sandbox().rules.off == ("weavr.key.known",)
    ada = people["weavr_multi", "ada"]
    body = {"email": ada.login, "password": {"value": ada.password}}
    answer = api.call("weavr_multi.login_with_password", body=body, headers={"api-key": ada.headers["api-key"]})
    assert answer.status == 429


@pytest.mark.parametrize(("action", "frozen"), [("freeze", True), ("unfreeze", False)])
def test_a_restored_clock_shows_what_it_showed_and_runs_if_it_ran(api: Api, action: str, *, frozen: bool) -> None:
    api.call("admin.set_clock", body={"action": "set", "to": "2026-03-01T00:00:00Z"})
    api.call("admin.set_clock", body={"action": "scale", "by": 60})
    api.call("admin.set_clock", body={"action": action})
    save(api)
    api.call("admin.set_clock", body={"action": "reset"})
    clock = restore(api).body["clock"]
    assert (clock["now"], clock["frozen"], clock["scale"]) == ("2026-03-01T00:00:00.000Z", frozen, 60.0)


def test_a_running_clock_goes_on_from_what_it_showed(sandbox: Callable[[], Sandbox], built: Built) -> None:
    box, sandboxes = sandbox(), built.imitated.sandboxes
    saved = sandboxes.take_snapshot(box.name, "before")
    box.clock.wall_clock = lambda: START + timedelta(days=9)
    saved.content.clock.wall_clock = lambda: START + timedelta(days=9)
    restored = sandboxes.restore_snapshot(box.name, saved)
    assert (restored.clock.now(), restored.clock.frozen) == (START, False)
    restored.clock.wall_clock = lambda: START + timedelta(days=10)
    assert restored.clock.now() == START + timedelta(days=1)


def test_a_reset_clears_the_sandbox_and_leaves_its_snapshots(api: Api) -> None:
    CHANGES["inbox"](api)
    save(api)
    api.call("admin.reset")
    assert api.call("admin.inbox").body["messages"] == []
    assert names(api) == ["before"]
    restore(api)
    assert len(api.call("admin.inbox").body["messages"]) == 1


def test_restoring_clears_the_journal_as_a_reset_does(api: Api, people: People) -> None:
    save(api)
    log_in(api, people)
    restore(api)
    assert api.call("admin.journal").body["entries"] == []


def test_snapshots_belong_to_one_sandbox_and_go_with_it(api: Api) -> None:
    save(api)
    other = Api(api.built, api.runner, f"{api.sandbox}-other")
    assert names(other) == []
    api.call("admin.drop_sandbox", path={"name": str(api.sandbox)})
    assert names(api) == []
    other.call("admin.drop_sandbox", path={"name": str(other.sandbox)})


@outcome("admin.drop_snapshot", 204)
@outcome("admin.drop_snapshot", 404, "no-such-snapshot")
def test_a_dropped_snapshot_is_gone(api: Api) -> None:
    save(api)
    assert api.call("admin.drop_snapshot", path={"name": "before"}).status == 204
    assert api.call("admin.drop_snapshot", path={"name": "before"}).status == 404
    assert names(api) == []


@outcome("admin.restore_snapshot", 404, "no-such-snapshot")
def test_what_was_not_saved_cannot_be_restored(api: Api) -> None:
    save(api)
    assert restore(api, "after").body["detail"] == "This sandbox has no such snapshot. There are: before."


@outcome("admin.save_snapshot", 409, "snapshot-exists")
def test_a_snapshot_replaces_no_other(api: Api) -> None:
    save(api)
    assert save(api).body["code"] == "snapshot-exists"
    api.call("admin.drop_snapshot", path={"name": "before"})
    assert save(api).status == 201


@outcome("admin.save_snapshot", 409, "too-many-snapshots")
def test_a_sandbox_has_a_hundred_snapshots_at_most(api: Api, built: Built) -> None:
    for number in range(MOST_SNAPSHOTS):
        built.imitated.sandboxes.take_snapshot(str(api.sandbox), f"s{number}")
    assert save(api).body["code"] == "too-many-snapshots"
    assert len(names(api)) == MOST_SNAPSHOTS


@outcome("admin.save_snapshot", 400, "malformed")
@pytest.mark.parametrize("name", ["", "-a", "a b", "a@b", "ä", "a" * 65, 5, None])
def test_a_name_has_plain_letters(api: Api, name: object) -> None:
    answer = api.call("admin.save_snapshot", body={"name": name})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "name")


@outcome("admin.save_snapshot", 415, "unsupported-media-type")
def test_a_name_is_sent_as_json(api: Api) -> None:
    answer = api.request("POST", "/__admin/snapshots", content=b"name=x", headers={"content-type": "text/plain"})
    assert answer.status == 415


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("admin.restore_snapshot", marks=outcome("admin.restore_snapshot", 400, "malformed")),
        pytest.param("admin.drop_snapshot", marks=outcome("admin.drop_snapshot", 400, "malformed")),
    ],
)
def test_a_name_that_no_snapshot_can_have_is_refused(api: Api, operation: str) -> None:
    assert api.call(operation, path={"name": "~x"}).body["errors"][0]["field"] == "name"
