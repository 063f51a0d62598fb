"""The situations that a user of ZITADEL can be in, as changes of records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from watchword.domain.tokens import digest, is_live
from watchword.system.people import ImpossiblePerson
from watchword.system.situations import Situation, Situations
from watchword.systems.zitadel.records import User, UserKind, UserState, VerificationCode
from watchword.systems.zitadel.states import Transition, change_state

CODE = "K4RL0Z"
"""The code of people who get one: that of the seed data's ``with-history``."""
_ISSUED_AGO, _FORGOTTEN_AGO = timedelta(minutes=1), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Account:
    """
    A user and what decides the situation.

    Args:
        lifetime: Of codes.
        password_hash: What the user gets who has none and shall have one; None if none is known.
        token_expired: Whether the token that the seed data gave the user has expired.
    """

    user: User
    now: datetime
    lifetime: timedelta
    password_hash: str | None = None
    token_expired: bool = False

    def with_user(self, **changes: Any) -> "Account":
        """Change fields of the user."""
        return replace(self, user=replace(self.user, **changes))


def _give_password(one: Account) -> Account:
    if one.password_hash is None:
        raise ImpossiblePerson("password", "this person has none yet: give one, or name the situation 'no-password'")
    state = UserState.ACTIVE if one.user.state is UserState.INITIAL else one.user.state
    return one.with_user(password_hash=one.password_hash, changed_at=one.user.changed_at or one.now, state=state)


def _take_password(one: Account) -> Account:
    return one.with_user(password_hash=None, changed_at=None, change_required=False, failed_attempts=0)


def _deactivate(one: Account) -> Account:
    """Deactivate a user; who has no password yet has never signed in."""
    if one.user.password_hash is None and one.user.kind is UserKind.HUMAN:
        return one.with_user(state=UserState.INITIAL)
    return replace(one, user=change_state(one.user, Transition.DEACTIVATE))


def _activate(one: Account) -> Account:
    return replace(one, user=change_state(one.user, Transition.REACTIVATE))


def _lock(one: Account) -> Account:
    return replace(one, user=change_state(one.user, Transition.LOCK))


def _unlock(one: Account) -> Account:
    return replace(one, user=change_state(one.user, Transition.UNLOCK))


def _send_code(one: Account, ago: timedelta) -> Account:
    return one.with_user(code=VerificationCode(digest(CODE), one.now - ago + one.lifetime))


def _forget_code(one: Account) -> Account:
    if one.token_expired:
        raise ImpossiblePerson("situations", "the token that this person was given has expired, for good")
    return one.with_user(code=None)


def _has_code(one: Account, *, live: bool) -> bool:
    return one.user.code is not None and is_live(one.user.code.expires_at, now=one.now) is live


CHANGING: Mapping[str, Situation[Account]] = {
    "no-password": Situation(
        lambda one: one.user.kind is UserKind.HUMAN and one.user.password_hash is None, _take_password, _give_password
    ),
    "inactive": Situation(
        lambda one: one.user.state in (UserState.INACTIVE, UserState.INITIAL), _deactivate, _activate
    ),
    "locked": Situation(lambda one: one.user.state is UserState.LOCKED, _lock, _unlock),
    "force-change": Situation(
        lambda one: one.user.change_required,
        lambda one: one.with_user(change_required=True),
        lambda one: one.with_user(change_required=False),
    ),
    "with-history": Situation(
        lambda one: _has_code(one, live=True), lambda one: _send_code(one, _ISSUED_AGO), _forget_code
    ),
    "expired": Situation(
        lambda one: one.token_expired or _has_code(one, live=False),
        lambda one: _send_code(one, max(_FORGOTTEN_AGO, 2 * one.lifetime)),
        _forget_code,
    ),
}
_MACHINES_LACK = ("no-password", "force-change", "with-history", "expired")

SITUATIONS = Situations(
    CHANGING,
    fixed=("administrator", "machine", "no-membership", "no-permission"),
    plain=frozenset(("no-membership",)),
    exclusive=(
        *((frozenset(("machine", one)), "a machine has no password to set") for one in _MACHINES_LACK),
        (frozenset(("no-password", "force-change")), "only who has a password can be so"),
        (frozenset(("locked", "inactive")), "a user has one state"),
        (frozenset(("with-history", "expired")), "a user has one code at most"),
        (frozenset(("administrator", "no-permission", "no-membership")), "they say what a user may do"),
    ),
    implied={"machine": ("administrator",)},
    # A token that has expired is the second way to be expired, and Fortress has a policy of its own.
    usual=lambda entry: not entry["tokenExpiredAgo"] and not entry["login"].endswith("@fortress.example"),
)
