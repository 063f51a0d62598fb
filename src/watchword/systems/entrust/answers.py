"""Values in the shapes of the vendor's answers, and what an answer leaves out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from watchword.domain.rule import DOCUMENTED, returns, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust import validity
from watchword.systems.entrust.checks import Check
from watchword.systems.entrust.judging import Judgement
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import AuthToken, User
from watchword.systems.entrust.settings import PasswordSettings, Settings
from watchword.systems.entrust.timestamps import write_moment

_PAGE = "vendor page 'Set a user password', Administration API"


@rule(
    "entrust.password.returned",
    DOCUMENTED,
    f"{_PAGE}, returnPassword",
    without=returns_argument("new_password"),
    compares=lambda parms: {"generatePassword": parms.generate_password, "returnPassword": parms.return_password},
)
def return_password(new_password: Secret | None, parms: UserPasswordParms) -> Secret | None:
    """
    The answer holds newPassword only if the password was generated and returnPassword is true.

    Args:
        new_password: The new password, sent or generated; None without one.
    """
    return new_password if parms.generate_password and parms.return_password else None


@rule(
    "entrust.password.absent",
    DOCUMENTED,
    f"{_PAGE}, present",
    without=returns({"present": False, "forceUpdate": False}),
)
def show_absence() -> Mapping[str, Any]:
    """A user without a password is shown with present false and nothing else."""
    return {"present": False}


def user_password(
    user: User, settings: Settings, *, now: datetime, new_password: Secret | None = None
) -> Mapping[str, Any]:
    """Show the state of a password as UserPassword, without the fields that have no value."""
    password = user.password
    if password is None:
        return show_absence()
    notification = validity.compute_notification(password, settings, now=now)
    shown = {
        "present": True,
        "lastChangedTime": write_moment(password.changed_at),
        "expiryTime": password.expires_at and write_moment(password.expires_at),
        "forceUpdate": password.force_update,
        "newPassword": new_password and new_password.revealed,
        "expiryNotificationDate": notification and write_moment(notification),
    }
    return {name: value for name, value in shown.items() if value is not None}


def password_settings(policy: PasswordSettings) -> dict[str, Any]:
    """Show the policy as UserPasswordSettings."""
    return {
        "adComplexity": policy.ad_complexity,
        "includeLowercase": policy.include_lowercase,
        "includeNonalphanumeric": policy.include_nonalphanumeric,
        "includeNumber": policy.include_number,
        "includeUppercase": policy.include_uppercase,
        "lifetimeDays": policy.lifetime_days,
        "maximumLength": policy.maximum_length,
        "maximumRepeated": policy.maximum_repeated,
        "minimumLength": policy.minimum_length,
        "minimumLifetime": policy.minimum_lifetime,
        "minimumStrength": policy.minimum_strength,
        "numberOfLowercaseRequired": policy.number_of_lowercase_required,
        "numberOfNonalphanumericRequired": policy.number_of_nonalphanumeric_required,
        "numberOfNumericRequired": policy.number_of_numeric_required,
        "numberOfUppercaseRequired": policy.number_of_uppercase_required,
        "passwordHistorySize": policy.password_history_size,
    }


def validation(judgement: Judgement) -> dict[str, Any]:
    """Show a judgement as a list of checks: true means that the password meets it."""
    return {
        **{check.value: check not in judgement.failures for check in Check},
        "userPasswordStrength": {
            "score": judgement.strength.score,
            "suggestions": list(judgement.strength.suggestions),
        },
    }


def authentication(token: Secret, record: AuthToken, *, now: datetime) -> dict[str, Any]:
    """Show a *token* that was issued at *now*, and when it expires."""
    shown = {"authToken": token.revealed, "creationTime": write_moment(now)}
    return shown if record.expires_at is None else {**shown, "expirationTime": write_moment(record.expires_at)}
