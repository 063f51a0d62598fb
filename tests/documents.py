"""
What is read from a store is the value that was put, so nothing would notice a document that says something else.

A server with a `DocumentCheck` notices: whatever a sandbox commits is read back from JSON, as after a restart.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import orjson

from watchword.store import PersistedSandbox, Persistence, SharedTables
from watchword.store.durable import DurableStorage
from watchword.store.records import Document, record_type
from watchword.store.rows import SharedRows
from watchword.store.storage import Changes, RowStorage, no_changes


class DocumentCheck(Persistence):
    """
    Persists nothing, but reads every document back.

    Attributes:
        checked: How many documents of values were read back.
        differing: What is wrong with some of them.
    """

    def __init__(self) -> None:
        self.checked = 0
        self.differing: list[str] = []
        self._seed_data: SharedTables | None = None

    def add_sandbox(
        self,
        name: str,
        tables: SharedTables,
        created_at: datetime,
        *,
        replaces: PersistedSandbox | None = None,
        documents: Callable[[], Changes] = no_changes,
    ) -> PersistedSandbox:
        """Make room for a new sandbox, and check its seed data if that is new."""
        if tables is not self._seed_data:
            self._seed_data = tables
            for table, shared in tables.tables.items():
                for document in shared.rows.values():
                    self.check(table, document)
        new = _CheckedSandbox(self)
        new.write(documents())
        return new

    def check(self, table: str, document: Document) -> None:
        """Read *document* back, if it is one of a value; documents that were written as JSON say what they say."""
        value = getattr(document, "value", None)
        if value is None:
            return
        self.checked += 1
        try:
            read = record_type(type(value)).adapter.validate_python(orjson.loads(orjson.dumps(dict(document))))
        except (TypeError, ValueError) as error:
            self.differing.append(f"{table}: a document cannot be read back: {error}")
        else:
            if read != value:
                self.differing.append(f"{table}: a document reads back as another value")


class _CheckedSandbox(PersistedSandbox):
    def __init__(self, check: DocumentCheck) -> None:
        self._check = check

    def make_storage(self, shared_rows: Mapping[str, SharedRows] | None = None) -> RowStorage:
        return DurableStorage(shared_rows, self)

    def write(self, changes: Changes) -> None:
        for (table, _), document in changes.items():
            if document is not None:
                self._check.check(table, document)
