"""Importing a hash instead of a password."""

import re

from watchword.domain.digests import is_bcrypt
from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import User, UserType
from watchword.systems.entrust.settings import Settings

_PAGE = "vendor page 'Set a user password', Administration API"
_BEARABLE_COST = re.compile(r"\$2.\$(0[4-9]|1[0-2])\$")


@rule("entrust.bcrypt.restrictions", DOCUMENTED, f"{_PAGE}, passwordFormat, restrictions 1 to 5")
def restrict_import(user: User, parms: UserPasswordParms, settings: Settings) -> None:
    """With BCRYPT the user is local, currentPassword null, generate-, email- and returnPassword false."""
    if user.type is not UserType.MGMT_UI:
        raise errors.BcryptUserNotLocal(user.type)
    if parms.current_password is not None:
        raise errors.BcryptCurrentPasswordNotNull
    if parms.generate_password:
        raise errors.BcryptGeneratePasswordNotFalse
    if mailed_import(parms, settings):
        raise errors.BcryptEmailPasswordNotFalse
    if parms.return_password:
        raise errors.BcryptReturnPasswordNotFalse


@rule(
    "entrust.bcrypt.email-default",
    ASSUMED,
    f"{_PAGE}: emailPassword defaults to true and must be false, by the letter",
)
def mailed_import(parms: UserPasswordParms, settings: Settings) -> bool:
    """A BCRYPT import that leaves emailPassword out asks for a mail, unless a setting relaxes it."""
    if parms.email_password is None:
        return settings.bcrypt_import_needs_email_false
    return parms.email_password


@rule("entrust.bcrypt.hash-required", ASSUMED, "an import without a hash imports nothing")
def hash_to_import(parms: UserPasswordParms) -> str:
    """With BCRYPT there is a password, which is the hash, even for a user who has one already."""
    if parms.password is None:
        raise errors.BcryptHashRequired
    return parms.password


@rule(
    "entrust.bcrypt.well-formed",
    ASSUMED,
    "what is no hash can never verify; costs over 12 would take half a second and more, at every comparison",
)
def imported(stored: str) -> str:
    """An imported password is a bcrypt hash of cost 04 to 12; no policy can judge it."""
    if not is_bcrypt(stored) or not _BEARABLE_COST.match(stored):
        raise errors.InvalidBcryptHash
    return stored
