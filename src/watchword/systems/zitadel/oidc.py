"""
Access tokens for machines: client credentials, and an assertion signed with a private key.

Source:
    Documented: RFC 6749 (sections 4.4 and 5), RFC 7523, OpenID Connect Discovery 1.0; vendor pages
    "Client credentials" and "Private key JWT" of service users. Observed: the public library of the
    service, ``zitadel/oidc``, for texts that the standards leave open.

The issuer follows the header ``Host``, as the service's does, which finds its instance by the domain that was called.
A client compares both the issuer of the configuration and the audience that it signs with the address that it knows,
and only the client knows that address: a proxy, a container or a sandbox's path prefix may be in between.
So the configuration repeats the header, which nothing else may do: no refusal, no log line and no rule record.
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
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live
from watchword.systems.zitadel.errors import OAuthRefusal
from watchword.systems.zitadel.records import ClientSecret, MachineKey, User, UserState

ALGORITHM = "RS256"
LIFETIME = timedelta(hours=12)
MAX_ASSERTION_AGE = timedelta(hours=1)
_CLOCK_SKEW = timedelta(seconds=1)
_CENTURY = timedelta(days=36_525)


class Grant(StrEnum):
    """The grant types that are served."""

    CLIENT_CREDENTIALS = "client_credentials"
    ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Client:
    """The credentials of a client."""

    id: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Claims:
    """
    The claims of an assertion.

    Args:
        issuer: None, as every other claim, if it is missing or has another type.
    """

    issuer: str | None
    subject: str | None
    audience: tuple[str, ...] = ()
    issued_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """
    How long a token is valid.

    Args:
        expires_at: By the sandbox's clock.
        expires_in: What the answer announces, in seconds.
    """

    expires_at: datetime
    expires_in: int


def read_form(raw: bytes) -> dict[str, str]:
    """Read a form; of a repeated name the first value counts."""
    pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(reversed(pairs))


def describe_issuer(issuer: str) -> dict[str, Any]:
    """
    Make the discovery document: the part of OpenID Connect that is served.

    Args:
        issuer: The address that the client called; see the head of this module.
    """
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/v2/token",
        "grant_types_supported": [grant.value for grant in Grant],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
    }


def _guess_grant(form: Mapping[str, str]) -> Grant:
    """Without the rule a form with an assertion asks for that grant, and every other one for client credentials."""
    return Grant.ASSERTION if "assertion" in form else Grant.CLIENT_CREDENTIALS


@rule(
    "zitadel.token.grant",
    DOCUMENTED,
    "RFC 6749, section 5.2; words: zitadel/oidc, pkg/op/token_request.go",
    without=_guess_grant,
    compares=lambda form: {"named": bool(form.get("grant_type")), "served": list(Grant)},
)
def choose_grant(form: Mapping[str, str]) -> Grant:
    """
    A token is issued for client credentials and for a signed assertion, and the request names which.

    Raises:
        OAuthRefusal: It names none, or another.
    """
    kind = form.get("grant_type", "")
    if not kind:
        raise OAuthRefusal("invalid_request", "grant_type missing")
    if kind not in set(Grant):
        raise OAuthRefusal("unsupported_grant_type", "this grant_type is not supported")
    return Grant(kind)


def _read_client_in_form(form: Mapping[str, str], authorization: Secret | None = None) -> Client:  # noqa: ARG001
    """Without the rule only the form is read, and missing fields are empty."""
    return Client(form.get("client_id", ""), Secret(form.get("client_secret", "")))


@rule(
    "zitadel.token.client",
    DOCUMENTED,
    "RFC 6749, section 2.3.1; vendor page 'Client credentials'",
    without=_read_client_in_form,
    compares=lambda form, authorization: {"header": bool(authorization), "form": "client_id" in form},
)
def read_client(form: Mapping[str, str], authorization: Secret | None) -> Client:
    """
    A client sends its id and its secret in the header or in the form; the id is its login name.

    Args:
        authorization: The header: ``Basic`` with both parts encoded as in a form.

    Raises:
        OAuthRefusal: There is no client that can be read.
    """
    scheme, _, value = (authorization.revealed if authorization else "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, colon, secret = b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = colon = secret = ""
        if colon:
            return Client(unquote_plus(name), Secret(unquote_plus(secret)))
        raise OAuthRefusal("invalid_client", "invalid basic auth header")
    if "client_id" not in form:
        raise OAuthRefusal("invalid_request", "client_id missing")
    return _read_client_in_form(form)


def _accept_any_secret(client: Client, known: ClientSecret | None) -> str:  # noqa: ARG001  # the rule's arguments
    """Without the rule every secret is right; an unknown client is still refused, it has no user."""
    if known is None:
        raise _refuse_client()
    return known.user_id


@rule(
    "zitadel.token.secret",
    DOCUMENTED,
    "RFC 6749, section 5.2: invalid_client, 401",
    without=_accept_any_secret,
    compares=lambda known: {"known": known is not None},
)
def verify_secret(client: Client, known: ClientSecret | None) -> str:
    """
    An unknown client and a wrong secret are the same refusal.

    Args:
        known: The record of the client; None if there is none.

    Returns:
        The id of the client's user.

    Raises:
        OAuthRefusal: Either.
    """
    if known is None or known.digest != digest(client.secret):
        raise _refuse_client()
    return known.user_id


def _refuse_client() -> OAuthRefusal:
    return OAuthRefusal("invalid_client", "client_id or client_secret is wrong")


def read_key_id(assertion: Secret) -> str | None:
    """
    Read the id (``kid``) of the key that signed *assertion*; the signature is not verified.

    Returns:
        None if it is not a signed token, or names no key.
    """
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # few servers need it, and it takes 9 MiB

    return jwt.read_key_id(assertion)


def _read_unverified(assertion: Secret, key_id: str | None, key: MachineKey | None, *, now: datetime) -> Claims:  # noqa: ARG001
    """Without the rule every signature is right; an unknown key is still refused, it has no user."""
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # as above

    if key is None:
        raise _refuse_assertion("its key is unknown")
    return _claims(jwt.read_claims(assertion))


@rule(
    "zitadel.token.signature",
    DOCUMENTED,
    "RFC 7523, section 3; vendor page 'Private key JWT': RS256 and kid",
    without=_read_unverified,
    compares=lambda key_id, key, now: {
        "named": key_id is not None,
        "known": key is not None,
        "expires_at": key.expires_at if key else None,
        "now": now,
        "algorithm": ALGORITHM,
    },
)
def verify_signature(assertion: Secret, key_id: str | None, key: MachineKey | None, *, now: datetime) -> Claims:
    """
    An assertion is signed with RS256 and the key that it names, which is known and has not expired.

    Args:
        key_id: As `read_key_id` reads it.
        key: The record of that key; None if there is none.
        now: The real time, see `verify_claims`.

    Raises:
        OAuthRefusal: It is not.
    """
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # as above

    if key_id is None:
        raise _refuse_assertion("it is not a signed token that names its key")
    if key is None:
        raise _refuse_assertion("its key is unknown")
    claims = jwt.verify(assertion, public_key=key.public_key, algorithm=ALGORITHM)
    if claims is None:
        raise _refuse_assertion("its signature is not that of its key")
    if not is_live(key.expires_at, now=now):
        raise _refuse_assertion("its key has expired")
    return _claims(claims)


def _accept_any_claims(claims: Claims, key: MachineKey, *, issuer: str, now: datetime) -> str:  # noqa: ARG001
    return key.user_id


@rule(
    "zitadel.token.assertion",
    DOCUMENTED,
    "RFC 7523, section 3; age: zitadel/oidc, an hour and a second's skew",
    without=_accept_any_claims,
    compares=lambda claims, key, issuer, now: {
        "owner": claims.issuer == claims.subject == key.user_id,
        "audience": _names(claims, issuer),
        "expired": claims.expires_at is None or not is_live(claims.expires_at, now=now),
        "recent": _is_recent(claims, now),
    },
)
def verify_claims(claims: Claims, key: MachineKey, *, issuer: str, now: datetime) -> str:
    """
    An assertion names its key's owner as issuer and subject, and this server as audience; it has not expired, and is
    not older than an hour.

    Args:
        issuer: The address that the client called.
        now: The real time: clients sign with their own clocks, wherever the sandbox's clock stands.

    Returns:
        The id of the key's owner.

    Raises:
        OAuthRefusal: The first condition that does not hold, in this order.
    """
    if claims.issuer != claims.subject or claims.subject != key.user_id:
        raise _refuse_assertion("iss and sub have to be the user whose key it is")
    if not _names(claims, issuer):
        raise _refuse_assertion("aud has to be the issuer that /.well-known/openid-configuration names")
    if claims.expires_at is None or not is_live(claims.expires_at, now=now):
        raise _refuse_assertion("it has expired")
    if not _is_recent(claims, now):
        raise _refuse_assertion("iat has to be within the last hour")
    return key.user_id


def _names(claims: Claims, issuer: str) -> bool:
    return issuer.rstrip("/") in {one.rstrip("/") for one in claims.audience}


def _is_recent(claims: Claims, now: datetime) -> bool:
    return claims.issued_at is not None and now - MAX_ASSERTION_AGE <= claims.issued_at <= now + _CLOCK_SKEW


def _accept_inactive_user(user: User | None) -> User:
    """Without the rule an inactive user gets a token; a missing one does not, there is no user to issue it to."""
    if user is None:
        raise _refuse_owner()
    return user


@rule(
    "zitadel.token.user",
    ASSUMED,
    "a deactivated user gets no token; which of the standard's codes it is, is chosen",
    without=_accept_inactive_user,
    compares=lambda user: {"known": user is not None, "state": user.state if user else None},
)
def require_active_owner(user: User | None) -> User:
    """
    The user of a credential must exist and be active.

    Raises:
        OAuthRefusal: Otherwise.
    """
    if user is None or user.state is not UserState.ACTIVE:
        raise _refuse_owner()
    return user


def _refuse_owner() -> OAuthRefusal:
    return OAuthRefusal("invalid_grant", "the user is not active")


def _last_a_century(now: datetime) -> Lifetime:
    return Lifetime(now + _CENTURY, int(_CENTURY.total_seconds()))


@rule(
    "zitadel.token.lifetime",
    DOCUMENTED,
    "vendor page 'Client credentials': expires_in 43199; cmd/defaults.yaml: 12h",
    without=_last_a_century,
    compares=lambda now: {"lifetime": LIFETIME, "now": now},
)
def limit_lifetime(now: datetime) -> Lifetime:
    """A token is valid for twelve hours, of which the answer names one second less."""
    return Lifetime(now + LIFETIME, int(LIFETIME.total_seconds()) - 1)


def _refuse_assertion(reason: str) -> OAuthRefusal:
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
