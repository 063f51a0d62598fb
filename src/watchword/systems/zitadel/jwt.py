"""Signed tokens, read, verified and signed by joserfc."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from watchword.domain.secret import Secret

_UNREADABLE = (JoseError, ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What joserfc raises for a token that is none; it takes for granted that a header is an object with texts in it."""


def read_key_id(token: Secret) -> str | None:
    """
    Read the id (``kid``) of the key that signed *token*; the signature is not verified.

    Returns:
        None if it is not a signed token, or names no key.
    """
    try:
        named = jws.extract_compact(token.revealed.encode()).headers().get("kid")
    except _UNREADABLE:
        return None
    return named if isinstance(named, str) else None


def read_claims(token: Secret) -> dict[str, Any]:
    """
    Read the claims of *token*; the signature is not verified.

    Returns:
        Empty if there are none.
    """
    try:
        return _object(jws.extract_compact(token.revealed.encode()).payload)
    except _UNREADABLE:
        return {}


def verify(token: Secret, *, public_key: str, algorithm: str) -> dict[str, Any] | None:
    """
    Verify the signature of *token*, and read its claims.

    Args:
        public_key: PEM.
        algorithm: The only one that is accepted.

    Returns:
        None if the signature is wrong or the claims are not JSON; empty if they are not a JSON object.
    """
    try:
        verified = jws.deserialize_compact(token.revealed, RSAKey.import_key(public_key), algorithms=[algorithm])
        return _object(verified.payload)
    except _UNREADABLE:
        return None


def sign(claims: Mapping[str, Any]) -> str:
    """Sign *claims* with the server's own key, which is public: whoever verifies them trusts a stand-in."""
    key = _own_key()
    return jwt.encode({"alg": "RS256", "kid": key.thumbprint()}, dict(claims), key)


def own_public_key() -> dict[str, Any]:
    """Return the public half of the server's own key, as a JSON Web Key."""
    key = _own_key()
    return {"use": "sig", "kty": "RSA", "kid": key.thumbprint(), "alg": "RS256", **key.as_dict(private=False)}


@cache
def _own_key() -> RSAKey:
    """Read the key; one for all servers, so that a random seed repeats ID tokens too."""
    return RSAKey.import_key((Path(__file__).parent / "signing_key.pem").read_bytes())


def _object(payload: bytes) -> dict[str, Any]:
    found = orjson.loads(payload)
    return found if isinstance(found, dict) else {}
