"""HTTP/2 connections of clients that do not behave."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.settings

from tests.hostile.wire import receive

PATIENCE_SECONDS = 30
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, PING, RST_STREAM, PRIORITY = 4, 6, 3, 2


def frame(kind: int, payload: bytes = b"", *, flags: int = 0, stream: int = 0, length: int | None = None) -> bytes:
    """Write a frame; *length* is what its head announces, if that is not true."""
    size = len(payload) if length is None else length
    return size.to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


class Greedy:
    """A connection that asks for much and takes only what its *window* allows."""

    def __init__(self, sock: socket.socket, window: int = 65535) -> None:
        self.socket = sock
        self.frames = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.frames.local_settings = h2.settings.Settings(
            client=True, initial_values={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window}
        )
        self.frames.initiate_connection()
        self.flush()

    def flush(self) -> None:
        """Send the pending frames."""
        self.socket.sendall(self.frames.data_to_send())

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        end: bool = True,
        headers: Mapping[str, str] | None = None,
        host: str = "localhost",
    ) -> int:
        """Begin a request."""
        stream = self.frames.get_next_available_stream_id()
        fields = [(":method", method), (":path", path), (":scheme", "http"), (":authority", host)]
        fields += (headers or {}).items()
        self.frames.send_headers(stream, fields, end_stream=end)
        return stream

    def answers(self, count: int) -> dict[int, int]:
        """Wait for the heads of *count* answers; return the status of each stream."""
        statuses: dict[int, int] = {}
        while len(statuses) < count:
            for event in self.events():
                if isinstance(event, h2.events.ResponseReceived):
                    head: dict[Any, Any] = dict(event.headers or [])
                    statuses[event.stream_id or 0] = int(head[":status"])
        return statuses

    def events(self) -> list[h2.events.Event]:
        """
        Read what comes next.

        Raises:
            EOFError: The server closed the connection.
        """
        found = self.frames.receive_data(receive(self.socket))
        self.flush()
        return found

    def close(self) -> None:
        """Hang up, without a GOAWAY."""
        self.socket.close()


def connect_greedy(port: int, window: int) -> Greedy:
    """Connect to a server on this machine."""
    return Greedy(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS), window)


@contextmanager
def greedy(port: int, window: int = 65535) -> Iterator[Greedy]:
    """Connect, and hang up at the end."""
    made = connect_greedy(port, window)
    try:
        yield made
    finally:
        made.close()
