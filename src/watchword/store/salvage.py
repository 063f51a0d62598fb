"""Write what can be read of a data directory into a new one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from watchword.domain.refusal import NotStored
from watchword.store.data_file import DataFile
from watchword.store.examination import Examination
from watchword.store.format import STEPS
from watchword.store.lock import NAME as LOCK
from watchword.store.lock import lock_directory
from watchword.store.persistence import UnusableData
from watchword.store.scan import Row
from watchword.store.seal import digest_row
from watchword.store.shared_tables import SharedTables

_INSERTS = {
    "seeds": "INSERT INTO seeds (name, tables) VALUES (?, ?)",
    "sandboxes": "INSERT INTO sandboxes (id, name, created_at, seed) VALUES (?, ?, ?, ?)",
    "documents": "INSERT INTO documents (sandbox, place, key, document) VALUES (?, ?, ?, ?)",
}


NewSeed = Callable[[datetime], SharedTables]
"""Makes the seed data of a sandbox that began at a moment."""


def save(found: Examination, folder: Path, new_seed: NewSeed, *, file: str) -> None:
    """
    Write a data directory with a seal.

    Args:
        folder: Created if it does not exist; else it has to be empty.
        new_seed: For sandboxes whose own seed data cannot be read.
        file: The name of the data file.

    Raises:
        UnusableData: It is not empty, or cannot be written; nothing is left there.
    """
    is_new = not folder.exists()
    try:
        if not is_new and (not folder.is_dir() or any(folder.iterdir())):
            raise UnusableData(f"{folder} exists and is not an empty directory; name a new one")
    except OSError as error:
        raise UnusableData(f"{folder} cannot be read: {error.strerror}") from error
    rows = _rows(found, new_seed)
    try:
        with lock_directory(folder):
            _write(rows, folder / file)
    except (UnusableData, NotStored) as error:
        _remove(folder, file, is_new=is_new)
        if isinstance(error, NotStored):
            raise UnusableData(f"{folder} cannot be written: {error.__cause__}") from error
        raise


def _write(tables: Mapping[str, Sequence[Row]], path: Path) -> None:
    data = DataFile(path, STEPS)
    try:
        with data.transaction():
            for table, rows in tables.items():
                data.connection.executemany(_INSERTS[table], rows)
                data.note(added=sum(digest_row(table, *row) for row in rows), rows=len(rows))
    finally:
        data.close()


def _rows(found: Examination, new_seed: NewSeed) -> dict[str, list[Row]]:
    seeds: dict[bytes, Row] = {}
    """By the name that the sandboxes of the damaged file have for them."""
    sandboxes = []
    for one in found.saved:
        assert one.row is not None  # noqa: S101  # else it is lost
        number, name, created_at, seed = one.row
        if seed not in seeds:
            seeds[seed] = _pack(new_seed(datetime.fromisoformat(created_at))) if one.seedless else found.seeds[seed]
        sandboxes.append((number, name, created_at, seeds[seed][0]))
    return {
        "seeds": list({row[0]: row for row in seeds.values()}.values()),
        "sandboxes": sandboxes,
        "documents": [row for one in found.saved for row in one.documents],
    }


def _pack(tables: SharedTables) -> Row:
    return tables.name, tables.pack()


def _remove(folder: Path, file: str, *, is_new: bool) -> None:
    with suppress(OSError):
        for path in (folder / LOCK, *folder.glob(f"{file}*")):
            path.unlink(missing_ok=True)
        if is_new:
            folder.rmdir()
