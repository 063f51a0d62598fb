"""Which operation of the document a request is for, whoever answers it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from watchword.document import Operation
from watchword.document.path_templates import specificity
from watchword.edge.exchange import Exchange
from watchword.edge.served_api import ServedApi
from watchword.journal.requests import Sent
from watchword.system import System


class Matching:
    """
    Finds the operations of one system.

    Args:
        system: Its name.
    """

    def __init__(self, api: ServedApi, system: str) -> None:
        self._api = api
        self._system = tolerant(api.systems[system])
        self._literal = _literal(self._system)

    def find(self, exchange: Exchange) -> None:
        """Note in *exchange* which operation its request is for; a system without one lacks the method at the path."""
        here = [one for one in self._api.nearest.at(exchange.path) if one.system == self._system.name]
        if not here:
            return
        exchange.system = self._system
        exchange.operation = _with_method(here, exchange.method)

    def doubt_codes(self, exchange: Exchange) -> None:
        """
        Believe no code that does not stand in the answer, because the document has no answer like it.

        Of one that it has, a system also finds the name that the document gives to an answer without a code.
        """
        if exchange.system is not None:
            exchange.system = self._literal

    @staticmethod
    def read(exchange: Exchange) -> None:
        """Read the request, whose body has arrived, as the document describes it."""
        if (read := Sent(exchange).read) is not None:
            exchange.parameters, exchange.json = read.parameters, read.json


def _with_method(operations: list[Operation], method: str) -> Operation | None:
    served = [one for one in operations if one.method == method]
    if not served and method == "HEAD":
        served = [one for one in operations if one.method == "GET"]
    return min(served, key=lambda one: specificity(one.path), default=None)


def tolerant(system: System) -> System:
    """Let *system* look for codes in answers of any form: somebody else's envelope has none that it knows."""
    find: Callable[[int, Any], frozenset[str]] = system.code_of

    def code_of(status: int, body: Any) -> frozenset[str]:
        with suppress(AttributeError, LookupError, TypeError, ValueError):
            return frozenset(one for one in find(status, body) if isinstance(one, str))
        return frozenset()

    return replace(system, code_of=code_of)


def _literal(system: System) -> System:
    """Let *system* find only codes that stand in an answer."""
    find: Callable[[int, Any], frozenset[str]] = system.code_of
    return replace(system, code_of=lambda status, body: find(status, body) & frozenset(_texts(body)))


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:  # a server may nest more deeply than functions can call each other
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str):
            yield one
