"""Try single changes of a refused request in forks, and name those that would have succeeded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from operator import itemgetter

from watchword.control.agenda import read_agenda
from watchword.control.errors import ControlError
from watchword.control.replay import Replayer, replayable
from watchword.control.request_change import RequestChange
from watchword.control.what_if import fields, moments, people, secrets
from watchword.control.what_if.case import Case, Proposal
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured
from watchword.journal.entry import Decider
from watchword.journal.explanation import Explanation, explain
from watchword.sandbox.fork import fork_in_memory

MOST_TRIES = 30
_MOST_PEOPLE = 2
"""With whose credentials it would have succeeded is told of so many: without any, everybody's would help."""
_FIRST = 7
"""How many proposals of the likeliest kind come before those of all kinds in turn."""
Propose = Callable[[Case], Iterator[Proposal]]
_KINDS: Sequence[Propose] = (
    fields.fields_put_right,
    people.other_callers,
    secrets.codes_of_mails,
    secrets.passwords,
    moments.other_moments,
    people.other_subjects,
    fields.parameters,
    fields.fields_left_out,
    fields.fields_of_examples,
    fields.other_operations,
)


@dataclass(frozen=True, slots=True)
class Cure:
    """
    A change with which a request would have succeeded.

    Args:
        sentence: For people, complete.
        change: What `Replayer.replay` takes.
        status: What would have been answered.
    """

    sentence: str
    change: RequestChange
    status: int


@dataclass(frozen=True, slots=True)
class Looked:
    """
    What would have helped.

    Args:
        original: What was answered, and why.
        tried: How many changes were tried; 0 if the request was not refused.
        cures: Those that would have succeeded, likeliest first.
    """

    original: Explanation
    tried: int
    cures: tuple[Cure, ...]


@dataclass(frozen=True)
class WhatIf:
    """Looks for changes that would have helped."""

    replayer: Replayer

    async def look(self, sandbox: str, identifier: str, *, enough: int = MOST_TRIES) -> Looked:
        """
        Look for what would have helped a refused request.

        Args:
            sandbox: Whose journal has it.
            identifier: Its id, or ``last`` for the newest.
            enough: With how many cures to stop.

        Raises:
            JournalOff, NoSuchEntry, EntryGone, StateGone, CannotReplay: As in `Replayer.replay`.
        """
        captured = self.replayer.reader.captured(sandbox, identifier)
        return await self.look_at(captured, enough=enough)

    async def look_at(self, captured: Captured, *, enough: int = MOST_TRIES) -> Looked:
        """Look for what would have helped a request that was noted; see `look`."""
        exchange = replayable(captured)
        reader = self.replayer.reader
        explanation = explain(reader.reader.read(captured), reader.imitated.systems)
        if captured.answer.status < HTTPStatus.BAD_REQUEST:
            return Looked(explanation, 0, ())
        case = self._case(captured, exchange, explanation)
        cures: dict[str, tuple[int, Cure]] = {}
        tried = 0
        for rank, proposal in _likeliest_first(case):
            if tried == MOST_TRIES or len(cures) >= enough:
                break
            found = [cure.change for _, cure in cures.values()]
            if proposal.sentence in cures or _is_told(proposal.change, found):
                continue  # another password that fits, say, would tell nothing new
            tried += 1
            status = await self._try(case, proposal.change)
            if status is not None:
                cures[proposal.sentence] = rank, Cure(_sentence(proposal, status), proposal.change, status)
        best_first = sorted(cures.values(), key=itemgetter(0))
        return Looked(explanation, tried, tuple(cure for _, cure in best_first))

    def _case(self, captured: Captured, exchange: Exchange, explanation: Explanation) -> Case:
        place = self.replayer.fork(captured, exchange)
        everybody = list(self.replayer.people_of(exchange, place).values())
        concerned = explanation.entry.people
        ordered = sorted(everybody, key=lambda one: concerned.index(one.name) if one.name in concerned else 99)
        name = "" if exchange.system is None else exchange.system.name
        agenda = read_agenda(self.replayer.reader.imitated.sandboxes, place, system=name)
        return Case(exchange, explanation, place, ordered, agenda)

    async def _try(self, case: Case, change: RequestChange) -> int | None:
        """Send the request with one change in a fork of the fork; give the status if it succeeds."""
        place = fork_in_memory(case.place, at=change.to)
        people = {one.name: one for one in case.people}
        try:
            finished = await self.replayer.send(case.exchange, change, place, people=people)
        except ControlError:
            return None
        status = finished.answer.status
        is_own = not finished.exchange.from_document
        return status if is_own and HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST else None


def _is_told(change: RequestChange, found: Sequence[RequestChange]) -> bool:
    """Whether what is *found* has another moment already, if *change* is one; or, if it is a person, enough people."""
    if change.moves_clock:
        return any(one.moves_clock for one in found)
    return change.person is not None and sum(one.person is not None for one in found) >= _MOST_PEOPLE


def _sentence(proposal: Proposal, status: int) -> str:
    return f"{proposal.sentence[0].upper()}{proposal.sentence[1:]} it would have been answered {status}."


def _likeliest_first(case: Case) -> Iterator[tuple[int, Proposal]]:
    """
    Give the proposals of all kinds, each once: some of the likeliest kind, then all kinds in turn.

    Each comes with the rank of its kind; 0 is the likeliest.
    """
    likely = _likely(case)
    known = _KINDS if case.operation is not None else likely
    kinds = [propose(case) for propose in sorted(known, key=lambda one: likely.index(one) if one in likely else 99)]
    tried: list[RequestChange] = []
    for number, (rank, proposal) in enumerate(_in_turn(kinds)):
        if proposal.change not in tried:
            tried.append(proposal.change)
            yield rank, proposal
        if number > 20 * MOST_TRIES:
            return


def _in_turn(kinds: Sequence[Iterator[Proposal]]) -> Iterator[tuple[int, Proposal]]:
    for _ in range(_FIRST):
        if (proposal := next(kinds[0], None)) is not None:
            yield 0, proposal
    going = list(enumerate(kinds))
    while going:
        for rank, one in list(going):
            proposal = next(one, None)
            if proposal is None:
                going.remove((rank, one))
            else:
                yield rank, proposal


def _likely(case: Case) -> Sequence[Propose]:
    status, decision = case.explanation.entry.response.status, case.explanation.decision
    if case.operation is None:
        return (fields.other_operations,)
    if decision is not None and decision.kind is Decider.SCHEMA:
        return (fields.fields_put_right, fields.parameters)
    if decision is not None and decision.kind in (Decider.FAULT, Decider.SETTING):
        return (moments.other_moments, fields.parameters) if status == 429 else (fields.parameters,)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return (people.other_callers, secrets.passwords, people.other_subjects, moments.other_moments)
    if status == HTTPStatus.NOT_FOUND:
        return (people.other_subjects, people.other_callers)
    if status in (HTTPStatus.GONE, HTTPStatus.LOCKED, HTTPStatus.TOO_MANY_REQUESTS):
        return (moments.other_moments, secrets.codes_of_mails)
    return (secrets.passwords, secrets.codes_of_mails, moments.other_moments, people.other_subjects)
