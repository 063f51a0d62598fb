"""One request and its answer on their way through the edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive

from watchword.document import Operation, conformance
from watchword.domain.clock import Ticks
from watchword.domain.limits import Standing
from watchword.domain.refusal import Refusal, Violation
from watchword.domain.rule import RuleRecord
from watchword.edge.interference import Interference
from watchword.edge.mock.wishes import Wishes
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox
from watchword.sandbox.faults import ArmedFault
from watchword.sandbox.unit_of_work import UnitOfWork
from watchword.system import Answer, Asked, Call, System

_IN_BODY = object()
"""Stands for what a body says, until somebody reads it again."""


@dataclass(slots=True, repr=False)
class Exchange:
    """
    What is known of a request so far; shown without anything that the client sent.

    Args:
        path: Percent-decoded, without the sandbox's prefix and without a base path.
        base_path: The base path that was taken off; empty for none.
        headers: By lower-case name; the values of a repeated header joined by commas.
        prefix: What stood before the base path: the sandbox's path prefix, and the name of a document.
        root_url: Where the client found this sandbox: scheme, host and the sandbox's path prefix.
        protocol: What is spoken instead of the document's HTTP and JSON; empty for that.
        later_violations: What is wrong with the request and is answered once the caller is known.
        refusal: Why it is refused; None for another answer.
        record: Notes which rules are asked; None if nobody wants to know.
        received_at: When the request arrived, in real time; 0 if nobody wants to know.
        position: Where the sandbox's history stood then.
        from_document: Whether the client asked for an answer of the document where a handler would answer.
        wishes: What the client wishes for this request (``Prefer``); None for nothing.
        interference: What faults and wishes do to the request; None for nothing.
        hint: What the answer should say in the header ``Watchword-Hint``.
        hurried: Whether nothing waits for the answer, so that delays are left out.
        twins: Wishes that were taken out of the query.
        armed: The faults that were armed when it arrived, if it met any; None if it did not.
        counted: How its caller's windows of rate limits stood before it was counted.
        completed_from: Where the chance of its system stood before its answer was completed.
        forwarded: Whether somebody else's server answers it, behind a proxy.
        is_page: Whether it is for a page of our own, such as the documentation, and not for an API.
        departures: In what that server behaves otherwise than its rules say: JSON pointers and sentences.
        receive: Tells when the client hangs up, once the body has been read; None without a connection.
    """

    api: ServedApi
    sandbox: Sandbox
    method: str
    path: str
    headers: Mapping[str, str]
    base_path: str = ""
    query: str = ""
    client: str | None = None
    body: bytes = b""
    operation: Operation | None = None
    system: System | None = None
    json: Any = None
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    later_violations: Sequence[Violation] = ()
    callers: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    prefix: str = ""
    root_url: str = ""
    http_version: str = "1.1"
    protocol: str = ""
    hint: str = ""
    from_document: bool = False
    wishes: Wishes | None = None
    interference: Interference | None = None
    refusal: Refusal | None = None
    record: RuleRecord | None = None
    received_at: Ticks = 0
    position: int = 0
    hurried: bool = False
    twins: Sequence[tuple[str, str]] = ()
    armed: tuple[ArmedFault, ...] | None = None
    counted: Standing = ()
    completed_from: int | None = None
    forwarded: bool = False
    is_page: bool = False
    departures: Sequence[tuple[str, str]] = ()
    receive: Receive | None = None
    work: UnitOfWork = field(init=False)

    def __repr__(self) -> str:
        operation = "no operation yet" if self.operation is None else self.operation.id
        return f"<Exchange: {operation}, sandbox {self.sandbox.name}>"

    @property
    def fault(self) -> str:
        """The id of the armed fault that decided the answer, or else of the first one that delayed it; or empty."""
        return "" if self.interference is None else self.interference.fault

    def begin(self, operation: Operation | None, system: System) -> None:
        """Note what is called, and begin the unit of work: what the request does to its sandbox."""
        self.operation, self.system = operation, system
        self.work = UnitOfWork(self.sandbox, system.name, sandboxes=self.api.sandboxes, record=self.record)

    @property
    def begun(self) -> UnitOfWork | None:
        """The unit of work; None for a request that met no operation, or was unreadable."""
        return getattr(self, "work", None)

    def let_go(self) -> UnitOfWork | None:
        """
        Drop what only answering needs, for whoever keeps the exchange, and give the unit of work, if there was one.

        A journal keeps a thousand exchanges, far apart in memory. There the objects of a unit of work would cost a
        request about as much time as half a dozen rules. For the same reason what its body says is read again for
        readers (`take_up`).
        """
        self.receive = None
        work: UnitOfWork | None = getattr(self, "work", None)  # not by `begun`, which would be another call
        if work is None:
            return None
        del self.work
        if self.body and self.json is not None and not self.protocol:
            self.json = _IN_BODY
        return work

    def take_up(self) -> None:
        """Read the body again, for whoever reads an exchange that was let go; one that was not read then stays so."""
        if self.json is _IN_BODY and self.operation is not None:
            decode = None if self.system is None else self.system.decode
            self.json = conformance.read_body(self.operation, self.headers, self.body, decode, [])

    def keep_sandbox(self) -> None:
        """Let the sandbox outlast this request, which it has not refused."""
        if not self.sandbox.kept:
            self.api.sandboxes.keep(self.sandbox)

    @property
    def settings(self) -> Any:
        """The settings of the exchange's system in its sandbox; None if it has none there."""
        return None if self.system is None else self.sandbox.settings.get(self.system.name)

    def begin_completion(self) -> Asked:
        """Note where chance stands, and give what the exchange's system may know when it completes the answer."""
        sandbox, system = self.sandbox, self.system
        assert system is not None  # noqa: S101  # only a system completes answers
        chance = sandbox.chances.of(system.name)
        self.completed_from = chance.source.position
        now = None if self.begun is None else self.begun.called_at
        settings = sandbox.settings.get(system.name)
        return Asked(self.operation, self.headers, settings, now or sandbox.clock.now(), chance)

    def new_call(self) -> Call:
        """Make what a step is given, with a transaction of its own."""
        sandbox, system, work = self.sandbox, self.system, self.work
        assert system is not None  # noqa: S101  # `begin` was called
        return Call(
            tx=sandbox.store.transaction(),
            now=sandbox.clock.now(),
            chance=work.chance,
            hasher=work.hasher,
            settings=sandbox.settings.get(system.name),
            path=self.parameters.get("path", {}),
            query=self.parameters.get("query", {}),
            query_string=self.query,
            headers=self.headers,
            body=self.json,
            callers=self.callers,
            operation=self.operation,
            sandbox=sandbox.name,
            root_url=self.root_url,
            wall_clock=sandbox.clock.wall_clock,
            protocol=self.protocol,
        )
