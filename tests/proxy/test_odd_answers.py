"""Whatever a server sends, a client gets its own answer, or is told that there is none."""

import socket
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from ssl import SSLContext, SSLSocket, create_default_context

import pytest

from tests.proxy.conftest import NewProxy, Proxied
from tests.proxy.scripted import Scripted
from tests.scenarios.curt import FINE, curt
from watchword.proxy.connection import Connection, Forwarded, Unusable


def trusting(certificate: tuple[Path, Path]) -> SSLContext:
    """Trust one certificate, whatever the name of the server."""
    context = create_default_context(cafile=certificate[0])
    context.check_hostname = False
    return context


def numbered(interim: bytes, scripted: Scripted) -> None:
    """Have every request answered by its number, behind an interim answer."""

    def answer(connection: socket.socket) -> None:
        body = str(len(scripted.heads)).encode()
        connection.sendall(interim + b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    scripted.script = answer


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 199 Own\r\n\r\n",
    ],
)
def test_each_request_gets_its_own_answer_behind_interim_ones(
    interim: bytes, proxied: Proxied, scripted: Scripted
) -> None:
    numbered(interim, scripted)
    answers = [proxied.request("GET", "/anything") for _ in range(3)]
    assert [(one.status_code, one.text) for one in answers] == [(200, "1"), (200, "2"), (200, "3")]
    assert "link" not in answers[0].headers
    assert scripted.connections == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("HTTP/1.1 101 Switching Protocols\nUpgrade: own\nConnection: upgrade", "its status is 101"),
        ("HTTP/1.1 600 Own\nContent-Length: 0", "its status is 600"),
        ("HTTP/1.1 999 Own\nContent-Length: 0", "its status is 999"),
        (
            "HTTP/1.1 200 OK\nX-Own: Their-secret-1\n Their-secret-2\nContent-Length: 0",
            "its header X-Own has a line break or a control character in it",
        ),
        (
            "HTTP/1.1 200 OK\nX-Own: Their\x00secret\nContent-Length: 0",
            "its header X-Own has a line break or a control character in it",
        ),
        ("HTTP/1.1 200 OK\nX(Own): 1\nContent-Length: 0", "the name of a header has a character in it"),
        ("HTTP/1.1 200 OK\nTheir-secret-1\nContent-Length: 0", "a line of its head is no header"),
    ],
)
def test_an_answer_that_cannot_be_passed_on_is_a_502_that_the_journal_has(
    said: str, why: str, proxied: Proxied, scripted: Scripted
) -> None:
    scripted.says(said)
    answer = proxied.request("GET", "/users")
    assert (answer.status_code, answer.json()["code"]) == (502, "upstream-failed")
    assert f"What {scripted.url} answers cannot be passed on: {why}" in answer.json()["detail"]
    assert "secret" not in answer.text
    assert (proxied.entry()["response"]["status"], proxied.entry()["code"]) == (502, "upstream-failed")
    assert proxied.record.kinds["server-error"] == 1


def test_the_next_request_gets_its_own_answer_after_one_that_could_not_be_passed_on(
    proxied: Proxied, scripted: Scripted
) -> None:
    scripted.says("HTTP/1.1 101 Switching Protocols")
    proxied.request("GET", "/anything")
    numbered(b"", scripted)
    assert proxied.request("GET", "/anything").text == "2"


def test_headers_of_an_answer_about_the_connection_stay(proxied: Proxied, scripted: Scripted) -> None:
    head = "HTTP/1.1 200 OK\nConnection: keep-alive, X-Hop\nKeep-Alive: timeout=5\nX-Hop: 1\nX-End: 2\nTrailer: X-Later"
    scripted.says(f"{head}\nProxy-Connection: keep-alive\nUpgrade: h2c\nTransfer-Encoding: chunked", b"0\r\n\r\n")
    answer = proxied.request("GET", "/anything")
    about_the_connection = {"connection", "keep-alive", "x-hop", "trailer", "proxy-connection", "upgrade"}
    assert not {*about_the_connection, "transfer-encoding"} & set(answer.headers)
    assert answer.headers["x-end"] == "2"


def test_nothing_is_sent_once_nobody_waits_for_the_answer(scripted: Scripted) -> None:
    class Slow(HTTPConnection):
        def connect(self) -> None:
            """Connect, which takes until the client has been told that it took too long."""
            super().connect()
            connection.give_up()

    host = scripted.url.removeprefix("http://")
    connection = Connection(Slow(host, timeout=20), host=host, base="", most_bytes=1000)
    with pytest.raises(Unusable, match="nobody waits"):
        connection.exchange(Forwarded("POST", "/login_with_password", (), b"{}"))
    assert scripted.heads == []


def test_a_connection_that_is_given_up_stays_encrypted(certificate: tuple[Path, Path]) -> None:
    with curt(FINE, certificate=certificate) as server:
        host = server.url.removeprefix("https://")
        http = HTTPSConnection(host, timeout=20, context=trusting(certificate))
        http.connect()
        Connection(http, host=host, base="", most_bytes=1000).give_up()
        assert isinstance(http.sock, SSLSocket)
        assert http.sock.version(), "a thread that sends just now must not send as it is"
        http.close()
    assert server.heard == []


def test_a_connection_that_is_being_opened_is_given_up_with_the_504(new_proxy: NewProxy) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        proxied = new_proxy(f"https://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.2)
        assert proxied.request("GET", "/users").status_code == 504
