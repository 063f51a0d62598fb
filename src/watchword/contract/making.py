"""Texts that clients make of what they know: a signed assertion, the header of a client that names itself."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

import orjson


def check_key_file(text: str) -> str:
    """Say what is wrong with the file of a private key; empty if nothing is."""
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
    """Sign *claims* with the *key* of such a file (RFC 7523): RS256; a claim that is None is left out."""
    from joserfc import jwt  # noqa: PLC0415  # as above
    from joserfc.jwk import RSAKey  # noqa: PLC0415  # as above

    file = orjson.loads(parts["key"])
    claims = {name: value for name, value in parts["claims"].items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": file["keyId"]}, claims, RSAKey.import_key(file["key"]))


def _name_client(parts: Mapping[str, Any]) -> str:
    """Write the *id* and the *secret* of a client as a header (RFC 6749, section 2.3.1)."""
    name, secret = (quote_plus(parts[one]) for one in ("id", "secret"))
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"signed": _sign, "basic": _name_client}
"""By the word of a step: a step is written into tests, where a function could not stand."""
