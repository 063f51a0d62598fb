"""What a system provides, and what its handlers are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from watchword.domain.chance import Chance
from watchword.domain.clock import Clock, system_time
from watchword.domain.hashing import RequestHasher
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import Refusal, Violation
from watchword.domain.rule import Rule, catalogue
from watchword.settings import SystemSettings
from watchword.store import Transaction

if TYPE_CHECKING:
    from watchword.document.operations import Operation
    from watchword.planting import Person, Planting


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What goes back to the client.

    Args:
        body: JSON types; None for no body at all.
        delay: How long the real service waits before it answers; not waited for while the clock stands still.
    """

    status: int = 200
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    delay: timedelta = timedelta(0)

    def but(self, *, body: Any, headers: Mapping[str, str]) -> "Answer":
        """Give the same with another *body* and *headers*; every answer is completed so, and ``replace`` takes long."""
        return Answer(self.status, body, headers, self.delay)


@dataclass(slots=True)
class Call:
    """
    One request as a handler or a verifier sees it.

    Args:
        tx: The transaction the call runs in.
        now: The sandbox's time, UTC, the same during the whole call.
        settings: The system's own settings in this sandbox.
        path: Path parameters by their names in the document.
        headers: By lower-case name.
        body: JSON as the document describes it, None without one.
        callers: What each verifier returned, by the name of its security scheme.
        operation: The operation of the document that is called.
        sandbox: The name of the sandbox; of use to the control API alone.
        base: Where the client found the sandbox; its path is what comes before the document's.
        outside: Tells the time outside of the sandbox, which clients go by.
    """

    tx: Transaction
    now: datetime
    chance: Chance
    hasher: RequestHasher
    settings: Any
    outbox: Outbox = field(default_factory=Outbox)
    path: Mapping[str, Any] = field(default_factory=dict, repr=False)
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    callers: dict[str, Any] = field(default_factory=dict, repr=False)
    operation: "Operation | None" = None
    sandbox: str = ""
    base: str = ""
    outside: Callable[[], datetime] = system_time


@dataclass(slots=True)
class Finishing:
    """
    What an answer is completed with.

    Args:
        operation: None if the request was refused before one was known.
        settings: The system's own settings in this sandbox.
    """

    clock: Clock
    chance: Chance
    operation: "Operation | None"
    settings: Any = None


Handler = Callable[[Call], Answer | Refusal]
Verifier = Callable[[Call, str | None], Any]
Triage = Callable[[Sequence[Violation]], tuple[Sequence[Violation], Sequence[Violation]]]


def all_before(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Judge the request's shape before asking who calls."""
    return violations, ()


def all_after(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Ask who calls before judging the request's shape."""
    return (), violations


@dataclass(frozen=True)
class Showcase:
    """
    A request that succeeds however often it is sent: what a new user tries first.

    Args:
        operation: Its id.
        person: The seed person who sends it, with all of the person's headers.
        path: Path parameters for that person.
        body: JSON for that person; None without one.
    """

    operation: str
    person: str
    path: "Callable[[Person], Mapping[str, str]]" = lambda _person: {}
    body: "Callable[[Person], Any]" = lambda _person: None


@dataclass(frozen=True)
class Passing:
    """
    Records of which there are ever more, because nothing else removes them.

    Args:
        kind: The type of the records.
        past: The field with the moment from which on a record matters less; None in it: never.
        kept: So many of those past it stay, the newest, because the vendor answers what is over
            otherwise than what never was, and because a clock can be moved back.
    """

    kind: type[Any]
    past: str
    kept: int = 1000


@dataclass(frozen=True)
class System:
    """
    One imitated API.

    Args:
        name: As in operation ids and tags of the document.
        title: As its users call it.
        settings: Its settings model, every field with a default.
        handlers: Where operations find their handlers, by the part of the operation id after the dot.
        verifiers: One per security scheme of its operations; gets the raw header value, None if absent.
        render: Turns any `Refusal` into this system's envelope.
        code_of: The codes that an answer carries; empty if it carries none.
        triage: Sorts violations of the document into those that are answered before
            the caller is known and those after; what is in neither is left to the rules.
        records: Everything it stores.
        passing: Which of them would pile up.
        plant: Puts the seed people into a fresh sandbox.
        people: Lists the seed people.
        rules: The modules that define its rules.
        required_headers: Finds headers that are missing although the document names them as credentials.
        decode: Turns a raw body (empty if there is none) into what is validated, given the operation's
            JSON schema with its references resolved; raises refusals. The content type is then not looked
            at. Without it a body is strict JSON in a content type of the document.
        showcase: What the banner shows.
        admit: Judges a client by its address and headers before anything else of the request is looked at;
            raises refusals. Without it everybody may call.
        finish: Completes every answer at the very end, with what the vendor sends always.
    """

    name: str
    title: str
    settings: type[SystemSettings]
    handlers: object
    render: Callable[[Refusal], Answer]
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    code_of: Callable[[int, Any], frozenset[str]] = lambda _status, _body: frozenset()
    triage: Triage = all_after
    records: tuple[type[Any], ...] = ()
    passing: tuple[Passing, ...] = ()
    plant: "Callable[[Transaction, Planting], None]" = lambda _tx, _planting: None
    people: "Callable[[Planting], Sequence[Person]]" = lambda _planting: ()
    rules: tuple[ModuleType, ...] = ()
    required_headers: "Callable[[Operation, Mapping[str, str]], Sequence[Violation]] | None" = None
    decode: Callable[[bytes, Any], Any] | None = None
    showcase: Showcase | None = None
    finish: "Callable[[Answer, Finishing], Answer] | None" = None
    admit: Callable[[str | None, Mapping[str, str]], None] | None = None

    def handler(self, operation_id: str) -> Handler | None:
        """Find the handler of an operation; None if it is answered from the document alone."""
        prefix, _, name = operation_id.partition(".")
        found = getattr(self.handlers, name, None) if prefix == self.name and name else None
        return found if callable(found) else None

    def catalogue(self) -> tuple[Rule, ...]:
        """List this system's rules."""
        return catalogue(self.rules)
