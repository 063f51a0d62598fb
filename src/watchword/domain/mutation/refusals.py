"""A refusal with another status, or with the code of another refusal."""

from collections.abc import Iterator
from typing import Any

from watchword.domain.mutation.places import with_field
from watchword.domain.refusal import Refusal

_OTHER_STATUS = {400: 409, 401: 403, 403: 401, 404: 400, 409: 400, 410: 404, 412: 400, 423: 403, 429: 503}
_OTHER_GRPC = {3: 9, 5: 3, 7: 16, 9: 3, 16: 7, 4: 13, 6: 3, 8: 14}


def with_other_status(kind: type[Refusal]) -> type[Refusal] | None:
    """Make a refusal like *kind* with another status; None if its status is never another one."""
    status = _OTHER_STATUS.get(kind.status)
    if status is None:
        return None
    changed: dict[str, Any] = {"status": status}
    if hasattr(kind, "grpc"):
        changed["grpc"] = _OTHER_GRPC.get(kind.grpc, 13)
    return type(kind.__name__, (kind,), changed)


def with_other_code(kind: type[Refusal]) -> type[Refusal] | None:
    """
    Make a refusal like *kind* with the code of another one of its system.

    Returns:
        None if there is no other, or if the code is a general one, which no vendor has.
    """
    if kind.__module__ == Refusal.__module__:
        return None
    family = [one for one in _family(kind) if one.code and one.code != kind.code]
    alike = [one for one in family if one.status == kind.status]
    others = sorted({one.code for one in alike or family})
    if not kind.code or not others:
        return None
    later = [code for code in others if code > kind.code]
    return type(kind.__name__, (kind,), {"code": (later or others)[0]})


def _family(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """List the refusals of the module that defines *kind*."""
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__ == kind.__module__:
            yield one


def disguise(refusal: Refusal, kind: type[Refusal], disguised: type[Refusal]) -> Refusal:
    """Copy *refusal* in disguise, if it is of *kind*."""
    if type(refusal) is not kind:
        return refusal
    made = disguised.__new__(disguised, *refusal.args)  # `copy` would call a class that may need more than these
    made.__dict__.update(refusal.__dict__)
    return made


def disguise_outcome(outcome: Any, kind: type[Refusal], disguised: type[Refusal]) -> Any:
    """Disguise the refusal that a rule returned, alone or in a record, or its class; anything else stays as it is."""
    if isinstance(outcome, Refusal):
        return disguise(outcome, kind, disguised)
    if outcome is kind:
        return disguised
    inner = getattr(outcome, "refusal", None)
    if not isinstance(inner, Refusal):
        return outcome
    return with_field(outcome, "refusal", disguise(inner, kind, disguised))
