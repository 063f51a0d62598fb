"""A server that does with each request what a list says: answers, breaks off, hangs up, or says nothing."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

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
        asked: Is set once there was one.
        closed: Is set once a connection was closed behind an answer.
    """

    url: str
    heard: list[bytes] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)


@contextmanager
def curt(*does: bytes, certificate: tuple[Path, Path] | None = None) -> Iterator[Curt]:
    """
    Serve on a free port; *does* is what becomes of each request, and the last one becomes of all that follow.

    Args:
        certificate: With its key, for encrypted connections.
    """
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)  # closing it elsewhere does not wake who waits for a connection on every system
        scheme = "http" if certificate is None else "https"
        server = Curt(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listener, server, does, certificate, ended))
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            thread.join()


def _serve(
    listener: socket.socket,
    server: Curt,
    does: Sequence[bytes],
    certificate: tuple[Path, Path] | None,
    ended: threading.Event,
) -> None:
    while not ended.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            with suppress(OSError), _secured(connection, certificate) as secured:
                _talk(secured, server, does)
            server.closed.set()


def _secured(connection: socket.socket, certificate: tuple[Path, Path] | None) -> socket.socket:
    connection.settimeout(20)
    if certificate is None:
        return connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context.wrap_socket(connection, server_side=True)


def _talk(connection: socket.socket, server: Curt, does: Sequence[bytes]) -> None:
    while request := _read(connection):
        done = does[min(len(server.heard), len(does) - 1)]
        server.heard.append(request)
        server.asked.set()
        if done == SILENCE:
            connection.recv(1)  # until the client closes
        if done.endswith(RESET):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if done in (HANG_UP, RESET, SILENCE):
            return
        connection.sendall(done.removesuffix(CLOSE).removesuffix(RESET))
        if done.startswith(HALF) or done.endswith(CLOSE):
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
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
