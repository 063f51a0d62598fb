"""
Making a verification code.

Source:
    Public source of the service, ``internal/command/user_v2_password.go`` and ``internal/crypto/code.go``, v2.65.3.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from watchword.domain.chance import Chance
from watchword.domain.rule import DOCUMENTED, OBSERVED, returns, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Action, Caller, require_permission
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.go_template import CannotRun
from watchword.systems.zitadel.records import User, UserKind, UserState, VerificationCode
from watchword.systems.zitadel.settings import Profile
from watchword.systems.zitadel.templates import parse, read_template

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678"
_LENGTH = 6
_LINK = "/ui/login/password/init?authRequestID=&code={{.Code}}&orgID={{.OrgID}}&userID={{.UserID}}"
_LINK_V4 = "/ui/v2/login/password/set?code={{.Code}}&userId={{.UserID}}&organization={{.OrgID}}"
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Medium(StrEnum):
    """How a code reaches its user."""

    MAIL = "mail"
    TEXT_MESSAGE = "text message"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """
    The request for a code.

    Args:
        medium: None if the request names none.
        template: Of the link in the mail; None for the default.
    """

    medium: Medium | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    Where a code goes.

    Args:
        to: The mail address or phone number, empty if the user has none; None to send nothing.
    """

    medium: Medium
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """
    A code that was made.

    Args:
        user: As changed; the event of sending the code is not yet counted.
        link: Where the mail points to; it contains the code.
    """

    user: User
    code: Secret
    link: Secret
    delivery: Delivery


def issue_code(
    user: User | None,
    request: CodeRequest,
    *,
    caller: Caller,
    profile: Profile,
    portal_url: str,
    lifetime: timedelta,
    external_texts: bool,
    chance: Chance,
    now: datetime,
) -> Issued:
    """
    Make a code for *user*, or refuse.

    Args:
        user: None if there is no user with that id.
        portal_url: The default link begins with it.
        external_texts: Whether an SMS provider makes the codes of text messages.

    Raises:
        TemplateUnreadable, TemplateFieldUnknown: See `read_template`.
        UserNotFound, ResetNotInitialised: See `require_user`.
        MembershipNotFound, NoMatchingPermissions, PermissionElsewhere: See `require_permission`.
    """
    template = None if request.template is None else read_template(request.template)
    user = require_user(user)
    require_permission(caller, user, action=Action.REQUEST_CODE, profile=profile)
    code = make_code(chance.of(user.id))
    delivery = choose_delivery(user, request.medium)
    external = external_texts and delivery.medium is Medium.TEXT_MESSAGE
    if template is None or not request.template:
        template = parse(portal_url.rstrip("/") + (_LINK_V4 if profile.links_to_new_sign_in else _LINK))
    try:
        link = template.fill({"UserID": user.id, "Code": code.revealed, "OrgID": user.organisation})
    except CannotRun:
        # The service notices when it writes the message, and then sends none.
        link, delivery = "", replace(delivery, to=None)
    changed = count_events(replace_code(user, code, lifetime=lifetime, external=external, now=now))
    return Issued(changed, code, Secret(link), delivery)


def _accept_every_user(user: User | None) -> User:
    """Without the rule machines and new users get a code too; an unknown id is still refused, there is no user."""
    if user is None:
        raise errors.UserNotFound
    return user


@rule(
    "zitadel.reset.order",
    OBSERVED,
    "internal/command/user_v2_password.go, v2.65.3",
    without=_accept_every_user,
    compares=lambda user: {
        "known": user is not None,
        "kind": user.kind if user else None,
        "state": user.state if user else None,
    },
    because=lambda user: (
        "There is no user with this id."
        if user is None
        else "The user is a machine, and machines have no password."
        if user.kind is UserKind.MACHINE
        else "The user has never signed in."
    ),
)
def require_user(user: User | None) -> User:
    """
    Before a code is made, the template, the user and the permission are checked, in this order.

    This is the check of the user: a person who has signed in before.

    Raises:
        UserNotFound, ResetNotInitialised: In this order.
    """
    if user is None or user.kind is UserKind.MACHINE:
        raise errors.UserNotFound
    if user.state is UserState.INITIAL:
        raise errors.ResetNotInitialised
    return user


@rule(
    "zitadel.code.shape",
    OBSERVED,
    "internal/crypto/code.go GenerateRandomString and cmd/defaults.yaml, v2.65.3",
    without=lambda chance: Secret(chance.text(8)),
    compares=lambda: {"length": _LENGTH, "characters": len(_ALPHABET)},
)
def make_code(chance: Chance) -> Secret:
    """A code has six characters, A to Z and 0 to 8; an off-by-one error of the service leaves out 9, the last one."""
    return Secret(chance.text(_LENGTH, _ALPHABET))


def _keep_older_code(
    user: User,
    code: Secret,
    *,
    lifetime: timedelta,  # noqa: ARG001  # the rule's arguments
    external: bool,
    now: datetime,  # noqa: ARG001
) -> User:
    """Without the rule the code that was made first stays valid, and never expires."""
    older = user.code or VerificationCode(digest(code), expires_at=_END_OF_TIME, external=external)
    return replace(user, code=replace(older, expires_at=_END_OF_TIME))


@rule(
    "zitadel.code.newest",
    OBSERVED,
    "internal/command/user_human_password_model.go, v2.65.3",
    without=_keep_older_code,
    compares=lambda user, lifetime, now: {"older": user.code is not None, "expires_at": now + lifetime},
)
def replace_code(user: User, code: Secret, *, lifetime: timedelta, external: bool, now: datetime) -> User:
    """
    Only the newest code is valid, and for one hour.

    Args:
        external: Whether an SMS provider made the code.
    """
    return replace(user, code=VerificationCode(digest(code), expires_at=now + lifetime, external=external))


@rule(
    "zitadel.reset.medium",
    DOCUMENTED,
    "vendor page 'Request a code to reset a password': medium; without a phone: recorded answers of v2.65.3, v4.2.2"
    " and v4.6.5",
    without=returns(Delivery(Medium.ANSWER)),
    compares=lambda user, requested: {
        "requested": requested,
        "mail": user.email is not None,
        "phone": user.phone is not None,
    },
)
def choose_delivery(user: User, requested: Medium | None) -> Delivery:
    """
    A code is sent by mail unless a text message or the answer is requested, also to a user without such an address.

    Args:
        requested: None if the request names no medium.
    """
    medium = requested or Medium.MAIL
    addresses = {Medium.MAIL: user.email or "", Medium.TEXT_MESSAGE: user.phone or ""}
    return Delivery(medium, addresses.get(medium))
