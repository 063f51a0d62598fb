"""What is noted while a document is put together, so that its parts can be found in the files that people wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from watchword.document.file_states import FileStates
from watchword.document.files import Located
from watchword.document.overlay_targets import Hidden

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """
    What one action of an overlay did to one place.

    Args:
        overlay: The file.
        written: The steps to what was written, in the overlay.
        location: The steps to what was changed, in the document.
        lengths: How many entries the arrays had that others were added to, by their steps from *location*.
        is_whole: Everything at *location* and below is what was written: copied, or removed.
        removes: Whether *location* was removed.
    """

    overlay: Path
    written: Steps
    location: Steps
    lengths: Mapping[Steps, int] = field(default_factory=dict)
    is_whole: bool = False
    removes: bool = False


@dataclass(frozen=True)
class Unmatched:
    """The target of an action that matches nothing, and what a reference hides from it; None if none does."""

    target: Located
    hidden: Hidden | None


@dataclass
class Origins:
    """
    Where a document comes from.

    Attributes:
        components: What became a component because a reference to another file leads to it, by category and name.
        changes: In the order in which they were made.
        files: Gets each file before it is read, and those that should have been there; None if nobody wants to know.
        unmatched: The targets of actions that match nothing.
        unknown: The fields of actions that no action has.
    """

    components: dict[tuple[str, str], Located] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    files: FileStates | None = None
    unmatched: list[Unmatched] = field(default_factory=list)
    unknown: list[Located] = field(default_factory=list)

    def ask(self, path: Path) -> None:
        """Note that the file *path* is about to be read."""
        if self.files is not None:
            self.files.add(path)
