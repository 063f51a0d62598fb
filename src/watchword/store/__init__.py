"""State: TinyDB behind ``transaction``, ``get``, ``find``, ``put`` and ``delete``, in memory or on a disk too."""

from watchword.store.keeping import Keeping, Kept, Shelf, Unusable
from watchword.store.records import record
from watchword.store.rows import Base
from watchword.store.seed import Seed
from watchword.store.store import Store
from watchword.store.transaction import Transaction

__all__ = ["Base", "Keeping", "Kept", "Seed", "Shelf", "Store", "Transaction", "Unusable", "record"]
