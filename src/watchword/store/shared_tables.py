"""What fresh sandboxes begin with: tables that all made from one planting share, in memory and on the disk."""

import zlib
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b

import orjson

from watchword.store.rows import SharedRows


class SharedTables:
    """
    Planted tables.

    Args:
        tables: By name; they no longer change.
        like: Another seed; what is equal is shared with it.
    """

    def __init__(self, tables: Mapping[str, SharedRows], *, like: "SharedTables | None" = None) -> None:
        former = {} if like is None else like.tables
        self.tables: Mapping[str, SharedRows] = {
            name: table.sharing(former.get(name)) for name, table in tables.items()
        }

    def holds(self, table: str, key: str) -> bool:
        """Whether *table* begins with a row called *key*."""
        return table in self.tables and key in self.tables[table].rows

    @cached_property
    def name(self) -> bytes:
        """A name that two seeds share only if they are equal."""
        return blake2b(self._plain(), digest_size=16).digest()

    def packed(self) -> bytes:
        """Write the tables down."""
        return zlib.compress(self._plain(), 1)

    @classmethod
    def unpacked(cls, packed: bytes, *, like: "SharedTables | None" = None) -> "SharedTables":
        """
        Read what `packed` wrote.

        Args:
            like: Another seed; what is equal is shared with it.

        Raises:
            ValueError, zlib.error: That is none.
        """
        tables: dict[str, dict[str, dict[str, object]]] = orjson.loads(zlib.decompress(packed))
        return cls({name: SharedRows(rows) for name, rows in tables.items()}, like=like)

    def _plain(self) -> bytes:
        return orjson.dumps(
            {name: dict(table.rows) for name, table in self.tables.items()},
            default=dict,
            option=orjson.OPT_SORT_KEYS,
        )
