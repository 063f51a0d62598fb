"""Whom a request concerns: who calls, who is named by id or login name, and whose session or token is named."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from watchword.edge.exchange import Exchange
from watchword.system import FindRecord
from watchword.system.seed_data import Person

_DEEPEST = 32


class People:
    """
    The people of one sandbox, to be recognised.

    Args:
        people: As the sandbox knows them.
        find: Finds a record of the sandbox, such as the session of a token.
    """

    def __init__(self, people: Iterable[Person] = (), find: FindRecord = lambda _cls, _key: None) -> None:
        self._find = find
        self._names: dict[tuple[str, str], list[str]] = {}
        self._headers: dict[tuple[str, str], list[Person]] = {}
        for one in people:
            for text in {one.id.casefold(), one.login.casefold()} - {""}:
                self._names.setdefault((one.system, text), []).append(one.name)
            for header, value in one.headers.items():
                self._headers.setdefault((header.lower(), value), []).append(one)

    def concerned_by(self, exchange: Exchange, *others: Any) -> tuple[str, ...]:
        """
        Name the people whom a request concerns, each once: who calls, then whom path, query and body name.

        Args:
            others: What else may name somebody, in JSON types.
        """
        values = (exchange.parameters.get("path"), exchange.parameters.get("query"), exchange.json, *others)
        texts = (text for value in values for text in _texts(value, 0))
        return self.names_of(exchange, (*self._callers(exchange), *self._with_subjects(exchange, texts)))

    def names_of(self, exchange: Exchange, texts: Iterable[str]) -> tuple[str, ...]:
        """Name those of the exchange's system who have one of *texts* as id or login name, each once."""
        system = "" if exchange.system is None else exchange.system.name
        return tuple(dict.fromkeys(name for text in texts for name in self._names.get((system, text.casefold()), ())))

    def logins_of(self, exchange: Exchange, names: Collection[str]) -> frozenset[str]:
        """List what the people with *names* log in with, and their ids, in lower case."""
        system = "" if exchange.system is None else exchange.system.name
        found = ((text, holders) for (where, text), holders in self._names.items() if where == system)
        return frozenset(text for text, holders in found if not set(names).isdisjoint(holders))

    def caller_of(self, exchange: Exchange) -> str:
        """Name who calls; empty for nobody."""
        return next(iter(self.names_of(exchange, self._callers(exchange))), "")

    def holder_of(self, header: str, value: str) -> str:
        """Name who has a credential, or the programme of several who share it; empty if nobody has it."""
        holders = self._headers.get((header, value), ())
        groups = {f"{kind} {name}" for one in holders for kind, name in one.group.items()}
        return groups.pop() if len(holders) > 1 and len(groups) == 1 else next((one.name for one in holders), "")

    def _callers(self, exchange: Exchange) -> Iterator[str]:
        """Yield the ids of those whose credentials were accepted, or else were sent."""
        system, operation = exchange.system, exchange.operation
        if system is None or operation is None:
            return
        for scheme in dict.fromkeys(name for alternative in operation.security for name in alternative):
            found = system.person_of(exchange.callers.get(scheme))
            if not found and scheme in system.owners:
                found = system.owners[scheme](self._find, exchange.headers)
            if found:
                yield found

    def _with_subjects(self, exchange: Exchange, texts: Iterable[str]) -> Iterator[str]:
        system = exchange.system
        for text in texts:
            yield text
            subject = None if system is None else system.subject_of(self._find, text)
            if subject is not None:
                yield subject


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Yield the texts in a value of JSON types, outermost first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one, depth + 1)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, depth + 1)
