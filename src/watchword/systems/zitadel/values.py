"""
Values of protobuf's well-known types, as its JSON writes them.

Source:
    Documented: ``google/protobuf/duration.proto`` and ``timestamp.proto``.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(r"(?P<sign>-?)(?P<seconds>[0-9]{1,12})?(?:\.(?P<fraction>[0-9]{0,9}))?s")
_LONGEST = 315_576_000_000
"""The longest duration in seconds: ten thousand years."""
_TIMESTAMP = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


def read_duration(text: str) -> timedelta | None:
    """Read a duration, cut off after microseconds; None if *text* is none."""
    found = _DURATION.fullmatch(text)
    if found is None or not (found["seconds"] or found["fraction"]):
        return None
    seconds, fraction = int(found["seconds"] or 0), found["fraction"] or ""
    if seconds > _LONGEST:
        return None
    duration = timedelta(seconds=seconds, microseconds=int(fraction[:6].ljust(6, "0")))
    return -duration if found["sign"] else duration


def read_lifetime(text: str | None) -> timedelta | None:
    """Read a duration that is known to be one; None for none."""
    return None if text is None else read_duration(text)


def read_timestamp(text: str) -> datetime | None:
    """Read a moment, cut off after microseconds; None if *text* is none."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    fraction = (found["fraction"] or "")[:6].ljust(6, "0")
    try:
        return datetime.fromisoformat(f"{found['date']}T{found['time']}.{fraction}{found['zone']}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_bytes(text: str) -> str | None:
    """Read base64 of either alphabet, with padding or without; as the usual one with padding, or None if it is none."""
    if not _BASE64.fullmatch(text):
        return None
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64encode(b64decode(bare + "=" * (-len(bare) % 4), validate=True)).decode()
    except Error:
        return None
