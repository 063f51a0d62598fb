"""Who calls: the key of a programme, and the token of a user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.refusal import Refusal, Unauthorized, Violation
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, Rule, rule
from watchword.domain.tokens import is_live
from watchword.systems.weavr.errors import Forbidden
from watchword.systems.weavr.records import Programme, Scope, Session, User
from watchword.systems.weavr.settings import ProgrammeSettings

KEY_HEADER = "api-key"
_KEY_HINT = "is required: the secret key of the programme"
_MISSPELT_KEY = "is required; this request has api_key, but the header is called api-key"

LOG_OUT = Rule(
    "weavr.session.logout",
    OBSERVED,
    "Behaviour of the real service.",
    "Logging out ends the token that the call is made with at once, and no other.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who shows a token."""

    user: User
    session: Session


@rule("weavr.key.required", OBSERVED, "Answers of the real service to calls without the header.")
def missing_key(headers: Mapping[str, str], *, empty_is_missing: bool = True) -> Sequence[Violation]:
    """
    A request without `api-key`, or with an empty one, is answered 400 with REQUIRED, beside all other violations.

    Args:
        headers: By lower-case name.
        empty_is_missing: False where an empty key is looked up like any other.
    """
    key = headers.get(KEY_HEADER)
    if key or (key is not None and not empty_is_missing):
        return ()
    return (Violation("header", (KEY_HEADER,), "required", None, _MISSPELT_KEY if "api_key" in headers else _KEY_HINT),)


@rule("weavr.key.known", DOCUMENTED, "Vendor page 'Create a password', 401: 'credentials or access token are invalid'.")
def known_programme(programme: Programme | None, *, product: str) -> Programme:
    """A key that belongs to no programme of this product is answered 401."""
    if programme is None or programme.product != product:
        raise Unauthorized("The api-key is not the key of any programme of this product.")
    return programme


@rule("weavr.programme.suspended", ASSUMED, "Gives the 403 of the pages a cause; the vendor can switch programmes off.")
def admit(settings: ProgrammeSettings, *, refusal: type[Refusal] = Forbidden) -> None:
    """A programme that the vendor has suspended may call nothing: 403."""
    if settings.suspended:
        raise refusal("The programme is suspended: its key is known, but no call is allowed.")


@rule("weavr.session.known", OBSERVED, "Answers of the real service to calls with such tokens.")
def known_caller(user: User | None, session: Session | None, *, now: datetime) -> Caller:
    """A Bearer token that is missing, unknown, expired or logged out is answered 401."""
    if session is None or user is None or not is_live(session.expires_at, now=now):
        raise Unauthorized("The Bearer token is unknown, expired or logged out: log in again.")
    return Caller(user, session)


@rule("weavr.session.sliding", DOCUMENTED, "Vendor page 'Login with password': five minutes from the last activity.")
def touched(session: Session, *, now: datetime, lifetime: timedelta) -> Session:
    """A token ends five minutes after its last use; tokens of the seed people never do."""
    return session if session.expires_at is None else replace(session, expires_at=now + lifetime)


@rule("weavr.session.programme", OBSERVED, "Answers of the real service to mixed credentials.")
def of_programme(caller: Caller, programme: Programme) -> None:
    """A user's token together with the key of another programme is answered 403."""
    if caller.user.programme_id != programme.id:
        raise Forbidden("The token belongs to a user of another programme than the api-key.")


@rule("weavr.session.inactive", ASSUMED, "As the inactive user of 'create' and 'resume', who is answered 403.")
def still_active(caller: Caller) -> None:
    """A user who was deactivated after log-in is answered 403."""
    if not caller.user.active:
        raise Forbidden("The user is inactive.")


@rule("weavr.session.temporary", OBSERVED, "What the token of an expired password was seen to be good for.")
def for_everything(caller: Caller) -> None:
    """The token of an expired password is good for the update of the password; every other call is answered 403."""
    if caller.session.scope is Scope.UPDATE_ONLY:
        raise Forbidden("The password has expired: this token is good for its update alone.")
