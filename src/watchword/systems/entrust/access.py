"""Which application calls: its credential, its tokens, and what its role allows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live, tell_end
from watchword.systems.entrust import errors
from watchword.systems.entrust.records import Application, AuthToken, Permission
from watchword.systems.entrust.timestamps import add_duration

LIFETIME = timedelta(minutes=15)
_NO_SECRET = Secret("")
_PAGE = "vendor page 'Authenticate an Admin API application'"
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Credential:
    """What the header Authorization holds: a token, or an application ID with its secret."""

    token: Secret = _NO_SECRET
    application_id: str = ""
    shared_secret: Secret = _NO_SECRET


def find_credential(header: Secret | None) -> Credential | None:
    """Read the header Authorization in any of its forms; None if it holds no credential."""
    text = "" if header is None else header.revealed.strip()
    if text[: len(_BEARER)].lower() == _BEARER:
        text = text[len(_BEARER) :].strip()
    elif "," in text:
        application_id, _, shared_secret = text.partition(",")
        return Credential(application_id=application_id.strip().lower(), shared_secret=Secret(shared_secret.strip()))
    if not text or text.lower() == _BEARER.strip():
        return None
    return Credential(token=Secret(text))


def _read_last_word(header: Secret | None) -> Credential:
    words = header.revealed.split() if header else []
    return Credential(token=Secret(words[-1] if words else ""))


@rule(
    "entrust.authorization.forms",
    OBSERVED,
    "published description names the two token forms; application ID and secret: publicly seen in use",
    without=_read_last_word,
    compares=lambda header: {"sent": bool(header)},
    because=lambda header: f"The header Authorization {'holds no credential' if header else 'is missing'}.",
)
def read_credential(header: Secret | None) -> Credential:
    """
    The header Authorization holds a token, ``Bearer`` and a token, or an application ID, a comma and its secret.

    Without this rule the last word of the header is the token.
    """
    found = find_credential(header)
    if found is None:
        raise errors.AuthorizationRequired
    return found


@rule(
    "entrust.authentication.token",
    DOCUMENTED,
    _PAGE,
    without=lambda application, *, token, **_: AuthToken(digest(token), application.id),
    compares=lambda now: {"now": now, "lifetime": LIFETIME},
)
def issue_token(application: Application, *, token: Secret, now: datetime) -> AuthToken:
    """A token is good for fifteen minutes; an application may have several."""
    return AuthToken(digest(token), application.id, add_duration(now, LIFETIME))


def _accept_expired(token: AuthToken | None, application: Application | None, **_: object) -> Application:
    if token is None or application is None:
        raise errors.InvalidAuthToken
    return application


@rule(
    "entrust.authorization.expired",
    DOCUMENTED,
    f"{_PAGE}, expirationTime",
    without=_accept_expired,
    compares=lambda token, now: {"known": token is not None, "expires_at": token and token.expires_at, "now": now},
    because=lambda token, application, now: (
        f"The token {tell_end(token.expires_at, now=now)}."
        if token and application
        else "The token in the header Authorization is not known."
    ),
)
def require_live_token(token: AuthToken | None, application: Application | None, *, now: datetime) -> Application:
    """
    An unknown or expired token is answered 401.

    Args:
        application: The owner of the token. An unknown token has none, so it is refused even without this rule:
            there is no application to act for.
    """
    if token is None or application is None:
        raise errors.InvalidAuthToken
    if not is_live(token.expires_at, now=now):
        raise errors.AuthTokenExpired
    return application


def _accept_any_secret(application: Application | None, _shared_secret: Secret) -> Application:
    if application is None:
        raise errors.InvalidCredentials
    return application


@rule(
    "entrust.authentication.secret",
    DOCUMENTED,
    f"{_PAGE}; 401: assumed",
    without=_accept_any_secret,
    compares=lambda application: {"known": application is not None},
    because=lambda application: (
        "The shared secret is wrong." if application else "There is no application with this ID."
    ),
)
def prove_secret(application: Application | None, shared_secret: Secret) -> Application:
    """An application authenticates with its shared secret; an unknown application is answered like a wrong secret."""
    if application is None or not compare_digest(application.secret, digest(shared_secret)):
        raise errors.InvalidCredentials
    return application


@rule(
    "entrust.authentication.disabled",
    ASSUMED,
    "the vendor's portal can disable an application",
    compares=lambda application: {"disabled": application.disabled},
)
def require_enabled(application: Application) -> None:
    """A disabled application is answered 403, even with the right secret or a valid token."""
    if application.disabled:
        raise errors.ApplicationDisabled


@rule(
    "entrust.permission.required",
    DOCUMENTED,
    "vendor page 'Set a user password', first sentence",
    compares=lambda application, permission: {"needed": permission, "granted": sorted(application.permissions)},
    because=lambda permission: f"The role of the application lacks the permission {permission}.",
)
def require_permission(application: Application, permission: Permission) -> None:
    """The role of the calling application needs the permission that the operation names."""
    if permission not in application.permissions:
        raise errors.PermissionRequired(permission)
