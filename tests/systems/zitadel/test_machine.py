"""Random sequences of operations, compared with a small model of one user's password, code, failures and events."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.conftest import Api, People, Response
from tests.systems.zitadel.conftest import Zitadel
from watchword.build import Built
from watchword.systems.zitadel.records import User

PASSWORDS = ("V3ryS3cure!", "Fr3shly-Ch0sen!", "An0ther-One!")
BAD = {"Sh0rt!": "DOMAIN-HuJf6", "nothing-h1gh!": "DOMAIN-VoaRj", "N0thingElse": "DOMAIN-ZDLwA"}
NEW = st.sampled_from((*PASSWORDS, *BAD))
GIVEN = st.sampled_from(PASSWORDS)
MAX_ATTEMPTS = 3
_numbers = count(1)


class Model:
    """The state of one user, and the answers that follow from it."""

    def __init__(self, profile: str) -> None:
        self.counting = profile == "v4.6"
        self.password = PASSWORDS[0]
        self.codes: list[tuple[str, datetime]] = []
        self.outstanding = False
        self.failures = 0
        self.locked = False
        self.sequence = 1

    def fail(self) -> None:
        self.failures += 1
        self.sequence += 1
        if self.failures >= MAX_ATTEMPTS and not self.locked:
            self.locked = True
            self.sequence += 1

    def change(self, new: str) -> str:
        if new in BAD:
            return BAD[new]
        self.password, self.outstanding, self.failures = new, False, 0
        self.sequence += 2
        return f"sequence {self.sequence - 1}"

    def with_current(self, given: str, new: str) -> str:
        if self.counting and self.locked:
            return "COMMAND-JLK35"
        if given == new:
            if self.counting:
                self.fail()
                return "COMMAND-CahN2"
            return "COMMAND-Aesh5"
        if given != self.password:
            if self.counting:
                self.fail()
            return "COMMAND-3M0fs"
        return self.change(new)

    def with_code(self, index: int, new: str, *, now: datetime) -> str:
        if not self.outstanding:
            return "COMMAND-2M9fs"
        if now >= self.codes[-1][1] + timedelta(hours=1):
            return "CODE-QvUQ4P"
        if self.codes[index][0] != self.codes[-1][0]:
            return "CODE-woT0xc"
        return self.change(new)

    def sign_in(self, given: str) -> str:
        if self.locked:
            return "SESSION-Gj4ko"
        if given != self.password:
            self.fail()
            return "COMMAND-3M0fs"
        self.failures = 0
        self.sequence += 1
        return "signed in"


def summary(answer: Response) -> str:
    """Summarise an answer as the model does."""
    if answer.status == 201:
        return "signed in"
    if answer.status == 200:
        return f"sequence {answer.body['details']['sequence']}"
    return str(answer.body["details"][0]["id"])


def state_machine(built: Built, runner: asyncio.Runner, people: People) -> type[RuleBasedStateMachine]:
    """Make a machine; each of its runs has its own sandbox."""

    class Machine(RuleBasedStateMachine):
        @initialize(profile=st.sampled_from(("documented", "v4.2", "v4.6")))
        def begin(self, profile: str) -> None:
            self.name = f"zitadel-machine-{next(_numbers)}"
            self.sandbox = built.imitated.sandboxes.enter(self.name)
            self.sandbox.clock.freeze()
            change: dict[str, Any] = {"zitadel_profile": profile, "lockout": {"max_password_attempts": MAX_ATTEMPTS}}
            self.sandbox.change_settings({"zitadel": change})
            self.zitadel = Zitadel(Api(built, runner, self.name), people)
            self.model = Model(profile)

        @rule(given=GIVEN, new=NEW)
        def change_with_current(self, given: str, new: str) -> None:
            answer = self.zitadel.change("mini", new, by="otto", currentPassword=given)
            assert summary(answer) == self.model.with_current(given, new)

        @rule(back=st.integers(1, 3), new=NEW)
        def change_with_code(self, back: int, new: str) -> None:
            index = max(-back, -len(self.model.codes))
            code = self.model.codes[index][0] if self.model.codes else "ABCDEF"
            answer = self.zitadel.change("mini", new, by="otto", verificationCode=code)
            assert summary(answer) == self.model.with_code(index, new, now=self.sandbox.clock.now())

        @rule(new=NEW)
        def change_by_administrator(self, new: str) -> None:
            answer = self.zitadel.set_password("mini", {"newPassword": {"password": new}}, by="otto")
            assert summary(answer) == self.model.change(new)

        @rule()
        def request_a_code(self) -> None:
            self.model.codes.append((self.zitadel.code("mini", by="otto"), self.sandbox.clock.now()))
            self.model.outstanding = True
            self.model.sequence += 1

        @rule(given=GIVEN)
        def sign_in(self, given: str) -> None:
            assert summary(self.zitadel.sign_in("mini", given)) == self.model.sign_in(given)

        @rule(minutes=st.sampled_from((1, 30, 61)))
        def wait(self, minutes: int) -> None:
            self.sandbox.clock.advance(timedelta(minutes=minutes))

        @invariant()
        def no_secret_is_stored(self) -> None:
            if hasattr(self, "sandbox"):
                stored = repr(self.sandbox.store.transaction().find(User))
                assert not any(secret in stored for secret in (*PASSWORDS, *(code for code, _ in self.model.codes)))

        def teardown(self) -> None:
            built.imitated.sandboxes.drop(getattr(self, "name", "none"))

    return Machine


def test_random_sequences_get_the_answers_of_the_model(built: Built, runner: asyncio.Runner, people: People) -> None:
    run_state_machine_as_test(
        state_machine(built, runner, people),
        settings=settings(
            max_examples=120,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
