"""
Two answers to the same request, from the stand-in and from a server: where do they differ?

Statuses, codes, keys, types and declared headers have to be the same; where both are Watchwords, what these say, too.
Ids and tokens differ from server to server, so they are compared by role: what is "the id of the member" here has to
be the id of the member there, and a value that was seen before has to be that value again.
Of what is each server's own it is compared how it changes (`told_before.py`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from watchword.contract.driver import Persona, Reply
from watchword.contract.lane import SUCCESS, Lane
from watchword.contract.told_before import ToldBefore
from watchword.document import Operation
from watchword.document.http_rules import BODILESS
from watchword.system import System

_ROUNDED = timedelta(seconds=2)
"""So much later or earlier a moment may be, because one server writes whole seconds."""
NO_NAMES = {"password", "secret", "key", "key_file"}
"""What is known of a person and never in an answer."""
_OURS = "watchword-"
"""What the headers that only a stand-in sends begin with."""


class Likeness(StrEnum):
    """How the values of a field have to be alike."""

    EQUAL = "equal"
    FILLED = "filled"
    """As `EQUAL`, and left out where it is empty: whether it is there says what was found, and is no matter of form."""
    ROLE = "role"
    """An id or a token: the same thing on both servers, whatever its letters are."""
    CODE = "code"
    """What people copy by hand: as `ROLE`, and as long."""
    TEXT = "text"
    """Words, or what a person's data say: of the same type, and about the same parts of the document."""
    OWN = "own"
    """What happens to be known of a person: there or not, and in any form."""
    STEADY = "steady"
    """As `OWN`; but where both servers tell it, it has changed since they told it before, or it has not."""
    COUNT = "count"
    """How often a thing was changed: it has grown alike since both servers told it before."""
    MOMENT = "moment"
    """Milliseconds since 1970, a timestamp, or the date of a header: as far from the server's clock; or 0."""
    SECONDS = "seconds"
    """How long something takes from now on: as long, but for what a clock moves between two requests."""


_IN_ANY_FORM = (Likeness.OWN, Likeness.STEADY)
Likenesses = Mapping[str, Likeness]
"""By the name of the field, or of the header in lower case; what is not named has to be equal."""


@dataclass(frozen=True)
class Difference:
    """
    In what two answers differ.

    Args:
        place: ``status``, ``body/errorCode``, ``header request-ref``, ``mails``; without anything that was sent.
        was: What the server did, in words.
        should: What the stand-in did.
        is_form: Whether it is about the form that answers have: a team's own envelope shows in all of them alike.
        change: What is otherwise, where the words say more than that: how many mails there are depends on those before.
        is_distance: Whether it is about how far a moment is away, which depends on when something was done.
    """

    place: str
    was: str
    should: str
    is_form: bool = False
    change: str = ""
    is_distance: bool = False


class Comparison:
    """
    The answers of one sequence.

    Args:
        mine: The stand-in.
        theirs: The server.
        codes: That the document knows: any other is a spelling of the server's own.
        told: What was told before; None if others change the same things meanwhile.
        reads_headers: Whether declared headers are compared by what they say, and not only by whether they are there:
            elsewhere a proxy may have written them anew.
        named_in_texts: As of `Subject`.
    """

    def __init__(
        self,
        mine: Lane,
        theirs: Lane,
        likenesses: Likenesses,
        system: System,
        codes: frozenset[str] = frozenset(),
        *,
        told: ToldBefore | None = None,
        reads_headers: bool = False,
        named_in_texts: str = "",
    ) -> None:
        self._named = re.compile(named_in_texts) if named_in_texts else None
        self._mine, self._theirs, self._likenesses, self._system = mine, theirs, likenesses, system
        self._reads_headers = reads_headers
        self._known_codes, self._told = codes, told
        shared = mine.driver.personas.keys() & theirs.driver.personas.keys()
        self._my_names = _names({role: mine.driver.personas[role] for role in shared})
        self._their_names = _names({role: theirs.driver.personas[role] for role in shared})
        self._operation = ""
        """Of the newest answers, by the part of its id after the dot."""
        self._respelled: frozenset[str] = frozenset()
        """The codes of the newest answers, if they differ: that is told once."""
        self._pairs: dict[str, str] = {}
        self._back: dict[str, str] = {}

    def differences(
        self, operation: Operation, mine: Reply, theirs: Reply, *, about: str = "", is_brief: bool = False
    ) -> Iterator[Difference]:
        """
        Find in what two answers differ, what says most first.

        Args:
            about: The id of what the request was about, in the stand-in; empty if its path names nothing.
            is_brief: Compare nothing but statuses, codes, and whether a secret is repeated.
        """
        self._operation = operation.id.partition(".")[2]
        told, codes = (self.tell(theirs), self.tell(mine)), (self._codes(mine), self._codes(theirs))
        if mine.status != theirs.status:
            both_did = mine.status in SUCCESS and theirs.status in SUCCESS
            yield Difference("status", *told, is_form=both_did or (bool(codes[0]) and codes[0] == codes[1]))
            return
        self._respelled = codes[0] ^ codes[1]
        if self._respelled:
            yield Difference("code", *told, is_form=bool(codes[1]) and not codes[1] & self._known_codes)
        if self._theirs.repeats_secret(theirs):
            yield Difference("secret", "repeats a password that was sent", "repeats no password")
        if is_brief:
            return
        if mine.status not in BODILESS:
            yield from self._media_types(mine, theirs)
            yield from self._members(mine.body, theirs.body, "body", "", about)
        yield from self._headers(operation, mine, theirs)

    def tell(self, reply: Reply) -> str:
        """Say what an answer is."""
        return tell(self._system, reply)

    def _codes(self, reply: Reply) -> frozenset[str]:
        return _codes_of(self._system, reply)

    def _media_types(self, mine: Reply, theirs: Reply) -> Iterator[Difference]:
        if bool(mine.content) != bool(theirs.content):
            yield Difference("body", _presence(theirs.content), _presence(mine.content), is_form=True)
        elif mine.content:
            was, should = (
                one.headers.get("content-type", "none").partition(";")[0].strip().lower() for one in (theirs, mine)
            )
            if was != should:
                yield Difference("header content-type", was, should, is_form=True)

    def _headers(self, operation: Operation, mine: Reply, theirs: Reply) -> Iterator[Difference]:
        shape = operation.shape(mine.status)
        for name in sorted(shape.headers if shape else ()):
            if name.startswith(_OURS):
                continue
            should, was = mine.headers.get(name), theirs.headers.get(name)
            if should is None or was is None:
                if should is not was:
                    told = _presence(was is not None), _presence(should is not None)
                    yield Difference(f"header {name}", *told, is_form=True)
            elif self._reads_headers:
                yield from self._values(should, was, f"header {name}", name, "")

    def _members(self, mine: Any, theirs: Any, place: str, name: str, about: str) -> Iterator[Difference]:
        if _type(mine) != _type(theirs):
            yield Difference(place, _type(theirs), _type(mine), is_form=True)
        elif isinstance(mine, Mapping):
            about = self._thing_in(mine) or about
            for key in sorted(mine.keys() | theirs.keys()):
                if self._likenesses.get(key) in _IN_ANY_FORM:
                    yield from self._steady(mine, theirs, f"{place}/{key}", key, about)
                elif (key in mine) != (key in theirs):
                    told = _presence(key in theirs), _presence(key in mine)
                    is_filled = self._likenesses.get(key) is Likeness.FILLED and bool(mine.get(key) or theirs.get(key))
                    yield Difference(f"{place}/{key}", *told, is_form=not is_filled)
                else:
                    yield from self._members(mine[key], theirs[key], f"{place}/{key}", key, about)
        elif isinstance(mine, list):
            if len(mine) != len(theirs):
                yield Difference(place, f"{len(theirs)} members", f"{len(mine)} members")
            for one, other in self._paired(mine, theirs, place, name, about):
                yield from self._members(one, other, f"{place}/*", name, about)
        else:
            yield from self._values(mine, theirs, place, name, about)

    def _paired(
        self, mine: Sequence[Any], theirs: Sequence[Any], place: str, name: str, about: str
    ) -> Iterator[tuple[Any, Any]]:
        """Pair the members of two lists, whose order does not count: those that are alike first, then the rest."""
        rest, alone = list(theirs), []
        for one in mine:
            found = next((other for other in rest if self._are_alike(one, other, place, name, about)), None)
            if found is None:
                alone.append(one)
            else:
                rest.remove(found)
                yield one, found
        yield from zip(alone, rest, strict=False)

    def _are_alike(self, one: Any, other: Any, place: str, name: str, about: str) -> bool:
        """Try whether two members are alike; what is learnt about ids from that is forgotten."""
        pairs, back, told = dict(self._pairs), dict(self._back), self._told
        self._told = told and told.forgetting()
        alike = next(self._members(one, other, f"{place}/*", name, about), None) is None
        self._pairs, self._back, self._told = pairs, back, told
        return alike

    def _thing_in(self, body: Mapping[str, Any]) -> str:
        """Tell the id of what a part of an answer is about; empty if it does not say."""
        found = self._told and self._told.thing_in(body)
        return found if isinstance(found, str) else ""

    def _steady(
        self, mine: Mapping[str, Any], theirs: Mapping[str, Any], place: str, name: str, about: str
    ) -> Iterator[Difference]:
        """Compare how a value has changed that is each server's own."""
        if self._told and about and self._likenesses[name] is Likeness.STEADY and name in mine and name in theirs:
            found = self._told.compare_value(about, name, mine=mine[name], theirs=theirs[name])
            if found is not None:
                yield Difference(place, *found)

    def _values(self, mine: Any, theirs: Any, place: str, name: str, about: str) -> Iterator[Difference]:
        likeness = self._likenesses.get(name, Likeness.EQUAL)
        if likeness in (Likeness.EQUAL, Likeness.FILLED) and mine != theirs and not {mine, theirs} <= self._respelled:
            yield Difference(place, repr(theirs), repr(mine))
        elif likeness in (Likeness.ROLE, Likeness.CODE) and isinstance(mine, str):
            if likeness is Likeness.CODE and len(mine) != len(theirs):
                yield Difference(place, f"{len(theirs)} characters", f"{len(mine)} characters")
            yield from self._roles(mine, theirs, place)
        elif likeness is Likeness.TEXT and isinstance(mine, str) and not self._respelled:
            yield from self._names_in_text(mine, theirs, place)
        elif likeness is Likeness.COUNT and self._told and about:
            found = self._told.compare_count(about, self._operation, mine=mine, theirs=theirs)
            if found is not None:
                yield Difference(place, *found)
        elif likeness is Likeness.MOMENT:
            yield from self._moments(_milliseconds(mine), _milliseconds(theirs), place)
        elif likeness is Likeness.SECONDS and not _are_about_equal(mine, theirs):
            yield Difference(place, f"{theirs} seconds", f"{mine} seconds")

    def _names_in_text(self, mine: str, theirs: str, place: str) -> Iterator[Difference]:
        should, was = (self._named.search(one) if self._named else None for one in (mine, theirs))
        if (was and was[1]) != (should and should[1]):
            yield Difference(place, "names something else", f"names {should[1] if should else 'nothing'}")

    def _roles(self, mine: str, theirs: str, place: str) -> Iterator[Difference]:
        known, found = self._my_names.get(mine, set()), self._their_names.get(theirs, set())
        if known or found:
            if not known & found:
                yield Difference(place, _one_of(found), _one_of(known))
            return
        if self._pairs.setdefault(mine, theirs) != theirs:
            yield Difference(place, "another value than before", "the same value as before", change="value")
        elif self._back.setdefault(theirs, mine) != mine:
            yield Difference(place, "the same value as before", "a new value", change="value")

    def _moments(self, mine: int, theirs: int, place: str) -> Iterator[Difference]:
        if not (mine and theirs):
            if mine != theirs:
                yield Difference(place, "a moment" if theirs else "no moment", "a moment" if mine else "no moment")
            return
        ahead = [
            value - int(lane.driver.now().timestamp() * 1000)
            for value, lane in ((theirs, self._theirs), (mine, self._mine))
        ]
        skew = max(self._mine.driver.skew, self._theirs.driver.skew)
        if timedelta(milliseconds=abs(ahead[0] - ahead[1])) > skew + _ROUNDED:
            was, should = (f"{one // 1000} seconds from now" for one in ahead)
            yield Difference(place, was, should, is_distance=True)


def tell(system: System, reply: Reply) -> str:
    """Say what an answer is: its status, its codes or whether it has a body."""
    codes = " ".join(sorted(_codes_of(system, reply)))
    return f"{reply.status} {codes}" if codes else f"{reply.status}{'' if reply.content else ' without a body'}"


def _codes_of(system: System, reply: Reply) -> frozenset[str]:
    try:
        return frozenset(map(str, system.code_of(reply.status, reply.body)))
    except (AttributeError, KeyError, TypeError, LookupError):
        return frozenset({"UNREADABLE_ANSWER"})  # another envelope than the vendor's


def _milliseconds(value: Any) -> int:
    """Read a moment, as milliseconds since 1970; 0 if it is none."""
    if not isinstance(value, str):
        return int(value)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError):
            return int(read(value).timestamp() * 1000)
    return 0


def _are_about_equal(mine: str, theirs: str) -> bool:
    """Whether two numbers of seconds are as good as equal; what is no number has to be the same."""
    if mine.isdecimal() and theirs.isdecimal():
        return abs(int(mine) - int(theirs)) <= _ROUNDED.total_seconds()
    return mine == theirs


def _names(personas: Mapping[str, Persona]) -> Mapping[str, set[str]]:
    """Name what is known of people, by its value: one value can have several names."""
    found: dict[str, set[str]] = defaultdict(set)
    for role, persona in personas.items():
        for word in persona.known.keys() - NO_NAMES:
            found[persona.known[word]].add(f"the {word} of {role}")
    return found


def _one_of(names: set[str]) -> str:
    return min(names) if names else "a value of nobody whom the scenario knows"


def _presence(present: object) -> str:
    return "there" if present else "not there"


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
