"""Optimistic transactions: all or nothing, and never based on outdated data."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier

import pytest

from watchword.store import Store, record
from watchword.store.transaction import TransactionOverError


@record("toy_counters", key="name", indexed=("owner",))
@dataclass(frozen=True)
class Counter:
    name: str
    owner: str = "ada"
    value: int = 0


@record("toy_codes", key="code", indexed=())
@dataclass(frozen=True)
class Code:
    code: str
    used: bool = False


def make_store(*values: object) -> Store:
    store = Store()
    transaction = store.transaction()
    for value in values:
        transaction.put(value)
    assert transaction.commit()
    return store


def counter(store: Store, name: str = "hits") -> Counter | None:
    return store.transaction().get(Counter, name)


def test_a_write_is_invisible_before_the_commit() -> None:
    store = Store()
    transaction = store.transaction()
    transaction.put(Counter("hits", value=1))
    assert counter(store) is None
    assert transaction.commit()
    assert counter(store) == Counter("hits", value=1)


def test_a_transaction_without_a_commit_changes_nothing() -> None:
    store = make_store(Counter("hits"))
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    assert counter(store) == Counter("hits")
    assert counter(store, "new") is None


def _fail(store: Store) -> None:
    transaction = store.transaction()
    transaction.put(Counter("hits", value=5))
    transaction.put(Counter("new"))
    raise ZeroDivisionError


def test_get_sees_the_writes_of_its_own_transaction() -> None:
    transaction = make_store(Counter("hits")).transaction()
    transaction.put(Counter("hits", value=1))
    assert transaction.get(Counter, "hits") == Counter("hits", value=1)
    transaction.delete(Counter, "hits")
    assert transaction.get(Counter, "hits") is None


def test_find_sees_the_writes_of_its_own_transaction() -> None:
    transaction = make_store(Counter("a"), Counter("b"), Counter("c", "ben")).transaction()
    transaction.delete(Counter, "a")
    transaction.put(Counter("b", "ben"))
    transaction.put(Counter("c", "ada"))
    transaction.put(Counter("d", "ada"))
    assert transaction.find(Counter, owner="ada") == [Counter("c", "ada"), Counter("d", "ada")]
    assert transaction.find(Counter, owner="ben") == [Counter("b", "ben")]


def test_find_lists_records_in_the_order_of_their_keys() -> None:
    transaction = make_store(Counter("c"), Counter("a"), Counter("b")).transaction()
    assert [one.name for one in transaction.find(Counter)] == ["a", "b", "c"]


def test_find_by_a_field_without_an_index_is_refused() -> None:
    with pytest.raises(TypeError, match="Counter has no index on value"):
        Store().transaction().find(Counter, value=1)


def test_a_put_replaces_the_record_with_the_same_key() -> None:
    store = make_store(Counter("hits", "ben", 7))
    transaction = store.transaction()
    transaction.put(Counter("hits"))
    assert transaction.commit()
    assert store.transaction().find(Counter) == [Counter("hits", "ada", 0)]


def test_deleting_a_missing_record_is_not_an_error() -> None:
    store = Store()
    transaction = store.transaction()
    transaction.delete(Counter, "hits")
    assert transaction.commit()


def test_a_commit_is_refused_if_a_record_that_was_read_has_changed() -> None:
    store = make_store(Counter("hits"))
    slow, quick = store.transaction(), store.transaction()
    seen = slow.get(Counter, "hits")
    assert seen is not None
    quick.put(Counter("hits", value=10))
    assert quick.commit()
    slow.put(replace(seen, value=seen.value + 1))
    slow.put(Counter("other"))
    assert not slow.commit()
    assert counter(store) == Counter("hits", value=10)
    assert counter(store, "other") is None


def test_a_commit_is_refused_if_a_record_that_was_missing_has_been_added() -> None:
    store = Store()
    slow, quick = store.transaction(), store.transaction()
    assert slow.get(Counter, "hits") is None
    quick.put(Counter("hits", value=10))
    assert quick.commit()
    slow.put(Counter("hits", value=1))
    assert not slow.commit()


@pytest.mark.parametrize(
    "other",
    [Counter("second"), Counter("hits", value=1), Counter("hits", "ben")],
    ids=["one more", "one changed", "one less"],
)
def test_a_commit_is_refused_if_the_result_of_a_search_has_changed(other: Counter) -> None:
    store = make_store(Counter("hits"))
    slow, quick = store.transaction(), store.transaction()
    assert slow.find(Counter, owner="ada") == [Counter("hits")]
    quick.put(other)
    assert quick.commit()
    slow.put(Counter("result", "cleo"))
    assert not slow.commit()


def test_a_commit_succeeds_if_a_record_that_a_search_did_not_find_has_changed() -> None:
    store = make_store(Counter("hits"))
    slow, quick = store.transaction(), store.transaction()
    slow.find(Counter, owner="ada")
    quick.put(Counter("other", "ben"))
    assert quick.commit()
    slow.put(Counter("result", "cleo"))
    assert slow.commit()


def test_a_commit_without_writes_is_refused_too_if_a_record_has_changed() -> None:
    store = make_store(Counter("hits"))
    reader, writer = store.transaction(), store.transaction()
    reader.get(Counter, "hits")
    writer.put(Counter("hits", value=1))
    assert writer.commit()
    assert not reader.commit()


def test_a_commit_succeeds_if_a_change_was_undone_meanwhile() -> None:
    store = make_store(Counter("hits"))
    slow = store.transaction()
    slow.get(Counter, "hits")
    for value in (1, 0):
        quick = store.transaction()
        quick.put(Counter("hits", value=value))
        assert quick.commit()
    assert slow.commit()


def test_reading_twice_does_not_hide_that_the_first_reading_is_outdated() -> None:
    store = make_store(Counter("hits"))
    slow, quick = store.transaction(), store.transaction()
    first = slow.get(Counter, "hits"), slow.find(Counter, owner="ada")
    quick.put(Counter("hits", value=10))
    assert quick.commit()
    assert (slow.get(Counter, "hits"), slow.find(Counter, owner="ada")) == first
    slow.put(Counter("hits", value=1))
    assert not slow.commit()


def test_a_transaction_without_its_writes_still_checks_what_it_read() -> None:
    store = make_store(Counter("hits"))
    undisturbed, disturbed = store.transaction(), store.transaction()
    for transaction in (undisturbed, disturbed):
        transaction.get(Counter, "hits")
        transaction.put(Counter("hits", value=99))
        transaction.discard_writes()
    assert undisturbed.commit()
    assert counter(store) == Counter("hits")
    quick = store.transaction()
    quick.put(Counter("hits", value=1))
    assert quick.commit()
    assert not disturbed.commit()


def test_fifty_threads_that_increment_one_counter_lose_no_increment() -> None:
    store = make_store(Counter("hits"))
    all_have_read = Barrier(50)

    def count(_number: int) -> int:
        attempts = 0
        while True:
            transaction = store.transaction()
            found = transaction.get(Counter, "hits")
            assert found is not None
            if attempts == 0:
                all_have_read.wait()
            attempts += 1
            transaction.put(replace(found, value=found.value + 1))
            if transaction.commit():
                return attempts

    with ThreadPoolExecutor(50) as threads:
        attempts = list(threads.map(count, range(50)))
    assert counter(store) == Counter("hits", value=50)
    assert attempts.count(1) == 1


def test_of_fifty_threads_that_redeem_one_code_exactly_one_succeeds() -> None:
    store = make_store(Code("123456"))
    all_have_read = Barrier(50)

    def redeem(_number: int) -> bool:
        first = True
        while True:
            transaction = store.transaction()
            code = transaction.get(Code, "123456")
            assert code is not None
            if first:
                all_have_read.wait()
            first = False
            if not code.used:
                transaction.put(replace(code, used=True))
            if transaction.commit():
                return not code.used

    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(redeem, range(50))).count(True) == 1


def test_a_write_after_the_commit_is_refused_because_it_would_be_lost() -> None:
    transaction = make_store(Counter("hits")).transaction()
    transaction.put(Counter("new"))
    assert transaction.commit()
    with pytest.raises(TransactionOverError):
        transaction.put(Counter("later"))
    with pytest.raises(TransactionOverError):
        transaction.delete(Counter, "hits")


def test_a_transaction_that_could_not_be_committed_can_still_be_written_to() -> None:
    store = make_store(Counter("hits"))
    transaction = store.transaction()
    transaction.get(Counter, "hits")
    other = store.transaction()
    other.put(Counter("hits", value=1))
    assert other.commit()
    transaction.put(Counter("new"))
    assert not transaction.commit()
    transaction.put(Counter("new", value=2))
