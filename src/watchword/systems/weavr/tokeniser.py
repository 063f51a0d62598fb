"""Tokens that stand for passwords, for programmes that must not handle plain ones."""

import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import blake2b, shake_256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from watchword.domain.chance import Chance
from watchword.domain.refusal import Malformed, Unauthorized, Violation
from watchword.domain.rule import ASSUMED, OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live
from watchword.systems.weavr.errors import TokenExpired, TokenNotFound
from watchword.systems.weavr.records import PasswordToken, Programme

LENGTH = 24
_VERSION = "2:"
"""Before what AES-GCM sealed; a colon is no character of base64, so no older seal begins like this."""
_NONCE = bytes(12)
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


def like_a_token(value: Secret) -> bool:
    """Whether *value* could be a token."""
    text = value.reveal()
    return len(text) == LENGTH and _SHAPE.match(text) is not None


@rule("weavr.token.lifetime", ASSUMED, "The pages know expired tokens (410), but not when they do.")
def minted(token: str, plain: Secret, *, now: datetime, lifetime: timedelta) -> PasswordToken:
    """A token is good for 30 minutes."""
    return PasswordToken(digest(token), seal(token, plain), now + lifetime)


@rule(
    "weavr.token.resolved",
    OBSERVED,
    "Answers of the real service; vendor page 'Create a password': 'the password submitted must be tokenised'.",
)
def resolved(
    value: Secret, found: PasswordToken | None, *, tokenised: bool, field: tuple[str, ...], now: datetime
) -> Secret:
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
        if not is_live(found.expires_at, now=now):
            raise TokenExpired
        return unseal(value, found.sealed)
    if not tokenised:
        return value
    if like_a_token(value):
        raise TokenNotFound
    raise Malformed([Violation("body", field, "not-tokenised", None, _PLAIN)])


def seal(token: str, plain: Secret) -> str:
    """Encrypt *plain* with a key that is made from *token*, so that only the token's holder can read it."""
    # A key encrypts one value only, so the nonce need not differ.
    return _VERSION + b64encode(AESGCM(_key(token)).encrypt(_NONCE, plain.reveal().encode(), None)).decode()


def unseal(token: Secret, sealed: str) -> Secret:
    """Decrypt what `seal` made with the same *token*; seals of the first releases, which were masks, too."""
    if not sealed.startswith(_VERSION):
        return _unmask(token, b64decode(sealed))
    raw = b64decode(sealed.removeprefix(_VERSION))
    return Secret(AESGCM(_key(token.reveal())).decrypt(_NONCE, raw, None).decode())


def _key(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"password token").digest()


def _unmask(token: Secret, raw: bytes) -> Secret:
    mask = shake_256(f"watchword password token {token.reveal()}".encode()).digest(len(raw))
    return Secret(bytes(a ^ b for a, b in zip(raw, mask, strict=True)).decode())
