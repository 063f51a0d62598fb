"""
Access tokens for machines: who gets one, for how long, and what it is good for.

Source:
    Recorded answers of v2.65.3 and v4.6.5. RFC 6749 (sections 4.4 and 5), RFC 7523; vendor pages
    "Client credentials" and "Private key JWT" of service users.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, returns, rule
from watchword.domain.tokens import digest
from watchword.systems.zitadel.errors import OAuthRefusal
from watchword.systems.zitadel.records import ClientSecret, User, UserState
from watchword.systems.zitadel.token_form import Client

API_SCOPE = "urn:zitadel:iam:org:project:id:zitadel:aud"
"""With it among its scopes a token is for the API of the service."""
LIFETIME = timedelta(hours=12)
_CENTURY = timedelta(days=36_525)
_SOURCE = "recorded answers of v2.65.3 and v4.6.5"


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


def _accept_any_secret(client: Client, user: User | None, known: ClientSecret | None) -> str:  # noqa: ARG001  # the rule's arguments
    """Without the rule every secret is right; an unknown client is still refused, it has no user."""
    if user is None:
        raise refuse_unknown_client()
    return user.id


@rule(
    "zitadel.token.secret",
    OBSERVED,
    _SOURCE,
    without=_accept_any_secret,
    compares=lambda user, known: {
        "known": user is not None,
        "kind": user.kind if user else None,
        "has_one": bool(known),
    },
    because=lambda user, known: (
        "No machine has this login name."
        if user is None
        else "The client's secret is wrong."
        if known
        else "The user with this login name has no secret: people have none, and machines only if one was made."
    ),
)
def verify_secret(client: Client, user: User | None, known: ClientSecret | None) -> str:
    """
    The id of a client is the login name of a machine that has a secret, and the secret is right.

    Args:
        user: Who has that login name; None if nobody has.
        known: The secret of that user; None without one, as people are.

    Returns:
        The id of the client's user.

    Raises:
        OAuthRefusal: There is no such user, the user has no secret, or it is another; in this order.
    """
    if user is None:
        raise refuse_unknown_client()
    if known is None:
        raise OAuthRefusal("invalid_request", "Errors.User.Machine.Secret.NotExisting")
    if known.digest != digest(client.secret):
        raise OAuthRefusal("invalid_request", "Errors.User.Machine.Secret.Invalid")
    return user.id


def refuse_unknown_client() -> OAuthRefusal:
    """Make the refusal of a client that does not exist."""
    hint = "The clientId and the clientSecret of the seed machine are in /__admin/people."
    return OAuthRefusal("invalid_client", "client not found", hint=hint)


def _accept_inactive_user(user: User | None) -> User:
    """Without the rule an inactive user gets a token; a missing one does not, there is no user to issue it to."""
    if user is None:
        raise _refuse_owner()
    return user


@rule(
    "zitadel.token.user",
    ASSUMED,
    "internal/command/oidc_session.go: the state is checked when the token is made; no recorded answer",
    without=_accept_inactive_user,
    compares=lambda user: {"known": user is not None, "state": user.state if user else None},
    because=lambda user: f"The user of the credential is {user.state}." if user else "The user of it is gone.",
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
    return OAuthRefusal("invalid_request", "Errors.User.NotActive")


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


@rule(
    "zitadel.token.audience",
    OBSERVED,
    f"{_SOURCE}; vendor page 'Scopes': reserved scopes",
    without=returns(True),  # noqa: FBT003  # what the rule returns
    compares=lambda scopes: {"scope": API_SCOPE, "asked": API_SCOPE in scopes},
)
def is_for_api(scopes: Sequence[str]) -> bool:
    """A token is good for the API only if ``urn:zitadel:iam:org:project:id:zitadel:aud`` was among its scopes."""
    return API_SCOPE in scopes


@rule(
    "zitadel.token.identity",
    OBSERVED,
    f"{_SOURCE}; OpenID Connect Core 1.0, section 3.1.2.1",
    without=returns(False),  # noqa: FBT003  # what the rule returns
    compares=lambda scopes: {"asked": "openid" in scopes},
)
def wants_id_token(scopes: Sequence[str]) -> bool:
    """The scope ``openid`` brings an ID token too."""
    return "openid" in scopes


def describe_identity(
    user: User, client_id: str, *, issuer: str, lifetime: Lifetime, now: datetime
) -> Mapping[str, Any]:
    """
    Make the claims of an ID token.

    Source:
        OpenID Connect Core 1.0, section 2; which of the optional claims there are is assumed.
    """
    moment = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": user.id,
        "aud": [client_id],
        "exp": int(lifetime.expires_at.timestamp()),
        "iat": moment,
        "auth_time": moment,
        "azp": client_id,
        "client_id": client_id,
    }
