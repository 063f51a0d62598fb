"""Fixed windows that start with the first request in them, on the clock of the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest

from watchword.domain.limits import Limit, RateWindows
from watchword.domain.refusal import TooManyRequests

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TWO_A_MINUTE = Limit(2, timedelta(minutes=1))
THREE_AN_HOUR = Limit(3, timedelta(hours=1))


def spend(windows: RateWindows, *limits: Limit, caller: str = "ada", now: datetime = NOON) -> bool:
    """Whether a request is let through."""
    try:
        windows.spend(caller, limits, now=now)
    except TooManyRequests:
        return False
    return True


def test_as_many_requests_as_the_limit_says_are_let_through() -> None:
    windows = RateWindows()
    assert [spend(windows, TWO_A_MINUTE) for _ in range(4)] == [True, True, False, False]


def test_a_window_lasts_from_its_first_request_on() -> None:
    windows = RateWindows()
    assert spend(windows, TWO_A_MINUTE, now=NOON)
    assert spend(windows, TWO_A_MINUTE, now=NOON + 30 * SECOND)
    assert not spend(windows, TWO_A_MINUTE, now=NOON + 59 * SECOND)
    assert spend(windows, TWO_A_MINUTE, now=NOON + 60 * SECOND)


def test_a_new_window_starts_empty() -> None:
    windows = RateWindows()
    for _ in range(2):
        spend(windows, TWO_A_MINUTE, now=NOON)
    later = NOON + timedelta(minutes=5)
    assert [spend(windows, TWO_A_MINUTE, now=later) for _ in range(3)] == [True, True, False]


def test_every_caller_has_windows_of_their_own() -> None:
    windows = RateWindows()
    for _ in range(2):
        spend(windows, TWO_A_MINUTE, caller="ada")
    assert not spend(windows, TWO_A_MINUTE, caller="ada")
    assert spend(windows, TWO_A_MINUTE, caller="ben")


def test_every_limit_holds() -> None:
    windows = RateWindows()
    minutes = [NOON + timedelta(minutes=number) for number in range(4)]
    let_through = [spend(windows, TWO_A_MINUTE, THREE_AN_HOUR, now=now) for now in minutes]
    assert let_through == [True, True, True, False]


@pytest.mark.parametrize("limits", [(TWO_A_MINUTE, THREE_AN_HOUR), (THREE_AN_HOUR, TWO_A_MINUTE)])
def test_a_refused_request_counts_in_no_window(limits: tuple[Limit, ...]) -> None:
    windows = RateWindows()
    for _ in range(10):
        spend(windows, *limits, now=NOON)
    assert spend(windows, *limits, now=NOON + timedelta(minutes=1))


def test_a_refusal_says_which_limit_all_limits_and_when_to_come_back() -> None:
    windows = RateWindows()
    for _ in range(2):
        spend(windows, TWO_A_MINUTE, THREE_AN_HOUR)
    with pytest.raises(TooManyRequests) as caught:
        windows.spend("ada", [TWO_A_MINUTE, THREE_AN_HOUR], now=NOON + timedelta(seconds=17.2))
    refusal = caught.value
    assert refusal.exceeded == 2
    assert refusal.limits == ((2, timedelta(minutes=1)), (3, timedelta(hours=1)))
    assert refusal.reset_seconds == 43


def test_the_promised_moment_is_late_enough() -> None:
    windows = RateWindows()
    one_in_ten = Limit(1, 10 * SECOND)
    windows.spend("ada", [one_in_ten], now=NOON)
    asked_at = NOON + timedelta(seconds=9.999)
    with pytest.raises(TooManyRequests) as caught:
        windows.spend("ada", [one_in_ten], now=asked_at)
    assert caught.value.reset_seconds == 1
    windows.spend("ada", [one_in_ten], now=asked_at + caught.value.reset_seconds * SECOND)


def test_a_clock_that_is_set_back_starts_a_new_window() -> None:
    windows = RateWindows()
    for _ in range(2):
        spend(windows, TWO_A_MINUTE, now=NOON)
    assert spend(windows, TWO_A_MINUTE, now=NOON - timedelta(days=1))


def test_without_limits_everything_is_let_through() -> None:
    windows = RateWindows()
    assert all(spend(windows) for _ in range(1000))


def test_windows_that_are_over_are_forgotten() -> None:
    windows = RateWindows()
    for number in range(100):
        spend(windows, TWO_A_MINUTE, caller=f"caller-{number}", now=NOON)
    assert len(windows) == 100
    spend(windows, TWO_A_MINUTE, caller="ada", now=NOON + timedelta(minutes=1))
    assert len(windows) == 1
