"""Whether a handler can still answer its operation once an overlay has changed the document."""

from collections.abc import Iterator

from watchword.document import Operation
from watchword.document.fields import find_field
from watchword.system import Handler
from watchword.system.needs import needs_of


def misfits(handler: Handler, original: Operation, changed: Operation) -> Iterator[str]:
    """
    Say why *handler* cannot answer an operation as it is now: what it reads is missing, or can be something else.

    Args:
        original: The operation that it was written for.
        changed: The same operation as an overlay leaves it.

    Yields:
        Sentences without a subject: ``the request has no field email``.
    """
    needs = needs_of(handler)
    for name in needs.body:
        yield from _about_field(name, original, changed, needed=True)
    for name in needs.optional:
        yield from _about_field(name, original, changed, needed=False)
    if needs.body and original.body_required and not changed.body_required:
        yield "the body is no longer required"
    yield from _about_parameters(needs.parameters, original, changed)
    unread = [one for one in changed.accepts if one not in original.accepts]
    if unread:
        yield f"the body can be {unread[0]}"
    if _marks(original.body_schema) != _marks(changed.body_schema):
        yield "the schema of the body does not name its message any more (x-message)"
    required = [set(one) for one in original.security]
    if required and not all(any(set(one) >= known for known in required) for one in changed.security or ((),)):
        yield f"the caller need not authenticate with {' and '.join(sorted(required[0]))}"


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
        elif before[name].type != after[name].type:
            yield f"the parameter {name.partition('.')[2]} is no longer {before[name].type}"


def _marks(schema: object) -> object:
    return schema.get("x-message") if isinstance(schema, dict) else None
