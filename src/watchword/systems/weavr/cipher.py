"""AES-GCM of the ``cryptography`` package, in a module of its own: few servers seal anything, and it takes 7 MiB."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = bytes(12)
"""Constant, because every key encrypts one text only."""


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Encrypt and authenticate *plain*; *key* has 32 bytes and is used once."""
    return AESGCM(key).encrypt(_NONCE, plain, None)


def decrypt(key: bytes, raw: bytes) -> bytes:
    """
    Decrypt what `encrypt` made.

    Raises:
        ValueError: *raw* was changed, or was encrypted with another key.
    """
    try:
        return AESGCM(key).decrypt(_NONCE, raw, None)
    except InvalidTag as error:
        raise ValueError("not encrypted with this key") from error
