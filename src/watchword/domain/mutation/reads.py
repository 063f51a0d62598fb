"""What a function reads of its parameters, as far as its own text shows it."""

import ast
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from typing import Any

Path = tuple[str, ...]
"""Names of attributes that lead on from a parameter; empty for the parameter itself."""


@dataclass(frozen=True, slots=True)
class Reads:
    """
    What a function reads of one parameter.

    Args:
        used: What it uses, or hands on, so that anything may be read of that.
        asked: What it only asks to be there: it compares it with None.
    """

    used: frozenset[Path]
    asked: frozenset[Path]

    def only_asks(self, path: Path) -> bool:
        """Whether nothing matters but that there is a value at *path*."""
        return path in self.asked and not any(_meet(path, one) for one in self.used)

    def may_read(self, path: Path, names_of: Callable[[str], Collection[str]]) -> bool:
        """
        Whether the value at *path* can matter.

        Args:
            names_of: Gives the fields that are behind the name of an attribute.
        """
        if any(one[: len(path)] == path for one in self.asked):
            return True
        return any(_meet(path, one) or (one and path and path[0] in names_of(one[0])) for one in self.used)


def _meet(one: Path, other: Path) -> bool:
    """Whether one of two paths leads through the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


@cache
def read_parameters(function: Callable[..., Any]) -> Mapping[str, Reads]:
    """Find what *function* reads of each parameter, by name."""
    definition = ast.parse(dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101  # a rule has a docstring
    uses = [use for statement in definition.body for use in _uses(statement)]
    return {
        name: Reads(
            frozenset(path for one, path, asked in uses if one == name and not asked),
            frozenset(path for one, path, asked in uses if one == name and asked),
        )
        for name in inspect.signature(function).parameters
    }


def _uses(node: ast.AST, *, asked: bool = False) -> Iterator[tuple[str, Path, bool]]:
    """List the names in *node*, each with the attributes that are read of it and whether only its presence matters."""
    path: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute):
        path.insert(0, inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name):
        yield inner.id, tuple(path), asked
        return
    for child in ast.iter_child_nodes(inner):
        yield from _uses(child, asked=_asks_presence(inner))


def _asks_presence(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Compare)
        and all(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        and all(isinstance(one, ast.Constant) and one.value is None for one in node.comparators)
    )
