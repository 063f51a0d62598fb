"""The verifier of access tokens."""

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel.access import (
    Caller,
    identify_caller,
    read_bearer,
    require_allowed_origin,
    require_organisation,
)
from watchword.systems.zitadel.gateway import require_printable
from watchword.systems.zitadel.records import AccessToken, Organisation, User


def access_token(call: Call, credential: Secret | None) -> Caller:
    """
    Identify the caller.

    Args:
        credential: The header ``Authorization``.

    Raises:
        ZitadelRefusal: 401 for the header or the token, then 403 for the organisation, then for the origin.
    """
    require_printable(call.headers.get("authorization", ""), call.path.values())
    bearer = read_bearer(credential)
    token = None if bearer is None else call.tx.get(AccessToken, digest(bearer))
    user = None if token is None else call.tx.get(User, token.user_id)
    caller = identify_caller(credential, token, user, now=call.now)
    wanted = call.headers.get("x-zitadel-orgid")
    require_organisation(wanted, call.tx.get(Organisation, wanted) if wanted else None)
    require_allowed_origin(token, call.headers.get("origin"))
    return caller
