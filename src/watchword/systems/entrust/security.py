"""The header Authorization: which application calls, and whether its role allows the operation."""

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.entrust import access
from watchword.systems.entrust.records import Application, AuthToken, Permission


def authorize(call: Call, header: Secret | None) -> Application:
    """
    Find the calling application.

    Raises:
        EntrustRefusal: 401 for a missing or wrong credential, 403 for an application that is not allowed to call.
    """
    application = _find_application(call, access.read_credential(header))
    access.require_enabled(application)
    needed = call.operation.raw.get("x-permission") if call.operation else None
    if needed is not None:
        access.require_permission(application, Permission(needed))
    return application


def _find_application(call: Call, credential: access.Credential) -> Application:
    if not credential.token.revealed:
        found = call.tx.get(Application, credential.application_id)
        return access.prove_secret(found, credential.shared_secret)
    token = call.tx.get(AuthToken, digest(credential.token))
    found = call.tx.get(Application, token.application_id) if token else None
    return access.require_live_token(token, found, now=call.now)
