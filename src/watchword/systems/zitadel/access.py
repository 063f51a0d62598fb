"""
Who calls, and what they may do.

Source:
    Public source of v2.65.3, ``internal/api/authz`` and the roles of ``cmd/defaults.yaml``; the ids are
    unchanged since. No test of theirs shows every line, so the grade is "observed".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchword.domain.rule import OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import is_live
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.records import AccessToken, Membership, Organisation
from watchword.systems.zitadel.settings import Profile

_SOURCE = "internal/api/authz, v2.65.3"
USER_WRITERS = frozenset({"IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "ORG_OWNER", "ORG_USER_MANAGER"})
"""The default roles that hold ``user.write``."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a valid token."""

    user_id: str
    memberships: tuple[Membership, ...] = ()


@rule("zitadel.auth.bearer", OBSERVED, f"{_SOURCE}; vendor page 'Change password': OAuth2")
def bearer(credential: Secret | None) -> Secret:
    """
    A call needs the header ``Authorization: Bearer TOKEN`` with a token that is known and has not expired.

    Args:
        credential: The raw header, None or empty without one.

    Returns:
        The token.

    Raises:
        AuthHeaderMissing, InvalidAuthHeader: There is none, or "Bearer " does not stand in it exactly once.
    """
    if not credential:
        raise errors.AuthHeaderMissing
    parts = credential.reveal().split("Bearer ")
    if len(parts) != 2:
        raise errors.InvalidAuthHeader
    return Secret(parts[1])


def valid(token: AccessToken | None, *, now: datetime) -> AccessToken:
    """
    Let a *token* pass that is known and has not expired.

    Raises:
        TokenInvalid: It is neither.
    """
    if token is None or not is_live(token.expires_at, now=now):
        raise errors.TokenInvalid
    return token


@rule("zitadel.auth.organisation", OBSERVED, _SOURCE)
def organisation_context(wanted: str | None, found: Organisation | None) -> None:
    """
    The header ``x-zitadel-orgid``, if it is sent, names an organisation that exists.

    Raises:
        OrganisationMissing: It does not.
    """
    if wanted and found is None:
        raise errors.OrganisationMissing


@rule("zitadel.auth.origin", OBSERVED, _SOURCE)
def origin_allowed(token: AccessToken, origin: str | None) -> None:
    """
    A token that was issued through an application is refused to pages of an Origin that it does not allow.

    Raises:
        OriginNotAllowed: The page is from elsewhere.
    """
    if origin and token.origins is not None and origin not in token.origins:
        raise errors.OriginNotAllowed


@rule("zitadel.permission.user_write", OBSERVED, f"{_SOURCE}; roles: cmd/defaults.yaml")
def may_write_users(memberships: Sequence[Membership], *, organisation: str) -> None:
    """
    Without a proof the caller needs the permission user.write in the user's organisation or the instance.

    Raises:
        MembershipNotFound: The caller has no role in either.
        PermissionElsewhere: A role holds it, but for one project only.
        NoMatchingPermissions: No role holds it.
    """
    here = [one for one in memberships if one.organisation in (None, organisation)]
    if not here:
        raise errors.MembershipNotFound
    writing = [one for one in here if not USER_WRITERS.isdisjoint(one.roles)]
    if not writing:
        raise errors.NoMatchingPermissions
    if all(one.project is not None for one in writing):
        raise errors.PermissionElsewhere


@rule("zitadel.permission.self", OBSERVED, "internal/command/user_human_password.go, some 45 tags from v2.42 to v4.13")
def own_password_is_free(caller: Caller, user_id: str, profile: Profile) -> bool:
    """Users set their own password without any proof in profile v4.2 only; a code for themselves they get in all."""
    return profile.own_password_is_free and caller.user_id == user_id
