"""The server as a whole: its health and its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchword.edge.watch import FilesState, Watch
from watchword.system import System


@dataclass(frozen=True, slots=True)
class Health:
    """
    A server that answers.

    Args:
        uptime: How long it has been running, in real time.
        proposals: The names of those that a sandbox can choose.
        files: What became of the files that it watches; None if it watches none.
    """

    version: str
    uptime: timedelta
    proposals: tuple[str, ...] = ()
    files: FilesState | None = None


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


def check_health(
    *,
    version: str,
    proposals: tuple[str, ...] = (),
    started_at: datetime,
    now: datetime,
    watch: Watch | None = None,
) -> Health:
    """
    Report that the server answers, and how long it has been running.

    Args:
        watch: What became of the files that it watches.
        started_at: In real time, like *now*; the uptime is zero if the machine's clock was moved back since.
    """
    state = None if watch is None else watch.state
    return Health(version, max(timedelta(0), now - started_at), proposals, state)


def read_version(systems: Sequence[System], *, version: str) -> Version:
    """Report which release this is, and which *systems* it imitates."""
    return Version(version, tuple(ImitatedSystem(one.name, one.title) for one in systems))
