"""The rules that only Payment Run has."""

from watchword.domain.refusal import Refusal, Unauthorized
from watchword.domain.rule import OBSERVED, returns, rule
from watchword.systems.weavr.errors import InsufficientPermissions
from watchword.systems.weavr.records import CredentialType
from watchword.systems.weavr.sessions import Caller

_LOOKED_UP = frozenset(
    f"weavr_payment_run.{name}" for name in ("create_password", "get_user", "list_users", "invite_user")
)
"""The operations that look an empty key up like any other."""


@rule(
    "weavr_payment_run.key.empty",
    OBSERVED,
    "Answers of the real service to an empty header.",
    without=returns(True),  # noqa: FBT003  # the rule's answer
    compares=lambda operation_id: {"operation": operation_id},
)
def empty_key_is_missing(operation_id: str) -> bool:
    """
    Creating a password, reading users and inviting with an empty `api-key` is answered 401,
    not 400 as everywhere else.
    """
    return operation_id not in _LOOKED_UP


@rule(
    "weavr_payment_run.users.key",
    OBSERVED,
    "Answers of the real service to mixed credentials.",
    without=returns(InsufficientPermissions),
)
def choose_stranger_refusal() -> type[Refusal]:
    """Reading or inviting users with the key of another programme is answered 401, not 403 as everywhere else."""
    return Unauthorized


@rule(
    "weavr_payment_run.users.administrator",
    OBSERVED,
    "Answers of the real service to further users of a buyer.",
    compares=lambda caller: {"credential": caller.user.credential},
)
def require_administrator(caller: Caller) -> None:
    """Only the administrator of a buyer reads and invites its users; others are answered 403."""
    if caller.user.credential is not CredentialType.ROOT:
        raise InsufficientPermissions("Only the administrator of the buyer may do this.")
