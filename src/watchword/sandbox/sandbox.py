"""One sandbox: store, clock, chance, mails, settings and faults of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword.domain.clock import Clock
from watchword.domain.limits import RateLimiter
from watchword.domain.listeners import Listeners
from watchword.domain.outbox import Draft, Mailbox, Message
from watchword.domain.refusal import NotStored
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import stored_state
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import ArmedFault, FaultPlan, armed_by_document, follow_faults
from watchword.sandbox.history import Change, History, HistoryLimit
from watchword.sandbox.start import Followed, Start
from watchword.store import PersistedSandbox, SharedTables, Store, Transaction
from watchword.store.retention import RetentionSweep
from watchword.system.setting_faults import InvalidSettings, SettingFault
from watchword.system.settings import IN_SANDBOX, SettingsBySystem, SystemSettings, apply_merge_patch, follow


@dataclass(slots=True, weakref_slot=True, eq=False)
class Sandbox:
    """
    One isolated sandbox.

    Every change is persisted before it becomes visible; rate windows and rule switches end with the process.

    Args:
        settings: One model per system; replaced by every change, never changed itself.
        fresh_settings: Those of a fresh sandbox with the same proposal: what nobody has changed here.
        fresh_faults: What goes wrong on purpose in such a sandbox.
        tables: The records that it began with, shared with others.
        history: What happened here, as far as it is remembered.
        sweeps: Remove expired records, by table.
        rules: Which rules are switched off or altered here.
        faults: What goes wrong on purpose, in the order in which it was armed.
        fault_count: How many faults were armed since the last reset.
        used_at: When the last request left, by the wall clock.
        active_requests: How many requests are being handled.
        kept: Whether it outlasts the requests that are in it.
        changed: Whether anything was persisted.
        control_calls: Notifies its listeners when clock, settings, faults, inbox or people were changed from outside.
        people_changes: How often somebody was made, changed or removed from outside.
        switched: Whether rules were ever switched here, which is not persisted.
        proposal: The name of the proposal whose document describes the imitated systems here; empty for none.
    """

    name: str
    clock: Clock
    chances: Chances
    settings: SettingsBySystem
    fresh_settings: SettingsBySystem
    created_at: datetime
    tables: SharedTables = field(default_factory=lambda: SharedTables({}))
    store: Store = field(default_factory=Store)
    mailbox: Mailbox = field(default_factory=Mailbox)
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    history: History = field(default_factory=lambda: History(HistoryLimit(0)))
    persisted: PersistedSandbox = field(default_factory=PersistedSandbox)
    sweeps: Mapping[str, RetentionSweep] = field(default_factory=dict)
    rules: RuleSwitches = field(default_factory=RuleSwitches)
    faults: tuple[ArmedFault, ...] = ()
    fault_count: int = 0
    used_at: datetime | None = None
    active_requests: int = 0
    kept: bool = True
    changed: bool = False
    control_calls: Listeners = field(default_factory=Listeners)
    switched: bool = False
    proposal: str = ""
    people_changes: int = 0
    fresh_faults: Sequence[FaultPlan] = ()

    @property
    def written(self) -> bool:
        """Whether it differs from a new one."""
        return self.changed or self.switched

    def commit(
        self,
        transaction: Transaction,
        drafts: Sequence[Draft] = (),
        *,
        system: str,
        now: datetime,
        drew_from: int | None = None,
        changes: list[Change] | None = None,
    ) -> bool:
        """
        Commit *transaction* and send *drafts*: both or neither.

        Args:
            drew_from: The position of the system's chance before the first draw for this commit; None without any.
            changes: Is given what was changed, if this sandbox remembers it.

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
            if self.history.remembers:
                dropped = self.mailbox.find_overflow(messages) if messages else ()
                change = self.history.add(
                    now,
                    system,
                    transaction.writes,
                    transaction.former,
                    messages,
                    dropped,
                    drew_from,
                    self.clock.position,
                    self.clock.pace,
                    self.settings,
                    self.rules.altered,
                    self.chances.positions(),
                    self.mailbox.count,
                    self.faults,
                    self.fault_count,
                    self.proposal,
                )
                if changes is not None:
                    changes.append(change)
            if messages:
                self.mailbox.deliver(messages)
        # A sweep that the disk refuses now is repeated later.
        with suppress(NotStored):
            for table in {table for table, _ in transaction.writes}:
                if table in self.sweeps:
                    self.sweeps[table](self.store, now=now, commit=lambda one: self._commit_sweep(one, now))
        return True

    def set_clock(self, clock: Clock) -> None:
        """
        Replace the clock.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._changing(stored_state.of_clock(clock)):
            self.clock = clock

    def set_settings(self, changed: SettingsBySystem) -> None:
        """
        Replace the settings of some systems.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._changing(stored_state.of_settings(changed, self.fresh_settings)):
            self.settings = {**self.settings, **changed}

    def change_settings(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """
        Apply a merge patch per system; all or nothing.

        Raises:
            KeyError: There is no such system.
            InvalidSettings: A value does not fit.
            NotStored: The disk refused; nothing is done.
        """
        self.set_settings(
            {name: apply_merge_patch(self.settings[name], one, context=IN_SANDBOX) for name, one in changes.items()}
        )

    def choose_proposal(self, proposal: str, settings: SettingsBySystem, start: Start) -> None:
        """
        Let the document of another *proposal* describe the imitated systems; records, clock and messages stay.

        Faults that a document brought give way to those of the other one.

        Args:
            proposal: Its name; empty for none.
            settings: Of every system, from now on.
            start: What a fresh sandbox with that proposal begins with.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        brought = armed_by_document(start.faults, self.fault_count)
        armed, count = (*(one for one in self.faults if not one.brought_by), *brought), self.fault_count + len(brought)
        is_new = (armed, start.faults) != (self.faults, self.fresh_faults)
        faults = stored_state.of_faults(armed, count, start.faults) if is_new else {}
        chosen = stored_state.of_proposal(proposal)
        with self._changing({**chosen, **stored_state.of_own_settings(settings, start.settings), **faults}):
            self.proposal, self.settings, self.faults, self.fault_count = proposal, settings, armed, count
            self.fresh_settings, self.fresh_faults = start.settings, start.faults

    def keep_proposal(self) -> None:
        """
        Persist the present choice: what an earlier server has persisted may be a proposal that this one lacks.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._changing(stored_state.of_proposal(self.proposal)):
            pass

    def set_faults(self, armed: Sequence[ArmedFault], count: int | None = None) -> None:
        """
        Replace the armed faults.

        Args:
            count: How many were armed since the last reset; None for no more than before.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        number = self.fault_count if count is None else count
        with self._changing(stored_state.of_faults(armed, number, self.fresh_faults)):
            self.faults, self.fault_count = tuple(armed), number

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

    def follow(self, former: Start, new: Start) -> list[str]:
        """
        Follow what a fresh sandbox begins with: what was not changed here is as it is there.

        Args:
            former: What a fresh one began with until now, with the settings of every system.

        Returns:
            What stays as it is because it does not fit, in sentences without their subject, which is this sandbox.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        followed, faults = self.followed_settings(former, new)
        settings = {**self.settings, **followed}
        problems = [_kept(name, wrong) for name, wrong in faults.items()]
        armed, count = follow_faults(self.faults, self.fault_count, former=former.faults, new=new.faults)
        self.take(Followed(settings, armed, count, new.settings, new.faults))
        return problems

    @property
    def followed(self) -> Followed:
        """What `follow` may change, as it is now."""
        return Followed(self.settings, self.faults, self.fault_count, self.fresh_settings, self.fresh_faults)

    def take(self, wanted: Followed) -> None:
        """
        Let settings and faults be as they are in *wanted*.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        if wanted == self.followed:
            return
        documents = dict(stored_state.of_own_settings(wanted.settings, wanted.fresh_settings))
        if (wanted.faults, wanted.fresh_faults) != (self.faults, self.fresh_faults):
            documents |= stored_state.of_faults(wanted.faults, wanted.fault_count, wanted.fresh_faults)
        # One that nothing was written to is made anew from its seed data after a restart.
        with self._changing(documents) if self.changed else self.store.lock:
            self.settings, self.faults, self.fault_count, self.fresh_settings, self.fresh_faults = wanted
        self.control_calls.notify()

    def followed_settings(
        self, former: Start, new: Start
    ) -> tuple[Mapping[str, SystemSettings], Mapping[str, Sequence[SettingFault]]]:
        """
        Find the settings with which this sandbox follows what a fresh one begins with; nothing is changed.

        Args:
            former: What a fresh one began with until now, with the settings of every system.

        Returns:
            The settings of the systems that can follow, and what does not fit in those of the others.
        """
        found: dict[str, SystemSettings] = {}
        unfit: dict[str, Sequence[SettingFault]] = {}
        for name, current in self.settings.items():
            before, after = former.settings[name], new.settings[name]
            if before == after:
                found[name] = current
                continue
            try:
                settings = follow(current, former=before, new=after, context=IN_SANDBOX)
                faults = settings.misnamed(self.store.transaction(), name)
            except InvalidSettings as error:
                faults = error.faults
            if faults:
                unfit[name] = faults
            else:
                found[name] = settings
        return found, unfit

    def empty_mailbox(self) -> None:
        """
        Delete every message.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self.store.lock:
            dropped = tuple(self.mailbox)
            with self._changing(stored_state.of_emptied(dropped), dropped=dropped):
                self.mailbox.clear()

    def note_people_change(self) -> None:
        """Note that somebody was made, changed or removed from outside."""
        with self.store.lock:
            self.people_changes += 1
        self.control_calls.notify()

    def switch_rules(self, rules: RuleSwitches) -> None:
        """Let other switches count."""
        with self.store.lock:
            self._note(self.clock.now())
            self.rules, self.switched = rules, True

    @contextmanager
    def _changing(self, documents: stored_state.Documents, *, dropped: Sequence[Message] = ()) -> Iterator[None]:
        """Persist *documents*, and remember a control call, before a ``with`` block makes it visible."""
        with self.store.lock:
            self.persisted.write(documents)
            self._note(self.clock.now(), dropped=dropped)
            self.changed = True
            yield
        self.control_calls.notify()

    def _note(self, now: datetime, transaction: Transaction | None = None, dropped: Sequence[Message] = ()) -> None:
        """Remember what no request did."""
        if self.history.remembers:
            writes, former = ({}, ()) if transaction is None else (transaction.writes, transaction.former)
            clock = self.clock.position, self.clock.pace
            state = self.settings, self.rules.altered, self.chances.positions()
            counts = self.mailbox.count, self.faults, self.fault_count
            self.history.add(now, "", writes, former, (), dropped, None, *clock, *state, *counts, self.proposal)

    def _commit_sweep(self, transaction: Transaction, now: datetime) -> bool:
        """Commit the removal of expired records, and remember them."""
        with self.store.lock:
            committed = transaction.commit()
            if committed and transaction.writes:
                self._note(now, transaction)
            return committed

    def _chance(self, system: str) -> stored_state.Documents:
        random_seed = self.chances.random_seed
        return {} if random_seed is None else stored_state.of_chance(system, self.chances.of(system), random_seed)


def _kept(system: str, faults: Sequence[SettingFault]) -> str:
    """Say why the settings of a *system* stay as they are."""
    where = ".".join((system, *faults[0].path))
    return f"keeps its settings of {system}: {where} {faults[0].detail}."
