"""Moments as text, in the form of RFC 3339 that the imitated systems and the control API share."""

from datetime import UTC, datetime


def write_utc(moment: datetime, *, precision: str = "milliseconds") -> str:
    """
    Write *moment* in UTC with a ``Z``.

    Args:
        precision: As `datetime.isoformat` names it: ``seconds``, ``milliseconds``, ``microseconds``.
    """
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
