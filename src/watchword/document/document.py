"""The one document, ready to be served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from watchword.document.closed import close_document
from watchword.document.compiler import Compiler
from watchword.document.extract import extract_operations, mark_examples, prune_components
from watchword.document.operations import Operation, ResponseShape

NO_SYSTEM = "document"
"""The system of operations whose id and tags name none."""


@dataclass(frozen=True)
class Document:
    """
    A bundled document and what is compiled from it.

    Args:
        content: With internal references only; literal paths come before templates.
        systems: The names of the imitated systems; ids and tags may name others.
        owner: The one system of all operations; empty if ids and tags name it.
    """

    content: dict[str, Any] = field(repr=False)
    systems: tuple[str, ...]
    owner: str = ""

    @cached_property
    def _compiler(self) -> Compiler:
        return Compiler(self.content)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by id."""
        return {one.id: one for one in self._compiler.operations(self._system_of)}

    @cached_property
    def system_responses(self) -> Mapping[tuple[str, int], ResponseShape]:
        """What a system answers before an operation is known, by system and status (``x-outer-responses``)."""
        return {
            (tag["name"], int(status)): self._compiler.response(response)
            for tag in self.content.get("tags", ())
            for status, response in tag.get("x-outer-responses", {}).items()
        }

    def _system_of(self, operation_id: str, raw: Mapping[str, Any]) -> str:
        if self.owner:
            return self.owner
        prefix, dot, _ = operation_id.partition(".")
        names = (*([prefix] if dot and prefix else ()), *raw.get("tags", ()))
        return next((name for name in names if name in self.systems), next(iter(names), NO_SYSTEM))

    @cached_property
    def system_names(self) -> tuple[str, ...]:
        """The names of the systems that have operations, the imitated ones first."""
        names = dict.fromkeys(one.system for one in self.operations.values())
        return (*(name for name in self.systems if name in names), *self.document_only_systems)

    @cached_property
    def document_only_systems(self) -> Mapping[str, str]:
        """The titles of the systems that have operations but are not imitated, by name."""
        if self.owner:
            return {self.owner: self.content["info"]["title"]}
        titles = {tag["name"]: tag.get("x-displayName", tag["name"]) for tag in self.content.get("tags", ())}
        names = dict.fromkeys(one.system for one in self.operations.values() if one.system not in self.systems)
        return {name: titles.get(name, "Other" if name == NO_SYSTEM else name) for name in names}

    def extract_system(self, system: str) -> dict[str, Any]:
        """
        Reduce the document to one *system*.

        Returns:
            Its paths, its tag and the components that they use.

        Raises:
            KeyError: The document has no such system.
        """
        places = {(one.path, one.method.lower()) for one in self.operations.values() if one.system == system}
        if not places:
            raise KeyError(system)
        return extract_operations(self.content, places, tag=system)

    def export(self, handled: Iterable[str], system: str | None = None, *, closed: bool = False) -> dict[str, Any]:
        """
        Prepare the document for readers and tools.

        Args:
            handled: Ids of the operations that have a handler; the others are marked as answered from examples.
            system: The only system to export; None for all.
            closed: Export the strict form, in which nothing stands for anything else.
        """
        marked = mark_examples(self.content if system is None else self.extract_system(system), set(handled))
        return prune_components(close_document(marked)) if closed else marked
