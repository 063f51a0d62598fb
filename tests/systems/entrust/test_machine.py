"""Random sequences of operations against a small model of a user's password."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import bcrypt
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.conftest import Api, People
from tests.systems.entrust.conftest import Entrust

from watchword.build import Built

PASSWORDS = (
    "Copper-Lantern-58-Harbour",
    "Silent+Meadow+7720",
    "Walnut!Bridge!5502",
    "Amber~Glacier~718",
    "Cobalt-Harvest-1590",
)
IMPORTS = {one: bcrypt.hashpw(one.encode(), b"$2b$04$abcdefghijklmnopqrstuu").decode() for one in PASSWORDS}
HISTORY = 3
_numbers = count(1)


@dataclass
class Model:
    """What a user's password must look like; *last* holds plain passwords, newest first."""

    present: bool = False
    force_update: bool = False
    changed_at: datetime | None = None
    expires_at: datetime | None = None
    last: list[str] = field(default_factory=list)

    def change(self, password: str, *, now: datetime, force_update: bool) -> None:
        self.present, self.force_update, self.changed_at = True, force_update, now
        self.expires_at = now + timedelta(days=90)
        self.last.insert(0, password)

    def refuses(self, password: str) -> bool:
        return password in self.last[:HISTORY]


def machine(built: Built, runner: asyncio.Runner, people: People) -> type[RuleBasedStateMachine]:
    """Make a state machine; each of its runs gets a sandbox of its own."""

    class Machine(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            name = f"entrust-machine-{next(_numbers)}"
            self.sandbox = built.imitated.sandboxes.enter(name)
            self.sandbox.change_settings({"entrust": {"password": {"password_history_size": HISTORY}}})
            self.entrust = Entrust(Api(built, runner, name), people)
            self.model = Model()

        def teardown(self) -> None:
            if hasattr(self, "sandbox"):
                built.imitated.sandboxes.drop(self.sandbox.name)

        @property
        def now(self) -> datetime:
            return self.sandbox.clock.now()

        @rule(password=st.sampled_from(PASSWORDS), force_update=st.booleans(), clear=st.booleans())
        def set(self, *, password: str, force_update: bool, clear: bool) -> None:
            answer = self.entrust.set("ben", password=password, forceUpdate=force_update, clearPasswordHistory=clear)
            if not clear and self.model.refuses(password):
                assert (answer.status, answer.body["errorCode"]) == (400, "invalid_password")
                return
            assert answer.status == 200
            if clear:
                self.model.last.clear()
            self.model.change(password, now=self.now, force_update=force_update)

        @rule()
        def generate(self) -> None:
            answer = self.entrust.set("ben", generatePassword=True, returnPassword=True)
            self.model.change(answer.body["newPassword"], now=self.now, force_update=False)

        @rule(password=st.sampled_from(PASSWORDS))
        def import_hash(self, password: str) -> None:
            answer = self.entrust.set("ben", password=IMPORTS[password], passwordFormat="BCRYPT")
            assert answer.status == 200
            self.model.change(password, now=self.now, force_update=False)

        @rule(days=st.integers(-1, 30))
        def change_attributes(self, days: int) -> None:
            expires_at = self.now + timedelta(days=days)
            answer = self.entrust.set("ben", expiryTime=expires_at.isoformat(), forceUpdate=True)
            if days <= 0:
                assert answer.body["errorCode"] == "expiry_time_in_past"
            elif not self.model.present:
                assert answer.body["errorCode"] == "password_required"
            else:
                self.model.expires_at, self.model.force_update = expires_at, True

        @rule()
        def remove(self) -> None:
            assert self.entrust.delete("ben").status == (200 if self.model.present else 404)
            self.model.present = False

        @rule(hours=st.integers(1, 50))
        def wait(self, hours: int) -> None:
            self.sandbox.clock.advance(timedelta(hours=hours))

        @invariant()
        def the_state_is_shown(self) -> None:
            if not hasattr(self, "model"):
                return
            body: dict[str, Any] = self.entrust.get("ben").body
            assert body["present"] is self.model.present
            if self.model.present:
                assert datetime.fromisoformat(body["lastChangedTime"]) == self.model.changed_at
                assert datetime.fromisoformat(body["expiryTime"]) == self.model.expires_at
                assert body["forceUpdate"] is self.model.force_update

        @invariant()
        def exactly_the_last_passwords_are_known(self) -> None:
            if hasattr(self, "model"):
                found = {one for one in PASSWORDS if self.entrust.is_password_of("ben", one)}
                assert found == {one for one in PASSWORDS if self.model.refuses(one)}

    return Machine


def test_a_users_password_follows_the_model(built: Built, runner: asyncio.Runner, people: People) -> None:
    wanted = settings(max_examples=15, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(machine(built, runner, people), settings=wanted)
