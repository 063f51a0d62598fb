"""Read records that somebody may have written by hand: each has to be one of its table, in every field."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from watchword.domain.digests import is_hash
from watchword.store import Document
from watchword.store.records import find_record_type
from watchword.system.setting_faults import say_what_is_right

T = TypeVar("T")
_HASHES = frozenset(("former", "hash", "password_hash", "stored"))
"""The fields with password hashes, in the records of all systems."""


class Wrong(NamedTuple):
    """
    One thing that is wrong with a document.

    Args:
        path: The names that lead to it, outermost first; indexes as text.
        detail: What is wrong, or what would be right, without the value and without a full stop.
    """

    path: tuple[str, ...]
    detail: str


def read_records(given: Mapping[str, Mapping[str, Any]], wrong: list[Wrong]) -> dict[tuple[str, str], Document]:
    """
    Read the records of all tables.

    Args:
        wrong: Gets what is wrong.
    """
    found: dict[tuple[str, str], Document] = {}
    for table, rows in given.items():
        kind = find_record_type(table)
        if kind is None:
            wrong.append(Wrong(("records", table), "is no table of this release"))
            continue
        for key, document in rows.items():
            path = ("records", table, key)
            value = judge(kind.adapter, document, path, wrong)
            if value is None:
                continue
            if kind.key_of(value) != key:
                wrong.append(Wrong((*path, kind.key), "must be the name under which the record stands"))
            found[table, key] = kind.to_document(value)
    return found


def judge(adapter: TypeAdapter[T], document: Any, path: tuple[str, ...], wrong: list[Wrong]) -> T | None:
    """
    Read one value of a dataclass; None if it does not fit.

    Args:
        path: Where *document* stands.
        wrong: Gets what is wrong.
    """
    try:
        value = adapter.validate_python(document)
    except ValidationError as error:
        wrong += wrong_in(error, path)
        return None
    found = [*_unknown(document, adapter.dump_python(value, mode="json"), path), *_impossible(value, path)]
    wrong += found
    return None if found else value


def wrong_in(error: ValidationError, path: tuple[str, ...] = ()) -> list[Wrong]:
    """List what pydantic found wrong with the value at *path*, without a value in it."""
    return [
        Wrong((*path, *map(str, one["loc"])), say_what_is_right(one["type"], one.get("ctx", {})))
        for one in error.errors(include_url=False)
    ]


def _is_in_utc_calendar(moment: datetime) -> bool:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _unknown(given: Any, read: Any, path: tuple[str, ...]) -> Iterator[Wrong]:
    """List the fields of *given* that were not *read*."""
    if isinstance(given, Mapping) and isinstance(read, Mapping):
        for name, one in given.items():
            if name in read:
                yield from _unknown(one, read[name], (*path, name))
            else:
                yield Wrong((*path, name), f"is no field of this record; there are: {', '.join(read)}")
    elif isinstance(given, list) and isinstance(read, list):
        for number, (one, other) in enumerate(zip(given, read, strict=False)):
            yield from _unknown(one, other, (*path, str(number)))


def _impossible(value: Any, path: tuple[str, ...]) -> Iterator[Wrong]:
    """List what no code of ours writes: moments without a timezone, and hashes that nobody can compare with."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            yield Wrong(path, "must be a time with a timezone, for example 2026-01-31T12:00:00Z")
        elif not _is_in_utc_calendar(value):
            yield Wrong(path, "must be in the years 1 to 9999, in UTC")
    elif isinstance(value, str):
        if any(name in _HASHES for name in path[3:]) and not is_hash(value):
            yield Wrong(path, "must be the hash of a password: a PHC string of Argon2id, or bcrypt")
    elif is_dataclass(value):
        for one in fields(value):
            yield from _impossible(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from _impossible(one, (*path, str(number)))
