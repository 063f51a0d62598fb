"""What a service user proves itself with: a signed assertion, or its secret in a header."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import orjson

from watchword.contract.values import ClientTime, Kept, Made, Of, Template

ISSUER = "the issuer"
_FRESH, _LASTS = timedelta(minutes=-1), timedelta(minutes=30)
"""Clients sign with their own clocks, which may differ from the server's."""


def assertion(role: str, what: str = "a good assertion", **claims: Template) -> Made:
    """
    Make the assertion of a service user (RFC 7523), for a server that has said what its issuer is.

    Args:
        what: It is, in words.
        claims: Replace the right ones; None leaves one out.
    """
    right = {
        "iss": Of(role, "id"),
        "sub": Of(role, "id"),
        "aud": Kept(ISSUER),
        "iat": ClientTime(_FRESH),
        "exp": ClientTime(_LASTS),
    }
    return Made(f"{what} of {role}", {"key": Of(role, "key_file"), "claims": {**right, **claims}}, _sign)


def basic(role: str, *, secret: Template = None) -> Made:
    """Make the header with which a client names itself (RFC 6749, section 2.3.1); *secret* replaces its own."""
    given = Of(role, "secret") if secret is None else secret
    what = f"the header of {role}" if secret is None else f"a header of {role} with another secret"
    return Made(what, [Of(role, "client"), given], _encode)


def check_key_file(text: str) -> str:
    """Say what is wrong with the file of a key, as the console exports it; empty if nothing is."""
    from joserfc.errors import JoseError  # noqa: PLC0415  # few tests need it, and it takes 9 MiB
    from joserfc.jwk import RSAKey  # noqa: PLC0415  # as above

    try:
        file = orjson.loads(text)
        RSAKey.import_key(file["key"])
        named = isinstance(file["keyId"], str)
    except (JoseError, ValueError, TypeError, KeyError):
        named = False
    return (
        "" if named else 'has to be the JSON of a key as the console exports it: {"keyId": "…", "key": "-----BEGIN …"}'
    )


def _sign(parts: Mapping[str, Any]) -> str:
    from joserfc import jwt  # noqa: PLC0415  # as above
    from joserfc.jwk import RSAKey  # noqa: PLC0415  # as above

    file = orjson.loads(parts["key"])
    claims = {name: value for name, value in parts["claims"].items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": file["keyId"]}, claims, RSAKey.import_key(file["key"]))


def _encode(parts: list[str]) -> str:
    name, secret = map(quote_plus, parts)
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"
