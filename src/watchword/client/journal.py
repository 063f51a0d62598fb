"""The requests of a sandbox."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from watchword.client.connection import Ask, path_of

_MOST = 1000
"""How many entries the control API gives at once."""


@dataclass(frozen=True)
class Entry:
    """
    A request of the journal; nothing in it is a secret.

    Args:
        status: Of the answer; 0 if there was none.
        decided_by: The kind and id of what decided the answer.
        all: The entry as the control API writes it.
    """

    id: str
    method: str
    url: str
    status: int
    operation: str | None
    outcome: str | None
    code: str | None
    people: tuple[str, ...]
    violations: tuple[Mapping[str, Any], ...]
    decided_by: Mapping[str, Any] | None
    all: Mapping[str, Any] = field(repr=False)


class Journal(Sequence[Entry]):
    """
    The requests of a sandbox, newest first; of more than a thousand the newest thousand.

    It is read anew whenever it is looked at: ``list(journal)`` is what it was at one moment.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def find(self, **wanted: Any) -> list[Entry]:
        """
        Find entries.

        Args:
            wanted: As in the query of ``/__admin/journal``: ``operation``, ``status``, ``code``, ``person``, ``limit``…
        """
        return [_read(one) for one in self._ask("GET", "/journal", query=wanted)["entries"]]

    def entry(self, identifier: str) -> Entry:
        """Read one, by its id."""
        return _read(self._ask("GET", path_of("journal", identifier)))

    def explain(self, entry: Entry) -> Mapping[str, Any]:
        """Say why it was answered so: ``sentence``, ``rule``, ``values``."""
        found: Mapping[str, Any] = self._ask("GET", path_of("journal", entry.id, "explain"))
        return found

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """
        Find the place of an entry.

        Raises:
            ValueError: It is not there.
        """
        return self._now().index(value, start, _MOST if stop is None else stop)

    def __len__(self) -> int:
        return min(int(self._ask("GET", "/journal", query={"limit": 1})["total"]), _MOST)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._now())

    def __reversed__(self) -> Iterator[Entry]:
        return reversed(self._now())

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        return self._now()[place]

    def _now(self) -> list[Entry]:
        return self.find(limit=_MOST)


def _read(one: Mapping[str, Any]) -> Entry:
    return Entry(
        one["id"],
        one["request"]["method"],
        one["request"]["url"],
        one["response"]["status"],
        one["operation"],
        one["outcome"],
        one["code"],
        tuple(one["people"]),
        tuple(one["violations"]),
        one["decidedBy"],
        one,
    )
