"""Durations as text, read in one way wherever one is written: flags, files, settings, the control API."""

import re
from datetime import timedelta
from decimal import Decimal

_YEAR = timedelta(days=365)
_ISO = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_SHORT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|[smhdw]?)", re.ASCII)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "": timedelta(seconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_TOLD = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
_MOST_CHARACTERS = 64
"""More than any duration has; reading a number takes time that grows with the square of its digits."""
FORMS = "250ms, 5s, 61m, 12h, 7d or as in ISO 8601 PT61M, P7D; a number alone is seconds"
"""How durations may be written, for messages."""


def read_duration(text: str) -> timedelta:
    """
    Read a duration.

    Args:
        text: A number with a unit (``250ms``, ``5s``, ``61m``, ``12h``, ``7d``, ``2w``), a number of seconds, or an
            ISO 8601 duration, whose years are 365 days and whose months have no length; a minus sign before it makes
            it negative.

    Raises:
        ValueError: It is written in another way, or too long.
    """
    if len(text) > _MOST_CHARACTERS:
        raise _too_long()
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    try:
        if found := _SHORT.fullmatch(digits):
            return sign * _times(_UNITS[found["unit"]], found["number"])
        if (found := _ISO.fullmatch(digits)) and digits[-1] not in "PT":
            parts = {name: number for name, number in found.groupdict().items() if number is not None}
            years = int(parts.pop("years", 0)) * _YEAR
            return sign * sum((_times(timedelta(**{name: 1}), number) for name, number in parts.items()), years)
    except OverflowError:
        raise _too_long() from None
    raise ValueError(f"is not a duration: write {FORMS}")


def _too_long() -> ValueError:
    return ValueError(f"is too long for a duration, for which there are {timedelta.max.days} days")


def _times(unit: timedelta, number: str) -> timedelta:
    """Multiply without losing digits: 0.1 s is 100,000 microseconds."""
    microseconds = Decimal(number) * (unit // timedelta(microseconds=1))
    return timedelta(microseconds=round(microseconds))


def tell_duration(duration: timedelta) -> str:
    """Say *duration* exactly, in the largest unit of which it is a whole number: ``1 hour``, ``90 seconds``."""
    for name, length in _TOLD.items():
        if duration and not duration % length:
            return _counted(duration // length, name)
    return _counted(duration.total_seconds(), "second")


def spell_duration(duration: timedelta) -> str:
    """Say *duration*, which is not negative, to the second: ``1 day 59 minutes``."""
    told, rest = [], timedelta(seconds=round(duration.total_seconds()))
    for name, length in _TOLD.items():
        number, rest = divmod(rest, length)
        if number:
            told.append(_counted(number, name))
    if rest or not told:
        told.append(_counted(rest.total_seconds(), "second"))
    return " ".join(told)


def _counted(number: float, name: str) -> str:
    return f"{number:.10g} {name}{'' if number == 1 else 's'}"


def write_duration(duration: timedelta) -> str:
    """Write *duration* as in ISO 8601, in days and seconds: ``P1DT0.25S``, ``-PT5S``."""
    sign, length = ("-", -duration) if duration < timedelta(0) else ("", duration)
    seconds = Decimal(length.seconds) + Decimal(length.microseconds) / 1_000_000
    days = f"{length.days}D" if length.days else ""
    rest = f"T{seconds.normalize():f}S" if seconds or not days else ""
    return f"{sign}P{days}{rest}"
