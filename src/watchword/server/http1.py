"""HTTP/1.1 on a connection: what uvicorn and httptools leave open, closed."""

from http import HTTPStatus

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from watchword.edge.request_body import ARRIVED
from watchword.edge.sending import WHOLE, Headers

LONGEST_HEAD = 64 * 1024
"""Of a request line and its headers together, in bytes."""


class _Refused(Exception):
    """A head that is answered here already, because no request can be made of it."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def _too_long() -> _Refused:
    return _Refused(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        f"Request line and headers are longer than {LONGEST_HEAD} bytes.",
    )


class Protocol(HttpToolsProtocol):
    """
    One connection.

    A client may offer to speak another protocol, and a server may go on in the present one
    (RFC 9110, section 7.8).
    Java's own client offers ``h2c`` with its first request, be it one with a body.
    httptools stops reading where another protocol might begin, and so loses that body (uvicorn
    #2722): here the head of such a request is read a second time, without the offer.

    A head that is too long is answered 431, before more than a few reads of it are in memory.
    What is no HTTP at all is answered 400, and no header is taken out of the trailers of a body.
    """

    _in_head = _in_body = False
    _went_on = False
    _unfinished = _reading = 0
    _idle_since = 0.0
    _arrived: dict[str, bool]

    def data_received(self, data: bytes) -> None:
        rest: bytes | None = data
        while rest is not None:
            rest = self._read(rest)

    def _read(self, data: bytes) -> bytes | None:
        """Take *data* in; if it ends in an offer, give back what is to be read instead."""
        self._went_on, self._reading = self._in_head, len(data)
        try:
            self.parser.feed_data(data)
            self._unfinished = self._unfinished + len(data) if self._went_on and self._in_head else 0
            if self._unfinished > LONGEST_HEAD:
                self._refuse(_too_long())
        except httptools.HttpParserUpgrade as stopped:
            (end,) = stopped.args
            head, self.parser = self._head_without_offer(), httptools.HttpRequestParser(self)
            # As the base does: what comes after `Connection: close` is ignored instead of an error.
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            return head + data[end:]
        except httptools.HttpParserError as error:
            cause = error.__context__
            unreadable = _Refused(HTTPStatus.BAD_REQUEST, "This is no HTTP/1.1 request.")
            self._refuse(cause if isinstance(cause, _Refused) else unreadable)
        return None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._offers_another():
            return
        # A head that came in one short read is not measured.
        if (self._went_on or self._reading > LONGEST_HEAD) and self._head_length() > LONGEST_HEAD:
            raise _too_long()
        if self.parser.get_method() == b"CONNECT":
            raise _Refused(HTTPStatus.BAD_REQUEST, "This server is no proxy.")
        super().on_headers_complete()
        self._arrived = {"whole": False}
        self.scope["extensions"] = {ARRIVED: self._arrived, WHOLE: self._answer}  # type: ignore[dict-item]  # any values
        # Headers from here on are trailers, which must not pass for credentials (RFC 9110, section 6.5.1).
        self.headers = []
        self._in_body = True

    def _answer(self, status: int, headers: Headers, body: bytes) -> bool:
        """Write an answer of a usual request at once; False, with nothing written, if it is no usual one."""
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

    def on_message_complete(self) -> None:
        if not self._offers_another():
            self._in_body, self._arrived["whole"] = False, True
            super().on_message_complete()

    def _offers_another(self) -> bool:
        # To the parser a tunnel is another protocol too, but one that the client insists on.
        return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

    def _head_length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % (name, value) for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def _unset_keepalive_if_required(self) -> None:
        """Leave the timer, which the base stops and starts with every request: it looks by itself whether it is due."""

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._idle_since = self.loop.time()
            if self.timeout_keep_alive_task is None:
                self._look_later(self.timeout_keep_alive)

    def _look_later(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        # Whoever has begun a request is not idle; the next answer starts the timer again.
        if self.transport.is_closing() or self._in_head or not self.cycle.response_complete:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_later(left)
        else:
            self.transport.close()

    def _refuse(self, refused: _Refused) -> None:
        """Answer what never became a request, if it is its turn to be answered, and hang up."""
        if self._is_next():
            status, title = refused.status.value, refused.status.phrase
            body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": refused.detail})
            head = (
                f"HTTP/1.1 {status} {title}\r\n"
                "content-type: application/problem+json\r\n"
                f"content-length: {len(body)}\r\n"
                "connection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()

    def _is_next(self) -> bool:
        if self.pipeline:
            return False
        if self._in_body and not self.cycle.response_started:
            return True
        return not self._in_body and (self.cycle is None or self.cycle.response_complete)
