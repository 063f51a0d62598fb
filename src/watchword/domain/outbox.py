"""The mails and texts that the real service would have sent."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Lock

from watchword.domain.listeners import Listeners


class Channel(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    TEXT_MESSAGE = "text-message"


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message.

    Args:
        id: Counts up from 1 within a sandbox.
        to: A mail address or a telephone number.
        text: Plain text.
        codes: The secrets a person would copy out of it: nonces, codes, generated passwords.
        links: The links a person would click.
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is sent when its transaction is kept."""

    channel: Channel
    to: str
    subject: str
    text: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    links: tuple[str, ...] = field(repr=False)


class Outbox:
    """The drafts of one call, in the order they were written."""

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
    Everything a sandbox has sent, newest last.

    Args:
        capacity: The oldest messages fall out beyond this number.
        messages: What is there already.
        count: How many were ever sent.

    Attributes:
        arrivals: Notifies its listeners when messages were added.
    """

    def __init__(self, capacity: int = 1000, *, messages: Iterable[Message] = (), count: int = 0) -> None:
        self._messages: deque[Message] = deque(messages, maxlen=capacity)
        self.count = count
        self.arrivals = Listeners()
        self._lock = Lock()

    def __iter__(self) -> Iterator[Message]:
        # Of a copy, because other threads post meanwhile.
        return iter(tuple(self._messages))

    def post(self, drafts: Iterable[Draft], *, system: str, now: datetime) -> None:
        """Send *drafts* at the moment *now*."""
        with self._lock:
            self.add(self.numbered(drafts, system=system, now=now))

    def numbered(self, drafts: Iterable[Draft], *, system: str, now: datetime) -> list[Message]:
        """Write *drafts* out as the next messages, without sending them yet."""
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

    def pushed_out(self, messages: Sequence[Message]) -> list[Message]:
        """List what falls out once *messages*, fewer than the capacity, are added."""
        present = tuple(self._messages)
        return list(present[: max(0, len(present) + len(messages) - (self._messages.maxlen or 0))])

    def add(self, messages: Sequence[Message]) -> None:
        """Send what `numbered` wrote."""
        if messages:
            self._messages.extend(messages)
            self.count += len(messages)
            self.arrivals.notify()

    def find(self, *, to: str | None = None, since: datetime | None = None) -> list[Message]:
        """List messages, newest first; *since* leaves out older ones."""
        return [
            message
            for message in reversed(tuple(self._messages))
            if (to is None or message.to.lower() == to.lower()) and (since is None or message.sent_at >= since)
        ]

    def get(self, identifier: int) -> Message | None:
        """Find one message by its id."""
        return next((message for message in self if message.id == identifier), None)

    def clear(self) -> None:
        """Throw every message away; ids go on counting."""
        self._messages.clear()
