"""The page of the clock, with what is going to happen by itself."""

from datetime import UTC, datetime, timedelta

from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.agenda import advance_to_next, read_agenda
from watchword.control.clock import (
    ClockReading,
    advance_clock,
    freeze_clock,
    read_clock,
    reset_clock,
    set_clock,
    unfreeze_clock,
)
from watchword.control.errors import ControlError
from watchword.domain.durations import read_duration, spell_duration

_MOST = 200


class Unreadable(ControlError):
    """What was written into a field is neither a duration nor a time."""

    code = "unreadable"


def show(site: Site, visit: Visit) -> Page | Redirect:
    """Show the clock; forms move it."""
    if visit.changes:
        _act(site, visit)
        return Redirect("clock")
    agenda = read_agenda(site.sandboxes, visit.sandbox)
    reading = read_clock(visit.sandbox)
    values = {"agenda": agenda[:_MOST], "now": reading.now, "more": max(0, len(agenda) - _MOST)}
    return Page("clock.html", {**values, "pace": _pace(reading), "titles": site.titles})


def _act(site: Site, visit: Visit) -> None:
    sandbox = visit.sandbox
    match visit.form.get("do"):
        case "freeze":
            freeze_clock(sandbox)
        case "unfreeze":
            unfreeze_clock(sandbox)
        case "reset":
            reset_clock(sandbox)
        case "next":
            advance_to_next(site.sandboxes, sandbox)
        case "to":
            try:
                moment = datetime.fromisoformat(visit.form.get("to", ""))
                set_clock(sandbox, moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            except ValueError:
                raise Unreadable("A time is written as 2026-01-31T12:00:00Z.") from None
        case _:
            by = site.check("admin.set_clock", {"action": "advance", "by": visit.form.get("by", "").strip()})["by"]
            advance_clock(sandbox, read_duration(by))


def _pace(clock: ClockReading) -> str:
    if clock.frozen:
        return "Frozen."
    if clock.scale != 1:
        return f"Running, {clock.scale:g} times as fast as the real time."
    if abs(clock.offset) < timedelta(seconds=1):
        return "Running, shows the real time."
    direction = "ahead of" if clock.offset > timedelta(0) else "behind"
    return f"Running, {spell_duration(abs(clock.offset))} {direction} the real time."
