"""HTTP/2 and HTTP/1.1 on one port, with and without TLS, with a client that sends frames."""

import base64
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import pytest

from tests.hostile.frames import PREFACE
from tests.serving import Served, serving

PATIENCE_SECONDS = 10


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without TLS that accepts bodies of up to a thousand bytes."""
    with serving(tmp_path_factory.mktemp("served"), "--max-body", "1000") as running:
        yield running


class Client:
    """One connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.socket.settimeout(PATIENCE_SECONDS)
        self.frames = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.frames.initiate_connection()
        self.flush()
        self.seen: list[Any] = []

    def flush(self) -> None:
        """Send the pending frames."""
        self.socket.sendall(self.frames.data_to_send())

    def begin(self, method: str, path: str, *, end: bool = True, **headers: str) -> int:
        """Start a request."""
        stream = self.frames.get_next_available_stream_id()
        fields = [(":method", method), (":path", path), (":scheme", "http"), (":authority", "localhost")]
        fields += [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.frames.send_headers(stream, fields, end_stream=end)
        self.flush()
        return stream

    def wait(self, kind: type, stream: int | None = None) -> Any:
        """Wait for an event of a *stream*; None for any stream."""
        while True:
            for event in self.seen:
                if isinstance(event, kind) and stream in (None, getattr(event, "stream_id", None)):
                    return event
            received = self.socket.recv(65536)
            assert received, "the connection ended"
            self.seen += self.frames.receive_data(received)
            self.flush()

    def status(self, stream: int) -> int:
        """Wait for the status of an answer."""
        return int(dict(self.wait(h2.events.ResponseReceived, stream).headers)[":status"])


@contextmanager
def connect(served: Served) -> Iterator[Client]:
    with socket.create_connection(("127.0.0.1", served.port)) as sock:
        yield Client(sock)


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    """A connection without TLS."""
    with connect(served) as client:
        yield client


def test_rest_is_served_over_http2_with_prior_knowledge(client: Client) -> None:
    stream = client.begin("GET", "/__admin/health")
    assert client.status(stream) == 200
    client.wait(h2.events.StreamEnded, stream)


def test_a_preface_in_pieces_is_still_http2(served: Served) -> None:
    client = Client.__new__(Client)
    with socket.create_connection(("127.0.0.1", served.port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        frames = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        frames.initiate_connection()
        for byte in frames.data_to_send():
            sock.sendall(bytes([byte]))
        client.socket, client.frames, client.seen = sock, frames, []
        sock.settimeout(PATIENCE_SECONDS)
        assert client.status(client.begin("GET", "/__admin/health")) == 200


def test_a_request_that_begins_like_http2_is_served_as_http1(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as sock:
        sock.settimeout(PATIENCE_SECONDS)
        sock.sendall(b"P")
        sock.sendall(b"OST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        assert sock.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_an_answer_before_the_end_of_a_body_leaves_the_connection_alive(client: Client) -> None:
    """A body that is too long is refused at once; what the client still sends on that stream is ignored."""
    other = client.begin("POST", "/v2/sessions", end=False)
    stream = client.begin("POST", "/v2/sessions", end=False, content_length="5000")
    assert client.status(stream) == 413
    client.wait(h2.events.StreamEnded, stream)
    for _ in range(20):
        client.frames.send_data(stream, b" " * 200)
        client.flush()
    client.frames.send_data(stream, b" " * 1000, end_stream=True)
    client.frames.send_data(other, b"{}", end_stream=True)
    client.flush()
    assert client.status(other) == 401
    assert client.status(client.begin("GET", "/__admin/health")) == 200


def test_a_stream_that_the_client_resets_leaves_the_connection_alive(client: Client) -> None:
    stream = client.begin("POST", "/v2/sessions", end=False)
    client.frames.reset_stream(stream)
    client.flush()
    assert client.status(client.begin("GET", "/__admin/health")) == 200


def test_a_connection_carries_more_than_a_thousand_calls(client: Client) -> None:
    """Hypercorn's default is to close a connection after a thousand."""
    client.frames.increment_flow_control_window(1_000_000)  # the answers together are longer than a new connection's
    for _ in range(1100):
        stream = client.begin("GET", "/__admin/health")
        client.wait(h2.events.StreamEnded, stream)
        client.seen.clear()


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\x00" * 100, id="zeros"),
        pytest.param(b"\x00\x00\x04\x01\x05\x00\x00\x00\x01\xff\xff\xff\xff", id="invalid headers"),
        pytest.param(b"\x00\x00\x00\x00\x01\x00\x00\x00\x07", id="data for no stream"),
    ],
)
def test_invalid_frames_end_their_own_connection_only(served: Served, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as sock:
        sock.settimeout(PATIENCE_SECONDS)
        sock.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + garbage)
        while sock.recv(65536):
            pass
    assert httpx.get(f"{served.url}/__admin/health").status_code == 200
    assert served.process.poll() is None


def test_the_address_of_the_client_is_known_over_http2(client: Client) -> None:
    """The control API accepts clients on this machine only, so it needs the address."""
    assert client.status(client.begin("GET", "/__admin/people")) == 200


def test_the_server_stops_at_once_although_connections_are_idle(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as running,
        socket.create_connection(("127.0.0.1", running.port)),
        connect(running) as client,
    ):
        client.wait(h2.events.StreamEnded, client.begin("GET", "/__admin/health"))
        running.process.terminate()
        assert running.process.wait(4) == 0


BAD_NAME = "/~-bad/zitadel.user.v2.UserService/SetPassword"


def test_a_grpc_call_with_a_bad_sandbox_name_gets_a_status_of_grpc(client: Client) -> None:
    stream = client.begin("POST", BAD_NAME, content_type="application/grpc", te="trailers")
    assert client.status(stream) == 200
    trailers = dict(client.wait(h2.events.TrailersReceived, stream).headers)
    assert trailers["grpc-status"] == "3"
    assert "starts with a letter or digit" in trailers["grpc-message"]


@pytest.mark.parametrize("kind", ["application/grpc-web+proto", "application/grpc-web-text"])
def test_a_grpc_web_call_with_a_bad_sandbox_name_gets_a_status_of_grpc(served: Served, kind: str) -> None:
    reply = httpx.post(f"{served.url}{BAD_NAME}", headers={"content-type": kind})
    body = base64.b64decode(reply.content) if "text" in kind else reply.content
    assert (reply.status_code, reply.headers["content-type"]) == (200, kind)
    assert (body[0], int.from_bytes(body[1:5])) == (0x80, len(body) - 5)
    assert body[5:].startswith(b"grpc-status: 3\r\ngrpc-message: ")


def test_a_connect_call_with_a_bad_sandbox_name_gets_an_error_of_connect(served: Served) -> None:
    reply = httpx.post(f"{served.url}{BAD_NAME}", json={})
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_argument")
    by_header = {"watchword-sandbox": "-bad"}
    again = httpx.post(f"{served.url}{BAD_NAME.removeprefix('/~-bad')}", json={}, headers=by_header)
    assert (again.status_code, again.json()["code"]) == (400, "invalid_argument")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, certificate: tuple[Path, Path]) -> Iterator[Served]:
    """A server over TLS."""
    public, private = certificate
    flags = ("--tls-cert", str(public), "--tls-key", str(private), "--body-timeout", "2")
    with serving(tmp_path_factory.mktemp("secured"), *flags) as running:
        yield running


@pytest.mark.parametrize(("offered", "chosen"), [(["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], None)])
def test_the_tls_handshake_chooses_the_protocol(
    secured: Served, certificate: tuple[Path, Path], offered: list[str], chosen: str | None
) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    if offered:
        context.set_alpn_protocols(offered)
    with (
        socket.create_connection(("127.0.0.1", secured.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as sock,
    ):
        assert sock.selected_alpn_protocol() == chosen
        if chosen == "h2":
            client = Client(sock)
            assert client.status(client.begin("GET", "/__admin/health")) == 200
        else:
            sock.sendall(b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert sock.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("offered", ["h2", "http/1.1"])
@pytest.mark.parametrize("begun", [b"", PREFACE[:10]], ids=["not a byte", "half a preface"])
def test_a_client_that_is_silent_after_the_tls_handshake_is_given_up_in_time(
    secured: Served, certificate: tuple[Path, Path], offered: str, begun: bytes
) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.set_alpn_protocols([offered])
    with (
        socket.create_connection(("127.0.0.1", secured.port), timeout=PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as sock,
    ):
        sock.sendall(begun)
        started = time.monotonic()
        with suppress(ssl.SSLError):
            while sock.recv(65536):
                pass
        assert 1 < time.monotonic() - started < 5


def test_a_refused_call_does_not_send_its_content_type_back(served: Served) -> None:
    headers = {"content-type": 'application/grpc-web+Canary-1; x="y"'}
    reply = httpx.post(f"{served.url}{BAD_NAME}", headers=headers)
    assert reply.headers["content-type"] == "application/grpc-web"
