"""The header Authorization: which application calls, and whether its role allows the operation."""

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.entrust import access
from watchword.systems.entrust.records import Application, AuthToken, Permission


def authorization(call: Call, header: Secret | None) -> Application:
    """
    Find the calling application.

    Raises:
        EntrustRefusal: 401 for a credential that is not good, 403 for an application that may not.
    """
    application = access.enabled(_application(call, access.credential(header)))
    needed = call.operation.raw.get("x-permission") if call.operation else None
    return application if needed is None else access.permitted(application, Permission(needed))


def _application(call: Call, credential: access.Credential) -> Application:
    if not credential.token:
        found = call.tx.get(Application, credential.application_id)
        return access.proved(found, credential.shared_secret)
    token = call.tx.get(AuthToken, digest(credential.token))
    found = call.tx.get(Application, token.application_id) if token else None
    return access.current(token, found, now=call.now)
