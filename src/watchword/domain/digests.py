"""
The two kinds of hashes that are stored, Argon2id's and bcrypt's, and the computing of them.

A stored hash is read as *settings* (kind, cost and salt) and a *digest*: whoever has both, and a
password, computes a digest with the same settings and compares.
"""

import binascii
import re
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import NamedTuple

import bcrypt
from argon2.exceptions import InvalidHashError
from argon2.low_level import Type, hash_secret_raw

_DIGEST_SIZE = 32
_LONG = 1024
"""KiB times passes that take about a millisecond."""
_ARGON2ID = re.compile(
    r"\$argon2id\$v=19\$m=(?P<memory>\d+),t=(?P<time>\d+),p=(?P<lanes>\d+)\$(?P<salt>[A-Za-z0-9+/]+)\Z"
)
_BCRYPT_BEGINS = "$2"
_BCRYPT = re.compile(r"\$2[abxy]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}\Z")
_BCRYPT_MAXIMUM = 72
_BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BCRYPT_SALT_END = 29


class Cost(NamedTuple):
    """
    What one computation of Argon2id costs.

    Args:
        memory: KiB.
        time: Passes over the memory.
        lanes: Degree of parallelism.
    """

    memory: int
    time: int
    lanes: int

    def __str__(self) -> str:
        return f"m={self.memory},t={self.time},p={self.lanes}"


def is_bcrypt(stored: str) -> bool:
    """Whether *stored* is a well-formed bcrypt hash of a bearable cost (4 to 14)."""
    return _BCRYPT.match(stored) is not None


def parted(stored: str) -> tuple[str, str]:
    """
    Part a *stored* hash of either kind into its settings and its digest.

    Raises:
        argon2.exceptions.InvalidHashError: It begins like one of bcrypt, and is none.
    """
    if stored.startswith(_BCRYPT_BEGINS):
        if not is_bcrypt(stored):
            raise InvalidHashError
        # Of the salt's last character two bits count; most libraries ignore the others, ours wants them to be zero.
        last = _BCRYPT_ALPHABET.index(stored[_BCRYPT_SALT_END - 1])
        return stored[: _BCRYPT_SALT_END - 1] + _BCRYPT_ALPHABET[last & 0b110000], stored[_BCRYPT_SALT_END:]
    settings, _, digest = stored.rpartition("$")
    return settings, digest


def settings(cost: Cost, salt: bytes, *, like: str | None = None) -> str:
    """
    Write the settings of a new Argon2id hash.

    Args:
        like: A stored hash whose salt is taken instead, if it is one of Argon2id.
    """
    kept = _text(salt) if like is None or is_bcrypt(like) else like.rsplit("$", 2)[1]
    return f"$argon2id$v=19${cost}${kept}"


def takes_long(settings: str) -> bool:
    """
    Whether a computation is long enough (over a millisecond) to be worth a thread.

    Raises:
        argon2.exceptions.InvalidHashError: These are the settings of neither kind.
    """
    if settings.startswith(_BCRYPT_BEGINS):
        return True
    cost, _ = _read(settings)
    return cost.memory * cost.time >= _LONG


def computed(plain: str, settings: str) -> str:
    """
    Compute the digest of *plain*, Unicode text, with *settings* as `parted` or `settings` gives them.

    Raises:
        argon2.exceptions.InvalidHashError: These are the settings of neither kind.
    """
    if settings.startswith(_BCRYPT_BEGINS):
        # Older bcrypt libraries, whose hashes are imported, looked at 72 bytes only.
        hashed = bcrypt.hashpw(plain.encode()[:_BCRYPT_MAXIMUM], settings.encode())
        return hashed.decode()[_BCRYPT_SALT_END:]
    cost, salt = _read(settings)
    raw = hash_secret_raw(
        plain.encode(),
        salt,
        time_cost=cost.time,
        memory_cost=cost.memory,
        parallelism=cost.lanes,
        hash_len=_DIGEST_SIZE,
        type=Type.ID,
    )
    return _text(raw)


@lru_cache(maxsize=4096)
def _read(settings: str) -> tuple[Cost, bytes]:
    found = _ARGON2ID.match(settings)
    if not found:
        raise InvalidHashError
    try:
        salt = b64decode(found["salt"] + "=" * (-len(found["salt"]) % 4))
    except binascii.Error as error:
        raise InvalidHashError from error
    return Cost(int(found["memory"]), int(found["time"]), int(found["lanes"])), salt


def _text(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
