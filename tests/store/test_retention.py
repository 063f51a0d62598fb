"""Expired records are deleted beyond a number of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from watchword.store import SharedRows, Store, record
from watchword.store.retention import Retention, RetentionSweep

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@record("toy_tickets", key="id")
@dataclass(frozen=True)
class Ticket:
    id: str
    expires_at: datetime | None


def issue(store: Store, *tickets: Ticket) -> None:
    transaction = store.transaction()
    for ticket in tickets:
        transaction.put(ticket)
    assert transaction.commit()


def ids(store: Store) -> list[str]:
    return [ticket.id for ticket in store.transaction().find(Ticket)]


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def test_the_oldest_expired_records_are_deleted_beyond_the_number_to_keep() -> None:
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=2))
    for number in (3, 0, 2):
        issue(store, Ticket(f"t{number}", hour(number)))
        sweep(store, now=hour(9))
    assert ids(store) == ["t0", "t2", "t3"]
    issue(store, Ticket("t1", hour(1)))
    sweep(store, now=hour(9))
    assert ids(store) == ["t2", "t3"]


def test_valid_records_are_never_deleted() -> None:
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=1))
    issue(store, *(Ticket(f"good{n}", hour(10 + n)) for n in range(5)), Ticket("ever", None))
    issue(store, *(Ticket(f"over{n}", hour(n)) for n in range(3)))
    sweep(store, now=hour(5))
    assert ids(store) == ["ever", *(f"good{n}" for n in range(5)), "over2"]


def test_a_record_that_was_renewed_meanwhile_is_not_deleted() -> None:
    """A sweep is a transaction like any other."""
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=1))
    issue(store, *(Ticket(f"t{n}", hour(n)) for n in range(3)))
    transaction = store.transaction()
    assert len(transaction.find(Ticket)) == 3
    issue(store, Ticket("t0", hour(20)))
    transaction.delete(Ticket, "t0")
    assert not transaction.commit()
    sweep(store, now=hour(9))
    assert ids(store) == ["t0", "t2"]


def test_a_sweep_waits_until_the_number_of_records_has_doubled() -> None:
    store, sweep = (
        Store({"toy_tickets": SharedRows({})}),
        RetentionSweep(Retention(Ticket, "expires_at", keep_newest=10)),
    )
    sizes = []
    for number in range(200):
        issue(store, Ticket(f"t{number:03}", hour(number)))
        sweep(store, now=hour(10_000))
        sizes.append(len(ids(store)))
    assert max(sizes) == 19
    assert sizes.count(10) >= 15
    assert ids(store)[-1] == "t199"
