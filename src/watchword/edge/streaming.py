"""Send an answer whose end nobody knows, piece by piece."""

from contextlib import aclosing, suppress

from starlette.types import Receive, Send

from watchword.edge.disconnect import while_connected
from watchword.edge.request_body import ClientGone
from watchword.edge.sending import written_headers
from watchword.system import Answer, Stream


async def send_stream(answer: Answer, stream: Stream, receive: Receive, send: Send, *, head: bool) -> None:
    """
    Send *answer* until its *stream* ends or the client hangs up; then the stream is closed.

    Args:
        receive: Of a request whose body has been read.
        head: Send only status and headers.
    """
    await send({"type": "http.response.start", "status": answer.status, "headers": [*written_headers(answer).items()]})

    async def send_pieces() -> None:
        async with aclosing(stream.pieces) as pieces:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})

    with suppress(ClientGone):
        if not head:
            await while_connected(receive, send_pieces())
        await send({"type": "http.response.body", "body": b"", "more_body": False})
