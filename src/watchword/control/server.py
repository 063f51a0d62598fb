"""The server as a whole: its health and its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchword.system import System


@dataclass(frozen=True, slots=True)
class Health:
    """
    A server that answers.

    Args:
        uptime: How long it has been running, in real time.
        proposals: The names of those that a sandbox can choose.
    """

    version: str
    uptime: timedelta
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImitatedSystem:
    """An imitated system: its name in the document, and its title as its users call it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Version:
    """Which release a server is, and what it imitates."""

    version: str
    systems: tuple[ImitatedSystem, ...]


def check_health(*, version: str, proposals: tuple[str, ...] = (), started_at: datetime, now: datetime) -> Health:
    """
    Report that the server answers, and how long it has been running.

    Args:
        started_at: In real time, like *now*; the uptime is zero if the machine's clock was moved back since.
    """
    return Health(version, max(timedelta(0), now - started_at), proposals)


def read_version(systems: Sequence[System], *, version: str) -> Version:
    """Report which release this is, and which *systems* it imitates."""
    return Version(version, tuple(ImitatedSystem(one.name, one.title) for one in systems))
