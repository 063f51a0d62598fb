"""What a system provides."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from watchword.document import Operation
from watchword.domain.order import CheckOrder
from watchword.domain.refusal import Refusal, Violation
from watchword.domain.rule import Rule, catalogue
from watchword.domain.secret import Secret
from watchword.store import Retention, Transaction
from watchword.system.call import Answer, AnswerContext, Call
from watchword.system.seed_data import Person, SeedData
from watchword.system.settings import SystemSettings

Handler = Callable[[Call], Answer | Refusal | Awaitable[Answer | Refusal]]
Verifier = Callable[[Call, Secret | None], Any]
Triage = Callable[[Sequence[Violation]], tuple[Sequence[Violation], Sequence[Violation]]]


def all_before(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Judge the request's shape before asking who calls."""
    return violations, ()


def all_after(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Ask who calls before judging the request's shape."""
    return (), violations


@dataclass(frozen=True)
class Quickstart:
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
    path: Callable[[Person], Mapping[str, str]] = lambda _person: {}
    body: Callable[[Person], Any] = lambda _person: None


@dataclass(frozen=True)
class System:
    """
    One imitated API.

    Args:
        name: As in operation ids and tags of the document.
        title: As its users call it.
        settings: Its settings model, every field with a default.
        handlers: Where operations find their handlers, by the part of the operation id after the dot;
            None for a system that only the document knows.
        verifiers: One per security scheme of its operations; gets the raw header value, None if absent.
        render: Puts any `Refusal` into this system's envelope, given its settings in the sandbox.
        code_of: The codes that an answer carries; empty if it carries none.
        triage: Sorts violations of the document into those that are answered before
            the caller is known and those after; what is in neither is left to the rules.
        retention: Which of its records would pile up, and how many to keep.
        write_seed_data: Puts the seed people into a fresh sandbox.
        people: Lists the seed people.
        rules: The modules that define its rules.
        orders: The order of checks of its operations.
        required_headers: Finds headers that are missing although the document names them as credentials.
        decode: Turns a raw body (empty if there is none) into what is validated, given the operation's
            JSON schema with its references resolved; raises refusals. The content type is then ignored.
            Without it a body is strict JSON in a content type of the document.
        quickstart: What the banner shows.
        admit: Judges a client by its address and headers before anything else of the request is read;
            raises refusals. Without it everybody may call.
        complete: Adds what the vendor sends with every answer.
    """

    name: str
    title: str
    settings: type[SystemSettings]
    handlers: object
    render: Callable[[Refusal, Any], Answer]
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    code_of: Callable[[int, Any], frozenset[str]] = lambda _status, _body: frozenset()
    triage: Triage = all_after
    retention: tuple[Retention, ...] = ()
    write_seed_data: Callable[[Transaction, SeedData], None] = lambda _tx, _seed_data: None
    people: Callable[[SeedData], Sequence[Person]] = lambda _seed_data: ()
    rules: tuple[ModuleType, ...] = ()
    orders: tuple[CheckOrder, ...] = ()
    required_headers: Callable[[Operation, Mapping[str, str]], Sequence[Violation]] | None = None
    decode: Callable[[bytes, Any], Any] | None = None
    quickstart: Quickstart | None = None
    complete: Callable[[Answer, AnswerContext], Answer] | None = None
    admit: Callable[[str | None, Mapping[str, str]], None] | None = None

    def handler(self, operation_id: str) -> Handler | None:
        """Find the handler of an operation; None if it is answered from the document alone."""
        prefix, _, name = operation_id.partition(".")
        found = getattr(self.handlers, name, None) if prefix == self.name and name else None
        return found if callable(found) else None

    def catalogue(self) -> tuple[Rule, ...]:
        """List this system's rules."""
        return catalogue(self.rules)
