"""Parameters and headers: which there are, which have to be there, and how their values are written."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.path_templates import placeholders
from watchword.review.document_diff.change import Change, change, moved, turned
from watchword.review.document_diff.contents import compare_content
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parts import Pair, Part, follow
from watchword.review.document_diff.use import Use
from watchword.review.level import Way

Named = dict[tuple[str, str], Part]
"""Parameters by where they are sent and their names; those of a path by their position."""
_STYLES: Mapping[str, str] = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def parameters_of(document: Mapping[str, Any], item: Part, operation: Part, path: str) -> Named:
    """Collect the parameters of an operation: its own, and those of the path item that it is in."""
    positions = {name: str(number) for number, name in enumerate(placeholders(path))}
    found: Named = {}
    for holder in (item, operation):
        listed = holder.get("parameters")
        for written in [] if listed is None else listed.entries():
            one = follow(document, written)
            place, name = one.value["in"], one.value["name"]
            known = positions.get(name, name) if place == "path" else name.lower() if place == "header" else name
            found[place, known] = one
    return found


def compare_parameters(context: Context, base: Named, head: Named) -> Iterator[Change]:
    """Compare the parameters of an operation."""
    for key in {**base, **head}:
        one, other = base.get(key), head.get(key)
        where = ("parameters", key[0], key[1])
        if one is None and other is not None:
            kind, new = ("required", "new and required") if other.value.get("required") else ("optional", "new")
            told = f"the {key[0]} parameter {other.value['name']} is {new}"
            yield change(f"{kind}-request-parameter-added", told, None, other.bare(), where=where)
        elif one is not None and other is None:
            told = f"the {key[0]} parameter {one.value['name']} is gone"
            yield change("request-parameter-removed", told, one.bare(), None, where=where)
        elif one is not None and other is not None:
            for found in _parameter(context, Pair(one, other), key[0]):
                yield found.below(*where)


def _parameter(context: Context, pair: Pair, place: str) -> Iterator[Change]:
    if place == "path" and pair.values[0]["name"] != pair.values[1]["name"]:
        names = pair.get("name")
        told = moved("name", names.base, names.head)
        yield change("path-parameter-renamed", told, names.base, names.head, where=("name",))
    became = ("request-parameter-became-required", "request-parameter-became-optional")
    yield from context.flag(pair, "required", became)
    yield from context.flag(pair, "deprecated", ("request-parameter-deprecated", "request-parameter-reactivated"))
    empty = ("request-parameter-empty-allowed", "request-parameter-empty-forbidden")
    yield from context.flag(pair, "allowEmptyValue", empty)
    reserved = ("request-parameter-reserved-allowed", "request-parameter-reserved-forbidden")
    yield from context.flag(pair, "allowReserved", reserved)
    yield from _written(context, pair, Use(Way.REQUEST, "parameter"), _STYLES[place])
    judged = {"name", "in", "required", "deprecated", "allowEmptyValue", "allowReserved"}
    yield from context.annotations(pair, judged | _WRITTEN)


_WRITTEN = frozenset(("style", "explode", "schema", "content"))


def _written(context: Context, pair: Pair, use: Use, style: str) -> Iterator[Change]:
    """Compare how a value is written, and what it may be."""
    prefix = "request-parameter" if use.way is Way.REQUEST else "response-header"
    contents = pair.get("content")
    if (contents.base is None) != (contents.head is None):
        what = "the value is written in another format"
        yield change(f"{prefix}-content-changed", what, pair.base and pair.base.bare(), pair.head and pair.head.bare())
        return
    if contents.base is not None:
        yield from compare_content(context, contents, use)
        return
    before, after = (_style(context, part, style, side) for side, part in enumerate((pair.base, pair.head)))
    if before != after:
        styles, explodes = pair.get("style"), pair.get("explode")
        told = turned("style and explode", before, after)
        places = (styles.base or explodes.base, styles.head or explodes.head)
        yield change(f"{prefix}-style-changed", told, *places, where=("style",))
    schemas = pair.get("schema")
    for found in context.schemas.compare(schemas.base, schemas.head, use):
        yield found.below("schema")


def _style(context: Context, part: Part | None, default: str, side: int) -> tuple[str, bool]:
    """Tell how values are written: for single ones exploding makes no difference."""
    assert part is not None  # noqa: S101  # both are there
    style = part.value.get("style", default)
    schema = part.get("schema")
    views = context.schemas.base_view, context.schemas.head_view
    types = None if schema is None else views[side]((schema,)).types
    explode = part.value.get("explode", style == "form")
    is_single = types is not None and not types & {"array", "object"}
    return style, bool(explode) and not is_single


def compare_headers(context: Context, pair: Pair) -> Iterator[Change]:
    """Compare the headers of a response, or of a part of a body."""
    base = {} if pair.base is None else {name.lower(): one for name, one in pair.base.members().items()}
    head = {} if pair.head is None else {name.lower(): one for name, one in pair.head.members().items()}
    for name in {**base, **head}:
        if name == "content-type":
            continue
        one = context.documents.follow(Pair(base.get(name), head.get(name)))
        where = ("headers", name)
        if one.base is None and one.head is not None:
            yield change("response-header-added", f"the header {name} is new", None, one.head.bare(), where=where)
        elif one.head is None and one.base is not None:
            kind = "required" if one.base.value.get("required") else "optional"
            told = f"the header {name} is gone"
            yield change(f"{kind}-response-header-removed", told, one.base.bare(), None, where=where)
        else:
            for found in _header(context, one):
                yield found.below(*where)


def _header(context: Context, pair: Pair) -> Iterator[Change]:
    became = ("response-header-became-required", "response-header-became-optional")
    yield from context.flag(pair, "required", became)
    yield from context.flag(pair, "deprecated", ("response-header-deprecated", "response-header-reactivated"))
    yield from _written(context, pair, Use(Way.RESPONSE, "header"), "simple")
    yield from context.annotations(pair, {"required", "deprecated"} | _WRITTEN)
