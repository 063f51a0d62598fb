"""
Check whether the answers to many clients who change a password are linearizable: whether they fit one order of events.

The model is a register: a change from *old* to *new* succeeds exactly if *old* is the present password.
Every password is chosen only once, so the successful changes can only have happened in one order: each starts with the
password that another one set. Then each attempt needs a moment between its sending and its answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """
    An attempt to change the password.

    Args:
        sent_at: On any clock, the same for all attempts.
        succeeded: What the answer said.
    """

    old: str
    new: str
    sent_at: float
    answered_at: float
    succeeded: bool


def find_contradiction(first: str, history: Sequence[Attempt]) -> str | None:
    """
    Return why *history* fits no order of events; None if it fits one.

    It goes through all moments in time and changes the password as late as possible: when the next change is answered,
    or when a refusal is answered that needs a different present password. If this order does not explain an answer,
    no order does, because an earlier change would leave less time for the attempts before it.

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
            # The refused attempts that needed a different present password have had a moment for it.
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
