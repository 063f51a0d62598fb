"""The mails and text messages that the real service would have sent."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from watchword.domain.listeners import Listeners


class Channel(StrEnum):
    """How a message is sent."""

    MAIL = "mail"
    TEXT_MESSAGE = "text-message"


@dataclass(frozen=True, slots=True)
class Message:
    """
    A message that was sent.

    Args:
        id: Counts up from 1 within a sandbox.
        to: A mail address or a telephone number.
        text: Plain text.
        codes: The secrets that a person would copy from it: nonces, codes, generated passwords.
        links: The links that a person would click.
    """

    id: int
    system: str
    sent_at: datetime
    channel: Channel
    to: str
    subject: str
    text: str = field(repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)

    def is_since(self, since: "Since") -> bool:
        """Whether it was sent at a moment or later; or after the message with an id."""
        return self.id > since if isinstance(since, int) else self.sent_at >= since


Since = datetime | int
"""A moment of the sandbox's clock, or the id of a message."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is sent when its transaction is committed."""

    channel: Channel
    to: str
    subject: str
    text: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    links: tuple[str, ...] = field(repr=False)


class Outbox:
    """The drafts of one call, in the order in which they were written."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []

    def mail(self, *, to: str, subject: str, text: str, codes: Iterable[str] = (), links: Iterable[str] = ()) -> None:
        """Write a mail."""
        self.drafts.append(Draft(Channel.MAIL, to, subject, text, tuple(codes), tuple(links)))

    def text_message(self, *, to: str, text: str, codes: Iterable[str] = (), links: Iterable[str] = ()) -> None:
        """Write a text message to a telephone number."""
        self.drafts.append(Draft(Channel.TEXT_MESSAGE, to, "", text, tuple(codes), tuple(links)))


class Mailbox:
    """
    Everything that a sandbox has sent, newest last.

    Threads may read it at any time; those that deliver take turns, under a lock of their own.

    Args:
        capacity: How many messages there can be; then each new one drops the oldest.
        messages: The messages at the start.
        count: How many messages were ever sent.

    Attributes:
        emptied: How often it was emptied.
        began_with: What *count* was at the start: messages with greater ids were sent since.
        arrivals: Notifies its listeners when messages were added.
    """

    def __init__(self, capacity: int = 1000, *, messages: Iterable[Message] = (), count: int = 0) -> None:
        self._messages: deque[Message] = deque(messages, maxlen=capacity)
        self.count = self.began_with = count
        self.emptied = 0
        self.arrivals = Listeners()

    def __iter__(self) -> Iterator[Message]:
        # Over a copy, because another thread may deliver meanwhile.
        return iter(tuple(self._messages))

    def copy(self, *, count: int, dropped: Iterable[Message] = ()) -> "Mailbox":
        """
        Copy the messages as they were when *count* of them had been sent.

        Args:
            dropped: Messages that left the mailbox since, oldest first.
        """
        messages = [one for one in (*dropped, *self._messages) if one.id <= count]
        return Mailbox(self._messages.maxlen or 0, messages=messages, count=count)

    def prepare(self, drafts: Iterable[Draft], *, system: str, now: datetime) -> list[Message]:
        """
        Turn *drafts* into the next messages, without delivering them.

        Args:
            system: The sender.
            now: The moment at which they are sent.
        """
        return [
            Message(
                id=number,
                system=system,
                sent_at=now,
                channel=draft.channel,
                to=draft.to,
                subject=draft.subject,
                text=draft.text,
                codes=draft.codes,
                links=draft.links,
            )
            for number, draft in enumerate(drafts, self.count + 1)
        ]

    def find_overflow(self, messages: Sequence[Message]) -> list[Message]:
        """
        List the old messages that delivering *messages*, fewer than the capacity, will drop.

        Nobody may deliver meanwhile.
        """
        excess = len(self._messages) + len(messages) - (self._messages.maxlen or 0)
        return list(islice(self._messages, excess)) if excess > 0 else []

    def deliver(self, messages: Sequence[Message]) -> None:
        """Add *messages*, as `prepare` returned them."""
        if messages:
            self._messages.extend(messages)
            self.count += len(messages)
            self.arrivals.notify()

    def find(self, *, to: str | None = None, since: Since | None = None) -> list[Message]:
        """
        List messages, newest first.

        Args:
            to: Only those to this address; upper and lower case are the same.
            since: Only those sent at this moment or later; or after the message with this id.
        """
        return [
            message
            for message in reversed(tuple(self._messages))
            if (to is None or message.to.lower() == to.lower()) and (since is None or message.is_since(since))
        ]

    def get(self, identifier: int) -> Message | None:
        """Find a message by its id."""
        return next((message for message in self if message.id == identifier), None)

    def clear(self) -> None:
        """Delete every message; ids go on counting."""
        self.emptied += 1
        self._messages.clear()
