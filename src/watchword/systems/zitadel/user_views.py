"""
How users look in answers.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5; false and zero are left out, as protojson does.
"""

from typing import Any

from watchword.systems.zitadel.context import details_of, timestamp
from watchword.systems.zitadel.records import User, UserKind, UserState
from watchword.systems.zitadel.user_queries import state_name


def details_of_user(user: User, *, with_creation: bool) -> dict[str, str]:
    """
    Make the details of a user who is read: of the last event that readers count.

    Sign-in checks, codes, messages and passwords are events too, but readers do not count them.
    """
    details = details_of(user.shown_sequence, user.shown_at or user.created_at, user.organisation)
    return {**details, "creationDate": timestamp(user.created_at)} if with_creation else details


def show_user(user: User, *, has_secret: bool, with_creation: bool) -> dict[str, Any]:
    """
    Make the message of a user.

    Args:
        has_secret: Whether a machine has a client secret.
        with_creation: Whether details say when the user was created.
    """
    shown = {
        "userId": user.id,
        "details": details_of_user(user, with_creation=with_creation),
        "state": state_name(user.state),
        "username": user.login_name,
        "loginNames": [user.login_name],
        "preferredLoginName": user.login_name,
    }
    if user.kind is UserKind.MACHINE:
        return {**shown, "machine": {"name": user.given_name, **({"hasSecret": True} if has_secret else {})}}
    return {**shown, "human": _show_human(user)}


def _show_human(user: User) -> dict[str, Any]:
    human: dict[str, Any] = {
        "profile": {
            "givenName": user.given_name,
            "familyName": user.family_name,
            "nickName": "",
            "displayName": user.display_name,
            "preferredLanguage": "und",
            "gender": "GENDER_UNSPECIFIED",
        },
        # An address is verified with the first sign-in.
        "email": _contact("email", user.email, verified=user.state is not UserState.INITIAL),
        "phone": _contact("phone", user.phone, verified=True),
    }
    if user.change_required:
        human["passwordChangeRequired"] = True
    if user.password_hash is not None and user.changed_at is not None:
        human["passwordChanged"] = timestamp(user.changed_at)
    return human


def _contact(name: str, value: str | None, *, verified: bool) -> dict[str, Any]:
    if value is None:
        return {}
    return {name: value, "isVerified": True} if verified else {name: value}
