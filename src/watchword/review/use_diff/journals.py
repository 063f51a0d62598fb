"""Journals as files: one entry a line, as ``serve`` and ``exec`` write them with ``--journal-file``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from watchword.review.use_diff.recorded import NoEntry, Recorded, read_entry

_WRITTEN_BY = "'watchword serve --journal-file FILE' and 'watchword exec --journal-file FILE -- COMMAND' write journals"


class UnusableJournal(Exception):
    """A file is no journal; the message says where, and what would be right."""


def read_journal(path: Path) -> tuple[Recorded, ...]:
    """
    Read a journal.

    Returns:
        Its entries in the order of the file.

    Raises:
        UnusableJournal: It cannot be read, a line is no entry, or there is no request in it that can be compared.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableJournal(f"{path}: {error.strerror}") from None
    if other := _other_format(content):
        raise UnusableJournal(f"{path}: is {other}, and not one entry a line; {_WRITTEN_BY}")
    entries = tuple(_entries(path, content))
    if not any(one.is_judged for one in entries):
        raise UnusableJournal(f"{path}: {_why_unjudged(entries)}, so there is nothing to compare; {_WRITTEN_BY}")
    return entries


def _why_unjudged(entries: Sequence[Recorded]) -> str:
    """Tell a journal without a request from one whose requests no operation answered."""
    return "has no request that an operation answered" if entries else "is empty"


def _entries(path: Path, content: bytes) -> Iterator[Recorded]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield read_entry(orjson.loads(line))
        except orjson.JSONDecodeError:
            raise UnusableJournal(f"{path}:{number}: is no JSON, so it is no entry; {_WRITTEN_BY}") from None
        except NoEntry as error:
            raise UnusableJournal(f"{path}:{number}: is no entry of a journal: it {error}; {_WRITTEN_BY}") from None


def _other_format(content: bytes) -> str:
    """Name a format that a journal is taken for, or that it comes in elsewhere; empty for none."""
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(whole, dict):
        return "a JSON array" if isinstance(whole, list) else ""
    if isinstance(whole.get("log"), dict):
        return "an HTTP Archive (HAR)"
    return "an answer of GET /__admin/journal" if isinstance(whole.get("entries"), list) else ""
