"""How the control API reads times and durations."""

from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from watchword.domain.refusal import Malformed, Violation

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_DURATION = TypeAdapter(timedelta)


def read_moment(text: str, *, where: str, name: str) -> datetime:
    """
    Read a time.

    Args:
        text: Of the document's format ``date-time``.
        where: Where *name* stands: ``body`` or ``query``.

    Raises:
        Malformed: The calendar does not have this time, for example a leap second or the year 0.
    """
    try:
        return _MOMENT.validate_python(text).astimezone(UTC)
    except (ValidationError, OverflowError):
        detail = "must be a time that the calendar has, without a leap second, for example 2026-01-31T12:00:00Z"
        raise Malformed([Violation(where, (name,), "format", "date-time", detail)]) from None


def read_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration, of the document's pattern."""
    return _DURATION.validate_python(text)


def read_wait(text: str) -> timedelta:
    """Read how long to wait, of the document's pattern: ``5s``, ``250ms``."""
    if text.endswith("ms"):
        return timedelta(milliseconds=int(text.removesuffix("ms")))
    return timedelta(seconds=int(text.removesuffix("s")))
