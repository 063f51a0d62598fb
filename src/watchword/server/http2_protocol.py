"""
HTTP/2 frames of a connection: hypercorn's protocol, with limits and fixes that it lacks.

What a client may cause is bounded: the answers that wait for it, the bodies that wait for a handler, the length of a
frame, and how many frames that carry nothing are read in a second.
A stream that the client resets is freed at once, with its task.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import h2.errors
import h2.events
import h2.exceptions
import h2.settings
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.events import Body, Request, StreamClosed
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.utils import filter_pseudo_headers
from priority.priority import DuplicateStreamError, MissingStreamError

from watchword.sandbox.faults import Cut
from watchword.server.answer_buffers import MOST_OF_ONE, AnswerBuffer, TooMuchWaiting, WaitingBytes
from watchword.server.http2_streams import Streams, StreamTask, refusing, what_is_wrong
from watchword.server.stalls import StallTimer
from watchword.server.unread import NOT_TAKEN, TOO_LATE, Unread

MAX_FRAME_BYTES = 2**14
"""The longest frame that is accepted, which is what HTTP/2 starts with."""
MAX_IDLE_FRAMES = 1000
"""How many frames that carry nothing (PING, SETTINGS, RST_STREAM, …) may come in a second."""
_FRAME_HEAD_BYTES = 9
_ACKNOWLEDGED_BYTES = 2**14
"""How much of a body is read before the client may send as much again."""
_IDLE_FRAMES = (
    h2.events.PingReceived,
    h2.events.RemoteSettingsChanged,
    h2.events.StreamReset,
    h2.events.PriorityUpdated,
    h2.events.UnknownFrameReceived,
)

_PROTOCOL = "http/2"
_BREAKS_STREAM = frozenset((Cut.EMPTY_RESPONSE, Cut.MALFORMED_RESPONSE_CHUNK))
"""Faults that end one stream; the others end the connection with all of its streams."""


class _Flood(h2.exceptions.ProtocolError):
    """Too many frames that carry nothing."""

    error_code = h2.errors.ErrorCodes.ENHANCE_YOUR_CALM


class Http2Protocol(H2Protocol):
    """
    One connection.

    Args:
        arguments: As for the base class.
        waiting: Counts the answers that wait for all clients.
        on_unread: Is told what is refused before it is a request.
        give_up: Called if the client takes nothing of its answers for too long.
        reset: Ends the connection with a TCP reset.
    """

    def __init__(
        self,
        *arguments: Any,
        waiting: WaitingBytes,
        on_unread: Unread,
        give_up: Callable[[], None],
        reset: Callable[[], None],
    ) -> None:
        super().__init__(*arguments)
        self.streams = Streams()
        self.connection.local_settings = h2.settings.Settings(
            client=False,
            initial_values={
                h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: self.config.h2_max_concurrent_streams,
                h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: self.config.h2_max_header_list_size,
            },
        )
        self.connection.max_inbound_frame_size = MAX_FRAME_BYTES
        self.requests: dict[int, asyncio.Task[None]] = {}
        """The running task of each stream."""
        self._waiting = WaitingBytes(MOST_OF_ONE, within=waiting)
        self._sent = 0
        self._stalls = StallTimer(lambda: self._sent if self._waiting.count else None, self._give_up)
        self._on_unread, self._close, self._reset = on_unread, give_up, reset
        self._unread: dict[int, int] = {}
        """How many bytes of a body were read and are not acknowledged yet; 0 is the whole connection."""
        self._idle_frames, self._second = 0, 0
        self.greeted = False
        """Whether the client has sent its settings, with which every connection begins (RFC 9113, section 3.4)."""
        self._begun = self._refused = False

    @property
    def owes(self) -> bool:
        """Whether the client has yet to send its settings, or the rest of a frame or of the head of a request."""
        buffer = self.connection.incoming_buffer
        return bool(not self.greeted or buffer._data or buffer._headers_buffer)  # no other way

    def refuse_late(self) -> None:
        """Note that what the client owes did not arrive in time; without a byte, there is no lost request."""
        if self._begun:
            self._note(TOO_LATE)

    def start(self, stream: int, handling: Any) -> None:
        """Run *handling* as the task of a stream."""
        group: TaskGroup = self.task_group  # type: ignore[assignment]  # hypercorn's for asyncio
        task = group._task_group.create_task(handling)  # its own method returns no task
        self.requests[stream] = task
        task.add_done_callback(lambda _task: self.requests.pop(stream, None))

    async def acknowledge(self, stream: int, length: int) -> None:
        """Let the client send *length* bytes more, on a stream or, for 0, on the connection."""
        unread = self._unread.get(stream, 0) + length
        if unread < _ACKNOWLEDGED_BYTES:
            self._unread[stream] = unread
            return
        self._unread.pop(stream, None)
        # The stream may have ended meanwhile.
        with suppress(h2.exceptions.ProtocolError, KeyError):
            self.connection.increment_flow_control_window(unread, stream or None)
            await self._flush()

    async def handle(self, event: Event) -> bool:  # type: ignore[override]  # the base class returns nothing
        """
        Handle what was received, or the end of the connection.

        Returns:
            Whether a frame was complete.
        """
        if isinstance(event, RawData):
            return await self._receive(event.data)
        if isinstance(event, Closed):
            self.closed = True
            self._stalls.stop()
            for stream in {*self.streams, *self.stream_buffers, *self.requests}:
                await self._abandon(stream)
            await self.has_data.set()
        return False

    async def stream_send(self, event: Any) -> None:
        try:
            await super().stream_send(event)
        except TooMuchWaiting:
            with suppress(h2.exceptions.ProtocolError):
                self.connection.reset_stream(event.stream_id, h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
            self._on_unread(_PROTOCOL, 0, NOT_TAKEN)
            await self._forget(event.stream_id)
            await self._flush()
        if isinstance(event, Body) and self._waiting.count:
            self._stalls.start()

    async def _receive(self, data: bytes) -> bool:
        self._begun = True
        try:
            events = self.connection.receive_data(data)
            self._refuse_long_frame()
            self._count_idle_frames(events)
        except h2.exceptions.ProtocolError as error:
            self._note(h2.errors.ErrorCodes(error.error_code).name.lower().replace("_", "-"))
            if not isinstance(error, h2.exceptions.DenialOfServiceError):
                await self._flush()
            await self.send(Closed())
            return False
        self.greeted = self.greeted or any(isinstance(one, h2.events.RemoteSettingsChanged) for one in events)
        await self._handle_events(events)
        return bool(events)

    def _note(self, reason: str) -> None:
        """Say once why the connection ends."""
        if not self._refused:
            self._refused = True
            self._on_unread(_PROTOCOL, 0, reason)

    def _give_up(self) -> None:
        self._note(NOT_TAKEN)
        self._close()

    def _refuse_long_frame(self) -> None:
        """Refuse a frame by the length in its head: the library waits until all of it is in memory."""
        waiting = self.connection.incoming_buffer._data  # no other way
        if len(waiting) >= _FRAME_HEAD_BYTES and int.from_bytes(waiting[:3]) > MAX_FRAME_BYTES:
            self.connection.close_connection(h2.errors.ErrorCodes.FRAME_SIZE_ERROR)
            raise h2.exceptions.FrameTooLargeError

    def _count_idle_frames(self, events: list[h2.events.Event]) -> None:
        idle = sum(isinstance(one, _IDLE_FRAMES) or _is_empty_data(one) for one in events)
        if not idle:
            return
        second = int(self.context.time())
        self._idle_frames = self._idle_frames + idle if second == self._second else idle
        self._second = second
        if self._idle_frames > MAX_IDLE_FRAMES:
            self.connection.close_connection(_Flood.error_code)
            raise _Flood

    async def _handle_events(self, events: list[h2.events.Event]) -> None:
        for event in events:
            if isinstance(event, h2.events.DataReceived) and event.stream_id in self.streams:
                padded = event.flow_controlled_length or 0
                await self.streams[event.stream_id].handle(Body(stream_id=event.stream_id, data=event.data))
                # The connection's window must not be closed by a body that nobody reads: others share it.
                await self.acknowledge(0, padded)
                await self.acknowledge(event.stream_id, padded - len(event.data))
            elif isinstance(event, h2.events.StreamReset):
                await self._abandon(event.stream_id)
            else:
                await super()._handle_events([event])
        await self._flush()

    async def _create_stream(self, request: h2.events.RequestReceived) -> None:
        assert request.headers is not None  # noqa: S101  # every request has some
        head: dict[Any, bytes] = dict(request.headers)
        stream, method, path = request.stream_id, head[b":method"], head.get(b":path", b"")
        app, wrong = self.app, what_is_wrong(method, path, head.get(b":authority", head.get(b"host", b"")))
        if wrong is not None:
            explained_at = self._on_unread(_PROTOCOL, 400, wrong.reason, wrong.detail)
            app, method, path = ASGIWrapper(refusing(wrong, explained_at)), b"GET", b"/"
        self.stream_buffers[stream] = AnswerBuffer(self.context.event_class, self._waiting)
        with suppress(DuplicateStreamError):  # A PRIORITY frame came before.
            self.priority.insert_stream(stream)
            self.priority.block(stream)
        made = self.streams[stream] = HTTPStream(
            app,
            self.config,
            self.context,
            StreamTask(partial(self.start, stream), partial(self.acknowledge, stream), partial(self._break, stream)),  # type: ignore[arg-type]  # the one method that is called
            self.ssl,
            self.client,
            self.server,
            self.stream_send,
            stream,
        )
        await made.handle(
            Request(
                stream_id=stream,
                headers=filter_pseudo_headers(request.headers),
                http_version="2",
                method=method.decode(),
                raw_path=path,
                state=self.connection_state,
            )
        )

    async def _send_data(self, stream_id: int) -> None:
        buffer = self.stream_buffers.get(stream_id)
        try:
            if buffer is None:
                self.priority.block(stream_id)
                return
            window = self.connection.local_flow_control_window(stream_id)
            data = await buffer.pop(max(0, min(window, self.connection.max_outbound_frame_size)))
            if data:
                self._sent += len(data)
                self.connection.send_data(stream_id, data)
                await self._flush()
            else:
                self.priority.block(stream_id)
            if buffer.complete:
                self.connection.end_stream(stream_id)
                await self._flush()
                await self._forget(stream_id)
        except (h2.exceptions.ProtocolError, KeyError, MissingStreamError):
            # The stream was closed meanwhile.
            await self._forget(stream_id)

    async def _break(self, stream: int, cut: Cut, garbage: bytes) -> None:
        """Break a stream, or the whole connection, in the place of an answer."""
        # The client may have ended the stream meanwhile.
        with suppress(h2.exceptions.ProtocolError):
            if cut is Cut.MALFORMED_RESPONSE_CHUNK:
                self.connection.send_headers(stream, [(b":status", b"200"), (b"content-type", b"application/json")])
                window = self.connection.local_flow_control_window(stream)
                self.connection.send_data(stream, garbage[: max(0, window)])
            if cut in _BREAKS_STREAM:
                self.connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        await self._forget(stream)
        await super().stream_send(StreamClosed(stream_id=stream))
        if cut is Cut.CONNECTION_RESET_BY_PEER:
            self._reset()
        elif cut is Cut.RANDOM_DATA_THEN_CLOSE:
            await self.send(RawData(data=garbage))
            await self.send(Closed())
        else:
            await self._flush()

    async def _abandon(self, stream: int) -> None:
        """Free a stream that the client has given up, and end its task."""
        await self._forget(stream)
        if stream in self.streams:
            await self._close_stream(stream)
        task = self.requests.get(stream)
        if task is not None:
            task.cancel()
        if not self.closed:
            await self.send(Updated(idle=self.idle))

    async def _forget(self, stream: int) -> None:
        self._unread.pop(stream, None)
        buffer = self.stream_buffers.pop(stream, None)
        if buffer is not None:
            await buffer.close()
        with suppress(MissingStreamError):
            self.priority.remove_stream(stream)


def _is_empty_data(event: h2.events.Event) -> bool:
    return isinstance(event, h2.events.DataReceived) and not event.data and event.stream_ended is None
