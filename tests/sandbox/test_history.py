"""What happened to a sandbox is remembered as values that never change, up to a number over all sandboxes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.toy import NOON, Toy, built, toy
from watchword.control.clock import advance_clock, freeze_clock
from watchword.control.inbox import empty_inbox
from watchword.control.rules import restore, switch_off
from watchword.control.settings import change_settings
from watchword.domain.rule import ASSUMED, rule
from watchword.edge.exchange import Exchange
from watchword.sandbox import Sandboxes
from watchword.sandbox.history import HistoryGone, RecordChange
from watchword.store import Retention, record
from watchword.system import Answer, Call


@record("toy_diaries", key="id", indexed=["owner"])
@dataclass(frozen=True)
class Diary:
    id: str
    owner: str = ""
    pages: int = 0
    closed_at: datetime | None = None


@rule("toy.history.refuse", ASSUMED, "Only for this test.")
def refuse() -> None:
    """Nothing is refused."""


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, "  {}", retention=(Retention(Diary, "closed_at", keep_newest=1),))


def exchange(server: Toy, sandbox: str = "default") -> Exchange:
    made = Exchange(server.served_api, server.served_api.sandboxes.enter(sandbox), "POST", "/x", {})
    made.begin(None, server.served_api.systems["toy"])
    return made


def put(server: Toy, *diaries: Diary, mails: int = 0, sandbox: str = "default") -> Exchange:
    def step(call: Call) -> Answer:
        for one in diaries:
            call.tx.put(one)
        for number in range(mails):
            call.outbox.mail(to=f"{number}@example.com", subject="Hello", text="Text")
        return Answer(201)

    made = exchange(server, sandbox)
    made.work.run_in_transaction(step, made.new_call)
    return made


def plain(change: RecordChange) -> tuple[str, str, object, object]:
    table, key, before, after = change
    return table, key, before and dict(before), after and dict(after)


def test_a_request_knows_the_documents_that_it_changed_and_what_they_were(server: Toy) -> None:
    put(server, Diary("ada"))
    (change,) = put(server, Diary("ada", "A"), Diary("ben")).work.changes
    first, second = map(plain, change.records)
    nothing = {"pages": 0, "closed_at": None}
    assert first == (
        "toy_diaries",
        "ada",
        {"id": "ada", "owner": "", **nothing},
        {"id": "ada", "owner": "A", **nothing},
    )
    assert second == ("toy_diaries", "ben", None, {"id": "ben", "owner": "", **nothing})
    assert (change.system, change.at) == ("toy", NOON)


def test_a_request_knows_the_messages_that_it_sent(server: Toy) -> None:
    (change,) = put(server, mails=2).work.changes
    assert [one.to for one in change.messages] == ["0@example.com", "1@example.com"]


def test_a_request_that_only_reads_has_changed_nothing(server: Toy) -> None:
    made = exchange(server)
    made.work.run_in_transaction(lambda call: call.tx.find(Diary), made.new_call)
    assert made.work.changes == []


def test_deleting_a_record_is_a_change_to_nothing(server: Toy) -> None:
    put(server, Diary("ada"))
    made = exchange(server)
    made.work.run_in_transaction(lambda call: call.tx.delete(Diary, "ada"), made.new_call)
    ((_, key, before, after),) = made.work.changes[0].records
    assert before is not None
    assert (key, before["id"], after) == ("ada", "ada", None)


def test_changes_are_numbered_upwards_and_listed_newest_first(server: Toy) -> None:
    history = server.served_api.sandboxes.enter("default").history
    start = history.position
    first, second = (put(server, Diary("ada", pages=n)).work.changes[0] for n in (1, 2))
    assert start <= first.number < second.number < history.position
    assert history.since(start) == (second, first)
    assert history.since(second.number) == (second,)
    assert history.since(history.position) == ()


def test_chance_is_remembered_from_the_first_draw_of_a_request_on(server: Toy) -> None:
    def step(call: Call) -> Answer:
        drawn.append(call.chance.token())
        call.tx.put(Diary("ada"))
        return Answer(201)

    drawn: list[str] = []
    made = exchange(server)
    made.work.run_in_transaction(step, made.new_call)
    position = made.work.changes[0].drew_from
    assert position is not None
    assert made.sandbox.chances.of("toy").at(position).token() == drawn[0]


def test_a_step_that_runs_again_is_one_change_with_its_first_draw(server: Toy) -> None:
    """As after a conflict: what was drawn is drawn again, so chance goes back to where the first attempt began."""

    def step(call: Call) -> Answer:
        found = call.tx.get(Diary, "ada")
        drawn.append(call.chance.token())
        if len(drawn) == 1:
            put(server, Diary("ada", "somebody else"))
        call.tx.put(replace(found or Diary("ada"), pages=7))
        return Answer(201)

    drawn: list[str] = []
    made = exchange(server)
    made.work.run_in_transaction(step, made.new_call)
    (change,) = made.work.changes
    assert change.drew_from is not None
    assert drawn[0] == drawn[1]
    assert made.sandbox.chances.of("toy").at(change.drew_from).token() == drawn[0]
    assert [one.after and one.after["pages"] for one in change.records] == [7]


def test_control_calls_are_changes_that_know_what_was_before(server: Toy) -> None:
    sandbox = server.served_api.sandboxes.enter("default")
    put(server, mails=3)
    start, settings, mails = sandbox.history.position, sandbox.settings, tuple(sandbox.mailbox)
    freeze_clock(sandbox)
    advance_clock(sandbox, timedelta(hours=1))
    change_settings(sandbox, {"toy": {"maintenance": True}})
    empty_inbox(sandbox)
    switch_off(sandbox, "toy.history.refuse")
    restore(sandbox)
    restored, switched, emptied, changed, advanced, frozen = sandbox.history.since(start)
    assert frozen.clock == (timedelta(0), None)
    assert (advanced.clock, advanced.at) == ((timedelta(0), NOON), NOON)
    assert changed.settings == settings != emptied.settings
    assert (emptied.dropped, emptied.messages_sent) == (mails, 3)
    assert list(restored.altered_rules) == ["toy.history.refuse"]
    assert list(switched.altered_rules) == []


def test_records_that_expire_are_removed_in_a_change_of_their_own(server: Toy) -> None:
    for number in range(2):
        made = put(server, Diary(f"{number}", closed_at=NOON - timedelta(hours=9 - number)))
    (change,) = made.work.changes
    sweep, _ = made.sandbox.history.since(change.number)
    ((_, key, before, after),) = sweep.records
    assert before is not None
    assert (key, before["id"], after) == ("0", "0", None)


def test_messages_that_the_inbox_has_no_room_for_are_in_the_change_that_drops_them(server: Toy) -> None:
    put(server, mails=999)
    (change,) = put(server, mails=3).work.changes
    assert [one.id for one in change.dropped] == [1, 2]


def test_all_sandboxes_together_remember_so_many_changes(server: Toy) -> None:
    sandboxes = Sandboxes([toy()], history=3)
    one, other = sandboxes.enter("one"), sandboxes.enter("other")
    start = one.history.position
    for _ in range(3):
        freeze_clock(one)
    assert len(one.history.since(start)) == 3
    freeze_clock(other)
    with pytest.raises(HistoryGone):
        one.history.since(start)
    assert [len(box.history.since(box.history.position)) for box in (one, other)] == [0, 0]


def test_a_history_of_nothing_costs_nothing_and_cannot_be_gone_back_to(server: Toy) -> None:
    box = Sandboxes([toy()], history=0).enter("box")
    position = box.history.position
    freeze_clock(box)
    assert box.history.position == position
    with pytest.raises(HistoryGone):
        box.history.since(position)


def test_the_changes_of_a_sandbox_are_none_of_what_a_reset_makes_of_it(server: Toy) -> None:
    sandboxes = server.served_api.sandboxes
    (change,) = put(server, Diary("ada")).work.changes
    fresh = sandboxes.reset("default")
    with pytest.raises(HistoryGone):
        fresh.history.since(change.number)


def test_a_change_does_not_show_what_it_holds(server: Toy) -> None:
    (change,) = put(server, Diary("ada", owner="hidden"), mails=1).work.changes
    assert "hidden" not in repr(change) + repr(change.records)
    assert "Text" not in repr(change)
