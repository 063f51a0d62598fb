"""Everything that requests share and that stays the same while the server runs."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from watchword.document import Document
from watchword.domain.rule import Rule
from watchword.edge.bases import Bases
from watchword.edge.exemplary import Exemplars, exemplars
from watchword.edge.nearest import Nearest
from watchword.edge.threads import hash_threads
from watchword.sandboxes import Sandboxes
from watchword.system import Handler, System

if TYPE_CHECKING:
    from watchword.edge.face import Face


@dataclass(frozen=True)
class Limits:
    """
    What a single request may ask of the server.

    Args:
        body_bytes: The longest body.
        body_seconds: How long a body may take to arrive.
    """

    body_bytes: int = 1024 * 1024
    body_seconds: float = 20.0


@dataclass(frozen=True)
class World:
    """
    A document, the systems that answer for it, and their sandboxes.

    Args:
        systems: By name, with those that the document alone knows.
        imitates: Whether these are imitated systems, which settings can slow or switch off; the control API is not.
        faces: Other protocols over the same operations.
    """

    document: Document
    systems: Mapping[str, System]
    sandboxes: Sandboxes
    limits: Limits = field(default_factory=Limits)
    imitates: bool = True
    faces: tuple["Face", ...] = ()

    def prepare(self) -> None:
        """
        Derive at start what requests will ask for.

        Raises:
            DocumentError: The document cannot answer for what nobody implements.
        """
        _ = self.handlers, self.exemplars, self.outer_exemplars, self.bases, self.nearest

    @cached_property
    def handlers(self) -> Mapping[str, Handler]:
        """The handlers by operation id; operations without one are answered from the document."""
        found = {one.id: self.systems[one.system].handler(one.id) for one in self.document.operations.values()}
        return {name: handler for name, handler in found.items() if handler is not None}

    @cached_property
    def exemplars(self) -> Mapping[str, Exemplars]:
        """What the document answers in place of missing handlers, by operation id."""
        return {
            one.id: exemplars(self.document, one.id, one.raw["responses"], one.responses)
            for one in self.document.operations.values()
            if one.id not in self.handlers
        }

    @cached_property
    def outer_exemplars(self) -> Mapping[str, Exemplars]:
        """What it answers before an operation is known, by system, for those that it alone knows."""
        outer = self.document.outer
        return {
            tag["name"]: exemplars(
                self.document,
                f"tag {tag['name']}",
                tag.get("x-outer-responses", {}),
                {str(status): shape for (name, status), shape in outer.items() if name == tag["name"]},
            )
            for tag in self.document.content.get("tags", ())
            if tag["name"] in self.document.further
        }

    @cached_property
    def bases(self) -> Bases:
        """The vendors' base paths."""
        return Bases(self.document.operations.values())

    @cached_property
    def nearest(self) -> Nearest:
        """What to name when a path is unknown."""
        return Nearest(self.document.operations.values())

    @cached_property
    def hash_threads(self) -> Executor:
        """Where hashes that take long are computed; no thread is there before the first of them."""
        return hash_threads()

    def rules(self) -> list[tuple[Rule, tuple[str, ...]]]:
        """List every rule by id, with the ids of the operations that it decides."""
        found = {rule for system in self.systems.values() for rule in system.catalogue()}
        return [
            (rule, tuple(one.id for one in self.document.operations.values() if rule.id in one.rules))
            for rule in sorted(found, key=lambda rule: rule.id)
        ]
