"""
Where sandboxes outlive the server.

The classes here persist nothing; ``watchword.store.sqlite`` has those that write to a disk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from watchword.store.records import Document
from watchword.store.rows import SharedRows
from watchword.store.shared_tables import SharedTables
from watchword.store.tiny import Changes, LiveStorage


class UnusableData(Exception):
    """A data directory that cannot be used, or that is not ours; the message says why."""


class PersistedSandbox:
    """What a disk holds of one sandbox; this one holds nothing."""

    def storage(self, shared_rows: Mapping[str, SharedRows] | None = None) -> LiveStorage:
        """Make the tables of the sandbox, which write their changes here."""
        return LiveStorage(shared_rows)

    def write(self, changes: Changes) -> None:
        """
        Write *changes*, all or none; the sandbox is persisted from then on, even if there are none.

        Raises:
            NotStored: Nothing was written.
        """

    def delete(self) -> None:
        """
        Remove the sandbox from the disk; later writes are ignored.

        Raises:
            NotStored: Nothing was removed.
        """


@dataclass(frozen=True)
class StoredSandbox:
    """
    A sandbox as an earlier server left it.

    Args:
        documents: What differs from the seed data, by table and key; None for what was removed.
    """

    name: str
    created_at: datetime
    tables: SharedTables
    persisted: PersistedSandbox
    documents: Mapping[tuple[str, str], Document | None]


class Persistence:
    """Where the sandboxes of a server are persisted; this one persists none."""

    def sandbox(  # what the arguments are for, only a disk knows
        self,
        name: str,  # noqa: ARG002
        tables: SharedTables,  # noqa: ARG002
        created_at: datetime,  # noqa: ARG002
        *,
        replaces: PersistedSandbox | None = None,  # noqa: ARG002
    ) -> PersistedSandbox:
        """
        Make room for a new sandbox; this costs nothing until something is written there.

        Args:
            replaces: The predecessor, which is deleted in the same commit; the new sandbox is then
                persisted at once.

        Raises:
            NotStored: Nothing was changed.
        """
        return PersistedSandbox()

    def stored(self) -> Iterable[StoredSandbox]:
        """
        Read what an earlier server left.

        Raises:
            UnusableData: It cannot be read.
        """
        return ()

    def close(self) -> None:
        """Release the data."""
