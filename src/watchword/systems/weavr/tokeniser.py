"""Tokens that stand for passwords, for programmes that must not handle plain ones."""

import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import shake_256

from watchword.domain.chance import Chance
from watchword.domain.refusal import Malformed, Unauthorized, Violation
from watchword.domain.rule import ASSUMED, OBSERVED, rule
from watchword.domain.tokens import digest, live
from watchword.systems.weavr.errors import TokenExpired, TokenNotFound
from watchword.systems.weavr.records import PasswordToken, Programme

LENGTH = 24
_SHAPE = re.compile(rf"[A-Za-z0-9]{{{LENGTH}}}\Z")
_PLAIN = "is no token, and this programme takes passwords as tokens only: tokenise it first"


@rule("weavr.token.programme-key", ASSUMED, "Nothing public says what an unknown programme-key is answered.")
def known_front_end(programme: Programme | None) -> None:
    """A front end tokenises with the public key of a programme; an unknown one is answered 401."""
    if programme is None:
        raise Unauthorized("The programme-key is not the public key of any programme.")


@rule("weavr.token.minted", OBSERVED, "Behaviour of the vendor's simulator.")
def new_token(chance: Chance) -> str:
    """A token has 24 letters and digits, and may be used again until it expires."""
    return chance.text(LENGTH)


def like_a_token(value: str) -> bool:
    """Whether *value* could be a token."""
    return len(value) == LENGTH and _SHAPE.match(value) is not None


@rule("weavr.token.lifetime", ASSUMED, "The pages know expired tokens (410), but not when they do.")
def minted(token: str, plain: str, *, now: datetime, lifetime: timedelta) -> PasswordToken:
    """A token is good for 30 minutes."""
    return PasswordToken(digest(token), sealed(token, plain), now + lifetime)


@rule(
    "weavr.token.resolved",
    OBSERVED,
    "Answers of the real service; vendor page 'Create a password': 'the password submitted must be tokenised'.",
)
def resolved(value: str, found: PasswordToken | None, *, tokenised: bool, field: tuple[str, ...], now: datetime) -> str:
    """
    A live token stands for its password, an expired one is answered 410; anything else is a plain password,
    but for a programme that takes tokens only it is 404 if it looks like a token, and 400 otherwise.

    Args:
        value: As submitted.
        found: The token that *value* is.
        tokenised: The programme takes tokens only.
        field: Where the value stands, for the 400.
    """
    if found is not None:
        if not live(found.expires_at, now=now):
            raise TokenExpired
        return opened(value, found.sealed)
    if not tokenised:
        return value
    if like_a_token(value):
        raise TokenNotFound
    raise Malformed([Violation("body", field, "not-tokenised", None, _PLAIN)])


def sealed(token: str, plain: str) -> str:
    """Make *plain* unreadable for everybody who does not hold *token*, which seals this one value alone."""
    return b64encode(_masked(token, plain.encode())).decode()


def opened(token: str, seal: str) -> str:
    """Read what `sealed` made with the same *token*."""
    return _masked(token, b64decode(seal)).decode()


def _masked(token: str, raw: bytes) -> bytes:
    mask = shake_256(f"watchword password token {token}".encode()).digest(len(raw))
    return bytes(a ^ b for a, b in zip(raw, mask, strict=True))
