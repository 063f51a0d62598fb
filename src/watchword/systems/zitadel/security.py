"""The verifier of access tokens."""

from collections.abc import Mapping

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call, FindRecord
from watchword.systems.zitadel.access import (
    Caller,
    read_bearer,
    require_allowed_origin,
    require_organisation,
    require_session,
    require_token,
    require_token_owner,
)
from watchword.systems.zitadel.gateway import require_printable
from watchword.systems.zitadel.records import AccessToken, Organisation, Session, User


def access_token(call: Call, credential: Secret | None) -> Caller:
    """
    Identify the caller.

    Args:
        credential: The header ``Authorization``.

    Raises:
        ZitadelRefusal: For the header, the token, the session or the owner of the token; then for the organisation,
            then for the origin.
    """
    over_rest = not call.protocol
    if over_rest:
        credential = _sent_by_gateway(call.headers) if credential is None else credential
        require_printable("" if credential is None else credential.revealed, call.path.values())
    bearer = read_bearer(credential)
    token = None if bearer is None else call.tx.get(AccessToken, digest(bearer))
    require_token(credential, token, now=call.now)
    user = None if token is None else _require_user(call, token)
    wanted = call.headers.get("x-zitadel-orgid")
    require_organisation(wanted, call.tx.get(Organisation, wanted) if wanted else None)
    if over_rest and call.settings.zitadel_profile.checks_origins:
        require_allowed_origin(token, call.headers.get("origin"))
    # While the rules above are switched off, a caller without a token has no user and no role.
    return Caller("") if user is None else Caller(user.id, user.memberships)


def person_of(caller: object) -> str | None:
    """Find the id of the user who calls."""
    return caller.user_id if isinstance(caller, Caller) else None


def owner_of(find: FindRecord, headers: Mapping[str, str]) -> str | None:
    """Find the id of the user whose token a request shows, be it accepted or not."""
    sent = headers.get("authorization")
    bearer = read_bearer(_sent_by_gateway(headers) if sent is None else Secret(sent))
    token = None if bearer is None else find(AccessToken, digest(bearer))
    if token is None:
        return None
    return token.user_id if token.session_id is None else subject_of(find, token.session_id)


def subject_of(find: FindRecord, identifier: str) -> str | None:
    """Find the id of the user of a session; None for anything else, and while the session has none."""
    session = find(Session, identifier)
    return None if session is None else session.user_id


def _require_user(call: Call, token: AccessToken) -> User | None:
    """Find the user for whom a *token* speaks; None only while a rule is switched off."""
    if token.session_id is None:
        user = call.tx.get(User, token.user_id)
        require_token_owner(user)
        return user
    session = call.tx.get(Session, token.session_id)
    user_id = session.user_id if session is not None else token.user_id
    user = call.tx.get(User, user_id) if user_id else None
    require_session(token, session, user, now=call.now)
    return user


def _sent_by_gateway(headers: Mapping[str, str]) -> Secret | None:
    """Read what the gateway passes on: a header ``Grpc-Metadata-NAME`` is the metadata ``NAME``."""
    found = headers.get("grpc-metadata-authorization")
    return None if found is None else Secret(found)
