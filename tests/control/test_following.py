"""What happens is told until the server stops, and silence too."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

from watchword.build import Options, build
from watchword.control.clock import freeze_clock
from watchword.control.events import SandboxChange, What
from watchword.control.faults import arm_fault
from watchword.control.following import follow_events, start_position
from watchword.control.journal import JournalReader
from watchword.control.sandboxes import drop_sandbox, reset_sandbox
from watchword.domain.hashing import Profile

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
