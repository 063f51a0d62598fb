"""A server that says byte for byte what a test tells it to, and remembers what it was sent."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket

Script = Callable[[socket], None]
"""Answers one request, on its connection."""


@dataclass
class Scripted:
    """
    The server.

    Attributes:
        script: Answers every request.
        heads: The heads of the requests so far, as they came.
        bodies: Their bodies.
        connections: How many connections there were.
        opened: How many of them are open.
    """

    url: str = ""
    script: Script = lambda _connection: None
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    opened: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def says(self, head: str, body: bytes = b"") -> None:
        """Answer with a status line and headers, a line each, and *body*."""
        answer = "\r\n".join([*head.strip().splitlines(), "", ""]).encode() + body
        self.script = lambda connection: connection.sendall(answer)

    def serve(self, connection: socket) -> None:
        """Answer the requests of a connection until there are no more, or the script has closed it."""
        with self._counted(), connection.makefile("rb") as stream:
            while line := stream.readline():
                head = line
                while (line := stream.readline()) not in (b"\r\n", b""):
                    head += line
                self.heads.append(head)
                length = next((int(one[15:]) for one in head.lower().splitlines() if one[:15] == b"content-length:"), 0)
                self.bodies.append(stream.read(length))
                self.script(connection)
                if connection.fileno() < 0:
                    return

    def has_open(self, most: int) -> bool:
        """Whether so many connections are open at most, once those are closed that are being closed."""
        with self._changed:
            return self._changed.wait_for(lambda: self.opened <= most, timeout=10)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self.connections += 1
            self.opened += 1
        try:
            yield
        finally:
            with self._changed:
                self.opened -= 1
                self._changed.notify_all()

    def headers(self) -> list[str]:
        """Give the header lines of the newest request, names in lower case, without those of the client library."""
        lines = [line.decode().partition(": ") for line in self.heads[-1].splitlines()[1:]]
        return [f"{name.lower()}: {value}" for name, _, value in lines]


def hang_up(connection: socket) -> None:
    """End the connection without an answer."""
    connection.shutdown(SHUT_RDWR)
    connection.close()


@contextmanager
def serving_script() -> Iterator[Scripted]:
    """Serve on a free port."""
    scripted = Scripted()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                scripted.serve(self.request)
            except OSError:
                return  # the proxy has closed it

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield scripted
        finally:
            server.shutdown()
            thread.join()
