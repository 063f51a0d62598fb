"""Requests that name themselves (`idempotency-ref`): a repeated one gets the first answer and does nothing."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from watchword.domain.refusal import Refusal
from watchword.domain.rule import ASSUMED, DOCUMENTED, returns, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live
from watchword.system import Answer, Call
from watchword.systems.weavr.records import IdempotentRequest, Programme, User
from watchword.systems.weavr.sealing import seal, unseal

HEADER = "idempotency-ref"


class ReferenceReused(Refusal):
    """422. The reference belongs to another request."""

    status, code = 422, "IDEMPOTENCY_REF_REUSED"
    default_message = "This idempotency-ref was sent with another request; choose a new one for each request."


@rule(
    "weavr_payment_run.idempotency.replayed",
    DOCUMENTED,
    "The vendor's published document: the header `idempotency-ref`, kept for 24 hours.",
    without=returns(None),
    compares=lambda found, now: {
        "found": found is not None,
        "expires_at": found.expires_at if found else None,
        "now": now,
    },
)
def find_first_answer(found: IdempotentRequest | None, *, now: datetime) -> IdempotentRequest | None:
    """
    A request with the `idempotency-ref` of one that succeeded in the last 24 hours gets the same answer,
    and does nothing.
    """
    return found if found is not None and is_live(found.expires_at, now=now) else None


@rule(
    "weavr_payment_run.idempotency.payload",
    ASSUMED,
    "The document says that it is refused, and has a 422 without a cause.",
    compares=lambda same: {"same_request": same},
)
def require_same_request(*, same: bool) -> None:
    """An `idempotency-ref` that was sent with another request is answered 422."""
    if not same:
        raise ReferenceReused


def run_once(
    call: Call, programme: Programme, act: Callable[[], Answer], *, password: Secret | None, lifetime: timedelta
) -> Answer:
    """
    Do what a request asks for, unless it was answered before.

    Args:
        act: Does it; what it refuses is not remembered.
        password: That the request sets.
        lifetime: How long an answer is remembered.
    """
    reference = Secret(call.headers.get(HEADER, ""))
    key, payload = digest(f"{programme.id} {reference.revealed}"), _digest_payload(call)
    found = call.tx.get(IdempotentRequest, key) if reference.revealed else None
    first = find_first_answer(found, now=call.now)
    # Asked of every request, so that the record of a request without a repetition says so.
    require_same_request(same=first is None or (first.payload == payload and _is_password(call, first, password)))
    if first is not None:
        body = None if first.sealed is None else json.loads(unseal(reference, first.sealed).revealed)
        return Answer(first.status, body)
    answer = act()
    if reference.revealed:
        sealed = None if answer.body is None else seal(reference, Secret(json.dumps(answer.body)))
        hashed = _find_password_hash(call)
        call.tx.put(IdempotentRequest(key, payload, hashed, answer.status, sealed, call.now + lifetime))
    return answer


def _digest_payload(call: Call) -> str:
    """Digest a request without its password: a digest can be computed fast, so it would not protect one."""
    assert call.operation is not None  # noqa: S101  # a handler runs for an operation
    body = {name: value for name, value in (call.body or {}).items() if name != "password"}
    return digest(json.dumps([call.operation.id, dict(call.path), body], sort_keys=True))


def _find_password_hash(call: Call) -> str | None:
    """Find the hash of the password that the request has just set."""
    user = call.tx.get(User, call.path["user_id"]) if "password" in (call.body or {}) else None
    return None if user is None or user.password is None else user.password.hash


def _is_password(call: Call, first: IdempotentRequest, password: Secret | None) -> bool:
    if password is None or first.password_hash is None:
        return True  # one operation takes a password, and always
    return call.hasher.candidate(password).matches(first.password_hash)
