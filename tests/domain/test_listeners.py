"""Functions that are called when something has happened."""

from contextlib import ExitStack
from datetime import UTC, datetime

from watchword.domain.listeners import Listeners
from watchword.domain.outbox import Mailbox, Outbox

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def test_a_listener_is_called_at_every_event_while_it_listens() -> None:
    listeners, heard = Listeners(), list[int]()
    with listeners.listening(lambda: heard.append(1)):
        listeners.notify()
        listeners.notify()
    listeners.notify()
    assert heard == [1, 1]


def test_a_listener_may_stop_listening_while_it_is_called() -> None:
    listeners, heard = Listeners(), list[int]()
    with listeners.listening(lambda: heard.append(2)):
        once = ExitStack()

        def listen_once() -> None:
            heard.append(1)
            once.close()

        once.enter_context(listeners.listening(listen_once))
        listeners.notify()
        listeners.notify()
    assert sorted(heard) == [1, 2, 2]


def test_a_mailbox_notifies_its_listeners_when_messages_were_added() -> None:
    mailbox, outbox, heard = Mailbox(), Outbox(), list[int]()
    outbox.mail(to="ada@example.com", subject="Hello", text="Text")
    with mailbox.arrivals.listening(lambda: heard.append(len(mailbox.find()))):
        mailbox.deliver([])
        mailbox.deliver(mailbox.prepare(outbox.drafts, system="toy", now=NOON))
    assert heard == [1], "once, and after the message was there"
