"""Bearer secrets: stored as digests, and valid until a moment."""

from datetime import datetime
from hashlib import sha256

from watchword.domain.secret import Secret
from watchword.domain.timestamps import write_utc


def digest(token: Secret | str) -> str:
    """
    Compute the digest of a bearer secret, which may be stored in its place.

    Returns:
        64 hexadecimal digits of SHA-256. That protects tokens, which are long and random. It only hides short
        codes from a glance: an attacker could try them all.
    """
    text = token.revealed if isinstance(token, Secret) else token
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def tell_end(expires_at: datetime | None, *, now: datetime) -> str:
    """Tell when something expires, as the end of a sentence: ``expired at 12:00, and it was 12:01``, in full."""
    verb = "expires" if is_live(expires_at, now=now) else "expired"
    end = "never expires" if expires_at is None else f"{verb} at {write_utc(expires_at, precision='seconds')}"
    return f"{end}, and it was {write_utc(now, precision='seconds')}"


def is_live(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether something that expires at *expires_at* (None: never) is still valid; at that very moment it is not."""
    return expires_at is None or now < expires_at
