"""Another Watchword as a side: a sandbox of its own there, and what its journal says of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property

from watchword.contract.driver import Driver, TargetFailed
from watchword.contract.oracle import Decided, Described
from watchword.contract.subject import Subject
from watchword.contract.watchword_target import Kind, WatchwordTarget, recognise
from watchword.contract.wire import Wire
from watchword.document import Document
from watchword.domain.chance import new_random_seed
from watchword.domain.rule import Rule
from watchword.journal.entry import Decider
from watchword.review.behaviour_diff.servers import Broken, Json
from watchword.review.served_documents import server_of
from watchword.review.sides import Side
from watchword.systems import SYSTEMS


class NotPlayable(Exception):
    """Nothing can be played on a side; the message says why, and what would be right."""


@dataclass(frozen=True)
class ServedPlayer(Described):
    """A system of another Watchword."""

    target: WatchwordTarget
    tuned: Json = field(default_factory=dict)

    @property
    def leader(self) -> "ServedPlayer":
        """Itself."""
        return self

    @property
    def driver(self) -> Driver:
        """The sandbox there."""
        return self.target

    def decided(self) -> Decided:
        """Ask the journal there what decided the newest answer; nothing is known if it does not say."""
        try:
            return self.target.ask("/journal?limit=1", lambda told: self._decided(told["entries"][0]))
        except TargetFailed:
            return Decided("", None, ())

    def _decided(self, entry: Json) -> Decided:
        asked = tuple(self._rules[one["id"]] for one in entry["rules"] if one["id"] in self._rules)
        decision = entry["decidedBy"]
        if decision is None or entry["system"] != self.system.name:
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
        if self.tuned:
            self.target.tune(self.tuned)

    def settings(self) -> Json:
        """Ask for the settings of the sandbox."""
        return self.target.ask("/settings", lambda told: dict(told[self.system.name]))

    def mutants(self) -> Sequence[Broken]:
        """Ask for the mutants of the sandbox."""
        return self.target.ask("/mutants", lambda told: [_broken(one) for one in told["mutants"]])

    def keep_mutants(self, kept: Sequence[str]) -> None:
        """Switch the others off in the sandbox."""
        self.target.control("PUT", "/mutants", {"mutants": list(kept)})


def _broken(told: Json) -> Broken:
    return Broken(told["id"], told["subject"], told["sentence"])


@dataclass(frozen=True)
class ServedServer:
    """Another Watchword."""

    side: Side
    handled: frozenset[str]
    _document: Document
    _reach: Callable[[Subject], WatchwordTarget]
    is_here: bool = False
    unfit: frozenset[str] = frozenset()

    def player(self, subject: Subject, tuned: Json | None = None) -> ServedPlayer:
        """
        Make a sandbox there.

        Raises:
            TargetFailed: It cannot be reached.
        """
        system = next(one for one in SYSTEMS if one.name == subject.system)
        return ServedPlayer(subject, system, self._document, self._reach(subject), tuned or {})


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
            f"{url} is not a Watchword: to compare how another server answers, name it as HEAD, and say with --bindings"
            " FILE who is there"
        )
    if kind is Kind.GUARDED and not token:
        raise NotPlayable(f"{url} has an admin token: give it with --token or WATCHWORD_ADMIN_TOKEN")
    return token if kind is Kind.GUARDED else None
