"""What a check is given, and what it gives back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from watchword.document import Document, Operation
from watchword.document.origins import Steps
from watchword.document.references import resolve_reference
from watchword.document.sources import Source, Sources
from watchword.system import System
from watchword.system.settings import SettingsBySystem


@dataclass(frozen=True)
class Linted:
    """
    A document that is looked at.

    Args:
        original: Our own document, as it is written.
        systems: The imitated systems that *document* has operations of, by name.
        settings: What they start with, with what *document* sets.
    """

    document: Document
    sources: Sources
    original: Document
    systems: Mapping[str, System]
    settings: SettingsBySystem

    def imitated(self) -> Iterator[Operation]:
        """Yield the operations that have a handler."""
        for one in self.document.operations.values():
            system = self.systems.get(one.system)
            if system is not None and system.handler(one.id) is not None:
                yield one


class Found(NamedTuple):
    """
    Something that a check has found.

    Args:
        steps: What leads to it in the document; for what is missing, to what should have it.
        source: Where it was written, if that is not in the document.
        example: Where the example stands that the sentence is about, if something else has made it wrong.
    """

    steps: Steps
    sentence: str
    source: Source | None = None
    example: Source | None = None


def steps_of(operation: Operation) -> Steps:
    """Give the steps to an operation."""
    return ("paths", operation.path, operation.method.lower())


def media_of(linted: Linted, operation: Operation) -> Iterator[tuple[str, Steps, Mapping[str, Any]]]:
    """Yield status, steps and content of each body that *operation* answers with."""
    for status in operation.responses:
        response = resolve_reference(linted.document.content, operation.raw["responses"][status])
        for kind, media in (response.get("content") or {}).items():
            yield status, (*steps_of(operation), "responses", status, "content", kind), media


def steps_of_outcome(linted: Linted, operation: Operation, status: str, name: str) -> Steps:
    """Give the steps to where the example *name* of an answer is, or should be, or to an answer without a body."""
    bodies = [(steps, media) for declared, steps, media in media_of(linted, operation) if declared == status]
    having = [steps for steps, media in bodies if name in (media.get("examples") or {})]
    at = having or [steps for steps, _ in bodies if name != "-"]
    return (*at[0], "examples", name) if at else (*steps_of(operation), "responses", status)
