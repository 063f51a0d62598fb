"""A password that was lost: a nonce by mail, and a new password for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from watchword.domain.chance import Chance
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, Rule, rule
from watchword.domain.tokens import digest, is_live
from watchword.systems.weavr.errors import (
    AccountNotFound,
    Forbidden,
    InvalidNonceOrEmail,
    MultipleAccountsFound,
    PasswordNotSet,
)
from watchword.systems.weavr.records import Nonce, Password, User

SANDBOX_CODE = "123456"
Account = tuple[User, Nonce | None]

SINGLE = Rule(
    "weavr.nonce.single",
    OBSERVED,
    "Behaviour of the real service.",
    "Starting again replaces the first nonce: a user has one at most.",
)
KEPT = Rule(
    "weavr.nonce.kept",
    OBSERVED,
    "Behaviour of the real service.",
    "A new password that breaks a rule leaves the nonce good for another try; a set password spends it.",
)
SILENT = Rule(
    "weavr.lost.silent",
    ASSUMED,
    "The seen answer tells strangers who has an account; integrations may want to try the other one.",
    "A programme may be set to answer a lost password of an unknown address 204, without a mail.",
)


@rule("weavr.lost.account", OBSERVED, "Answers of the real service; the page names the code.")
def active_accounts(users: Iterable[User]) -> Sequence[User]:
    """A lost password of an address that no active user has is answered ACCOUNT_NOT_FOUND."""
    found = [user for user in users if user.active]
    if not found:
        raise AccountNotFound("No active user of the programme has this e-mail address.")
    return found


@rule("weavr.lost.multiple", ASSUMED, "The page names the code and no cause; this is what it says.")
def single_account(users: Sequence[User], *, refused: bool) -> User:
    """
    A lost password of an address that several active users have is answered MULTIPLE_ACCOUNTS_FOUND.

    Args:
        refused: False: the oldest account is the one; ids grow with time.
    """
    if refused and len(users) > 1:
        raise MultipleAccountsFound(f"{len(users)} active users of the programme have this e-mail address.")
    return min(users, key=lambda user: int(user.id))


@rule("weavr.nonce.code", OBSERVED, "The vendor's sandbox sends the same code always; live services do not.")
def new_code(chance: Chance, *, random: bool) -> str:
    """A nonce has six digits: 123456, unless codes are set to be random."""
    return chance.digits(6) if random else SANDBOX_CODE


@rule("weavr.nonce.lifetime", OBSERVED, "Behaviour of the real service.")
def issued(user: User, code: str, *, now: datetime, lifetime: timedelta) -> Nonce:
    """A nonce is good for one hour."""
    return Nonce(user.id, digest(code), now + lifetime)


@rule("weavr.lost.link", DOCUMENTED, "Vendor page 'Initiate lost password': the URL has all that the resume needs.")
def link(portal: str, code: str, email: str) -> str:
    """The mail's link leads to `<portal>/set-password/<nonce>/<email>`, with the same two as query parameters."""
    place = f"{portal.rstrip('/')}/set-password/{quote(code, safe='')}/{quote(email, safe='@')}"
    return f"{place}?nonce={quote(code, safe='')}&email={quote(email, safe='@')}"


@rule("weavr.nonce.redeemed", OBSERVED, "Answers of the real service; the page names the code.")
def redeemed(accounts: Iterable[Account], code: str, *, now: datetime) -> User:
    """A nonce that is wrong, spent, expired or was never asked for, or an unknown address: INVALID_NONCE_OR_EMAIL."""
    for user, nonce in accounts:
        if nonce is not None and nonce.code_digest == digest(code) and is_live(nonce.expires_at, now=now):
            return user
    raise InvalidNonceOrEmail("The nonce is wrong, spent, expired or was never asked for with this address.")


@rule("weavr.lost.inactive", OBSERVED, "Answers of the real service.")
def not_deactivated(user: User) -> None:
    """A user who was deactivated after the mail was sent is answered 403."""
    if not user.active:
        raise Forbidden("The user is inactive.")


@rule("weavr.lost.not-set", OBSERVED, "Answers of the real service; the page names the code.")
def lost(user: User) -> Password:
    """A user who never had a password may ask for the mail, but setting one with it is answered PASSWORD_NOT_SET."""
    if user.password is None:
        raise PasswordNotSet("The user has no password yet: create one.")
    return user.password


@rule("weavr.lost.lock", ASSUMED, "The page of log-in names 30 minutes and nothing that would shorten them.")
def opened(user: User, *, unlocks: bool) -> User:
    """A password that is set with a nonce leaves log-in closed if too many wrong ones closed it, unless set to open."""
    return replace(user, failures=0, locked_until=None) if unlocks else user
