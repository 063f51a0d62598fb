"""Two whole documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import ValidationError

from watchword.document.extract import find_used_components
from watchword.document.path_templates import nameless
from watchword.document.structure import METHODS, path_items
from watchword.review.document_diff.addresses import compare_servers
from watchword.review.document_diff.change import Change, change, moved, shown
from watchword.review.document_diff.context import Context, became
from watchword.review.document_diff.operations import Operations, Place
from watchword.review.document_diff.parts import Documents, Pair, Part
from watchword.sandbox.fault_words import tell_fault
from watchword.sandbox.faults import FaultPlan
from watchword.systems import SYSTEMS

_OUTER = "x-outer-responses"
_FAULTS = "x-watchword-faults"
_SETTINGS = "x-watchword-settings"
_JUDGED = frozenset(("openapi", "info", "paths", "components", "tags", "servers", "security", _FAULTS, _SETTINGS))

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Differences:
    """
    What differs in two documents.

    Args:
        changes: What is judged, by operation, in the order of the documents.
        not_judged: What is not.
    """

    changes: tuple[Change, ...]
    not_judged: tuple[Change, ...]


def compare_documents(base: Content, head: Content) -> Differences:
    """
    Compare two bundled documents.

    Renamed components and moved keywords are no differences: clients do not see them.
    """
    context = Context(Documents(base, head))
    found = list(dict.fromkeys(_changes(context)))
    judged = tuple(one for one in found if one.category != "not-judged")
    return Differences(judged, tuple(one for one in found if one.category == "not-judged"))


def _changes(context: Context) -> Iterator[Change]:
    operations = Operations(context)
    yield from _operations(context, operations)
    yield from operations.security.schemes()
    yield from _whole(context, operations)
    yield from _unused(context.documents)


def _operations(context: Context, operations: Operations) -> Iterator[Change]:
    base, head = _places(context.documents.base), _places(context.documents.head)
    for key in {**base, **head}:
        name = f"{key[0].upper()} {(base.get(key) or head[key]).path}"
        one, other = base.get(key), head.get(key)
        found: Iterator[Change]
        if one is None:
            found = iter([change("operation-added", "the operation is new", None, head[key].operation.bare())])
        elif other is None:
            gone = one.operation
            category = "deprecated-operation-removed" if gone.value.get("deprecated") else "operation-removed"
            found = iter([change(category, "the operation is gone", gone.bare(), None)])
        else:
            found = operations.compare(one, other)
        # The names of a path's parameters may change, and approvals have to stay.
        for each in found:
            yield replace(each, operation=name)


def _places(content: Content) -> dict[tuple[str, str], Place]:
    """List the operations by method and path, without the names of the path's parameters."""
    found = {}
    for path, item in path_items(content):
        here = Part(item, ("paths", path))
        for method in METHODS:
            operation = here.get(method)
            if operation is not None:
                found[method, nameless(path)] = Place(path, here, operation)
    return found


def _whole(context: Context, operations: Operations) -> Iterator[Change]:
    """Compare what belongs to no operation."""
    pair = Pair(Part(dict(context.documents.base)), Part(dict(context.documents.head)))
    for name, one in [("openapi", pair.get("openapi")), *pair.get("info").members()]:
        if one.differs:
            is_short = name in ("openapi", "version")
            told = moved(name, one.base, one.head) if is_short else f"{name} of the document is another"
            yield change("text-changed", told, one.base, one.head, where=("info", name))
    yield from compare_servers(context, pair)
    yield from _tags(context, operations, pair)
    yield from _items(context, pair)
    yield from _settings(pair.get(_SETTINGS))
    yield from _faults(pair.get(_FAULTS))
    yield from context.annotations(pair, _JUDGED)


def _tags(context: Context, operations: Operations, pair: Pair) -> Iterator[Change]:
    base, head = (
        {} if part is None else {one.value["name"]: one for one in part.entries()}
        for part in (pair.get("tags").base, pair.get("tags").head)
    )
    for name in {**base, **head}:
        one = Pair(base.get(name), head.get(name))
        where = ("tags", name)
        if one.base is None or one.head is None:
            told = f"the tag {name} is {'new' if one.base is None else 'gone'}"
            yield change("text-changed", told, one.base, one.head, where=where)
            continue
        for found in operations.responses.compare(one.get(_OUTER)):
            yield replace(found.below(*where, _OUTER), operation=f"any request to {name}")
        for found in context.annotations(one, {"name", _OUTER}):
            yield found.below(*where)


def _items(context: Context, pair: Pair) -> Iterator[Change]:
    """Compare what path items say besides their operations."""
    base, head = (
        {nameless(path): Part(item, ("paths", path)) for path, item in path_items(one)}
        for one in (context.documents.base, context.documents.head)
    )
    for path in base.keys() & head.keys():
        judged = {*METHODS, "parameters", "servers", "x-base-paths"}
        for found in context.annotations(Pair(base[path], head[path]), judged):
            yield found.below("paths", base[path].steps[1])
    for name, one in pair.get("paths").members():
        if name.startswith("x-") and one.differs:
            yield change("extension-changed", f"{name} is another", one.base, one.head, where=("paths", name))


def _settings(pair: Pair) -> Iterator[Change]:
    """Compare the settings that the documents carry, one by one."""
    base, head = ({} if part is None else dict(_leaves(part)) for part in (pair.base, pair.head))
    for name in {**base, **head}:
        one = Pair(base.get(name), head.get(name))
        if one.differs:
            default = _default(name)
            before, after = (default if part is None else shown(part.value) for part in (one.base, one.head))
            told = f"{name}: {before} → {after}"
            yield change("setting-changed", told, one.base, one.head, where=(_SETTINGS, name))


def _default(name: str) -> str:
    """Show what a setting is that no document carries; one that is in no system's settings by itself has no value."""
    system, *path = name.split(".")
    value = _defaults().get(system)
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return "the default"
        value = value[step]
    return shown(value)


@cache
def _defaults() -> Mapping[str, Any]:
    """Give the settings of all systems as the vendors' defaults say, as JSON."""
    return {one.name: one.settings_model().model_dump(mode="json") for one in SYSTEMS}


def _leaves(part: Part, name: str = "") -> Iterator[tuple[str, Part]]:
    if isinstance(part.value, dict) and part.value:
        for key, inner in part.members().items():
            yield from _leaves(inner, f"{name}.{key}".lstrip("."))
    else:
        yield name, part


def _faults(pair: Pair) -> Iterator[Change]:
    """Compare the faults that the documents carry; one that has moved in their list is the same."""
    base, head = ([] if part is None else part.entries() for part in (pair.base, pair.head))
    known, kept = [one.value for one in base], [one.value for one in head]
    for one in base:
        if one.value not in kept:
            yield _fault(f"the fault is gone: {_told_fault(one.value)}", one, None)
    for one in head:
        if one.value not in known:
            yield _fault(f"the fault is armed: {_told_fault(one.value)}", None, one)


def _told_fault(written: Any) -> str:
    """Tell it in words, or as it is written if it has another form."""
    try:
        return tell_fault(FaultPlan.model_validate(written))
    except ValidationError:
        return shown(written)


def _fault(told: str, base: Part | None, head: Part | None) -> Change:
    return change("fault-changed", told, base, head, where=(_FAULTS,))


def _unused(documents: Documents) -> Iterator[Change]:
    """Compare the components that no operation of either document refers to."""
    pair = Pair(Part(documents.base.get("components") or {}), Part(documents.head.get("components") or {}))
    differing = [
        (category, name, one)
        for category, members in pair.members()
        for name, one in members.members()
        if category != "securitySchemes" and one.differs
    ]
    if not differing:
        return
    used = find_used_components(documents.base) | find_used_components(documents.head)
    for category, name, one in differing:
        if (category, name) not in used:
            steps = ("components", category, name)
            base, head = (None if part is None else Part(part.value, steps) for part in (one.base, one.head))
            told = became(f"{category}/{name}", one)
            yield change("unused-component-changed", told, base, head, where=steps)
