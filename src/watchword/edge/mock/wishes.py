"""What a client wishes for one request: the header ``Prefer`` (RFC 7240), or parameters of the query."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import unquote_plus

from watchword.domain.alike import find_alike
from watchword.domain.durations import read_duration
from watchword.sandbox.faults import LONGEST_DELAY, Cut

_PREFERENCE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?')
_USUAL_LENGTH = 200
"""Of a header ``Prefer``. Longer ones are not cached, so that clients cannot fill the cache."""
_KNOWN = ("code", "example", "delay", "fault", "when", "handling", "dynamic")
TWIN = "__"
"""What stands before the name of a wish in a query."""
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_FORMS = "code=STATUS, example=NAME, delay=DURATION, fault=NAME, when=after and handling=strict"


@dataclass(frozen=True, slots=True, repr=False)
class Wishes:
    """
    What a client asks for; shown without it.

    Args:
        code: A status; empty for none.
        example: The name of an example; empty for none.
        delay: How long the answer shall take, in real time; None for no longer than it takes.
        written_delay: The same as the client wrote it.
        fault: How the connection shall break.
        when_after: Whether all that comes after the request is handled.
        strict: Whether a wish that cannot be fulfilled shall be refused.
        problems: What cannot be fulfilled whatever the operation is, as sentences.
    """

    code: str = ""
    example: str = ""
    delay: timedelta | None = None
    written_delay: str = ""
    fault: Cut | None = None
    when_after: bool = False
    strict: bool = False
    problems: tuple[str, ...] = ()

    @property
    def applied(self) -> tuple[str, ...]:
        """What is fulfilled beside an answer of the document, as ``Preference-Applied`` writes it."""
        delay = (f"delay={self.written_delay}",) if self.delay is not None else ()
        when = ("when=after",) if self.when_after and self.delay is not None else ()
        return (*delay, *when, *(("handling=strict",) if self.strict else ()))


def read_wishes(prefer: str, twins: Iterable[tuple[str, str]] = ()) -> Wishes:
    """
    Read wishes.

    Args:
        prefer: The header ``Prefer``; it counts before the query.
        twins: Names and values of the query, as `take_twins` gives them.
    """
    if twins:
        found = _find(prefer)
        for name, value in twins:
            found.setdefault(name, value)
        return _read(found)
    read = _read_header if len(prefer) <= _USUAL_LENGTH else _read_header.__wrapped__
    return read(prefer)


def take_twins(query: str, declared: Collection[str]) -> tuple[str, list[tuple[str, str]]]:
    """
    Take the wishes out of a query: ``__code=404`` and the like, which no document declares; also misspelt ones.

    Args:
        declared: The names of query parameters that the operation has; such a one is no wish.

    Returns:
        The rest of the query, and names and values of the wishes.
    """
    rest: list[str] = []
    twins: list[tuple[str, str]] = []
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        wish = name.removeprefix(TWIN)
        if wish != name and name not in declared and (wish in _KNOWN or find_alike(wish, _KNOWN)):
            twins.append((wish, unquote_plus(value)))
        else:
            rest.append(piece)
    return "&".join(rest), twins


@lru_cache(256)
def _read_header(prefer: str) -> Wishes:
    return _read(_find(prefer))


def _find(prefer: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, quoted, plain in _PREFERENCE.findall(prefer):
        # RFC 7240, section 2: the first one counts.
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return found


def _read(found: Mapping[str, str]) -> Wishes:
    problems = [f"Prefer: only {_FORMS} are known here."] if any(name not in _KNOWN for name in found) else []
    delay, fault = _delay(found.get("delay"), problems), None
    if "fault" in found:
        fault = next((one for one in Cut if one.value == found["fault"].upper()), None)
        if fault is None:
            problems.append(f"Prefer: there is no such fault. There are: {', '.join(Cut)}.")
    if found.get("when", "before") not in ("before", "after"):
        problems.append("Prefer: when is before or after.")
    if "when" in found and not found.keys() & {"code", "example", "delay", "fault"}:
        problems.append("Prefer: when needs a code, an example, a delay or a fault beside it.")
    if fault is not None and found.keys() & {"code", "example"}:
        problems.append("Prefer: a fault loses the answer, so a code or an example beside it has no effect.")
    if found.get("dynamic", "false").lower() != "false":
        problems.append("Prefer: dynamic is not known here: data that are made are the same every time.")
    return Wishes(
        found.get("code", ""),
        found.get("example", ""),
        delay,
        found.get("delay", ""),
        fault,
        when_after=found.get("when") == "after",
        strict=found.get("handling", "").lower() == "strict",
        problems=tuple(problems),
    )


def _delay(text: str | None, problems: list[str]) -> timedelta | None:
    """Read a delay; a number alone is milliseconds, as in other mock servers."""
    if text is None:
        return None
    try:
        delay = read_duration(f"{text}ms" if _NUMBER.fullmatch(text) else text)
    except ValueError:
        delay = timedelta(-1)
    if timedelta(0) <= delay <= LONGEST_DELAY:
        return delay
    longest = LONGEST_DELAY // timedelta(minutes=1)
    problems.append(
        f"Prefer: a delay is a duration of up to {longest} minutes, for example 800ms, 3s or PT3S;"
        " a number alone is milliseconds."
    )
    return None
