"""What happens is told until the server stops, and silence too."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

import pytest

from watchword.build import Options, build
from watchword.control.clock import freeze_clock
from watchword.control.events import Events, SandboxChange, What
from watchword.control.faults import arm_fault
from watchword.control.following import follow_events, start_position
from watchword.control.journal import JournalReader
from watchword.control.sandboxes import drop_sandbox, reset_sandbox
from watchword.domain.hashing import Profile
from watchword.domain.outbox import Message, Outbox
from watchword.journal import Captured
from watchword.sandbox import Sandbox, Sandboxes

SOON, LATE = timedelta(milliseconds=5), timedelta(hours=1)


def reader_of(journal: int = 5) -> JournalReader:
    built = build(Options(hashing=Profile.FAST, journal=journal))
    return JournalReader(built.journal, built.imitated)


def test_silence_is_told_now_and_then() -> None:
    reader = reader_of()

    async def story() -> None:
        start = start_position(reader, "default")
        async with aclosing(follow_events(reader, "default", since=start, heartbeat=SOON)) as told:
            assert [await anext(told) for _ in range(2)] == [(), ()]

    asyncio.run(story())


def test_it_ends_when_the_server_stops() -> None:
    reader = reader_of()

    async def story() -> list[object]:
        following = follow_events(reader, "default", since=start_position(reader, "default"), heartbeat=LATE)
        ended = asyncio.create_task(_all(following))
        await asyncio.sleep(0)
        reader.imitated.sandboxes.stop_waiting()
        return await ended

    async def _all(following: object) -> list[object]:
        return [one async for one in following]  # type: ignore[attr-defined]

    assert asyncio.run(story()) == []


def test_everything_that_is_changed_from_outside_is_told() -> None:
    reader = reader_of()
    boxes, box = reader.imitated.sandboxes, reader.imitated.sandboxes.enter("box")
    fault = {"fault": {"delay": {"fixed": "PT1S"}}}
    changes: dict[str, Callable[[], object]] = {
        "clock": lambda: freeze_clock(box),
        "settings": lambda: box.change_settings({"zitadel": {}}),
        "faults": lambda: arm_fault(reader.imitated, box, fault),
        "reset": lambda: reset_sandbox(boxes, "box"),
        "dropped": lambda: drop_sandbox(boxes, "box"),
        "made": lambda: boxes.enter("box"),
    }

    async def story() -> list[object]:
        seen: list[object] = []
        start = start_position(reader, "box")
        async with aclosing(follow_events(reader, "box", since=start, heartbeat=LATE)) as told:
            for change in changes.values():
                following = asyncio.ensure_future(anext(told))
                await asyncio.sleep(0)  # it listens by now, and at the first time it has begun to
                change()
                seen += [one.value for one in await following]
        return seen

    assert asyncio.run(story()) == [SandboxChange("box", What(one)) for one in changes]


def told_at_once(reader: JournalReader, name: str, happen: Callable[[], object]) -> list[object]:
    """Let things happen before anybody looks, and give the values that are told of them, in order."""

    async def story() -> Events:
        start = start_position(reader, name)
        async with aclosing(follow_events(reader, name, since=start, heartbeat=LATE)) as told:
            following = asyncio.ensure_future(anext(told))
            await asyncio.sleep(0)
            happen()
            return await following

    return [one.value for one in asyncio.run(story())]


def send_mail(sandbox: Sandbox) -> None:
    outbox = Outbox()
    outbox.mail(to="ada@example.com", subject="Hello", text="Text")
    sandbox.mailbox.deliver(sandbox.mailbox.prepare(outbox.drafts, system="zitadel", now=sandbox.clock.now()))


def shown(value: object) -> object:
    return value.what if isinstance(value, SandboxChange) else type(value)


@pytest.mark.parametrize(
    ("whatever", "expected"),
    [
        (lambda boxes: reset_sandbox(boxes, "box"), What.RESET),
        (lambda boxes: boxes.drop("box") and boxes.enter("box"), What.RESET),
        (lambda boxes: drop_sandbox(boxes, "box"), What.DROPPED),
    ],
)
def test_another_sandbox_is_told_before_its_requests_and_mails(
    whatever: Callable[[Sandboxes], object], expected: What
) -> None:
    reader = reader_of()
    boxes = reader.imitated.sandboxes
    boxes.enter("box")

    def happen() -> None:
        whatever(boxes)
        reader.held.note_preflight({"path": "/~box/v2", "method": "OPTIONS", "headers": []}, 200, {})
        if (found := boxes.get("box")) is not None:
            send_mail(found)
            freeze_clock(found)

    told = [shown(one) for one in told_at_once(reader, "box", happen)]
    assert told == [expected, Captured, *([] if expected is What.DROPPED else [Message])]


def test_a_new_sandbox_is_told_before_its_requests_and_mails() -> None:
    reader = reader_of()

    def happen() -> None:
        made = reader.imitated.sandboxes.visit("box")
        send_mail(made)
        reader.held.note_preflight({"path": "/~box/v2", "method": "OPTIONS", "headers": []}, 200, {})
        reader.imitated.sandboxes.keep(made)

    assert [shown(one) for one in told_at_once(reader, "box", happen)] == [What.MADE, Captured, Message]


def test_a_restored_sandbox_has_told_of_the_mails_that_it_comes_with() -> None:
    reader = reader_of()
    boxes, box = reader.imitated.sandboxes, reader.imitated.sandboxes.enter("box")
    for _ in range(2):
        send_mail(box)
    saved = boxes.take_snapshot("box", "two")
    for _ in range(2):
        send_mail(box)

    def happen() -> None:
        send_mail(boxes.restore_snapshot("box", saved))

    reset, mail = told_at_once(reader, "box", happen)
    assert reset == SandboxChange("box", What.RESET)
    assert isinstance(mail, Message)
    assert mail.id == 3, "the first one that was sent since"


def test_the_server_tells_only_which_sandboxes_there_are() -> None:
    reader = reader_of()
    boxes, box = reader.imitated.sandboxes, reader.imitated.sandboxes.enter("box")

    def happen() -> None:
        freeze_clock(box)
        box.change_settings({"zitadel": {}})
        boxes.enter("other")

    assert told_at_once(reader, "", happen) == [SandboxChange("other", What.MADE)]


def test_what_is_done_to_a_fork_is_not_heard_by_those_who_listen_to_the_original() -> None:
    boxes = reader_of().imitated.sandboxes
    heard: list[None] = []
    box = boxes.enter("box")
    with box.control_calls.listening(lambda: heard.append(None)):
        freeze_clock(boxes.fork(box, "other"))
    assert not heard


def test_nobody_listens_any_more_when_it_is_closed() -> None:
    reader = reader_of()
    sandbox = reader.imitated.sandboxes.enter("box")
    listened = (
        sandbox.mailbox.arrivals,
        sandbox.control_calls,
        reader.imitated.sandboxes.changes,
        reader.held.arrivals,
    )

    async def story() -> list[int]:
        start = start_position(reader, "box")
        async with aclosing(follow_events(reader, "box", since=start, heartbeat=SOON)) as told:
            await anext(told)
            return [len(one) for one in listened]

    assert asyncio.run(story()) == [1, 1, 1, 1]
    assert [len(one) for one in listened] == [0, 0, 0, 0]


def test_snapshots_are_told_when_they_are_taken_and_when_they_are_dropped() -> None:
    reader = reader_of()
    boxes = reader.imitated.sandboxes
    boxes.enter("box")
    for happen in (lambda: boxes.take_snapshot("box", "mine"), lambda: boxes.drop_snapshot("box", "mine")):
        assert told_at_once(reader, "box", happen) == [SandboxChange("box", What.SNAPSHOTS)]
