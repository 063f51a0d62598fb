"""The refusals of the vendor, with status and code."""

from watchword.domain.refusal import Refusal


class Conflict(Refusal):
    """409. ``{errorCode}``."""

    status = 409


class UnresolvedIdentity(Conflict):
    """409. The identity of the user cannot be found, or the programme has no password profile at all."""

    code = "UNRESOLVED_IDENTITY"


class ProfileNotConfigured(Conflict):
    """409. The programme has no password profile for this type of credential."""

    code = "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"


class PasswordTooShort(Conflict):
    """409. Fewer characters than the profile asks for."""

    code = "PASSWORD_TOO_SHORT"


class PasswordTooLong(Conflict):
    """409. More characters than the profile allows."""

    code = "PASSWORD_TOO_LONG"


class PasswordTooSimple(Conflict):
    """409. Fewer kinds of characters than the profile asks for."""

    code = "PASSWORD_TOO_SIMPLE"


class PasswordKeyAlreadyInUse(Conflict):
    """409. Another user already logs in with the e-mail address."""

    code = "PASSWORD_KEY_ALREADY_IN_USE"


class PasswordAlreadyCreated(Conflict):
    """409. The user already has a password, which can be updated or reset."""

    code = "PASSWORD_ALREADY_CREATED"


class PasswordAlreadyUsed(Conflict):
    """409. The new password equals one of the last five."""

    code = "PASSWORD_ALREADY_USED"


class PasswordIncorrect(Conflict):
    """409. The old password is wrong."""

    code = "PASSWORD_INCORRECT"


class MultipleAccountsFound(Conflict):
    """409. Several active users have this e-mail address."""

    code = "MULTIPLE_ACCOUNTS_FOUND"


class AccountNotFound(Conflict):
    """409. No active user has this e-mail address."""

    code = "ACCOUNT_NOT_FOUND"


class InvalidNonceOrEmail(Conflict):
    """409. The nonce is wrong, used, expired or was never requested, or no user has this e-mail address."""

    code = "INVALID_NONCE_OR_EMAIL"


class PasswordNotSet(Conflict):
    """409. The user has no password that could be lost."""

    code = "PASSWORD_NOT_SET"


class InviteAlreadyConsumed(Conflict):
    """409. The user has set a password already."""

    code = "INVITE_ALREADY_CONSUMED"


class InviteInvalid(Conflict):
    """409. The code is wrong, used or expired, or the user was never invited."""

    code = "INVITE_OR_INVITE_CODE_INVALID"


class NoSuchUser(Refusal):
    """404 with a code and a sentence, as it is answered when users are read or invited."""

    status = 404
    code, default_message = "USER_NOT_FOUND", "The programme of this api-key has no user with this user_id."


class Missing(Refusal):
    """404 or 410. A user or a token was not found, or has expired; each product has its own envelope for it."""

    status = 404


class UserNotFound(Missing):
    """404. The programme has no such user."""

    code, default_message = "USER_NOT_FOUND", "The programme of this api-key has no user with this user_id."


class TokenNotFound(Missing):
    """404. The value is a token, but no password is stored for it."""

    code, default_message = "TOKEN_NOT_FOUND", "The value is a token that stands for no password; tokenise it first."


class IdentityNotFound(Refusal):
    """404 without a body. The account exists, its identity does not."""

    status = 404
    code, default_message = "IDENTITY_NOT_FOUND", "The identity of this account cannot be found."


class TokenExpired(Missing):
    """410. The value is a token that has expired."""

    status, code = 410, "TOKEN_EXPIRED"
    default_message = "The token has expired; tokenise the password again."


class Forbidden(Refusal):
    """403 without a body. The caller is known, but not allowed to do this."""

    status, code = 403, "FORBIDDEN"


class LogInRefused(Forbidden):
    """403 at log-in. Each product has its own envelope for it."""

    code = "INSUFFICIENT_PERMISSIONS"


class WrongPassword(LogInRefused):
    """403 at log-in. A user logs in with another password than the present one."""

    default_message = "The password is wrong."


class InsufficientPermissions(Refusal):
    """403 with a code, as it is answered when a password is created."""

    status, code = 403, "INSUFFICIENT_PERMISSIONS"


class AccountLocked(Refusal):
    """423. Too many wrong passwords."""

    status, code = 423, "LOCKED"
    default_message = "Log-in is locked for a while after too many wrong passwords."
