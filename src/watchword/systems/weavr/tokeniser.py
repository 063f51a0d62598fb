"""Tokens that stand for passwords, for programmes that must not handle plain ones."""

import re
from datetime import datetime, timedelta

from watchword.domain.chance import Chance
from watchword.domain.refusal import Malformed, Refusal, Unauthorized, Violation
from watchword.domain.rule import ASSUMED, OBSERVED, returns, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import is_live, tell_end
from watchword.systems.weavr.errors import TokenExpired, TokenNotFound
from watchword.systems.weavr.records import PasswordToken, Programme
from watchword.systems.weavr.sealing import BrokenSeal, unseal

LENGTH = 24
_SHAPE = re.compile(rf"[A-Za-z0-9]{{{LENGTH}}}\Z")
_PLAIN = "is not a token, and this programme accepts passwords as tokens only: tokenise it first"


@rule(
    "weavr.token.programme-key",
    ASSUMED,
    "Nothing public says what an unknown programme-key is answered.",
    compares=lambda programme: {"programme_found": programme is not None},
)
def require_front_end(programme: Programme | None) -> None:
    """A front end tokenises with the public key of a programme; an unknown one is answered 401."""
    if programme is None:
        raise Unauthorized("The programme-key is not the public key of any programme.")


@rule(
    "weavr.token.minted",
    OBSERVED,
    "Behaviour of the vendor's simulator.",
    without=lambda chance: chance.token(),
    compares=lambda: {"length": LENGTH},
)
def draw_token(chance: Chance) -> str:
    """A token has 24 letters and digits."""
    return chance.text(LENGTH)


@rule(
    "weavr.token.lifetime",
    ASSUMED,
    "The pages know expired tokens (410), but not when they do.",
    without=returns(None),
)
def compute_token_end(*, now: datetime, lifetime: timedelta) -> datetime | None:
    """A token is valid for 30 minutes."""
    return now + lifetime


def _say_why_not(value: Secret, found: PasswordToken | None, now: datetime) -> str:
    if found is not None and not is_live(found.expires_at, now=now):
        return f"The token {tell_end(found.expires_at, now=now)}."
    if found is not None or _looks_like_a_token(value):
        return "The value looks like a token, and it stands for no password here."
    return "The value is not a token, and this programme accepts passwords as tokens only."


@rule(
    "weavr.token.resolved",
    OBSERVED,
    "Answers of the real service; vendor page 'Create a password': 'the password submitted must be tokenised'.",
    without=returns_argument("value"),
    compares=lambda value, found, tokenised, now: {
        "token_found": found is not None,
        "looks_like_a_token": _looks_like_a_token(value),
        "tokens_only": tokenised,
        "expires_at": found.expires_at if found else None,
        "now": now,
    },
    because=_say_why_not,
)
def resolve_password(
    value: Secret, found: PasswordToken | None, *, tokenised: bool, field: tuple[str, ...], now: datetime
) -> Secret:
    """
    A live token stands for its password, however often it is sent, and an expired one is answered 410.
    Anything else is a plain password; but a programme that accepts tokens only answers 404 if it looks like a token,
    and 400 otherwise.

    Args:
        value: As it was sent.
        found: The token that *value* is.
        tokenised: The programme accepts tokens only.
        field: Where the value stands, for the 400.
    """
    if found is None:
        if tokenised:
            raise _refusal_of_plain(value, field)
        return value
    if not is_live(found.expires_at, now=now):
        raise TokenExpired
    try:
        return unseal(value, found.sealed)
    except BrokenSeal:
        # Not a 500, because the client can help itself by tokenising again. Not a plain password either, because
        # then the token itself could become the password of a user.
        raise TokenNotFound from None


def _refusal_of_plain(value: Secret, field: tuple[str, ...]) -> Refusal:
    if _looks_like_a_token(value):
        return TokenNotFound()
    return Malformed([Violation("body", field, "not-tokenised", None, _PLAIN)])


def _looks_like_a_token(value: Secret) -> bool:
    return _SHAPE.match(value.revealed) is not None
