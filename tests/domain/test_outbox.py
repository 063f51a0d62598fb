"""The mails and texts that the real service would have sent."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from watchword.domain.outbox import Channel, Outbox, Postbox

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def posted(postbox: Postbox, *recipients: str, now: datetime = NOON) -> None:
    outbox = Outbox()
    for to in recipients:
        outbox.mail(to=to, subject="Hello", text="Text")
    postbox.post(outbox.drafts, system="toy", now=now)


def test_a_mail_arrives_as_it_was_written() -> None:
    outbox, postbox = Outbox(), Postbox()
    outbox.mail(
        to="ada@example.com", subject="Reset", text="Use 123456", codes=["123456"], links=["http://localhost/reset"]
    )
    postbox.post(outbox.drafts, system="toy", now=NOON)
    (message,) = postbox
    assert (message.id, message.system, message.sent_at) == (1, "toy", NOON)
    assert (message.channel, message.to) == (Channel.MAIL, "ada@example.com")
    assert (message.subject, message.text) == ("Reset", "Use 123456")
    assert (message.codes, message.links) == (("123456",), ("http://localhost/reset",))


def test_a_text_message_has_no_subject() -> None:
    outbox, postbox = Outbox(), Postbox()
    outbox.text_message(to="+41791234567", text="Use 123456", codes=["123456"])
    postbox.post(outbox.drafts, system="toy", now=NOON)
    (message,) = postbox
    assert (message.channel, message.to, message.subject) == (Channel.TEXT_MESSAGE, "+41791234567", "")


def test_what_is_written_is_not_sent_before_it_is_posted() -> None:
    Outbox().mail(to="ada@example.com", subject="Hello", text="Text")
    assert list(Postbox()) == []


def test_messages_are_found_newest_first() -> None:
    postbox = Postbox()
    posted(postbox, "ada@example.com", "ben@example.com", "ada@example.com")
    assert [message.id for message in postbox.find()] == [3, 2, 1]
    assert [message.id for message in postbox] == [1, 2, 3]


def test_messages_are_found_by_recipient_and_by_time() -> None:
    postbox = Postbox()
    posted(postbox, "ada@example.com", "ben@example.com", now=NOON)
    posted(postbox, "ada@example.com", now=NOON + timedelta(minutes=1))
    assert [message.id for message in postbox.find(to="ada@example.com")] == [3, 1]
    assert [message.id for message in postbox.find(since=NOON + timedelta(minutes=1))] == [3]
    assert [message.id for message in postbox.find(to="ben@example.com", since=NOON)] == [2]
    assert postbox.find(to="nobody@example.com") == []


def test_a_message_is_found_by_its_id() -> None:
    postbox = Postbox()
    posted(postbox, "ada@example.com", "ben@example.com")
    found = postbox.get(2)
    assert found is not None
    assert found.to == "ben@example.com"
    assert postbox.get(3) is None


def test_the_oldest_messages_fall_out() -> None:
    postbox = Postbox(capacity=2)
    posted(postbox, "ada@example.com", "ben@example.com", "cleo@example.com")
    assert [message.to for message in postbox] == ["ben@example.com", "cleo@example.com"]


def test_ids_go_on_counting_after_everything_was_thrown_away() -> None:
    postbox = Postbox()
    posted(postbox, "ada@example.com")
    postbox.clear()
    assert list(postbox) == []
    posted(postbox, "ben@example.com")
    assert [message.id for message in postbox] == [2]


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient_threads")
def test_a_postbox_can_be_read_while_others_post() -> None:
    postbox = Postbox(capacity=500)
    posted(postbox, *["ada@example.com"] * 500)
    writers = [Thread(target=posted, args=(postbox, *["ben@example.com"] * 3000)) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert len(postbox.find(since=NOON)) == len(list(postbox)) == 500
        assert postbox.get(-1) is None
    for writer in writers:
        writer.join()
    assert sorted(message.id for message in postbox) == list(range(12_001, 12_501))
