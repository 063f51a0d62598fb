"""What a function reads of its parameters, as far as its own text and that of the functions that it calls show it."""

import ast
import dataclasses
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, Literal, NamedTuple

from watchword.domain.mutation.code import asks_presence, definition_of

Path = tuple[str, ...]
"""Names of attributes that lead on from a parameter; empty for the parameter itself."""
How = Literal["used", "asked", "returned"]
"""What becomes of a value, as the fields of `Reads` say."""
_DEEPEST = 6
"""Calls in calls: what is called in deeper ones may read anything."""


@dataclass(frozen=True, slots=True)
class Reads:
    """
    What a function reads of one parameter.

    Args:
        used: What it uses, or hands on, so that anything may be read of that.
        asked: What it only asks to be there: it compares it with None.
        returned: It itself, with no path, if it is given back as it is, or copied with other values in some fields.
    """

    used: frozenset[Path]
    asked: frozenset[Path]
    returned: frozenset[Path]

    def only_asks(self, path: Path) -> bool:
        """Whether nothing matters but that there is a value at *path*."""
        return path in self.asked and path not in self.returned and not any(_meet(path, one) for one in self.used)

    def may_read(self, path: Path, names_of: Callable[[str], Collection[str]]) -> bool:
        """
        Whether the value at *path* can matter.

        Args:
            names_of: Gives the fields that are behind the name of an attribute.
        """
        if path in self.returned or any(one[: len(path)] == path for one in self.asked):
            return True
        return any(_meet(path, one) or (one and path and path[0] in names_of(one[0])) for one in self.used)


_COPIED = Reads(frozenset(), frozenset(), frozenset({()}))
"""What is read of a record that is copied."""


class _Use(NamedTuple):
    """What becomes of a parameter, or of what *path* leads to, in one place."""

    name: str
    path: Path
    how: How


def _meet(one: Path, other: Path) -> bool:
    """Whether one of two paths leads through the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


@cache
def read_parameters(function: Callable[..., Any], depth: int = 0) -> Mapping[str, Reads]:
    """
    Find what *function* reads of each parameter, by name.

    Args:
        depth: How many calls led to it.
    """
    assert isinstance(function, FunctionType)  # noqa: S101  # a rule is one
    text = _Text(function, depth)
    uses = [use for statement in definition_of(function).body for use in text.uses(statement)]

    def paths(name: str, how: How) -> frozenset[Path]:
        return frozenset(use.path for use in uses if use.name == name and use.how == how)

    return {
        name: Reads(paths(name, "used"), paths(name, "asked"), paths(name, "returned"))
        for name in inspect.signature(function).parameters
    }


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a function that so many calls led to."""

    function: FunctionType
    depth: int

    def uses(self, node: ast.AST, how: How = "used") -> Iterator[_Use]:
        """List the names in *node*, each with the attributes that are read of it, and what becomes of that."""
        match node:
            case ast.Name() | ast.Attribute():
                yield from self._chain(node, how)
            case ast.Call():
                yield from self._call(node, how)
            case ast.Return(value=ast.expr() as value):
                yield from self.uses(value, "returned")
            case ast.IfExp(test=test, body=one, orelse=other) if how == "returned":
                yield from (*self.uses(test), *self.uses(one, how), *self.uses(other, how))
            case ast.FunctionDef() | ast.Lambda():
                yield from (_Use(one.id, (), "used") for one in ast.walk(node) if isinstance(one, ast.Name))
            case _:
                for child in ast.iter_child_nodes(node):
                    yield from self.uses(child, "asked" if asks_presence(node) else "used")

    def _chain(self, node: ast.expr, how: How) -> Iterator[_Use]:
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            # What a property gives back it has read.
            yield _Use(node.id, tuple(path), "used" if how == "returned" and path else how)
        else:
            yield from self.uses(node)

    def _call(self, call: ast.Call, how: How) -> Iterator[_Use]:
        """Look into what is called, if that is a function of the same project."""
        yield from self.uses(call.func)
        reads = self._reads_of_arguments(call)
        for place, argument in enumerate([*call.args, *(one.value for one in call.keywords)]):
            read = reads[place]
            for use in self.uses(argument):
                if read is None or not isinstance(argument, ast.Name | ast.Attribute):
                    yield use
                    continue
                yield from (_Use(use.name, use.path + one, "used") for one in read.used)
                yield from (_Use(use.name, use.path + one, "asked") for one in read.asked)
                yield from (_Use(use.name, use.path + one, how) for one in read.returned)

    def _reads_of_arguments(self, call: ast.Call) -> list[Reads | None]:
        """Find what is read of each argument, those with names last; None if it is not known."""
        count = len(call.args) + len(call.keywords)
        called = self._find(call.func)
        if called is dataclasses.replace:
            return [_COPIED, *[None] * (count - 1)]
        starred = any(isinstance(one, ast.Starred) for one in call.args)
        if called is None or starred or self.depth == _DEEPEST:
            return [None] * count
        reads = read_parameters(called, self.depth + 1)
        names = [*list(reads)[: len(call.args)], *(one.arg for one in call.keywords)]
        return [reads.get(name) if name else None for name in names]

    def _find(self, called: ast.expr) -> Callable[..., Any] | None:
        """Find the function that is called, of the same project, or what copies records; None for others."""
        known = self.function.__globals__
        match called:
            case ast.Name(id=name):
                found = known.get(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(known.get(module), ModuleType):
                found = getattr(known[module], name, None)
            case _:
                return None
        written: object = inspect.unwrap(found) if callable(found) else None
        if not isinstance(written, FunctionType):
            return None
        ours = written.__module__.partition(".")[0] == self.function.__module__.partition(".")[0]
        return written if ours or written is dataclasses.replace else None
