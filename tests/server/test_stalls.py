"""A client that takes nothing of a waiting answer is given up, one that takes a little is not."""

import asyncio

import pytest

from tests.server.test_http1 import MovableLoop
from watchword.server.answer_buffers import AnswerBuffer, TooMuchWaiting, WaitingBytes
from watchword.server.stalls import StallTimer


@pytest.mark.parametrize(
    ("taken", "given_up"),
    [([0, 0], True), ([0, 1, 1], True), ([0, 1, 2, 3], False), ([0, None], False), ([None], False)],
)
def test_a_client_is_given_up_once_it_took_nothing_for_a_minute(taken: list[int | None], *, given_up: bool) -> None:
    async def story() -> bool:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovableLoop)
        numbers, gone = iter(taken), asyncio.Event()
        last = taken[-1]
        timer = StallTimer(lambda: next(numbers, last), gone.set, seconds=60)
        timer.start()
        for _ in taken[1:]:
            loop.ahead += 61
            for _ in range(5):
                await asyncio.sleep(0)
        timer.stop()
        return gone.is_set()

    with asyncio.Runner(loop_factory=MovableLoop) as runner:
        assert runner.run(story()) is given_up


def test_a_buffer_gives_back_what_it_was_given_in_pieces_of_any_length() -> None:
    async def story() -> None:
        from hypercorn.asyncio.worker_context import EventWrapper  # noqa: PLC0415  # slow to import

        every = WaitingBytes(100)
        one = WaitingBytes(50, within=every)
        buffer = AnswerBuffer(EventWrapper, one)
        for piece in (b"abc", b"", b"defgh"):
            await buffer.push(piece)
        assert (one.count, every.count) == (8, 8)
        assert [await buffer.pop(length) for length in (0, 2, 3, 100, 5)] == [b"", b"ab", b"cde", b"fgh", b""]
        assert (one.count, every.count) == (0, 0)
        await buffer.push(b"x" * 50)
        with pytest.raises(TooMuchWaiting):
            await buffer.push(b"y")
        await buffer.close()
        assert (one.count, every.count, buffer.complete) == (0, 0, True)

    asyncio.run(story())


def test_what_waits_for_all_is_limited_too() -> None:
    every = WaitingBytes(100)
    one, other = WaitingBytes(80, within=every), WaitingBytes(80, within=every)
    one.add(70)
    with pytest.raises(TooMuchWaiting):
        other.add(40)
    assert (other.count, every.count) == (0, 70)
