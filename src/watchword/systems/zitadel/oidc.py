"""
Access tokens for machines: client credentials, and an assertion signed with a private key.

Source:
    Documented: RFC 6749 (sections 4.4 and 5), RFC 7523, OpenID Connect Discovery 1.0; vendor pages
    "Client credentials" and "Private key JWT" of service users. Observed: the public library of the
    service, ``zitadel/oidc``, for words that the standards leave open.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.domain.tokens import digest, is_live
from watchword.systems.zitadel.errors import OAuthRefusal
from watchword.systems.zitadel.records import ClientSecret, MachineKey, User, UserState

ALGORITHM = "RS256"
LIFETIME = timedelta(hours=12)
OLDEST = timedelta(hours=1)
"""How long ago an assertion may have been issued."""
_SKEW = timedelta(seconds=1)


class Grant(StrEnum):
    """The ways to a token that are served."""

    CLIENT_CREDENTIALS = "client_credentials"
    ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Client:
    """What a client says who it is, and what proves it."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Claims:
    """
    What an assertion says.

    Args:
        issuer: None, as every other, if it says nothing readable.
    """

    issuer: str | None
    subject: str | None
    audience: tuple[str, ...] = ()
    issued_at: datetime | None = None
    expires_at: datetime | None = None


def form(raw: bytes) -> dict[str, str]:
    """Read a form; the first value of a name counts."""
    pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(reversed(pairs))


def configuration(issuer: str) -> dict[str, Any]:
    """Describe what is served of OpenID Connect, for clients that look for the place to ask for tokens."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/v2/token",
        "grant_types_supported": [grant.value for grant in Grant],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
    }


@rule("zitadel.token.grant", DOCUMENTED, "RFC 6749, section 5.2; words: zitadel/oidc, pkg/op/token_request.go")
def grant_of(asked: Mapping[str, str]) -> Grant:
    """
    A token is given for client credentials and for a signed assertion, and a request says for which.

    Raises:
        OAuthRefusal: It says nothing, or something else.
    """
    kind = asked.get("grant_type", "")
    if not kind:
        raise OAuthRefusal("invalid_request", "grant_type missing")
    if kind not in set(Grant):
        raise OAuthRefusal("unsupported_grant_type", "this grant_type is not supported")
    return Grant(kind)


@rule("zitadel.token.client", DOCUMENTED, "RFC 6749, section 2.3.1; vendor page 'Client credentials'")
def client_of(asked: Mapping[str, str], authorization: str | None) -> Client:
    """
    A client says who it is in the header or in the form; the name is its login name.

    Args:
        authorization: The header, ``Basic`` with both parts encoded as in a form.

    Raises:
        OAuthRefusal: It says nothing that could be read.
    """
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, colon, secret = b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = colon = secret = ""
        if colon:
            return Client(unquote_plus(name), unquote_plus(secret))
        raise OAuthRefusal("invalid_client", "invalid basic auth header")
    if "client_id" not in asked:
        raise OAuthRefusal("invalid_request", "client_id missing")
    return Client(asked["client_id"], asked.get("client_secret", ""))


@rule("zitadel.token.secret", DOCUMENTED, "RFC 6749, section 5.2: invalid_client, 401")
def proven(client: Client, known: ClientSecret | None) -> str:
    """
    An unknown client and a wrong secret are the same refusal.

    Returns:
        The id of the user who the client is.

    Raises:
        OAuthRefusal: Either.
    """
    if known is None or known.digest != digest(client.secret):
        raise OAuthRefusal("invalid_client", "client_id or client_secret is wrong")
    return known.user_id


def key_id(assertion: str) -> str:
    """
    Find out which key an *assertion* claims to be signed with.

    Raises:
        OAuthRefusal: It is none, or claims nothing.
    """
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # few servers are asked for it, and it takes 9 MiB

    named = jwt.key_id(assertion)
    if named is None:
        raise _unfit("it is no signed token that names its key")
    return named


@rule("zitadel.token.signature", DOCUMENTED, "RFC 7523, section 3; vendor page 'Private key JWT': RS256 and kid")
def signed(assertion: str, key: MachineKey | None) -> Claims:
    """
    An assertion is signed with RS256 and the key that it names, which is known and has not expired.

    Raises:
        OAuthRefusal: It is not.
    """
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # as above

    if key is None:
        raise _unfit("its key is unknown")
    claims = jwt.claims(assertion, public_key=key.public_key, algorithm=ALGORITHM)
    if claims is None:
        raise _unfit("its signature is not that of its key")
    return _claims(claims)


@rule("zitadel.token.assertion", DOCUMENTED, "RFC 7523, section 3; age: zitadel/oidc, an hour and a second's skew")
def vouched(claims: Claims, key: MachineKey, *, issuer: str, now: datetime) -> str:
    """
    An assertion is by and about the owner of its key, for this issuer, not expired, and not older than an hour.

    Args:
        issuer: As this server calls itself to the client.
        now: Outside of the sandbox: clients sign with their own time, however the sandbox's was moved.

    Returns:
        The id of the user whom it vouches for.

    Raises:
        OAuthRefusal: One of these is not so.
    """
    if claims.issuer != claims.subject or claims.subject != key.user_id:
        raise _unfit("iss and sub have to be the user whose key it is")
    if issuer.rstrip("/") not in {one.rstrip("/") for one in claims.audience}:
        raise _unfit(f"aud has to be the issuer, {issuer}")
    if claims.expires_at is None or not is_live(claims.expires_at, now=now) or not is_live(key.expires_at, now=now):
        raise _unfit("it or its key has expired")
    if claims.issued_at is None or not now - OLDEST <= claims.issued_at <= now + _SKEW:
        raise _unfit("iat has to be within the last hour")
    return key.user_id


@rule("zitadel.token.user", ASSUMED, "a deactivated user gets no token; which of the standard's codes it is, is chosen")
def active(user: User | None) -> User:
    """
    The user behind a credential has to exist and to be active.

    Raises:
        OAuthRefusal: Neither.
    """
    if user is None or user.state is not UserState.ACTIVE:
        raise OAuthRefusal("invalid_grant", "the user is not active")
    return user


@rule(
    "zitadel.token.lifetime", DOCUMENTED, "vendor page 'Client credentials': expires_in 43199; cmd/defaults.yaml: 12h"
)
def lifetime(token: str) -> dict[str, Any]:
    """A token is good for twelve hours, of which the answer names a second less."""
    return {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds()) - 1}


def _unfit(reason: str) -> OAuthRefusal:
    return OAuthRefusal("invalid_grant", f"assertion invalid: {reason}")


def _claims(claims: Mapping[str, Any]) -> Claims:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    return Claims(
        _text(claims.get("iss")),
        _text(claims.get("sub")),
        tuple(one for one in several if isinstance(one, str)),
        _moment(claims.get("iat")),
        _moment(claims.get("exp")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
