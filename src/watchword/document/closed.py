"""The strict form of a document, for tools that compare answers with it: what it does not name is a defect."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from watchword.document.composition import IN_PLACE, Composition, adds_nothing
from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, parts, path_items, reference_in

_UNEXPECTED = ("default", "500", "5XX")
_COMPOSITIONS = frozenset((*IN_PLACE, "dependentSchemas"))
ALWAYS = "x-always"
"""Properties that every answer has, though the vendor's page does not call them required."""


def close_document(content: dict[str, Any]) -> dict[str, Any]:
    """
    Make *content* strict.

    Returns:
        A copy without answers that stand for anything or for a failure (``default``, 500). The objects of answers have
        no properties besides those named, unless they are part of a composition, and require what every answer has.
        Requests stay as they are, because the systems ignore properties that they do not know.
    """
    closed = deepcopy(content)
    answers = [("responses", one) for one in _remove_unexpected(closed)]
    answers += [("responses", tag.get("x-outer-responses", {})) for tag in closed.get("tags", ())]
    left = {id(one) for one in _schemas(closed, _questions(closed))}
    composed = Composition(closed).composed
    left |= {id(resolve_reference(closed, {"$ref": reference})) for reference in composed}
    for schema in list(_schemas(closed, answers)):
        if id(schema) not in left:
            _close_schema(schema)
    return closed


def _remove_unexpected(closed: dict[str, Any]) -> Iterator[Any]:
    for _, item in path_items(closed):
        for method in METHODS:
            if "responses" in item.get(method, ()):
                responses = item[method]["responses"]
                expected = {key: value for key, value in responses.items() if key not in _UNEXPECTED}
                # An operation has at least one response.
                item[method]["responses"] = expected or responses
                yield item[method]["responses"]


def _questions(closed: dict[str, Any]) -> list[tuple[str, Any]]:
    items = [item for _, item in path_items(closed)]
    operations = [item[method] for item in items for method in METHODS if method in item]
    kinds = (("requestBody", "requestBody"), ("parameters", "[parameter]"))
    return [(kind, one[key]) for one in (*operations, *items) for key, kind in kinds if key in one]


def _schemas(document: Mapping[str, Any], waiting: list[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every schema with properties below *waiting*, each once; not the parts of compositions."""
    seen: set[int] = set()
    while waiting:
        kind, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if reference_in(kind, node) is not None:
            waiting.append((kind, resolve_reference(document, node)))
            continue
        is_schema = kind == "schema" and isinstance(node, dict)
        if is_schema and isinstance(node.get("properties"), dict):
            yield node
        hidden = _COMPOSITIONS - {"allOf"} if is_schema and adds_nothing(node) else _COMPOSITIONS
        waiting.extend((inner, part) for step, inner, part in parts(kind, node) if not is_schema or step not in hidden)


def _close_schema(schema: dict[str, Any]) -> None:
    if schema.keys().isdisjoint(_COMPOSITIONS):
        schema.setdefault("additionalProperties", False)
    required = list(dict.fromkeys((*schema.get("required", ()), *schema.get(ALWAYS, ()))))
    if required:
        schema["required"] = required
