"""Changes of requests in JSON: what the control API and the window take, and what the answers of what-if offer."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from watchword.control.errors import ImpossibleChange, SettingViolation
from watchword.control.request_change import UNCHANGED, RequestChange
from watchword.domain.durations import FORMS, read_duration, write_duration
from watchword.domain.timestamps import write_utc

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def read_change(written: Mapping[str, Any]) -> RequestChange:
    """
    Read a change.

    Args:
        written: As the document of the control API has it.

    Raises:
        ImpossibleChange: It has a time that the calendar does not have.
    """
    clock = written.get("clock", {})
    return RequestChange(
        method=written.get("method"),
        path=written.get("path"),
        query=written.get("query", {}),
        headers=written.get("headers", {}),
        body=written.get("body", UNCHANGED),
        replace_body=written.get("replaceBody", UNCHANGED),
        person=written.get("person"),
        to=_moment(clock["to"]) if "to" in clock else None,
        by=_duration(clock["by"]) if "by" in clock else None,
    )


def write_change(change: RequestChange) -> dict[str, Any]:
    """Write a change, so that `read_change` gives it back."""
    clock = {
        "to": None if change.to is None else write_utc(change.to, precision="microseconds"),
        "by": None if change.by is None else write_duration(change.by),
    }
    moved = {name: value for name, value in clock.items() if value is not None}
    written = {
        "method": change.method,
        "path": change.path,
        "query": dict(change.query) or None,
        "headers": dict(change.headers) or None,
        "person": change.person,
        "clock": moved or None,
    }
    bodies = {"body": change.body, "replaceBody": change.replace_body}
    return {name: value for name, value in written.items() if value is not None} | {
        name: value for name, value in bodies.items() if value is not UNCHANGED
    }


def _moment(text: str) -> datetime:
    try:
        return _MOMENT.validate_python(text).astimezone(UTC)
    except (ValidationError, OverflowError):
        detail = "must be a time that the calendar has, without a leap second, for example 2026-01-31T12:00:00Z"
        raise ImpossibleChange([SettingViolation(("clock", "to"), detail)]) from None


def _duration(written: str | float) -> timedelta:
    try:
        return read_duration(str(written))
    except ValueError:
        raise ImpossibleChange([SettingViolation(("clock", "by"), f"must be a duration: {FORMS}")]) from None
