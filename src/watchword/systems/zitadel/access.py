"""
Who calls, and what the caller may do.

Source:
    Public source of v2.65.3, ``internal/api/authz`` and the roles of ``cmd/defaults.yaml``; the ids are
    unchanged since. Not every line is covered by the service's own tests, so the grade is "observed".
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchword.domain.rule import OBSERVED, returns, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import is_live, tell_end
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.records import AccessToken, Membership, Organisation, Session, User, UserState
from watchword.systems.zitadel.settings import Profile

_SOURCE = "internal/api/authz, v2.65.3"
_RECORDED = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
USER_WRITERS = frozenset(
    {"IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "IAM_LOGIN_CLIENT", "ORG_OWNER", "ORG_USER_MANAGER"}
)
"""The default roles that include the permission ``user.write``."""
_PRINTABLE = re.compile(r"[ -~]*")


class Permission(StrEnum):
    """What the roles of a user allow."""

    USER_WRITE = "user.write"
    SESSION_READ = "session.read"
    SESSION_WRITE = "session.write"
    SESSION_DELETE = "session.delete"


ROLES: Mapping[Permission, frozenset[str]] = {
    Permission.USER_WRITE: USER_WRITERS,
    Permission.SESSION_READ: USER_WRITERS,
    Permission.SESSION_WRITE: frozenset({"IAM_OWNER", "IAM_LOGIN_CLIENT"}),
    Permission.SESSION_DELETE: USER_WRITERS,
}
"""The default roles that include a permission; a role of a project includes none of them."""


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


def _say_about_token(token: AccessToken | None, now: datetime, said: errors.ZitadelRefusal) -> str:
    if not isinstance(said, errors.TokenInvalid):
        return said.cause
    if token is None:
        return "The token is unknown: it was never issued, or its session or user is gone."
    if not token.for_api:
        return "The token is not for this API: the scope urn:zitadel:iam:org:project:id:zitadel:aud was not asked for."
    return f"The token {tell_end(token.expires_at, now=now)}."


@rule(
    "zitadel.auth.bearer",
    OBSERVED,
    f"{_SOURCE}; vendor page 'Change password': OAuth2",
    compares=lambda credential, token, now: {
        "header": bool(credential),
        "bearer": read_bearer(credential) is not None,
        "known": token is not None,
        "for_api": token is not None and token.for_api,
        "expires_at": token.expires_at if token else None,
        "now": now,
    },
    because=_say_about_token,
)
def require_token(credential: Secret | None, token: AccessToken | None, *, now: datetime) -> None:
    """
    A call needs the header ``Authorization: Bearer TOKEN`` with a token that is known, for this API, and not expired.

    Args:
        credential: The raw header; None or empty without one.
        token: The record of the token in the header; None if there is none.

    Raises:
        AuthHeaderMissing, InvalidAuthHeader, TokenInvalid: In this order.
    """
    if not credential:
        raise errors.AuthHeaderMissing
    if read_bearer(credential) is None:
        raise errors.InvalidAuthHeader
    if token is None or not token.for_api or not is_live(token.expires_at, now=now):
        raise errors.TokenInvalid


@rule(
    "zitadel.auth.user",
    OBSERVED,
    _RECORDED,
    compares=lambda user: {"known": user is not None, "state": user.state if user else None},
    because=lambda user: f"The owner of the token is {user.state}." if user else "The owner of the token is gone.",
)
def require_token_owner(user: User | None) -> None:
    """
    The tokens of a user that belong to no session are invalid while the user is locked or deactivated.

    Args:
        user: The owner of the token; None if there is none any more.

    Raises:
        TokenInvalid: The owner is gone, locked or deactivated.
    """
    if user is None or user.state in (UserState.LOCKED, UserState.INACTIVE):
        raise errors.TokenInvalid


@rule(
    "zitadel.auth.session",
    OBSERVED,
    f"internal/authz/repository, v2.65.3; {_RECORDED}",
    compares=lambda token, session, user, now: {
        "session": session is not None and session.exists,
        "newest": session is not None and session.token == token.digest,
        "expires_at": session.expires_at if session else None,
        "now": now,
        "password": session is not None and has_password_factor(session, user),
    },
    because=lambda session, now, said: (
        f"The session of the token {tell_end(session.expires_at, now=now)}."
        if isinstance(said, errors.SessionExpired)
        else said.cause
    ),
)
def require_session(token: AccessToken, session: Session | None, user: User | None, *, now: datetime) -> None:
    """
    The newest token of a session is an access token of its user until the session ends, and only while the session
    has a password check; the state of the user does not matter.

    Args:
        token: Of a session.
        user: Of the session; None if it has none, or none any more.

    Raises:
        SessionTokenUnknown, SessionTokenOutdated, SessionExpired, AuthenticationRequired, SessionUserMissing: In this
            order.
    """
    if session is None or not session.exists:
        raise errors.SessionTokenUnknown
    if session.token != token.digest:
        raise errors.SessionTokenOutdated
    if not is_live(session.expires_at, now=now):
        raise errors.SessionExpired
    if not has_password_factor(session, user):
        raise errors.AuthenticationRequired
    if user is None:
        raise errors.SessionUserMissing


def has_password_factor(session: Session, user: User | None) -> bool:
    """Whether the password that *session* checked is still the one of its *user*; of a user who is gone it is."""
    if session.password_checked_at is None:
        return False
    return user is None or user.password_number == session.password_number


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


def check_permission(permission: Permission, memberships: Sequence[Membership], *, organisation: str) -> None:
    """
    Look for a *permission* among the roles of a caller.

    Args:
        memberships: The caller's.
        organisation: Where it is needed; empty for the instance.

    Raises:
        MembershipNotFound: The caller has no role in the organisation or the instance.
        NoMatchingPermissions: No role includes the permission.
        PermissionElsewhere: A role includes it, but for one project only.
    """
    here = _memberships_in(organisation, memberships)
    if not here:
        raise errors.MembershipNotFound
    allowed = [one for one in here if not ROLES[permission].isdisjoint(one.roles)]
    if not allowed:
        raise errors.NoMatchingPermissions
    if all(one.project is not None for one in allowed):
        raise errors.PermissionElsewhere


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
        "needed": sorted(ROLES[Permission.USER_WRITE]),
    },
)
def require_user_write(memberships: Sequence[Membership], *, organisation: str) -> None:
    """
    Without a proof the caller needs the permission user.write in the user's organisation or the instance.

    Args:
        memberships: The caller's.
        organisation: The user's.

    Raises:
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `check_permission`.
    """
    check_permission(Permission.USER_WRITE, memberships, organisation=organisation)


def _memberships_in(organisation: str, memberships: Sequence[Membership]) -> list[Membership]:
    return [one for one in memberships if one.organisation in (None, organisation)]
