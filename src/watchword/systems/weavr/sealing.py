"""
Seals: passwords that a program can read only with the token that stands for them.

A password that was tokenised has to be readable again, so it cannot be stored as a hash.
It is encrypted with AES-GCM under a key that is derived from its token.
Of the token itself only a digest is stored, so the stored data alone opens nothing.
"""

from base64 import b64decode, b64encode
from hashlib import blake2b, shake_256

from watchword.domain.secret import Secret

_VERSION = "2:"
"""Before a seal of AES-GCM; base64 has no colon, so no seal of the first releases starts like this."""


class BrokenSeal(ValueError):
    """The seal was changed, or another token made it."""


def seal(token: Secret, plain: Secret) -> str:
    """Encrypt *plain* with a key that is derived from *token*."""
    from watchword.systems.weavr import cipher  # noqa: PLC0415  # see there

    return _VERSION + b64encode(cipher.encrypt(_key(token), plain.revealed.encode())).decode()


def unseal(token: Secret, sealed: str) -> Secret:
    """
    Decrypt what `seal` made with the same *token*.

    Seals of the first releases open too.
    They are a plain mask: a change to one is only noticed if the result is not UTF-8.

    Raises:
        BrokenSeal: *sealed* was changed, or another token made it.
    """
    from watchword.systems.weavr import cipher  # noqa: PLC0415  # see there

    try:
        if not sealed.startswith(_VERSION):
            return _unmask(token, b64decode(sealed, validate=True))
        raw = b64decode(sealed.removeprefix(_VERSION), validate=True)
        return Secret(cipher.decrypt(_key(token), raw).decode())
    except ValueError as error:
        # Also for what is not base64, not UTF-8, or too short.
        raise BrokenSeal("The seal was changed, or another token made it.") from error


def _key(token: Secret) -> bytes:
    return blake2b(token.revealed.encode(), digest_size=32, person=b"password token").digest()


def _unmask(token: Secret, raw: bytes) -> Secret:
    mask = shake_256(f"watchword password token {token.revealed}".encode()).digest(len(raw))
    return Secret(bytes(a ^ b for a, b in zip(raw, mask, strict=True)).decode())
