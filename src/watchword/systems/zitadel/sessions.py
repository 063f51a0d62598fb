"""
Sessions: who may start, read, change and end one, and what becomes of it.

Source:
    Public source of the service, ``internal/command/session.go`` and ``internal/query/session.go``, v2.65.3.
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from watchword.domain.rule import DOCUMENTED, OBSERVED, returns, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live, tell_end
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Caller, Permission, check_permission
from watchword.systems.zitadel.records import AccessToken, Session
from watchword.systems.zitadel.settings import Profile

_COMMAND = "internal/command/session.go, v2.65.3"
_RECORDED = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@rule(
    "zitadel.session.write",
    OBSERVED,
    _RECORDED,
    compares=lambda caller, session, sent, profile: {
        "roles": [role for one in caller.memberships for role in one.roles],
        "token": sent,
        "organisation": session.organisation,
        "profile": profile,
    },
)
def require_session_write(
    caller: Caller, session: Session, token: AccessToken | None, *, sent: bool, profile: Profile
) -> None:
    """
    In v4.2 and v4.6 a session is started and changed with the permission session.write, in the organisation of its
    user or the instance; in v4.2 its newest token will do instead. In v2.65 everybody may.

    Args:
        session: As it is before.
        token: The record of the session token in the request; None if there is none.
        sent: Whether the request has a session token.

    Raises:
        SessionTokenInvalid, SessionTokenSuperseded: See `compare_token`.
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `check_permission`.
    """
    if sent and profile is Profile.V4_2:
        compare_token(session, token)
    elif profile.guards_sessions:
        check_permission(Permission.SESSION_WRITE, caller.memberships, organisation=session.organisation)


@rule(
    "zitadel.session.delete",
    OBSERVED,
    _RECORDED,
    compares=lambda caller, session, sent, profile: {
        "roles": [role for one in caller.memberships for role in one.roles],
        "token": sent,
        "own": session.user_id == caller.user_id,
        "creator": session.creator == caller.user_id,
        "profile": profile,
    },
)
def require_session_delete(
    caller: Caller, session: Session, token: AccessToken | None, *, sent: bool, profile: Profile
) -> None:
    """
    A session is ended with its newest token, by its user, in v2.65 by whoever started it, or with the permission
    session.delete.

    Args:
        token: The record of the session token in the request; None if there is none.
        sent: Whether the request has a session token.

    Raises:
        SessionTokenInvalid, SessionTokenSuperseded: See `compare_token`.
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `check_permission`.
    """
    if sent:
        compare_token(session, token)
        return
    if session.user_id == caller.user_id or (session.creator == caller.user_id and not profile.guards_sessions):
        return
    check_permission(Permission.SESSION_DELETE, caller.memberships, organisation=session.organisation)


def compare_token(session: Session, token: AccessToken | None) -> None:
    """
    Compare the token of a request with the newest one of *session*.

    Args:
        token: Its record; None if there is no such token.

    Raises:
        SessionTokenInvalid: It is the token of no session.
        SessionTokenSuperseded: It is an older one, or another session's.
    """
    if token is None or token.session_id is None:
        raise errors.SessionTokenInvalid
    if token.digest != session.token:
        raise errors.SessionTokenSuperseded


def _find_even_ended(session: Session | None) -> Session:
    """Without the rule sessions that have ended are found too; an unknown id is still refused."""
    if session is None:
        raise errors.SessionNotFound
    return session


@rule(
    "zitadel.session.exists",
    OBSERVED,
    _RECORDED,
    without=_find_even_ended,
    compares=lambda session: {"known": session is not None, "exists": session is not None and session.exists},
    because=lambda session: "The session was ended." if session else "There is no session with this id.",
)
def require_session(session: Session | None) -> Session:
    """
    A session that was ended is as unknown as one that nobody started, to everybody.

    Args:
        session: None if there is none with that id.

    Raises:
        SessionNotFound: It does not exist.
    """
    if session is None or not session.exists:
        raise errors.SessionNotFound
    return session


@rule(
    "zitadel.session.read",
    OBSERVED,
    _RECORDED,
    compares=lambda caller, session, token, sent, profile: {
        "token": sent,
        "newest": token is not None and token.digest == session.token,
        "own": session.user_id == caller.user_id,
        "profile": profile,
    },
)
def require_session_read(
    caller: Caller, session: Session, token: AccessToken | None, *, sent: bool, profile: Profile
) -> None:
    """
    A session is read with its newest token; without a token by everybody in v2.65, and since v4 by its user, by
    whoever started it, and with the permission session.read. It stays readable when it has expired.

    Args:
        token: The record of the session token in the request; None if there is none.
        sent: Whether the request has a session token.

    Raises:
        SessionTokenOutdated: The token is not the newest one of this session.
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `check_permission`.
    """
    if sent:
        if token is None or token.digest != session.token:
            raise errors.SessionTokenOutdated
    elif profile.guards_sessions and not is_own(caller, session):
        check_permission(Permission.SESSION_READ, caller.memberships, organisation=session.organisation)


@rule(
    "zitadel.sessions.own",
    OBSERVED,
    _RECORDED,
    without=returns({}),
    compares=lambda caller, profile: {"user": bool(caller.user_id), "profile": profile},
)
def narrow_list(caller: Caller, profile: Profile) -> Mapping[str, str]:
    """
    In v2.65 only the sessions that the caller has started are listed and counted.

    Returns:
        What the fields of a session have to be; empty if any session may be counted.
    """
    return {} if profile.guards_sessions else {"creator": caller.user_id}


@rule(
    "zitadel.sessions.visible",
    OBSERVED,
    _RECORDED,
    without=returns_argument("page"),
    compares=lambda page, caller, profile: {"found": len(page), "user": bool(caller.user_id), "profile": profile},
)
def leave_visible(page: Sequence[Session], caller: Caller, profile: Profile) -> Sequence[Session]:
    """Since v4 sessions that the caller may not read are left out of a list, after it was counted and cut."""
    if not profile.guards_sessions:
        return page
    return [one for one in page if is_own(caller, one) or _may_read(caller, one)]


def _may_read(caller: Caller, session: Session) -> bool:
    try:
        check_permission(Permission.SESSION_READ, caller.memberships, organisation=session.organisation)
    except errors.ZitadelRefusal:
        return False
    return True


def is_own(caller: Caller, session: Session) -> bool:
    """Whether *session* was started by the caller, or has the caller as its user."""
    return caller.user_id in (session.creator, session.user_id)


@rule(
    "zitadel.session.ended",
    OBSERVED,
    f"{_COMMAND}; {_RECORDED}",
    compares=lambda session, now: {
        "exists": session.exists,
        "has_token": bool(session.token),
        "expires_at": session.expires_at,
        "now": now,
    },
    because=lambda session, now, said: (
        f"The session {tell_end(session.expires_at, now=now)}."
        if isinstance(said, errors.SessionPastEnd)
        else said.cause
    ),
)
def require_open(session: Session, *, now: datetime) -> None:
    """
    A session that was ended or that has expired cannot be changed.

    Raises:
        SessionTerminated, SessionPastEnd: In this order.
    """
    if not session.exists and session.token:
        raise errors.SessionTerminated
    if not is_live(session.expires_at, now=now):
        raise errors.SessionPastEnd


@rule(
    "zitadel.session.metadata",
    OBSERVED,
    _RECORDED,
    without=returns_argument("session"),
    compares=lambda session, metadata: {"before": len(session.metadata), "given": len(metadata)},
)
def replace_metadata(session: Session, metadata: Mapping[str, str]) -> Session:
    """
    Metadata that is given replaces all that there was; entries without a value do not count.

    Args:
        metadata: Names, and values in base64.

    Returns:
        The session as changed, which is an event; the same one if nothing was given.
    """
    given = tuple((name, value) for name, value in metadata.items() if value)
    return replace(session, metadata=given, sequence=session.sequence + 1) if given else session


@rule(
    "zitadel.session.lifetime",
    DOCUMENTED,
    "vendor page 'Create Session': lifetime",
    without=returns_argument("session"),
    compares=lambda session, lifetime: {"before": session.expires_at, "lifetime": lifetime},
)
def set_lifetime(session: Session, lifetime: timedelta | None, *, now: datetime) -> Session:
    """
    A session with a lifetime ends when it is over, counted from the change on.

    Args:
        lifetime: None to leave the end as it is.

    Returns:
        The session as changed, which is an event.
    """
    if lifetime is None:
        return session
    return replace(session, expires_at=later(now, lifetime), sequence=session.sequence + 1)


def later(now: datetime, lifetime: timedelta) -> datetime:
    """Add a *lifetime* to a moment; the last moment there is if it would be later than that."""
    try:
        return now + lifetime
    except OverflowError:
        return _END_OF_TIME


@rule(
    "zitadel.session.token",
    DOCUMENTED,
    "vendor page 'Create Session': the session token can be used as access token",
    without=returns(None),
    compares=lambda session: {"user": session.user_id is not None, "sequence": session.sequence},
)
def make_session_token(session: Session, token: Secret, *, now: datetime) -> AccessToken | None:
    """
    Every change of a session gives it a new token, which is an access token of its user.

    Returns:
        What to store; None if the token opens nothing.
    """
    return AccessToken(digest(token), "", issued_at=now, session_id=session.id)


def give_token(session: Session, token: Secret, *, now: datetime) -> Session:
    """Note the newest *token* of a session, which is an event."""
    return replace(session, token=digest(token), sequence=session.sequence + 1, changed_at=now)


def end(session: Session, *, now: datetime) -> Session:
    """End a *session*; one that does not exist stays as it is."""
    if not session.exists:
        return session
    return replace(session, exists=False, sequence=session.sequence + 1, changed_at=now)
