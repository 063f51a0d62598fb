"""The journal: entries found, awaited, read, explained, counted, forgotten."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

from watchword.control.errors import EntryGone, JournalOff, NoSuchEntry
from watchword.control.people_then import PeopleThen
from watchword.document.outcomes import NO_BODY
from watchword.edge.concerned import People
from watchword.edge.exchange import Exchange
from watchword.edge.served_api import ServedApi
from watchword.journal import Captured, Journal
from watchword.journal.entry import Entry
from watchword.journal.explanation import Explanation, explain
from watchword.journal.reading import Reader
from watchword.journal.search import Filter
from watchword.journal.verification import Count, Expected, Verification, verify
from watchword.sandbox import Sandboxes

LAST = "last"
"""The newest entry, in the place of an id."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    Entries that were found.

    Args:
        entries: Newest first; as many as were wanted at most.
        total: How many there are altogether.
    """

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True)
class JournalReader:
    """
    Reads the journal of a server.

    Args:
        journal: None if it is switched off.
        imitated: Whose sandboxes, people and rules the entries are about.
        documents: What else is served, and has entries.
    """

    journal: Journal | None
    imitated: ServedApi
    documents: tuple[ServedApi, ...] = ()
    _people: PeopleThen = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_people", PeopleThen(self.imitated.systems.values()))

    @property
    def _described(self) -> tuple[ServedApi, ...]:
        """All documents whose requests have entries."""
        return (*self.imitated.alternatives, *self.documents)

    @property
    def held(self) -> Journal:
        """
        The journal.

        Raises:
            JournalOff: There is none.
        """
        if self.journal is None:
            raise JournalOff
        return self.journal

    @property
    def operations(self) -> tuple[str, ...]:
        """The ids of all operations that entries may have."""
        return tuple(dict.fromkeys(name for api in self._described for name in api.document.operations))

    @property
    def systems(self) -> tuple[str, ...]:
        """The names of all systems that entries may have."""
        return tuple(dict.fromkeys(name for api in self._described for name in api.systems))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes in the answers that the documents write as examples."""
        found: dict[str, None] = {}
        for api in self._described:
            for operation in api.document.operations.values():
                if (system := api.systems.get(operation.system)) is None:
                    continue
                for status, shape in operation.responses.items():
                    if status.isdigit():
                        bodies = shape.examples.values()
                        found |= {code: None for one in bodies for code in sorted(system.code_of(int(status), one))}
        return tuple(found)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The names of all answers of the documents."""
        operations = (one for api in self._described for one in api.document.operations.values())
        names = (
            name for one in operations for shape in one.responses.values() for name in shape.examples or (NO_BODY,)
        )
        return tuple(dict.fromkeys(names))

    def names_in(self, sandbox: str) -> tuple[str, ...]:
        """List the names of the people of a sandbox, and of those whom its entries concern."""
        held = (name for one in self._matching(sandbox, Filter()) for name in one.people)
        return tuple(dict.fromkeys((*(one.name for one in self.imitated.sandboxes.people(sandbox)), *held)))

    def name_in(self, sandbox: str, person: str) -> str | None:
        """Find the name of somebody by name, login name or id; None for nobody of whom the sandbox knows."""
        people = self.imitated.sandboxes.people(sandbox)
        found = (one.name for one in people if person.casefold() in (one.login.casefold(), one.id.casefold()))
        if any(one.name == person for one in people):
            return person
        return next(found, person if person in self.names_in(sandbox) else None)

    def find(self, sandbox: str | None, wanted: Filter, *, limit: int) -> Found:
        """
        Find entries.

        Args:
            sandbox: The name of a sandbox; empty for requests that belong to none; None for all.

        Raises:
            JournalOff: There is no journal.
        """
        matching = list(self._matching(sandbox, wanted))
        return Found(tuple(islice(matching, limit)), len(matching))

    async def wait(
        self, sandboxes: Sandboxes, sandbox: str | None, wanted: Filter, *, limit: int, timeout: timedelta
    ) -> Found:
        """
        Find entries as `find` does; if there are none, wait for the first one.

        Args:
            timeout: In real time.

        Returns:
            Empty if the time is over or the server stops.

        Raises:
            JournalOff: There is no journal.
        """
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(woken.set)

        with suppress(TimeoutError), sandboxes.changes.listening(wake), self.held.arrivals.listening(wake):
            async with asyncio.timeout(timeout.total_seconds()):
                while True:
                    woken.clear()
                    found = self.find(sandbox, wanted, limit=limit)
                    if found.entries or sandboxes.shutting_down:
                        return found
                    await woken.wait()
        return Found((), 0)

    def newest(self, sandbox: str, words: Sequence[str], *, after: int | None, limit: int) -> tuple[Entry, ...]:
        """
        Find the newest entries, without looking at more than are needed.

        Args:
            sandbox: As in `find`.
            words: In lower case; each stands somewhere in what an entry can be recognised by.
            after: The number of an entry; only those that came after it.

        Raises:
            JournalOff: There is no journal.
        """
        wanted = Filter(words=tuple(words), after=after)
        return tuple(islice(self._matching(sandbox, wanted), limit))

    def read(self, sandbox: str, identifier: str) -> Entry:
        """
        Read one entry.

        Args:
            identifier: Its id, or ``last`` for the newest.

        Raises:
            JournalOff: There is no journal.
            NoSuchEntry: No entry of this sandbox has this id.
            EntryGone: The journal no longer holds it.
        """
        return self.reader.read(self.captured(sandbox, identifier))

    def captured(self, sandbox: str, identifier: str) -> Captured:
        """
        Find one entry as it was noted, with everything that was sent.

        Raises:
            JournalOff, NoSuchEntry, EntryGone: As in `read`.
        """
        journal = self.held
        if identifier == LAST:
            newest = next(journal.newest_first(sandbox), None)
            if newest is None:
                raise NoSuchEntry
            return newest
        number = journal.number_of(identifier)
        if number is None or not 0 < number <= journal.last_number:
            raise NoSuchEntry
        found = journal.get(number)
        if found is None:
            raise EntryGone(cleared=number >= journal.oldest)
        if found.sandbox not in (sandbox, ""):
            raise NoSuchEntry(found.sandbox)
        return found

    def before(self, sandbox: str, identifier: str) -> tuple[int, datetime]:
        """
        Find the position of the sandbox's history just before an entry, and what its clock showed.

        For a request that changed nothing that is where the history stood when it arrived.

        Raises:
            JournalOff, NoSuchEntry, EntryGone: As in `read`.
        """
        found = self.captured(sandbox, identifier)
        exchange = found.exchange
        if exchange is None:
            raise NoSuchEntry
        if found.changes:
            return found.changes[0].number, found.changes[0].at
        return exchange.position, found.sandbox_time

    def people_of(self, exchange: Exchange) -> People:
        """Give the people of a request's sandbox as they were when it arrived."""
        return self._people.of(exchange)

    def explain(self, sandbox: str, identifier: str) -> Explanation:
        """
        Explain one entry.

        Raises:
            JournalOff, NoSuchEntry, EntryGone: As in `read`.
        """
        return explain(self.read(sandbox, identifier), self.imitated.systems)

    def verify(self, sandbox: str, expected: Expected, count: Count) -> Verification:
        """
        Count the entries of a sandbox that are as expected.

        Raises:
            JournalOff: There is no journal.
        """
        return verify(list(self._matching(sandbox, Filter())), expected, count)

    def clear(self, sandbox: str) -> None:
        """
        Forget the entries of a sandbox.

        Raises:
            JournalOff: There is no journal.
        """
        self.held.clear(sandbox)

    def _matching(self, sandbox: str | None, wanted: Filter) -> Iterator[Entry]:
        for captured in self.held.newest_first(sandbox):
            if wanted.after is not None and captured.number <= wanted.after:
                return
            entry = self.reader.read(captured)
            if wanted.matches(entry):
                yield entry

    @property
    def reader(self) -> Reader:
        """Makes entries."""
        return Reader(self.held.id_of, self.people_of, self.imitated.nearest)
