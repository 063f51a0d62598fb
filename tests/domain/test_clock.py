"""Time that can be moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from watchword.domain.clock import Clock, system_time

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A source of time that a test moves by hand."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_an_untouched_clock_tells_the_time_of_its_source(machine: Machine) -> None:
    clock = Clock(machine)
    machine.time = NOON + HOUR
    assert clock.now() == NOON + HOUR
    assert not clock.frozen


def test_the_system_time_has_the_timezone_utc() -> None:
    assert system_time().tzinfo is UTC


def test_the_time_is_told_in_utc_whatever_the_source_speaks() -> None:
    clock = Clock(lambda: datetime(2026, 1, 15, 13, 0, tzinfo=timezone(HOUR)))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_while_its_source_goes_on(machine: Machine) -> None:
    clock = Clock(machine)
    clock.freeze()
    machine.time = NOON + HOUR
    assert clock.now() == NOON
    assert clock.frozen


def test_an_unfrozen_clock_goes_on_from_where_it_stood(machine: Machine) -> None:
    clock = Clock(machine)
    clock.freeze()
    machine.time = NOON + HOUR
    clock.unfreeze()
    assert clock.now() == NOON
    machine.time += timedelta(minutes=1)
    assert clock.now() == NOON + timedelta(minutes=1)


def test_a_running_clock_that_is_set_runs_on_from_there(machine: Machine) -> None:
    clock = Clock(machine)
    clock.set(NOON + timedelta(days=3))
    machine.time = NOON + HOUR
    assert clock.now() == NOON + timedelta(days=3, hours=1)
    assert clock.offset == timedelta(days=3)


def test_a_frozen_clock_that_is_set_stays_frozen(machine: Machine) -> None:
    clock = Clock(machine)
    clock.freeze()
    clock.set(NOON + timedelta(days=3))
    machine.time = NOON + HOUR
    assert clock.now() == NOON + timedelta(days=3)


def test_setting_can_freeze_and_unfreeze(machine: Machine) -> None:
    clock = Clock(machine)
    clock.set(NOON, frozen=True)
    assert clock.frozen
    clock.set(NOON, frozen=False)
    assert not clock.frozen


def test_a_moment_of_another_timezone_is_the_same_moment_in_utc(machine: Machine) -> None:
    clock = Clock(machine)
    clock.set(datetime(2026, 1, 15, 13, 0, tzinfo=timezone(HOUR)), frozen=True)
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_moment_without_timezone_is_refused_and_nothing_moves(machine: Machine) -> None:
    clock = Clock(machine)
    with pytest.raises(ValueError, match="needs a timezone, for example 2026-01-31T12:00:00Z"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001  # that is the point
    assert clock.now() == NOON


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("by", [timedelta(days=90), timedelta(seconds=-1)], ids=["forwards", "backwards"])
def test_advancing_moves_the_clock_and_leaves_it_frozen_or_not(
    machine: Machine, by: timedelta, *, frozen: bool
) -> None:
    clock = Clock(machine)
    clock.set(NOON, frozen=frozen)
    clock.advance(by)
    assert clock.now() == NOON + by
    assert clock.frozen is frozen


def test_advances_add_up(machine: Machine) -> None:
    clock = Clock(machine)
    clock.advance(HOUR)
    clock.advance(HOUR)
    assert clock.now() == NOON + 2 * HOUR


def test_an_advance_beyond_the_calendar_is_refused_and_nothing_moves(machine: Machine) -> None:
    clock = Clock(machine)
    with pytest.raises(OverflowError):
        clock.advance(timedelta(days=999_999_999))
    assert clock.now() == NOON


@pytest.mark.parametrize(
    "disturb",
    [Clock.freeze, lambda clock: clock.advance(HOUR), lambda clock: clock.set(NOON + HOUR, frozen=True)],
    ids=["frozen", "advanced", "set and frozen"],
)
def test_a_reset_clock_runs_with_its_source_again(machine: Machine, disturb: Callable[[Clock], None]) -> None:
    clock = Clock(machine)
    disturb(clock)
    clock.reset()
    machine.time = NOON + timedelta(minutes=5)
    assert clock.now() == NOON + timedelta(minutes=5)
    assert not clock.frozen
