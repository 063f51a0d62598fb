"""A request over HTTP/2, on a connection of its own: none is ever found closed, so no request goes out twice."""

import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.events import TrailersReceived as Trailers
from h2.exceptions import ProtocolError

from watchword.contract.driver import Reply, Request, read_json

HTTP2_FAILURES = (ValueError, OSError, ProtocolError)
"""What `ask_over_http2` raises; a `ValueError` that is no `OSError` is about a request that cannot be written."""
_STREAM = 1
_MOST_READ_BYTES = 65_536
_ENDS_A_LINE = re.compile(r"[\r\n\0]")


def ask_over_http2(url: str, request: Request, *, patience_seconds: float) -> Reply:
    """
    Send a request; the trailers of its answer are taken for headers.

    With TLS the server has to agree on HTTP/2, without TLS it has to expect it.

    Args:
        url: With the path that the request's follows.
        patience_seconds: How long the server may say nothing.

    Raises:
        HTTP2_FAILURES: There is no answer, or the request cannot be written.
    """
    parts = urlsplit(url)
    head = list(_head(parts, request))
    with _connect(parts, patience_seconds) as connection:
        return _Exchange(connection).ask(head, request.body)


def _connect(parts: SplitResult, patience_seconds: float) -> socket.socket:
    is_secure = parts.scheme == "https"
    address = parts.hostname or "", parts.port or (443 if is_secure else 80)
    connection = socket.create_connection(address, patience_seconds)
    if not is_secure:
        return connection
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2"])
    return context.wrap_socket(connection, server_hostname=parts.hostname)  # closes it if that fails


def _head(parts: SplitResult, request: Request) -> Iterator[tuple[bytes, bytes]]:
    fields = {
        ":method": request.method,
        ":scheme": parts.scheme,
        ":authority": parts.netloc.rpartition("@")[2],
        ":path": f"{parts.path.rstrip('/')}{request.path}",
        **{name.lower(): value for name, value in request.headers.items()},
    }
    for name, value in fields.items():
        if _ENDS_A_LINE.search(value):
            raise ValueError(f"{name} has a line break")
        yield name.encode("ascii"), value.encode("latin-1")


class _Exchange:
    """One request and its answer, frame by frame."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._frames = H2Connection(H2Configuration(header_encoding=None))
        self._headers: dict[str, str] = {}
        self._content = bytearray()
        self._has_ended = False

    def ask(self, head: list[tuple[bytes, bytes]], body: bytes) -> Reply:
        self._frames.initiate_connection()
        self._frames.send_headers(_STREAM, head)
        self._send(body)
        while not self._has_ended:
            self._read()
        content, status = bytes(self._content), int(self._headers.pop(":status"))
        return Reply(status, self._headers, content, read_json(content))

    def _send(self, body: bytes) -> None:
        """Send a body in as large parts as the server takes."""
        while not self._has_ended:
            room = min(self._frames.local_flow_control_window(_STREAM), self._frames.max_outbound_frame_size)
            if body and not room:
                self._read()
                continue
            part, body = body[:room], body[room:]
            self._frames.send_data(_STREAM, part, end_stream=not body)
            self._flush()
            if not body:
                return

    def _flush(self) -> None:
        self._socket.sendall(self._frames.data_to_send())

    def _read(self) -> None:
        received = self._socket.recv(_MOST_READ_BYTES)
        if not received:
            raise ConnectionError("the server closed the connection")
        for event in self._frames.receive_data(received):
            if self._has_ended:
                break
            self._take(event)
        self._flush()

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived(headers=headers) | Trailers(headers=headers):
                self._headers |= {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
            case DataReceived(data=data, flow_controlled_length=length):
                self._content += data
                self._frames.acknowledge_received_data(length, _STREAM)
            case StreamEnded():
                self._has_ended = True
            case StreamReset(error_code=code) | ConnectionTerminated(error_code=code):
                raise ConnectionError(f"the server broke off with HTTP/2's error {code}")
