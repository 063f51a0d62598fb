"""Sandboxes as they were: as an earlier server left them on the disk, or as a document describes them."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from watchword.domain.clock import Clock
from watchword.domain.mutation import Mutant, break_rules
from watchword.domain.rule import RuleSwitches
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import armed_by_document
from watchword.sandbox.importing import Content
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.snapshots import tell_name
from watchword.sandbox.start import Start
from watchword.sandbox.stored_state import StoredState
from watchword.store import DamagedData, Retention, Store, StoredSandbox
from watchword.store.retention import RetentionSweep

_log = logging.getLogger("watchword.data")


def restored(
    one: StoredSandbox,
    starts: Mapping[str, Start],
    new_chances: Callable[[int | None, str], Chances],
    retention: tuple[Retention, ...],
    wall_clock: Callable[[], datetime],
    *,
    random_seed: int | None,
    find_mutant: Callable[[str], Mutant | None],
) -> Sandbox:
    """
    Make the sandbox that an earlier server persisted.

    Args:
        starts: What a fresh sandbox begins with, by its proposal; the empty name is for none.
        new_chances: Makes those of a fresh sandbox of a name; they are continued where they were.
        random_seed: Of the server; sequences with a pinned seed go on with that.
        find_mutant: Gives the mutant with an id; None if this release has none.

    Raises:
        DamagedData: What it persisted cannot be read.
    """
    stored = StoredState(one.documents)
    try:
        proposal = _known_proposal(one.name, stored.proposal(), starts)
        start = starts[proposal]
        settings, fresh_settings = stored.settings(start.settings), stored.fresh_settings(start.settings)
        pinned = stored.pinned_seed()
        chances = new_chances(random_seed if pinned is None else pinned, stored.origin(one.name))
        if pinned is not None:
            chances.pin()
        chances.restore(stored.chances(chances.random_seed))
        store, clock = Store(one.tables.tables, one.persisted), Clock(wall_clock)
        store.restore(stored.records())
        stored.set_clock(clock)
        mailbox, (faults, fault_count) = stored.mailbox(), stored.faults(armed_by_document(start.faults))
        fresh_faults = stored.fresh_faults(start.faults)
        limiter, mutants = stored.limiter(), stored.mutants()
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise DamagedData(f"sandbox {one.name!r} cannot be read: {error}") from error
    made = Sandbox(
        one.name,
        clock,
        chances,
        settings,
        fresh_settings,
        created_at=one.created_at,
        tables=one.tables,
        store=store,
        mailbox=mailbox,
        rate_limiter=limiter,
        faults=faults,
        fault_count=fault_count,
        persisted=one.persisted,
        sweeps=sweeps_of(retention),
        rules=_break_rules(one.name, mutants, find_mutant),
        used_at=wall_clock(),
        proposal=proposal,
        fresh_faults=fresh_faults,
    )
    # The earlier server may have had other flags and documents.
    for problem in made.follow(Start(fresh_settings, fresh_faults), start):
        _log.warning("%s %s", tell_name(one.name), problem)
    return made


def _known_proposal(name: str, proposal: str, known: Iterable[str]) -> str:
    if proposal in known:
        return proposal
    _log.warning(
        "%s was saved with the proposal %s, which this server does not have (--proposal %s=FILE):"
        " until it has it again, today's document counts there.",
        tell_name(name),
        proposal,
        proposal,
    )
    return ""


def _break_rules(name: str, mutants: Iterable[str], find_mutant: Callable[[str], Mutant | None]) -> RuleSwitches:
    found = {one: find_mutant(one) for one in mutants}
    for identifier in (one for one, known in found.items() if known is None):
        _log.warning("%s was saved with the mutant %s, which this release does not have.", tell_name(name), identifier)
    return break_rules(one for one in found.values() if one is not None)


def sweeps_of(retention: tuple[Retention, ...]) -> dict[str, RetentionSweep]:
    """Make what removes expired records from one sandbox, by table."""
    return {sweep.table: sweep for sweep in map(RetentionSweep, retention)}


def made_of(
    content: Content,
    new_chances: Callable[[int | None, str], Chances],
    retention: tuple[Retention, ...],
    wall_clock: Callable[[], datetime],
) -> Sandbox:
    """Make the sandbox that a document describes; it has no name, and nobody has it yet."""
    chances = new_chances(content.seed, content.origin)
    chances.pin()
    chances.restore(content.sequences)
    clock, store = Clock(wall_clock), Store()
    clock.set(content.now, frozen=content.frozen)
    clock.run_at(content.scale)
    store.restore(content.records)
    return Sandbox(
        "",
        clock,
        chances,
        content.settings,
        content.settings,  # until it is the sandbox of a server, which knows what a fresh one begins with
        created_at=wall_clock(),
        store=store,
        mailbox=content.mailbox,
        rate_limiter=content.limiter,
        sweeps=sweeps_of(retention),
        rules=content.rules,
        faults=content.faults,
        fault_count=content.fault_count,
        proposal=content.proposal,
    )
