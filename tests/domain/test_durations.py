"""One grammar of durations."""

import time
from datetime import timedelta

import pytest

from watchword.domain.durations import read_duration, spell_duration, tell_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("20", timedelta(seconds=20)),
        ("20.5", timedelta(seconds=20.5)),
        ("0.1s", timedelta(microseconds=100_000)),
        ("250ms", timedelta(milliseconds=250)),
        ("61m", timedelta(minutes=61)),
        ("PT61M", timedelta(minutes=61)),
        ("P1Y2DT3H4M5.000001S", timedelta(days=367, hours=3, minutes=4, seconds=5, microseconds=1)),
        ("P2W", timedelta(weeks=2)),
        ("-P1D", timedelta(days=-1)),
        ("-5s", timedelta(seconds=-5)),
        ("0", timedelta(0)),
    ],
)
def test_a_duration_has_a_unit_or_is_iso_8601_or_a_number_of_seconds(text: str, duration: timedelta) -> None:
    assert read_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1M", "1y", "s", "5 s", "--5s", "1e3", "٣s", "+5s", "PT5", "T5S", "pt5s"]
)
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration: write 250ms, 5s, 61m"):
        read_duration(text)


def test_a_number_of_any_length_is_refused_at_once() -> None:
    started = time.monotonic()
    for text in ("9" * 500_000 + "ms", "PT" + "1" * 500_000 + "S", "0." + "1" * 500_000, "-P" + "0" * 500_000 + "D"):
        with pytest.raises(ValueError, match="is too long for a duration"):
            read_duration(text)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("text", ["999999999999999d", "P99999999999999Y", "9" * 60])
def test_a_duration_that_no_calendar_has_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match="is too long for a duration"):
        read_duration(text)


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=1.5), "1.5 seconds"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, seconds=1), "86401 seconds"),
    ],
)
def test_a_duration_is_told_exactly_in_the_largest_unit_that_fits(duration: timedelta, told: str) -> None:
    assert tell_duration(duration) == told


@pytest.mark.parametrize(
    ("duration", "spelled"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, seconds=-1), "23 hours 59 minutes 59 seconds"),
        (timedelta(days=364, hours=23, milliseconds=400), "364 days 23 hours"),
        (timedelta(minutes=60, milliseconds=-400), "1 hour"),
    ],
)
def test_a_duration_is_spelled_to_the_second(duration: timedelta, spelled: str) -> None:
    assert spell_duration(duration) == spelled
