"""Requests of the journal answered once more: in a fork as it was, in one as it is now, or in a sandbox with a name."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from watchword.control.errors import (
    CannotReplay,
    ContradictorySettings,
    ImpossibleChange,
    NoSuchSandbox,
    OutsideCalendar,
    SettingViolation,
    StateGone,
)
from watchword.control.journal import JournalReader
from watchword.control.proposals import follow_proposal, known_proposal
from watchword.control.request_change import UNCHANGED, Credentials, RequestChange, changed
from watchword.document.security import credential_headers
from watchword.domain.clock import FIRST_YEAR, LAST_YEAR
from watchword.edge.exchange import Exchange
from watchword.edge.observers import Observer
from watchword.edge.replaying import Finished, NewApp, send_again, sent
from watchword.journal.captured import Captured, note_exchange
from watchword.journal.differences import Difference, differences
from watchword.journal.entry import Entry
from watchword.journal.explanation import Explanation, explain
from watchword.sandbox import Sandbox
from watchword.sandbox.fork import Moment, fork_at
from watchword.sandbox.history import HistoryGone
from watchword.system import Answer
from watchword.system.seed_data import Person

_FORKS_ONLY = (
    "In a sandbox with a name, the document of that sandbox answers; PUT /__admin/sandboxes/NAME chooses another one."
)
BEFORE, NOW = "before", "now"
"""Where a request can be replayed besides in a sandbox with a name: forks that nobody else sees."""
AS_IT_WAS = RequestChange()


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Whose document answers a request in a fork.

    Args:
        proposal: The name of a proposal; None for today's document.
    """

    proposal: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """
    What a request was answered, and what it is answered when it is sent once more.

    Args:
        into: ``before``, ``now`` or the name of a sandbox.
        original: The explanation of the entry; its ``entry`` is what was answered.
        replayed: The explanation of the other answer.
        noted: The id of the journal's entry of the other request; None for a fork.
        at: What the clock showed where it was replayed.
        differences: Empty if both answers are the same.
    """

    into: str
    original: Explanation
    replayed: Explanation
    noted: str | None
    at: datetime
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether both answers are the same, byte for byte."""
        return not self.differences


@dataclass(frozen=True)
class Replayer:
    """
    Replays requests of the journal of a server.

    Args:
        new_app: Makes what answers them.
    """

    reader: JournalReader
    new_app: NewApp

    async def replay(
        self,
        sandbox: str,
        identifier: str,
        *,
        into: str = BEFORE,
        change: RequestChange = AS_IT_WAS,
        choice: Choice | None = None,
    ) -> Replayed:
        """
        Replay one entry.

        Args:
            sandbox: Whose journal has it.
            identifier: Its id, or ``last`` for the newest.
            into: ``before`` for a fork as it was just before the request; ``now`` for a fork as it is; or the name of
                a sandbox, where it happens like any request and is in the journal. Nobody sees what happens in a fork.
            choice: Whose document answers in the fork; None for that of the sandbox.

        Raises:
            JournalOff, NoSuchEntry, EntryGone: As in `JournalReader.read`.
            StateGone: What the sandbox was before is no longer remembered.
            NoSuchSandbox: There is no sandbox called so.
            NoSuchProposal, ContradictorySettings: The fork cannot choose that proposal.
            CannotReplay: It is none of the requests that can be replayed.
            ImpossibleChange: No such request can be sent, or not there.
            OutsideCalendar: The clock would leave the calendar.
        """
        captured = self.reader.captured(sandbox, identifier)
        exchange = replayable(captured)
        if into in (BEFORE, NOW):
            return await self._replay_in_fork(captured, exchange, into=into, change=change, choice=choice)
        named = self.reader.imitated.sandboxes.get(into)
        if named is None:
            names = (one.name for one in self.reader.imitated.sandboxes)
            raise NoSuchSandbox(into, (BEFORE, NOW, *names), besides=(BEFORE, NOW))
        if choice is not None:
            raise CannotReplay(_FORKS_ONLY)
        if change.moves_clock:
            raise ImpossibleChange(
                [SettingViolation(("clock",), "moves in forks only; PUT /__admin/clock moves it for good")]
            )
        noted: list[Captured] = []

        def note(replayed: Exchange, answer: Answer, violations: Sequence[str]) -> None:
            noted.append(self.reader.held.note(replayed, answer, violations))

        await self.send(exchange, change, named, observers=(note,))
        return self._compare(into, captured, noted[0], self.reader.reader.read(noted[0]))

    async def by_other_documents(self, sandbox: str, identifier: str) -> tuple[Replayed, ...]:
        """
        Replay one entry as it was, just before it, by each document that did not answer it: today's and proposals.

        Documents that the sandbox could not have chosen then, because its settings do not fit theirs, are left out.

        Raises:
            JournalOff, NoSuchEntry, EntryGone, StateGone, CannotReplay: As in `replay`.
        """
        captured = self.reader.captured(sandbox, identifier)
        exchange = replayable(captured)
        found = []
        for name in self._other_documents(exchange):
            with suppress(ContradictorySettings):
                found.append(await self._replay_in_fork(captured, exchange, choice=Choice(name or None)))
        return tuple(found)

    def has_other_documents(self, sandbox: str, identifier: str) -> bool:
        """
        Whether other documents could have answered an entry: today's, or proposals, which change no other document.

        Raises:
            JournalOff, NoSuchEntry, EntryGone: As in `replay`.
        """
        exchange = self.reader.captured(sandbox, identifier).exchange
        return exchange is not None and bool(self._other_documents(exchange))

    def _other_documents(self, exchange: Exchange) -> Sequence[str]:
        """Name the documents of the imitated systems that did not answer; the empty name is for today's."""
        if not exchange.api.imitates:
            return ()
        return [name for name in ("", *self.reader.imitated.proposals) if name != exchange.api.proposal]

    async def _replay_in_fork(
        self,
        captured: Captured,
        exchange: Exchange,
        *,
        into: str = BEFORE,
        change: RequestChange = AS_IT_WAS,
        choice: Choice | None = None,
    ) -> Replayed:
        place = self.fork(captured, exchange, into=into, change=change, choice=choice)
        finished = await self.send(exchange, change, place)
        return self._compare(into, captured, *self._read_unnoted(finished, captured.number))

    def fork(
        self,
        captured: Captured,
        exchange: Exchange,
        *,
        into: str = BEFORE,
        change: RequestChange = AS_IT_WAS,
        choice: Choice | None = None,
    ) -> Sandbox:
        """
        Copy the sandbox of an entry into memory, as it was just before it or as it is; its clock stands.

        Raises:
            StateGone: What the sandbox was before is no longer remembered.
            OutsideCalendar: The clock would leave the calendar.
            NoSuchProposal, ContradictorySettings: It cannot choose that proposal.
        """
        sandboxes = self.reader.imitated.sandboxes
        chosen = None if choice is None else known_proposal(sandboxes, choice.proposal)
        moment = moment_of(captured, exchange) if into == BEFORE else _present(exchange.sandbox)
        try:
            made = fork_at(exchange.sandbox, replace(moment, at=_moved(moment.at, change)))
        except HistoryGone as gone:
            raise StateGone from gone
        if chosen is not None:
            follow_proposal(sandboxes, made, chosen)
        return made

    async def send(
        self,
        exchange: Exchange,
        change: RequestChange,
        place: Sandbox,
        *,
        people: Mapping[str, Person] | None = None,
        observers: Sequence[Observer] = (),
    ) -> Finished:
        """
        Send the request of an exchange once more.

        Args:
            people: Those whose credentials can be sent, by name; None for those of the place.
            observers: Are told of it.

        Raises:
            ImpossibleChange: No such request can be sent.
            CannotReplay: Nobody answers it here.
        """
        if exchange.protocol.startswith("grpc") and (change.body, change.replace_body) != (UNCHANGED, UNCHANGED):
            detail = f"cannot be changed in {exchange.protocol}, whose messages are not JSON"
            raise ImpossibleChange([SettingViolation(("body",), detail)])
        request = changed(sent(exchange), change, self._credentials(exchange, place, people))
        finished = await send_again(
            self.new_app, request, place, wall_clock=place.clock.wall_clock, observers=observers
        )
        if finished is None:
            raise CannotReplay("Nobody answers such a request in a replay.")
        return finished

    def _read_unnoted(self, finished: Finished, number: int) -> tuple[Captured, Entry]:
        """Make what the journal would have noted of a replay, and its entry; nobody else ever sees either."""
        exchange = finished.exchange
        captured = Captured(
            *note_exchange(exchange, finished.answer, exchange.received_at, finished.violations), number=number
        )
        return captured, self.reader.reader.read(captured)

    def _compare(self, into: str, one: Captured, other: Captured, replayed: Entry) -> Replayed:
        systems, original = self.reader.imitated.systems, self.reader.reader.read(one)
        found = differences((one.sent, original.response), (other.sent, replayed.response))
        noted = None if into in (BEFORE, NOW) else replayed.id
        return Replayed(into, explain(original, systems), explain(replayed, systems), noted, other.sandbox_time, found)

    def _credentials(self, exchange: Exchange, place: Sandbox, people: Mapping[str, Person] | None) -> Credentials:
        return Credentials(
            credential_headers(exchange.api.document.content),
            lambda: self.people_of(exchange, place) if people is None else people,
        )

    def people_of(self, exchange: Exchange, place: Sandbox) -> Mapping[str, Person]:
        """List the people of an exchange's system in a sandbox, by name."""
        name = "" if exchange.system is None else exchange.system.name
        return {one.name: one for one in self.reader.imitated.sandboxes.population.read(place, system=name)}


def replayable(captured: Captured) -> Exchange:
    """
    Give the exchange of an entry that can be replayed.

    Raises:
        CannotReplay: It is none of those.
    """
    exchange = captured.exchange
    if exchange is None:
        raise CannotReplay("It was no request to a sandbox (a preflight is none), so there is nothing to send again.")
    if exchange.api.controls:
        raise CannotReplay("It was a call of the control API; only requests to the imitated systems are replayed.")
    if exchange.system is None:
        raise CannotReplay("It asked for a page of this server; only requests to the imitated systems are replayed.")
    if captured.aborted and not captured.acted:
        raise CannotReplay("The client hung up before it had sent the whole request.")
    return exchange


def moment_of(captured: Captured, exchange: Exchange) -> Moment:
    """Tell when a request was handled, and how everything stood that it met."""
    changes, system = captured.changes, exchange.system
    drew = None
    if not changes and system is not None:
        position = exchange.completed_from if captured.drew_from is None else captured.drew_from
        drew = None if position is None else (system.name, position)
    return Moment(
        changes[0].number if changes else exchange.position,
        captured.called_at or captured.sandbox_time,
        captured.received_at,
        drew,
        exchange.armed,
        exchange.counted,
    )


def _present(sandbox: Sandbox) -> Moment:
    return Moment(None, sandbox.clock.now(), sandbox.clock.wall_clock())


def _moved(moment: datetime, change: RequestChange) -> datetime:
    try:
        moved = (change.to or moment) + change.by if change.by is not None else change.to or moment
        if FIRST_YEAR <= moved.year <= LAST_YEAR:
            return moved
    except OverflowError:
        pass
    raise OutsideCalendar(moment, first=FIRST_YEAR, last=LAST_YEAR)
