"""Copies of a sandbox, as it is or as it was before a change."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from watchword.domain.clock import Clock
from watchword.domain.limits import Standing
from watchword.domain.listeners import Listeners
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import stored_state
from watchword.sandbox.faults import ArmedFault
from watchword.sandbox.history import Change, History, HistoryLimit
from watchword.sandbox.sandbox import Sandbox
from watchword.store import Document, PersistedSandbox, Persistence
from watchword.store.retention import RetentionSweep
from watchword.store.storage import Changes

_REMEMBERED = 20
"""How many changes a standing copy remembers, so that what a request did there can be told."""


@dataclass(frozen=True, slots=True)
class Moment:
    """
    When a request was handled, so exactly that it is answered the same once more.

    Args:
        before: The position of the history just before what it changed; None for the present state.
        at: What the sandbox's clock showed.
        wall_time: The real time.
        drew: The system whose chance it drew from, and the position before its first draw; None if it drew nothing, or
            if the history knows.
        armed: The faults that were armed; None for those of the history.
        counted: How its caller's windows of rate limits stood.
    """

    before: int | None
    at: datetime
    wall_time: datetime
    drew: tuple[str, int] | None = None
    armed: tuple[ArmedFault, ...] | None = None
    counted: Standing = ()


def fork_at(sandbox: Sandbox, moment: Moment) -> Sandbox:
    """
    Copy *sandbox* into memory as it was at a *moment*, which lasts there: its clock stands, and so does real time.

    Raises:
        HistoryGone: The history does not reach back so far.
    """
    made = fork_in_memory(sandbox, before=moment.before)
    if moment.drew is not None:
        made.chances.draw_on_from(*moment.drew)
    made.clock = Clock(lambda: moment.wall_time, made.clock.position, made.clock.pace)
    made.clock.set(moment.at)
    made.rate_limiter.restore(moment.counted)
    made.history = History(HistoryLimit(_REMEMBERED))
    if moment.armed is not None:
        made.faults = moment.armed
    return made


def fork_in_memory(sandbox: Sandbox, *, before: int | None = None, at: datetime | None = None) -> Sandbox:
    """
    Copy *sandbox* into memory; nobody can name the copy, it counts as none of the server's and is not persisted.

    It draws, answers and expires as the original would have, and neither sees what happens to the other.

    Args:
        before: The number of the change before which everything is as it was, control calls too; or a position of
            the history. None for the present state.
        at: What its clock shows; None for the moment of the change, or else what the original shows. A clock that
            was running goes on from there.

    Raises:
        HistoryGone: The history does not reach back so far.
    """
    with sandbox.store.lock:
        undone = () if before is None else sandbox.history.since(before)
        made = _copy(sandbox)
        if undone:
            _undo(sandbox, made, undone)
            at = at or undone[-1].at
    if at is not None:
        made.clock.set(at)
    return made


def persist(
    made: Sandbox,
    persistence: Persistence,
    *,
    replaces: PersistedSandbox | None = None,
    more: stored_state.Documents = MappingProxyType({}),
) -> None:
    """
    Write *made*, a copy under a name of its own, with all that it holds; its changes are written from then on.

    Args:
        replaces: The sandbox that it replaces, in the same commit.
        more: Further documents.

    Raises:
        NotStored: The disk refused; nothing is done.
    """
    made.persisted = persistence.add_sandbox(
        made.name, made.tables, made.created_at, replaces=replaces, documents=lambda: {**_documents(made), **more}
    )
    made.store = made.store.copy(made.persisted)


def _documents(made: Sandbox) -> Changes:
    documents: dict[tuple[str, str], Document | None] = {
        **made.store.changes_since(made.tables),
        **stored_state.of_clock(made.clock),
        **stored_state.of_own_settings(made.settings, made.fresh_settings),
        **stored_state.of_mailbox(made.mailbox),
        **stored_state.of_faults(made.faults, made.fault_count, made.fresh_faults),
        **stored_state.of_origin(made.chances),
        **stored_state.of_proposal(made.proposal),
    }
    random_seed = made.chances.random_seed
    if random_seed is not None:
        for system in made.settings:
            documents |= stored_state.of_chance(system, made.chances.of(system), random_seed)
    return documents


def _copy(sandbox: Sandbox) -> Sandbox:
    return replace(
        sandbox,
        clock=replace(sandbox.clock),
        chances=sandbox.chances.copy(),
        store=sandbox.store.copy(),
        mailbox=sandbox.mailbox.copy(count=sandbox.mailbox.count),
        rate_limiter=sandbox.rate_limiter.copy(),
        history=History(HistoryLimit(0)),
        persisted=PersistedSandbox(),
        sweeps={table: RetentionSweep(one.retention) for table, one in sandbox.sweeps.items()},
        rules=RuleSwitches(sandbox.rules.altered),
        control_calls=Listeners(),
        active_requests=0,
        kept=True,
    )


def _undo(sandbox: Sandbox, made: Sandbox, undone: tuple[Change, ...]) -> None:
    """Put *made*, a copy of *sandbox*, back to before the changes *undone*, newest first."""
    first = undone[-1]
    for change in undone:
        made.store.restore({(one.table, one.key): one.before for one in change.records})
    dropped = [message for change in reversed(undone) for message in change.dropped]
    positions = list(first.chances)
    names = sandbox.chances.names()
    if first.drew_from is not None and first.system in names[: len(positions)]:
        positions[names.index(first.system)] = first.drew_from
    made.clock = Clock(sandbox.clock.wall_clock, first.clock, first.pace)
    made.settings, made.rules = first.settings, RuleSwitches(first.altered_rules)
    made.proposal = first.proposal
    made.chances = sandbox.chances.copy(positions)
    made.mailbox = sandbox.mailbox.copy(count=first.messages_sent, dropped=dropped)
    made.faults, made.fault_count = first.faults, first.fault_count
