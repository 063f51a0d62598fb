"""Rate limits: fixed limiter that start with the first request in them."""

from datetime import UTC, datetime, timedelta

import pytest

from watchword.domain.limits import Limit, RateLimiter
from watchword.domain.refusal import TooManyRequests

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TWO_A_MINUTE = Limit(2, timedelta(minutes=1))
THREE_AN_HOUR = Limit(3, timedelta(hours=1))


def send(limiter: RateLimiter, *limits: Limit, caller: str = "ada", now: datetime = NOON) -> bool:
    """Count a request; False if it is refused."""
    try:
        limiter.count_request(caller, limits, now=now)
    except TooManyRequests:
        return False
    return True


def test_requests_up_to_the_limit_are_accepted() -> None:
    limiter = RateLimiter()
    assert [send(limiter, TWO_A_MINUTE) for _ in range(4)] == [True, True, False, False]


def test_a_window_starts_with_its_first_request() -> None:
    limiter = RateLimiter()
    assert send(limiter, TWO_A_MINUTE, now=NOON)
    assert send(limiter, TWO_A_MINUTE, now=NOON + 30 * SECOND)
    assert not send(limiter, TWO_A_MINUTE, now=NOON + 59 * SECOND)
    assert send(limiter, TWO_A_MINUTE, now=NOON + 60 * SECOND)


def test_a_new_window_starts_empty() -> None:
    limiter = RateLimiter()
    for _ in range(2):
        send(limiter, TWO_A_MINUTE, now=NOON)
    later = NOON + timedelta(minutes=5)
    assert [send(limiter, TWO_A_MINUTE, now=later) for _ in range(3)] == [True, True, False]


def test_callers_are_counted_separately() -> None:
    limiter = RateLimiter()
    for _ in range(2):
        send(limiter, TWO_A_MINUTE, caller="ada")
    assert not send(limiter, TWO_A_MINUTE, caller="ada")
    assert send(limiter, TWO_A_MINUTE, caller="ben")


def test_a_request_must_fit_every_limit() -> None:
    limiter = RateLimiter()
    minutes = [NOON + timedelta(minutes=number) for number in range(4)]
    accepted = [send(limiter, TWO_A_MINUTE, THREE_AN_HOUR, now=now) for now in minutes]
    assert accepted == [True, True, True, False]


@pytest.mark.parametrize("limits", [(TWO_A_MINUTE, THREE_AN_HOUR), (THREE_AN_HOUR, TWO_A_MINUTE)])
def test_a_refused_request_is_not_counted(limits: tuple[Limit, ...]) -> None:
    limiter = RateLimiter()
    for _ in range(10):
        send(limiter, *limits, now=NOON)
    assert send(limiter, *limits, now=NOON + timedelta(minutes=1))


def test_a_refusal_has_the_exceeded_limit_all_limits_and_the_time_to_wait() -> None:
    limiter = RateLimiter()
    for _ in range(2):
        send(limiter, TWO_A_MINUTE, THREE_AN_HOUR)
    with pytest.raises(TooManyRequests) as caught:
        limiter.count_request("ada", [TWO_A_MINUTE, THREE_AN_HOUR], now=NOON + timedelta(seconds=17.2))
    refusal = caught.value
    assert refusal.exceeded == 2
    assert refusal.limits == ((2, timedelta(minutes=1)), (3, timedelta(hours=1)))
    assert refusal.reset_seconds == 43


def test_a_request_after_the_stated_time_is_accepted() -> None:
    limiter = RateLimiter()
    one_in_ten = Limit(1, 10 * SECOND)
    limiter.count_request("ada", [one_in_ten], now=NOON)
    asked_at = NOON + timedelta(seconds=9.999)
    with pytest.raises(TooManyRequests) as caught:
        limiter.count_request("ada", [one_in_ten], now=asked_at)
    assert caught.value.reset_seconds == 1
    limiter.count_request("ada", [one_in_ten], now=asked_at + caught.value.reset_seconds * SECOND)


def test_moving_the_clock_back_starts_a_new_window() -> None:
    limiter = RateLimiter()
    for _ in range(2):
        send(limiter, TWO_A_MINUTE, now=NOON)
    assert send(limiter, TWO_A_MINUTE, now=NOON - timedelta(days=1))


def test_without_limits_every_request_is_accepted() -> None:
    limiter = RateLimiter()
    assert all(send(limiter) for _ in range(1000))


def test_ended_windows_are_dropped() -> None:
    limiter = RateLimiter()
    for number in range(100):
        send(limiter, TWO_A_MINUTE, caller=f"caller-{number}", now=NOON)
    assert len(limiter) == 100
    send(limiter, TWO_A_MINUTE, caller="ada", now=NOON + timedelta(minutes=1))
    assert len(limiter) == 1
