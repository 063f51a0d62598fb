"""
What somebody else's servers have in common: a socket, hooks for tests, and requests that meet halfway.

Only the standard library is imported.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOOKS = (
    "[hooks.reset]",
    'request = "POST /test/reset"',
    "[hooks.clock]",
    'request = "POST /test/clock"',
    """body = '{"advance": {seconds}}'""",
    "[hooks.mails]",
    'request = "GET /test/mails"',
)
"""The hooks in the bindings; where the ``list`` of the mails is in their answer is each server's own."""


class Turns:
    """
    Requests take turns, and two of them can meet halfway.

    Args:
        patience_seconds: How long one waits for another.
    """

    def __init__(self, patience_seconds: float) -> None:
        self.lock = threading.Lock()
        self._meeting, self._patience_seconds = threading.Barrier(2), patience_seconds

    def meet(self) -> None:
        """Let another request come as far as this one, as a server without transactions may do."""
        self.lock.release()
        try:
            self._meeting.wait(timeout=self._patience_seconds)
        except threading.BrokenBarrierError:
            self._meeting.reset()
        finally:
            self.lock.acquire()


class Handler(BaseHTTPRequestHandler):
    """HTTP around the state of a server, which it is bound to."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    lock: threading.Lock

    def route(self, raw: bytes) -> None:
        """Answer a request with this body."""
        raise NotImplementedError

    def handle_one_request(self) -> None:
        """Answer requests of every method alike, one after the other."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.lock:
            self.route(raw)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that takes many connections at once."""

    request_queue_size = 100
    daemon_threads = True


@contextmanager
def serving(handler: type[Handler], **bound: object) -> Iterator[str]:
    """
    Serve on a free port; gives the address.

    Args:
        bound: What every handler has.
    """
    with Server(("127.0.0.1", 0), type("Bound", (handler,), bound)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
