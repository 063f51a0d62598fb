"""A sandbox: one isolated world."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword import kept
from watchword.domain.chance import Chance
from watchword.domain.clock import Clock
from watchword.domain.limits import Windows
from watchword.domain.outbox import Draft, Postbox
from watchword.domain.refusal import NotStored
from watchword.settings import SystemSettings, merged
from watchword.store import Shelf, Store, Transaction
from watchword.store.sweeping import Sweep


@dataclass(slots=True)
class Sandbox:
    """
    One isolated world: store, clock, chance, postbox, settings and used-up limits.

    Whatever changes is kept on the shelf before it can be seen; only limits are forgotten with the server.

    Args:
        settings: One model per system.
        seed: What chance began with; None if it cannot be repeated.
        sweeps: Keep records from piling up, by table.
        used_at: When the last request left, by the real time.
        visitors: How many requests are inside.
    """

    name: str
    clock: Clock
    chance: Chance
    settings: dict[str, SystemSettings]
    created_at: datetime
    store: Store = field(default_factory=Store)
    postbox: Postbox = field(default_factory=Postbox)
    windows: Windows = field(default_factory=Windows)
    shelf: Shelf = field(default_factory=Shelf)
    seed: int | None = None
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    used_at: datetime | None = None
    visitors: int = 0

    def keep(self, transaction: Transaction, drafts: Sequence[Draft] = (), *, system: str, now: datetime) -> bool:
        """
        Commit *transaction* and send *drafts*: both or neither.

        Returns:
            False, with nothing done, if something that was read has changed meanwhile.

        Raises:
            NotStored: It could not be kept; nothing is done.
        """
        with self.store.lock:
            messages = self.postbox.stamped(drafts, system=system, now=now)
            if not transaction.commit(lambda: {**kept.posted(self.postbox, messages), **self._chance()}):
                return False
            self.postbox.add(messages)
        # What could not be swept now is swept another time.
        with suppress(NotStored):
            for table in {table for table, _ in transaction.writes}:
                if table in self.sweeps:
                    self.sweeps[table](self.store, now=now)
        return True

    def set_clock(self, clock: Clock) -> None:
        """
        Take *clock* for the old one.

        Raises:
            NotStored: It could not be kept; nothing is done.
        """
        self.shelf.write(kept.clock(clock))
        self.clock = clock

    def set_settings(self, changed: Mapping[str, SystemSettings]) -> None:
        """
        Take *changed* for the old settings of their systems.

        Raises:
            NotStored: They could not be kept; nothing is done.
        """
        self.shelf.write(kept.settings(changed))
        self.settings.update(changed)

    def empty_postbox(self) -> None:
        """
        Throw every message away.

        Raises:
            NotStored: It could not be kept; nothing is done.
        """
        with self.store.lock:
            self.shelf.write(kept.emptied(self.postbox))
            self.postbox.clear()

    def _chance(self) -> kept.Documents:
        return {} if self.seed is None else kept.chance(self.chance, self.seed)

    def change_settings(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """
        Apply a merge patch per system; all or nothing.

        Raises:
            KeyError: There is no such system.
            pydantic.ValidationError: A value does not fit.
            NotStored: It could not be kept.
        """
        self.set_settings({name: merged(self.settings[name], change) for name, change in changes.items()})
