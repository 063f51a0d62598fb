"""The mails and text messages that the real service would have sent."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread

import pytest

from watchword.domain.outbox import Channel, Mailbox, Outbox

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def deliver(mailbox: Mailbox, outbox: Outbox, *, now: datetime = NOON) -> None:
    mailbox.deliver(mailbox.prepare(outbox.drafts, system="toy", now=now))


def send(mailbox: Mailbox, *recipients: str, now: datetime = NOON) -> None:
    outbox = Outbox()
    for to in recipients:
        outbox.mail(to=to, subject="Hello", text="Text")
    deliver(mailbox, outbox, now=now)


def test_a_delivered_mail_is_what_was_written() -> None:
    outbox, mailbox = Outbox(), Mailbox()
    outbox.mail(
        to="ada@example.com", subject="Reset", text="Use 123456", codes=["123456"], links=["http://localhost/reset"]
    )
    deliver(mailbox, outbox)
    (message,) = mailbox
    assert (message.id, message.system, message.sent_at) == (1, "toy", NOON)
    assert (message.channel, message.to) == (Channel.MAIL, "ada@example.com")
    assert (message.subject, message.text) == ("Reset", "Use 123456")
    assert (message.codes, message.links) == (("123456",), ("http://localhost/reset",))


def test_a_text_message_has_no_subject() -> None:
    outbox, mailbox = Outbox(), Mailbox()
    outbox.text_message(to="+41791234567", text="Use 123456", codes=["123456"])
    deliver(mailbox, outbox)
    (message,) = mailbox
    assert (message.channel, message.to, message.subject) == (Channel.TEXT_MESSAGE, "+41791234567", "")


def test_a_draft_is_not_in_the_mailbox_before_it_is_delivered() -> None:
    Outbox().mail(to="ada@example.com", subject="Hello", text="Text")
    assert list(Mailbox()) == []


def test_messages_are_listed_newest_first() -> None:
    mailbox = Mailbox()
    send(mailbox, "ada@example.com", "ben@example.com", "ada@example.com")
    assert [message.id for message in mailbox.find()] == [3, 2, 1]
    assert [message.id for message in mailbox] == [1, 2, 3]


def test_messages_are_found_by_recipient_and_by_time() -> None:
    mailbox = Mailbox()
    send(mailbox, "ada@example.com", "ben@example.com", now=NOON)
    send(mailbox, "ada@example.com", now=NOON + timedelta(minutes=1))
    assert [message.id for message in mailbox.find(to="ada@example.com")] == [3, 1]
    assert [message.id for message in mailbox.find(since=NOON + timedelta(minutes=1))] == [3]
    assert [message.id for message in mailbox.find(to="ben@example.com", since=NOON)] == [2]
    assert mailbox.find(to="nobody@example.com") == []


def test_a_message_is_found_by_its_id() -> None:
    mailbox = Mailbox()
    send(mailbox, "ada@example.com", "ben@example.com")
    found = mailbox.get(2)
    assert found is not None
    assert found.to == "ben@example.com"
    assert mailbox.get(3) is None


def test_a_full_mailbox_drops_the_oldest_messages() -> None:
    mailbox = Mailbox(capacity=2)
    send(mailbox, "ada@example.com", "ben@example.com", "cleo@example.com")
    assert [message.to for message in mailbox] == ["ben@example.com", "cleo@example.com"]


def test_ids_go_on_counting_after_all_messages_were_deleted() -> None:
    mailbox = Mailbox()
    send(mailbox, "ada@example.com")
    mailbox.clear()
    assert list(mailbox) == []
    send(mailbox, "ben@example.com")
    assert [message.id for message in mailbox] == [2]


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """Let threads switch as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_a_mailbox_can_be_read_while_other_threads_deliver() -> None:
    mailbox = Mailbox(capacity=500)
    send(mailbox, *["ada@example.com"] * 500)
    lock = Lock()

    def write() -> None:
        for _ in range(100):
            with lock:
                send(mailbox, *["ben@example.com"] * 30)

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert len(mailbox.find(since=NOON)) == len(list(mailbox)) == 500
        assert mailbox.get(-1) is None
    for writer in writers:
        writer.join()
    assert sorted(message.id for message in mailbox) == list(range(12_001, 12_501))
