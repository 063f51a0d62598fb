"""One sandbox: store, clock, chance, mails, settings and faults of its own."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword.domain.clock import Clock
from watchword.domain.limits import RateLimiter
from watchword.domain.outbox import Draft, Mailbox
from watchword.domain.refusal import NotStored
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import stored_state
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import ArmedFault
from watchword.store import PersistedSandbox, Store, Transaction
from watchword.store.retention import RetentionSweep
from watchword.system.settings import SystemSettings, apply_merge_patch


@dataclass(slots=True, weakref_slot=True)
class Sandbox:
    """
    One isolated sandbox.

    Every change is persisted before it becomes visible; rate windows and rule switches end with the process.

    Args:
        settings: One model per system.
        sweeps: Remove expired records, by table.
        rules: Which rules are switched off or altered here.
        faults: What goes wrong on purpose, in the order in which it was armed.
        fault_count: How many faults were armed since the last reset.
        used_at: When the last request left, by the wall clock.
        active_requests: How many requests are being handled.
        kept: Whether it outlasts the requests that are in it.
        changed: Whether anything was persisted.
    """

    name: str
    clock: Clock
    chances: Chances
    settings: dict[str, SystemSettings]
    created_at: datetime
    store: Store = field(default_factory=Store)
    mailbox: Mailbox = field(default_factory=Mailbox)
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    persisted: PersistedSandbox = field(default_factory=PersistedSandbox)
    sweeps: Mapping[str, RetentionSweep] = field(default_factory=dict)
    rules: RuleSwitches = field(default_factory=RuleSwitches)
    faults: tuple[ArmedFault, ...] = ()
    fault_count: int = 0
    used_at: datetime | None = None
    active_requests: int = 0
    kept: bool = True
    changed: bool = False

    @property
    def written(self) -> bool:
        """Whether it differs from a new one."""
        return self.changed or bool(self.rules.altered)

    def commit(self, transaction: Transaction, drafts: Sequence[Draft] = (), *, system: str, now: datetime) -> bool:
        """
        Commit *transaction* and send *drafts*: both or neither.

        Returns:
            False, with nothing done, if something that was read has changed meanwhile.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self.store.lock:
            messages = self.mailbox.prepare(drafts, system=system, now=now) if drafts else []
            if not transaction.commit(
                lambda: {**stored_state.of_messages(self.mailbox, messages), **self._chance(system)}
            ):
                return False
            self.changed = True
            if messages:
                self.mailbox.deliver(messages)
        # A sweep that the disk refuses now is repeated later.
        with suppress(NotStored):
            for table in {table for table, _ in transaction.writes}:
                if table in self.sweeps:
                    self.sweeps[table](self.store, now=now)
        return True

    def set_clock(self, clock: Clock) -> None:
        """
        Replace the clock.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        self.persisted.write(stored_state.of_clock(clock))
        self.clock, self.changed = clock, True

    def set_settings(self, changed: Mapping[str, SystemSettings]) -> None:
        """
        Replace the settings of some systems.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        self.persisted.write(stored_state.of_settings(changed))
        self.settings.update(changed)
        self.changed = True

    def change_settings(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """
        Apply a merge patch per system; all or nothing.

        Raises:
            KeyError: There is no such system.
            InvalidSettings: A value does not fit.
            NotStored: The disk refused; nothing is done.
        """
        self.set_settings({name: apply_merge_patch(self.settings[name], change) for name, change in changes.items()})

    def set_faults(self, armed: Sequence[ArmedFault], count: int | None = None) -> None:
        """
        Replace the armed faults.

        Args:
            count: How many were armed since the last reset; None for no more than before.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        number = self.fault_count if count is None else count
        self.persisted.write(stored_state.of_faults(armed, number))
        self.faults, self.fault_count, self.changed = tuple(armed), number, True

    def meet_faults(self, matches: Callable[[ArmedFault], bool], *, ended: bool = False) -> tuple[ArmedFault, ...]:
        """
        Count a request for every armed fault that *matches* it, and give those that hit it, oldest first.

        Of those that replace or lose the answer only the first one hits.

        Args:
            ended: Whether another fault has replaced or lost the answer already.
        """
        hits: list[ArmedFault] = []
        armed: list[ArmedFault] = []
        for one in self.faults:
            if not matches(one):
                armed.append(one)
                continue
            ends = one.plan.fault.ends
            counted, hit = one.count(self.chances.apart, can_hit=not (ends and ended))
            armed.append(counted)
            if hit:
                hits.append(counted)
                ended = ended or ends
        if armed != list(self.faults):
            self.faults = tuple(armed)
            # What the disk refuses now is written with the next count.
            with suppress(NotStored):
                self.set_faults(armed)
        return tuple(hits)

    def empty_mailbox(self) -> None:
        """
        Delete every message.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self.store.lock:
            self.persisted.write(stored_state.of_emptied(self.mailbox))
            self.mailbox.clear()
            self.changed = True

    def _chance(self, system: str) -> stored_state.Documents:
        random_seed = self.chances.random_seed
        return {} if random_seed is None else stored_state.of_chance(system, self.chances.of(system), random_seed)
