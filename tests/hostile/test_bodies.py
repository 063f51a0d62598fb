"""Request bodies that are too long, too slow, or never complete."""

from contextlib import ExitStack

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import ACCEPTED, CANARY, JSON, ONE_OF_EACH, UPDATE, Sender, Target, one_of_each
from tests.hostile.wire import connect, head, write_chunks

LONGEST = 4 * 1024 * 1024
TEN_MEGABYTES = (CANARY.encode() * 600_000)[:10_000_000]


@one_of_each
def test_a_body_of_the_greatest_length_is_accepted(victim: Victim, sender: Sender, target: Target) -> None:
    body = target.body().ljust(LONGEST)
    assert target.agrees(victim.ask(sender.request(target, body)), ACCEPTED)


@one_of_each
@pytest.mark.parametrize("length", [LONGEST + 1, 10_000_000])
def test_a_longer_body_is_refused(victim: Victim, sender: Sender, target: Target, length: int) -> None:
    reply = victim.ask(sender.request(target, TEN_MEGABYTES[:length]))
    assert target.agrees(reply, 413)


@one_of_each
def test_a_longer_chunked_body_is_refused(victim: Victim, sender: Sender, target: Target) -> None:
    start = head(
        target.method,
        sender.path(target),
        [*sender.credentials(target), JSON, ("Transfer-Encoding", "chunked")],
    )
    pieces = (TEN_MEGABYTES[at : at + 50_000] for at in range(0, len(TEN_MEGABYTES), 50_000))
    assert target.agrees(victim.ask(start + write_chunks(pieces)), 413)


def test_the_request_after_a_body_that_is_too_long_is_answered(victim: Victim, sender: Sender) -> None:
    with connect(victim.port) as connection:
        connection.send(sender.request(UPDATE, TEN_MEGABYTES) + sender.request(UPDATE, UPDATE.body()))
        assert victim.note(connection.reply()).status == 413
        assert UPDATE.agrees(victim.note(connection.reply()), ACCEPTED)


def test_a_body_that_does_not_arrive_is_answered_408_after_the_timeout(victim: Victim, sender: Sender) -> None:
    """All at the same time, so that the test waits for the timeout once."""
    with ExitStack() as connections_open:
        connections = [connections_open.enter_context(connect(victim.port)) for _ in ONE_OF_EACH]
        for target, connection in zip(ONE_OF_EACH, connections, strict=True):
            connection.send(sender.request(target, target.body())[:-5])
        for target, connection in zip(ONE_OF_EACH, connections, strict=True):
            reply = victim.note(connection.reply())
            assert target.agrees(reply, 408)
            assert reply.headers["connection"] == "close"
            assert connection.is_closed()


def test_clients_that_disconnect_in_the_middle_do_no_harm(victim: Victim, sender: Sender) -> None:
    request = sender.request(UPDATE, UPDATE.body())
    start = head("POST", UPDATE.path, [*sender.credentials(UPDATE), JSON, ("Transfer-Encoding", "chunked")])
    for cut_off in (request[:20], request[:-1], start, start + b"5\r\n{", request):
        for _ in range(10):
            with connect(victim.port) as connection:
                connection.send(cut_off)


def test_a_client_that_stops_sending_in_the_middle_gets_no_answer(victim: Victim, sender: Sender) -> None:
    with connect(victim.port) as connection:
        connection.send(sender.request(UPDATE, UPDATE.body())[:-1])
        connection.half_close()
        assert connection.is_closed()


def test_other_clients_do_not_wait_for_a_slow_body(victim: Victim, sender: Sender) -> None:
    """A later request is answered while earlier ones have not arrived completely."""
    request = sender.request(UPDATE, UPDATE.body())
    with ExitStack() as connections_open:
        for _ in range(100):
            connections_open.enter_context(connect(victim.port)).send(request[:-1])
        assert UPDATE.agrees(victim.ask(request), ACCEPTED)
