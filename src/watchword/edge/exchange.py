"""One request and its answer on their way through the edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watchword.document import Operation
from watchword.domain.chance import Retold
from watchword.domain.hashing import RequestHasher
from watchword.domain.refusal import Violation
from watchword.sandbox import Sandbox
from watchword.system import Answer, Call, System

if TYPE_CHECKING:
    from watchword.edge.world import World


@dataclass(slots=True)
class Exchange:
    """
    What is known of a request so far.

    Args:
        path: Percent-decoded, without sandbox prefix; without base path once ``bases`` has been asked.
        headers: By lower-case name; the values of a repeated header joined by commas.
        base: Where the client found this sandbox: scheme, host and the sandbox's path prefix.
        protocol: What is spoken instead of the document's HTTP and JSON; empty for that.
        begun: The call of an earlier step or try that has changed nothing, for the next one to go on with.
    """

    world: "World"
    sandbox: Sandbox
    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    query: str = field(default="", repr=False)
    client: str | None = None
    body: bytes = field(default=b"", repr=False)
    operation: Operation | None = None
    system: System | None = None
    json: Any = field(default=None, repr=False)
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    unjudged: Sequence[Violation] = ()
    callers: dict[str, Any] = field(default_factory=dict, repr=False)
    answer: Answer | None = None
    base: str = ""
    http_version: str = "1.1"
    protocol: str = ""
    begun: Call | None = field(default=None, repr=False)
    hasher: RequestHasher = field(init=False, repr=False)
    chance: Retold = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.hasher = RequestHasher(self.world.sandboxes.hasher)
        self.chance = self.sandbox.chance.retold()

    def call(self) -> Call:
        """Make what verifiers and handlers are given, with a transaction of its own."""
        system = self.system
        assert system is not None  # noqa: S101  # only asked once the operation is known
        sandbox = self.sandbox
        self.chance.rewind()
        return Call(
            tx=sandbox.store.transaction(),
            now=sandbox.clock.now(),
            chance=self.chance,
            hasher=self.hasher,
            settings=sandbox.settings.get(system.name),
            path=self.parameters.get("path", {}),
            query=self.parameters.get("query", {}),
            headers=self.headers,
            body=self.json,
            callers=self.callers,
            operation=self.operation,
            sandbox=sandbox.name,
            base=self.base,
            outside=sandbox.clock.source,
        )

    def renew(self) -> None:
        """Let the next try, which goes on in the same call, see the time and the settings of now."""
        call, system = self.begun, self.system
        assert call is not None  # noqa: S101  # it was tried before
        assert system is not None  # noqa: S101
        self.chance.rewind()
        call.now = self.sandbox.clock.now()
        call.settings = self.sandbox.settings.get(system.name)
