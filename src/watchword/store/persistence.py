"""
Where sandboxes are persisted.

The classes here persist nothing, for a server that keeps its sandboxes in memory; they are also the interface of those
in ``watchword.store.sqlite``, which write to a disk.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watchword.store.records import Document
from watchword.store.rows import SharedRows
from watchword.store.shared_tables import SharedTables
from watchword.store.storage import Changes, RowStorage, no_changes


class UnusableData(Exception):
    """A data directory that cannot be used, or that is not ours; the message gives the reason."""


class DamagedData(UnusableData):
    """A data directory that is ours and damaged, from which something may be saved."""


class PersistedSandbox:
    """Where one sandbox is persisted; this one persists nothing."""

    def make_storage(self, shared_rows: Mapping[str, SharedRows] | None = None) -> RowStorage:
        """Make the tables of the sandbox, which write their changes here."""
        return RowStorage(shared_rows)

    def write(self, changes: Changes) -> None:
        """
        Write *changes*: all or none. Even without changes, the sandbox is persisted from then on.

        Raises:
            NotStored: Nothing was written.
        """

    def delete(self, *, along_with: "Sequence[PersistedSandbox]" = ()) -> None:
        """
        Delete the sandbox from the disk; later writes are ignored.

        Args:
            along_with: Others that are deleted in the same commit.

        Raises:
            NotStored: Nothing was deleted.
        """


@dataclass(frozen=True)
class StoredSandbox:
    """
    A sandbox that an earlier server persisted.

    Args:
        documents: What differs from the seed data, by table and key; None for a deleted row.
    """

    name: str
    created_at: datetime
    tables: SharedTables
    persisted: PersistedSandbox
    documents: Mapping[tuple[str, str], Document | None]


class Persistence:
    """Where the sandboxes of a server are persisted; this one persists none."""

    def add_sandbox(
        self,
        name: str,  # noqa: ARG002  # for those that write to a disk, like the others
        tables: SharedTables,  # noqa: ARG002
        created_at: datetime,  # noqa: ARG002
        *,
        replaces: PersistedSandbox | None = None,  # noqa: ARG002
        documents: Callable[[], Changes] = no_changes,  # noqa: ARG002
    ) -> PersistedSandbox:
        """
        Add a new sandbox; without *replaces* and *documents* nothing is written before its first change.

        Args:
            tables: The tables that it starts with.
            replaces: The sandbox that it replaces. That one is deleted and the new one is written, in one commit.
            documents: What it holds besides *tables*, written in the same commit; only asked for by a disk.

        Raises:
            NotStored: Nothing was changed.
        """
        return PersistedSandbox()

    def read_sandboxes(self) -> Iterable[StoredSandbox]:
        """
        Read the sandboxes that an earlier server persisted.

        Raises:
            UnusableData: They cannot be read.
        """
        return ()

    def close(self) -> None:
        """Close the data directory."""
