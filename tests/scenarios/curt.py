"""A server that does with each request what a list says: answers, breaks off, hangs up, or says nothing."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HANG_UP = b""
"""Close the connection without an answer."""
RESET = b"RST"
"""Reset the connection."""
SILENCE = b"..."
"""Say nothing until the client gives up."""
CLOSE = b"..CLOSE"
"""After an answer: close the connection, without a word about that in the answer."""
FINE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{"
"""An answer that breaks off."""


@dataclass
class Curt:
    """
    The server.

    Args:
        url: Its address.
        heard: Every request, as it came.
        closed: Is set once a connection was closed behind an answer.
    """

    url: str
    heard: list[bytes] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)


@contextmanager
def curt(*does: bytes) -> Iterator[Curt]:
    """Serve on a free port; *does* is what becomes of each request, and the last one becomes of all that follow."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Curt(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listener, server, does))
        thread.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, server: Curt, does: Sequence[bytes]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.settimeout(20)
                _talk(connection, server, does)
            server.closed.set()


def _talk(connection: socket.socket, server: Curt, does: Sequence[bytes]) -> None:
    while request := _read(connection):
        done = does[min(len(server.heard), len(does) - 1)]
        server.heard.append(request)
        if done == SILENCE:
            connection.recv(1)  # until the client closes
        if done == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if done in (HANG_UP, RESET, SILENCE):
            return
        connection.sendall(done.removesuffix(CLOSE))
        if done == HALF or done.endswith(CLOSE):
            return


def _read(connection: socket.socket) -> bytes:
    content = b""
    while b"\r\n\r\n" not in content:
        part = connection.recv(65536)
        if not part:
            return b""
        content += part
    head, _, body = content.partition(b"\r\n\r\n")
    length = next(
        (int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
