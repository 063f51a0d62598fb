"""Whether a handler can still answer its operation once an overlay has changed the document."""

from collections.abc import Iterator
from typing import NamedTuple

from watchword.document import Operation
from watchword.document.fields import find_field
from watchword.document.origins import Steps
from watchword.system import Handler
from watchword.system.needs import needs_of

_BODY = ("requestBody",)


class Misfit(NamedTuple):
    """
    One reason why a handler cannot answer its operation.

    Args:
        reason: A sentence without a full stop: ``the request has no field email``.
        steps: From the operation to the part of it that has changed.
        field: The field of the body that has changed, as ``password.value``; empty if it is no field.
    """

    reason: str
    steps: Steps
    field: str = ""


def misfits(handler: Handler, original: Operation, changed: Operation) -> Iterator[Misfit]:
    """
    Say why *handler* cannot answer an operation as it is now: what it reads is missing, or can be something else.

    Args:
        original: The operation that it was written for.
        changed: The same operation as an overlay leaves it.
    """
    needs = needs_of(handler)
    for name in needs.body:
        yield from (Misfit(one, _BODY, name) for one in _about_field(name, original, changed, needed=True))
    for name in needs.optional:
        yield from (Misfit(one, _BODY, name) for one in _about_field(name, original, changed, needed=False))
    if needs.body and original.body_required and not changed.body_required:
        yield Misfit("the body is no longer required", (*_BODY, "required"))
    yield from (Misfit(one, ("parameters",)) for one in _about_parameters(needs.parameters, original, changed))
    for kind in changed.accepts:
        if kind not in original.accepts:
            yield Misfit(f"the body can be {kind}", (*_BODY, "content", kind))
    if _marks(original.body_schema) != _marks(changed.body_schema):
        reason = "the schema of the body does not name its message any more (x-message)"
        kind = next(iter((*original.accepts, *changed.accepts)), "")
        yield Misfit(reason, (*_BODY, "content", kind, "schema", "x-message"))
    required = [set(one) for one in original.security]
    if required and not all(any(set(one) >= known for known in required) for one in changed.security or ((),)):
        reason = f"the caller need not authenticate with {' and '.join(sorted(required[0]))}"
        yield Misfit(reason, ("security",))


def _about_field(name: str, original: Operation, changed: Operation, *, needed: bool) -> Iterator[str]:
    before, after = find_field(original.body_schema, name), find_field(changed.body_schema, name)
    if after is None:
        if needed:
            yield f"the request has no field {name}"
    elif before is not None:
        if needed and before.required and not after.required:
            yield f"the field {name} is no longer required"
        if wider := after.wider_than(before):
            yield f"the field {name} {wider}"


def _about_parameters(names: tuple[str, ...], original: Operation, changed: Operation) -> Iterator[str]:
    before = {f"{one.where}.{one.key}": one for one in original.parameters}
    after = {f"{one.where}.{one.key}": one for one in changed.parameters}
    for name in names:
        if name not in after:
            yield f"the request has no parameter {name.partition('.')[2]} in its {name.partition('.')[0]}"
        elif before[name].required and not after[name].required:
            yield f"the parameter {name.partition('.')[2]} is no longer required"
        elif set(after[name].shape.types) - set(before[name].shape.types):
            yield f"the parameter {name.partition('.')[2]} is no longer {' or '.join(before[name].shape.types)}"


def _marks(schema: object) -> object:
    return schema.get("x-message") if isinstance(schema, dict) else None
