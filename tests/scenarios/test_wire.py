"""The connection to a server that is tested: no request goes out twice, whatever becomes of it."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.scenarios.curt import CLOSE, FINE, HALF, HANG_UP, RESET, SILENCE, curt
from watchword.contract.driver import Request, TargetFailed
from watchword.contract.wire import Wire, send_at_once

FAILURES = pytest.mark.parametrize(
    "failure", [HANG_UP, RESET, HALF, SILENCE], ids=["hangs up", "resets", "half", "silent"]
)


def send(wire: Wire) -> int:
    """Send a request that must not be sent twice."""
    return wire.send("POST", "/login", {}, b"{}").status


def test_a_connection_that_the_server_has_closed_since_is_opened_again() -> None:
    with curt(FINE + CLOSE) as server, closing(Wire(server.url)) as wire:
        assert send(wire) == 200
        assert server.closed.wait(20)
        assert send(wire) == 200
    assert len(server.heard) == 2


def test_interim_answers_are_not_taken_for_the_answer() -> None:
    interim = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    with curt(interim + FINE, FINE) as server, closing(Wire(server.url)) as wire:
        assert [send(wire), send(wire)] == [200, 200]


@pytest.mark.parametrize("failure", [HANG_UP, RESET], ids=["hangs up", "resets"])
@pytest.mark.parametrize(("method", "may_repeat"), [("GET", False), ("POST", True)])
def test_what_does_no_harm_is_sent_again_when_a_connection_that_was_kept_is_closed_under_it(
    failure: bytes, method: str, *, may_repeat: bool
) -> None:
    with curt(FINE, failure, FINE) as server, closing(Wire(server.url)) as wire:
        for _ in range(2):
            assert wire.send(method, "/mails", {}, b"", may_repeat=may_repeat).status == 200
    assert len(server.heard) == 3


@pytest.mark.parametrize("failure", [HALF, HALF + RESET], ids=["breaks off", "is reset"])
@pytest.mark.parametrize(("method", "may_repeat"), [("GET", False), ("POST", True)])
def test_a_request_whose_answer_has_begun_is_not_sent_again_though_it_would_do_no_harm(
    failure: bytes, method: str, *, may_repeat: bool
) -> None:
    with curt(FINE, failure, FINE) as server, closing(Wire(server.url)) as wire:
        assert send(wire) == 200
        with pytest.raises(TargetFailed, match=f"does not answer {method} /mails"):
            wire.send(method, "/mails", {}, b"", may_repeat=may_repeat)
    assert len(server.heard) == 2


@pytest.mark.parametrize("failure", [HANG_UP, RESET], ids=["hangs up", "resets"])
def test_what_a_new_connection_does_not_answer_is_not_sent_again(failure: bytes) -> None:
    with curt(failure, FINE) as server, closing(Wire(server.url)) as wire:
        with pytest.raises(TargetFailed, match="does not answer GET /mails"):
            wire.send("GET", "/mails", {}, b"")
        assert len(server.heard) == 1


@FAILURES
@pytest.mark.parametrize("before", [0, 1], ids=["new", "open"])
def test_a_request_without_an_answer_is_not_sent_again(failure: bytes, before: int) -> None:
    with curt(*[FINE] * before, failure) as server, closing(Wire(server.url, patience_seconds=0.2)) as wire:
        for _ in range(before):
            send(wire)
        with pytest.raises(TargetFailed, match="does not answer POST /login"):
            send(wire)
    assert len(server.heard) == before + 1


@pytest.mark.parametrize(
    ("path", "value"), [("/in", "sk-Clover-66\n"), ("/in", "ключ"), ("/é", "fine"), ("/a b", "fine")]
)
def test_what_cannot_be_sent_is_told_without_a_header_and_keeps_nobody_waiting(path: str, value: str) -> None:
    request = Request("", "POST", path, {"api-key": value}, b"{}")
    with curt(FINE) as server, closing(Wire(server.url)) as wire:
        with pytest.raises(TargetFailed, match=r"a header or the path of POST /.+ cannot be sent") as alone:
            wire.send(request.method, request.path, request.headers, request.body)
        with pytest.raises(TargetFailed, match="cannot be sent") as at_once:
            send_at_once(server.url, [request] * 3)
        assert send(wire) == 200
    assert len(server.heard) == 1
    assert not any(value in str(one.value) for one in (alone, at_once))


def test_a_certificate_that_nobody_trusts_is_told_as_such(certificate: tuple[Path, Path]) -> None:
    with (
        curt(FINE, certificate=certificate) as server,
        closing(Wire(server.url)) as wire,
        pytest.raises(TargetFailed, match=r"does not answer POST /login .*certificate"),
    ):
        send(wire)
    assert server.heard == []
