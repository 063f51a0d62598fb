"""
Password digests: Argon2id for new hashes, and bcrypt for imported ones.

A stored hash has two parts. The *parameters* are algorithm, cost and salt; the *digest* is what the
algorithm computes from the parameters and a password. Two hashes with equal parameters belong to the same
password exactly if their digests are equal.
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
"""KiB times passes; from here on a computation takes about a millisecond or more."""
_ARGON2ID = re.compile(
    r"\$argon2id\$v=19\$m=(?P<memory>\d+),t=(?P<time>\d+),p=(?P<lanes>\d+)\$(?P<salt>[A-Za-z0-9+/]+)\Z"
)
_BCRYPT_PREFIX = "$2"
_BCRYPT = re.compile(r"\$2[abxy]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}\Z")
_BCRYPT_MAX_BYTES = 72
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


_MOST = Cost(memory=1024 * 1024, time=32, lanes=64)
"""Of a hash that somebody else made."""
_LEAST_SALT = 8
"""In bytes."""
_DIGEST = re.compile(r"[A-Za-z0-9+/]{4,}\Z")


def is_bcrypt(stored: str) -> bool:
    """Whether *stored* is a well-formed bcrypt hash with a cost from 4 to 14; more would take seconds."""
    return _BCRYPT.match(stored) is not None


def is_hash(stored: str) -> bool:
    """Whether a candidate can be compared with *stored*: a PHC string of Argon2id, or a bcrypt hash."""
    if is_bcrypt(stored):
        return True
    parameters, _, digest = stored.rpartition("$")
    try:
        cost, salt = _read(parameters)
    except InvalidHashError:
        return False
    lawful = 1 <= cost.lanes <= _MOST.lanes and 8 * cost.lanes <= cost.memory <= _MOST.memory
    return lawful and 1 <= cost.time <= _MOST.time and len(salt) >= _LEAST_SALT and _DIGEST.match(digest) is not None


def split_hash(stored: str) -> tuple[str, str]:
    """
    Split a *stored* hash into its parameters and its digest.

    Raises:
        argon2.exceptions.InvalidHashError: It starts like a bcrypt hash and is not a well-formed one.
    """
    if stored.startswith(_BCRYPT_PREFIX):
        if not is_bcrypt(stored):
            raise InvalidHashError
        # Only two bits of the salt's last character count. Most libraries ignore the others, ours requires zeros.
        last = _BCRYPT_ALPHABET.index(stored[_BCRYPT_SALT_END - 1])
        return stored[: _BCRYPT_SALT_END - 1] + _BCRYPT_ALPHABET[last & 0b110000], stored[_BCRYPT_SALT_END:]
    parameters, _, digest = stored.rpartition("$")
    return parameters, digest


def argon2id_parameters(cost: Cost, salt: bytes, *, share_salt_with: str | None = None) -> str:
    """
    Write the parameters of a new Argon2id hash.

    Args:
        salt: Used if there is no salt to share.
        share_salt_with: A stored hash. If it is an Argon2id hash, its salt is used.
    """
    if share_salt_with is None or is_bcrypt(share_salt_with):
        encoded = _encode(salt)
    else:
        encoded = share_salt_with.rsplit("$", 2)[1]
    return f"$argon2id$v=19${cost}${encoded}"


def takes_long(parameters: str) -> bool:
    """
    Whether a computation takes longer than about a millisecond, so that it belongs into a thread.

    Raises:
        argon2.exceptions.InvalidHashError: These are not parameters of Argon2id or bcrypt.
    """
    if parameters.startswith(_BCRYPT_PREFIX):
        return True
    cost, _ = _read(parameters)
    return cost.memory * cost.time >= _LONG


def compute_digest(plain: str, parameters: str) -> str:
    """
    Compute the digest of *plain*, Unicode text.

    Args:
        parameters: As `split_hash` or `argon2id_parameters` returns them.

    Raises:
        argon2.exceptions.InvalidHashError: These are not parameters of Argon2id or bcrypt.
    """
    if parameters.startswith(_BCRYPT_PREFIX):
        # Older bcrypt libraries, whose hashes are imported, read the first 72 bytes only.
        hashed = bcrypt.hashpw(plain.encode()[:_BCRYPT_MAX_BYTES], parameters.encode())
        return hashed.decode()[_BCRYPT_SALT_END:]
    cost, salt = _read(parameters)
    raw = hash_secret_raw(
        plain.encode(),
        salt,
        time_cost=cost.time,
        memory_cost=cost.memory,
        parallelism=cost.lanes,
        hash_len=_DIGEST_SIZE,
        type=Type.ID,
    )
    return _encode(raw)


@lru_cache(maxsize=4096)
def _read(parameters: str) -> tuple[Cost, bytes]:
    found = _ARGON2ID.match(parameters)
    if not found:
        raise InvalidHashError
    try:
        salt = b64decode(found["salt"] + "=" * (-len(found["salt"]) % 4))
    except binascii.Error as error:
        raise InvalidHashError from error
    return Cost(int(found["memory"]), int(found["time"]), int(found["lanes"])), salt


def _encode(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
