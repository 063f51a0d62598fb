"""Sandboxes as an earlier server left them on the disk."""

from collections.abc import Callable
from datetime import datetime

from watchword.domain.chance import Chance
from watchword.domain.clock import Clock
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.shared_seed_data import SeedDataWriter
from watchword.sandbox.stored_state import StoredState
from watchword.store import Retention, Store, StoredSandbox, UnusableData
from watchword.store.retention import RetentionSweep


def restored(
    one: StoredSandbox, writer: SeedDataWriter, retention: tuple[Retention, ...], wall_clock: Callable[[], datetime]
) -> Sandbox:
    """
    Make the sandbox that an earlier server persisted.

    Raises:
        UnusableData: What it persisted cannot be read.
    """
    stored, random_seed = StoredState(one.documents), writer.random_seed
    try:
        settings = stored.settings(writer.start_settings())
        chance = Chance() if random_seed is None else stored.chance(random_seed) or writer.write(one.created_at).chance
        store, clock = Store(one.tables.tables, one.persisted), Clock(wall_clock)
        store.restore(stored.records())
        stored.set_clock(clock)
        mailbox = stored.mailbox()
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableData(f"sandbox {one.name!r} cannot be read: {error}") from error
    return Sandbox(
        one.name,
        clock,
        chance,
        settings,
        created_at=one.created_at,
        store=store,
        mailbox=mailbox,
        persisted=one.persisted,
        random_seed=random_seed,
        sweeps=sweeps_of(retention),
        used_at=wall_clock(),
    )


def sweeps_of(retention: tuple[Retention, ...]) -> dict[str, RetentionSweep]:
    """Make what removes expired records from one sandbox, by table."""
    return {sweep.table: sweep for sweep in map(RetentionSweep, retention)}
