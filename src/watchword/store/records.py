"""Record types: frozen dataclasses, and the documents that they are stored as."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

R = TypeVar("R")
Document = Mapping[str, Any]
"""JSON types by field; never changed in place."""


class _LazyDocument(Document):
    """
    The document of a value, made only when a field is read that has no index.

    Most documents are never read: the value itself is what `RecordType.to_value` returns.
    """

    __slots__ = ("_document", "_kind", "value")

    def __init__(self, value: object, kind: "RecordType[Any]") -> None:
        self.value, self._kind = value, kind
        self._document: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        # The values of indexed fields are strings, numbers or booleans: JSON types already.
        return getattr(self.value, name) if name in self._kind.indexed else self._whole()[name]

    def get(self, name: str, default: Any = None) -> Any:
        return getattr(self.value, name) if name in self._kind.indexed else self._whole().get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _LazyDocument):
            return self is other or self.value == other.value
        return self._whole() == other

    __hash__ = None  # type: ignore[assignment]  # like other mappings

    def __repr__(self) -> str:
        return repr(self._whole())

    def _whole(self) -> dict[str, Any]:
        if self._document is None:
            self._document = self._kind.adapter.dump_python(self.value, mode="json")
        return self._document


@dataclass(frozen=True, eq=False)
class RecordType(Generic[R]):
    """
    How the values of a frozen dataclass are stored; there is one for each class.

    Args:
        table: The name of the TinyDB table.
        key: The field that identifies a record.
        indexed: The fields that ``Transaction.find`` can search.
        adapter: Converts values to documents and back.
    """

    table: str
    key: str
    indexed: tuple[str, ...]
    adapter: TypeAdapter[R]

    def key_of(self, value: R) -> str:
        """Return the key of *value*."""
        return str(getattr(value, self.key))

    def to_document(self, value: R) -> Document:
        """Convert *value* to a document of JSON types."""
        return _LazyDocument(value, self)

    def to_value(self, document: Document) -> R:
        """Convert *document* back to a value."""
        if isinstance(document, _LazyDocument):
            return document.value  # type: ignore[return-value]  # made by `to_document`
        return self.adapter.validate_python(document)


_TYPES: dict[type[Any], RecordType[Any]] = {}


def record(table: str, *, key: str, indexed: Sequence[str] = ()) -> Callable[[type[R]], type[R]]:
    """
    Declare a frozen dataclass as a record type.

    Args:
        table: Where its values are stored; starts with the name of the system.
        key: The field that identifies a record, a string.
        indexed: Further fields that ``Transaction.find`` can search.
    """

    def declare(cls: type[R]) -> type[R]:
        _TYPES[cls] = RecordType(table, key, tuple(indexed), TypeAdapter(cls))
        return cls

    return declare


def record_type(cls: type[R]) -> RecordType[R]:
    """
    Find how *cls* is stored.

    Raises:
        TypeError: It is not declared as a record type.
    """
    found = _TYPES.get(cls)
    if found is None:
        raise TypeError(f"{cls.__name__} is not declared with @record")
    return found


def find_record_type(table: str) -> RecordType[Any] | None:
    """Find what is stored in *table*; None if no record type is."""
    return next((one for one in _TYPES.values() if one.table == table), None)
