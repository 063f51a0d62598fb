"""The journal as WireMock's clients know it: requests listed, found, counted, removed, and the nearest misses."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchword.control.errors import PatternNotSupported
from watchword.control.journal import JournalReader
from watchword.journal.json_patterns import TooMuchToCompare
from watchword.journal.logged import Logged, log
from watchword.journal.request_patterns import RequestPattern, read_pattern
from watchword.journal.value_patterns import PatternError

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A request, and how far it is from what was meant: 0 if it was meant, 1 at most."""

    logged: Logged
    distance: float


@dataclass(frozen=True)
class WireMockJournal:
    """
    Answers WireMock's questions about the requests of a sandbox.

    A server without a journal has no requests; `disabled` says so.
    """

    reader: JournalReader

    @property
    def disabled(self) -> bool:
        """Whether the server has no journal."""
        return self.reader.journal is None

    def list(self, sandbox: str, *, since: datetime | None = None, unmatched: bool | None = None) -> Sequence[Logged]:
        """
        List requests, newest first.

        Args:
            since: Only those that arrived later.
            unmatched: Only those that no operation has; False for the others, None for all.
        """
        return [
            one
            for one in self._logged(sandbox)
            if (since is None or one.logged_at > since) and unmatched in (None, one.entry.unmatched)
        ]

    def find(self, sandbox: str, pattern: Mapping[str, Any]) -> Sequence[Logged]:
        """
        Find the requests that *pattern* means, newest first.

        Raises:
            PatternNotSupported: The pattern cannot be read, or has something that is not supported.
        """
        with _reading():
            meant = read_pattern(pattern)
            return [one for one in self._logged(sandbox) if meant.matches(one)]

    def remove(self, sandbox: str, pattern: Mapping[str, Any]) -> Sequence[Logged]:
        """
        Forget the requests that *pattern* means, and return them.

        Raises:
            PatternNotSupported: As in `find`.
        """
        found = self.find(sandbox, pattern)
        for one in found:
            self.forget(sandbox, one.entry.id)
        return found

    def near_misses(self, sandbox: str, pattern: Mapping[str, Any]) -> Sequence[NearMiss]:
        """
        Find the three requests that come nearest to what *pattern* means, nearest first.

        Raises:
            PatternNotSupported: As in `find`.
        """
        with _reading():
            meant = read_pattern(pattern)
            return sorted(self._misses(sandbox, meant), key=lambda one: one.distance)[:_NEAREST]

    def read(self, sandbox: str, identifier: str) -> Logged | None:
        """Read one request; None if the sandbox has none of this id."""
        return next((one for one in self._logged(sandbox) if one.entry.id == identifier.lower()), None)

    def forget(self, sandbox: str, identifier: str) -> None:
        """Forget one request of the sandbox, if there is one of this id."""
        journal = self.reader.journal
        number = None if journal is None else journal.number_of(identifier)
        held = None if journal is None or number is None else journal.get(number)
        if journal is not None and held is not None and held.sandbox == sandbox:
            journal.remove([held.number])

    def clear(self, sandbox: str) -> None:
        """Forget all requests of the sandbox."""
        if self.reader.journal is not None:
            self.reader.journal.clear(sandbox)

    def _logged(self, sandbox: str) -> Iterator[Logged]:
        if self.reader.journal is None:
            return
        make = self.reader.reader
        for captured in self.reader.journal.newest_first(sandbox):
            yield log(captured, make.read(captured))

    def _misses(self, sandbox: str, meant: RequestPattern) -> Iterator[NearMiss]:
        for one in self._logged(sandbox):
            yield NearMiss(one, meant.distance(one))


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except PatternError as error:
        raise PatternNotSupported(error.pointer, error.detail) from error
    except TooMuchToCompare as error:
        detail = "Comparing these arrays in any order takes too long. Leave ignoreArrayOrder out, or expect less."
        raise PatternNotSupported("/bodyPatterns", detail) from error
