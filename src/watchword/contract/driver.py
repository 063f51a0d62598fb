"""What a scenario needs of a server, whether it is in this process or behind a socket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import orjson


class Ability(StrEnum):
    """What a server can be made to do from outside, besides answering."""

    RESET = "reset"
    CLOCK = "clock"
    MAILS = "mails"
    CODES = "codes"
    """Known codes: from its mails, or because it always sends the same one."""
    SETTINGS = "settings"


class NotAtOnce(Exception):
    """The server does not take so many requests at once; the message says how many."""


class TargetFailed(Exception):
    """
    The server cannot be reached, or a hook does not work; the message says which and how.

    Args:
        hung: Whether that took all the patience that there is.
    """

    def __init__(self, told: str, *, hung: bool = False) -> None:
        super().__init__(told)
        self.hung = hung


class NoAnswer(TargetFailed):
    """A request got no answer."""


@dataclass(frozen=True)
class Persona:
    """
    Who plays a role on one server.

    Args:
        role: As scenarios call it.
        known: What is known of the person, by words such as ``login``.
        shown: How reports write those values; a value that is not there is shown as it is.
    """

    role: str
    known: Mapping[str, str] = field(repr=False)
    shown: Mapping[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> frozenset[str]:
        """
        Where messages reach the person, in lower case.

        ``email``, or else ``login`` where that is an address, and ``phone``; nothing if nowhere.
        """
        mail = self.known.get("email") or self.known.get("login", "")
        found = (mail if "@" in mail else "", self.known.get("phone", ""))
        return frozenset(one.lower() for one in found if one)


@dataclass(frozen=True)
class Request:
    """
    A request, ready to send.

    Args:
        path: With its query.
        needs_http2: Whether it has to be sent over HTTP/2.
    """

    operation: str
    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    needs_http2: bool = False


@dataclass(frozen=True)
class Reply:
    """
    An answer.

    Args:
        headers: By lower-case name; trailers are among them.
        body: The JSON in it; None if there is none.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    body: Any = field(repr=False)


def read_json(content: bytes) -> Any:
    """Read the JSON in an answer; None if it has none."""
    try:
        return orjson.loads(content) if content else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Mail:
    """A mail or text message, with what a person would copy from it and click on."""

    to: str
    subject: str
    codes: tuple[str, ...] = field(repr=False)
    links: tuple[str, ...] = field(repr=False)
    text: str = field(repr=False)


class Driver(Protocol):
    """
    A server.

    Attributes:
        personas: Who plays which role.
        precision: The shortest time by which a moment can be missed on purpose.
        skew: How far its clock may be from what `now` says.
        failed_log_ins: How many wrong passwords in a row one person may enter between two resets.
        code: The code in every mail; None to read it there.
        lacks: Operations that it does not have, by the part of their ids after the dot; ``*`` stands for anything.
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can be made to do."""

    personas: Mapping[str, Persona]
    precision: timedelta
    skew: timedelta
    failed_log_ins: int
    code: str | None
    lacks: frozenset[str]

    @property
    def shown_headers(self) -> Mapping[str, str]:
        """What it is sent with every request, as a report shows it."""

    def reach(self) -> None:
        """
        Find out whether the server is there, without asking it for anything.

        Raises:
            TargetFailed: It is not.
        """

    def begin(self) -> None:
        """Begin a sequence: put the server back to how it was at first, if it can be, and forget earlier mails."""

    def send(self, request: Request) -> Reply:
        """Send a request."""

    def send_at_once(self, requests: Sequence[Request]) -> Sequence[Reply]:
        """
        Send requests at the same time; gives the answers in their order.

        Raises:
            NotAtOnce: The server does not take so many at once.
        """

    def now(self) -> datetime:
        """Read the server's clock."""

    def client_time(self) -> datetime:
        """Read the clock that the server expects its clients to have: they sign with it."""

    def advance(self, by: timedelta) -> None:
        """Move the server's clock forwards."""

    def tune(self, settings: Mapping[str, Any]) -> None:
        """Change how the system behaves, as a JSON merge patch says."""

    def mails(self) -> Sequence[Mail]:
        """List what was sent since the sequence began, oldest first."""
