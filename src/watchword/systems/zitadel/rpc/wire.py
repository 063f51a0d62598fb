"""
What stands around the messages of an answer: its headers and trailers, and where the status of an error goes.

The library speaks the protocols. The real service speaks them with two libraries of Go, by release and path: with
grpc-go, which a wrapper translates for gRPC-Web, or with connect-go. What each of them sends besides the messages
differs, so what our library sends is taken apart here and sent as theirs would.

Source:
    Recorded answers of v2.65.3 and v4.6.5; for what was not recorded the public sources of grpc-go and connect-go.
"""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

import orjson
from starlette.types import Message, Send

from watchword.edge.exchange import Exchange
from watchword.systems.zitadel.cors import policy
from watchword.systems.zitadel.headers import ROBOTS, UNCACHED, format_http_date
from watchword.systems.zitadel.rpc.content_types import answered_type
from watchword.systems.zitadel.rpc.library import Library

Pairs = list[tuple[bytes, bytes]]

_TRAILERS_FLAG, _COMPRESSED_FLAG = 0x80, 0x01
_PREFIX_BYTES = 5
_STATUS, _MESSAGE = b"grpc-status", b"grpc-message"
_NOT_ENCODED = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
_NO_VARY = (b"vary", b"")
"""Nothing decides about the answer, not even the origin; ``edge/cors.py`` takes it away."""
_ROBOTS = tuple((name.lower().encode(), value.encode()) for name, value in ROBOTS.items())
_ANNOUNCED = (b"trailer", b"Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin")
_WITHOUT_TRAILERS = (
    b"watchword-hint",
    b"gRPC needs HTTP/2: this server sends no trailers over HTTP/1.1, so that the status of this call is missing.",
)
_OF_CORS = (b"access-control-allow-origin", b"access-control-allow-credentials")


class Wire:
    """
    Where our library sends an answer to.

    Args:
        library: Whose answers it looks like.
        send: The client.
    """

    def __init__(self, exchange: Exchange, library: Library, send: Send) -> None:
        self._exchange, self._library, self.send = exchange, library, send
        self._start: Message | None = None
        self._started = False
        self.at_service = False
        """Whether the call has reached the service; what is refused before that gets fewer headers."""

    async def __call__(self, message: Message) -> None:
        """Take one message of our library."""
        match message["type"]:
            case "http.response.start":
                self._start = message
            case "http.response.body":
                await self._take_body(message)
            case "http.response.trailers":
                await self._end(list(message["headers"]))

    async def _take_body(self, message: Message) -> None:
        body = message.get("body", b"")
        assert self._start is not None  # noqa: S101  # a start comes first
        if self._exchange.protocol == "grpc-web" and body and body[0] & _TRAILERS_FLAG:
            await self._end(_read_trailers(body))
        elif (trailers := _status_of(self._start)) and not self._started:
            await self._end(trailers)
        elif body or not self._start.get("trailers"):
            success = self._start["status"] == 200
            await self._begin(success=success)
            await self.send(message if success else {**message, "body": _without_blanks(body)})

    async def _begin(self, *, success: bool, more: Iterable[tuple[bytes, bytes]] = (), trailers: bool = False) -> None:
        """Send the head, unless it was sent."""
        if self._started:
            return
        self._started = True
        start = self._start
        assert start is not None  # noqa: S101  # a start comes first
        kept = [(name, value) for name, value in start["headers"] if _is_kept(name, value)]
        headers = [*kept, *self._headers(success=success), *more]
        kind = answered_type(self._exchange.headers.get("content-type", ""), self._exchange.protocol)
        if kind and start["status"] == 200:
            headers = [(b"content-type", kind.encode()), *(one for one in headers if one[0] != b"content-type")]
        if self._wrapped:
            headers.append((b"access-control-expose-headers", self._exposed(headers)))
        else:
            headers += _pairs(exposed_to_page(self._exchange))
        announced = self._has_trailers and bool(trailers or start.get("trailers"))
        await self.send({**start, "headers": headers, "trailers": announced})

    async def _end(self, trailers: Pairs) -> None:
        """Send the status: as trailers, as a frame, or among the headers."""
        trailers = sorted((name, _go_text(value) if name == _MESSAGE else value) for name, value in trailers)
        success = (_STATUS, b"0") in trailers
        if self._exchange.protocol == "grpc":
            await self._begin(success=success, trailers=True)
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
            if self._has_trailers:
                await self.send({"type": "http.response.trailers", "headers": trailers, "more_trailers": False})
        elif self._started or (self._wrapped and self.at_service) or success:
            await self._begin(success=success)
            lines = b"".join(name + b": " + value + b"\r\n" for name, value in trailers)
            frame = bytes([_TRAILERS_FLAG]) + len(lines).to_bytes(4) + lines
            await self.send({"type": "http.response.body", "body": frame, "more_body": False})
        else:
            await self._begin(success=False, more=trailers)
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    @property
    def _wrapped(self) -> bool:
        return self._library is Library.GRPC_GO and self._exchange.protocol == "grpc-web"

    @property
    def _has_trailers(self) -> bool:
        return self._exchange.protocol == "grpc" and self._exchange.http_version.startswith("2")

    def _headers(self, *, success: bool) -> Pairs:
        """List what the real service's library adds."""
        protocol, headers = self._exchange.protocol, list(_ROBOTS)
        now = format_http_date(self._exchange.sandbox.clock.now())
        uncached = {**UNCACHED, "Expires": now}
        if self._library is Library.CONNECT_GO:
            headers.append((b"accept-encoding" if protocol == "connect" else b"grpc-accept-encoding", b"gzip"))
            if protocol == "grpc" and not self._has_trailers:
                headers.append(_WITHOUT_TRAILERS)
            return headers + (_pairs(uncached) if success else [])
        if protocol == "grpc":
            headers += [_ANNOUNCED, _NO_VARY]
        if self.at_service:
            headers += _pairs(uncached) + _pairs({f"Grpc-Metadata-{name}": one for name, one in uncached.items()})
        return headers

    def _exposed(self, headers: Pairs) -> bytes:
        """Name every header of the answer, as the wrapper for gRPC-Web does."""
        names = {name for name, _ in headers} | {b"date", b"vary"}
        if "origin" in self._exchange.headers:
            names.update(_OF_CORS)
        return b", ".join([*sorted(name.title() for name in names), _STATUS, _MESSAGE])


def exposed_to_page(exchange: Exchange) -> Mapping[str, str]:
    """Name what a page of another origin may read of the answer."""
    return policy(exchange.settings).exposing if "origin" in exchange.headers else {}


def _is_kept(name: bytes, value: bytes) -> bool:
    """Whether the real service's library sends this header of ours too."""
    if name in (b"content-encoding", b"grpc-encoding"):
        return value != b"identity"
    return name != b"vary" and not name.startswith(b"grpc-")


def _status_of(start: Message) -> Pairs:
    """List what a head says about the status of a call; nothing if messages and trailers follow."""
    found = [(name, value) for name, value in start["headers"] if name in (_STATUS, _MESSAGE)]
    found += [(name, value) for name, value in start["headers"] if name == b"grpc-status-details-bin"]
    return found if any(name == _STATUS for name, _ in found) else []


def _read_trailers(frame: bytes) -> Pairs:
    payload = frame[_PREFIX_BYTES:]
    if frame[0] & _COMPRESSED_FLAG:
        payload = zlib.decompress(payload, wbits=zlib.MAX_WBITS | 16)
    lines = (line.partition(b":") for line in payload.split(b"\r\n") if line)
    return [(name.lower(), value.strip()) for name, _, value in lines]


def _without_blanks(body: bytes) -> bytes:
    """Write an error of Connect as connect-go does, without blanks between its members."""
    return orjson.dumps(orjson.loads(body)) if body else body


def _go_text(value: bytes) -> bytes:
    """Encode a text as both libraries do: only what is not printable, and the percent sign."""
    return quote(unquote(value.decode()), safe=_NOT_ENCODED).encode()


def _pairs(headers: Mapping[str, Any]) -> Pairs:
    return [(name.lower().encode(), str(value).encode()) for name, value in headers.items()]
