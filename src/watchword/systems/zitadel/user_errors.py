"""
The refusals of the operations that read users and settings, or change the state of users.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5. States: the service's public source,
    ``internal/command/user_v2.go``, and its English catalogue.
"""

from watchword.systems.zitadel import errors
from watchword.systems.zitadel.errors import (
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    ZitadelRefusal,
)

_HERE = "There: the user's organisation, the one in x-zitadel-orgid, or else the caller's own; or the instance."


class UnreadableQuery(InvalidArgument):
    """The query string is not the message in parameters; the text repeats no value."""

    by_gateway, says_cause = True, True


class NoRole(errors.MembershipNotFound):
    """The caller has no role in the organisation or the instance."""

    hint = f"The caller has no role there. {_HERE}"


class NoPermission(errors.NoMatchingPermissions):
    """The caller's roles in the organisation do not include the permission."""

    hint = f"No role that the caller has there includes the permission. {_HERE}"


class PermissionForOneProject(errors.PermissionElsewhere):
    """The caller has the permission for one project only."""

    hint = "The caller has the permission for one project only. It is needed for the organisation or the instance."


class SettingsNotReadable(PermissionDenied):
    """No role of the caller includes the permission ``policy.read``."""

    code, default_message = "AUTH-5mWD2", "No matching permissions found"
    hint = f"No role that the caller has there includes policy.read. {_HERE}"


class UserMissing(NotFound):
    """There is no user with this id."""

    code, default_message = "QUERY-Dfbg2", "User could not be found"


class NestedTooDeeply(InvalidArgument):
    """A search has more than twenty levels."""

    code, default_message = "USER-zsQ97", "Too many query nesting levels (Max 20)"


class SearchFailed(ZitadelRefusal):
    """500, gRPC 2. A search that the service cannot write for its database."""

    status, grpc = 500, 2


class NothingToNegate(Internal):
    """``notQuery`` without a query ends the service's connection; the whole process of v2.65, which is not imitated."""

    by_gateway, default_message = True, "stream terminated by RST_STREAM with error code: INTERNAL_ERROR"
    hint = "notQuery needs a query."


class UserToLockMissing(NotFound):
    """There is no user to lock."""

    code, default_message = "COMMAND-450yxuqrh1", "User could not be found"


class NotLockable(PreconditionFailed):
    """The user is locked or deactivated already."""

    code, default_message = "COMMAND-lgws8wtsqf", "User is not active or initial"


class UserToUnlockMissing(NotFound):
    """There is no user to unlock."""

    code, default_message = "COMMAND-x377t913pw", "User could not be found"


class NotLocked(PreconditionFailed):
    """The user is not locked."""

    code, default_message = "COMMAND-olb9vb0oca", "User is not locked"


class UserToDeactivateMissing(NotFound):
    """There is no user to deactivate."""

    code, default_message = "COMMAND-5gp2p62iin", "User could not be found"


class InitialNotDeactivatable(PreconditionFailed):
    """The user has never signed in."""

    code = "COMMAND-gvx4kct9r2"
    default_message = "User with state initial can only be deleted not deactivated"


class AlreadyInactive(PreconditionFailed):
    """The user is deactivated already."""

    code, default_message = "COMMAND-5gunjw0cd7", "User already inactive"


class UserToReactivateMissing(NotFound):
    """There is no user to reactivate."""

    code, default_message = "COMMAND-9hy5kzbuk6", "User could not be found"


class NotInactive(PreconditionFailed):
    """The user is not deactivated."""

    code, default_message = "COMMAND-s5qqcz97hf", "User is not inactive"


class UserToDeleteMissing(NotFound):
    """There is no user to delete."""

    code, default_message = "COMMAND-bd4ir1mblj", "User could not be found"
