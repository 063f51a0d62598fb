"""The refusals of Entrust."""

from collections.abc import Mapping
from datetime import datetime

from watchword.domain.refusal import Refusal
from watchword.systems.entrust.checks import Check
from watchword.systems.entrust.records import Permission, UserType
from watchword.systems.entrust.timestamps import write_moment


class EntrustRefusal(Refusal):
    """
    A refusal in Entrust's words.

    No list of the vendor's error codes is public, so every code here is assumed.
    Only their form (lower case, underscores) and the envelope are documented.
    """

    def __init__(self, message: str = "", parameters: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.parameters = dict(parameters or {})


class AuthorizationRequired(EntrustRefusal):
    """401. The credential is missing."""

    status, code = 401, "authorization_required"
    default_message = (
        "The header Authorization is missing. Send the authToken of POST /api/web/v1/adminapi/authenticate."
    )


class InvalidAuthToken(EntrustRefusal):
    """401. The token is unknown."""

    status, code = 401, "invalid_auth_token"
    default_message = "The token in the header Authorization is not known. Authenticate to get one."


class AuthTokenExpired(EntrustRefusal):
    """401. The token has expired."""

    status, code = 401, "auth_token_expired"
    default_message = "The token in the header Authorization has expired. Authenticate again."


class InvalidCredentials(EntrustRefusal):
    """401. The application ID is unknown, or the shared secret is wrong."""

    status, code = 401, "invalid_credentials"
    default_message = "The application ID or the shared secret is wrong."


class ApplicationDisabled(EntrustRefusal):
    """403. The application is disabled."""

    status, code = 403, "application_disabled"
    default_message = "The administration application is disabled."


class PermissionRequired(EntrustRefusal):
    """403. The role of the application lacks *permission*; the message is observed."""

    status, code = 403, "permission_required"

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"{permission} required")


class UserNotFound(EntrustRefusal):
    """404. No user has this UUID."""

    status, code = 404, "user_not_found"
    default_message = "There is no user with this UUID. The path takes the user's UUID, not the login name."


class PasswordNotFound(EntrustRefusal):
    """404. There is no password to remove."""

    status, code = 404, "password_not_found"
    default_message = "The user has no password."


class UserInactive(EntrustRefusal):
    """409. The user is INACTIVE."""

    status, code = 409, "user_inactive"
    default_message = "The user is INACTIVE. Activate the user first."


class PasswordManagedElsewhere(EntrustRefusal):
    """409. The password of a user of this *kind* belongs to a directory or to another identity provider."""

    status, code = 409, "password_managed_elsewhere"

    def __init__(self, kind: UserType) -> None:
        keeper = "directory" if kind is UserType.LDAP_AD else "identity provider"
        super().__init__(f"The user is {kind}. The password is kept by the {keeper} that the user comes from.")


class PasswordMinimumLifetime(EntrustRefusal):
    """409. The current password has not reached its minimum lifetime."""

    status, code = 409, "password_minimum_lifetime"

    def __init__(self, earliest: datetime) -> None:
        super().__init__(f"The password may not be changed before {write_moment(earliest)}.")


class InvalidPassword(EntrustRefusal):
    """400. The password fails checks of the policy; the answer lists all of them."""

    status, code = 400, "invalid_password"

    def __init__(self, failures: Mapping[Check, str]) -> None:
        super().__init__(
            f"The password does not meet the policy: {', '.join(failures)}.",
            {check.value: wrong for check, wrong in failures.items()},
        )


class PasswordRequired(EntrustRefusal):
    """400. The request has no password to set, and the user has none whose attributes could change."""

    status, code = 400, "password_required"
    default_message = "Password cannot be null: send password or generatePassword, because the user has none yet."


class BcryptHashRequired(EntrustRefusal):
    """400. The hash to import is missing."""

    status, code = 400, PasswordRequired.code
    default_message = "Password cannot be null: with passwordFormat BCRYPT it is the hash to import."


class NewPasswordRequired(EntrustRefusal):
    """400. A setting requires a new password in every request."""

    status, code = 400, PasswordRequired.code
    default_message = "Password cannot be null: send password or generatePassword."


class ExpiryTimeInPast(EntrustRefusal):
    """400. The expiryTime is not in the future."""

    status, code = 400, "expiry_time_in_past"

    def __init__(self, now: datetime) -> None:
        super().__init__(f"The expiryTime must lie in the future; it is now {write_moment(now)}.")


class CurrentPasswordRequired(EntrustRefusal):
    """400. A directory user needs currentPassword."""

    status, code = 400, "current_password_required"
    default_message = "Current password cannot be null: the user comes from Active Directory."


class CurrentPasswordIncorrect(EntrustRefusal):
    """400. The currentPassword is wrong."""

    status, code = 400, "current_password_incorrect"
    default_message = "The currentPassword is not the present password of the user."


class BcryptUserNotLocal(EntrustRefusal):
    """400. First restriction of a BCRYPT import."""

    status, code = 400, "bcrypt_user_not_local"

    def __init__(self, kind: UserType) -> None:
        super().__init__(f"With passwordFormat BCRYPT the user must be an IDaaS local user, not {kind}.")


class BcryptCurrentPasswordNotNull(EntrustRefusal):
    """400. Second restriction of a BCRYPT import."""

    status, code = 400, "bcrypt_current_password_not_null"
    default_message = "With passwordFormat BCRYPT currentPassword must be null."


class BcryptGeneratePasswordNotFalse(EntrustRefusal):
    """400. Third restriction of a BCRYPT import."""

    status, code = 400, "bcrypt_generate_password_not_false"
    default_message = "With passwordFormat BCRYPT generatePassword must be false."


class BcryptEmailPasswordNotFalse(EntrustRefusal):
    """400. Fourth restriction of a BCRYPT import."""

    status, code = 400, "bcrypt_email_password_not_false"
    default_message = "With passwordFormat BCRYPT emailPassword must be false; it defaults to true, so send it."


class BcryptReturnPasswordNotFalse(EntrustRefusal):
    """400. Fifth restriction of a BCRYPT import."""

    status, code = 400, "bcrypt_return_password_not_false"
    default_message = "With passwordFormat BCRYPT returnPassword must be false."


class InvalidBcryptHash(EntrustRefusal):
    """400. The password is not a bcrypt hash of an accepted cost."""

    status, code = 400, "invalid_bcrypt_hash"
    default_message = (
        "The password is no bcrypt hash: $2a$, $2b$, $2x$ or $2y$, a cost from 04 to 12, and 53 characters."
    )
