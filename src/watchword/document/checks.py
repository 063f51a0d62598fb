"""What has to be right in a document, beyond its form, before it can be served."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from watchword.document.composition import Composition
from watchword.document.references import leads_to_component, mapping_reference, resolve_reference
from watchword.document.structure import METHODS, path_items, walk

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_UNREAD = ("$dynamicRef", "$recursiveRef")


def problems_of(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with *document*, whose form is right and whose references are settled."""
    yield from _schema_problems(document)
    yield from _outer_response_problems(document)
    known: dict[str, str] = {}
    for path, item in path_items(document):
        yield from _repeated(item, f"paths/{path}", document)
        for method in METHODS:
            if method in item:
                yield from _operation_problems(path, method, item, document)
                identifier = item[method].get("operationId")
                place = f"{method} {path}"
                if identifier and known.setdefault(identifier, place) != place:
                    yield f"paths/{path}/{method}: operationId {identifier!r} is not unique: {known[identifier]} has it"
    yield from _unknown_schemes(document, document, "security")


def _operation_problems(path: str, method: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    operation, place = item[method], f"paths/{path}/{method}"
    yield from _repeated(operation, place, document)
    both = [*item.get("parameters", ()), *operation.get("parameters", ())]
    described = {
        one["name"] for one in (resolve_reference(document, parameter) for parameter in both) if one["in"] == "path"
    }
    named = set(_TEMPLATE.findall(path))
    for name in sorted(named - described):
        yield f"{place}: path parameter {name!r} is not described in 'parameters'"
    for name in sorted(described - named):
        yield f"{place}: path parameter {name!r} is described, but the path has no {{{name}}}"
    yield from _unknown_schemes(operation, document, f"{place}/security")


def _repeated(node: Mapping[str, Any], place: str, document: Mapping[str, Any]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for parameter in node.get("parameters", ()):
        described = resolve_reference(document, parameter)
        key = described["name"], described["in"]
        if key in seen:
            yield f"{place}/parameters: {key[0]!r} in {key[1]} stands there twice"
        seen.add(key)


def _unknown_schemes(node: Mapping[str, Any], document: Mapping[str, Any], place: str) -> Iterator[str]:
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    for number, alternative in enumerate(node.get("security", ())):
        for name in alternative:
            if name not in schemes:
                there_are = f"there are: {', '.join(sorted(schemes))}" if schemes else "there are none"
                yield f"{place}/{number}: {name!r} is not in components/securitySchemes; {there_are}"


def _outer_response_problems(document: Mapping[str, Any]) -> Iterator[str]:
    for number, tag in enumerate(document.get("tags", ())):
        for status in tag.get("x-outer-responses") or ():
            if not re.fullmatch("[1-5][0-9][0-9]", str(status)):
                yield f"tags/{number}/x-outer-responses: {status!r} is not a status such as 404"


def _schema_problems(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _keyword_problems(document)
    for circle in Composition(document).circles():
        yield f"components/schemas/{circle[0]}: contains itself, so that nothing can fit it: {' → '.join(circle)}"


def _keyword_problems(document: Mapping[str, Any]) -> Iterator[str]:
    patterns: dict[str, str] = {}
    for place, kind, schema in walk(document):
        if kind != "schema":
            continue
        where = "/".join(place)
        for pattern in (*([schema["pattern"]] if "pattern" in schema else ()), *schema.get("patternProperties", ())):
            if pattern not in patterns:
                patterns[pattern] = _pattern_problem(pattern)
            if patterns[pattern]:
                yield f"{where}: {patterns[pattern]}"
        for word in _UNREAD:
            if word in schema:
                yield f"{where}: {word} is not understood here; write $ref"
        discriminator = schema.get("discriminator")
        if isinstance(discriminator, dict):
            yield from _discriminator_problems(discriminator, f"{where}/discriminator", document)


def _pattern_problem(pattern: str) -> str:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError):
        return f"pattern {pattern!r} is not a regular expression"
    return ""


def _discriminator_problems(node: Mapping[str, Any], place: str, document: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(node.get("propertyName"), str):
        yield f"{place}: propertyName is missing"
    mapping = node.get("mapping") or {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        reference = mapping_reference(target)
        try:
            resolve_reference(document, {"$ref": reference})
        except LookupError:
            yield f"{place}/mapping/{value}: {target!r} does not exist in the document"
            continue
        if not leads_to_component(reference):
            yield f"{place}/mapping/{value}: {target!r} is not one of components/schemas"
