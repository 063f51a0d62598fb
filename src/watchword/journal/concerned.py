"""Whom a request concerns: the people whose id or login name it carries, whose caller it is, or whom it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from watchword.system.seed_data import Person

_DEEPEST = 4
IDENTIFYING = frozenset(("id", "user_id", "user", "email", "login", "login_name", "username"))
"""Fields of records that say whose they are; others name somebody else, such as who added a user."""


class People:
    """
    The people of one sandbox, to be recognised.

    Args:
        people: As the sandbox knows them.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._headers: dict[tuple[str, str], str] = {}
        for one in people:
            for text in filter(None, (one.id, one.login)):
                self._names.setdefault((one.system, text.lower()), one.name)
            for header, value in one.headers.items():
                self._headers.setdefault((header.lower(), value), one.name)

    def named(self, system: str, *values: Any) -> tuple[str, ...]:
        """
        Name the people of *system* whose id or login name stands somewhere in *values*, each once, in their order.

        Args:
            values: JSON types, records, and mappings of them.
        """
        texts = (text.lower() for value in values for text in _texts(value, 0))
        found = (self._names.get((system, text)) for text in texts)
        return tuple(dict.fromkeys(name for name in found if name))

    def holder_of(self, header: str, value: str) -> str:
        """Name who has a credential in their seed data; empty if nobody has."""
        return self._headers.get((header, value), "")


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Yield the short texts in a value, outermost first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one, depth + 1)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            member = getattr(value, one.name)
            if one.name in IDENTIFYING or is_dataclass(member):
                yield from _texts(member, depth + 1)
