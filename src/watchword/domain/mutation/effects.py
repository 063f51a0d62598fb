"""What an operation leaves behind, broken: before its commit, changes or messages are dropped, or doubled."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from watchword.domain.effect import Effect, Effects
from watchword.domain.mutation.mutant import Kind, Mutant, new_mutant
from watchword.domain.outbox import Outbox
from watchword.domain.rule import Alternative


class Uncommitted(Protocol):
    """What a step did, before it is committed."""

    tx: Any
    outbox: Outbox
    operation: Any


def break_effects(altered: Mapping[str, Alternative], call: Uncommitted, *, refused: bool, last: bool) -> None:
    """
    Change what a step did, if that of its operation is to be broken.

    Args:
        refused: The step returned a refusal.
        last: Another step could still refuse the request, unless it is the last one.
    """
    alternative = altered.get(call.operation.id) if call.operation is not None else None
    if alternative is not None:
        alternative(call, refused=refused, last=last)


def lose_effects(system: str, effects: Effects) -> Iterator[Mutant]:
    """Make the mutants of what the operations of a system leave behind."""
    for name in sorted(effects):
        for effect, how, kind, says, alternative in _BROKEN:
            if effect in effects[name]:
                operation = f"{system}.{name}"
                yield new_mutant(operation, how, kind, says, {operation: alternative}, operations=(operation,))


def _save_nothing(call: Uncommitted, *, refused: bool, last: bool) -> None:  # noqa: ARG001  # as the others
    if not refused:
        call.tx.discard_writes()


def _mark_nothing(call: Uncommitted, *, refused: bool, last: bool) -> None:
    if refused or not last:
        call.tx.discard_writes()


def _send_nothing(call: Uncommitted, *, refused: bool, last: bool) -> None:  # noqa: ARG001  # as the others
    call.outbox.drafts.clear()


def _send_twice(call: Uncommitted, *, refused: bool, last: bool) -> None:  # noqa: ARG001  # as the others
    call.outbox.drafts.extend(list(call.outbox.drafts))


_BROKEN: tuple[tuple[Effect, str, Kind, str, Callable[..., None]], ...] = (
    (Effect.SAVES, "unsaved", Kind.ROLLBACK, "An accepted request changes nothing.", _save_nothing),
    (Effect.MARKS, "unmarked", Kind.ROLLBACK, "A refused request leaves no mark.", _mark_nothing),
    (Effect.SENDS, "unsent", Kind.MAIL, "No message is sent.", _send_nothing),
    (Effect.SENDS, "sent-twice", Kind.MAIL, "Every message is sent twice.", _send_twice),
)
