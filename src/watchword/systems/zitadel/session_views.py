"""
How sessions look in answers.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from typing import Any

from watchword.systems.zitadel.access import has_password_factor
from watchword.systems.zitadel.context import timestamp
from watchword.systems.zitadel.records import Session, User, UserAgent


def show_session(session: Session, user: User | None) -> dict[str, Any]:
    """
    Make the message of a session.

    Args:
        user: Of the session; None without one, or if the user has been deleted.
    """
    shown: dict[str, Any] = {
        "id": session.id,
        "creationDate": timestamp(session.created_at),
        "changeDate": timestamp(session.changed_at or session.created_at),
        "sequence": str(session.sequence),
    }
    if session.user_id is not None:
        shown["factors"] = _show_factors(session, user)
    if session.metadata:
        shown["metadata"] = dict(session.metadata)
    if session.user_agent is not None:
        shown["userAgent"] = _show_user_agent(session.user_agent)
    if session.expires_at is not None:
        shown["expirationDate"] = timestamp(session.expires_at)
    return shown


def _show_factors(session: Session, user: User | None) -> dict[str, Any]:
    named = {} if user is None else {"loginName": user.login_name, "displayName": user.display_name}
    checked_at = session.user_checked_at or session.created_at
    verified = {"verifiedAt": timestamp(checked_at), "id": session.user_id, **named}
    factors: dict[str, Any] = {"user": {**verified, "organizationId": session.organisation}}
    if session.password_checked_at is not None and has_password_factor(session, user):
        factors["password"] = {"verifiedAt": timestamp(session.password_checked_at)}
    return factors


def _show_user_agent(agent: UserAgent) -> dict[str, Any]:
    told = {"fingerprintId": agent.fingerprint_id, "ip": agent.ip, "description": agent.description}
    shown: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if agent.header:
        shown["header"] = {name: {"values": list(values)} if values else {} for name, values in agent.header}
    return shown
