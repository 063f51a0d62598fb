"""Who may call: applications, their tokens, and what their roles allow."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live
from watchword.systems.entrust import errors
from watchword.systems.entrust.records import Application, AuthToken, Permission
from watchword.systems.entrust.timestamps import later

LIFETIME = timedelta(minutes=15)
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Credential:
    """What the header Authorization holds: a token, or an application ID with its secret."""

    token: Secret = field(default_factory=lambda: Secret(""))
    application_id: str = ""
    shared_secret: Secret = field(default_factory=lambda: Secret(""))


@rule(
    "entrust.authorization.forms",
    OBSERVED,
    "published description names the two token forms; application ID and secret: publicly seen in use",
)
def credential(header: Secret | None) -> Credential:
    """Authorization is a token, ``Bearer`` and a token, or an application ID, a comma and its secret."""
    text = (header.reveal() if header else "").strip()
    if text[: len(_BEARER)].lower() == _BEARER:
        text = text[len(_BEARER) :].strip()
    elif "," in text:
        application_id, _, shared_secret = text.partition(",")
        return Credential(application_id=application_id.strip().lower(), shared_secret=Secret(shared_secret.strip()))
    if not text or text.lower() == _BEARER.strip():
        raise errors.AuthorizationRequired
    return Credential(token=Secret(text))


@rule("entrust.authentication.token", DOCUMENTED, "vendor page 'Authenticate an Admin API application'")
def issued(application: Application, *, token: str, now: datetime) -> AuthToken:
    """A token is good for fifteen minutes; an application may have several."""
    return AuthToken(digest(token), application.id, later(now, LIFETIME))


@rule(
    "entrust.authorization.expired",
    DOCUMENTED,
    "vendor page 'Authenticate an Admin API application', expirationTime",
)
def current(token: AuthToken | None, application: Application | None, *, now: datetime) -> Application:
    """A token that is not known, or whose time is over, is answered 401."""
    if token is None or application is None:
        raise errors.InvalidAuthToken
    if not is_live(token.expires_at, now=now):
        raise errors.AuthTokenExpired
    return application


@rule(
    "entrust.authentication.secret",
    DOCUMENTED,
    "vendor page 'Authenticate an Admin API application'; 401: assumed",
)
def proved(application: Application | None, shared_secret: Secret) -> Application:
    """An application proves itself with its shared secret; an unknown one is answered like a wrong secret."""
    if application is None or not compare_digest(application.secret, digest(shared_secret)):
        raise errors.InvalidCredentials
    return application


@rule("entrust.authentication.disabled", ASSUMED, "the vendor's portal can disable an application")
def enabled(application: Application) -> Application:
    """A disabled application is answered 403, whatever it shows."""
    if application.disabled:
        raise errors.ApplicationDisabled
    return application


@rule("entrust.permission.required", DOCUMENTED, "vendor page 'Set a user password', first sentence")
def permitted(application: Application, permission: Permission) -> Application:
    """The role of the calling application has the permission that the operation names."""
    if permission not in application.permissions:
        raise errors.PermissionRequired(permission)
    return application
