"""Moments as the vendor writes them, and what comes after them."""

from datetime import UTC, datetime, timedelta


def written(moment: datetime) -> str:
    """Write *moment*, UTC, as the vendor's examples do: to the second, with a Z."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def later(moment: datetime, by: timedelta) -> datetime:
    """Add *by*, but stay within what the calendar can hold."""
    try:
        return moment + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
