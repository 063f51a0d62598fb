"""What a template consists of, once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class Constant(NamedTuple):
    """A text, a number or a truth value."""

    value: Any


class Nil(NamedTuple):
    """The word ``nil``."""


class Dot(NamedTuple):
    """The current value, with the fields that are taken from it."""

    fields: tuple[str, ...] = ()


class Variable(NamedTuple):
    """A variable, with the fields that are taken from it."""

    name: str
    fields: tuple[str, ...] = ()


class Function(NamedTuple):
    """A function of the language, by its name."""

    name: str


class Chain(NamedTuple):
    """Fields of a pipeline in parentheses, or of a function's result."""

    of: Any
    fields: tuple[str, ...]


class Pipeline(NamedTuple):
    """Commands of which each gets the value of the one before, and the variables that get the last value."""

    commands: tuple[tuple[Any, ...], ...]
    names: tuple[str, ...] = ()
    assigns: bool = False


class Block(NamedTuple):
    """``if``, ``with`` or ``range``."""

    kind: str
    pipeline: Pipeline
    then: tuple[Any, ...]
    otherwise: tuple[Any, ...]


class Insert(NamedTuple):
    """``template``: another template, with its value."""

    name: str
    pipeline: Pipeline | None


class Leave(NamedTuple):
    """``break`` or ``continue``."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read: the nodes of each named part; the main part's name is empty."""

    parts: Mapping[str, tuple[Any, ...]]
