"""What is going to happen in a sandbox by itself, and moving its clock to the next of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from watchword.control.clock import ClockReading, set_clock
from watchword.control.errors import NothingAhead
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system.agenda import event


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """
    Something that happens by itself.

    Args:
        at: The first instant at which an answer differs, in the sandbox's time.
        kind: What happens, for programs.
        person: Whom it concerns, by name; None if it concerns nobody, or nobody who is known by name.
        what: The same as *kind*, as a sentence.
    """

    at: datetime
    kind: str
    system: str
    person: str | None
    what: str


def read_agenda(sandboxes: Sandboxes, sandbox: Sandbox, *, system: str | None = None) -> tuple[PlannedEvent, ...]:
    """
    List what is going to happen after now, soonest first, if nobody calls before.

    Args:
        system: Leaves out what happens in other systems.
    """
    found = [*_of_people(sandboxes, sandbox, system), *_of_limits(sandbox)]
    return tuple(
        sorted(
            (one for one in found if system in (None, one.system)),
            key=lambda one: (one.at, one.system, one.kind, one.person or ""),
        )
    )


def advance_to_next(sandboxes: Sandboxes, sandbox: Sandbox) -> ClockReading:
    """
    Move the clock to the next thing that happens by itself; a frozen clock stays frozen.

    Raises:
        NothingAhead: Nothing does.
        OutsideCalendar: That is outside of the years that a clock may show.
        ChangeNotStored: The disk refused.
    """
    ahead = read_agenda(sandboxes, sandbox)
    if not ahead:
        raise NothingAhead
    return set_clock(sandbox, ahead[0].at)


def _of_people(sandboxes: Sandboxes, sandbox: Sandbox, wanted: str | None) -> Iterator[PlannedEvent]:
    for system in sandboxes.systems:
        if system.roster is None or wanted not in (None, system.name):
            continue
        people = sandboxes.population.of_system(system, sandbox)
        names = {one.id: one.name for one in system.roster.read(people)}
        for one in system.roster.agenda(people):
            yield PlannedEvent(one.at, one.kind, system.name, names.get(one.user_id or ""), one.what)


def _of_limits(sandbox: Sandbox) -> Iterator[PlannedEvent]:
    for caller, limit, end in sandbox.rate_limiter.reached(now=sandbox.clock.now()):
        system, _, _ = caller.partition("/")
        settings = sandbox.settings.get(system)
        # A limit that was taken back refuses nobody any more.
        if settings is not None and limit in [one.limit for one in settings.rate_limits]:
            one = event("rate-limit-reopens", end)
            yield PlannedEvent(one.at, one.kind, system, None, one.what)
