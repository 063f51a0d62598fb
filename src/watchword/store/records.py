"""Values to documents and back: nobody outside this folder holds a live TinyDB document."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

R = TypeVar("R")
Document = Mapping[str, Any]
"""JSON types by field, never changed in place."""


class _Written(Document):
    """The document of a value, which is written down when somebody wants to read more than its indexed fields."""

    __slots__ = ("_kind", "_plain", "value")

    def __init__(self, value: object, kind: "RecordType[Any]") -> None:
        self.value, self._kind = value, kind
        self._plain: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        # Indexed fields are strings, numbers or booleans, of JSON as they are.
        return getattr(self.value, name) if name in self._kind.indexed else self._whole()[name]

    def get(self, name: str, default: Any = None) -> Any:
        return getattr(self.value, name) if name in self._kind.indexed else self._whole().get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Written):
            return self is other or self.value == other.value
        return self._whole() == other

    __hash__ = None  # type: ignore[assignment]  # as of any document

    def __repr__(self) -> str:
        return repr(self._whole())

    def _whole(self) -> dict[str, Any]:
        if self._plain is None:
            self._plain = self._kind.adapter.dump_python(self.value, mode="json")
        return self._plain


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
        return _Written(value, self)

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
