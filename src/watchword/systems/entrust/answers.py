"""Values in the shapes of the vendor's answers."""

from datetime import datetime
from typing import Any

from watchword.systems.entrust import rules, validity
from watchword.systems.entrust.policy import Check
from watchword.systems.entrust.records import AuthToken, User
from watchword.systems.entrust.settings import PasswordSettings, Settings
from watchword.systems.entrust.timestamps import written


def user_password(user: User, settings: Settings, *, now: datetime, new_password: str | None = None) -> dict[str, Any]:
    """Show the state of a password as UserPassword; what is not so is left out."""
    password = rules.present(user)
    if password is None:
        return {"present": False}
    shown = {
        "present": True,
        "lastChangedTime": written(password.changed_at),
        "expiryTime": password.expires_at and written(password.expires_at),
        "forceUpdate": password.force_update,
        "newPassword": new_password,
    }
    notification = validity.expiry_notification(password, settings, now=now)
    shown["expiryNotificationDate"] = notification and written(notification)
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


def validation(judgement: rules.Judgement) -> dict[str, Any]:
    """Show a judgement as a check list: true means met."""
    return {
        **{check.value: check not in judgement.failures for check in Check},
        "userPasswordStrength": {
            "score": judgement.strength.score,
            "suggestions": list(judgement.strength.suggestions),
        },
    }


def authentication(token: str, issued: AuthToken, *, now: datetime) -> dict[str, Any]:
    """Show a *token* that was just *issued*."""
    shown = {"authToken": token, "creationTime": written(now)}
    return shown if issued.expires_at is None else {**shown, "expirationTime": written(issued.expires_at)}
