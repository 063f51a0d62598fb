"""Which operation of the document a request is for, whoever answers it."""

from collections.abc import Callable
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

    def find(self, exchange: Exchange) -> None:
        """Note in *exchange* which operation its request is for; a system without one lacks the method at the path."""
        here = [one for one in self._api.nearest.at(exchange.path) if one.system == self._system.name]
        if not here:
            return
        exchange.system = self._system
        exchange.operation = _with_method(here, exchange.method)

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
