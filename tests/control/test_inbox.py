"""The mails and texts of a sandbox, and waiting for them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from threading import Timer
from time import monotonic

import pytest

from tests.control.conftest import send, toy_sandboxes
from watchword.control.clock import advance_clock, freeze_clock
from watchword.control.errors import ChangeNotStored, NoSuchMessage
from watchword.control.inbox import Messages, empty_inbox, find_messages, read_message, wait_for_messages
from watchword.control.sandboxes import drop_sandbox, reset_sandbox
from watchword.sandbox import Sandbox, Sandboxes

LONG = timedelta(seconds=30)
QUICK_SECONDS = 5
"""Far below `LONG`: whoever needs longer was not woken."""


def subjects(messages: Messages) -> list[str]:
    return [one.subject for one in messages]


def test_messages_come_newest_first(box: Sandbox) -> None:
    send(box, subject="First")
    send(box, subject="Second")
    assert subjects(find_messages(box)) == ["Second", "First"]


def test_messages_are_found_by_recipient_and_by_time(box: Sandbox) -> None:
    send(box, to="ada@example.com", subject="Before")
    now = advance_clock(box, timedelta(minutes=1)).now
    send(box, to="ada@example.com", subject="Then")
    send(box, to="ben@example.com", subject="Then, to Ben")
    assert subjects(find_messages(box, to="Ada@example.com")) == ["Then", "Before"]
    assert subjects(find_messages(box, since=now)) == ["Then, to Ben", "Then"]
    assert subjects(find_messages(box, to="ada@example.com", since=now)) == ["Then"]


def test_a_message_is_read_by_its_identifier(box: Sandbox) -> None:
    send(box, subject="First")
    send(box, subject="Second")
    assert read_message(box, 2).subject == "Second"
    with pytest.raises(NoSuchMessage, match="There is no message 3 in this sandbox"):
        read_message(box, 3)


def test_an_emptied_inbox_goes_on_counting(box: Sandbox) -> None:
    send(box)
    empty_inbox(box)
    assert find_messages(box) == ()
    send(box)
    assert [one.id for one in find_messages(box)] == [2]


def test_an_inbox_stays_as_it_was_if_the_disk_refuses_to_empty_it(unwritable: Sandbox) -> None:
    send(unwritable)
    with pytest.raises(ChangeNotStored):
        empty_inbox(unwritable)
    assert len(find_messages(unwritable)) == 1


def wait_while(sandboxes: Sandboxes, meanwhile: Callable[[asyncio.Task[Messages]], Awaitable[None]]) -> Messages:
    """Wait for a mail to Ben in "box" and do something *meanwhile*; give what was found, which must come quickly."""

    async def both() -> Messages:
        waiting = asyncio.create_task(wait_for_messages(sandboxes, "box", timeout=LONG, to="ben@example.com"))
        await asyncio.sleep(0)
        await meanwhile(waiting)
        return await asyncio.wait_for(waiting, QUICK_SECONDS)

    began = monotonic()
    found = asyncio.run(both())
    assert monotonic() - began < QUICK_SECONDS
    return found


async def let_everything_happen() -> None:
    """Let everything happen that can happen without time going by."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_what_is_there_already_is_not_waited_for(toys: Sandboxes, box: Sandbox) -> None:
    send(box)
    found = asyncio.run(wait_for_messages(toys, "box", timeout=timedelta(0)))
    assert subjects(found) == ["Hello"]


def test_waiting_ends_with_the_first_message_that_is_looked_for(toys: Sandboxes, box: Sandbox) -> None:
    async def meanwhile(waiting: asyncio.Task[Messages]) -> None:
        send(box, to="ada@example.com")
        await let_everything_happen()
        assert not waiting.done()
        send(box, to="ben@example.com", subject="To Ben")

    assert subjects(wait_while(toys, meanwhile)) == ["To Ben"]


def test_a_message_of_another_thread_ends_the_waiting(toys: Sandboxes, box: Sandbox) -> None:
    async def meanwhile(_waiting: asyncio.Task[Messages]) -> None:
        # Later, so that the event loop sleeps by then.
        Timer(0.1, send, args=(box, "ben@example.com")).start()

    assert len(wait_while(toys, meanwhile)) == 1


def test_all_who_wait_are_woken(toys: Sandboxes, box: Sandbox) -> None:
    async def crowd() -> list[Messages]:
        waiting = [asyncio.create_task(wait_for_messages(toys, "box", timeout=LONG)) for _ in range(20)]
        await let_everything_happen()
        send(box)
        return await asyncio.wait_for(asyncio.gather(*waiting), QUICK_SECONDS)

    assert [len(one) for one in asyncio.run(crowd())] == [1] * 20


def test_waiting_goes_on_through_a_reset(toys: Sandboxes, box: Sandbox) -> None:
    async def meanwhile(waiting: asyncio.Task[Messages]) -> None:
        reset_sandbox(toys, "box")
        await let_everything_happen()
        assert not waiting.done()
        send(toys.enter("box"), to="ben@example.com")

    assert len(wait_while(toys, meanwhile)) == 1


def test_waiting_goes_on_until_a_dropped_sandbox_is_created_again(toys: Sandboxes, box: Sandbox) -> None:
    async def meanwhile(waiting: asyncio.Task[Messages]) -> None:
        drop_sandbox(toys, "box")
        await let_everything_happen()
        send(box, to="ben@example.com")
        await let_everything_happen()
        assert not waiting.done(), "the sandbox that was dropped is no longer looked at"
        toys.enter("box")
        await let_everything_happen()
        assert not waiting.done()
        send(toys.enter("box"), to="ben@example.com")

    assert len(wait_while(toys, meanwhile)) == 1


def test_waiting_ends_when_the_server_stops(toys: Sandboxes, box: Sandbox) -> None:
    async def meanwhile(_waiting: asyncio.Task[Messages]) -> None:
        toys.stop_waiting()

    assert wait_while(toys, meanwhile) == ()


def test_waiting_for_nothing_takes_real_time_even_if_the_clock_stands_still(toys: Sandboxes, box: Sandbox) -> None:
    freeze_clock(box)
    began = monotonic()
    assert asyncio.run(wait_for_messages(toys, "box", timeout=timedelta(milliseconds=50))) == ()
    assert monotonic() - began >= 0.05


class CountedLookUps(Sandboxes):
    """Counts how often a sandbox is looked up."""

    look_ups = 0

    def get(self, name: str) -> Sandbox | None:
        self.look_ups += 1
        return super().get(name)


def test_waiting_looks_again_only_when_something_has_happened() -> None:
    toys = toy_sandboxes(kind=CountedLookUps)
    assert isinstance(toys, CountedLookUps)
    toys.enter("box")
    asyncio.run(wait_for_messages(toys, "box", timeout=timedelta(milliseconds=200)))
    assert toys.look_ups == 1


def test_who_no_longer_waits_leaves_nothing_behind(toys: Sandboxes, box: Sandbox) -> None:
    async def cancelled() -> None:
        waiting = asyncio.create_task(wait_for_messages(toys, "box", timeout=LONG))
        await let_everything_happen()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(cancelled())
    # Waking someone whose event loop is closed would raise.
    send(box)
    reset_sandbox(toys, "box")
