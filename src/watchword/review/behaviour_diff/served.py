"""Another Watchword as a side: a sandbox of its own there, and what its journal says of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

from watchword.contract.driver import Driver, TargetFailed
from watchword.contract.oracle import Decided, codes_of
from watchword.contract.subject import Subject
from watchword.contract.watchword_target import Kind, WatchwordTarget, recognise
from watchword.contract.wire import Wire
from watchword.document import Document, Operation
from watchword.domain.chance import new_random_seed
from watchword.domain.rule import Rule
from watchword.journal.entry import Decider
from watchword.review.behaviour_diff.servers import Broken, Json
from watchword.review.served_documents import server_of
from watchword.review.sides import Side
from watchword.system import System
from watchword.systems import SYSTEMS


class NotPlayable(Exception):
    """Nothing can be played on a side; the message says why, and what would be right."""


@dataclass(frozen=True)
class ServedPlayer:
    """A system of another Watchword; what its document says is read from *document*."""

    subject: Subject
    target: WatchwordTarget
    system: System
    document: Document

    @property
    def leader(self) -> "ServedPlayer":
        """Itself."""
        return self

    @property
    def driver(self) -> Driver:
        """The sandbox there."""
        return self.target

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations of the document, by id."""
        return self.document.operations

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes that the document knows."""
        return codes_of(self.document, self.system)

    def decided(self) -> Decided:
        """Ask the journal there what decided the newest answer; nothing is known if there is none."""
        try:
            found = self.target.control("GET", f"/journal?system={self.system.name}&limit=1")["entries"]
        except TargetFailed:
            found = []
        if not found:
            return Decided("", None, ())
        asked = tuple(self._rules[one["id"]] for one in found[0]["rules"] if one["id"] in self._rules)
        decision = found[0]["decidedBy"]
        if decision is None:
            return Decided("", None, asked)
        kind, identifier = Decider(decision["kind"]), decision["id"]
        rule = self._rules.get(identifier) if kind is Decider.RULE else None
        return Decided(identifier, rule, asked, kind)

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        return {one.id: one for one in self.system.catalogue()}

    def begin(self) -> None:
        """Reset the sandbox, and disarm all faults."""
        self.target.begin()
        self.target.control("DELETE", "/faults")

    def settings(self) -> Json:
        """Ask for the settings of the sandbox."""
        found: Json = self.target.control("GET", "/settings")[self.system.name]
        return found

    def mutants(self) -> Sequence[Broken]:
        """Ask for the mutants of the sandbox."""
        found = self.target.control("GET", "/mutants")["mutants"]
        return [Broken(one["id"], one["subject"], one["sentence"]) for one in found]

    def keep_mutants(self, kept: Sequence[str]) -> None:
        """Switch the others off in the sandbox."""
        self.target.control("PUT", "/mutants", {"mutants": list(kept)})


@dataclass(frozen=True)
class ServedServer:
    """Another Watchword."""

    side: Side
    handled: frozenset[str]
    _document: Document
    _reach: Callable[[Subject], WatchwordTarget]
    is_here: bool = False
    unfit: frozenset[str] = frozenset()

    def player(self, subject: Subject) -> ServedPlayer:
        """
        Make a sandbox there.

        Raises:
            TargetFailed: It cannot be reached.
        """
        system = next(one for one in SYSTEMS if one.name == subject.system)
        return ServedPlayer(subject, self._reach(subject), system, self._document)


@contextmanager
def served_server(side: Side, address: str, *, token: str | None) -> Iterator[ServedServer]:
    """
    Reach a Watchword.

    Args:
        token: Of ``--admin-token``; None without one.

    Raises:
        NotPlayable: It is none, or does not let us in.
        TargetFailed: It cannot be reached.
    """
    url = server_of(address)
    with ExitStack() as stack:

        def reach(subject: Subject) -> WatchwordTarget:
            wire = stack.enter_context(closing(Wire(url)))
            sandbox = f"diff-{new_random_seed():x}"
            return stack.enter_context(_closing(WatchwordTarget(wire, sandbox, subject, guard)))

        guard = _token_for(url, token)
        document = Document(dict(side.content), tuple(one.name for one in SYSTEMS))
        handled = frozenset(
            one.id for one in document.operations.values() if one.raw.get("x-watchword-answer") != "example"
        )
        yield ServedServer(side, handled, document, reach)


@contextmanager
def _closing(target: WatchwordTarget) -> Iterator[WatchwordTarget]:
    try:
        yield target
    finally:
        with suppress(TargetFailed):  # one that is lost has nothing to clean up
            target.close()


def _token_for(url: str, token: str | None) -> str | None:
    """
    Find out whether a server is a Watchword, and needs the token.

    Raises:
        NotPlayable: It is none, or needs a token that nobody has given.
    """
    with closing(Wire(url)) as wire:
        kind = recognise(wire)
    if kind is Kind.FOREIGN:
        raise NotPlayable(
            f"{url} is not a Watchword: 'watchword test' compares the behaviour of other servers, with bindings"
        )
    if kind is Kind.GUARDED and not token:
        raise NotPlayable(f"{url} has an admin token: give it with --token or WATCHWORD_ADMIN_TOKEN")
    return token if kind is Kind.GUARDED else None
