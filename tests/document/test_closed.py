"""The strict form of the document: every recorded answer fits it, and what it does not name does not."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.goldens.replay import cases
from tests.openapi.reading import content, served
from watchword.document import Document, Operation
from watchword.document.closed import close_document
from watchword.document.conformance import answer_violations
from watchword.document.references import resolve_reference

SYSTEMS = ("weavr_multi", "weavr_payment_run", "zitadel", "entrust")


@cache
def closed(system: str | None = None) -> Document:
    api = served("systems")
    return Document(api.document.export(api.handlers, system, closed=True), SYSTEMS)


def recorded() -> Iterator[tuple[Operation, dict[str, Any]]]:
    """Yield every recorded answer of an operation over HTTP and JSON."""
    api = served("systems")
    for case in cases():
        for step in case["steps"]:
            if "request" not in step or not isinstance(step["answer"]["body"], str):
                continue
            path = api.base_paths.strip(step["request"]["path"])
            for one in api.nearest.at(path):
                if one.method == step["request"]["method"]:
                    yield one, step["answer"]


RECORDED = list(recorded())


@pytest.mark.parametrize("system", [None, *SYSTEMS])
def test_every_recorded_answer_fits_the_strict_form(system: str | None) -> None:
    compared = 0
    for operation, answer in RECORDED:
        if system not in (None, operation.system):
            continue
        shape = closed(system).operations[operation.id].shape(answer["status"])
        if shape is None:
            declared = operation.shape(answer["status"])
            assert declared is not None
            assert declared in (operation.responses.get("default"), operation.shape(500))
            continue
        body = json.loads(answer["body"]) if answer["body"] else None
        assert not list(answer_violations(shape, headers=dict(answer["headers"]), body=body)), operation.id
        compared += 1
    assert compared > 50


def test_a_property_that_every_recorded_answer_has_is_required() -> None:
    """And a property that some answers lack is not."""
    document = closed().content
    seen: dict[str, list[set[str]]] = defaultdict(list)
    for operation, answer in RECORDED:
        media = _json_media(operation, answer["status"])
        if media and answer["body"]:
            _note(document, media["schema"], json.loads(answer["body"]), seen)
    for name, keys in seen.items():
        assert set.intersection(*keys) == set(document["components"]["schemas"][name].get("required", ())), name


def _json_media(operation: Operation, status: int) -> Any:
    raw = operation.raw["responses"].get(str(status))
    return resolve_reference(content("systems"), raw).get("content", {}).get("application/json") if raw else None


def _note(document: dict[str, Any], schema: Any, value: Any, seen: dict[str, list[set[str]]]) -> None:
    target = resolve_reference(document, schema)
    if isinstance(value, list):
        for item in value:
            _note(document, target.get("items", {}), item, seen)
    elif isinstance(value, dict) and "properties" in target:
        seen[schema["$ref"].rpartition("/")[2]].append(set(value))
        for name, item in value.items():
            _note(document, target["properties"][name], item, seen)


def test_the_strict_form_stands_for_nothing_unexpected() -> None:
    for operation in closed().operations.values():
        assert not {"default", "500"} & operation.responses.keys()


def test_objects_of_answers_are_closed_and_those_of_requests_are_not() -> None:
    schemas = closed().content["components"]["schemas"]
    assert schemas["WeavrUpdateConflict"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["MultiUpdatePassword"]


def test_compositions_and_maps_stay_open() -> None:
    answer: dict[str, Any] = {
        "type": "object",
        "properties": {
            "map": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
            "either": {"oneOf": [{"type": "object", "properties": {"a": {}}}]},
        },
    }
    media = {"application/json": {"schema": answer}}
    document = {"paths": {"/x": {"get": {"responses": {"200": {"description": "x", "content": media}}}}}}
    (schema,) = close_document(document)["paths"]["/x"]["get"]["responses"]["200"]["content"].values()
    properties = schema["schema"]["properties"]
    assert schema["schema"]["additionalProperties"] is False
    assert properties["map"]["additionalProperties"] == {"type": "string"}
    assert properties["either"] == answer["properties"]["either"]


def closed_schema(schema: dict[str, Any], **components: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Close the *schema* of an answer; give it and the components."""
    media = {"application/json": {"schema": schema}}
    document = {
        "paths": {"/x": {"get": {"responses": {"200": {"description": "x", "content": media}}}}},
        "components": {"schemas": components},
    }
    strict = close_document(document)
    (made,) = strict["paths"]["/x"]["get"]["responses"]["200"]["content"].values()
    return made["schema"], strict["components"]["schemas"]


POINT = {"type": "object", "properties": {"x": {}}}
REFERENCE = {"$ref": "#/components/schemas/Point"}


@pytest.mark.parametrize("name", ["example", "examples", "default", "enum", "links", "allOf", "$ref"])
def test_the_object_of_a_property_is_closed_whatever_its_name_is(name: str) -> None:
    schema, _ = closed_schema({"type": "object", "properties": {name: POINT}})
    assert schema["properties"][name]["additionalProperties"] is False


@pytest.mark.parametrize("keyword", ["example", "default", "x-note"])
def test_data_is_not_closed(keyword: str) -> None:
    schema, _ = closed_schema({"type": "object", "properties": {}, keyword: POINT})
    assert schema[keyword] == POINT


def test_what_only_names_another_schema_is_closed_there() -> None:
    _, components = closed_schema({"allOf": [REFERENCE], "description": "A point."}, Point=POINT)
    assert components["Point"]["additionalProperties"] is False


def test_a_part_of_a_composition_stays_open_wherever_else_it_is_used() -> None:
    wide = {"allOf": [REFERENCE, {"type": "object", "properties": {"y": {}}}]}
    _, components = closed_schema({"type": "object", "properties": {"a": REFERENCE, "b": wide}}, Point=POINT)
    assert components["Point"] == POINT


def test_what_a_condition_adds_stays_open() -> None:
    schema, _ = closed_schema({**POINT, "if": POINT, "then": {"properties": {"y": {}}}, "else": {"properties": {}}})
    assert schema == {**POINT, "if": POINT, "then": {"properties": {"y": {}}}, "else": {"properties": {}}}


def test_the_served_document_stays_as_it_is() -> None:
    assert "default" in content("systems")["paths"]["/passwords/update"]["post"]["responses"]
