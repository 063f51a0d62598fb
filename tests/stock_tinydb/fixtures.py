"""Stands in for the ``conftest.py`` of TinyDB's tests: the same documents, in our tables, in memory and on a disk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage

from watchword.store import SharedTables
from watchword.store.sqlite import SqlitePersistence
from watchword.store.tiny import FlatDB

DIFFERENT = {
    "test_tables.py::test_query_cache": "looks into the query cache, which our tables do not need",
    "test_tables.py::test_query_cache_size": "counts what is in the query cache",
    "test_tables.py::test_lru_cache": "looks into the query cache",
    "test_tables.py::test_table_repr": "compares the text of a table, in which its class and storage are named",
    "test_tinydb.py::test_search": "finds what it should, and then counts what is in the query cache",
    "test_tinydb.py::test_search_path": "finds what it should, and then counts what is in the query cache",
}
"""The tests that assert how TinyDB is made inside; each of them has to fail, or it does not belong here."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect what is different."""
    for item in items:
        reason = DIFFERENT.get(f"{item.path.name}::{item.name.partition('[')[0]}")
        if reason is not None and "[" in item.name:
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))


@pytest.fixture(params=["memory", "disk"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FlatDB]:
    """A database with three documents."""
    disk, seed = SqlitePersistence(tmp_path / "data"), SharedTables({})
    persisted = disk.sandbox("box", seed, datetime(2026, 1, 15, tzinfo=UTC))
    database = FlatDB() if request.param == "memory" else FlatDB(storage=lambda: persisted.storage(seed.tables))
    database.drop_tables()
    database.insert_multiple({"int": 1, "char": character} for character in "abc")
    yield database
    disk.close()


@pytest.fixture
def storage() -> CachingMiddleware:
    """TinyDB's own, of its own tests of middlewares."""
    return CachingMiddleware(MemoryStorage)()  # type: ignore[no-any-return, no-untyped-call]  # as TinyDB writes it
