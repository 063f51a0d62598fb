"""Records that would pile up are swept."""

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


def test_the_oldest_of_what_is_over_goes_once_there_is_enough() -> None:
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=2))
    for number in (3, 0, 2):
        issue(store, Ticket(f"t{number}", hour(number)))
        sweep(store, now=hour(9))
    assert ids(store) == ["t0", "t2", "t3"]
    issue(store, Ticket("t1", hour(1)))
    sweep(store, now=hour(9))
    assert ids(store) == ["t2", "t3"]


def test_what_is_good_stays_however_many_there_are() -> None:
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=1))
    issue(store, *(Ticket(f"good{n}", hour(10 + n)) for n in range(5)), Ticket("ever", None))
    issue(store, *(Ticket(f"over{n}", hour(n)) for n in range(3)))
    sweep(store, now=hour(5))
    assert ids(store) == ["ever", *(f"good{n}" for n in range(5)), "over2"]


def test_a_ticket_that_was_renewed_meanwhile_stays() -> None:
    """The sweep is a transaction like any other."""
    store, sweep = Store(), RetentionSweep(Retention(Ticket, "expires_at", keep_newest=1))
    issue(store, *(Ticket(f"t{n}", hour(n)) for n in range(3)))
    begun = store.transaction()
    assert len(begun.find(Ticket)) == 3
    issue(store, Ticket("t0", hour(20)))
    begun.delete(Ticket, "t0")
    assert not begun.commit()
    sweep(store, now=hour(9))
    assert ids(store) == ["t0", "t2"]


def test_a_sweep_is_not_repeated_before_as_many_have_come_again() -> None:
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
