"""A clock that tests can move and freeze."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from watchword.domain.clock import Clock, start_timer, system_time

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class WallClock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def wall_clock() -> WallClock:
    return WallClock()


def test_a_new_clock_follows_its_wall_clock(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    wall_clock.time = NOON + HOUR
    assert clock.now() == NOON + HOUR
    assert not clock.frozen


def test_the_system_time_is_in_utc() -> None:
    assert system_time().tzinfo is UTC


def test_a_clock_returns_utc_even_if_its_wall_clock_has_another_timezone() -> None:
    clock = Clock(lambda: datetime(2026, 1, 15, 13, 0, tzinfo=timezone(HOUR)))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_while_its_wall_clock_runs(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.freeze()
    wall_clock.time = NOON + HOUR
    assert clock.now() == NOON
    assert clock.frozen


def test_an_unfrozen_clock_runs_from_the_moment_at_which_it_was_frozen(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.freeze()
    wall_clock.time = NOON + HOUR
    clock.unfreeze()
    assert clock.now() == NOON
    wall_clock.time += timedelta(minutes=1)
    assert clock.now() == NOON + timedelta(minutes=1)


def test_a_running_clock_that_is_set_runs_from_there(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.set(NOON + timedelta(days=3))
    wall_clock.time = NOON + HOUR
    assert clock.now() == NOON + timedelta(days=3, hours=1)
    assert clock.offset == timedelta(days=3)


def test_a_frozen_clock_that_is_set_stays_frozen(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.freeze()
    clock.set(NOON + timedelta(days=3))
    wall_clock.time = NOON + HOUR
    assert clock.now() == NOON + timedelta(days=3)


def test_setting_can_freeze_and_unfreeze(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.set(NOON, frozen=True)
    assert clock.frozen
    clock.set(NOON, frozen=False)
    assert not clock.frozen


def test_a_moment_in_another_timezone_is_converted_to_utc(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.set(datetime(2026, 1, 15, 13, 0, tzinfo=timezone(HOUR)), frozen=True)
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_timezone_is_refused_and_the_clock_does_not_move(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    with pytest.raises(ValueError, match="needs a timezone, for example 2026-01-31T12:00:00Z"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001  # that is the point
    assert clock.now() == NOON


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("by", [timedelta(days=90), timedelta(seconds=-1)], ids=["forwards", "backwards"])
def test_advancing_moves_the_clock_and_does_not_freeze_or_unfreeze_it(
    wall_clock: WallClock, by: timedelta, *, frozen: bool
) -> None:
    clock = Clock(wall_clock)
    clock.set(NOON, frozen=frozen)
    clock.advance(by)
    assert clock.now() == NOON + by
    assert clock.frozen is frozen


def test_advances_add_up(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.advance(HOUR)
    clock.advance(HOUR)
    assert clock.now() == NOON + 2 * HOUR


def test_an_advance_beyond_the_last_date_is_refused_and_the_clock_does_not_move(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    with pytest.raises(OverflowError):
        clock.advance(timedelta(days=999_999_999))
    assert clock.now() == NOON


@pytest.mark.parametrize(
    "move",
    [Clock.freeze, lambda clock: clock.advance(HOUR), lambda clock: clock.set(NOON + HOUR, frozen=True)],
    ids=["frozen", "advanced", "set and frozen"],
)
def test_a_reset_clock_follows_its_wall_clock_again(wall_clock: WallClock, move: Callable[[Clock], None]) -> None:
    clock = Clock(wall_clock)
    move(clock)
    clock.reset()
    wall_clock.time = NOON + timedelta(minutes=5)
    assert clock.now() == NOON + timedelta(minutes=5)
    assert not clock.frozen


def test_a_clock_runs_faster_from_the_present_moment_on(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    wall_clock.time = NOON + HOUR
    clock.run_at(60)
    assert (clock.now(), clock.scale) == (NOON + HOUR, 60)
    wall_clock.time += timedelta(minutes=1)
    assert clock.now() == NOON + 2 * HOUR


def test_a_faster_clock_can_be_moved_frozen_and_slowed_down(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.run_at(60)
    wall_clock.time += timedelta(minutes=1)
    clock.advance(HOUR)
    assert clock.now() == NOON + 2 * HOUR
    clock.freeze()
    wall_clock.time += timedelta(minutes=1)
    assert clock.now() == NOON + 2 * HOUR
    clock.unfreeze()
    wall_clock.time += timedelta(minutes=1)
    assert clock.now() == NOON + 3 * HOUR
    clock.run_at(1)
    wall_clock.time += timedelta(minutes=1)
    assert clock.now() == NOON + 3 * HOUR + timedelta(minutes=1)


def test_a_reset_takes_the_pace_back(wall_clock: WallClock) -> None:
    clock = Clock(wall_clock)
    clock.run_at(60)
    clock.reset()
    wall_clock.time += HOUR
    assert (clock.now(), clock.scale) == (NOON + HOUR, 1)


def test_a_timer_counts_from_its_start_and_never_back() -> None:
    first = start_timer()
    second = start_timer()
    told = [second(), first(), first()]
    assert told == sorted(told)
    assert timedelta(0) <= told[0] < HOUR
