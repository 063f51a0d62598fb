"""The Bearer token of a request, and the user who logged in with it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watchword.domain.refusal import Refusal, Unauthorized
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, returns, rule
from watchword.domain.tokens import is_live, tell_end
from watchword.systems.weavr.errors import Forbidden
from watchword.systems.weavr.records import Programme, Scope, Session, User

_UNKNOWN_TOKEN = "The Bearer token is unknown, expired or logged out: log in again."  # noqa: S105  # a sentence


class TokenForm(StrEnum):
    """How a request shows the token of a user."""

    BEARER = "Authorization: Bearer"
    NOT_BEARER = "Authorization without Bearer"
    MISNAMED = "auth_token"
    MISSING = "missing"


_FORM_HINTS = {
    TokenForm.NOT_BEARER: "The header Authorization must read: Bearer <token>.",
    TokenForm.MISNAMED: "This request has auth_token; send it as Authorization: Bearer <token>.",
    TokenForm.MISSING: "The header Authorization: Bearer <token> is missing.",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who shows a token."""

    user: User
    session: Session


def _accept_any_session(
    user: User | None,
    session: Session | None,
    *,
    form: TokenForm,
    now: datetime,  # noqa: ARG001  # as the rule's
) -> Caller:
    """Accept a token in any header, expired or not; an unknown token still names no user to act for."""
    if session is None or user is None:
        raise Unauthorized(_FORM_HINTS.get(form, _UNKNOWN_TOKEN))
    return Caller(user, session)


def _say_why_not(user: User | None, session: Session | None, form: TokenForm, now: datetime) -> str:
    if form is not TokenForm.BEARER:
        return _FORM_HINTS[form]
    if session is None:
        return "The Bearer token is unknown: it was never issued, or its user has logged out."
    return "The user of the token is gone." if user is None else f"The token {tell_end(session.expires_at, now=now)}."


@rule(
    "weavr.session.known",
    OBSERVED,
    "Answers of the real service to calls with such tokens.",
    without=_accept_any_session,
    compares=lambda user, session, form, now: {
        "header": form,
        "user_found": user is not None,
        "session_found": session is not None,
        "expires_at": session.expires_at if session else None,
        "now": now,
    },
    because=_say_why_not,
)
def require_caller(user: User | None, session: Session | None, *, form: TokenForm, now: datetime) -> Caller:
    """
    A Bearer token that is missing, unknown, expired or logged out is answered 401.

    Args:
        form: How the request shows its token.
    """
    if form is not TokenForm.BEARER:
        raise Unauthorized(_FORM_HINTS[form])
    if session is None or user is None or not is_live(session.expires_at, now=now):
        raise Unauthorized(_UNKNOWN_TOKEN)
    return Caller(user, session)


def _never_end(session: Session, *, now: datetime, lifetime: timedelta) -> Session:  # noqa: ARG001  # as the rule's
    return session if session.expires_at is None else replace(session, expires_at=None)


@rule(
    "weavr.session.sliding",
    DOCUMENTED,
    "Vendor page 'Login with password': five minutes from the last activity.",
    without=_never_end,
    compares=lambda session, now, lifetime: {
        "expires_at": session.expires_at,
        "now": now,
        "lifetime": lifetime,
    },
)
def extend_session(session: Session, *, now: datetime, lifetime: timedelta) -> Session:
    """A token ends five minutes after its last use; tokens of the seed people never end."""
    return session if session.expires_at is None else replace(session, expires_at=now + lifetime)


@rule(
    "weavr.session.programme",
    OBSERVED,
    "Answers of the real service to mixed credentials.",
    compares=lambda caller, programme: {
        "programme_of_the_user": caller.user.programme_id,
        "programme_of_the_key": programme.id,
    },
)
def require_same_programme(caller: Caller, programme: Programme, *, refusal: type[Refusal] = Forbidden) -> None:
    """A user's token together with the key of another programme is answered 403."""
    if caller.user.programme_id != programme.id:
        raise refusal("The token belongs to a user of another programme than the api-key.")


@rule(
    "weavr.session.inactive",
    ASSUMED,
    "As the inactive user of 'create' and 'resume', who is answered 403.",
    compares=lambda caller: {"active": caller.user.active},
)
def require_active_caller(caller: Caller, *, refusal: type[Refusal] = Forbidden) -> None:
    """A user who was deactivated after log-in is answered 403."""
    if not caller.user.active:
        raise refusal("The user is inactive.")


@rule(
    "weavr.session.temporary",
    OBSERVED,
    "What the token of an expired password was seen to be good for.",
    compares=lambda caller, updates_password: {
        "scope": caller.session.scope,
        "updates_password": updates_password,
    },
)
def require_scope(caller: Caller, *, updates_password: bool, refusal: type[Refusal] = Forbidden) -> None:
    """
    The token of an expired password can only update the password; every other call with it is answered 403.

    Args:
        updates_password: The call is that update.
    """
    if caller.session.scope is Scope.UPDATE_ONLY and not updates_password:
        raise refusal("The password has expired: this token can only update it.")


@rule(
    "weavr.session.logout",
    OBSERVED,
    "Behaviour of the real service.",
    without=returns(()),
    compares=lambda caller: {"scope": caller.session.scope},
)
def end_session(caller: Caller) -> tuple[Session, ...]:
    """Logging out ends the token that the call is made with at once, and no other."""
    return (caller.session,)
