"""What may have stood where the journal shows stars: by the role of the value, never by its letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol

from watchword.review.use_diff.new_passwords import new_passwords, noted_lengths
from watchword.review.use_diff.recorded import Recorded, is_hidden
from watchword.sandbox import Sandbox
from watchword.system.seed_data import Person

Steps = tuple[str | int, ...]
_NEWEST = 6
"""Secrets of one kind that are tried."""
_UNFIT = ("Wr0ng-password!", "", " ", "a", "password", "x" * 300, "Unkn0wnUnkn0wnUnkn0wn000")
"""What is nobody's, or no password at all; the last one looks like a token."""
_UNKNOWN = ("Bearer unknown", "unknown", "")
"""Credentials of nobody."""
_CODES_OF_NOBODY = ("123456", "000000")
_CODES, _TOKENS, _NEW = ("code", "nonce"), ("token", "authorization", "secret"), "new"


class Issued(NamedTuple):
    """
    A secret of an answer.

    Args:
        answer: Which answer of the sandbox had it; the first is 0.
        at: Where in its body.
    """

    answer: int
    at: Steps


@dataclass
class Lane:
    """
    One side on its way through the requests of one sandbox.

    Args:
        sandbox: As it is now.
        answers: The bodies of the answers so far, with their secrets.
    """

    sandbox: Sandbox
    answers: list[Any] = field(default_factory=list, repr=False)


class Filler(Protocol):
    """What stands for a star."""

    def value(self, lane: Lane) -> str | None:
        """Give what a side has for it; None if it has nothing."""


@dataclass(frozen=True)
class Literal:
    """
    The same text on both sides.

    Args:
        is_made_up: Whether it only stands for what was sent; otherwise it is what was sent.
        has_length: Whether it is as long as what was sent.
    """

    text: str = field(repr=False)
    is_made_up: bool = False
    has_length: bool = True

    def value(self, lane: Lane) -> str | None:  # noqa: ARG002  # as the others
        """Give the text."""
        return self.text


@dataclass(frozen=True)
class Given:
    """
    A secret that a body had.

    Args:
        people: Whom its request concerned.
    """

    literal: Literal
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class FromAnswer:
    """
    A secret that an answer gave.

    Args:
        prefix: What a header has before it.
    """

    issued: Issued
    prefix: str = ""

    def value(self, lane: Lane) -> str | None:
        """Find it in the side's own answer."""
        found = _at(lane.answers, (self.issued.answer, *self.issued.at))
        return f"{self.prefix}{found}" if isinstance(found, str) else None


@dataclass(frozen=True)
class FromMail:
    """
    A code of a message.

    Args:
        back: 0 for the newest message that has one.
    """

    back: int

    def value(self, lane: Lane) -> str | None:
        """Read the side's own messages."""
        return next(islice(_codes(lane.sandbox), self.back, None), None)


def _codes(sandbox: Sandbox) -> Iterator[str]:
    for message in sandbox.mailbox.find():
        yield from message.codes


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def hidden_in(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield where a value of JSON types has stars."""
    if is_hidden(value):
        yield steps
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from hidden_in(member, (*steps, name))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from hidden_in(member, (*steps, place))


@dataclass(frozen=True)
class Known:
    """
    What is known when a request is sent again.

    Args:
        people: Of its system, by name.
        before: The entries of the sandbox so far, whose answers are in *lane*.
        sent: The secrets of bodies so far, newest first.
    """

    people: Mapping[str, Person]
    lane: Lane
    before: Sequence[Recorded]
    sent: Sequence[Given] = field(default=(), repr=False)

    @property
    def credential_headers(self) -> frozenset[str]:
        """The headers that carry credentials of its system, in lower case."""
        return frozenset({"authorization", *(name.lower() for one in self.people.values() for name in one.headers)})

    def credentials(self, header: str, told: str) -> Sequence[Filler]:
        """
        List what a header with credentials may have had.

        Args:
            told: What the journal says of it, such as ``bearer of ada``.
        """
        kind, _, holder = told.partition(" of ")
        prefix = "Bearer " if kind == "bearer" else ""
        people = self._holders(holder)
        own: list[Filler] = [
            Literal(value) for one in people for name, value in one.headers.items() if name.lower() == header
        ]
        issued: list[Filler] = [FromAnswer(one, prefix) for one in self._issued(holder) if kind != "basic"]
        unknown = _guesses(_UNKNOWN)
        if not holder:
            return [*unknown, *issued]
        return [*issued[:_NEWEST], *own, *issued[_NEWEST:]]

    def secrets(self, request: Recorded, steps: Steps) -> Sequence[Filler]:
        """List what a secret in a body may have been, what is likely first."""
        name = " ".join(map(str, steps)).lower()
        codes: list[Filler] = [*(FromMail(back) for back in range(_NEWEST)), *_guesses(_CODES_OF_NOBODY)]
        tokens: list[Filler] = [FromAnswer(one) for one in self._issued("")[:_NEWEST]]
        own = self._passwords(request)
        new = self._new_passwords(request)
        wrong = _guesses(_UNFIT)
        others = [one.literal for one in self.sent if one.literal not in own][:_NEWEST]
        if any(one in name for one in _CODES):
            return [*codes, *wrong, *tokens]
        if any(one in name for one in _TOKENS):
            return [*tokens, *wrong, *own]
        if _NEW in name:
            return [*new, *own, *tokens, *codes, *others]
        return [*own, *new, *tokens, *wrong, *codes, *others]

    def _holders(self, told: str) -> Sequence[Person]:
        """Find a person by name, or those of a programme or an organisation."""
        kind, _, name = told.partition(" ")
        if told in self.people:
            return [self.people[told]]
        return [one for one in self.people.values() if name and one.group.get(kind) == name][:1]

    def _issued(self, holder: str) -> Sequence[Issued]:
        """List the secrets that answers gave, newest first: those to requests of *holder* before the others."""
        found = [
            (holder in entry.people, Issued(number, steps))
            for number, entry in enumerate(self.before)
            for steps in hidden_in(entry.answer)
        ]
        newest = list(reversed(found))
        return [one for theirs, one in newest if theirs] + [one for theirs, one in newest if not theirs]

    def _passwords(self, request: Recorded) -> Sequence[Literal]:
        """List the passwords that the people whom the request concerns have given, and then those that they have."""
        known = {one.literal.text: one.literal for one in self.sent}
        given = [one.literal for one in self.sent if {*one.people} & {*request.people}]
        concerned = [self.people[name].password for name in request.people if name in self.people]
        theirs = [known.get(one, Literal(one)) for one in concerned if one]
        return list(dict.fromkeys([*given[:_NEWEST], *theirs]))

    def _new_passwords(self, request: Recorded) -> Sequence[Literal]:
        """List passwords that nobody has."""
        is_noted = bool(noted_lengths(request))
        made = new_passwords(request, [one.literal.text for one in self.sent])
        return [Literal(one, is_made_up=True, has_length=is_noted) for one in made]


def _guesses(texts: Sequence[str]) -> Sequence[Literal]:
    return [Literal(one, is_made_up=True, has_length=False) for one in texts]
