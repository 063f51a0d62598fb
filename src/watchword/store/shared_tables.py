"""The tables that new sandboxes start with: sandboxes created at about the same time share them."""

import zlib
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b

import orjson

from watchword.store.rows import SharedRows


class SharedTables:
    """
    Tables that no longer change.

    Args:
        tables: By name.
        share_with: Other tables, for example those of a second ago; equal rows are shared with them.
    """

    def __init__(self, tables: Mapping[str, SharedRows], *, share_with: "SharedTables | None" = None) -> None:
        others = {} if share_with is None else share_with.tables
        self.tables: Mapping[str, SharedRows] = {
            name: table.share_with(others.get(name)) for name, table in tables.items()
        }

    def has_row(self, table: str, key: str) -> bool:
        """Whether *table* starts with a row with this *key*."""
        return table in self.tables and key in self.tables[table].rows

    @cached_property
    def name(self) -> bytes:
        """The digest of the content: two instances have the same name only if they are equal."""
        return blake2b(self._json(), digest_size=16).digest()

    def pack(self) -> bytes:
        """Serialise the tables, compressed."""
        return zlib.compress(self._json(), 1)

    @classmethod
    def unpack(cls, packed: bytes, *, share_with: "SharedTables | None" = None) -> "SharedTables":
        """
        Read what `pack` returned.

        Args:
            share_with: Other tables; equal rows are shared with them.

        Raises:
            ValueError, zlib.error: *packed* is not the result of `pack`.
        """
        tables: dict[str, dict[str, dict[str, object]]] = orjson.loads(zlib.decompress(packed))
        return cls({name: SharedRows(rows) for name, rows in tables.items()}, share_with=share_with)

    def _json(self) -> bytes:
        return orjson.dumps(
            {name: dict(table.rows) for name, table in self.tables.items()},
            default=dict,
            option=orjson.OPT_SORT_KEYS,
        )
