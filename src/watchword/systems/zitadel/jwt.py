"""Signed tokens, by joserfc; whatever is wrong with one is said with None."""

from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


def key_id(token: str) -> str | None:
    """Read which key *token* claims to be signed with."""
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None
    return named if isinstance(named, str) else None


def claims(token: str, *, public_key: str, algorithm: str) -> dict[str, Any] | None:
    """
    Read what *token* claims, if its signature is that of the key.

    Args:
        public_key: PEM.
        algorithm: The only one that is let pass.

    Returns:
        Nothing at all for a payload that is JSON but no object.
    """
    try:
        checked = jws.deserialize_compact(token, RSAKey.import_key(public_key), algorithms=[algorithm])
        found = orjson.loads(checked.payload)
    except (JoseError, ValueError):
        return None
    return found if isinstance(found, dict) else {}
