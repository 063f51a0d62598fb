"""Importing a hash instead of a password."""

import re

from watchword.domain.digests import is_bcrypt
from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust import errors
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import User, UserType
from watchword.systems.entrust.settings import Settings

_PAGE = "vendor page 'Set a user password', Administration API"
_ACCEPTED_COST = re.compile(r"\$2.\$(0[4-9]|1[0-2])\$")
_MATCHES_NOTHING = "$2b$04$" + 53 * "."


@rule(
    "entrust.bcrypt.email-default",
    ASSUMED,
    f"{_PAGE}: emailPassword defaults to true and must be false, by the letter",
    without=lambda parms, _settings: bool(parms.email_password),
    compares=lambda parms, settings: {
        "emailPassword": parms.email_password,
        "needs_false": settings.bcrypt_import_needs_email_false,
    },
)
def asks_for_mail(parms: UserPasswordParms, settings: Settings) -> bool:
    """A BCRYPT import that leaves emailPassword out asks for a mail, unless a setting says otherwise."""
    if parms.email_password is None:
        return settings.bcrypt_import_needs_email_false
    return parms.email_password


@rule(
    "entrust.bcrypt.restrictions",
    DOCUMENTED,
    f"{_PAGE}, passwordFormat, restrictions 1 to 5",
    compares=lambda user, parms, mailed: {
        "type": user.type,
        "currentPassword": parms.current_password is not None,
        "generatePassword": parms.generate_password,
        "emailPassword": mailed,
        "returnPassword": parms.return_password,
    },
)
def restrict_import(user: User, parms: UserPasswordParms, *, mailed: bool) -> None:
    """
    With BCRYPT the user is local, currentPassword null, and generate-, email- and returnPassword false.

    Args:
        mailed: Whether the request asks for a mail, as `asks_for_mail` says.

    Raises:
        EntrustRefusal: For the first restriction that is not met, in the order of the vendor's page.
    """
    if user.type is not UserType.MGMT_UI:
        raise errors.BcryptUserNotLocal(user.type)
    if parms.current_password is not None:
        raise errors.BcryptCurrentPasswordNotNull
    if parms.generate_password:
        raise errors.BcryptGeneratePasswordNotFalse
    if mailed:
        raise errors.BcryptEmailPasswordNotFalse
    if parms.return_password:
        raise errors.BcryptReturnPasswordNotFalse


@rule(
    "entrust.bcrypt.hash-required",
    ASSUMED,
    "an import without a hash imports nothing",
    compares=lambda parms: {"sent": parms.password is not None},
)
def require_hash(parms: UserPasswordParms) -> None:
    """A BCRYPT import needs a hash in the field password, even if the user has a password already."""
    if parms.password is None:
        raise errors.BcryptHashRequired


def _accept_any(sent: Secret) -> str:
    return sent.revealed if _is_accepted(sent) else _MATCHES_NOTHING


@rule(
    "entrust.bcrypt.well-formed",
    ASSUMED,
    "what is no hash can never verify; costs over 12 would take half a second and more, at every comparison",
    without=_accept_any,
    compares=lambda sent: {"well_formed": is_bcrypt(sent.revealed), "accepted": _is_accepted(sent)},
    because=lambda sent: (
        "The cost of the bcrypt hash is not one from 04 to 12."
        if is_bcrypt(sent.revealed)
        else "The password is no bcrypt hash."
    ),
)
def require_bcrypt(sent: Secret) -> str:
    """
    An imported password is a bcrypt hash of cost 04 to 12; the policy is not applied to it.

    Returns:
        The hash to store. Without this rule, a hash that no password matches takes the place of one that is not
        accepted.
    """
    if not _is_accepted(sent):
        raise errors.InvalidBcryptHash
    return sent.revealed


def _is_accepted(sent: Secret) -> bool:
    stored = sent.revealed
    return is_bcrypt(stored) and _ACCEPTED_COST.match(stored) is not None
