"""The cost of a document grows with its size: not with its operations times its components."""

import json
from pathlib import Path
from typing import Any

from watchword.document import Document, load
from watchword.document.definitions import _KEPT, Definitions
from watchword.document.validator import Validator


def shared_components(count: int) -> dict[str, Any]:
    """Make schemas of which each refers to the next, and the last one to the first."""
    return {
        f"S{number}": {
            "type": "object",
            "properties": {
                "next": {"$ref": f"#/components/schemas/S{(number + 1) % count}"},
                "name": {"type": "string"},
            },
        }
        for number in range(count)
    }


def load_paths(folder: Path, count: int) -> Document:
    """Load a document of *count* paths; ten of them share ten components."""
    schemas = {}
    for group in range(count // 10):
        for name, schema in shared_components(10).items():
            schemas[f"G{group}{name}"] = json.loads(json.dumps(schema).replace("schemas/S", f"schemas/G{group}S"))
    paths = {}
    for number in range(count):
        media = {"application/json": {"schema": {"$ref": f"#/components/schemas/G{number // 10}S{number % 10}"}}}
        paths[f"/p{number}/{{id}}"] = {
            "parameters": [{"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}],
            "post": {"requestBody": {"content": media}, "responses": {"200": {"description": "Ok", "content": media}}},
        }
    info = {"title": "Many", "version": "1"}
    path = folder / "openapi.json"
    path.write_text(json.dumps({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}))
    return load(path, systems=[])


def test_a_thousand_paths_compile_nothing_until_they_are_asked_for(tmp_path: Path) -> None:
    document = load_paths(tmp_path, 1000)
    assert len(document.operations) == 1000
    definitions = document._compiler._definitions
    assert definitions.converted == 0
    body = document.operations["document.post_p17_id"].body
    assert body is not None
    assert not body.accepts({"next": {"name": 5}})
    assert definitions.converted == 10


def test_a_validator_carries_only_the_definitions_that_it_reaches(tmp_path: Path) -> None:
    sizes = {}
    for count in (100, 200):
        document = load_paths(tmp_path, count)
        definitions = document._compiler._definitions
        roots = [definitions.root(one.body_schema, answer=False) for one in document.operations.values()]
        sizes[count] = sum(size for _, size in roots)
    assert sizes[200] == 2 * sizes[100] == 2000


def test_the_oldest_compiled_schemas_are_dropped_and_compiled_again() -> None:
    count = _KEPT // 2
    definitions = Definitions({"components": {"schemas": shared_components(count)}})
    validators = [
        Validator({"$ref": f"#/components/schemas/S{number}"}, definitions, answer=False) for number in range(3)
    ]
    for validator in validators:
        assert not validator.accepts({"name": 5})
    assert [validator._compiled is None for validator in validators] == [True, True, False]
    assert validators[0].accepts({"name": "Ada"})


def test_schemas_that_each_name_the_next_twice_are_not_multiplied(tmp_path: Path) -> None:
    levels = 40
    schemas: dict[str, Any] = {f"S{levels}": {"type": "integer"}}
    for level in range(levels):
        both = {"$ref": f"#/components/schemas/S{level + 1}"}
        schemas[f"S{level}"] = {"properties": {"a": both, "b": both}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    operation = {"operationId": "a", "requestBody": body, "responses": {"200": {"description": "Ok"}}}
    path = tmp_path / "openapi.json"
    path.write_text(
        json.dumps(
            {
                "openapi": "3.0.3",
                "info": {"title": "Double", "version": "1"},
                "paths": {"/a": {"post": operation}},
                "components": {"schemas": schemas},
            }
        )
    )
    validator = load(path, systems=[]).operations["a"].body
    assert validator is not None
    assert validator.accepts({"a": {"b": {}}})
