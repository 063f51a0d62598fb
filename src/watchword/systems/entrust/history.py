"""The password history: which passwords may not be used again."""

from collections.abc import Sequence
from dataclasses import replace

from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import Candidate
from watchword.domain.policy import is_reused
from watchword.domain.rule import ASSUMED, DOCUMENTED, returns_argument, rule
from watchword.systems.entrust.checks import say_of_password
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings


@rule(
    "entrust.history.cleared-first",
    DOCUMENTED,
    "vendor page 'Set a user password', Administration API, clearPasswordHistory",
    without=returns_argument("user"),
    compares=lambda user, parms: {"clear": parms.clear_password_history, "passwords": len(user.history)},
)
def clear_history(user: User, parms: UserPasswordParms) -> User:
    """
    clearPasswordHistory empties the history first, so that any password may be used again, the current one too.

    This holds for a request with a new password, which is judged afterwards, and for one with attributes only.
    """
    if not parms.clear_password_history:
        return user
    current = user.password and replace(user.password, in_history=False)
    return replace(user, password=current, former=())


def _history(user: User, policy: PasswordSettings) -> Sequence[str]:
    return user.history[: policy.password_history_size]


def _imported(user: User, policy: PasswordSettings) -> Sequence[str]:
    return [stored for stored in _history(user, policy) if is_bcrypt(stored)]


@rule(
    "entrust.history.imported",
    ASSUMED,
    "each bcrypt hash has a salt of its own, so that a history of them would take seconds to compare",
    without=_history,
    compares=lambda user, policy: {
        "imported": len(_imported(user, policy)),
        "compared_at_most": policy.imported_passwords_compared,
    },
)
def choose_compared(user: User, policy: PasswordSettings) -> Sequence[str]:
    """Of the imported hashes in the history only the newest few are compared."""
    left_out = _imported(user, policy)[policy.imported_passwords_compared :]
    return [stored for stored in _history(user, policy) if stored not in left_out]


@rule(
    "entrust.history.size",
    DOCUMENTED,
    "vendor help page 'Modify password authenticator settings': Password Kept in History;"
    " that the present one counts is assumed",
    reports=True,
    because=say_of_password,
    compares=lambda compared, policy, ignored: {
        "compared": len(compared),
        "size": policy.password_history_size,
        "ignored": ignored,
    },
)
def check_history(
    candidate: Candidate, compared: Sequence[str], policy: PasswordSettings, *, ignored: bool = False
) -> str | None:
    """
    The last passwordHistorySize passwords, the current one included, may not be used again; a validation can ignore
    them.

    Args:
        compared: Stored hashes, newest first, as `choose_compared` gives them.
        ignored: A validation with ignorePasswordHistory leaves this check out.

    Raises:
        DigestNeeded: Compute first.
    """
    if ignored or not is_reused(candidate, compared, depth=policy.password_history_size):
        return None
    return f"must not be one of the last {policy.password_history_size} passwords"


@rule(
    "entrust.removal.history",
    ASSUMED,
    "a history that a removal emptied would be no history",
    without=lambda user: user.former,
    compares=lambda user: {"in_history": user.password is not None and user.password.in_history},
)
def remember_removed(user: User) -> tuple[str, ...]:
    """A removed password stays in the history, unless it was cleared from it before."""
    return user.history
