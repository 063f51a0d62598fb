"""How moments are written for people and programs."""

from datetime import UTC, datetime


def write_utc(moment: datetime) -> str:
    """Write *moment* in UTC, to the millisecond: ``2026-01-31T12:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
