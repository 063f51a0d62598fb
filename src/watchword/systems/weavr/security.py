"""The two credentials in the headers of a request, and the header `request-ref` of an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from watchword.document import Operation
from watchword.domain.refusal import Violation
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Answer, Asked, Call, FindRecord, Verifier
from watchword.systems.weavr import keys, sessions
from watchword.systems.weavr.records import Programme, Session, User
from watchword.systems.weavr.sessions import Caller, TokenForm

_REFERENCE = "request-ref"
_MISNAMED = "auth_token"

RequiredHeaders = Callable[[Operation, Mapping[str, str]], Sequence[Violation]]


def required_headers(empty_key_is_missing: Callable[[str], bool]) -> RequiredHeaders:
    """
    Make the function that finds a missing ``api-key`` before anything is looked up.

    Args:
        empty_key_is_missing: Whether an empty key counts as missing, given the id of the operation.
    """

    def find(operation: Operation, headers: Mapping[str, str]) -> Sequence[Violation]:
        if not operation.security:
            return ()
        found = keys.find_missing_key(headers, empty_is_missing=empty_key_is_missing(operation.id))
        return () if found is None else (found,)

    return find


def key_verifier(product: str) -> Verifier:
    """Make the verifier of the ``api-key`` of *product*."""

    def verify(call: Call, credential: Secret | None) -> Programme:
        found = call.tx.find(Programme, key_digest=digest(Secret("") if credential is None else credential))
        return keys.require_programme(next(iter(found), None), product=product)

    return verify


def verify_token(call: Call, credential: Secret | None) -> Caller:
    """Find the user who shows a token; every use extends the token, even if the call is refused later."""
    form, token = _token(call.headers, credential)
    session = None if token is None else call.tx.get(Session, digest(token))
    user = None if session is None else call.tx.get(User, session.user_id)
    caller = sessions.require_caller(user, session, form=form, now=call.now)
    programme = call.tx.get(Programme, caller.user.programme_id)
    lifetime = call.settings.of(programme.name if programme else "").session_lifetime
    extended = sessions.extend_session(caller.session, now=call.now, lifetime=lifetime)
    if extended is caller.session:
        return caller
    call.tx.put(extended)
    return replace(caller, session=extended)


def _token(headers: Mapping[str, str], credential: Secret | None) -> tuple[TokenForm, Secret | None]:
    """Read the token from wherever the request has it; a rule decides whether it is accepted there."""
    if credential is not None and credential.revealed:
        scheme, _, rest = credential.revealed.partition(" ")
        token = rest.strip()
        form = TokenForm.BEARER if scheme.lower() == "bearer" and token else TokenForm.NOT_BEARER
        return form, Secret(token or scheme)
    if _MISNAMED in headers:
        return TokenForm.MISNAMED, Secret(headers[_MISNAMED])
    return TokenForm.MISSING, None


def person_of(caller: object) -> str | None:
    """Find the id of the user who calls; a programme is nobody."""
    return caller.user.id if isinstance(caller, Caller) else None


def owner_of(find: FindRecord, headers: Mapping[str, str]) -> str | None:
    """Find the id of the user whose token a request shows, be it accepted or not."""
    sent = headers.get("authorization")
    _, token = _token(headers, None if sent is None else Secret(sent))
    session = None if token is None else find(Session, digest(token))
    return None if session is None else session.user_id


def complete(answer: Answer, asked: Asked) -> Answer:
    """Add `request-ref` where the document has it: everywhere but on 409 and undocumented answers."""
    shape = asked.operation.shape(answer.status) if asked.operation else None
    if shape is None or _REFERENCE not in shape.headers:
        return answer
    return answer.with_headers({**answer.headers, _REFERENCE: asked.chance.hexadecimal(32)})
