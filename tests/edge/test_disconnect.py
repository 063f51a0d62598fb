"""A handler that waits for something stops when its client hangs up."""

import asyncio
from typing import Any

import pytest

from watchword.edge.disconnect import while_connected
from watchword.edge.request_body import ClientGone


class Connection:
    """What a server hears once a request has arrived: nothing, until the client hangs up."""

    def __init__(self) -> None:
        self.hung_up = asyncio.Event()
        self.heard = 0

    async def receive(self) -> dict[str, Any]:
        self.heard += 1
        if self.heard == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.hung_up.wait()
        return {"type": "http.disconnect"}


async def let_everything_happen() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_handler_that_answers_is_not_disturbed() -> None:
    async def answering() -> str:
        await let_everything_happen()
        return "answer"

    async def story() -> None:
        assert await while_connected(Connection().receive, answering()) == "answer"
        assert len(asyncio.all_tasks()) == 1, "nobody listens to the connection any more"

    asyncio.run(story())


def test_what_a_handler_raises_is_raised() -> None:
    async def answering() -> str:
        raise KeyError("nothing")

    async def story() -> None:
        with pytest.raises(KeyError):
            await while_connected(Connection().receive, answering())

    asyncio.run(story())


async def waiting(ended: list[str]) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("ended")


def test_a_handler_ends_when_the_client_hangs_up() -> None:
    async def story() -> None:
        connection, ended = Connection(), list[str]()
        running = asyncio.create_task(while_connected(connection.receive, waiting(ended)))
        await let_everything_happen()
        assert not running.done()
        connection.hung_up.set()
        with pytest.raises(ClientGone):
            await running
        assert ended == ["ended"]

    asyncio.run(story())


def test_a_handler_ends_when_its_request_is_cancelled() -> None:
    async def story() -> None:
        ended = list[str]()
        running = asyncio.create_task(while_connected(Connection().receive, waiting(ended)))
        await let_everything_happen()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert ended == ["ended"]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())
