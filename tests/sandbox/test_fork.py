"""A copy of a sandbox in memory behaves as the original would have, now or before a change."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.sandbox.test_history import Diary, exchange, put
from tests.toy import NOON, Toy, api_of, built, toy
from watchword.control.clock import advance_clock, freeze_clock, scale_clock
from watchword.control.inbox import empty_inbox
from watchword.control.rules import switch_off
from watchword.control.settings import change_settings
from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import Pipeline
from watchword.sandbox import Sandbox, Sandboxes
from watchword.sandbox.fork import fork_in_memory
from watchword.sandbox.history import HistoryGone
from watchword.store import Retention
from watchword.system import Answer, Call


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, "  {}", retention=(Retention(Diary, "closed_at", keep_newest=1),))


@pytest.fixture
def sandboxes(server: Toy) -> Sandboxes:
    return server.served_api.sandboxes


@pytest.fixture
def box(sandboxes: Sandboxes) -> Sandbox:
    return sandboxes.enter("default")


def diaries(box: Sandbox, **equal: object) -> list[Diary]:
    return box.store.transaction().find(Diary, **equal)


def seen(box: Sandbox) -> object:
    """Everything that somebody could notice, but for chance, which is told by drawing."""
    return (
        diaries(box),
        tuple(box.mailbox),
        box.mailbox.count,
        box.clock.now(),
        box.clock.frozen,
        box.clock.scale,
        box.settings,
        dict(box.rules.altered),
    )


def drawn(box: Sandbox) -> list[str]:
    return [box.chances.of("toy").token() for _ in range(3)]


def test_a_fork_is_what_the_original_is(server: Toy, box: Sandbox) -> None:
    put(server, Diary("ada", "A"), Diary("ben", "B"), mails=2)
    freeze_clock(box)
    change_settings(box, {"toy": {"maintenance": True}})
    switch_off(box, "toy.history.refuse")
    fork = fork_in_memory(box)
    assert seen(fork) == seen(box)
    assert drawn(fork) == drawn(box)


def test_a_fork_and_its_original_do_not_see_each_other(server: Toy, box: Sandbox) -> None:
    put(server, Diary("ada"), mails=1)
    fork = fork_in_memory(box)
    before = seen(fork)
    put(server, Diary("ada", "changed"), Diary("ben"), mails=1)
    advance_clock(box, timedelta(hours=1))
    change_settings(box, {"toy": {"maintenance": True}})
    assert seen(fork) == before
    empty_inbox(fork)
    transaction = fork.store.transaction()
    transaction.delete(Diary, "ada")
    assert fork.commit(transaction, system="toy", now=NOON)
    assert [one.id for one in diaries(box)] == ["ada", "ben"]
    assert len(tuple(box.mailbox)) == 2


def test_a_fork_finds_records_by_their_fields(server: Toy, box: Sandbox) -> None:
    put(server, Diary("ada", "A"), Diary("ben", "B"))
    assert diaries(fork_in_memory(box), owner="B") == [Diary("ben", "B")]


def test_a_fork_is_none_of_the_servers_sandboxes(server: Toy, sandboxes: Sandboxes, box: Sandbox) -> None:
    fork = fork_in_memory(box)
    made = Exchange(server.served_api, fork, "POST", "/x", {})
    made.begin(None, server.served_api.systems["toy"])
    made.work.run_in_transaction(lambda call: call.tx.put(Diary("ada")), made.new_call)
    made.keep_sandbox()
    assert list(sandboxes) == [box]
    assert (diaries(fork), diaries(box)) == ([Diary("ada")], [])


ACTS: dict[str, Callable[[Toy, Sandbox], object]] = {
    "a new record": lambda server, _box: put(server, Diary("new")),
    "a replaced record": lambda server, _box: put(server, Diary("ada", "other")),
    "a message": lambda server, _box: put(server, mails=2),
    "so many messages that old ones are dropped": lambda server, _box: put(server, mails=999),
    "the inbox emptied": lambda _server, box: empty_inbox(box),
    "the clock moved": lambda _server, box: advance_clock(box, timedelta(days=3)),
    "the clock frozen": lambda _server, box: freeze_clock(box, at=NOON + timedelta(days=1)),
    "the clock faster": lambda _server, box: scale_clock(box, 60),
    "settings": lambda _server, box: change_settings(box, {"toy": {"failing": True}}),
    "a rule switched off": lambda _server, box: switch_off(box, "toy.history.refuse"),
    "expired records": lambda server, _box: [
        put(server, Diary(f"old{n}", closed_at=NOON - timedelta(hours=9 - n))) for n in range(4)
    ],
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_fork_before_a_change_is_what_the_original_was(
    server: Toy, box: Sandbox, act: Callable[[Toy, Sandbox], object]
) -> None:
    put(server, Diary("ada", "A"), mails=2)
    before, position, chance = seen(box), box.history.position, drawn(fork_in_memory(box))
    act(server, box)
    assert seen(box) != before
    for other in ACTS.values():
        other(server, box)
    fork = fork_in_memory(box, before=position)
    assert seen(fork) == before
    assert drawn(fork) == chance


def test_a_request_that_runs_again_in_a_fork_before_it_does_the_same(server: Toy, box: Sandbox) -> None:
    def step(call: Call) -> Answer:
        answers.append(token := call.chance.token())
        call.tx.put(replace(Diary("ada"), owner=token))
        return Answer(201)

    answers: list[str] = []
    made = exchange(server)
    made.work.run_in_transaction(step, made.new_call)
    put(server, Diary("ada", "later"))
    box.chances.of("toy").token()
    fork = fork_in_memory(box, before=made.work.changes[0].number)
    again = Exchange(server.served_api, fork, "POST", "/x", {})
    again.begin(None, server.served_api.systems["toy"])
    again.work.run_in_transaction(step, again.new_call)
    assert answers[0] == answers[1]
    assert diaries(fork) == [Diary("ada", answers[0])]


def test_the_clock_of_a_fork_can_stand_elsewhere(box: Sandbox) -> None:
    assert fork_in_memory(box, at=NOON + timedelta(hours=1)).clock.now() == NOON + timedelta(hours=1)


@pytest.mark.parametrize("undone", [False, True], ids=["as it is", "as it was before it ran evenly"])
def test_the_clock_of_a_fork_runs_as_fast_as_the_original_did(tmp_path: Path, *, undone: bool) -> None:
    moments = [NOON]
    box = api_of(tmp_path, "  {}", toy(), wall_clock=lambda: moments[-1]).sandboxes.enter("default")
    scale_clock(box, 60)
    moments.append(NOON + timedelta(minutes=1))
    position = box.history.position
    if undone:
        scale_clock(box, 1)
    fork = fork_in_memory(box, before=position)
    moments.append(NOON + timedelta(minutes=2))
    assert fork.clock.now() == NOON + timedelta(hours=2)


def test_a_fork_can_be_forked(server: Toy, box: Sandbox) -> None:
    put(server, Diary("ada"))
    drawn(box)
    fork = fork_in_memory(fork_in_memory(box))
    assert seen(fork) == seen(box)
    assert drawn(fork) == drawn(box)


def test_what_the_history_does_not_hold_cannot_be_forked(box: Sandbox) -> None:
    with pytest.raises(HistoryGone):
        fork_in_memory(box, before=box.history.position - 1)


def test_requests_are_answered_in_a_fork_over_the_pipeline(tmp_path: Path) -> None:
    server = built(
        tmp_path,
        "  /toys: {get: {operationId: toy.read, tags: [toy], responses: {'200': {description: Read.}}}}",
        handlers=type("Handlers", (), {"read": staticmethod(lambda _call: Answer(200))}),
    )
    api = server.served_api
    fork = fork_in_memory(api.sandboxes.enter("default"))
    answer = asyncio.run(Pipeline(api)(Exchange(api, fork, "GET", "/toys", {})))
    assert answer.status == 200
