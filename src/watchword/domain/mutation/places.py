"""Where the values stand that a rule looks at: its arguments, and what they are made of."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Union, get_args, get_origin, get_type_hints

from watchword.domain.mutation.code import names_behind
from watchword.domain.mutation.reads import read_parameters

_DEPTH = 3
_OPAQUE = ("id", "digest", "hash")
"""Fields that are compared as a whole: a rule that saw another one would see another record."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A value that a rule looks at.

    Args:
        path: The name of the argument, and those that lead on from it.
        annotation: The type of the value.
        asked: The rule only asks whether it is there.
    """

    path: tuple[str, ...]
    annotation: Any
    asked: bool = False

    def __str__(self) -> str:
        return ".".join(self.path)


def find_places(function: Callable[..., Any], names: frozenset[str]) -> Iterator[Place]:
    """
    List the arguments of *function*, and what it reads of them.

    Args:
        names: The attributes that it reads.
    """
    hints = get_type_hints(function)
    hints.pop("return", None)
    read = read_parameters(function)
    for name, annotation in hints.items():
        behind = partial(_names_behind, annotation)
        for one in _within((name,), annotation, names):
            if read[name].may_read(one.path[1:], behind):
                yield replace(one, asked=read[name].only_asks(one.path[1:]))


def _names_behind(annotation: Any, name: str) -> frozenset[str]:
    return names_behind(annotation, frozenset((name,))) if isinstance(annotation, type) else frozenset((name,))


def _within(path: tuple[str, ...], annotation: Any, names: frozenset[str]) -> Iterator[Place]:
    yield Place(path, annotation)
    if len(path) == _DEPTH:
        return
    fields = fields_of(annotation)
    if fields and isinstance(annotation, type):
        names = names_behind(annotation, names)
    for name, inner in fields.items():
        if name in names and not name.endswith(_OPAQUE):
            yield from _within((*path, name), inner, names)


def fields_of(annotation: Any) -> Mapping[str, Any]:
    """List the fields of a record or of settings, or of those that a sequence or a choice is made of, by name."""
    if get_origin(annotation) is not None:
        inner = [one for one in get_args(annotation) if one not in (type(None), ...)]
        return fields_of(inner[0]) if len(inner) == 1 and _is_container(annotation) else {}
    if not isinstance(annotation, type):
        return {}
    if dataclasses.is_dataclass(annotation):
        hints = get_type_hints(annotation)
        return {one.name: hints[one.name] for one in dataclasses.fields(annotation) if one.init}
    if _is_named_tuple(annotation):
        return get_type_hints(annotation)
    return {name: field.annotation for name, field in getattr(annotation, "model_fields", {}).items()}


def _is_container(annotation: Any) -> bool:
    return get_origin(annotation) in (Sequence, Union, type(int | None))


def change_place(value: Any, path: Sequence[str], change: Callable[[Any], Any]) -> Any:
    """
    Copy *value* with another value at a place.

    Args:
        path: The names that lead to the place; empty for the value itself.
        change: Makes the new value of the old one; it is not asked about None.
    """
    if value is None:
        return None
    if not path:
        return change(value)
    if isinstance(value, list | tuple) and not _is_named_tuple(type(value)):
        return type(value)(change_place(one, path, change) for one in value)
    name, *rest = path
    return with_field(value, name, change_place(getattr(value, name), rest, change))


def with_field(value: Any, name: str, inner: Any) -> Any:
    """Copy a record, or settings, with another value in a field."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{name: inner})
    return value._replace(**{name: inner}) if _is_named_tuple(type(value)) else value.model_copy(update={name: inner})


def _is_named_tuple(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")
