"""Opening sockets."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from watchword.server import listening
from watchword.server.listening import CannotListen


def listen(host: str, port: int) -> socket.socket:
    """Open the one socket of a host that has one address."""
    (only,) = listening.listen(host, port)
    return only


@contextmanager
def listening_on(host: str, port: int) -> Iterator[dict[int, socket.socket]]:
    """Open the sockets of a host, by their families."""
    with ExitStack() as opened:
        yield {one.family: opened.enter_context(one) for one in listening.listen(host, port)}


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


@pytest.fixture
def both_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let localhost have an address of each family, as it has on most machines; skip on one without IPv6."""
    try:
        listen("::1", 0).close()
    except CannotListen:
        pytest.skip("this machine has no IPv6")
    found = [
        *socket.getaddrinfo("::1", 0, type=socket.SOCK_STREAM),
        *socket.getaddrinfo("127.0.0.1", 0, type=socket.SOCK_STREAM),
    ]
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *others, **hints: found if host == "localhost" else resolve(host, *others, **hints),
    )


@pytest.mark.usefixtures("both_families")
def test_a_name_with_addresses_of_both_families_is_opened_at_both_with_one_port() -> None:
    with listening_on("localhost", 0) as opened:
        assert set(opened) == {socket.AF_INET, socket.AF_INET6}
        assert len({one.getsockname()[1] for one in opened.values()}) == 1


@pytest.mark.usefixtures("both_families")
@pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
def test_a_port_that_is_in_use_at_one_of_two_addresses_cannot_be_opened(taken: str) -> None:
    with closing(listen(taken, 0)) as one:
        one.listen()
        with pytest.raises(CannotListen, match="in use"):
            listening.listen("localhost", one.getsockname()[1])


def test_an_address_that_the_machine_does_not_have_is_left_out_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (family, socket.SOCK_STREAM, 6, "", address)
        for family, address in (
            (socket.AF_INET6, ("2001:db8::1", 0, 0, 0)),
            (socket.AF_INET, ("192.0.2.1", 0)),
            (socket.AF_INET, ("127.0.0.1", 0)),
        )
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_hints: found)
    with listening_on("several.example", 0) as opened:
        assert [one.getsockname()[0] for one in opened.values()] == ["127.0.0.1"]
