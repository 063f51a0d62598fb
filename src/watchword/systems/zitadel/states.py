"""
Locking, deactivating and deleting users.

Source:
    Successes: recorded answers of v2.65.3, v4.2.2 and v4.6.5. Refusals and their order: the service's public
    source, ``internal/command/user_v2.go``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel import user_errors as errors
from watchword.systems.zitadel.errors import ZitadelRefusal
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.records import User, UserState

_SOURCE = "internal/command/user_v2.go; successes: recorded answers of v2.65.3, v4.2.2 and v4.6.5"


class Transition(StrEnum):
    """What can be done to the state of a user."""

    LOCK = "lock"
    UNLOCK = "unlock"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"


@dataclass(frozen=True, slots=True)
class _Change:
    """
    One way to change a state.

    Args:
        missing: For an unknown user.
        to: The state afterwards.
        refused: By the state before; every other state may be changed.
    """

    missing: type[ZitadelRefusal]
    to: UserState
    refused: Mapping[UserState, type[ZitadelRefusal]]


def _all_but(refusal: type[ZitadelRefusal], *states: UserState) -> Mapping[UserState, type[ZitadelRefusal]]:
    return {state: refusal for state in UserState if state not in states}


_CHANGES = {
    Transition.LOCK: _Change(
        errors.UserToLockMissing,
        UserState.LOCKED,
        _all_but(errors.NotLockable, UserState.ACTIVE, UserState.INITIAL),
    ),
    Transition.UNLOCK: _Change(
        errors.UserToUnlockMissing, UserState.ACTIVE, _all_but(errors.NotLocked, UserState.LOCKED)
    ),
    Transition.DEACTIVATE: _Change(
        errors.UserToDeactivateMissing,
        UserState.INACTIVE,
        {UserState.INITIAL: errors.InitialNotDeactivatable, UserState.INACTIVE: errors.AlreadyInactive},
    ),
    Transition.REACTIVATE: _Change(
        errors.UserToReactivateMissing, UserState.ACTIVE, _all_but(errors.NotInactive, UserState.INACTIVE)
    ),
}


def _accept_every_state(user: User | None, transition: Transition) -> User:
    """Without the rule every user may be changed; an unknown id is still refused, there is no user to change."""
    if user is None:
        raise _CHANGES[transition].missing
    return user


@rule(
    "zitadel.state.change",
    OBSERVED,
    _SOURCE,
    without=_accept_every_state,
    compares=lambda user, transition: {
        "known": user is not None,
        "state": user.state if user else None,
        "transition": transition,
    },
    because=lambda user: f"The user is {user.state}." if user else "There is no user with this id.",
)
def require_state(user: User | None, transition: Transition) -> User:
    """
    Active and new users can be locked, locked ones unlocked, active and locked ones deactivated, and deactivated ones
    reactivated; the user must exist, and the caller's permission is checked afterwards.

    Raises:
        NotFound: There is no user with that id; the id of the error depends on *transition*.
        NotLockable, NotLocked, InitialNotDeactivatable, AlreadyInactive, NotInactive: By *transition*.
    """
    change = _CHANGES[transition]
    if user is None:
        raise change.missing
    refusal = change.refused.get(user.state)
    if refusal is not None:
        raise refusal
    return user


def change_state(user: User, transition: Transition) -> User:
    """Change the state of *user*, and count the event; unlocking forgets the wrong passwords."""
    changed = replace(user, state=_CHANGES[transition].to)
    if transition is Transition.UNLOCK:
        changed = replace(changed, failed_attempts=0)
    return count_events(changed)
