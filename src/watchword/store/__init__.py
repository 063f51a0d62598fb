"""State: TinyDB behind ``transaction``, ``get``, ``find``, ``put`` and ``delete``."""

from watchword.store.records import record
from watchword.store.rows import Base
from watchword.store.store import Store
from watchword.store.transaction import Transaction

__all__ = ["Base", "Store", "Transaction", "record"]
