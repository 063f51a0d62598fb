"""Invitations: how a user that another has made gets the first password."""

from datetime import datetime, timedelta
from urllib.parse import quote

from watchword.domain.rule import ASSUMED, OBSERVED, returns, returns_argument, rule
from watchword.domain.tokens import digest, is_live, tell_end
from watchword.systems.weavr.errors import (
    InsufficientPermissions,
    InviteAlreadyConsumed,
    InviteInvalid,
    UnresolvedIdentity,
)
from watchword.systems.weavr.records import CredentialType, Invitation, Programme, User

_INVALID = "The code is wrong, used or expired, or the user was never invited."


@rule(
    "weavr.invite.consumed",
    OBSERVED,
    "Answers of the real service; the page names the code.",
    compares=lambda user: {"password_set": user.password is not None},
)
def require_open_invitation(user: User) -> None:
    """Inviting a user who has a password already is answered INVITE_ALREADY_CONSUMED."""
    if user.password is not None:
        raise InviteAlreadyConsumed("The user has a password: the invitation was consumed, or was not needed.")


@rule(
    "weavr.invite.lifetime",
    ASSUMED,
    "The pages know invitations that are not valid, but not how long one is.",
    without=returns(None),
)
def compute_invitation_end(*, now: datetime, lifetime: timedelta) -> datetime | None:
    """An invitation is valid for seven days."""
    return now + lifetime


def _keep_first(former: Invitation | None, new: Invitation, *, now: datetime) -> Invitation:
    """Keep the first invitation while it is valid, so that the code in the second mail does not work."""
    return new if former is None or not is_live(former.expires_at, now=now) else former


@rule(
    "weavr.invite.single",
    ASSUMED,
    "A second invitation was seen to be sent; that it replaces the first is as with nonces.",
    without=_keep_first,
    compares=lambda former, now: {"former_expires_at": former.expires_at if former else None, "now": now},
)
def replace_invitation(former: Invitation | None, new: Invitation, *, now: datetime) -> Invitation:  # noqa: ARG001
    """
    Inviting again replaces the first invitation: a user has one at most.

    Args:
        former: The invitation that the user already has.

    Returns:
        The invitation to store.
    """
    return new


@rule(
    "weavr.invite.link",
    ASSUMED,
    "As the link of a lost password: the path, and again as parameters, what the next call needs.",
    without=returns_argument("portal"),
)
def build_link(portal: str, code: str, user: User) -> str:
    """The mail's link leads to `<portal>/invite/<user id>/<code>/<email>`, with the same three as query parameters."""
    place = f"{portal.rstrip('/')}/invite/{user.id}/{quote(code, safe='')}/{quote(user.email, safe='@')}"
    return f"{place}?userId={user.id}&inviteCode={quote(code, safe='')}&email={quote(user.email, safe='@')}"


def _require_any_user(user: User | None) -> User:
    """Without a user nobody could get a password, whatever the answer."""
    if user is None:
        raise InviteInvalid(_INVALID)
    return user


@rule(
    "weavr.invite.user",
    OBSERVED,
    "Answers of the real service.",
    without=_require_any_user,
    compares=lambda user: {"user_found": user is not None},
)
def require_invited_user(user: User | None) -> User:
    """Consuming an invitation of an unknown user is answered UNRESOLVED_IDENTITY."""
    if user is None:
        raise UnresolvedIdentity("There is no user with this user_id.")
    return user


@rule(
    "weavr.invite.programme",
    OBSERVED,
    "Answers of the real service to a consumed invitation; to a validated one it answered 204, which its makers call"
    " a defect.",
    compares=lambda user, programme: {
        "programme_of_the_user": user.programme_id if user else None,
        "programme_of_the_key": programme.id,
    },
)
def require_own_programme(user: User | None, programme: Programme) -> None:
    """The invitation of a user of another programme is answered 403."""
    if user is not None and user.programme_id != programme.id:
        raise InsufficientPermissions("The user belongs to another programme than the api-key.")


@rule(
    "weavr.invite.inactive",
    ASSUMED,
    "As the inactive user of 'create', who is answered 403.",
    compares=lambda user: {"active": user is None or user.active},
)
def require_active_user(user: User | None) -> None:
    """The invitation of a user who was deactivated since is answered 403."""
    if user is not None and not user.active:
        raise InsufficientPermissions("The user is inactive.")


@rule(
    "weavr.invite.root",
    OBSERVED,
    "Answers of the real service, for root users with a password too.",
    compares=lambda user: {"credential": user.credential},
)
def refuse_root_user(user: User) -> None:
    """Root users are never invited: consuming an invitation for one is answered INVITE_OR_INVITE_CODE_INVALID."""
    if user.credential is CredentialType.ROOT:
        raise InviteInvalid("This is the root user of an identity, who creates the first password without invitation.")


def _say_why_not(user: User | None, invitation: Invitation | None, code: str, now: datetime) -> str:
    if user is None:
        return "There is no user with this user_id."
    if user.password is not None:
        return "The user has a password: the invitation was used, or was not needed."
    if invitation is None:
        return "The user was never invited."
    if invitation.code_digest != digest(code):
        return "This is not the code that was sent to the user last."
    return f"The invitation {tell_end(invitation.expires_at, now=now)}."


@rule(
    "weavr.invite.redeemed",
    OBSERVED,
    "Answers of the real service; the page names the code. That invitations expire is assumed.",
    compares=lambda user, invitation, now: {
        "password_set": user is not None and user.password is not None,
        "invited": invitation is not None,
        "expires_at": invitation.expires_at if invitation else None,
        "now": now,
    },
    because=_say_why_not,
)
def check_code(user: User | None, invitation: Invitation | None, code: str, *, now: datetime) -> None:
    """A code that is wrong, used, expired or was never sent, or an unknown user: INVITE_OR_INVITE_CODE_INVALID."""
    if user is None or user.password is not None or invitation is None:
        raise InviteInvalid(_INVALID)
    if invitation.code_digest != digest(code) or not is_live(invitation.expires_at, now=now):
        raise InviteInvalid(_INVALID)
