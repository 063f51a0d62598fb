"""What a check is given, and what it gives back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from watchword.document import Document, Operation
from watchword.document.origins import Steps
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
