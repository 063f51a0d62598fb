"""
Everything that ZITADEL refuses.

Source:
    Ids, texts and gRPC codes: the service's public description and English catalogue, v2.65.3.
    gRPC to HTTP: grpc-gateway's table.
"""

from datetime import timedelta
from typing import Any, ClassVar

from watchword.domain.refusal import Refusal

ERROR_DETAIL = "type.googleapis.com/zitadel.v1.ErrorDetail"
CREDENTIALS_CHECK_ERROR = "type.googleapis.com/zitadel.v1.CredentialsCheckError"


class ZitadelRefusal(Refusal):
    """
    Say no with an id.

    The ``code`` is the id, empty for the few refusals that have none; ``grpc`` is the gRPC status code;
    ``hint`` is our own sentence where the service's text leaves a reader alone.
    """

    grpc: ClassVar[int]
    hint: ClassVar[str] = ""
    detail_type: ClassVar[str] = ERROR_DETAIL

    @property
    def text(self) -> str:
        """The message as a client reads it: the id stands in brackets at its end."""
        return f"{self.message} ({self.code})" if self.code else self.message

    def details(self) -> list[dict[str, Any]]:
        """The details of the envelope, empty without an id."""
        return [{"@type": self.detail_type, "id": self.code, "message": self.message}] if self.code else []


class InvalidArgument(ZitadelRefusal):
    """400, gRPC 3."""

    status, grpc = 400, 3


class NotFound(ZitadelRefusal):
    """404, gRPC 5."""

    status, grpc = 404, 5


class PermissionDenied(ZitadelRefusal):
    """403, gRPC 7."""

    status, grpc = 403, 7


class PreconditionFailed(ZitadelRefusal):
    """400, gRPC 9."""

    status, grpc = 400, 9


class Internal(ZitadelRefusal):
    """500, gRPC 13."""

    status, grpc = 500, 13


class Unauthenticated(ZitadelRefusal):
    """401, gRPC 16; the gateway repeats the text in ``WWW-Authenticate``."""

    status, grpc = 401, 16


class Unreadable(InvalidArgument):
    """The body is not the JSON of its message; the text says where, and repeats no value."""


class Invalid(InvalidArgument):
    """The message breaks a rule of its description; the text names the first field that does."""


class AuthHeaderMissing(Unauthenticated):
    """No ``Authorization`` header."""

    default_message = "auth header missing"
    hint = "Send the header Authorization: Bearer TOKEN; the people of the seed have tokens."


class InvalidAuthHeader(Unauthenticated):
    """The header is not of the form ``Bearer TOKEN``."""

    code, default_message = "AUTH-toLo1", "invalid auth header"
    hint = "The header has to be Bearer, one blank and the token, with a capital B and once."


class TokenInvalid(Unauthenticated):
    """The token is unknown or has expired; the text is a key that nobody translates."""

    code, default_message = "AUTH-7fs1e", "Errors.Token.Invalid"
    hint = "Take the token of a person of the seed or of a session with a checked user; an expired one is refused too."


class OrganisationMissing(PermissionDenied):
    """``x-zitadel-orgid`` names no organisation."""

    code, default_message = "AUTH-Bs7Ds", "Organisation doesn't exist"
    hint = "Leave x-zitadel-orgid out, or send the id of an organisation of the seed."


class OriginNotAllowed(PermissionDenied):
    """The token was issued through an application that does not allow this ``Origin``."""

    code, default_message = "AUTH-DZG21", "Errors.OriginNotAllowed"
    hint = "The token was issued through an application; call from one of its origins, or with another token."


class NoMatchingPermissions(PermissionDenied):
    """The caller's roles do not hold the permission."""

    code, default_message = "AUTH-AWfge", "No matching permissions found"
    hint = "Send currentPassword or verificationCode, or call with a role that holds user.write, such as ORG_OWNER."


class PermissionElsewhere(PermissionDenied):
    """The caller holds the permission for another resource only."""

    code, default_message = "AUTH-Swrgg2", "No matching permissions found"
    hint = "The caller's user.write is for one project; a role in the organisation or the instance is needed."


class MembershipNotFound(NotFound):
    """The caller has no role in the organisation or instance at all."""

    code, default_message = "AUTHZ-cdgFk", "membership not found"
    hint = "Send currentPassword or verificationCode, or call as somebody with a role in the user's organisation."


class PasswordInvalid(InvalidArgument):
    """
    The current password is wrong.

    Args:
        failed_attempts: How many have been wrong so far, this one included; None where nobody counts.
    """

    code, default_message = "COMMAND-3M0fs", "Password is invalid"

    def __init__(self, *, failed_attempts: int | None = None, delay: timedelta = timedelta(0)) -> None:
        super().__init__(delay=delay)
        self.failed_attempts = failed_attempts

    def details(self) -> list[dict[str, Any]]:
        """The details of the envelope, with the number of failures where somebody counts."""
        if self.failed_attempts is None:
            return super().details()
        counted = {"@type": CREDENTIALS_CHECK_ERROR, "id": self.code, "message": self.message}
        return [{**counted, "failedAttempts": self.failed_attempts}]


class PasswordEmpty(InvalidArgument):
    """No new password beside a current one; the id is the one of a wrong password."""

    code, default_message = "COMMAND-3M0fs", "Password is empty"


class CodePasswordEmpty(InvalidArgument):
    """No new password beside a code."""

    code, default_message = "COMMAND-Mf0sd", "Password is empty"


class PasswordNotFound(PreconditionFailed):
    """The user does not exist, or is a machine."""

    code, default_message = "COMMAND-G8dh3", "Password not found"


class PasswordOfNobody(NotFound):
    """The same as the vendor's page promises it: 404."""

    code, default_message = "COMMAND-G8dh3", "Password not found"


class NotInitialised(PreconditionFailed):
    """The user has never signed in, so there is no password to set."""

    code, default_message = "COMMAND-M9dse", "User is not yet initialized"
    hint = "The user was created and has never signed in; take another person of the seed."


class CodeNotFound(PreconditionFailed):
    """No code is outstanding: none was asked for, or it has been used."""

    code, default_message = "COMMAND-2M9fs", "Code not found"


class CodeExpired(PreconditionFailed):
    """The code has lived out its hour."""

    code, default_message = "CODE-QvUQ4P", "Code is expired"


class CodeInvalid(InvalidArgument):
    """Not the newest code of this user."""

    code, default_message = "CODE-woT0xc", "Code is invalid"


class CodeNotVerifiable(PreconditionFailed):
    """The code was made by an SMS provider that cannot be asked."""

    code, default_message = "COMMAND-M0g95", "SMS configuration does not support code verification"
    hint = "The setting sms_provider is external; ask for the code by mail or in the answer."


class PasswordNotSet(PreconditionFailed):
    """A current password for a user who has none."""

    code, default_message = "COMMAND-Fds3s", "User has not set a password"


class NothingToCheck(PreconditionFailed):
    """A password for a user who has none, where failures are counted."""

    code, default_message = "COMMAND-3nJ4t", "User has not set a password"


class PasswordNotChanged(PreconditionFailed):
    """Current and new password are equal texts, right or wrong."""

    code, default_message = "COMMAND-Aesh5", "New password cannot be the same as your current password"
    hint = "newPassword and currentPassword are the same text; whether it is right has not been looked at."


class UserLocked(PreconditionFailed):
    """A current password for a locked user, where failures are counted."""

    code, default_message = "COMMAND-JLK35", "User is locked"


class TooShort(InvalidArgument):
    """Fewer bytes than the policy asks for."""

    code, default_message = "DOMAIN-HuJf6", "Password is too short"
    hint = "The length is in bytes of UTF-8; the setting is complexity.min_length, or the organisation's own policy."


class NoLower(InvalidArgument):
    """No letter a to z."""

    code, default_message = "DOMAIN-co3Xw", "Password must contain lower case"


class NoUpper(InvalidArgument):
    """No letter A to Z."""

    code, default_message = "DOMAIN-VoaRj", "Password must contain upper case"


class NoNumber(InvalidArgument):
    """No digit 0 to 9."""

    code, default_message = "DOMAIN-ZBv4H", "Password must contain number"


class NoSymbol(InvalidArgument):
    """Nothing besides A to Z, a to z, 0 to 9."""

    code, default_message = "DOMAIN-ZDLwA", "Password must contain symbol"


class HashFailed(Internal):
    """The hash function refused the password."""

    code, default_message = "COMMAND-CahN2", "An internal error occurred"
    hint = "bcrypt takes 72 bytes of UTF-8 (setting hasher); in profile v4.6 equal passwords fail here too."


class UserNotFound(NotFound):
    """A code for a user who does not exist or is a machine."""

    code, default_message = "COMMAND-SAF4f", "User could not be found"


class ResetNotInitialised(PreconditionFailed):
    """A code for a user who has never signed in."""

    code, default_message = "COMMAND-Sfe4g", "User is not yet initialized"


class TemplateUnreadable(InvalidArgument):
    """The template of a link cannot be read."""

    code, default_message = "DOMAIN-oGh5e", "URL Template is invalid"
    hint = "The template may use the fields UserID, Code and OrgID in double braces, and urlquery."


class TemplateUnfit(InvalidArgument):
    """The template of a link asks for something that does not exist."""

    code, default_message = "DOMAIN-ieYa7", "URL Template is invalid"
    hint = "The template may use the fields UserID, Code and OrgID."


class NobodyToCheck(NotFound):
    """No user of this id or login name."""

    code, default_message = "QUERY-Dfbg2", "User could not be found"


class UserNotActive(PreconditionFailed):
    """The user is locked or deactivated; the text is a key that has no translation."""

    code, default_message = "SESSION-Gj4ko", "Errors.User.NotActive"
    hint = "The user is locked or deactivated."


class UserIdMissing(PreconditionFailed):
    """A password, but no user to whom it might belong."""

    code, default_message = "COMMAND-Sfw3f", "User ID missing"


class NoPerson(PreconditionFailed):
    """A password for a machine."""

    code, default_message = "COMMAND-3n77z", "User could not be found"


class OAuthRefusal(Refusal):
    """
    No token.

    Args:
        error: One of the codes of RFC 6749.
        description: A sentence without any value of the request.
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error

    @property
    def answer_status(self) -> int:
        """401 for a client that is not who it says, else 400."""
        return 401 if self.error == "invalid_client" else 400
