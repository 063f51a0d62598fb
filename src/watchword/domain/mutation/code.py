"""What the code of a rule names: attributes that it reads, fields that it sets."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from types import CodeType, ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """
    What a function and the functions of its own that it calls name; other rules are not looked into.

    Args:
        names: Attributes and globals.
        keywords: Names of arguments in calls, as in ``replace(user, failures=0)``.
    """

    names: frozenset[str]
    keywords: frozenset[str]


@cache
def read_code(function: Callable[..., Any]) -> Code:
    """Read what *function* names."""
    names: set[str] = set()
    keywords: set[str] = set()
    for one in _reached(function, set()):
        for code in _nested(one.__code__):
            names.update(code.co_names)
            for constant in code.co_consts:
                if isinstance(constant, tuple) and all(isinstance(name, str) for name in constant):
                    keywords.update(constant)
    return Code(frozenset(names), frozenset(keywords))


@cache
def definition_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """Parse the text of *function*, which is no lambda."""
    definition = ast.parse(dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101  # see above
    return definition


def asks_presence(node: ast.AST) -> bool:
    """Whether *node* compares something with None."""
    return (
        isinstance(node, ast.Compare)
        and all(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        and all(isinstance(one, ast.Constant) and one.value is None for one in node.comparators)
    )


def _reached(function: Any, seen: set[Any]) -> Iterator[Any]:
    if function in seen:
        return
    seen.add(function)
    yield function
    package = function.__module__.rpartition(".")[0]
    for code in _nested(function.__code__):
        for found in _globals_named(function, code):
            if inspect.isfunction(found) and not hasattr(found, "__wrapped__") and found.__module__.startswith(package):
                yield from _reached(found, seen)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _globals_named(function: Any, code: CodeType) -> Iterator[Any]:
    """Find the globals that *code* names, those in modules too (``errors.TooShort``)."""
    for name in code.co_names:
        found = function.__globals__.get(name)
        if isinstance(found, ModuleType):
            yield from (vars(found)[inner] for inner in code.co_names if inner in vars(found))
        elif isinstance(found, Mapping):
            yield from found.values()
        elif found is not None:
            yield found


def names_behind(kind: type, names: frozenset[str]) -> frozenset[str]:
    """Add the names that the properties and methods of *kind* read which are among *names*."""
    found = set(names)
    for name in names:
        member = inspect.getattr_static(kind, name, None)
        function = getattr(member, "fget", None) or getattr(member, "func", None) or member
        if inspect.isfunction(function):
            found.update(*(code.co_names for code in _nested(function.__code__)))
    return frozenset(found)
