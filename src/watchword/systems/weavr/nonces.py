"""The nonce: six digits, sent by mail, that let a user replace a lost password."""

from collections.abc import Sequence
from datetime import datetime

from watchword.domain.chance import Chance
from watchword.domain.rule import OBSERVED, returns, rule
from watchword.domain.tokens import digest, is_live, tell_end
from watchword.systems.weavr.errors import InvalidNonceOrEmail
from watchword.systems.weavr.records import Nonce, User

SANDBOX_CODE = "123456"
Account = tuple[User, Nonce | None]
"""A user and the nonce that was sent to the user last."""


@rule(
    "weavr.nonce.code",
    OBSERVED,
    "The vendor's sandbox sends the same code always; live services do not.",
    without=lambda chance, random: chance.digits(6),  # noqa: ARG005  # as the rule's
)
def draw_code(chance: Chance, *, random: bool) -> str:
    """A nonce has six digits: 123456, unless codes are set to be random."""
    return chance.digits(6) if random else SANDBOX_CODE


@rule(
    "weavr.nonce.lifetime",
    OBSERVED,
    "Behaviour of the real service.",
    without=returns(True),  # noqa: FBT003  # the rule's answer
    compares=lambda nonce, now: {"expires_at": nonce.expires_at, "now": now},
)
def is_nonce_live(nonce: Nonce, *, now: datetime) -> bool:
    """A nonce is valid for one hour."""
    return is_live(nonce.expires_at, now=now)


def _keep_first(former: Nonce | None, new: Nonce, *, now: datetime) -> Nonce:
    """Keep the first nonce while it is valid, so that the code in the second mail does not work."""
    return new if former is None or not is_live(former.expires_at, now=now) else former


@rule(
    "weavr.nonce.single",
    OBSERVED,
    "Behaviour of the real service.",
    without=_keep_first,
    compares=lambda former, now: {
        "former_expires_at": former.expires_at if former else None,
        "now": now,
    },
)
def replace_nonce(former: Nonce | None, new: Nonce, *, now: datetime) -> Nonce:  # noqa: ARG001  # without it matters
    """
    Starting again replaces the first nonce: a user has one at most.

    Args:
        former: The nonce that the user already has.

    Returns:
        The nonce to store.
    """
    return new


def _accept_any_nonce(accounts: Sequence[Account], code: str, *, now: datetime) -> User:  # noqa: ARG001  # as the rule's
    """Accept any code; an unknown address still has no user whose password could be set."""
    if not accounts:
        raise InvalidNonceOrEmail("No user of the programme has this e-mail address.")
    return accounts[0][0]


def _say_why_not(accounts: Sequence[Account], code: str, now: datetime) -> str:
    if not accounts:
        return "No user of the programme has this e-mail address."
    nonces = [nonce for _, nonce in accounts if nonce is not None]
    if not nonces:
        return "No nonce is outstanding for this address: none was requested, or it was used."
    meant = next((one for one in nonces if one.code_digest == digest(code)), None)
    if meant is None:
        return "This is not the nonce that was sent to this address last."
    return f"The nonce {tell_end(meant.expires_at, now=now)}."


@rule(
    "weavr.nonce.redeemed",
    OBSERVED,
    "Answers of the real service; the page names the code.",
    without=_accept_any_nonce,
    compares=lambda accounts, now: {
        "users": len(accounts),
        "nonces": sum(nonce is not None for _, nonce in accounts),
        "expires_at": max((nonce.expires_at for _, nonce in accounts if nonce), default=None),
        "now": now,
    },
    because=_say_why_not,
)
def redeem_nonce(accounts: Sequence[Account], code: str, *, now: datetime) -> User:
    """A nonce that is wrong, used, expired or was never requested, or an unknown address: INVALID_NONCE_OR_EMAIL."""
    for user, nonce in accounts:
        if nonce is not None and nonce.code_digest == digest(code) and is_nonce_live(nonce, now=now):
            return user
    raise InvalidNonceOrEmail("The nonce is wrong, used, expired or was never requested for this address.")


@rule(
    "weavr.nonce.kept",
    OBSERVED,
    "Behaviour of the real service.",
    # The opposite of both halves of the sentence, so that a test of either half misses the rule.
    without=lambda refused: refused,
)
def spends_nonce(*, refused: bool) -> bool:
    """A new password that breaks a rule leaves the nonce valid for another try; a set password uses it up."""
    return not refused
