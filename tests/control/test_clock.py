"""The clock of a sandbox."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.toy import NOON
from watchword.control.clock import (
    ClockReading,
    advance_clock,
    freeze_clock,
    read_clock,
    reset_clock,
    set_clock,
    unfreeze_clock,
)
from watchword.control.errors import ChangeNotStored, OutsideCalendar
from watchword.sandbox import Sandbox, Sandboxes

DAY = timedelta(days=1)
JUNE = datetime(2030, 6, 1, tzinfo=UTC)


def test_a_fresh_clock_shows_the_real_time(box: Sandbox) -> None:
    assert read_clock(box) == ClockReading(NOON, frozen=False, offset=timedelta(0))


@pytest.mark.parametrize("by", [DAY, -DAY, timedelta(milliseconds=500)])
def test_an_advanced_clock_runs_on_from_there(box: Sandbox, by: timedelta) -> None:
    assert advance_clock(box, by) == read_clock(box) == ClockReading(NOON + by, frozen=False, offset=by)


def test_a_frozen_clock_stands_still_until_it_is_unfrozen(box: Sandbox) -> None:
    assert freeze_clock(box) == ClockReading(NOON, frozen=True, offset=timedelta(0))
    assert advance_clock(box, DAY) == ClockReading(NOON + DAY, frozen=True, offset=DAY)
    assert unfreeze_clock(box) == ClockReading(NOON + DAY, frozen=False, offset=DAY)


def test_a_clock_is_frozen_at_a_moment_of_any_timezone(box: Sandbox) -> None:
    at = datetime(2026, 2, 1, 1, 0, tzinfo=timezone(timedelta(hours=1)))
    assert freeze_clock(box, at=at).now == datetime(2026, 2, 1, tzinfo=UTC)
    assert read_clock(box).now.tzinfo is UTC


@pytest.mark.parametrize("before", [read_clock, freeze_clock], ids=["running", "frozen"])
def test_a_clock_that_is_set_runs_or_stands_as_before(box: Sandbox, before: Callable[[Sandbox], ClockReading]) -> None:
    frozen = before(box).frozen
    assert set_clock(box, JUNE) == ClockReading(JUNE, frozen=frozen, offset=JUNE - NOON)


def test_a_reset_clock_shows_the_real_time_again(box: Sandbox) -> None:
    freeze_clock(box, at=JUNE)
    assert reset_clock(box) == ClockReading(NOON, frozen=False, offset=timedelta(0))


@pytest.mark.parametrize(
    "move",
    [
        lambda box: advance_clock(box, timedelta(days=366 * 99)),
        lambda box: advance_clock(box, timedelta.max),
        lambda box: set_clock(box, datetime(9900, 1, 1, tzinfo=UTC)),
        lambda box: freeze_clock(box, at=datetime(999, 12, 31, tzinfo=UTC)),
        lambda box: set_clock(box, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23)))),
    ],
    ids=["too far ahead", "no calendar has it", "too late", "too early", "too early in UTC"],
)
def test_the_calendar_ends_before_lifetimes_cannot_be_added(
    box: Sandbox, move: Callable[[Sandbox], ClockReading]
) -> None:
    before = set_clock(box, datetime(9850, 1, 1, tzinfo=UTC))
    with pytest.raises(OutsideCalendar, match=r"at 9850-01-01T00:00:00\.000Z; .* years 1000 to 9899\.") as error:
        move(box)
    assert error.value.code == "calendar"
    assert read_clock(box) == before


def test_the_calendar_begins_where_lifetimes_can_still_be_taken_off(box: Sandbox) -> None:
    set_clock(box, datetime(1001, 1, 1, tzinfo=UTC))
    with pytest.raises(OutsideCalendar):
        advance_clock(box, timedelta(days=-400))


@pytest.mark.parametrize("move", [set_clock, lambda box, moment: freeze_clock(box, at=moment)], ids=["set", "freeze"])
def test_a_moment_needs_a_timezone(box: Sandbox, move: Callable[[Sandbox, datetime], ClockReading]) -> None:
    with pytest.raises(ValueError, match="needs a timezone"):
        move(box, datetime(2030, 6, 1))  # noqa: DTZ001  # that is what is wrong with it
    assert read_clock(box).now == NOON


@pytest.mark.parametrize("move", [freeze_clock, unfreeze_clock, reset_clock], ids=lambda one: one.__name__)
def test_a_move_that_cannot_be_stored_changes_nothing(
    unwritable: Sandbox, move: Callable[[Sandbox], ClockReading]
) -> None:
    before = read_clock(unwritable)
    with pytest.raises(ChangeNotStored, match="the disk is full"):
        move(unwritable)
    assert read_clock(unwritable) == before


def test_every_sandbox_has_a_clock_of_its_own(toys: Sandboxes, box: Sandbox) -> None:
    freeze_clock(box, at=JUNE)
    assert read_clock(toys.enter("other")).now == NOON
