"""UserPasswordParms: what a request to set a password asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from watchword.domain.refusal import Malformed, Violation


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

    password: str | None = field(default=None, repr=False)
    current_password: str | None = field(default=None, repr=False)
    password_format: PasswordFormat = PasswordFormat.CLEARTEXT
    generate_password: bool = False
    return_password: bool = False
    email_password: bool | None = None
    clear_password_history: bool = False
    expiry_time: datetime | None = None
    force_update: bool | None = None

    @property
    def emailed(self) -> bool:
        """Whether the user is told by mail."""
        return self.email_password is not False

    @property
    def attributes_only(self) -> bool:
        """Whether there is no new password."""
        return self.password is None and not self.generate_password


def parms(body: Mapping[str, Any]) -> UserPasswordParms:
    """
    Read a request's *body*, which fits the document; null is like a field that was left out.

    Raises:
        Malformed: The expiryTime is no moment that a clock can show, for example a leap second.
    """
    given = {name: value for name, value in body.items() if value is not None}
    expiry = given.get("expiryTime")
    return UserPasswordParms(
        password=given.get("password"),
        current_password=given.get("currentPassword"),
        password_format=PasswordFormat(given.get("passwordFormat", PasswordFormat.CLEARTEXT)),
        generate_password=given.get("generatePassword", False),
        return_password=given.get("returnPassword", False),
        email_password=given.get("emailPassword"),
        clear_password_history=given.get("clearPasswordHistory", False),
        expiry_time=None if expiry is None else _moment(expiry),
        force_update=given.get("forceUpdate"),
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        wrong = Violation("body", ("expiryTime",), "format", "date-time", "must be of format date-time")
        raise Malformed([wrong]) from None
