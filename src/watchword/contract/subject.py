"""What a system brings, so that servers of its kind can be tested."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from watchword.contract.comparison import Likenesses
from watchword.contract.driver import Persona
from watchword.contract.other_wire import OtherWire
from watchword.contract.race import Race
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Step
from watchword.contract.values import Template
from watchword.system.seed_data import Person

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Role:
    """
    A role in the scenarios of one system.

    Args:
        who: Plays it, as a sentence for people who have to find such a person on their server.
        person: The name of the seed person who plays it in a sandbox.
        words: What a bindings file has to say of that person; ``key`` is the name of one of its keys.
    """

    name: str
    who: str
    person: str
    words: tuple[str, ...]


class WalkSteps(Protocol):
    """Makes what a random walk is drawn from."""

    def __call__(self, roles: frozenset[str], *, clock: bool, codes: bool) -> "SearchStrategy[tuple[Step, ...]]":
        """
        Make it: one thing that somebody does, and what has to come before it.

        Args:
            roles: Who is there.
            clock: Whether time can pass.
            codes: Whether codes are known.
        """


@dataclass(frozen=True)
class Caller:
    """
    Who calls every operation with what the document allows.

    Args:
        steps: What the caller does before, such as logging in.
        headers: The caller's credentials.
        path: The caller's own values of parameters in paths, by their names.
    """

    role: str
    steps: Sequence[Call]
    headers: Mapping[str, Template]
    path: Mapping[str, Template]


@dataclass(frozen=True)
class BindingsExample:
    """
    What only this system has in a first bindings file.

    Args:
        lacks: Operations that a server might not have.
        keys: The lines of ``[keys]``.
        words: An example for each word of a role, with ``{number}``, ``{role}`` and ``{variable}`` to be filled in.
        settings: A line of ``[settings]``.
        first: How many roles are bound; the others are comments.
    """

    lacks: tuple[str, ...]
    keys: str
    words: Mapping[str, str]
    settings: str
    first: int = 2


@dataclass(frozen=True)
class Subject:
    """
    A system as the subject of a test.

    Args:
        system: Its name.
        roles: By their names; those that most scenarios need come first.
        known_of: Tells what scenarios may use of a person in a sandbox, by the words of the roles.
        log_ins: The steps that log a person in, by role; each call states how it is answered.
        likenesses: Which values are ids and tokens, which are moments, and which are a server's own words.
        tell: Tells all scenarios, in the order in which they are played.
        tell_races: Tells what many clients do at once.
        wires: The other protocols that it speaks.
        caller: Who asks about the document; None for nobody.
        walk_steps: Makes what walks are drawn from.
        example: For a first bindings file.
        reads: Operations that change nothing for anybody, by the part of their ids after the dot.
        code: What a person would copy from a mail looks like, as a regular expression; a group of it, if it has one.
        named_in_texts: What a text names of the document first, as a regular expression with a group for it; empty for
            nothing.
        things: Fields, and parameters in paths, that hold the id of what an answer is about.
        handles: Fields of requests, wherever they stand, that name somebody or that a server has issued.
        mailed: Fields of requests that can be what a person copies from a mail.
        checks: Says what is wrong with a text of a bindings file, by the word that it stands for; empty if nothing is.
        made_by: Words in the id of the rule that makes a value or a mail, the surest first, by its place in an answer;
            ``mails code`` is the code in a mail, and ``body/token value`` whether the token is a new one.
    """

    system: str
    roles: Mapping[str, Role] = field(repr=False)
    known_of: Callable[[Person], Mapping[str, str]]
    log_ins: Mapping[str, Sequence[Step]] = field(repr=False)
    likenesses: Likenesses = field(repr=False)
    tell: Callable[[], Sequence[Scenario]]
    walk_steps: WalkSteps
    example: BindingsExample = field(repr=False)
    reads: frozenset[str] = frozenset()
    code: str = r"\b\d{6}\b"
    named_in_texts: str = ""
    tell_races: Callable[[], Sequence[Race]] = tuple
    wires: Sequence[OtherWire] = ()
    caller: Caller | None = None
    things: Sequence[str] = ()
    handles: frozenset[str] = frozenset()
    mailed: frozenset[str] = frozenset()
    checks: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    made_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def makers(self, place: str, change: str) -> Sequence[str]:
        """Give the words of `made_by` for what is otherwise at a *place*."""
        return self.made_by.get(f"{place} {change}") or self.made_by.get(place, ())

    @property
    def first_roles(self) -> Sequence[str]:
        """The roles that most scenarios need."""
        return list(self.roles)[: self.example.first]

    def cast(self, people: Iterable[Person]) -> Mapping[str, Persona]:
        """Cast the seed people of a sandbox; no more is known of them than bindings say of people elsewhere."""
        by_name = {one.name: self.known_of(one) for one in people if one.system == self.system}
        return {
            role.name: Persona(role.name, {word: text for word, text in known.items() if word in role.words})
            for role in self.roles.values()
            if (known := by_name.get(role.person)) is not None
        }


def in_words(names: Sequence[str]) -> str:
    """List two names or more in a sentence."""
    return f"{', '.join(names[:-1])} and {names[-1]}"
