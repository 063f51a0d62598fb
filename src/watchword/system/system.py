"""What an imitated system provides."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol, TypeVar

from watchword.document import Operation
from watchword.document.conformance import ReadRequest
from watchword.domain.effect import Effects
from watchword.domain.order import CheckOrder
from watchword.domain.refusal import Refusal, Violation
from watchword.domain.rule import Rule, catalogue
from watchword.domain.secret import Secret
from watchword.store import Retention, Transaction
from watchword.system.call import Answer, Asked, Call
from watchword.system.cors import CorsPolicy
from watchword.system.people import Roster
from watchword.system.seed_data import Person, SeedData
from watchword.system.settings import SystemSettings

R = TypeVar("R")
Handler = Callable[[Call], Answer | Refusal | Awaitable[Answer | Refusal]]
Complete = Callable[[Answer, Asked], Answer]
Verifier = Callable[[Call, Secret | None], Any]
Triage = Callable[[Sequence[Violation]], tuple[Sequence[Violation], Sequence[Violation]]]


class FindRecord(Protocol):
    """Finds the record of a type by its key, as a transaction does; None if there is none."""

    def __call__(self, cls: type[R], key: str, /) -> R | None: ...


Owner = Callable[[FindRecord, Mapping[str, str]], str | None]


def check_shape_first(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Answer violations of the document before the caller is authenticated."""
    return violations, ()


def authenticate_first(violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Authenticate the caller before violations of the document are answered."""
    return (), violations


@dataclass(frozen=True)
class Quickstart:
    """
    A request for new users to try first; it succeeds however often it is sent.

    Args:
        operation: The id of the operation.
        person: The name of the seed person who sends it, with all of the person's headers.
        path: Makes the path parameters for that person.
        body: Makes the JSON body for that person; None for no body.
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
        name: The first part of its operation ids, and its tag in the document.
        title: The name that its users know.
        settings_model: The class of its settings; every field has a default.
        handlers: Has a function for each operation, named like the part of the operation id after the dot;
            None for a system that exists only in the document.
        render: Renders a `Refusal` in this system's envelope, given its settings in the sandbox.
        verifiers: One for each security scheme of its operations; gets the raw value of the header, None if absent.
        code_of: Finds the codes in an answer with a given status and body.
        triage: Sorts violations of the document into those that are answered before the caller is authenticated and
            those that are answered after; the rules handle those that it leaves out.
        retention: Which expired records are deleted, and how many are kept.
        write_seed_data: Writes the seed people into a new sandbox.
        people: Lists the seed people, as a fresh sandbox has them; for a system without *roster*.
        roster: Makes, reads, changes and removes people, and says what is going to happen by itself.
        rules: The modules that define its rules.
        orders: The order of checks of its operations.
        effects: What its operations leave behind.
        required_headers: Finds missing headers that the document declares as credentials.
        judge_query: Finds parameters that the operation does not have, given the query string; without it they are
            ignored.
        tell_violations: Tells what is wrong with a request, in a sentence that needs more than the document; without
            it the sentences are those of the document.
        decode: Decodes a raw body (empty if there is none), given the operation's JSON schema with its references
            resolved; raises refusals. The content type is then ignored. Without *decode*, a body has to be strict
            JSON in a content type of the document.
        read_query: Reads the query string of an operation in the place of its declared parameters; raises refusals;
            None to leave it to the document.
        quickstart: The request that the banner shows.
        complete: Adds what the vendor sends with every answer.
        cors: Finds what pages of other origins may do, given the system's settings; without it they may do anything.
        admit: Admits a request by the client's address, the headers and the operation (None for the control API),
            before anything else of it is read; raises refusals. Without it every request is admitted.
        empty_last_segment: Whether its router lets a parameter that is the last segment of a path be empty.
        resembles: Whether a path that is not served looks like one of this system more than of any other; without it
            the nearest path of the document decides.
        person_of: Finds the id of the person in what a verifier returned; None for a caller who is no person.
        owners: For security schemes, find the id of the person whose credential is in the headers (by lower-case name)
            of a request, be it accepted or not; None for nobody.
        subject_of: Finds the id of the person for whom another id stands, such as that of a session; None for nobody.
        fail_rpc: Makes the refusal with a gRPC code, given its name; None for a system that is not called over RPC.
        reroute: Says what is answered at a path that is not served, instead of 404 or 405; None for those.
    """

    name: str
    title: str
    settings_model: type[SystemSettings]
    handlers: object
    render: Callable[[Refusal, Any], Answer]
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    code_of: Callable[[int, Any], frozenset[str]] = lambda _status, _body: frozenset()
    triage: Triage = authenticate_first
    retention: tuple[Retention, ...] = ()
    write_seed_data: Callable[[Transaction, SeedData], None] = lambda _tx, _seed_data: None
    people: Callable[[SeedData], Sequence[Person]] = lambda _seed_data: ()
    roster: Roster | None = None
    rules: tuple[ModuleType, ...] = ()
    orders: tuple[CheckOrder, ...] = ()
    effects: Effects = field(default_factory=dict)
    required_headers: Callable[[Operation, Mapping[str, str]], Sequence[Violation]] | None = None
    judge_query: Callable[[Operation, str], Sequence[Violation]] | None = None
    tell_violations: Callable[[ReadRequest], Sequence[Violation]] | None = None
    decode: Callable[[bytes, Any], Any] | None = None
    read_query: Callable[[Operation, str], dict[str, Any] | None] | None = None
    quickstart: Quickstart | None = None
    complete: Complete | None = None
    cors: Callable[[Any], CorsPolicy] | None = None
    admit: Callable[[str | None, Mapping[str, str], Operation | None], None] | None = None
    empty_last_segment: bool = False
    resembles: Callable[[str], bool] = lambda _path: False
    person_of: Callable[[Any], str | None] = lambda _caller: None
    owners: Mapping[str, Owner] = field(default_factory=dict)
    subject_of: Callable[[FindRecord, str], str | None] = lambda _find, _id: None
    fail_rpc: Callable[[str], Refusal] | None = None
    reroute: Callable[[str], Refusal | None] = lambda _path: None

    def handler(self, operation_id: str) -> Handler | None:
        """Find the handler of an operation; None if the document's examples answer it."""
        prefix, _, name = operation_id.partition(".")
        found = getattr(self.handlers, name, None) if prefix == self.name and name else None
        return found if callable(found) else None

    def catalogue(self) -> tuple[Rule, ...]:
        """List the rules of this system."""
        return catalogue(self.rules)
