"""What cannot be done: one family of errors, each with a code for programs and a sentence for people."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from watchword.domain.alike import find_alike, tell_alike
from watchword.domain.refusal import NotStored
from watchword.domain.timestamps import write_utc

_MOST_COMPARED = 1000
"""How many names of sandboxes are compared with one that does not exist."""


class ControlError(Exception):
    """
    Something that cannot be done; nothing was changed.

    Args:
        sentence: What is wrong, and what would be right.
    """

    code: ClassVar[str]
    """For programs; no two errors share one."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutsideCalendar(ControlError):
    """The clock would leave the years *first* to *last*."""

    code = "calendar"

    def __init__(self, now: datetime, *, first: int, last: int) -> None:
        super().__init__(
            f"The clock stands at {write_utc(now)}; that step would take it out of the years {first} to {last}."
        )


class NothingAhead(ControlError):
    """Nothing happens by itself after now."""

    code = "nothing-ahead"

    def __init__(self) -> None:
        super().__init__(
            "Nothing is going to happen by itself in this sandbox: advance the clock by a duration instead."
        )


class NoSuchMessage(ControlError):
    """The sandbox has no message with this *identifier*, or no longer."""

    code = "no-such-message"

    def __init__(self, identifier: int) -> None:
        super().__init__(f"There is no message {identifier} in this sandbox.")


class NoSuchPerson(ControlError):
    """Nobody in *system* is called *name*, or no longer; *known* are those whom it has."""

    code = "no-such-person"

    def __init__(self, system: str, name: str, known: Collection[str]) -> None:
        nearest = find_alike(name, known)
        told = f" Nearest: {', '.join(nearest)}." if nearest else ""
        super().__init__(f"There is nobody called {name!r} in {system} in this sandbox.{told}")


class PersonExists(ControlError):
    """Somebody in *system* is called *name* already."""

    code = "person-exists"

    def __init__(self, system: str, name: str) -> None:
        super().__init__(
            f"There is somebody called {name!r} in {system} already. Choose another name, or change that person."
        )


class PersonNotPossible(ControlError):
    """
    Nobody can be as it was asked for.

    Args:
        field: The field of the body that is wrong.
        problem: What is wrong and what would be possible, without a value that is secret.
    """

    code = "impossible-person"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__("Nobody can be so; nothing was changed.")
        self.field, self.problem = field, problem


class JournalOff(ControlError):
    """The server was started without a journal."""

    code = "journal-off"

    def __init__(self) -> None:
        super().__init__("This server has no journal: it was started with --journal 0.")


class NoSuchOperation(ControlError):
    """No operation of the document, which has *known*, fits *pattern*, which is not repeated."""

    code = "no-such-operation"

    def __init__(self, pattern: str, known: Collection[str]) -> None:
        super().__init__(
            "No operation fits one of the patterns. Write ids of the document, or patterns such as weavr_multi.*; "
            f"{tell_alike(pattern, known)}."
        )


class NoSuchEntry(ControlError):
    """
    The journal of this sandbox never had such an entry; its id is not repeated.

    Args:
        sandbox: The name of the sandbox that has it; empty for none.
    """

    code = "no-such-entry"

    def __init__(self, sandbox: str = "") -> None:
        where = f"It belongs to the sandbox {sandbox}" if sandbox else "GET /__admin/journal lists its entries"
        super().__init__(f"The journal of this sandbox has no such entry. {where}.")


class EntryGone(ControlError):
    """
    The journal had this entry, and has dropped it.

    Args:
        cleared: Whether it is certain that somebody removed it: older ones are still there.
    """

    code = "entry-gone"

    def __init__(self, *, cleared: bool) -> None:
        why = (
            "it was cleared, for example by a reset or by DELETE /__admin/journal."
            if cleared
            else "it was cleared, or newer ones needed its place; --journal and --journal-memory say how many it holds."
        )
        super().__init__(f"The journal no longer holds this entry: {why}")


class CannotReplay(ControlError):
    """The entry is none of the requests that can be replayed."""

    code = "not-replayable"


class NotVerified(ControlError):
    """
    The requests that a test expects were not sent, or too often.

    Args:
        count: How many there are.
        wanted: How many there should be.
        nearest: The others that come nearest, or those that are too many, as they are written for programs.
    """

    code = "not-verified"

    def __init__(self, count: int, wanted: object, nearest: Sequence[Mapping[str, Any]]) -> None:
        number = "is 1 such request" if count == 1 else f"are {count} such requests"
        super().__init__(f"There {number} in the journal of this sandbox, and the test expects {wanted}.")
        self.count, self.nearest = count, tuple(nearest)


class PatternNotSupported(ControlError):
    """
    A request pattern of WireMock cannot be read, or has something that is not supported here.

    Args:
        pointer: A JSON pointer to the part that is wrong.
        detail: What would be right, without a value that was sent.
    """

    code = "pattern-not-supported"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


class NoSuchRule(ControlError):
    """No rule has this *identifier*."""

    code = "no-such-rule"

    def __init__(self, identifier: str) -> None:
        super().__init__(f"There is no rule {identifier!r}. 'watchword rules' lists the rules.")


class NoSuchMutant(ControlError):
    """No mutant has this *identifier*; *known* are those that there are."""

    code = "no-such-mutant"

    def __init__(self, identifier: str, known: Collection[str]) -> None:
        near = tell_alike(identifier, known)
        super().__init__(f"There is no mutant {identifier!r}; {near}. 'watchword mutants' lists all.")


class MutantsClash(ControlError):
    """Two mutants, *one* and *other*, break the same *subject*: only one of them could be noticed."""

    code = "mutants-clash"

    def __init__(self, one: str, other: str, subject: str) -> None:
        super().__init__(f"{one!r} and {other!r} both break {subject}: choose one of them.")


class NoSuchSystem(ControlError):
    """No imitated system is called *name*; *known* are those that exist."""

    code = "no-such-system"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no system {name!r}. There are: {', '.join(known)}.")


class NoSuchSandbox(ControlError):
    """
    There is no sandbox called *name*.

    Args:
        known: Those that exist, or some of them.
        besides: Words that could stand in the place of a name.
    """

    code = "no-such-sandbox"

    def __init__(self, name: str, known: Iterable[str] = (), *, besides: Sequence[str] = ()) -> None:
        near = find_alike(name, list(islice(known, _MOST_COMPARED)))
        nearest = f" Nearest: {', '.join(near)}." if near else ""
        or_else = f" Write {' or '.join(besides)}, or the name of a sandbox." if besides else ""
        super().__init__(f"There is no sandbox {name!r}.{nearest}{or_else}")


class NoSuchProposal(ControlError):
    """The server has no proposal called *name*; *known* are those that it has."""

    code = "no-such-proposal"

    def __init__(self, name: str, known: Collection[str]) -> None:
        there = f"There are: {', '.join(known)}." if known else "There is none: start it with --proposal NAME=FILE."
        super().__init__(f"This server has no proposal {name!r}. {there}")


class InvalidSandboxName(ControlError):
    """
    No sandbox can be called so; the name is not repeated, because it may be something else that a client misplaced.

    Args:
        because: Half a sentence: what a valid name looks like.
    """

    code = "invalid-sandbox-name"

    def __init__(self, because: str) -> None:
        super().__init__(f"No sandbox can be called so: {because}.")


class SandboxExists(ControlError):
    """There is a sandbox called *name* already."""

    code = "sandbox-exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a sandbox {name!r} already. Reset or delete it, or leave the name out to get a new one."
        )


class StateGone(ControlError):
    """What a sandbox was at a moment is not remembered any more."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__(
            "What this sandbox was before that request is no longer remembered: too much has happened since then,"
            " or the sandbox was reset."
        )


class NoSuchSnapshot(ControlError):
    """The sandbox has no such snapshot; *known* are those that it has."""

    code = "no-such-snapshot"

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(f"This sandbox has no such snapshot. There are: {', '.join(known) or 'none'}.")


class InvalidSnapshotName(ControlError):
    """No snapshot can be called so; the name is not repeated."""

    code = "invalid-snapshot-name"

    def __init__(self) -> None:
        super().__init__(
            "No snapshot can be called so: its name has 1 to 64 letters, digits, dots, dashes and underscores, and"
            " starts with a letter or digit."
        )


class SnapshotExists(ControlError):
    """The sandbox has a snapshot called *name* already."""

    code = "snapshot-exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a snapshot {name!r} of this sandbox already. Drop it first, or leave the name out to get a new"
            " one."
        )


class TooManySnapshots(ControlError):
    """The sandbox has as many snapshots as it may have."""

    code = "too-many-snapshots"


class NewerState(ControlError):
    """A document was written by a later release."""

    code = "newer-format"

    def __init__(self, number: int, version: str, known: int) -> None:
        release = f"Watchword {version}" if version else "a later release"
        super().__init__(f"This sandbox has format {number}, of {release}; this release reads format {known}.")


class DefaultSandboxStays(ControlError):
    """The sandbox of requests that name none cannot be dropped."""

    code = "default-stays"

    def __init__(self, name: str) -> None:
        super().__init__(f"The sandbox {name!r} is always there. Reset it instead.")


class TooManySandboxes(ControlError):
    """The server has as many sandboxes as it may have."""

    code = "too-many-sandboxes"


@dataclass(frozen=True, slots=True)
class SettingViolation:
    """
    One setting that cannot have the value that was asked for.

    Args:
        path: Names from the outside in: the system, then the setting; list indexes as strings.
        detail: A sentence that never repeats the value.
    """

    path: tuple[str, ...]
    detail: str


class ContradictorySettings(ControlError, ValueError):
    """A setting is invalid, or settings contradict each other; *violations* lists all of them."""

    code = "contradiction"

    def __init__(self, violations: Sequence[SettingViolation]) -> None:
        super().__init__("These settings are not possible, or not together; nothing was changed.")
        self.violations = tuple(violations)

    def __str__(self) -> str:
        return "\n".join((self.sentence, *(f"{'.'.join(one.path)}: {one.detail}" for one in self.violations)))


class ImpossibleChange(ControlError):
    """A request that is replayed cannot be changed so; *violations* lists what is wrong."""

    code = "impossible-change"

    def __init__(self, violations: Sequence[SettingViolation]) -> None:
        super().__init__("The request cannot be changed so; nothing was sent.")
        self.violations = tuple(violations)


class ImpossibleState(ControlError, ValueError):
    """A document is no sandbox of this server; *violations* lists what is wrong with it."""

    code = "impossible-state"

    def __init__(self, violations: Sequence[SettingViolation]) -> None:
        super().__init__("This is no sandbox that this server could have; nothing was changed.")
        self.violations = tuple(violations)

    def __str__(self) -> str:
        return "\n".join((self.sentence, *(f"{'.'.join(one.path)}: {one.detail}" for one in self.violations)))


class NoSuchFault(ControlError):
    """The sandbox has no armed fault of this id, or no longer; *known* are those that it has."""

    code = "no-such-fault"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(f"There is no such fault in this sandbox. Armed are: {', '.join(known) or 'none'}.")


class ImpossibleFault(ControlError, ValueError):
    """A fault names something that does not exist, or its parts contradict each other; *violations* lists all."""

    code = "impossible-fault"

    def __init__(self, violations: Sequence[SettingViolation]) -> None:
        super().__init__("This fault can meet no request; nothing was changed.")
        self.violations = tuple(violations)

    def __str__(self) -> str:
        return "\n".join((self.sentence, *(f"{'.'.join(one.path)}: {one.detail}" for one in self.violations)))


class TooManyFaults(ControlError):
    """The sandbox has as many armed faults as it may have."""

    code = "too-many-faults"

    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} armed faults already. Disarm some first.")


class ChangeNotStored(ControlError):
    """The disk refused a change; reading still works."""

    code = "not-stored"


@contextmanager
def storing() -> Iterator[None]:
    """
    Change a sandbox in a ``with`` block.

    Raises:
        ChangeNotStored: The disk refused.
    """
    try:
        yield
    except NotStored as refused:
        raise ChangeNotStored(refused.message) from refused
