"""HTTP/1.1 on a connection: uvicorn's protocol, with limits and fixes that it lacks."""

import asyncio

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from watchword.edge.breaking import BREAK
from watchword.edge.request_body import ARRIVED
from watchword.edge.sending import WHOLE, Headers
from watchword.sandbox.faults import Cut
from watchword.server.breaking import reset_connection
from watchword.server.heads import (
    MAX_HEAD_BYTES,
    SERVED_VERSIONS,
    BadHead,
    check_framing,
    long_method,
    not_a_proxy,
    other_version,
    too_late,
    too_long,
    unreadable,
)
from watchword.server.stalls import StallTimer
from watchword.server.unknown_methods import MOST_BYTES, STAND_IN, unknown_method
from watchword.server.unread import NOT_TAKEN, Limits

_PROTOCOL = "http/1.1"
_USUAL = Limits()
_WRITTEN = {
    Cut.MALFORMED_RESPONSE_CHUNK: STATUS_LINE[200]
    + b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
}
"""What is written before the random data: the head of a body in chunks, which the data are not."""


class Http1Protocol(HttpToolsProtocol):
    """
    One connection.

    A client may offer to upgrade to another protocol, and a server may ignore the offer (RFC 9110, section 7.8).
    Java's HTTP client offers ``h2c`` with its first request, even if that has a body. httptools stops reading after
    such a head and loses the body (uvicorn #2722), so here the head is parsed a second time, without the offer.

    A head that is too long is answered 431 while it is still arriving; so it cannot fill the memory. One that does not
    arrive in time is answered 408. What is not HTTP, names no host, or has a transfer coding other than ``chunked`` is
    answered 400 (RFC 9112, sections 3.2 and 6.1), and another version of HTTP 505. Trailers after a body are ignored.
    A method that the parser does not know reaches the application like any other.
    """

    limits = _USUAL
    _head_since = 0.0
    """By the event loop's clock, when the first byte of an incomplete head came; 0.0 without one."""
    _head_timer: asyncio.TimerHandle | None = None
    _stalls: StallTimer | None = None

    _in_head = _in_body = False
    _head_continues = _body_continues = False
    """Whether the present read continues a head, or a body, that an earlier one began."""
    _begun = _held = b""
    """The first bytes of an incomplete head; and those that are parsed again when more has arrived."""
    _method: bytes | None = None
    """The method of the present request, if the parser does not know it."""
    _head_bytes = _read_bytes = 0
    """The length of the reads so far of an incomplete head, and the length of the present read."""
    _idle_since = 0.0
    """By the event loop's clock, when the latest answer was written."""
    _arrived: dict[str, bool]

    def data_received(self, data: bytes) -> None:
        unread: bytes | None = data
        if self._held:
            unread, self._held = self._held + data, b""
        while unread is not None:
            unread = self._parse(unread)

    def _parse(self, data: bytes) -> bytes | None:
        """Parse *data*; if the parser stops at an offer of an upgrade, or at a method, return what to parse instead."""
        self._head_continues, self._read_bytes = self._in_head, len(data)
        self._body_continues = self._in_body
        try:
            self.parser.feed_data(data)
            self._head_bytes = self._head_bytes + len(data) if self._head_continues and self._in_head else 0
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(too_long())
            elif self._in_head or self.cycle is None:
                self._begun = self._begun + data if self._head_continues else data
                self._begun = self._begun[: MOST_BYTES + 1]
                self._await_head()
        except httptools.HttpParserUpgrade as stopped:
            (end,) = stopped.args
            head = self._head_without_offer()
            self._start_again()
            return head + data[end:]
        except httptools.HttpParserInvalidMethodError:
            return self._with_known_method(data)
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause if isinstance(cause, BadHead) else unreadable(str(error)))
        return None

    def _start_again(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        # Like uvicorn: data after `Connection: close` is ignored and not an error.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def _with_known_method(self, data: bytes) -> bytes | None:
        """
        Return what to parse instead of a request whose method the parser does not know; None if more has to arrive.

        It is the first request of this read: one that follows another is refused, because its place is not known.
        """
        start = (self._begun + data if self._head_continues else data).lstrip(b"\r\n")
        method = None if self._body_continues else unknown_method(start)
        if method is None:
            self._refuse(unreadable())
            return None
        if len(method) > MOST_BYTES:
            self._refuse(long_method())
            return None
        self._start_again()
        self._begun = b""
        if method == start:
            self._held = start
            self._await_head()
            return None
        self._method = method
        return STAND_IN + start[len(method) :]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        # Blanks after a value do not belong to it (RFC 9110, section 5.5), and the parser leaves them there.
        super().on_header(name, value.rstrip(b" \t") if value.endswith((b" ", b"\t")) else value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_since = False, 0.0
        if self._offers_upgrade():
            return
        # A head within one short read cannot be too long.
        if (self._head_continues or self._read_bytes > MAX_HEAD_BYTES) and self._head_length() > MAX_HEAD_BYTES:
            raise too_long()
        if self.parser.get_method() == b"CONNECT":
            raise not_a_proxy()
        version = self.parser.get_http_version()
        if version not in SERVED_VERSIONS:
            raise other_version()
        check_framing(self.headers, modern=version != "1.0")
        super().on_headers_complete()
        if self._method is not None:
            self.scope["method"], self._method = self._method.decode("ascii"), None
        self._arrived = {"complete": False}
        self.scope["extensions"] = {ARRIVED: self._arrived, WHOLE: self._answer, BREAK: self._break}  # type: ignore[dict-item]  # any values
        # Headers from here on are trailers. They must not count as headers (RFC 9110, section 6.5.1).
        self.headers = []
        self._in_body = True

    def _answer(self, status: int, headers: Headers, body: bytes) -> bool:
        """Write a whole answer at once; False, and nothing is written, if the request is not an ordinary one."""
        cycle = self.cycle
        if (
            self.pipeline
            or self.flow.write_paused
            or cycle.response_started
            or cycle.disconnected
            or not cycle.keep_alive
        ):
            return False
        parts = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            if name == b"connection":
                return False
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n", body)
        self.transport.write(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()
        return True

    async def _break(self, cut: Cut, garbage: bytes) -> None:
        """Break the connection in the place of the present answer."""
        cycle, transport = self.cycle, self.transport
        if cycle.disconnected or transport.is_closing():
            return
        cycle.response_started = cycle.response_complete = True
        if cut is Cut.CONNECTION_RESET_BY_PEER:
            reset_connection(transport)
        else:
            transport.write(_WRITTEN.get(cut, b"") + (b"" if cut is Cut.EMPTY_RESPONSE else garbage))
            transport.close()
        cycle.message_event.set()
        cycle.on_response()

    def on_message_complete(self) -> None:
        if not self._offers_upgrade():
            self._in_body, self._arrived["complete"] = False, True
            super().on_message_complete()

    def _offers_upgrade(self) -> bool:
        # The parser calls a tunnel an upgrade too, but a client that sends CONNECT accepts nothing else.
        return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

    def _head_length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % (name, value) for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def _unset_keepalive_if_required(self) -> None:
        """Do not stop the timer of an idle connection, as uvicorn does with every request: see `_start_timer`."""

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self._watch_unsent()
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._start_timer(self.timeout_keep_alive)

    def _start_timer(self, seconds: float) -> None:
        """Start the one timer of this connection; a new one for every request takes 4 % of a small one."""
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        # With a request under way the connection is not idle; the next answer starts the timer again.
        if self.transport.is_closing() or self._in_head or not self.cycle.response_complete:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._start_timer(left)
        else:
            self._watch_unsent()
            self.transport.close()

    def _await_head(self) -> None:
        """Limit the time of an incomplete head; a head within one read needs no timer."""
        if not self._head_since:
            self._head_since = self.loop.time()
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.limits.arrival_seconds, self._on_head_timer)

    def _on_head_timer(self) -> None:
        self._head_timer = None
        if self.transport.is_closing() or not self._head_since:
            return
        left = self._head_since + self.limits.arrival_seconds - self.loop.time()
        if left > 0:
            self._head_timer = self.loop.call_later(left, self._on_head_timer)
            return
        self._refuse(too_late(self.limits.arrival_seconds))

    def pause_writing(self) -> None:
        """Give the client up if it reads nothing for a while; the base class waits for ever."""
        super().pause_writing()
        self._watch_unsent()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        # Otherwise they would hold the connection, and the last request with it, until they are due.
        for timer in (self._head_timer, self.timeout_keep_alive_task):
            if timer is not None:
                timer.cancel()
        if self._stalls is not None:
            self._stalls.stop()

    def _watch_unsent(self) -> None:
        """Close the connection if the client takes nothing of what waits for it."""
        if self._unsent():
            if self._stalls is None:
                self._stalls = StallTimer(self._unsent, self._give_up)
            self._stalls.start()

    def _give_up(self) -> None:
        self.limits.on_unread(_PROTOCOL, 0, NOT_TAKEN)
        self.transport.abort()

    def _unsent(self) -> int | None:
        return self.transport.get_write_buffer_size() or None

    def _refuse(self, bad: BadHead) -> None:
        """Answer a bad head, unless an earlier request must be answered first, and close the connection."""
        answered = self._is_next()
        status, detail = (bad.status.value, bad.fault.detail) if answered else (0, "")
        explained_at = self.limits.on_unread(_PROTOCOL, status, bad.fault.reason, detail)
        if answered:
            self.transport.write(bad.answer(explained_at))
        self.transport.close()
        self._watch_unsent()

    def _is_next(self) -> bool:
        if self.pipeline:
            return False
        if self._in_body and not self.cycle.response_started:
            return True
        return not self._in_body and (self.cycle is None or self.cycle.response_complete)
