"""
Whether a history of password changes by many clients fits one order of events.

The model is one register: a change from *old* to *new* succeeds exactly if *old* is the present password.
As every password is chosen once, the changes that succeeded can only have happened in one order: each begins
where another ended. What is left to find is a moment for each attempt between its sending and its answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """
    One change that a client asked for.

    Args:
        sent_at: On any clock that all attempts share.
        succeeded: As it was answered.
    """

    old: str
    new: str
    sent_at: float
    answered_at: float
    succeeded: bool


def objection(first: str, history: Sequence[Attempt]) -> str | None:
    """
    Say why *history* fits no order of events; None if it fits one.

    It walks through the moments, and lets the password change as late as it can: only when the change that is
    due has been answered, or when a refusal that has been answered needs another present password than there is.
    Whatever that order cannot explain no order can, since a later change only leaves more moments to the others.

    Args:
        first: The password before all attempts.
    """
    chain = _chain(first, [one for one in history if one.succeeded])
    if isinstance(chain, str):
        return chain
    place = {one.new: number for number, one in enumerate(chain)}
    moments = sorted(
        [(one.sent_at, 0, one) for one in history] + [(one.answered_at, 1, one) for one in history],
        key=lambda moment: moment[:2],
    )
    present, turn = first, 0
    sent: set[str] = set()
    waiting: set[str] = set()
    for _, answered, one in moments:
        if not answered:
            sent.add(one.new)
            if not one.succeeded and one.old == present:
                waiting.add(one.new)
            continue
        needed = place[one.new] + 1 if one.succeeded else turn + (one.new in waiting)
        while turn < needed:
            if turn == len(chain):
                return f"{one} was refused, though {present} was the present password all the while"
            due = chain[turn]
            if due.new not in sent:
                return f"{one} was answered before {due} was sent"
            present, turn = due.new, turn + 1
            # Whoever waited for another password than the former one has had a moment.
            waiting.clear()
    return None


def _chain(first: str, successes: Sequence[Attempt]) -> list[Attempt] | str:
    after: dict[str, Attempt] = {}
    for one in successes:
        if one.old in after:
            return f"{one} and {after[one.old]} both replaced the same password"
        after[one.old] = one
    chain, present = [], first
    while present in after:
        chain.append(after.pop(present))
        present = chain[-1].new
    return chain if not after else f"{next(iter(after.values()))} replaced a password that never was the present one"
