"""The mails and text messages of a sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watchword.client.connection import Ask
from watchword.client.errors import WatchwordError


@dataclass(frozen=True)
class Mail:
    """
    A message that was sent.

    Args:
        channel: ``mail`` or ``text-message``.
        codes: What a person would copy out of it.
        links: What a person would click.
    """

    id: int
    system: str
    channel: str
    to: str
    subject: str
    text: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    links: tuple[str, ...] = field(repr=False)
    sent_at: str


class Inbox:
    """The mails and text messages of a sandbox."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def all(self, *, to: str | None = None) -> list[Mail]:
        """List them, newest first."""
        return [_read(one) for one in self._ask("GET", "/inbox", query={"to": to})["messages"]]

    def wait(self, *, to: str | None = None, after: Mail | None = None, seconds: float = 5.0) -> Mail:
        """
        Give the newest mail; if there is none, wait for one.

        Args:
            after: Only mails that came after this one.
            seconds: How long at most, in real time, whatever the sandbox's clock does.

        Raises:
            WatchwordError: None came in time (``no-mail``).
        """
        since = None if after is None else after.id
        query = {"to": to, "since": since, "wait": f"{round(seconds * 1000)}ms"}
        found = self._ask("GET", "/inbox", query=query)["messages"]
        if not found:
            raise WatchwordError(f"No mail to {to or 'anybody'} came within {seconds:g} seconds.", "no-mail")
        return _read(found[0])

    def clear(self) -> None:
        """Remove them."""
        self._ask("DELETE", "/inbox")


def _read(one: Mapping[str, Any]) -> Mail:
    texts = (one["channel"], one["to"], one["subject"], one["text"])
    return Mail(one["id"], one["system"], *texts, tuple(one["codes"]), tuple(one["links"]), one["sentAt"])
