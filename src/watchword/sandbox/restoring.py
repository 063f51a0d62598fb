"""Sandboxes as an earlier server left them on the disk."""

from collections.abc import Callable, Mapping
from datetime import datetime

from watchword.domain.clock import Clock
from watchword.sandbox.chances import Chances
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.stored_state import StoredState
from watchword.store import DamagedData, Retention, Store, StoredSandbox
from watchword.store.retention import RetentionSweep
from watchword.system.settings import SystemSettings


def restored(
    one: StoredSandbox,
    start_settings: Mapping[str, SystemSettings],
    new_chances: Callable[[int | None, str], Chances],
    retention: tuple[Retention, ...],
    wall_clock: Callable[[], datetime],
    *,
    random_seed: int | None,
) -> Sandbox:
    """
    Make the sandbox that an earlier server persisted.

    Args:
        start_settings: Of a fresh sandbox.
        new_chances: Makes those of a fresh sandbox of a name; they are continued where they were.
        random_seed: Of the server; sequences with a pinned seed go on with that.

    Raises:
        DamagedData: What it persisted cannot be read.
    """
    stored = StoredState(one.documents)
    try:
        settings, pinned = stored.settings(start_settings), stored.pinned_seed()
        chances = new_chances(random_seed if pinned is None else pinned, stored.origin(one.name))
        if pinned is not None:
            chances.pin()
        chances.restore(stored.chances(chances.random_seed))
        store, clock = Store(one.tables.tables, one.persisted), Clock(wall_clock)
        store.restore(stored.records())
        stored.set_clock(clock)
        mailbox, (faults, fault_count) = stored.mailbox(), stored.faults()
        limiter, rules = stored.limiter(), stored.rules()
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise DamagedData(f"sandbox {one.name!r} cannot be read: {error}") from error
    return Sandbox(
        one.name,
        clock,
        chances,
        settings,
        created_at=one.created_at,
        tables=one.tables,
        store=store,
        mailbox=mailbox,
        rate_limiter=limiter,
        faults=faults,
        fault_count=fault_count,
        persisted=one.persisted,
        sweeps=sweeps_of(retention),
        rules=rules,
        used_at=wall_clock(),
    )


def sweeps_of(retention: tuple[Retention, ...]) -> dict[str, RetentionSweep]:
    """Make what removes expired records from one sandbox, by table."""
    return {sweep.table: sweep for sweep in map(RetentionSweep, retention)}
