"""Records in TinyDB tables, read and written in transactions, in memory or also on a disk; see README.md."""

from watchword.store.persistence import DamagedData, PersistedSandbox, Persistence, StoredSandbox, UnusableData
from watchword.store.records import Document, record
from watchword.store.retention import Retention
from watchword.store.rows import SharedRows
from watchword.store.shared_tables import SharedTables
from watchword.store.store import Store
from watchword.store.transaction import Transaction

__all__ = [
    "DamagedData",
    "Document",
    "PersistedSandbox",
    "Persistence",
    "Retention",
    "SharedRows",
    "SharedTables",
    "Store",
    "StoredSandbox",
    "Transaction",
    "UnusableData",
    "record",
]
