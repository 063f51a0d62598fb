"""Where sandboxes outlive the server. What is here keeps nothing; `watchword.store.disk` has the other kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from watchword.store.records import Document
from watchword.store.rows import Base
from watchword.store.seed import Seed
from watchword.store.tiny import Changes, LiveStorage


class Unusable(Exception):
    """A directory that cannot keep sandboxes, or whose contents are not for us; the message says why."""


class Shelf:
    """The place of one sandbox; this one keeps nothing."""

    def storage(self, bases: Mapping[str, Base] | None = None) -> LiveStorage:
        """Make the tables of the sandbox, which keep here what they hold."""
        return LiveStorage(bases)

    def write(self, changes: Changes) -> None:
        """
        Keep *changes*, all or none; the sandbox is kept from then on, even if there are none.

        Raises:
            NotStored: It cannot be done; nothing was.
        """

    def leave(self) -> None:
        """
        Give the place up: what is written here from now on is nowhere.

        Raises:
            NotStored: It cannot be done; nothing was.
        """


@dataclass(frozen=True)
class Kept:
    """
    A sandbox as an earlier server left it.

    Args:
        documents: What differs from the seed, by table and key; None for what was removed.
    """

    name: str
    created_at: datetime
    seed: Seed
    shelf: Shelf
    documents: Mapping[tuple[str, str], Document | None]


class Keeping:
    """Where the sandboxes of a server are kept; this one keeps none."""

    def shelf(self, name: str, seed: Seed, created_at: datetime, *, instead_of: Shelf | None = None) -> Shelf:  # noqa: ARG002
        """
        Give a new sandbox its place, which costs nothing until something is written there.

        Args:
            instead_of: The place of its forerunner, which is given up in the same moment; the
                sandbox then is kept at once.

        Raises:
            NotStored: It cannot be done; nothing was.
        """
        return Shelf()

    def kept(self) -> Iterable[Kept]:
        """
        Read what an earlier server left.

        Raises:
            Unusable: It cannot be read.
        """
        return ()

    def close(self) -> None:
        """Let go of it."""
