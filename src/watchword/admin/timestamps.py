"""How the control API writes and reads times and durations."""

from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from watchword.domain.refusal import Malformed, Violation
from watchword.domain.timestamps import write_utc

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_DURATION = TypeAdapter(timedelta)


def written(moment: datetime) -> str:
    """Write *moment* in UTC, to the millisecond."""
    return write_utc(moment, precision="milliseconds")


def moment(text: str, *, where: str, name: str) -> datetime:
    """
    Read a time.

    Args:
        text: Of the document's format ``date-time``.
        where: Where *name* stands: ``body`` or ``query``.

    Raises:
        Malformed: It is one that the calendar does not have: a leap second, the year 0.
    """
    try:
        return _MOMENT.validate_python(text).astimezone(UTC)
    except (ValidationError, OverflowError):
        detail = "must be a time that the calendar has, without a leap second, for example 2026-01-31T12:00:00Z"
        raise Malformed([Violation(where, (name,), "format", "date-time", detail)]) from None


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration, of the document's pattern."""
    return _DURATION.validate_python(text)
