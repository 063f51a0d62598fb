"""Something that happened in a sandbox, as a value: a request, a mail, a change from outside."""

import re
from dataclasses import dataclass
from enum import StrEnum

from watchword.domain.outbox import Message
from watchword.edge.watch import FilesState
from watchword.journal import Captured

_POSITION = re.compile(r"([0-9a-f]{8})-([0-9]{1,15})-([0-9]{1,15})")


class Kind(StrEnum):
    """What happened."""

    REQUEST = "request"
    MAIL = "mail"
    SANDBOX = "sandbox"
    FILES = "files"
    GAP = "gap"


class What(StrEnum):
    """What was done to a sandbox from outside."""

    MADE = "made"
    RESET = "reset"
    DROPPED = "dropped"
    CLOCK = "clock"
    SETTINGS = "settings"
    FAULTS = "faults"
    PEOPLE = "people"
    JOURNAL = "journal"
    INBOX = "inbox"
    PROPOSAL = "proposal"
    SNAPSHOTS = "snapshots"


@dataclass(frozen=True, slots=True)
class SandboxChange:
    """A change of the sandbox called *name* from outside."""

    name: str
    what: What


@dataclass(frozen=True, slots=True)
class Position:
    """
    A place among the events of a sandbox; written, it is the id of an event.

    Args:
        journal: Names the journal: another start of the server has another one.
        requests: The number of the newest request before this place.
        mails: The id of the newest mail before it.
    """

    journal: str
    requests: int
    mails: int

    def __str__(self) -> str:
        return f"{self.journal}-{self.requests}-{self.mails}"


def read_position(text: str) -> Position | None:
    """Read what ``str`` wrote; None if it is something else."""
    found = _POSITION.fullmatch(text)
    return None if found is None else Position(found[1], int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Event:
    """
    Something that happened.

    Args:
        position: The place right after it.
        value: None for a gap: the journal no longer holds all the requests that came meanwhile.
    """

    kind: Kind
    position: Position
    value: Captured | Message | SandboxChange | FilesState | None = None


Events = tuple[Event, ...]
"""Oldest first; none where nothing happened for a while."""
