"""Stop a handler that is waiting for something when its client hangs up."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from watchword.edge.request_body import ClientGone

T = TypeVar("T")


async def while_connected(receive: Receive, answering: Coroutine[Any, Any, T]) -> T:
    """
    Run *answering*, and cancel it if the client hangs up first.

    Args:
        receive: Of a request whose body has been read: nothing else comes before the end of the connection.

    Raises:
        ClientGone: The client hung up first.
    """
    answer, hung_up = asyncio.ensure_future(answering), asyncio.ensure_future(_wait_for_disconnect(receive))
    both: tuple[asyncio.Future[Any], ...] = (answer, hung_up)
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientGone
        return answer.result()
    finally:
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
