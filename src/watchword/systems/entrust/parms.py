"""UserPasswordParms: the body of a request to set a password."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from watchword.domain.refusal import Malformed, Violation
from watchword.domain.secret import Secret


class PasswordFormat(StrEnum):
    """What the field password holds."""

    CLEARTEXT = "CLEARTEXT"
    BCRYPT = "BCRYPT"


@dataclass(frozen=True, slots=True)
class UserPasswordParms:
    """
    The body of 'Set a user password'.

    Args:
        email_password: None if it was left out, which means true.
        force_update: None if it was left out.
    """

    password: Secret | None = None
    current_password: Secret | None = None
    password_format: PasswordFormat = PasswordFormat.CLEARTEXT
    generate_password: bool = False
    return_password: bool = False
    email_password: bool | None = None
    clear_password_history: bool = False
    expiry_time: datetime | None = None
    force_update: bool | None = None

    @property
    def emails_user(self) -> bool:
        """Whether the user gets a mail about a new password."""
        return self.email_password is not False

    @property
    def imports_hash(self) -> bool:
        """Whether the password that is sent is a hash."""
        return self.password_format is PasswordFormat.BCRYPT

    @property
    def attributes_only(self) -> bool:
        """Whether the request sets no new password."""
        return self.password is None and not self.generate_password


def read_parms(body: Mapping[str, Any]) -> UserPasswordParms:
    """
    Read the *body* of a request, which fits the document; null is read like a field that is left out.

    Raises:
        Malformed: The expiryTime is not in the calendar, for example a leap second.
    """
    given = {name: value for name, value in body.items() if value is not None}
    expiry = given.get("expiryTime")
    return UserPasswordParms(
        password=_secret(given.get("password")),
        current_password=_secret(given.get("currentPassword")),
        password_format=PasswordFormat(given.get("passwordFormat", PasswordFormat.CLEARTEXT)),
        generate_password=given.get("generatePassword", False),
        return_password=given.get("returnPassword", False),
        email_password=given.get("emailPassword"),
        clear_password_history=given.get("clearPasswordHistory", False),
        expiry_time=None if expiry is None else _read_moment(expiry),
        force_update=given.get("forceUpdate"),
    )


def _secret(text: str | None) -> Secret | None:
    return None if text is None else Secret(text)


def _read_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        wrong = Violation("body", ("expiryTime",), "format", "date-time", "must be of format date-time")
        raise Malformed([wrong]) from None
