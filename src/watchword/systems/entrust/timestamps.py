"""Moments as the vendor writes them, and sums of moments that the calendar can hold."""

from datetime import UTC, datetime, timedelta

from watchword.domain.timestamps import write_utc


def write_moment(moment: datetime) -> str:
    """Write *moment* as the vendor's examples do: UTC, to the second."""
    return write_utc(moment, precision="seconds")


def add_duration(moment: datetime, by: timedelta) -> datetime:
    """Add *by*, at most up to the end of the calendar."""
    try:
        return moment + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
