"""The journal of a server: the newest requests of all its sandboxes, bounded in number and bytes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import takewhile

from starlette.types import Scope

from watchword.domain.clock import Ticks
from watchword.domain.listeners import Listeners
from watchword.edge.exchange import Exchange
from watchword.edge.problem import Problem, problem_details
from watchword.edge.sandbox_prefix import PREFIX, split_sandbox
from watchword.journal.captured import MEMORY, SOURCE, Captured, Noted, Outside, note_exchange, note_outside, sandbox_of
from watchword.sandbox import DEFAULT
from watchword.sandbox.registry import NAME
from watchword.system import Answer

NO_SANDBOX = ""
_ABORTED = Answer(0)
_CONTROL = "/__admin"
_MOST_REMOVALS = 10_000
"""Of how many sandboxes it is known that entries were removed; the others read as if none ever were."""


class Journal:
    """
    The newest requests, by number.

    It is used in one thread only, the one of the event loop.

    Args:
        capacity: How many requests it holds, over all sandboxes; then each new one drops the oldest.
        memory_bytes: About how much memory they may keep together.
        prefix: Eight hexadecimal digits that the ids of this server's entries begin with.
        ticks: Reads the real time.
        control_calls: Whether calls of the control API are noted too, and visits to pages.

    Attributes:
        arrivals: Notifies its listeners when a request was noted.
        removals: Notifies its listeners when entries were removed, and not only forgotten for newer ones.
        last_number: The number of the newest entry there ever was; 0 before the first.
        oldest: No entry has a smaller number.
        uncounted: How many entries it forgot before coverage had counted them.
    """

    def __init__(
        self,
        *,
        capacity: int,
        memory_bytes: int,
        prefix: str,
        ticks: Callable[[], Ticks],
        control_calls: bool = False,
    ) -> None:
        self.capacity, self.memory_bytes = capacity, memory_bytes
        self.arrivals, self.removals = Listeners(), Listeners()
        self._removals, self._removed = 0, dict[str, int]()
        self.last_number = 0
        self.prefix, self._ticks, self._control_calls = prefix, ticks, control_calls
        self._entries: dict[int, Noted | Captured] = {}
        self.oldest = 1  # a dictionary would look through its deleted places for its first key
        self._bytes = self.uncounted = 0
        self._sinks: list[Callable[[Captured], None]] = []
        self._forgetting: list[Callable[[Captured], None]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def id_of(self, number: int) -> str:
        """Write the id of an entry: a UUID."""
        return f"{self.prefix}-0000-4000-8000-{number:012x}"

    @property
    def next_id(self) -> str:
        """The id that the next request gets."""
        return self.id_of(self.last_number + 1)

    def number_of(self, identifier: str) -> int | None:
        """Read the number in the id of an entry; None if no entry of this server has such an id."""
        beginning, _, number = identifier.lower().rpartition("-")
        if beginning != f"{self.prefix}-0000-4000-8000" or len(number) != 12:  # as a UUID has it
            return None
        try:
            return int(number, 16)
        except ValueError:
            return None

    def get(self, number: int) -> Captured | None:
        """Find an entry that the journal still holds."""
        return self._captured(number) if number in self._entries else None

    def _captured(self, number: int) -> Captured:
        """Give an entry to whoever reads it; from the first time on, it stays what that made of it."""
        held = self._entries[number]
        if isinstance(held, tuple):
            held = self._entries[number] = Captured(*held, number)
        return held

    def newest_first(self, sandbox: str | None) -> Iterator[Captured]:
        """
        Go through entries.

        Args:
            sandbox: Only those of this sandbox; the empty name stands for requests without one; None for all.
        """
        found = map(self.get, self._numbers(sandbox))
        return (one for one in found if one is not None)  # some may be forgotten meanwhile

    def after(self, number: int, sandbox: str) -> list[Captured]:
        """List the entries of a sandbox that came after an entry, oldest first; the empty name as above."""
        newer = takewhile(lambda one: one > number, reversed(self._entries))
        return [self._captured(one) for one in newer if self._sandbox(one) == sandbox][::-1]

    def _numbers(self, sandbox: str | None) -> list[int]:
        """List the numbers of entries, newest first, as `newest_first` goes through them."""
        newest_first = reversed(self._entries)
        return [one for one in newest_first if sandbox is None or self._sandbox(one) == sandbox]

    def _sandbox(self, number: int) -> str:
        held = self._entries[number]
        return sandbox_of(held[SOURCE] if isinstance(held, tuple) else held.source)

    def clear(self, sandbox: str) -> None:
        """Forget the entries of a sandbox; the empty name stands for requests without one."""
        self.remove(self._numbers(sandbox))

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget single entries."""
        held = [number for number in numbers if number in self._entries]
        for name in {self._sandbox(number) for number in held}:
            self._note_removal(name)
        for number in held:
            self._forget(number)
        if held:
            self.removals.notify()

    def removed(self, sandbox: str) -> int:
        """Give a number that is another one after entries of a sandbox were removed."""
        return self._removed.get(sandbox, 0)

    def _note_removal(self, sandbox: str) -> None:
        self._removals += 1
        self._removed.pop(sandbox, None)
        self._removed[sandbox] = self._removals
        if len(self._removed) > _MOST_REMOVALS:
            del self._removed[next(iter(self._removed))]

    def forget_until(self, number: int) -> None:
        """Forget the entries up to that one."""
        while self.oldest <= number:
            self._forget(self.oldest)
            self.oldest += 1

    def on_entry(self, sink: Callable[[Captured], None]) -> None:
        """Have *sink* called with every entry, right after it was noted."""
        self._sinks.append(sink)

    def on_forget(self, sink: Callable[[Captured], None]) -> None:
        """Have *sink* called with every entry that is no longer held."""
        self._forgetting.append(sink)

    def note_finished(
        self, exchange: Exchange, answer: Answer, violations: Sequence[str], *, aborted: bool = False
    ) -> None:
        """Note an exchange: an observer. Visits to pages are on demand only, too, but not what no page answers."""
        if exchange.api.controls or (exchange.is_page and answer.status < HTTPStatus.BAD_REQUEST):
            if self._control_calls:
                self.note(exchange, answer, violations, aborted=aborted)
            return
        self._add(note_exchange(exchange, answer, self._ticks(), violations, aborted))

    def note(
        self, exchange: Exchange, answer: Answer, violations: Sequence[str] = (), *, aborted: bool = False
    ) -> Captured:
        """Note an exchange, also one of the control API, and give what was noted."""
        self._add(note_exchange(exchange, answer, self._ticks(), violations, aborted))
        return self._captured(self.last_number)

    def note_aborted(self, exchange: Exchange) -> None:
        """Note an exchange whose client hung up before it was answered."""
        self.note_finished(exchange, exchange.answer or _ABORTED, (), aborted=True)

    def note_refused(self, method: str, path: str, answer: Answer) -> None:
        """Note a request that was refused before it had a sandbox."""
        if self.notes(path):
            self._note_outside(Outside(NO_SANDBOX, method, path), answer)

    def notes(self, path: str) -> bool:
        """Whether a request without an exchange is noted: calls of the control API are on demand only."""
        inner = split_sandbox(path)[1] if path.startswith(PREFIX) else path
        return self._control_calls or not (inner == _CONTROL or inner.startswith(f"{_CONTROL}/"))

    def note_unread(self, protocol: str, status: int, reason: str, detail: str = "") -> None:
        """
        Note what was refused, or given up, before it was a request.

        Args:
            status: 0 if it got no answer.
            reason: In a word.
            detail: What it was answered, in a sentence; empty without an answer.
        """
        answer = problem_details(Problem(status, detail, reason)) if detail else Answer(status)
        self._note_outside(Outside(NO_SANDBOX, "", "", protocol, reason), answer)

    def note_preflight(self, scope: Scope, status: int, headers: Mapping[str, str]) -> None:
        """
        Note what a browser asks before it sends a request of a page, and whether it is allowed.

        Args:
            status: Of the answer; where a system refuses by saying nothing, it is that of a success.
            headers: Of the answer, which say what is allowed.
        """
        if not self.notes(scope["path"]):
            return
        sandbox, path = split_sandbox(scope["path"])
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        name = sandbox or DEFAULT
        named = name if NAME.match(name) else NO_SANDBOX
        self._note_outside(Outside(named, scope["method"], path, headers=asked), Answer(status, None, headers))

    def _note_outside(self, outside: Outside, answer: Answer) -> None:
        self._add(note_outside(outside, answer, self._ticks()))

    def _add(self, noted: Noted) -> None:
        entries = self._entries
        self.last_number = number = self.last_number + 1
        entries[number] = noted
        self._bytes += noted[MEMORY]
        while len(entries) > self.capacity or (self._bytes > self.memory_bytes and len(entries) > 1):
            self._forget(self.oldest)
            self.oldest += 1
        for sink in self._sinks:
            sink(self._captured(number))
        self.arrivals.notify()

    def _forget(self, number: int) -> None:
        gone = self._entries.pop(number, None)
        if isinstance(gone, tuple) and not self._forgetting:  # as most entries are
            self._bytes -= gone[MEMORY]
            self.uncounted += 1
        elif gone is not None:
            captured = Captured(*gone, number) if isinstance(gone, tuple) else gone
            self._bytes -= captured.memory_bytes
            for sink in self._forgetting:
                sink(captured)
            self.uncounted += not captured.counted
