"""
The refusals of ZITADEL.

Source:
    Ids, texts and gRPC codes: the service's public description and English catalogue, v2.65.3.
    gRPC to HTTP: grpc-gateway's table.
"""

from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from watchword.domain.refusal import Refusal, described
from watchword.systems.zitadel.settings import Profile

ERROR_DETAIL = "type.googleapis.com/zitadel.v1.ErrorDetail"
CREDENTIALS_CHECK_ERROR = "type.googleapis.com/zitadel.v1.CredentialsCheckError"


class ZitadelRefusal(Refusal):
    """
    A refusal of the service.

    ``code`` is the id, empty for the few refusals without one. ``grpc`` is the gRPC status code.
    ``hint`` is our own sentence, for texts that do not say what would be right.
    """

    grpc: ClassVar[int]
    hint: ClassVar[str] = ""
    by_gateway: ClassVar[bool] = False
    """Whether the gateway refuses, so that the service is not called."""
    says_cause: ClassVar[bool] = False
    """Whether the text says what was wrong with this request, and where."""
    detail_type: ClassVar[str] = ERROR_DETAIL

    @property
    def cause(self) -> str:
        """What was wrong: what the class means, because the text may be a key without a translation."""
        return quoted(self.message) if self.says_cause else described(type(self))

    @property
    def text(self) -> str:
        """The message in the answer, which ends with the id in brackets."""
        return f"{self.message} ({self.code})" if self.code else self.message

    def details(self) -> list[dict[str, Any]]:
        """Make the details of the envelope, empty without an id."""
        return [{"@type": self.detail_type, "id": self.code, "message": self.message}] if self.code else []


def quoted(text: str) -> str:
    """Make a sentence of a text of the service, which says what was wrong."""
    return f"The service says: {text.removesuffix('.')}."


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
    """
    The body is not its message in JSON; the text says where, and repeats no value.

    Args:
        v2_65: The text of v2.65, if that release words it otherwise.
    """

    by_gateway, says_cause = True, True

    def __init__(self, message: str, *, v2_65: str | None = None) -> None:
        super().__init__(message)
        self._v2_65 = v2_65

    def worded(self, profile: Profile) -> str:
        """Give the text of a release; Go's library writes another blank in each build, so that nobody compares it."""
        if profile.names_fields:
            return self.message.replace("proto: ", "proto:\N{NO-BREAK SPACE}", 1)
        return self._v2_65 or self.message


class TimeoutUnreadable(InvalidArgument):
    """``Grpc-Timeout`` is not a number with a unit; the gateway would quote it."""

    by_gateway, default_message = True, "invalid grpc-timeout: ***"
    hint = "Grpc-Timeout is up to eight digits and a unit: H, M, S, m (milliseconds), u or n."


class MetadataUnreadable(InvalidArgument):
    """A binary header is not base64."""

    by_gateway = True
    hint = "Headers whose names end in -Bin hold base64."

    def __init__(self, name: str) -> None:
        written = "-".join(word.capitalize() for word in name.split("-"))
        super().__init__(f"invalid binary header {written}: illegal base64 data at input byte 0")


class DeadlineExceeded(ZitadelRefusal):
    """The time of ``Grpc-Timeout`` is over before the service can answer."""

    status, grpc, by_gateway = 504, 4, True
    default_message = "context deadline exceeded"


class NotPrintable(Internal):
    """The path or a header has characters that gRPC's metadata does not take."""

    by_gateway = True

    def __init__(self, key: str) -> None:
        super().__init__(f'header key "{key}" contains value with non-printable ASCII characters')


class PathNotClean(ZitadelRefusal):
    """301. The path has empty or dotted segments."""

    status, grpc, by_gateway = 301, 5, True

    def __init__(self, location: str) -> None:
        super().__init__("")
        self.headers = {"Location": quote(location)}


class Invalid(InvalidArgument):
    """The message violates a constraint; the text names the first field that does."""

    says_cause = True


class AuthHeaderMissing(Unauthenticated):
    """The header ``Authorization`` is missing."""

    default_message = "auth header missing"
    hint = "Send the header Authorization: Bearer TOKEN. Every seed person has a token."


class InvalidAuthHeader(Unauthenticated):
    """The header ``Authorization`` does not have the form ``Bearer TOKEN``."""

    code, default_message = "AUTH-toLo1", "invalid auth header"
    hint = "The header must be the word Bearer with a capital B, one blank, and the token."


class TokenInvalid(Unauthenticated):
    """
    The token is unknown or has expired.

    The text is a key that the service does not translate.
    """

    code, default_message = "AUTH-7fs1e", "Errors.Token.Invalid"
    hint = (
        "The token is unknown, has expired, or was issued without the scope urn:zitadel:iam:org:project:id:zitadel:aud."
        " Use the token of a seed person, or of a session with a user."
    )


class SessionTokenUnknown(NotFound):
    """
    The session of the token has ended.

    The text is a key that the service does not translate here.
    """

    code, default_message = "QUERY-SFeaa", "Errors.Session.NotExisting"


class SessionTokenOutdated(PermissionDenied):
    """
    The session has a newer token, or the token is that of no session.

    The text is a key that has no translation.
    """

    code, default_message = "QUERY-dsfr3", "Errors.PermissionDenied"
    hint = "Each change of a session gives it a new token; send the newest one."


class SessionExpired(PermissionDenied):
    """The session of the token is past its end."""

    code, default_message = "AUTHZ-EGDo3", "session expired"


class AuthenticationRequired(PermissionDenied):
    """The session of the token has no password check that is good for the user's password."""

    code, default_message = "AUTHZ-Kl3p0", "authentication required"
    hint = "Check the user's password in the session first; a change of the password takes the check away."


class SessionUserMissing(Internal):
    """
    The user of the session has been deleted.

    The text is a key that the service does not translate here.
    """

    code, default_message = "QUERY-Dun75", "Errors.Internal"


class OrganisationMissing(PermissionDenied):
    """The organisation in ``x-zitadel-orgid`` does not exist."""

    code, default_message = "AUTH-Bs7Ds", "Organisation doesn't exist"
    hint = "Omit x-zitadel-orgid, or send the id of a seed organisation."


class OriginNotAllowed(PermissionDenied):
    """The token was issued through an application that does not allow this ``Origin``."""

    code, default_message = "AUTH-DZG21", "Errors.OriginNotAllowed"
    hint = "The token was issued through an application. Call from one of its origins, or use another token."


class NoMatchingPermissions(PermissionDenied):
    """The caller's roles do not include the permission."""

    code, default_message = "AUTH-AWfge", "No matching permissions found"
    hint = "Send currentPassword or verificationCode, or call with a role that holds user.write, such as ORG_OWNER."


class PermissionElsewhere(PermissionDenied):
    """The caller has the permission for another resource only."""

    code, default_message = "AUTH-Swrgg2", "No matching permissions found"
    hint = "The caller has user.write for one project only. It is needed for the organisation or the instance."


class MembershipNotFound(NotFound):
    """The caller has no role in the organisation or the instance."""

    code, default_message = "AUTHZ-cdgFk", "membership not found"
    hint = "Send currentPassword or verificationCode, or call as a user with a role in this user's organisation."


class CheckFailed(ZitadelRefusal):
    """
    A password was not accepted.

    Args:
        failed_attempts: The number of failures, including this one; None in profiles that do not report it.
    """

    def __init__(self, *, failed_attempts: int | None = None, delay: timedelta = timedelta(0)) -> None:
        super().__init__(delay=delay)
        self.failed_attempts = failed_attempts

    def details(self) -> list[dict[str, Any]]:
        """Make the details of the envelope, with the number of failures in profiles that report it, unless it is 0."""
        if self.failed_attempts is None:
            return super().details()
        counted = {"@type": CREDENTIALS_CHECK_ERROR, "id": self.code, "message": self.message}
        return [{**counted, "failedAttempts": self.failed_attempts} if self.failed_attempts else counted]


class PasswordInvalid(CheckFailed, InvalidArgument):
    """The password is wrong."""

    code, default_message = "COMMAND-3M0fs", "Password is invalid"


class PasswordEmpty(InvalidArgument):
    """
    The request has no new password.

    The id is that of a wrong password.
    """

    code, default_message = "COMMAND-3M0fs", "Password is empty"


class CodePasswordEmpty(InvalidArgument):
    """The request has a code, and no new password."""

    code, default_message = "COMMAND-Mf0sd", "Password is empty"


class PasswordNotFound(PreconditionFailed):
    """The user does not exist, or is a machine."""

    code, default_message = "COMMAND-G8dh3", "Password not found"


class UnknownUser(NotFound):
    """The user does not exist, or is a machine: 404, as the vendor's page says."""

    code, default_message = "COMMAND-G8dh3", "Password not found"


class NotInitialised(PreconditionFailed):
    """The user has never signed in."""

    code, default_message = "COMMAND-M9dse", "User is not yet initialized"
    hint = "The user was created and has never signed in. Use another seed person."


class CodeNotFound(PreconditionFailed):
    """No code is outstanding: none was requested, or it has been used."""

    code, default_message = "COMMAND-2M9fs", "Code not found"


class CodeExpired(PreconditionFailed):
    """The code is older than its lifetime."""

    code, default_message = "CODE-QvUQ4P", "Code is expired"


class CodeInvalid(InvalidArgument):
    """The code is not the newest one of this user."""

    code, default_message = "CODE-woT0xc", "Code is invalid"


class CodeNotVerifiable(PreconditionFailed):
    """An external SMS provider made the code, and it cannot be asked here."""

    code, default_message = "COMMAND-M0g95", "SMS configuration does not support code verification"
    hint = "The setting sms_provider is external. Request the code by mail or in the answer."


class PasswordNotSet(PreconditionFailed):
    """The user has not set a password, so that the current one cannot be right."""

    code, default_message = "COMMAND-Fds3s", "User has not set a password"


class NoPasswordToCheck(PreconditionFailed):
    """
    The user has not set a password.

    This is the id where failures are counted: in sessions, and in profile v4.6.
    """

    code, default_message = "COMMAND-3nJ4t", "User has not set a password"


class PasswordNotChanged(PreconditionFailed):
    """The current and the new password are equal, whether the current one is right or wrong."""

    code, default_message = "COMMAND-Aesh5", "New password cannot be the same as your current password"
    hint = "newPassword and currentPassword are equal. Whether currentPassword is right was not checked."


class UserLocked(CheckFailed, PreconditionFailed):
    """
    The user is locked, so that the password is not looked at.

    The text is a key that the service does not translate.
    """

    code, default_message = "COMMAND-JLK35", "Errors.User.Locked"
    hint = "The user is locked."


class TooShort(InvalidArgument):
    """The password has fewer bytes than the policy requires."""

    code, default_message = "DOMAIN-HuJf6", "Password is too short"
    hint = "The length is in bytes of UTF-8. The minimum is the setting complexity.min_length, or the organisation's."


class NoLower(InvalidArgument):
    """The password has no letter a to z."""

    code, default_message = "DOMAIN-co3Xw", "Password must contain lower case"


class NoUpper(InvalidArgument):
    """The password has no letter A to Z."""

    code, default_message = "DOMAIN-VoaRj", "Password must contain upper case"


class NoNumber(InvalidArgument):
    """The password has no digit 0 to 9."""

    code, default_message = "DOMAIN-ZBv4H", "Password must contain number"


class NoSymbol(InvalidArgument):
    """The password has nothing but A to Z, a to z and 0 to 9."""

    code, default_message = "DOMAIN-ZDLwA", "Password must contain symbol"


class HashFailed(Internal):
    """The hash function refused the password."""

    code, default_message = "COMMAND-CahN2", "An internal error occurred"
    hint = "bcrypt takes 72 bytes of UTF-8 at most (setting hasher). In profile v4.6 equal passwords fail here too."


class UserNotFound(NotFound):
    """The user for whom a code was requested does not exist, or is a machine."""

    code, default_message = "COMMAND-SAF4f", "User could not be found"


class ResetNotInitialised(PreconditionFailed):
    """The user for whom a code was requested has never signed in."""

    code, default_message = "COMMAND-Sfe4g", "User is not yet initialized"


class TemplateUnreadable(InvalidArgument):
    """The template of a link cannot be read."""

    code, default_message = "DOMAIN-oGh5e", "URL Template is invalid"
    hint = "The template is not one of Go's text/template. Simple ones have UserID, Code and OrgID: {{.Code}}."


class TemplateFieldUnknown(InvalidArgument):
    """The template of a link cannot be executed: it names an unknown field, say."""

    code, default_message = "DOMAIN-ieYa7", "URL Template is invalid"
    hint = "The template has the fields UserID, Code and OrgID, which are texts, and asks for something else."


class UserToCheckNotFound(NotFound):
    """No user has this id or login name."""

    code, default_message = "QUERY-Dfbg2", "User could not be found"


class UserNotActive(PreconditionFailed):
    """The user is locked or deactivated; the text is a key that has no translation."""

    code, default_message = "SESSION-Gj4ko", "Errors.User.NotActive"
    hint = "The user is locked or deactivated."


class UserIdMissing(PreconditionFailed):
    """The session has no user whose password could be checked."""

    code, default_message = "COMMAND-Sfw3f", "User ID missing"


class UserIsMachine(PreconditionFailed):
    """The user of the session is a machine, or has been deleted, so there is no password to check."""

    code, default_message = "COMMAND-3n77z", "User could not be found"


class UserSearchMissing(ZitadelRefusal):
    """
    501, gRPC 12. The check of the user names neither an id nor a login name.

    That is in the profiles before v4.6.
    """

    status, grpc = 501, 12
    code, default_message = "SESSION-d3b4g0", "user search <nil> not implemented"
    hint = "Name the user by userId or by loginName."


class UserChangeImpossible(InvalidArgument):
    """
    The session has a user, and the request names another one.

    The service gives this error an empty id.
    """

    default_message = "user change not possible"
    hint = "A session keeps its user. Start another session."

    @property
    def text(self) -> str:
        """The message with the brackets around no id."""
        return f"{self.message} ()"

    def details(self) -> list[dict[str, Any]]:
        """Make the details of the envelope, without an id."""
        return [{"@type": self.detail_type, "message": self.message}]


class IntentTokenInvalid(PermissionDenied):
    """A sign-in at another provider was to be checked, and there is no other provider."""

    code, default_message = "CRYPTO-Swg31", "Intent Token is invalid"
    hint = "There are no other providers here."


class TotpNotReady(PreconditionFailed):
    """A one-time password was to be checked, and the user has set none up."""

    code, default_message = "COMMAND-3Mif9s", "Multifactor OTP (OneTimePassword) isn't ready"
    hint = "Nobody here has set one-time passwords up."


class SessionNotFound(NotFound):
    """There is no session with this id, or it was ended."""

    code, default_message = "QUERY-SFeaa", "Session does not exist"


class SessionTokenInvalid(InvalidArgument):
    """The session token is the token of no session."""

    code, default_message = "COMMAND-hi6Ph", "Session Token is invalid"


class SessionTokenSuperseded(PermissionDenied):
    """The session token is that of another session, or an older one of this session."""

    code, default_message = "COMMAND-sGr42", "Session Token is invalid"
    hint = "Each change of a session gives it a new token; send the newest one."


class SessionTerminated(PreconditionFailed):
    """The session was ended."""

    code, default_message = "COMMAND-Hewfq", "Session already terminated"


class SessionPastEnd(PreconditionFailed):
    """The session's lifetime is over."""

    code, default_message = "COMMAND-Hkl3d", "Session has expired"


class OAuthRefusal(Refusal):
    """
    400. A refusal of the token endpoint, also of a wrong client.

    Args:
        error: A code of RFC 6749.
        description: A sentence without any value of the request.
        hint: Our own sentence, if the description does not say what would be right.
    """

    def __init__(self, error: str, description: str, *, hint: str = "") -> None:
        super().__init__(description)
        self.error, self.hint = error, hint

    @property
    def cause(self) -> str:
        """What was wrong: the hint says it where the description is a key without a translation."""
        return self.hint if self.hint and self.message.startswith("Errors.") else quoted(self.message)


class OAuthFailure(OAuthRefusal):
    """500. What is refused by the token endpoint and called an error of its own."""

    status = 500

    def __init__(self, *, hint: str) -> None:
        super().__init__("server_error", "Errors.Internal", hint=hint)
