"""Random sequences of operations against a small model of two users, with both products."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.conftest import Api, Inbox, People, SettingsOf
from tests.systems.weavr.products import Product, Weavr, bearer, both
from watchword.build import Built

GOOD = tuple(f"Lantern-{number}-amber" for number in range(7))
BAD = {"Ab1!": "PASSWORD_TOO_SHORT", "Ab1!" + "x" * 27: "PASSWORD_TOO_LONG", "lantern-amber": "PASSWORD_TOO_SIMPLE"}
PASSWORDS = st.sampled_from((*GOOD, *BAD))
WHICH = st.integers(0, 9)
ROLES = st.sampled_from(("newcomer", "member"))
STEPS = st.sampled_from((timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=31), timedelta(hours=1)))
EXPIRES_AFTER, LOCK_AFTER = timedelta(hours=2), 2
_numbers = count(1)


@dataclass
class Account:
    """What is known of one user; *last* holds plain passwords, newest first."""

    last: list[str] = field(default_factory=list)
    changed_at: datetime | None = None
    nonce_until: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None
    tokens: dict[str, datetime] = field(default_factory=dict)
    temporary: set[str] = field(default_factory=set)

    def refuses(self, password: str) -> str | None:
        """Name what is wrong with a new password."""
        return BAD.get(password) or ("PASSWORD_ALREADY_USED" if password in self.last[:5] else None)

    def change(self, password: str, *, token: str, now: datetime) -> None:
        """Remember a new password and the token that came with it."""
        self.last.insert(0, password)
        self.changed_at = now
        self.tokens[token] = now + timedelta(minutes=5)

    def has_expired(self, *, now: datetime) -> bool:
        """Whether the password has to be updated."""
        return self.changed_at is not None and now >= self.changed_at + EXPIRES_AFTER


def make_machine(product: Product, built: Built, runner: asyncio.Runner, people: People) -> type[RuleBasedStateMachine]:
    """Make a machine; every run of it has its own sandbox."""

    class Machine(RuleBasedStateMachine):
        @initialize(password=st.sampled_from(GOOD))
        def begin(self, password: str) -> None:
            name = f"{product}-machine-{next(_numbers)}"
            self.sandbox = built.imitated.sandboxes.enter(name)
            own = SettingsOf(lambda: self.sandbox)
            self.weavr = Weavr(product, Api(built, runner, name), people, Inbox(lambda: self.sandbox), own)
            profile = {"expires_after": EXPIRES_AFTER.total_seconds()}
            self.weavr.set(root_profile=profile, lock_after=LOCK_AFTER)
            member = Account(last=[f"Harbour-{number}-lamp" for number in (7, 6, 5, 4, 3, 2)])
            member.change(password, token=self.weavr.update(password).body["token"], now=self.now)
            self.accounts = {"newcomer": Account(), "member": member}

        def teardown(self) -> None:
            if hasattr(self, "sandbox"):
                built.imitated.sandboxes.drop(self.sandbox.name)

        @property
        def now(self) -> datetime:
            return self.sandbox.clock.now()

        @rule(by=STEPS)
        def wait(self, by: timedelta) -> None:
            self.sandbox.clock.advance(by)

        @rule(role=ROLES, password=PASSWORDS)
        def create(self, role: str, password: str) -> None:
            account = self.accounts[role]
            answer = self.weavr.create(password, of=role)
            wanted = "PASSWORD_ALREADY_CREATED" if account.last else account.refuses(password)
            if wanted:
                assert (answer.status, answer.body) == (409, {"errorCode": wanted})
            else:
                account.change(password, token=answer.body["token"], now=self.now)

        @rule(role=ROLES, password=st.sampled_from(GOOD))
        def log_in(self, role: str, password: str) -> None:
            account = self.accounts[role]
            answer = self.weavr.log_in(password, of=role)
            if not account.last:
                assert answer.status == 403
            elif account.locked_until is not None and self.now < account.locked_until:
                assert answer.status == 423
            elif password != account.last[0]:
                assert answer.status == 403
                account.failures += 1
                if account.failures == LOCK_AFTER:
                    account.failures, account.locked_until = 0, self.now + timedelta(minutes=30)
            else:
                expired = account.has_expired(now=self.now)
                assert answer.status == (409 if expired else 200)
                account.failures, account.locked_until = 0, None
                account.tokens[answer.body["token"]] = self.now + timedelta(minutes=5)
                if expired:
                    account.temporary.add(answer.body["token"])

        @rule(role=ROLES, which=WHICH, old=st.sampled_from(("right", "wrong")), new=PASSWORDS)
        def update(self, role: str, which: int, old: str, new: str) -> None:
            account = self.accounts[role]
            if not account.tokens:
                return
            token = list(account.tokens)[which % len(account.tokens)]
            plain = account.last[0] if old == "right" else "Wrong-99-wrong"
            answer = self.weavr.update(new, old=plain, of=role, headers=bearer(token))
            if self.now >= account.tokens[token]:
                assert answer.status == 401
                return
            account.tokens[token] = self.now + timedelta(minutes=5)
            wanted = "PASSWORD_INCORRECT" if old == "wrong" else account.refuses(new)
            if wanted:
                assert (answer.status, answer.body) == (409, {"errorCode": wanted})
                return
            account.change(new, token=answer.body["token"], now=self.now)
            if token in account.temporary:
                del account.tokens[token]
                account.temporary.remove(token)

        @rule(role=ROLES, which=WHICH)
        def log_out(self, role: str, which: int) -> None:
            account = self.accounts[role]
            if not account.tokens:
                return
            token = list(account.tokens)[which % len(account.tokens)]
            answer = self.weavr.log_out(of=role, headers=bearer(token))
            if self.now >= account.tokens[token]:
                assert answer.status == 401
            elif token in account.temporary:
                assert answer.status == 403
                account.tokens[token] = self.now + timedelta(minutes=5)
            else:
                assert answer.status == 204
                account.tokens[token] = self.now

        @rule(role=ROLES)
        def start(self, role: str) -> None:
            assert self.weavr.start(of=role).status == 204
            self.accounts[role].nonce_until = self.now + timedelta(hours=1)

        @rule(role=ROLES, nonce=st.sampled_from(("123456", "123456", "654321")), password=PASSWORDS)
        def resume(self, role: str, nonce: str, password: str) -> None:
            account = self.accounts[role]
            answer = self.weavr.resume(password, nonce=nonce, of=role)
            if nonce != "123456" or account.nonce_until is None or self.now >= account.nonce_until:
                wanted: str | None = "INVALID_NONCE_OR_EMAIL"
            else:
                wanted = account.refuses(password) if account.last else "PASSWORD_NOT_SET"
            if wanted:
                assert (answer.status, answer.body) == (409, {"errorCode": wanted})
            else:
                account.change(password, token=answer.body["token"], now=self.now)
                account.nonce_until = None

    return Machine


@both
def test_any_sequence_of_calls_does_what_the_model_predicts(
    product: Product, built: Built, runner: asyncio.Runner, people: People
) -> None:
    run_state_machine_as_test(
        make_machine(product, built, runner, people),
        settings=settings(
            max_examples=80,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
