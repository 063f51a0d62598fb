"""The strict form of a document, for tools that compare answers with it: what it does not name is a defect."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, path_items

_UNEXPECTED = ("default", "500", "5XX")
_COMPOSITIONS = ("allOf", "anyOf", "oneOf", "not")
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
    answers = list(_remove_unexpected(closed))
    answers += [tag.get("x-outer-responses", {}) for tag in closed.get("tags", ())]
    asked = {id(one) for one in _schemas(closed, [_questions(closed)])}
    for schema in list(_schemas(closed, answers)):
        if id(schema) not in asked:
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


def _questions(closed: dict[str, Any]) -> list[Any]:
    items = [item for _, item in path_items(closed)]
    operations = [item[method] for item in items for method in METHODS if method in item]
    return [one.get(key) for one in (*operations, *items) for key in ("requestBody", "parameters")]


def _schemas(document: Mapping[str, Any], waiting: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield every schema with properties below *waiting*, each once; not the parts of compositions."""
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node.get("$ref"), str):
                waiting.append(resolve_reference(document, node))
                continue
            if isinstance(node.get("properties"), dict):
                yield node
            waiting.extend(value for key, value in node.items() if key not in _VALUES)


_VALUES = frozenset((*_COMPOSITIONS, "example", "examples", "default", "enum", "links"))


def _close_schema(schema: dict[str, Any]) -> None:
    if not any(key in schema for key in _COMPOSITIONS):
        schema.setdefault("additionalProperties", False)
    required = list(dict.fromkeys((*schema.get("required", ()), *schema.get(ALWAYS, ()))))
    if required:
        schema["required"] = required
