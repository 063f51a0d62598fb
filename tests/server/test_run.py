"""Opening a socket."""

import socket
from contextlib import closing

import pytest

from watchword.server.run import CannotListen, is_loopback, listen


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  # nothing is bound
        ("::", False),
        ("192.0.2.1", False),
        ("example.com", False),
    ],
)
def test_a_loopback_host_is_reachable_only_from_this_machine(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_port_0_is_any_free_port() -> None:
    with closing(listen("127.0.0.1", 0)) as one, closing(listen("127.0.0.1", 0)) as other:
        assert 0 < one.getsockname()[1] != other.getsockname()[1] > 0


def test_a_port_that_was_just_closed_can_be_opened_again() -> None:
    with closing(listen("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
        one.listen()
        with socket.create_connection(("127.0.0.1", port)), closing(one.accept()[0]):
            pass
    with closing(listen("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port


def test_a_port_in_use_cannot_be_opened() -> None:
    with closing(listen("127.0.0.1", 0)) as one:
        one.listen()
        port = one.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*in use"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a" * 64 + ".example"])
def test_an_address_of_another_machine_cannot_be_opened(host: str) -> None:
    with pytest.raises(CannotListen, match=f"cannot listen on {host}:0: "):
        listen(host, 0)
