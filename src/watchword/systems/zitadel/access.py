"""
Who calls, and what the caller may do.

Source:
    Public source of v2.65.3, ``internal/api/authz`` and the roles of ``cmd/defaults.yaml``; the ids are
    unchanged since. Not every line is covered by the service's own tests, so the grade is "observed".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchword.domain.rule import OBSERVED, returns, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import is_live
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.records import AccessToken, Membership, Organisation, User
from watchword.systems.zitadel.settings import Profile

_SOURCE = "internal/api/authz, v2.65.3"
USER_WRITERS = frozenset({"IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "ORG_OWNER", "ORG_USER_MANAGER"})
"""The default roles that include the permission ``user.write``."""


class Action(StrEnum):
    """What callers without a proof may want to do with a user's password."""

    SET = "set the password"
    REQUEST_CODE = "request a code"


@dataclass(frozen=True, slots=True)
class Caller:
    """The user whose token was sent."""

    user_id: str
    memberships: tuple[Membership, ...] = ()


def read_bearer(credential: Secret | None) -> Secret | None:
    """
    Read the token in the header ``Authorization``.

    Returns:
        What follows "Bearer "; None unless the header contains that text exactly once.
    """
    parts = credential.revealed.split("Bearer ") if credential else []
    return Secret(parts[1]) if len(parts) == 2 else None


def _accept_any_caller(
    credential: Secret | None,  # noqa: ARG001  # the rule's arguments
    token: AccessToken | None,  # noqa: ARG001
    user: User | None,
    *,
    now: datetime,  # noqa: ARG001
) -> Caller:
    """Without the rule no token is needed; a caller without one has no user and no role."""
    return Caller("") if user is None else Caller(user.id, user.memberships)


@rule(
    "zitadel.auth.bearer",
    OBSERVED,
    f"{_SOURCE}; vendor page 'Change password': OAuth2",
    without=_accept_any_caller,
    compares=lambda credential, token, now: {
        "header": bool(credential),
        "bearer": read_bearer(credential) is not None,
        "known": token is not None,
        "for_api": token is not None and token.for_api,
        "expires_at": token.expires_at if token else None,
        "now": now,
    },
)
def identify_caller(
    credential: Secret | None, token: AccessToken | None, user: User | None, *, now: datetime
) -> Caller:
    """
    A call needs the header ``Authorization: Bearer TOKEN`` with a token that is known, for this API, and not expired.

    Args:
        credential: The raw header; None or empty without one.
        token: The record of the token in the header; None if there is none.
        user: The user of that token.

    Raises:
        AuthHeaderMissing, InvalidAuthHeader, TokenInvalid: In this order.
    """
    if not credential:
        raise errors.AuthHeaderMissing
    if read_bearer(credential) is None:
        raise errors.InvalidAuthHeader
    if token is None or user is None or not token.for_api or not is_live(token.expires_at, now=now):
        raise errors.TokenInvalid
    return Caller(user.id, user.memberships)


@rule(
    "zitadel.auth.organisation",
    OBSERVED,
    _SOURCE,
    compares=lambda wanted, found: {"sent": bool(wanted), "known": found is not None},
)
def require_organisation(wanted: str | None, found: Organisation | None) -> None:
    """
    If the header ``x-zitadel-orgid`` is sent, it names an organisation that exists.

    Raises:
        OrganisationMissing: There is no such organisation.
    """
    if wanted and found is None:
        raise errors.OrganisationMissing


@rule(
    "zitadel.auth.origin",
    OBSERVED,
    _SOURCE,
    compares=lambda token, origin: {
        "sent": bool(origin),
        "limited": token is not None and token.origins is not None,
        "allowed": token is None or token.origins is None or origin in token.origins,
    },
)
def require_allowed_origin(token: AccessToken | None, origin: str | None) -> None:
    """
    A token that was issued through an application is refused if the Origin is not one of the application's.

    Raises:
        OriginNotAllowed: It is not.
    """
    if origin and token is not None and token.origins is not None and origin not in token.origins:
        raise errors.OriginNotAllowed


def require_permission(caller: Caller, user: User, *, action: Action, profile: Profile) -> None:
    """
    Let *caller* act on *user* without a proof, or refuse.

    Raises:
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `require_user_write`.
    """
    if not exempt_self(caller, user.id, action=action, profile=profile):
        require_user_write(caller.memberships, organisation=user.organisation)


@rule(
    "zitadel.permission.self",
    OBSERVED,
    "internal/command/user_human_password.go, some 45 tags from v2.42 to v4.13",
    without=returns(False),  # noqa: FBT003  # what the rule returns
    compares=lambda caller, user_id, action, profile: {
        "self": caller.user_id == user_id,
        "action": action,
        "profile": profile,
    },
)
def exempt_self(caller: Caller, user_id: str, *, action: Action, profile: Profile) -> bool:
    """
    Users may set their own password without a proof in profile v4.2 only, and request a code for themselves in every
    profile.

    Returns:
        Whether the caller needs no permission.
    """
    return caller.user_id == user_id and (action is Action.REQUEST_CODE or profile.own_password_is_free)


@rule(
    "zitadel.permission.user_write",
    OBSERVED,
    f"{_SOURCE}; roles: cmd/defaults.yaml",
    compares=lambda memberships, organisation: {
        "organisation": organisation,
        "roles": [role for one in _memberships_in(organisation, memberships) for role in one.roles],
        "needed": sorted(USER_WRITERS),
    },
)
def require_user_write(memberships: Sequence[Membership], *, organisation: str) -> None:
    """
    Without a proof the caller needs the permission user.write in the user's organisation or the instance.

    Args:
        memberships: The caller's.
        organisation: The user's.

    Raises:
        MembershipNotFound: The caller has no role in either.
        NoMatchingPermissions: No role includes the permission.
        PermissionElsewhere: A role includes it, but for one project only.
    """
    here = _memberships_in(organisation, memberships)
    if not here:
        raise errors.MembershipNotFound
    writing = [one for one in here if not USER_WRITERS.isdisjoint(one.roles)]
    if not writing:
        raise errors.NoMatchingPermissions
    if all(one.project is not None for one in writing):
        raise errors.PermissionElsewhere


def _memberships_in(organisation: str, memberships: Sequence[Membership]) -> list[Membership]:
    return [one for one in memberships if one.organisation in (None, organisation)]
