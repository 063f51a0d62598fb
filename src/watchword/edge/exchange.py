"""One request and its answer on their way through the edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from watchword.document import Operation
from watchword.domain.chance import Retold
from watchword.domain.hashing import RequestHasher
from watchword.domain.refusal import Violation
from watchword.sandbox import Sandbox
from watchword.system import Answer, Call, System

if TYPE_CHECKING:
    from watchword.edge.world import World

KEY = "watchword"
"""Where the exchange hangs in the ASGI scope, which Connexion's own router copies; the exchange stays the same."""


@dataclass(slots=True)
class Exchange:
    """
    What is known of a request so far.

    Args:
        path: Percent-decoded, without sandbox prefix; without base path once ``bases`` has been asked.
        headers: By lower-case name; the values of a repeated header joined by commas.
        base: Where the client found this sandbox: scheme, host and the sandbox's path prefix.
        protocol: What is spoken instead of the document's HTTP and JSON; empty for that.
        begun: The call of an earlier step that has only read, for the next step to go on with.
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

    def renew(self, call: Call) -> None:
        """Let *call*, made for an earlier step or an earlier try, see the time and the settings of now."""
        assert self.system is not None  # noqa: S101  # whose step it was
        self.chance.rewind()
        call.now = self.sandbox.clock.now()
        call.settings = self.sandbox.settings.get(self.system.name)


def exchange_of(scope: Scope) -> Exchange:
    """Find the exchange of an ASGI *scope* that came through the front."""
    return scope[KEY]  # type: ignore[no-any-return]  # put there by the front alone
