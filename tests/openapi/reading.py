"""Walk through the hand-written documents."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from watchword.build import Options, admin_api, imitated_api
from watchword.document.operations import METHODS
from watchword.document.references import resolve_reference
from watchword.domain.hashing import Profile
from watchword.edge.served_api import ServedApi

DOCUMENTS = ("systems", "admin")
Node = tuple[str, Any]


@cache
def served(name: str) -> ServedApi:
    """Load the imitated systems (``systems``) or the control API (``admin``), as they are served."""
    options = Options(hashing=Profile.FAST)
    imitated = imitated_api(options)
    return imitated if name == "systems" else admin_api(imitated, options)


@cache
def content(name: str) -> dict[str, Any]:
    """Give a document as it is served and exported."""
    api = served(name)
    return api.document.export(handled=api.handlers)


def resolve(name: str, node: Any) -> Any:
    """Follow a reference."""
    return resolve_reference(content(name), node)


def operations(name: str) -> Iterator[Node]:
    """Yield every operation with its id."""
    for item in content(name)["paths"].values():
        for method in METHODS:
            if method in item:
                yield item[method]["operationId"], item[method]


def components(name: str, category: str) -> Iterator[Node]:
    """Yield every component of a category with its name."""
    yield from content(name)["components"].get(category, {}).items()


def schemas(name: str) -> Iterator[Node]:
    """Yield every schema of the document, named ones and those inside others, with its place."""
    roots = [(place, value) for place, node in _nodes(content(name), "") for key, value in node.items()
             if key == "schema" for place in [f"{place}/schema"]]  # fmt: skip
    roots += [(f"schemas/{one}", schema) for one, schema in components(name, "schemas")]
    for place, schema in roots:
        yield from _inside(schema, place)


def _inside(schema: Any, place: str) -> Iterator[Node]:
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    yield place, schema
    for name, member in (schema.get("properties") or {}).items():
        yield from _inside(member, f"{place}/{name}")
    for key in ("items", "additionalProperties"):
        yield from _inside(schema.get(key), f"{place}/{key}")
    for key in ("allOf", "anyOf", "oneOf"):
        for number, part in enumerate(schema.get(key, ())):
            yield from _inside(part, f"{place}/{key}/{number}")


def _nodes(node: Any, place: str) -> Iterator[Node]:
    if isinstance(node, dict):
        yield place, node
        for key, value in node.items():
            if key not in ("example", "examples", "default", "enum"):
                yield from _nodes(value, f"{place}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _nodes(value, f"{place}/{number}")


def responses(name: str) -> Iterator[Node]:
    """Yield every response with its place: of operations, of components, and of tags."""
    for operation_id, operation in operations(name):
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                yield f"{operation_id}/{status}", response
    for one, response in components(name, "responses"):
        yield f"responses/{one}", response
