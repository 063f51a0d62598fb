"""Verifiers of the two credentials, and what every answer carries."""

from dataclasses import replace

from watchword.domain.refusal import Unauthorized
from watchword.domain.tokens import digest
from watchword.system import Answer, Call, Finishing, Verifier
from watchword.systems.weavr import access, envelope
from watchword.systems.weavr.access import Caller
from watchword.systems.weavr.records import Programme, Session, User
from watchword.systems.weavr.settings import WeavrSettings

_REFERENCE = "request-ref"


def key_verifier(product: str) -> Verifier:
    """Make the verifier of the ``api-key`` of *product*."""

    def verify(call: Call, credential: str | None) -> Programme:
        found = call.tx.find(Programme, key_digest=digest(credential or ""))
        return access.known_programme(next(iter(found), None), product=product)

    return verify


def bearer(call: Call, credential: str | None) -> Caller:
    """Find who shows a token; its use keeps it alive, whatever the call is answered."""
    session = call.tx.get(Session, digest(_token(call, credential)))
    user = None if session is None else call.tx.get(User, session.user_id)
    caller = access.known_caller(user, session, now=call.now)
    programme = call.tx.get(Programme, caller.user.programme_id)
    lifetime = call.settings.of(programme.name if programme else "").session_lifetime
    touched = access.touched(caller.session, now=call.now, lifetime=lifetime)
    if touched is caller.session:
        return caller
    call.tx.put(touched)
    return replace(caller, session=touched)


def _token(call: Call, credential: str | None) -> str:
    scheme, _, token = (credential or "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    if credential:
        raise Unauthorized("The header Authorization must read: Bearer <token>.")
    if "auth_token" in call.headers:
        raise Unauthorized("This request has auth_token; send it as Authorization: Bearer <token>.")
    raise Unauthorized("The header Authorization: Bearer <token> is missing.")


def finish(answer: Answer, finishing: Finishing) -> Answer:
    """
    Tell of blank passwords in the form that is set, and add `request-ref` where the document has it:
    everywhere but on 409 and undocumented answers.
    """
    settings: WeavrSettings = finishing.settings
    body = envelope.blank_as(settings.blank_password, answer.body)
    headers = answer.headers
    shape = finishing.operation.shape(answer.status) if finishing.operation else None
    if shape is not None and _REFERENCE in shape.headers:
        headers = {**headers, _REFERENCE: finishing.chance.hexadecimal(32)}
    return answer.but(body=body, headers=headers)
