"""How moments are written for people and programs."""

from datetime import UTC, datetime


def write_utc(moment: datetime, *, precision: str = "milliseconds") -> str:
    """
    Write *moment* in UTC with a ``Z``: ``2026-01-31T12:00:00.000Z``.

    Args:
        precision: As `datetime.isoformat` names it.
    """
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
