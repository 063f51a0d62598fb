"""Changes of the moment: the end of a limit, just before and just after what rules compared, and the agenda."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from watchword.control.request_change import RequestChange
from watchword.control.what_if.case import Case, Proposal
from watchword.domain.clock import FIRST_YEAR, LAST_YEAR
from watchword.domain.timestamps import write_utc

_BIT = timedelta(seconds=1)
_PRESENT = "now"
"""What every rule calls the moment at which it is asked."""
_STEPS = tuple(timedelta(**step) for step in ({"minutes": 5}, {"hours": 1}, {"days": 1}, {"days": 30}))


def other_moments(case: Case) -> Iterator[Proposal]:
    """Propose moments: the one that the refusal said to wait for, then those that the deciding rule compared."""
    now, seen = case.place.clock.now(), set[datetime]()
    for moment in _moments(case, now):
        if moment != now and moment not in seen and FIRST_YEAR <= moment.year <= LAST_YEAR:
            seen.add(moment)
            when = "later" if moment > now else "earlier"
            sentence = f"{_told(abs(moment - now))} {when}, at {write_utc(moment, precision='seconds')}"
            yield Proposal(sentence, RequestChange(to=moment))


def _moments(case: Case, now: datetime) -> Iterator[datetime]:
    if (limit := case.explanation.entry.limit) is not None:
        yield from _shifted(now, limit.wait)
    for compared in _compared(case):
        yield from _shifted(compared, *((-_BIT, _BIT) if compared < now else (_BIT, -_BIT)))
    names = {one.name for one in case.concerned}
    for one in sorted(case.agenda, key=lambda one: one.person not in names)[:6]:
        yield from _shifted(one.at, _BIT)
    for step in _STEPS:
        yield from _shifted(now, -step, step)


def _shifted(moment: datetime, *durations: timedelta) -> Iterator[datetime]:
    """Yield what lies so far from a moment, as far as the calendar goes: some records last to its end."""
    for one in durations:
        with suppress(OverflowError):
            yield moment + one


def _compared(case: Case) -> Iterator[datetime]:
    """Yield the moments that rules compared with the present one, the last rule's first."""
    record = case.exchange.record
    for one in reversed([] if record is None else record.asked):
        yield from _times({name: value for name, value in one.values.items() if name != _PRESENT}, 0)


def _times(value: Any, depth: int) -> Iterator[datetime]:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            yield value
    elif depth < 3:
        members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
        for one in members:
            yield from _times(one, depth + 1)


def _told(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = seconds // length
            return f"{number} {name}{'s' if number > 1 else ''}"
    return f"{max(seconds, 1)} second{'s' if seconds > 1 else ''}"
