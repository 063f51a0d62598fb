"""The clock of a sandbox, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import START, Api, ManualClock, Response
from tests.outcomes import outcome
from watchword.admin import shapes
from watchword.control.clock import ClockReading

DAY = 86_400


def put(api: Api, **change: object) -> Response:
    return api.call("admin.set_clock", body=change)


@outcome("admin.clock", 200, "running")
def test_a_fresh_clock_shows_the_real_time(api: Api) -> None:
    answer = api.call("admin.clock")
    assert answer.body == {"now": "2026-01-15T12:00:00.000Z", "frozen": False, "offsetSeconds": 0, "scale": 1.0}


def test_a_clock_that_is_hardly_behind_is_behind_by_zero_and_not_by_minus_zero() -> None:
    behind = ClockReading(START, frozen=True, offset=timedelta(microseconds=-400))
    assert str(shapes.clock(behind)["offsetSeconds"]) == "0.0"


@outcome("admin.set_clock", 200, "running")
def test_advance_moves_the_clock_and_lets_it_run(api: Api, clock: ManualClock) -> None:
    answer = put(api, action="advance", by="P1DT1M")
    assert answer.body == {"now": "2026-01-16T12:01:00.000Z", "frozen": False, "offsetSeconds": DAY + 60, "scale": 1.0}
    assert clock.now() == START + timedelta(days=1, minutes=1)


@pytest.mark.parametrize(
    ("by", "moved"),
    [
        ("P1D", timedelta(days=1)),
        ("PT90S", timedelta(seconds=90)),
        ("PT0.5S", timedelta(milliseconds=500)),
        ("P2W", timedelta(weeks=2)),
        ("P1Y1D", timedelta(days=366)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("-PT1H", timedelta(hours=-1)),
        ("61m", timedelta(minutes=61)),
        ("90", timedelta(seconds=90)),
        ("-0.5", timedelta(milliseconds=-500)),
        (90, timedelta(seconds=90)),
        (-0.5, timedelta(milliseconds=-500)),
        (1e-7, timedelta()),
        ("-12h", timedelta(hours=-12)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("1.5s", timedelta(milliseconds=1500)),
        ("250ms", timedelta(milliseconds=250)),
    ],
)
def test_durations_have_a_unit_or_are_iso_8601(api: Api, clock: ManualClock, by: str | float, moved: timedelta) -> None:
    assert put(api, action="advance", by=by).status == 200
    assert clock.now() == START + moved


@outcome("admin.set_clock", 200, "frozen")
@outcome("admin.clock", 200, "frozen")
def test_a_frozen_clock_stands_until_it_is_released(api: Api, clock: ManualClock) -> None:
    assert put(api, action="freeze").body["frozen"] is True
    assert put(api, action="advance", by="P1D").body["frozen"] is True
    assert api.call("admin.clock").body == {
        "now": "2026-01-16T12:00:00.000Z",
        "frozen": True,
        "offsetSeconds": DAY,
        "scale": 1.0,
    }
    assert put(api, action="unfreeze").body["frozen"] is False
    assert clock.now() == START + timedelta(days=1)


def test_a_clock_can_be_frozen_at_a_moment(api: Api) -> None:
    answer = put(api, action="freeze", to="2026-02-01T01:00:00+01:00")
    assert (answer.body["now"], answer.body["frozen"]) == ("2026-02-01T00:00:00.000Z", True)


def test_set_moves_the_clock_to_a_moment(api: Api, clock: ManualClock) -> None:
    assert put(api, action="set", to="2030-06-01T00:00:00Z").body["now"] == "2030-06-01T00:00:00.000Z"
    assert clock.now() == datetime(2030, 6, 1, tzinfo=UTC)


def test_scale_tells_how_fast_the_clock_runs(api: Api) -> None:
    assert put(api, action="scale", by=60).body["scale"] == 60
    assert put(api, action="freeze").body == {
        "now": "2026-01-15T12:00:00.000Z",
        "frozen": True,
        "offsetSeconds": 0,
        "scale": 60,
    }
    assert put(api, action="reset").body["scale"] == 1


def test_reset_shows_the_real_time_again(api: Api) -> None:
    put(api, action="freeze", to="2030-06-01T00:00:00Z")
    assert put(api, action="reset").body == {
        "now": "2026-01-15T12:00:00.000Z",
        "frozen": False,
        "offsetSeconds": 0,
        "scale": 1.0,
    }


@outcome("admin.set_clock", 400, "malformed")
@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"action": "set", "to": "2026-01-31T12:00:00"}, "to", "with its time zone, for example 2026-01-31T12:00:00Z"),
        ({"action": "set", "to": "0999-12-31T23:59:59Z"}, "to", "in the years 1000 to 9899"),
        ({"action": "set", "to": "2016-12-31T23:58:60Z"}, "to", "time zone"),
        ({"action": "set", "to": "2016-12-31T23:59:60Z"}, "to", "without a leap second"),
        ({"action": "set"}, "to", "is required"),
        ({"action": "advance", "by": 1e9}, "by", "for example 90s, 61m, P1D"),
        ({"action": "advance", "by": True}, "by", "for example 90s, 61m, P1D"),
        ({"action": "advance", "by": "1 day"}, "by", "for example 90s, 61m, P1D"),
        ({"action": "advance", "by": "P1M"}, "by", "for example 90s, 61m, P1D"),
        ({"action": "advance", "by": "P10000D"}, "by", "up to 99 years, 999 weeks, 9999 days"),
        ({"action": "advance"}, "", 'have either "by" with a duration or "to" with "next"'),
        ({"action": "advance", "by": "P1D", "to": "next"}, "", 'have either "by" with a duration or "to" with "next"'),
        ({"action": "advance", "to": "x"}, "", '"advance" needs "by" or "to":"next"'),
        ({"action": "scale"}, "by", "is required"),
        ({"action": "scale", "by": 0}, "by", "must be at least 0.001"),
        ({"action": "stop"}, "", "have one of the actions freeze, unfreeze, set, advance, scale and reset"),
        ({}, "", "have one of the actions"),
    ],
    ids=[
        *("no zone", "too early", "no leap second then", "leap second", "no moment"),
        *("too many seconds", "no number", "no duration", "months"),
        *("too many days", "duration missing", "next too many", "unknown moment", "no scale", "no time passes"),
        *("unknown action", "empty"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(api: Api, change: dict[str, object], field: str, problem: str) -> None:
    answer = api.call("admin.set_clock", body=change)
    assert (answer.status, answer.body["code"]) == (400, "malformed")
    (error,) = answer.body["errors"]
    assert (error["in"], error["field"]) == ("body", field)
    assert problem in error["problem"]
    assert api.call("admin.clock").body["now"] == "2026-01-15T12:00:00.000Z"


@outcome("admin.set_clock", 400, "calendar")
def test_a_step_out_of_the_calendar_is_refused(api: Api) -> None:
    put(api, action="freeze", to="8999-01-01T00:00:00Z")
    last = "8999-01-01T00:00:00.000Z"
    while (answer := put(api, action="advance", by="P99Y")).status == 200:
        last = answer.body["now"]
    assert (answer.status, answer.body["code"]) == (400, "calendar")
    assert last in answer.body["detail"]
    assert api.call("admin.clock").body["now"] == last


@outcome("admin.set_clock", 415, "unsupported-media-type")
def test_a_change_is_sent_as_json(api: Api) -> None:
    answer = api.request("PUT", "/__admin/clock", content=b"action=freeze", headers={"content-type": "text/plain"})
    assert (answer.status, answer.headers["accept-post"]) == (415, "application/json")


def test_the_clock_is_that_of_the_sandbox_that_the_request_names(api: Api) -> None:
    put(api, action="freeze", to="2030-06-01T00:00:00Z")
    other = api.request("GET", "/__admin/clock", headers={"Watchword-Sandbox": "default"})
    assert other.body["now"] == "2026-01-15T12:00:00.000Z"
