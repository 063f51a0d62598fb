"""Values to documents and back: nobody outside this folder holds a live TinyDB document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

R = TypeVar("R")
Document = dict[str, Any]


class _Written(Document):
    """A document that remembers the value it was made from, which as little as itself is changed in place."""

    __slots__ = ("value",)

    value: object


@dataclass(frozen=True, eq=False)
class RecordType(Generic[R]):
    """
    How a frozen dataclass is kept; there is one per class.

    Args:
        table: Name of the TinyDB table.
        key: The field that identifies a record.
        indexed: The fields that ``find`` is asked for.
        adapter: Turns values into JSON-like documents and back.
    """

    table: str
    key: str
    indexed: tuple[str, ...]
    adapter: TypeAdapter[R]

    def key_of(self, value: R) -> str:
        """Read the identifying field of *value*."""
        return str(getattr(value, self.key))

    def document(self, value: R) -> Document:
        """Turn *value* into a document of JSON types."""
        written = _Written(self.adapter.dump_python(value, mode="json"))
        written.value = value
        return written

    def value(self, document: Document) -> R:
        """Turn *document* into a value again."""
        if isinstance(document, _Written):
            return document.value  # type: ignore[return-value]  # written by `document`
        return self.adapter.validate_python(document)


_TYPES: dict[type[Any], RecordType[Any]] = {}


def record(table: str, *, key: str, indexed: Sequence[str] = ()) -> Callable[[type[R]], type[R]]:
    """
    Declare that a frozen dataclass is kept in *table*.

    Args:
        table: Starts with the name of the system.
        key: The identifying field, a string.
        indexed: Further fields to be found by.
    """

    def mark(cls: type[R]) -> type[R]:
        _TYPES[cls] = RecordType(table, key, tuple(indexed), TypeAdapter(cls))
        return cls

    return mark


def type_of(cls: type[R]) -> RecordType[R]:
    """
    Tell how *cls* is kept.

    Raises:
        TypeError: It is no record.
    """
    found = _TYPES.get(cls)
    if found is None:
        raise TypeError(f"{cls.__name__} is not declared with @record")
    return found
