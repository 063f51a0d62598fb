"""Sandboxes: listed, created, looked at, reset, dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from watchword.control.clock import ClockReading, read_clock
from watchword.control.errors import (
    DefaultSandboxStays,
    InvalidSandboxName,
    NoSuchSandbox,
    SandboxExists,
    StateGone,
    TooManySandboxes,
    storing,
)
from watchword.control.proposals import follow_proposal, known_proposal
from watchword.domain.chance import Chance
from watchword.sandbox import DEFAULT, Sandbox, Sandboxes, SandboxLimitReached
from watchword.sandbox.history import HistoryGone

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike."""


@dataclass(frozen=True, slots=True)
class SandboxSummary:
    """
    A sandbox in short.

    Args:
        created_at: When it was created or last reset, in real time.
        messages: How many there are in its inbox.
        proposal: The name of the proposal that it has chosen; empty for today's document.
    """

    name: str
    created_at: datetime
    clock: ClockReading
    messages: int
    proposal: str = ""


def enter_sandbox(sandboxes: Sandboxes, name: str) -> Sandbox:
    """
    Find the sandbox called *name*, which is made from the seed data when it is first named.

    It lasts if the call is not refused: `Pipeline` sees to that.

    Raises:
        InvalidSandboxName: No sandbox can be called so.
        TooManySandboxes: It would be one too many.
    """
    with entering():
        return sandboxes.visit(name)


def list_sandboxes(sandboxes: Sandboxes, *, within: str | None = None) -> tuple[SandboxSummary, ...]:
    """
    List every sandbox, oldest first.

    Args:
        within: The sandbox that the caller is in: it is listed, so it exists from now on; None for none.

    Raises:
        InvalidSandboxName: No sandbox can be called as *within* is.
        TooManySandboxes: It would be one too many.
    """
    if within is not None:
        with entering():
            sandboxes.enter(within)
    return tuple(map(summarise, sandboxes))


def create_sandbox(
    sandboxes: Sandboxes, name: str | None = None, *, chance: Chance, proposal: str = ""
) -> SandboxSummary:
    """
    Create a sandbox from the seed data.

    Args:
        name: None for a new one.
        chance: For new names. Not that of a sandbox, whose own sequence would be disturbed.
        proposal: The name of the proposal that describes it; empty for today's document.

    Raises:
        InvalidSandboxName: No sandbox can be called so.
        SandboxExists: One is called so already.
        ContradictorySettings: As in `choose_proposal`.
        TooManySandboxes: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    name = name or _make_name(sandboxes, chance)
    if sandboxes.get(name) is not None:
        raise SandboxExists(name)
    return _create(sandboxes, name, proposal)


def fork_sandbox(
    sandboxes: Sandboxes,
    source: str,
    name: str | None = None,
    *,
    chance: Chance,
    before: int | None = None,
    at: datetime | None = None,
) -> SandboxSummary:
    """
    Copy the sandbox called *source*: it draws, answers and expires as that one does, and goes its own way from then on.

    Args:
        name: None for a new one.
        chance: For new names. Not that of a sandbox, whose own sequence would be disturbed.
        before: The position of its history that everything goes back to, control calls too; None for as it is.
        at: What the clock of the copy shows; None for what it showed then.

    Raises:
        NoSuchSandbox: There is none called *source*.
        InvalidSandboxName: No sandbox can be called *name*.
        SandboxExists: One is called *name* already.
        StateGone: The history does not reach back so far.
        TooManySandboxes: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    original = sandboxes.get(source)
    if original is None:
        raise NoSuchSandbox(source, (one.name for one in sandboxes))
    name = name or _make_name(sandboxes, chance)
    if sandboxes.get(name) is not None:
        raise SandboxExists(name)
    try:
        with storing(), entering():
            return summarise(sandboxes.fork(original, name, before=before, at=at))
    except HistoryGone as gone:
        raise StateGone from gone


def choose_proposal(sandboxes: Sandboxes, name: str, proposal: str | None) -> SandboxSummary:
    """
    Let the sandbox called *name* be described by another document; it is made if there is none.

    People, clock and mails stay. So do the settings that the sandbox has changed, and the faults that it has armed; the
    others become those that a fresh sandbox with that document has.

    Args:
        proposal: The name of the proposal; None for today's document.

    Raises:
        NoSuchProposal: This server has none of that name.
        ContradictorySettings: What the sandbox has changed does not fit the settings of the proposal.
        InvalidSandboxName: No sandbox can be called so.
        TooManySandboxes: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    chosen, found = known_proposal(sandboxes, proposal), sandboxes.get(name)
    if found is None:
        return _create(sandboxes, name, chosen)
    follow_proposal(sandboxes, found, chosen)
    return summarise(found)


def look_at_sandbox(sandboxes: Sandboxes, name: str) -> SandboxSummary:
    """
    Look at the sandbox called *name* without creating it.

    Raises:
        NoSuchSandbox: There is none.
    """
    found = sandboxes.get(name)
    if found is None:
        raise NoSuchSandbox(name, (one.name for one in sandboxes))
    return summarise(found)


def reset_sandbox(sandboxes: Sandboxes, name: str) -> SandboxSummary:
    """
    Put the sandbox called *name* back to its seed data: records, clock, messages, settings, limits, rules.

    Its proposal stays.

    Raises:
        ChangeNotStored: The disk refused.
    """
    with storing():
        return summarise(sandboxes.reset(name))


def drop_sandbox(sandboxes: Sandboxes, name: str) -> None:
    """
    Remove the sandbox called *name*.

    Raises:
        DefaultSandboxStays: The next request without a name would create it again.
        NoSuchSandbox: There is none.
        ChangeNotStored: The disk refused.
    """
    if name == DEFAULT:
        raise DefaultSandboxStays(name)
    with storing():
        if not sandboxes.drop(name):
            raise NoSuchSandbox(name, (one.name for one in sandboxes))


@contextmanager
def entering() -> Iterator[None]:
    """
    Name a sandbox in a ``with`` block.

    Raises:
        InvalidSandboxName: No sandbox can be called so.
        TooManySandboxes: It would be one too many.
    """
    try:
        yield
    except ValueError as error:
        raise InvalidSandboxName(str(error)) from error
    except SandboxLimitReached as error:
        raise TooManySandboxes(f"{error}.".capitalize()) from error


def summarise(sandbox: Sandbox) -> SandboxSummary:
    """Describe *sandbox* in short."""
    return SandboxSummary(
        sandbox.name, sandbox.created_at, read_clock(sandbox), len(tuple(sandbox.mailbox)), sandbox.proposal
    )


def _create(sandboxes: Sandboxes, name: str, proposal: str) -> SandboxSummary:
    with storing(), entering():
        made = sandboxes.create(name, proposal)
    # A request may be in it already, by today's document: then both share it.
    if made.proposal != proposal:
        follow_proposal(sandboxes, made, proposal)
    return summarise(made)


def _make_name(sandboxes: Sandboxes, chance: Chance) -> str:
    while sandboxes.get(name := f"sandbox-{chance.text(8, _ALPHABET)}") is not None:
        pass
    return name
