"""The people, clock, messages and settings of a test's sandbox, as short as tests like to write them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from watchword.control.clock import advance_clock, read_clock
from watchword.control.inbox import find_messages
from watchword.control.settings import change_settings
from watchword.domain.outbox import Message
from watchword.sandbox import Sandbox
from watchword.system.seed_data import Person

FindSandbox = Callable[[], Sandbox]
"""Finds the sandbox each time, because a reset replaces it."""


class People(Mapping[tuple[str, str], Person]):
    """The seed people by system and name."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {(one.system, one.name): one for one in people}

    def __getitem__(self, key: tuple[str, str]) -> Person:
        return self._people[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


class ManualClock:
    """The clock of one sandbox."""

    def __init__(self, sandbox: FindSandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        """Read the clock."""
        return read_clock(self._sandbox()).now

    def advance(self, by: timedelta) -> None:
        """Move the clock forwards, or backwards if *by* is negative."""
        advance_clock(self._sandbox(), by)


class Inbox:
    """The messages of one sandbox."""

    def __init__(self, sandbox: FindSandbox) -> None:
        self._sandbox = sandbox

    def all(self, *, to: str | None = None) -> list[Message]:
        """List messages, newest first."""
        return list(find_messages(self._sandbox(), to=to))

    def latest(self, *, to: str) -> Message:
        """Give the newest message to an address."""
        found = self.all(to=to)
        assert found, f"nothing was sent to {to}"
        return found[0]


class SettingsOf:
    """The settings of one sandbox."""

    def __init__(self, sandbox: FindSandbox) -> None:
        self._sandbox = sandbox

    def patch(self, system: str, change: Mapping[str, Any]) -> None:
        """Merge *change* into a system's settings."""
        change_settings(self._sandbox(), {system: change})
