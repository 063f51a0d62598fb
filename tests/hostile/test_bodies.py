"""Bodies that are too long, too slow, or never whole."""

from contextlib import ExitStack

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import ACCEPTED, CANARY, JSON, ONE_OF_EACH, UPDATE, Sender, Target, one_of_each
from tests.hostile.wire import chunked, connected, head

LONGEST = 1024 * 1024
TEN_MEGABYTES = (CANARY.encode() * 600_000)[:10_000_000]


@one_of_each
def test_a_body_of_the_greatest_length_is_read(victim: Victim, sender: Sender, target: Target) -> None:
    body = target.body().ljust(LONGEST)
    assert target.agrees(victim.ask(sender.request(target, body)), ACCEPTED)


@one_of_each
@pytest.mark.parametrize("length", [LONGEST + 1, 10_000_000])
def test_a_longer_body_is_refused(victim: Victim, sender: Sender, target: Target, length: int) -> None:
    reply = victim.ask(sender.request(target, TEN_MEGABYTES[:length]))
    assert target.agrees(reply, 413)


@one_of_each
def test_a_longer_body_in_chunks_is_refused(victim: Victim, sender: Sender, target: Target) -> None:
    start = head(
        target.method,
        sender.path(target),
        [*sender.credentials(target), JSON, ("Transfer-Encoding", "chunked")],
    )
    pieces = (TEN_MEGABYTES[at : at + 50_000] for at in range(0, len(TEN_MEGABYTES), 50_000))
    assert target.agrees(victim.ask(start + chunked(pieces)), 413)


def test_after_a_body_that_was_too_long_the_next_request_is_read(victim: Victim, sender: Sender) -> None:
    with connected(victim.port) as connection:
        connection.send(sender.request(UPDATE, TEN_MEGABYTES) + sender.request(UPDATE, UPDATE.body()))
        assert victim.saw(connection.reply()).status == 413
        assert UPDATE.agrees(victim.saw(connection.reply()), ACCEPTED)


def test_a_body_that_does_not_come_is_waited_for_so_long_and_no_longer(victim: Victim, sender: Sender) -> None:
    """All at once, so that the server's patience is spent once."""
    with ExitStack() as all_of_them:
        connections = [all_of_them.enter_context(connected(victim.port)) for _ in ONE_OF_EACH]
        for target, connection in zip(ONE_OF_EACH, connections, strict=True):
            connection.send(sender.request(target, target.body())[:-5])
        for target, connection in zip(ONE_OF_EACH, connections, strict=True):
            reply = victim.saw(connection.reply())
            assert target.agrees(reply, 408)
            assert reply.headers["connection"] == "close"
            assert connection.ended()


def test_who_hangs_up_half_way_is_forgotten(victim: Victim, sender: Sender) -> None:
    request = sender.request(UPDATE, UPDATE.body())
    start = head("POST", UPDATE.path, [*sender.credentials(UPDATE), JSON, ("Transfer-Encoding", "chunked")])
    for cut_off in (request[:20], request[:-1], start, start + b"5\r\n{", request):
        for _ in range(10):
            with connected(victim.port) as connection:
                connection.send(cut_off)


def test_who_says_that_nothing_more_will_come_half_way_gets_no_answer(victim: Victim, sender: Sender) -> None:
    with connected(victim.port) as connection:
        connection.send(sender.request(UPDATE, UPDATE.body())[:-1])
        connection.half_close()
        assert connection.ended()


def test_other_people_do_not_wait_for_a_slow_body(victim: Victim, sender: Sender) -> None:
    """The answers to later requests are here while the earlier ones are not even whole."""
    request = sender.request(UPDATE, UPDATE.body())
    with ExitStack() as all_of_them:
        for _ in range(100):
            all_of_them.enter_context(connected(victim.port)).send(request[:-1])
        assert UPDATE.agrees(victim.ask(request), ACCEPTED)
