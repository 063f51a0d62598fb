"""Verifiers of the two credentials, and what every answer carries."""

from dataclasses import replace

from watchword.domain.refusal import Unauthorized
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Answer, AnswerContext, Call, Verifier
from watchword.systems.weavr import access
from watchword.systems.weavr.access import Caller
from watchword.systems.weavr.records import Programme, Session, User

_REFERENCE = "request-ref"


def key_verifier(product: str) -> Verifier:
    """Make the verifier of the ``api-key`` of *product*."""

    def verify(call: Call, credential: Secret | None) -> Programme:
        found = call.tx.find(Programme, key_digest=digest(credential or Secret("")))
        return access.known_programme(next(iter(found), None), product=product)

    return verify


def bearer(call: Call, credential: Secret | None) -> Caller:
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


def _token(call: Call, credential: Secret | None) -> Secret:
    scheme, _, token = (credential.reveal() if credential else "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Secret(token.strip())
    if credential:
        raise Unauthorized("The header Authorization must read: Bearer <token>.")
    if "auth_token" in call.headers:
        raise Unauthorized("This request has auth_token; send it as Authorization: Bearer <token>.")
    raise Unauthorized("The header Authorization: Bearer <token> is missing.")


def complete(answer: Answer, context: AnswerContext) -> Answer:
    """Add `request-ref` where the document has it: everywhere but on 409 and undocumented answers."""
    shape = context.operation.shape(answer.status) if context.operation else None
    if shape is None or _REFERENCE not in shape.headers:
        return answer
    return answer.with_headers({**answer.headers, _REFERENCE: context.chance.hexadecimal(32)})
