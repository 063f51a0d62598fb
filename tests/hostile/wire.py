"""Requests byte by byte, because HTTP libraries send no malformed ones."""

import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

PATIENCE_SECONDS = 60
CRLF = b"\r\n"
Header = tuple[str, str | bytes]


@dataclass(frozen=True)
class Reply:
    """
    One answer as it was received.

    Args:
        headers: By lower-case name.
        raw: Head and body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    raw: bytes

    @property
    def json(self) -> Any:
        """The body, decoded from JSON."""
        return orjson.loads(self.body)


def receive(connection: socket.socket) -> bytes:
    """
    Read what comes next.

    Raises:
        EOFError: The server closed the connection.
    """
    try:
        received = connection.recv(65536)
    except ConnectionResetError:
        received = b""
    if not received:
        raise EOFError
    return received


class Connection:
    """One connection to the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        """Send; it is not an error if the server has closed the connection."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def half_close(self) -> None:
        """Close the sending side."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def reply(self, *, head_only: bool = False) -> Reply:
        """
        Read the next answer.

        Args:
            head_only: It is the answer to HEAD, so it has no body, whatever its length says.

        Raises:
            EOFError: The server closed the connection instead.
        """
        while (end := self._buffer.find(CRLF * 2)) < 0:
            self._more()
        head, rest = self._buffer[:end], self._buffer[end + 4 :]
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        status = int(line.split()[1])
        assert "transfer-encoding" not in headers, "the server knows the length of all it sends"
        length = 0 if head_only else int(headers.get("content-length", "0"))
        self._buffer = rest
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Reply(status, headers, body, head + CRLF * 2 + body)

    def is_closed(self) -> bool:
        """Whether the server closes the connection and sends nothing more."""
        try:
            self._more()
        except EOFError:
            return True
        return False

    def rest(self) -> bytes:
        """Read until the server closes the connection."""
        while not self.is_closed():
            pass
        return self._buffer

    def _more(self) -> None:
        self._buffer += receive(self._socket)


@contextmanager
def connect(port: int) -> Iterator[Connection]:
    """Connect, and close the connection at the end."""
    connection = Connection(port)
    try:
        yield connection
    finally:
        connection.close()


def head(method: str, target: str | bytes, headers: Iterable[Header], version: str = "1.1") -> bytes:
    """Write request line and headers exactly as given."""
    lines = [method.encode() + b" " + _bytes(target) + b" HTTP/" + version.encode(), b"Host: localhost"]
    lines += [name.encode() + b": " + _bytes(value) for name, value in headers]
    return CRLF.join([*lines, b"", b""])


def whole(method: str, target: str | bytes, headers: Iterable[Header] = (), body: bytes | None = None) -> bytes:
    """Write a request; if it has a body, with its length."""
    if body is None:
        return head(method, target, headers)
    return head(method, target, [*headers, ("Content-Length", str(len(body)))]) + body


def write_chunks(pieces: Iterable[bytes]) -> bytes:
    """Write a chunked body."""
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def ask(port: int, request: bytes, *, head_only: bool = False) -> Reply:
    """Send one request on a new connection, and read the answer."""
    with connect(port) as connection:
        connection.send(request)
        return connection.reply(head_only=head_only)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")
