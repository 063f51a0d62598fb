"""Which refusals of a rule get out of it, to whoever calls it."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from watchword.domain.mutation.code import asks_presence, definition_of
from watchword.domain.refusal import Refusal


@cache
def find_refusals(function: Callable[..., Any]) -> tuple[type[Refusal], ...]:
    """
    List the refusals that *function* makes, by name, without those that it catches or that it only asks for.

    Functions of its own that it calls are looked into, other rules are not.
    """
    found = {one.__name__: one for one in _Text(function).refusals(set())} if isinstance(function, FunctionType) else {}
    return tuple(found[name] for name in sorted(found))


@cache
def can_raise(function: Callable[..., Any]) -> bool:
    """Whether *function*, or one that it calls, raises anything; what it returns ends no request."""
    return isinstance(function, FunctionType) and _Text(function).raises(set())


@dataclass(frozen=True, slots=True)
class _Text:
    """
    The text of a function.

    Args:
        caught: Refusals of these classes get no further.
    """

    function: FunctionType
    caught: tuple[type[BaseException], ...] = ()

    @property
    def body(self) -> list[ast.stmt]:
        """Its statements; a lambda has none."""
        return [] if self.function.__name__ == "<lambda>" else definition_of(self.function).body

    def raises(self, seen: set[FunctionType]) -> bool:
        """Whether anything is raised in it, or in what it names."""
        if self.function in seen:
            return False
        seen.add(self.function)
        nodes = [node for statement in self.body for node in ast.walk(statement)]
        called = [inspect.unwrap(one) for node in nodes for one in self._named(node) if callable(one)]
        return any(isinstance(node, ast.Raise) for node in nodes) or any(
            _Text(one).raises(seen) for one in called if isinstance(one, FunctionType) and self._is_near(one)
        )

    def refusals(self, seen: set[object]) -> Iterator[type[Refusal]]:
        """Yield the classes of refusals that get out."""
        if self in seen:
            return
        seen.add(self)
        for statement in self.body:
            yield from self._made_in(statement, seen)

    def _made_in(self, node: ast.AST, seen: set[object]) -> Iterator[type[Refusal]]:
        match node:
            case ast.Try():
                inside = replace(self, caught=(*self.caught, *self._caught_by(node)))
                for statement in node.body:
                    yield from inside._made_in(statement, seen)
                handling = [statement for handler in node.handlers for statement in handler.body]
                for statement in [*handling, *node.orelse, *node.finalbody]:
                    yield from self._made_in(statement, seen)
            case ast.AnnAssign(value=value):
                yield from () if value is None else self._made_in(value, seen)
            case ast.Compare(left=ast.Call(func=called) as call) if self._only_asks(node, called):
                for given in [*call.args, *call.keywords]:
                    yield from self._made_in(given, seen)
            case _:
                for named in self._named(node):
                    yield from self._behind(named, seen)
                for child in ast.iter_child_nodes(node):
                    yield from self._made_in(child, seen)

    def _behind(self, named: object, seen: set[object]) -> Iterator[type[Refusal]]:
        if isinstance(named, type) and issubclass(named, Refusal) and not issubclass(named, self.caught):
            yield named
        elif isinstance(named, FunctionType) and not hasattr(named, "__wrapped__") and self._is_near(named):
            yield from replace(self, function=named).refusals(seen)

    def _caught_by(self, node: ast.Try) -> Iterator[type[BaseException]]:
        """Yield what a statement catches, unless it raises it again."""
        for handler in node.handlers:
            again = any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(handler))
            if handler.type is not None and not again:
                for one in ast.walk(handler.type):
                    yield from (kind for kind in self._named(one) if isinstance(kind, type))

    def _only_asks(self, node: ast.Compare, called: ast.expr) -> bool:
        """Whether a call is compared with None, so that a refusal that it returns goes no further."""
        return asks_presence(node) and not any(
            can_raise(one) for one in self._named(called) if isinstance(one, FunctionType)
        )

    def _named(self, node: ast.AST) -> Iterator[Any]:
        """Find the global that a node names, in a module too (``errors.TooShort``), or what a mapping with it holds."""
        known = self.function.__globals__
        match node:
            case ast.Name(id=name):
                found = known.get(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(known.get(module), ModuleType):
                found = getattr(known[module], name, None)
            case _:
                return
        yield from found.values() if isinstance(found, Mapping) else (found,)

    def _is_near(self, other: FunctionType) -> bool:
        """Whether another function belongs to the same package, or to one in it."""
        package = self.function.__module__.rpartition(".")[0]
        return f"{other.__module__}.".startswith(f"{package}.")
