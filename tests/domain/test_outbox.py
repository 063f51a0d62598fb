"""The mails and texts that the real service would have sent."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from watchword.domain.outbox import Channel, Mailbox, Outbox

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def posted(mailbox: Mailbox, *recipients: str, now: datetime = NOON) -> None:
    outbox = Outbox()
    for to in recipients:
        outbox.mail(to=to, subject="Hello", text="Text")
    mailbox.post(outbox.drafts, system="toy", now=now)


def test_a_mail_arrives_as_it_was_written() -> None:
    outbox, mailbox = Outbox(), Mailbox()
    outbox.mail(
        to="ada@example.com", subject="Reset", text="Use 123456", codes=["123456"], links=["http://localhost/reset"]
    )
    mailbox.post(outbox.drafts, system="toy", now=NOON)
    (message,) = mailbox
    assert (message.id, message.system, message.sent_at) == (1, "toy", NOON)
    assert (message.channel, message.to) == (Channel.MAIL, "ada@example.com")
    assert (message.subject, message.text) == ("Reset", "Use 123456")
    assert (message.codes, message.links) == (("123456",), ("http://localhost/reset",))


def test_a_text_message_has_no_subject() -> None:
    outbox, mailbox = Outbox(), Mailbox()
    outbox.text_message(to="+41791234567", text="Use 123456", codes=["123456"])
    mailbox.post(outbox.drafts, system="toy", now=NOON)
    (message,) = mailbox
    assert (message.channel, message.to, message.subject) == (Channel.TEXT_MESSAGE, "+41791234567", "")


def test_what_is_written_is_not_sent_before_it_is_posted() -> None:
    Outbox().mail(to="ada@example.com", subject="Hello", text="Text")
    assert list(Mailbox()) == []


def test_messages_are_found_newest_first() -> None:
    mailbox = Mailbox()
    posted(mailbox, "ada@example.com", "ben@example.com", "ada@example.com")
    assert [message.id for message in mailbox.find()] == [3, 2, 1]
    assert [message.id for message in mailbox] == [1, 2, 3]


def test_messages_are_found_by_recipient_and_by_time() -> None:
    mailbox = Mailbox()
    posted(mailbox, "ada@example.com", "ben@example.com", now=NOON)
    posted(mailbox, "ada@example.com", now=NOON + timedelta(minutes=1))
    assert [message.id for message in mailbox.find(to="ada@example.com")] == [3, 1]
    assert [message.id for message in mailbox.find(since=NOON + timedelta(minutes=1))] == [3]
    assert [message.id for message in mailbox.find(to="ben@example.com", since=NOON)] == [2]
    assert mailbox.find(to="nobody@example.com") == []


def test_a_message_is_found_by_its_id() -> None:
    mailbox = Mailbox()
    posted(mailbox, "ada@example.com", "ben@example.com")
    found = mailbox.get(2)
    assert found is not None
    assert found.to == "ben@example.com"
    assert mailbox.get(3) is None


def test_the_oldest_messages_fall_out() -> None:
    mailbox = Mailbox(capacity=2)
    posted(mailbox, "ada@example.com", "ben@example.com", "cleo@example.com")
    assert [message.to for message in mailbox] == ["ben@example.com", "cleo@example.com"]


def test_ids_go_on_counting_after_everything_was_thrown_away() -> None:
    mailbox = Mailbox()
    posted(mailbox, "ada@example.com")
    mailbox.clear()
    assert list(mailbox) == []
    posted(mailbox, "ben@example.com")
    assert [message.id for message in mailbox] == [2]


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient_threads")
def test_a_postbox_can_be_read_while_others_post() -> None:
    mailbox = Mailbox(capacity=500)
    posted(mailbox, *["ada@example.com"] * 500)
    writers = [Thread(target=posted, args=(mailbox, *["ben@example.com"] * 3000)) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert len(mailbox.find(since=NOON)) == len(list(mailbox)) == 500
        assert mailbox.get(-1) is None
    for writer in writers:
        writer.join()
    assert sorted(message.id for message in mailbox) == list(range(12_001, 12_501))
