"""How the control API reads times."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from watchword.domain.refusal import Malformed, Violation

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


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


def read_since(text: str) -> datetime | int:
    """
    Read the time since when, or the id of the message after which, messages are wanted.

    Raises:
        Malformed: See `read_moment`.
    """
    return int(text) if text.isdigit() else read_moment(text, where="query", name="since")
