"""
What a caller may read, and whose state the caller may change.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5; the roles: ``cmd/defaults.yaml`` of the public source.
"""

from collections.abc import Sequence

from watchword.domain.rule import OBSERVED, returns_argument, rule
from watchword.systems.zitadel import user_errors
from watchword.systems.zitadel.access import USER_WRITERS, Caller
from watchword.systems.zitadel.errors import ZitadelRefusal
from watchword.systems.zitadel.records import Membership, User
from watchword.systems.zitadel.settings import Profile

_SOURCE = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_ROLES = "cmd/defaults.yaml"
USER_READERS = USER_WRITERS | {
    "IAM_OWNER_VIEWER",
    "IAM_LOGIN_CLIENT",
    "ORG_OWNER_VIEWER",
    "ORG_USER_PERMISSION_EDITOR",
    "ORG_PROJECT_PERMISSION_EDITOR",
    "PROJECT_OWNER",
    "PROJECT_OWNER_VIEWER",
    "PROJECT_GRANT_OWNER",
    "PROJECT_GRANT_OWNER_VIEWER",
}
"""The default roles that include the permission ``user.read``."""
USER_STATE_WRITERS = USER_WRITERS | {"IAM_LOGIN_CLIENT"}
"""Those that include ``user.write``."""
USER_DELETERS = frozenset({"IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "ORG_OWNER", "ORG_USER_MANAGER"})
"""Those that include ``user.delete``."""
POLICY_READERS = (USER_READERS - {"IAM_USER_MANAGER"}) | {
    "ORG_SETTINGS_MANAGER",
    "ORG_PROJECT_CREATOR",
    "ORG_USER_SELF_MANAGER",
    "PROJECT_OWNER_GLOBAL",
    "PROJECT_OWNER_VIEWER_GLOBAL",
    "SELF_MANAGEMENT_GLOBAL",
}
"""Those that include ``policy.read``."""
_SELF_DELETERS = frozenset({"SELF_MANAGEMENT_GLOBAL", "ORG_USER_SELF_MANAGER"})


def _find_refusal(caller: Caller, holders: frozenset[str], *, organisation: str) -> ZitadelRefusal | None:
    """Say why *caller* lacks a permission in *organisation* that the roles *holders* include; None if not."""
    here = _memberships_in(organisation, caller.memberships)
    if not here:
        return user_errors.NoRole()
    holding = [one for one in here if not holders.isdisjoint(one.roles)]
    if not holding:
        return user_errors.NoPermission()
    if all(one.project is not None for one in holding):
        return user_errors.PermissionForOneProject()
    return None


def _memberships_in(organisation: str, memberships: Sequence[Membership]) -> list[Membership]:
    return [one for one in memberships if one.organisation in (None, organisation)]


def _find_reading_refusal(caller: Caller, user: User) -> ZitadelRefusal | None:
    if caller.user_id == user.id:
        return None
    return _find_refusal(caller, USER_READERS, organisation=user.organisation)


def _compared(caller: Caller, user: User | None, needed: frozenset[str]) -> dict[str, object]:
    here = () if user is None else _memberships_in(user.organisation, caller.memberships)
    return {
        "known": user is not None,
        "self": user is not None and caller.user_id == user.id,
        "organisation": user.organisation if user else None,
        "roles": [role for one in here for role in one.roles],
        "needed": sorted(needed),
    }


def _show_to_everybody(caller: Caller, user: User | None) -> User:  # noqa: ARG001  # the rule's arguments
    """Without the rule everybody sees every user; an unknown id is still refused, there is nobody to show."""
    if user is None:
        raise user_errors.UserMissing
    return user


@rule(
    "zitadel.permission.user_read",
    OBSERVED,
    f"{_SOURCE}; roles: {_ROLES}",
    without=_show_to_everybody,
    compares=lambda caller, user: _compared(caller, user, USER_READERS),
)
def require_user_read(caller: Caller, user: User | None) -> User:
    """
    Users see themselves; others need the permission user.read in the user's organisation or the instance.

    An unknown id is refused before.

    Raises:
        UserMissing: There is no user with that id.
        NoRole, NoPermission, PermissionForOneProject: The caller does not have the permission.
    """
    if user is None:
        raise user_errors.UserMissing
    refusal = _find_reading_refusal(caller, user)
    if refusal is not None:
        raise refusal
    return user


@rule(
    "zitadel.users.visible",
    OBSERVED,
    _SOURCE,
    without=returns_argument("page"),
    compares=lambda page, caller: {
        "found": len(page),
        "visible": sum(_find_reading_refusal(caller, user) is None for user in page),
    },
)
def leave_visible(page: Sequence[User], caller: Caller) -> Sequence[User]:
    """A list leaves out who may not be seen, after it was counted and cut into pages; nobody is refused."""
    return [user for user in page if _find_reading_refusal(caller, user) is None]


@rule(
    "zitadel.permission.policy_read",
    OBSERVED,
    f"{_SOURCE}; roles: {_ROLES}",
    compares=lambda caller, organisation: {
        "organisation": organisation,
        "roles": [role for one in _memberships_in(organisation, caller.memberships) for role in one.roles],
        "needed": sorted(POLICY_READERS),
    },
)
def require_policy_read(caller: Caller, *, organisation: str) -> None:
    """
    Settings need the permission policy.read, for one project at least, in the organisation of the call; whose
    settings are read does not matter.

    Args:
        organisation: The one in the header ``x-zitadel-orgid``, or else the caller's own.

    Raises:
        NoRole: The caller has no role in it.
        SettingsNotReadable: No role there includes the permission.
    """
    here = _memberships_in(organisation, caller.memberships)
    if not here:
        raise user_errors.NoRole
    if all(POLICY_READERS.isdisjoint(one.roles) for one in here):
        raise user_errors.SettingsNotReadable


@rule(
    "zitadel.permission.user_state",
    OBSERVED,
    f"{_SOURCE}: only an owner of the organisation was recorded; internal/command/permission_checks.go, v2.65.3",
    compares=lambda caller, user: _compared(caller, user, USER_STATE_WRITERS),
)
def require_state_write(caller: Caller, user: User) -> None:
    """
    Users may change their own state; others need the permission user.write.

    Raises:
        NoRole, NoPermission, PermissionForOneProject: The caller does not have it.
    """
    if caller.user_id != user.id:
        refusal = _find_refusal(caller, USER_STATE_WRITERS, organisation=user.organisation)
        if refusal is not None:
            raise refusal


def _delete_for_everybody(caller: Caller, user: User | None, profile: Profile) -> User:  # noqa: ARG001  # the same
    """Without the rule everybody may delete every user; an unknown id is still refused."""
    if user is None:
        raise user_errors.UserToDeleteMissing
    return user


@rule(
    "zitadel.permission.user_delete",
    OBSERVED,
    f"{_SOURCE}: only an owner of the organisation was recorded; internal/command/permission_checks.go",
    without=_delete_for_everybody,
    compares=lambda caller, user, profile: {**_compared(caller, user, USER_DELETERS), "profile": profile},
)
def require_delete(caller: Caller, user: User | None, profile: Profile) -> User:
    """
    To delete a user needs the permission user.delete; users may delete themselves in v2.65, and later with
    user.self.delete.

    Raises:
        UserToDeleteMissing: There is no user with that id.
        NoRole, NoPermission, PermissionForOneProject: The caller does not have the permission.
    """
    if user is None:
        raise user_errors.UserToDeleteMissing
    holders = USER_DELETERS
    if caller.user_id == user.id:
        if not profile.is_v4:
            return user
        holders |= _SELF_DELETERS
    refusal = _find_refusal(caller, holders, organisation=user.organisation)
    if refusal is not None:
        raise refusal
    return user
