"""A request over HTTP/2, to a server of gRPC that shares nothing with ours."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import grpc
import pytest

from tests.scenarios.curt import FINE, HANG_UP, SILENCE, curt
from watchword.contract.driver import NoAnswer, Reply, Request, TargetFailed
from watchword.contract.wire import Wire

LARGE = b"\0" + (300_000).to_bytes(4) + b"x" * 300_000
"""A frame that is larger than what a server takes at once."""
EMPTY = b"\0\0\0\0\0"


class Echo(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpcio is published without types
    """Answers every call with what it was sent; without a message it refuses."""

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Find the method."""
        sent = dict(details.invocation_metadata)

        def answer(message: bytes, context: grpc.ServicerContext) -> bytes:
            context.set_trailing_metadata((("seen", sent.get("token", "nothing")),))
            if not message:
                context.abort(grpc.StatusCode.NOT_FOUND, "nobody")
            return message

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of that server."""
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Echo(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop(None).wait()


@contextmanager
def wire_to(url: str) -> Iterator[Callable[..., Reply]]:
    """Give what sends a body to a server, with further headers."""

    def send(body: bytes, **more: str) -> Reply:
        headers = {"content-type": "application/grpc", "te": "trailers", **more}
        return wire.carry(Request("", "POST", "/any.Service/Method", headers, body, needs_http2=True))

    with closing(Wire(url, patience_seconds=5)) as wire:
        yield send


def test_headers_and_trailers_of_an_answer_are_read(url: str) -> None:
    with wire_to(url) as send:
        reply = send(b"\0\0\0\0\2hi", token="Clover")
    assert (reply.status, reply.content) == (200, b"\0\0\0\0\2hi")
    assert (reply.headers["content-type"], reply.headers["grpc-status"], reply.headers["seen"]) == (
        "application/grpc",
        "0",
        "Clover",
    )


def test_a_refusal_is_read_from_its_trailers(url: str) -> None:
    with wire_to(url) as send:
        reply = send(EMPTY)
    assert (reply.status, reply.headers["grpc-status"], reply.headers["grpc-message"]) == (200, "5", "nobody")


def test_a_body_is_sent_and_read_in_as_many_parts_as_it_needs(url: str) -> None:
    with wire_to(url) as send:
        assert send(LARGE).content == LARGE


@pytest.mark.parametrize("does", [FINE, HANG_UP], ids=["speaks HTTP/1.1", "hangs up"])
def test_a_server_that_does_not_speak_it_gives_no_answer(does: bytes) -> None:
    with curt(does) as server, wire_to(server.url) as send, pytest.raises(NoAnswer, match="does not answer POST /any"):
        send(EMPTY)


def test_what_cannot_be_sent_is_told_without_the_header(url: str) -> None:
    with wire_to(url) as send, pytest.raises(TargetFailed, match="a header or the path of POST /any") as told:
        send(EMPTY, token="Clover\n66")
    assert "Clover" not in str(told.value)


def test_with_tls_the_server_has_to_be_trusted(certificate: tuple[Path, Path]) -> None:
    with (
        curt(SILENCE, certificate=certificate) as server,
        wire_to(server.url) as send,
        pytest.raises(NoAnswer, match="certificate"),
    ):
        send(EMPTY)
