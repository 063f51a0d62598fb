"""Access tokens to callers."""

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Caller, bearer, organisation_context, origin_allowed, valid
from watchword.systems.zitadel.records import AccessToken, Organisation, User


def access_token(call: Call, credential: Secret | None) -> Caller:
    """
    Find out who calls.

    Raises:
        ZitadelRefusal: 401 or 403; header, token, organisation, origin, in this order.
    """
    token = valid(call.tx.get(AccessToken, digest(bearer(credential))), now=call.now)
    wanted = call.headers.get("x-zitadel-orgid")
    organisation_context(wanted, call.tx.get(Organisation, wanted) if wanted else None)
    origin_allowed(token, call.headers.get("origin"))
    user = call.tx.get(User, token.user_id)
    if user is None:
        raise errors.TokenInvalid
    return Caller(user.id, user.memberships)
