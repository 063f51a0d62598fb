"""A function over a transaction, run again until what it read is still true at its end."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, current_thread, main_thread
from typing import Any

import pytest

from tests.toy import NOON, Toy, api_of, built, toy
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.refusal import Refusal
from watchword.domain.rule import ASSUMED, RuleRecord, recording, returns, rule
from watchword.domain.secret import Secret
from watchword.edge.exchange import Exchange
from watchword.store import record
from watchword.system import Answer, Call


@record("toy_accounts", key="id")
@dataclass(frozen=True)
class Account:
    id: str
    failures: int = 0


class Locked(Refusal):
    """423."""

    status, code = 423, "LOCKED"


class WrongPassword(Refusal):
    """401."""

    status, code = 401, "WRONG"


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, "  {}")


@pytest.fixture
def exchange(server: Toy) -> Exchange:
    exchange = Exchange(server.served_api, server.served_api.sandboxes.enter("default"), "POST", "/x", {})
    exchange.begin(None, server.served_api.systems["toy"])
    put(exchange, Account("ada"))
    return exchange


def put(exchange: Exchange, account: Account) -> None:
    transaction = exchange.sandbox.store.transaction()
    transaction.put(account)
    assert transaction.commit()


def stored(exchange: Exchange, key: str = "ada") -> Account | None:
    return exchange.sandbox.store.transaction().get(Account, key)


def ada(call: Call) -> Account:
    found = call.tx.get(Account, "ada")
    assert found is not None
    return found


def test_what_a_step_returns_comes_back_and_what_it_wrote_is_kept(exchange: Exchange) -> None:
    def step(call: Call) -> Answer:
        call.tx.put(Account("ben", 1))
        call.outbox.mail(to="ben@example.com", subject="Hello", text="Text")
        return Answer(201)

    assert exchange.work.run_in_transaction(step, exchange.new_call) == Answer(201)
    assert stored(exchange, "ben") == Account("ben", 1)
    (message,) = exchange.sandbox.mailbox
    assert (message.to, message.system, message.sent_at) == ("ben@example.com", "toy", NOON)


def test_a_raised_refusal_leaves_nothing_behind(exchange: Exchange) -> None:
    def step(call: Call) -> Answer:
        call.tx.put(Account("ada", 99))
        call.outbox.mail(to="ada@example.com", subject="Hello", text="Text")
        raise WrongPassword

    with pytest.raises(WrongPassword):
        exchange.work.run_in_transaction(step, exchange.new_call)
    assert stored(exchange) == Account("ada")
    assert list(exchange.sandbox.mailbox) == []


def test_a_returned_refusal_is_kept_and_then_raised(exchange: Exchange) -> None:
    def step(call: Call) -> Refusal:
        call.tx.put(replace(ada(call), failures=1))
        call.outbox.mail(to="ada@example.com", subject="Somebody failed", text="Text")
        return WrongPassword()

    with pytest.raises(WrongPassword):
        exchange.work.run_in_transaction(step, exchange.new_call)
    assert stored(exchange) == Account("ada", 1)
    assert [message.subject for message in exchange.sandbox.mailbox] == ["Somebody failed"]


def test_a_bug_leaves_nothing_behind(exchange: Exchange) -> None:
    def step(call: Call) -> Answer:
        call.tx.put(Account("ada", 99))
        call.outbox.mail(to="ada@example.com", subject="Hello", text="Text")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exchange.work.run_in_transaction(step, exchange.new_call)
    assert stored(exchange) == Account("ada")
    assert list(exchange.sandbox.mailbox) == []


def test_a_step_that_rests_on_what_has_changed_runs_again_from_the_start(exchange: Exchange) -> None:
    seen: list[int] = []

    def step(call: Call) -> Answer:
        account = ada(call)
        seen.append(account.failures)
        if len(seen) == 1:
            put(exchange, Account("ada", 10))
        call.tx.put(replace(account, failures=account.failures + 1))
        call.outbox.mail(to="ada@example.com", subject=f"Failure {account.failures}", text="Text")
        return Answer(200, account.failures)

    assert exchange.work.run_in_transaction(step, exchange.new_call) == Answer(200, 10)
    assert seen == [0, 10]
    assert stored(exchange) == Account("ada", 11)
    assert [message.subject for message in exchange.sandbox.mailbox] == ["Failure 10"]


def test_a_step_that_runs_again_meets_with_the_same_chance(exchange: Exchange) -> None:
    told: list[str] = []

    def step(call: Call) -> None:
        ada(call)
        told.append(call.chance.token())
        if len(told) == 1:
            put(exchange, Account("ada", 10))

    exchange.work.run_in_transaction(step, exchange.new_call)
    assert len(told) == 2
    assert told[0] == told[1]


def test_a_refusal_that_rests_on_what_has_changed_is_judged_again(exchange: Exchange) -> None:
    put(exchange, Account("ada", failures=5))
    runs: list[int] = []

    def step(call: Call) -> Answer:
        account = ada(call)
        runs.append(account.failures)
        if len(runs) == 1:
            put(exchange, Account("ada", failures=0))
        if account.failures >= 5:
            raise Locked
        return Answer(204)

    assert exchange.work.run_in_transaction(step, exchange.new_call) == Answer(204)
    assert runs == [5, 0]


def test_a_returned_refusal_that_rests_on_what_has_changed_is_judged_again(exchange: Exchange) -> None:
    runs: list[int] = []

    def step(call: Call) -> Answer | Refusal:
        account = ada(call)
        runs.append(account.failures)
        if len(runs) == 1:
            put(exchange, Account("ada", failures=5))
        if account.failures >= 5:
            return Locked()
        call.tx.put(replace(account, failures=account.failures + 1))
        return WrongPassword()

    with pytest.raises(Locked):
        exchange.work.run_in_transaction(step, exchange.new_call)
    assert stored(exchange) == Account("ada", 5)


def test_fifty_wrong_passwords_at_once_are_counted_one_by_one(exchange: Exchange) -> None:
    together = Barrier(50)

    def step(call: Call) -> Refusal:
        account = ada(call)
        if account.failures >= 5:
            return Locked()
        call.tx.put(replace(account, failures=account.failures + 1))
        return WrongPassword()

    def attempt(_number: int) -> str:
        first = True

        def waiting(call: Call) -> Refusal:
            nonlocal first
            refusal = step(call)
            if first:
                first = False
                together.wait()
            return refusal

        with pytest.raises(Refusal) as caught:
            exchange.work.run_in_transaction(waiting, exchange.new_call)
        return caught.value.code

    with ThreadPoolExecutor(50) as threads:
        codes = list(threads.map(attempt, range(50)))
    assert (codes.count("WRONG"), codes.count("LOCKED")) == (5, 45)
    assert stored(exchange) == Account("ada", 5)


def test_a_step_goes_on_in_the_transaction_of_one_that_only_read(exchange: Exchange) -> None:
    first = exchange.work.run_in_transaction(lambda call: call, exchange.new_call, last=False)
    assert exchange.work.run_in_transaction(lambda call: call, exchange.new_call) is first


def test_what_an_earlier_step_read_has_to_be_true_at_the_end_of_the_last(exchange: Exchange) -> None:
    exchange.work.run_in_transaction(ada, exchange.new_call, last=False)
    seen: list[int] = []

    def step(call: Call) -> None:
        if not seen:
            put(exchange, Account("ada", 7))
        seen.append(ada(call).failures)

    exchange.work.run_in_transaction(step, exchange.new_call)
    assert seen == [0, 7]


def test_after_a_step_that_wrote_the_next_one_begins_anew(exchange: Exchange) -> None:
    def write(call: Call) -> Call:
        call.tx.put(Account("ada", 1))
        return call

    first = exchange.work.run_in_transaction(write, exchange.new_call, last=False)
    assert exchange.work.run_in_transaction(lambda call: call, exchange.new_call) is not first
    assert stored(exchange) == Account("ada", 1)


def test_what_an_earlier_step_took_from_chance_is_not_given_to_the_next_one(exchange: Exchange) -> None:
    first = exchange.work.run_in_transaction(lambda call: call.chance.token(), exchange.new_call, last=False)
    assert exchange.work.run_in_transaction(lambda call: call.chance.token(), exchange.new_call) != first


class Together(ThreadPoolExecutor):
    """Threads that compute nothing before two of them are to, and tell where they did."""

    def __init__(self) -> None:
        super().__init__(2)
        self.barrier = Barrier(2)
        self.names: set[str] = set()

    def submit(self, work: Any, /, *arguments: Any, **options: Any) -> Any:
        """Wait for the other one first."""

        def waiting() -> Any:
            self.barrier.wait(60)
            self.names.add(current_thread().name)
            return work(*arguments, **options)

        return super().submit(waiting)


@pytest.fixture
def expensive(tmp_path: Path) -> Exchange:
    """An exchange with hashes that take long, and Ada's account."""
    served_api = api_of(tmp_path, "  {}", toy(), profile=Profile.OWASP)
    exchange = Exchange(served_api, served_api.sandboxes.enter("default"), "POST", "/x", {})
    exchange.begin(None, served_api.systems["toy"])
    put(exchange, Account("ada"))
    return exchange


SALT = b"sixteen bytes..."


def test_what_takes_long_to_hash_is_computed_in_threads_in_parallel(expensive: Exchange) -> None:
    stored = Hasher(Profile.OWASP).candidate(Secret("Old-1")).make_hash(salt=SALT)
    threads = expensive.api.sandboxes.threads = Together()

    def step(call: Call) -> tuple[bool, bool]:
        assert current_thread() is main_thread()
        old, new = call.hasher.candidate(Secret("Old-1")), call.hasher.candidate(Secret("New-1"))
        call.hasher.compute_in_parallel(old, new, stored=stored)
        return old.matches(stored), new.matches(stored)

    assert asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call)) == (True, False)
    assert len(threads.names) == 2
    assert main_thread().name not in threads.names


def test_a_step_that_waited_for_a_hash_meets_with_the_same_chance(expensive: Exchange) -> None:
    told: list[tuple[str, bytes]] = []

    def step(call: Call) -> str:
        told.append((call.chance.token(), call.chance.salt()))
        return call.hasher.candidate(Secret("New-1")).make_hash(salt=told[-1][1])

    asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))
    assert len(told) == 2
    assert told[0] == told[1]


def test_what_a_step_did_before_it_waited_for_a_hash_is_not_kept(expensive: Exchange) -> None:
    def step(call: Call) -> None:
        call.tx.put(replace(ada(call), failures=ada(call).failures + 1))
        call.outbox.mail(to="ada@example.com", subject="Changed", text="Text")
        call.hasher.candidate(Secret("New-1")).make_hash(salt=SALT)

    asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))
    assert stored(expensive) == Account("ada", 1)
    assert [message.subject for message in expensive.sandbox.mailbox] == ["Changed"]


def test_what_was_read_before_a_hash_has_to_be_true_after_it(expensive: Exchange) -> None:
    seen: list[int] = []

    def step(call: Call) -> None:
        seen.append(ada(call).failures)
        if len(seen) == 1:
            put(expensive, Account("ada", 7))
        call.hasher.candidate(Secret("New-1")).make_hash(salt=SALT)

    asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))
    # What it had seen stays seen, is then found to be out of date, and is read anew.
    assert seen == [0, 0, 7]


def test_after_a_hash_it_is_as_late_and_set_as_it_is_then(expensive: Exchange) -> None:
    seen: list[tuple[datetime, bool]] = []

    def step(call: Call) -> None:
        seen.append((call.now, call.settings.maintenance))
        expensive.sandbox.change_settings({"toy": {"maintenance": True}})
        expensive.sandbox.clock.advance(timedelta(seconds=1))
        call.hasher.candidate(Secret("New-1")).make_hash(salt=SALT)

    asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))
    assert seen == [(NOON, False), (NOON + timedelta(seconds=1), True)]


def test_a_bug_after_a_hash_comes_out(expensive: Exchange) -> None:
    def step(call: Call) -> float:
        call.hasher.candidate(Secret("New-1")).make_hash(salt=SALT)
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))


@rule("toy.attempts.counted", ASSUMED, "for these tests", without=returns(0))
def count(failures: int) -> int:
    """Failures are counted."""
    return failures + 1


def test_only_the_rules_of_the_attempt_that_counts_stay_in_the_record(exchange: Exchange) -> None:
    record = RuleRecord()
    exchange.record = record
    exchange.begin(None, exchange.api.systems["toy"])
    attempts: list[int] = []

    def step(call: Call) -> int:
        found = count(ada(call).failures)
        attempts.append(found)
        if len(attempts) == 1:
            put(exchange, Account("ada", 7))
        return found

    def first(_call: Call) -> int:
        return count(41)

    with recording(record):
        exchange.work.run_in_transaction(first, exchange.new_call, last=False)
        assert exchange.work.run_in_transaction(step, exchange.new_call) == 8
    assert attempts == [1, 8]
    assert [one.values for one in record.asked] == [{"failures": 41}, {"failures": 7}]


@pytest.mark.parametrize("refuses", [False, True])
def test_only_the_rules_of_the_asynchronous_attempt_that_counts_stay_in_the_record(
    exchange: Exchange, *, refuses: bool
) -> None:
    record = RuleRecord()
    exchange.record = record
    exchange.begin(None, exchange.api.systems["toy"])

    async def step(call: Call) -> int:
        found = count(ada(call).failures)
        if found == 1:
            put(exchange, Account("ada", 7))
            if refuses:
                raise Locked
        return found

    with recording(record):
        assert asyncio.run(exchange.work.run_awaiting(step, exchange.new_call)) == 8
    assert [one.values for one in record.asked] == [{"failures": 7}]


def test_the_rules_that_were_asked_before_a_hash_are_asked_again_and_noted_once(expensive: Exchange) -> None:
    record = RuleRecord()
    expensive.record = record
    expensive.begin(None, expensive.api.systems["toy"])

    def step(call: Call) -> None:
        count(ada(call).failures)
        call.hasher.candidate(Secret("New-1")).make_hash(salt=SALT)

    with recording(record):
        asyncio.run(expensive.work.run_with_hashing(step, expensive.new_call))
    assert [one.rule.id for one in record.asked] == ["toy.attempts.counted"]
