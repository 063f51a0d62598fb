"""Bearer secrets: kept as digests, good until a moment."""

from datetime import datetime
from hashlib import sha256

from watchword.domain.secret import Secret


def digest(token: Secret | str) -> str:
    """
    Turn a bearer secret into what may be stored.

    Returns:
        64 hexadecimal digits of SHA-256: enough for tokens, which are long and random; short codes
        are thereby kept out of sight, not out of reach.
    """
    text = token.reveal() if isinstance(token, Secret) else token
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def live(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether something that ends at *expires_at* (None: never) is still good; at that moment it no longer is."""
    return expires_at is None or now < expires_at
