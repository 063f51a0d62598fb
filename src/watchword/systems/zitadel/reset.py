"""
Making a verification code.

Source:
    Public source of the service, ``internal/command/user_v2_password.go`` and ``internal/crypto/code.go``, v2.65.3.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watchword.domain.chance import Chance
from watchword.domain.rule import DOCUMENTED, OBSERVED, Rule, rule
from watchword.domain.tokens import digest
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Caller, may_write_users
from watchword.systems.zitadel.records import User, UserKind, UserState, VerificationCode
from watchword.systems.zitadel.templates import link

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678"
_DEFAULT_LINK = "/ui/login/password/init?userID={{.UserID}}&code={{.Code}}&orgID={{.OrgID}}"

NEWEST = Rule(
    "zitadel.code.newest",
    OBSERVED,
    "internal/command/user_human_password_model.go, v2.65.3",
    "Only the code that was made last is good, and for an hour.",
)


class Medium(StrEnum):
    """How a code reaches its user."""

    MAIL = "mail"
    TEXT_MESSAGE = "text message"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Reset:
    """
    What is asked for.

    Args:
        template: Of the link in the mail; None for the default.
    """

    medium: Medium = Medium.MAIL
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """
    A code that was made.

    Args:
        user: As changed, what is sent not yet counted.
        link: Where the mail points to.
    """

    user: User
    code: str = field(repr=False)
    link: str = field(repr=False)


@rule("zitadel.reset.order", OBSERVED, "internal/command/user_v2_password.go, v2.65.3")
def reset_password(
    user: User | None,
    wish: Reset,
    *,
    caller: Caller,
    portal_url: str,
    lifetime: timedelta,
    external_texts: bool,
    chance: Chance,
    now: datetime,
) -> Issued:
    """
    A code is made after the template, the user and the permission were looked at, in this order.

    Args:
        user: None if there is nobody of that id.
        portal_url: Base of the default link.
        external_texts: Codes of text messages are made by another provider.

    Raises:
        TemplateUnreadable, TemplateUnfit, UserNotFound, ResetNotInitialised: In this order.
        MembershipNotFound, PermissionElsewhere, NoMatchingPermissions: It is another's password, and the
            caller may not.
    """
    if wish.template is not None:
        link(wish.template, {"UserID": "UserID", "Code": "Code", "OrgID": "OrgID"})
    if user is None or user.kind is UserKind.MACHINE:
        raise errors.UserNotFound
    if user.state is UserState.INITIAL:
        raise errors.ResetNotInitialised
    if caller.user_id != user.id:
        may_write_users(caller.memberships, organisation=user.organisation)
    code = made(chance)
    external = external_texts and wish.medium is Medium.TEXT_MESSAGE
    outstanding = VerificationCode(digest(code), expires_at=now + lifetime, external=external)
    template = wish.template or portal_url.rstrip("/") + _DEFAULT_LINK
    return Issued(
        replace(user, code=outstanding, sequence=user.sequence + 1),
        code,
        link(template, {"UserID": user.id, "Code": code, "OrgID": user.organisation}),
    )


@rule("zitadel.code.shape", OBSERVED, "internal/crypto/code.go GenerateRandomString and cmd/defaults.yaml, v2.65.3")
def made(chance: Chance) -> str:
    """A code has six characters A to Z and 0 to 8; a slip of theirs leaves the last of the alphabet, 9, out."""
    return chance.text(6, _ALPHABET)


@rule("zitadel.reset.medium", DOCUMENTED, "vendor page 'Request a code to reset a password': medium")
def recipient(user: User, medium: Medium) -> str | None:
    """
    A code goes by mail unless a text or the answer is asked for; to whom there is no address nothing is sent.

    Returns:
        The address or number to send to; None to send nothing.
    """
    return {Medium.MAIL: user.email, Medium.TEXT_MESSAGE: user.phone, Medium.ANSWER: None}[medium]
