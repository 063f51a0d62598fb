"""The page of the clock, with what is going to happen by itself."""

from datetime import UTC, datetime, timedelta

from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.agenda import advance_to_next, read_agenda
from watchword.control.clock import advance_clock, freeze_clock, read_clock, reset_clock, set_clock, unfreeze_clock
from watchword.control.errors import ControlError
from watchword.domain.durations import read_duration

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
    return Page("clock.html", {**values, "offset": _offset(reading.offset), "titles": site.titles})


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


def _offset(by: timedelta) -> str:
    if abs(by) < timedelta(seconds=1):
        return "shows the real time"
    direction = "ahead of" if by > timedelta(0) else "behind"
    seconds = timedelta(seconds=round(abs(by).total_seconds()))
    return f"{seconds} {direction} the real time"
