"""A document, the systems that answer for it, and their sandboxes: what all requests share."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from watchword.document import Document, Operation
from watchword.document.structure import declared_responses
from watchword.domain.rule import Rule
from watchword.edge.base_paths import BasePaths
from watchword.edge.mock.examples import ExampleAnswers, example_answers, unanswered
from watchword.edge.nearest import Nearest
from watchword.edge.overlay_report import OverlayReport
from watchword.edge.watch import Watch
from watchword.sandbox import Sandbox, Sandboxes
from watchword.sandbox.start import Start
from watchword.system import Handler, System

_log = logging.getLogger("watchword.document")


@dataclass(frozen=True)
class RequestLimits:
    """
    Limits of a single request.

    Args:
        body_bytes: The greatest length of a body.
        body_seconds: How long a body may take to arrive.
        larger: The greatest length at paths where bodies may be longer.
    """

    body_bytes: int = 4 * 1024 * 1024
    body_seconds: float = 20.0
    larger: Mapping[str, int] = field(default_factory=dict)

    def most_at(self, path: str) -> int:
        """Give the greatest length of a body at *path*."""
        return max(self.body_bytes, self.larger.get(path, 0))


@dataclass(frozen=True)
class ServedApi:
    """
    A document, the systems that answer for it, and their sandboxes.

    Args:
        systems: By name, with those that only the document knows.
        controls: Whether it is the control API, whose clients are admitted first (`System.admit`).
        overlays: What overlays change and break; operations whose handlers do not fit any more are answered from
            the document.
        proposals: What describes the imitated systems in sandboxes that have chosen a proposal, by its name.
        proposal: The name of the proposal that this is; empty for none.
        start: What a fresh sandbox begins with.
        watch: What became of the files, if they are watched.
    """

    document: Document
    systems: Mapping[str, System]
    sandboxes: Sandboxes
    limits: RequestLimits = field(default_factory=RequestLimits)
    controls: bool = False
    overlays: OverlayReport = field(default_factory=OverlayReport)
    proposals: "Mapping[str, ServedApi]" = field(default_factory=dict)
    proposal: str = ""
    start: Start = field(default_factory=Start)
    watch: Watch | None = None
    _declared_answers: dict[str, ExampleAnswers] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, sandbox: Sandbox) -> "ServedApi":
        """Give what describes the imitated systems in *sandbox*: its proposal, or else this."""
        return self.proposals[sandbox.proposal] if sandbox.proposal else self

    @property
    def alternatives(self) -> "tuple[ServedApi, ...]":
        """This and its proposals."""
        return (self, *self.proposals.values())

    @cached_property
    def imitates(self) -> bool:
        """Whether it is the imitated systems: neither the control API nor a document that somebody brings."""
        return not (self.controls or self.document.owner)

    def prepare(self) -> None:
        """
        Derive everything at the start that requests need, and warn of what the document declares in vain.
        """
        _ = self.handlers, self.base_paths, self.nearest
        outer = {f"tag {name}": answers for name, answers in self.outer_example_answers.items()}
        for one in unanswered({**self.example_answers, **outer}):
            _log.warning("%s It is answered with 501.", one)

    @cached_property
    def handlers(self) -> Mapping[str, Handler]:
        """Handlers by operation id; operations without one are answered from the document."""
        operations = [one for one in self.document.operations.values() if one.id not in self.overlays.unfit]
        found = {one.id: self.systems[one.system].handler(one.id) for one in operations}
        return {name: handler for name, handler in found.items() if handler is not None}

    @cached_property
    def example_answers(self) -> Mapping[str, ExampleAnswers]:
        """What the document answers for operations that have no handler, by operation id."""
        return {
            one.id: self.declared_answers(one)
            for one in self.document.operations.values()
            if one.id not in self.handlers
        }

    def declared_answers(self, operation: Operation) -> ExampleAnswers:
        """Derive what the document answers for *operation*, once: with a handler few clients ask for it."""
        found = self._declared_answers.get(operation.id)
        if found is None:
            found = example_answers(
                self.document, dict(declared_responses(operation.raw.get("responses") or {})), operation.responses
            )
            self._declared_answers[operation.id] = found
        return found

    @cached_property
    def outer_example_answers(self) -> Mapping[str, ExampleAnswers]:
        """What it answers before an operation is known, for systems that only the document knows."""
        shapes = self.document.system_responses
        return {
            tag["name"]: example_answers(
                self.document,
                tag.get("x-outer-responses", {}),
                {str(status): shape for (name, status), shape in shapes.items() if name == tag["name"]},
            )
            for tag in self.document.content.get("tags", ())
            if tag["name"] in self.document.document_only_systems
        }

    @cached_property
    def response_headers(self) -> frozenset[str]:
        """The names of all headers that the document declares for answers, in lower case."""
        shapes = [shape for one in self.document.operations.values() for shape in one.responses.values()]
        return frozenset(
            name for shape in (*shapes, *self.document.system_responses.values()) for name in shape.headers
        )

    @cached_property
    def literal_paths(self) -> frozenset[str]:
        """The paths of operations that have no parameters."""
        return frozenset(one.path for one in self.document.operations.values() if "{" not in one.path)

    @cached_property
    def base_paths(self) -> BasePaths:
        """The vendors' base paths."""
        return BasePaths(self.document.operations.values())

    @cached_property
    def nearest(self) -> Nearest:
        """Finds what to suggest when a path is unknown."""
        empty_last = [name for name, system in self.systems.items() if system.empty_last_segment]
        return Nearest(self.document.operations.values(), empty_last)

    def system_at(self, path: str) -> System | None:
        """Find the system that answers at *path*, served or not; None if there are no operations."""
        found = self.nearest.at(path) or self.near(path)
        return self.systems[found[0].system] if found else None

    def near(self, path: str) -> tuple[Operation, ...]:
        """List the operations probably meant by a *path* that is not served, of the system that answers."""
        owner = next((one.name for one in self.systems.values() if one.resembles(path)), None)
        return self.nearest.to(path, system=owner)

    def declared_refusals(self, system: str, operation: Operation | None, path: str) -> list[ExampleAnswers]:
        """
        Find where the document declares the refusals of a system that only the document knows.

        Args:
            operation: None before one is known: then the system's tag declares them (``x-outer-responses``),
                or else the operation nearest to *path*.
        """
        if operation is not None:
            return [self.example_answers.get(operation.id, {})]
        near = self.nearest.at(path) or self.nearest.to(path)
        nearest = [self.example_answers.get(one.id, {}) for one in near[:1]]
        return [self.outer_example_answers.get(system, {}), *nearest]

    def rules(self) -> list[tuple[Rule, tuple[str, ...]]]:
        """List every rule by id, with the ids of the operations that it applies to."""
        found = {rule for system in self.systems.values() for rule in system.catalogue()}
        return [
            (rule, tuple(one.id for one in self.document.operations.values() if rule.id in one.rules))
            for rule in sorted(found, key=lambda rule: rule.id)
        ]
