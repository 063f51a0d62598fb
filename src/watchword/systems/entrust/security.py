"""The header Authorization: which application calls, and whether its role allows the operation."""

from collections.abc import Mapping

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call, FindRecord
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


def person_of(caller: object) -> str | None:
    """Find the id of the application that calls."""
    return caller.id if isinstance(caller, Application) else None


def owner_of(find: FindRecord, headers: Mapping[str, str]) -> str | None:
    """Find the id of the application whose credential a request shows, be it accepted or not."""
    sent = headers.get("authorization")
    credential = None if sent is None else access.find_credential(Secret(sent))
    if credential is None:
        return None
    if not credential.token.revealed:
        return credential.application_id
    token = find(AuthToken, digest(credential.token))
    return None if token is None else token.application_id


def _find_application(call: Call, credential: access.Credential) -> Application:
    if not credential.token.revealed:
        found = call.tx.get(Application, credential.application_id)
        return access.prove_secret(found, credential.shared_secret)
    token = call.tx.get(AuthToken, digest(credential.token))
    found = call.tx.get(Application, token.application_id) if token else None
    return access.require_live_token(token, found, now=call.now)
