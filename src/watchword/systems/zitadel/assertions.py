"""
The assertion with which a machine asks for a token: a JWT that is signed with its private key.

Every bad assertion is the same refusal, an internal error, which says nothing; what is wrong with it is in the hint.

Source:
    Recorded answers of v2.65.3 and v4.6.5. RFC 7523; vendor page "Private key JWT" of service users.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from watchword.domain.rule import OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import is_live
from watchword.systems.zitadel.errors import OAuthFailure, OAuthRefusal
from watchword.systems.zitadel.records import MachineKey

ALGORITHM = "RS256"
MAX_AGE = timedelta(hours=1)
_CLOCK_SKEW = timedelta(seconds=1)
_SOURCE = "recorded answers of v2.65.3 and v4.6.5; RFC 7523, section 3"


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
        raise _refuse("its key is unknown")
    return _claims(jwt.read_claims(assertion))


@rule(
    "zitadel.token.signature",
    OBSERVED,
    f"{_SOURCE}; vendor page 'Private key JWT': RS256 and kid",
    without=_read_unverified,
    compares=lambda assertion, key_id, key, now: {
        "sent": bool(assertion.revealed),
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
        now: The sandbox's time.

    Raises:
        OAuthRefusal: There is none.
        OAuthFailure: It is not.
    """
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # as above

    if not assertion.revealed:
        raise OAuthRefusal("invalid_request", "assertion missing")
    if key_id is None:
        raise _refuse("it is not a signed token that names its key")
    if key is None:
        raise _refuse("its key is unknown")
    claims = jwt.verify(assertion, public_key=key.public_key, algorithm=ALGORITHM)
    if claims is None:
        raise _refuse("its signature is not that of its key")
    if not is_live(key.expires_at, now=now):
        raise _refuse("its key has expired")
    return _claims(claims)


def _accept_any_claims(claims: Claims, key: MachineKey, *, issuer: str, now: datetime) -> str:  # noqa: ARG001
    return key.user_id


@rule(
    "zitadel.token.assertion",
    OBSERVED,
    f"{_SOURCE}; age: zitadel/oidc, an hour and a second's skew",
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
        OAuthFailure: The first condition that does not hold, in this order.
    """
    if claims.issuer != claims.subject or claims.subject != key.user_id:
        raise _refuse("iss and sub have to be the user whose key it is")
    if not _names(claims, issuer):
        raise _refuse("aud has to be the issuer that /.well-known/openid-configuration names")
    if claims.expires_at is None or not is_live(claims.expires_at, now=now):
        raise _refuse("it has expired")
    if not _is_recent(claims, now):
        raise _refuse("iat has to be within the last hour")
    return key.user_id


def _names(claims: Claims, issuer: str) -> bool:
    return issuer.rstrip("/") in {one.rstrip("/") for one in claims.audience}


def _is_recent(claims: Claims, now: datetime) -> bool:
    return claims.issued_at is not None and now - MAX_AGE <= claims.issued_at <= now + _CLOCK_SKEW


def _refuse(reason: str) -> OAuthFailure:
    return OAuthFailure(hint=f"The assertion is invalid: {reason}.")


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
