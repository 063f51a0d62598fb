"""Follow what happens in a sandbox, as it happens."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from watchword.control.events import Event, Events, Kind, Position, SandboxChange, What
from watchword.control.inbox import find_messages
from watchword.control.journal import JournalReader
from watchword.domain.clock import Clock
from watchword.domain.listeners import Listener
from watchword.sandbox import Sandbox
from watchword.sandbox.faults import FaultPlan
from watchword.system.settings import SettingsBySystem

HEARTBEAT = timedelta(seconds=15)
"""Shorter than proxies and browsers put up with a silent connection."""
_TOGETHER_SECONDS = 0.05
"""How long events are gathered after some were told, so that many of them cost little more than one."""
_NO_JOURNAL = "00000000"
_OF_ANOTHER = frozenset({What.MADE, What.RESET, What.DROPPED})
"""After these another sandbox, or none, stands under the name."""


def start_position(reader: JournalReader, name: str, since: Position | None = None) -> Position:
    """
    Find the place at which to begin.

    Args:
        name: As for `follow_events`.
        since: Where a reader was; None for what happens from now on. In another journal, or in a sandbox that was
            reset meanwhile, it is the place before everything.
    """
    journal, sandbox = reader.journal, reader.imitated.sandboxes.get(name) if name else None
    mails = 0 if sandbox is None else sandbox.mailbox.count
    newest = (
        Position(_NO_JOURNAL, 0, mails) if journal is None else Position(journal.prefix, journal.last_number, mails)
    )
    if since is None:
        return newest
    same = since.journal == newest.journal and since.requests <= newest.requests
    return replace(newest, requests=since.requests if same else 0, mails=since.mails if since.mails <= mails else 0)


async def follow_events(
    reader: JournalReader,
    name: str,
    *,
    since: Position,
    requests_of: str | None = None,
    others: bool = False,
    wait: timedelta | None = None,
    heartbeat: timedelta = HEARTBEAT,
) -> AsyncGenerator[Events]:
    """
    Tell what happens, until the server stops.

    Args:
        name: Of the sandbox; empty for requests that belong to none, and for which sandboxes there are.
        since: A place as `start_position` returns it.
        requests_of: Whose requests are told, as a name like the other; None for the same.
        others: Whether it is also told which other sandboxes there are, as it is where *name* is empty.
        wait: Ends if nothing happens for so long, in real time; zero to end as soon as everything is told.
        heartbeat: No events are told if nothing happens for so long.
    """
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # Mails and changes may come in any thread; requests come in this one.
        loop.call_soon_threadsafe(woken.set)

    patience = (heartbeat if wait is None else wait).total_seconds()
    with ExitStack() as listening:
        if reader.journal is not None:
            listening.enter_context(reader.journal.arrivals.listening(woken.set))
            listening.enter_context(reader.journal.removals.listening(wake))
        whose = name if requests_of is None else requests_of
        watch = _Watch(reader, name, since, listening, wake, requests_of=whose, others=others)
        until = loop.time() + patience
        while not reader.imitated.sandboxes.shutting_down:
            woken.clear()
            events = tuple(watch.news())
            if events or loop.time() >= until:
                if not events and wait is not None:
                    return
                yield events
                until = loop.time() + patience
            if events and patience:
                await asyncio.sleep(_TOGETHER_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await woken.wait()


class _Seen(NamedTuple):
    """
    What a sandbox was when it was last looked at; clocks and settings are replaced, never changed.

    Args:
        proposal: By which it is described.
        snapshots: To what it can be put back, as names with the moments at which they were taken.
        people: How often somebody was made, changed or removed from outside.
        journal: Another number after requests were removed from the journal.
        inbox: How often the inbox was emptied.
    """

    sandbox: Sandbox
    clock: Clock
    settings: SettingsBySystem
    faults: tuple[tuple[str, FaultPlan], ...]
    proposal: str
    snapshots: tuple[tuple[str, datetime], ...]
    people: int
    journal: int
    inbox: int


class _Watch:
    """
    What was told so far, and what is to be told next.

    Args:
        since: As for `follow_events`.
        listening: Ends all listening.
        wake: Is called, in any thread, when a mail came or something was changed from outside.
        requests_of, others: As for `follow_events`.
    """

    def __init__(
        self,
        reader: JournalReader,
        name: str,
        since: Position,
        listening: ExitStack,
        wake: Listener,
        *,
        requests_of: str,
        others: bool,
    ) -> None:
        self._journal, self._sandboxes, self._name, self._wake = reader.journal, reader.imitated.sandboxes, name, wake
        self._requests_of, self._others = requests_of, others or not name
        # Listening begins before looking, so that nothing happens unseen in between.
        listening.enter_context(self._sandboxes.changes.listening(wake))
        self._files = reader.imitated.watch
        if self._files is not None:
            listening.enter_context(self._files.changes.listening(wake))
        self._files_seen = None if self._files is None else self._files.state
        self._to_sandbox = listening.enter_context(ExitStack())
        self._heard: Sandbox | None = None
        self._seen = self._look()
        self._position = since

    @property
    def _sandbox(self) -> Sandbox | None:
        found = self._seen.get(self._name)
        return None if found is None else found.sandbox

    def news(self) -> Iterator[Event]:
        """
        Give what has happened since the last time.

        That another sandbox stands under a name comes first, because requests and mails are of that one by now.
        """
        changes = tuple(self._changes())
        yield from self._tell(one for one in changes if one.what in _OF_ANOTHER)
        yield from self._requests()
        yield from self._mails()
        yield from self._tell(one for one in changes if one.what not in _OF_ANOTHER)
        if self._files is not None and self._files.state is not self._files_seen:
            self._files_seen = self._files.state
            yield Event(Kind.FILES, self._position, self._files_seen)

    def _tell(self, changes: Iterable[SandboxChange]) -> Iterator[Event]:
        for one in changes:
            yield Event(Kind.SANDBOX, self._position, one)

    def _requests(self) -> Iterator[Event]:
        journal = self._journal
        if journal is None or journal.last_number == self._position.requests:
            return
        found, newest = journal.after(self._position.requests, self._requests_of), journal.last_number
        if journal.oldest > self._position.requests + 1:
            yield Event(Kind.GAP, self._position)
        for one in found:
            self._position = replace(self._position, requests=one.number)
            yield Event(Kind.REQUEST, self._position, one)
        self._position = replace(self._position, requests=newest)

    def _mails(self) -> Iterator[Event]:
        if self._sandbox is None:
            return
        for one in reversed(find_messages(self._sandbox, since=self._position.mails)):
            self._position = replace(self._position, mails=one.id)
            yield Event(Kind.MAIL, self._position, one)

    def _changes(self) -> Iterator[SandboxChange]:
        before, self._seen = self._seen, self._look()
        for name in {**before, **self._seen}:
            former, found = before.get(name), self._seen.get(name)
            if name == self._name and found and (former is None or former.sandbox is not found.sandbox):
                self._position = replace(self._position, mails=found.sandbox.mailbox.began_with)
            for what in _differences(former, found):
                if name == self._name or what in _OF_ANOTHER:
                    yield SandboxChange(name, what)

    def _look(self) -> Mapping[str, _Seen]:
        found = self._sandboxes.get(self._name) if self._name else None
        if found is not self._heard:
            self._heard = found
            self._to_sandbox.close()
            for one in () if found is None else (found.mailbox.arrivals, found.control_calls):
                self._to_sandbox.enter_context(one.listening(self._wake))
        if self._others:
            return {one.name: self._see(one) for one in self._sandboxes}
        return {} if found is None else {found.name: self._see(found)}

    def _see(self, sandbox: Sandbox) -> _Seen:
        faults = tuple((one.id, one.plan) for one in sandbox.faults)
        journal = 0 if self._journal is None else self._journal.removed(sandbox.name)
        people, inbox = sandbox.people_changes, sandbox.mailbox.emptied
        snapshots = tuple((one.name, one.taken_at) for one in self._sandboxes.snapshots(sandbox.name).values())
        return _Seen(
            sandbox, sandbox.clock, sandbox.settings, faults, sandbox.proposal, snapshots, people, journal, inbox
        )


def _differences(before: _Seen | None, after: _Seen | None) -> Iterator[What]:
    if before is None or after is None:
        yield What.DROPPED if after is None else What.MADE
    elif before.sandbox is not after.sandbox:
        yield What.RESET
    else:
        differing = (
            (What.CLOCK, before.clock is not after.clock),
            (What.SETTINGS, before.settings is not after.settings),
            (What.FAULTS, before.faults != after.faults),
            (What.PEOPLE, before.people != after.people),
            (What.JOURNAL, before.journal != after.journal),
            (What.INBOX, before.inbox != after.inbox),
            (What.PROPOSAL, before.proposal != after.proposal),
            (What.SNAPSHOTS, before.snapshots != after.snapshots),
        )
        yield from (what for what, differs in differing if differs)
