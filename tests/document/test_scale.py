"""The cost of a document grows with its size: not with its operations times its components."""

import json
from pathlib import Path
from typing import Any

from watchword.build import Options, build
from watchword.document import Document, load
from watchword.document.definitions import _ALONE, _KEPT, Definitions
from watchword.document.differences import Place, changed_places
from watchword.document.reader import count_values
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
        bodies = [one.raw["requestBody"]["content"]["application/json"] for one in document.operations.values()]
        for body in bodies:
            Validator(body["schema"], definitions, answer=False).accepts({})
        sizes[count] = definitions._total
    assert sizes[200] == 2 * sizes[100] == 200 * (10 + 1)


def test_the_oldest_compiled_schemas_are_dropped_and_compiled_again() -> None:
    count = _KEPT // 2
    definitions = Definitions({"components": {"schemas": shared_components(count)}})
    validators = []
    for number in range(3):
        validators.append(Validator({"$ref": f"#/components/schemas/S{number}"}, definitions, answer=False))
        assert not validators[-1].accepts({"name": 5})
    # The first was dropped for the second, and shares what the third compiled.
    assert [one._entry.compiled is None for one in validators] == [False, True, False]
    assert validators[1].accepts({"name": "Ada"})


def test_schemas_that_reach_many_definitions_share_them_and_tell_the_same_as_alone() -> None:
    definitions = Definitions({"components": {"schemas": shared_components(_ALONE + 1)}})
    wholes: list[Any] = [{"$ref": f"#/components/schemas/S{number}"} for number in range(20)]
    wholes += [{"type": "array", "items": whole} for whole in wholes]
    validators = [Validator(whole, definitions, answer=False) for whole in wholes]
    for number, validator in enumerate(validators):
        wrong, right = {"next": {"name": 5}}, {"next": {"name": "Ada"}}
        path = ("next", "name") if number < 20 else ("0", "next", "name")
        assert validator.accepts(right if number < 20 else [right])
        (violation,) = validator.violations(wrong if number < 20 else [wrong], where="body", prefix=("x",))
        assert (violation.path, violation.detail) == (("x", *path), "must be of type string")
    assert len({id(one._entry.compiled.judge) for one in validators if one._entry.compiled is not None}) == 1


def test_the_start_of_a_dense_document_grows_with_its_size(tmp_path: Path) -> None:
    """Schemas that all reach each other: each answer has few parts, and all schemas are compiled once."""
    sizes = []
    for count in (60, 120):
        references = [{"$ref": f"#/components/schemas/S{number}"} for number in range(count)]
        schemas = {
            f"S{number}": {"properties": {f"p{step}": references[(number * 7 + step) % count] for step in range(9)}}
            for number in range(count)
        }
        paths = {
            f"/p{number}": {
                "get": {"responses": {"200": {"description": "x", "content": {"application/json": {"schema": one}}}}}
            }
            for number, one in enumerate(references)
        }
        path = tmp_path / "dense.json"
        document = {"openapi": "3.0.3", "info": {"title": "Dense", "version": "1"}, "paths": paths}
        path.write_text(json.dumps({**document, "components": {"schemas": schemas}}))
        built = build(Options(documents={"dense": path})).documents["dense"]
        answers = [one["200"].representations[0].bodies[""] for one in built.example_answers.values()]
        definitions = built.document._compiler._definitions
        assert len(definitions._compiled) == 1
        sizes.append((definitions._total, sum(count_values(one) for one in answers)))
    assert sizes[1][0] == 2 * sizes[0][0]
    assert all(made / count < 1000 for made, count in ((sizes[0][1], 60), (sizes[1][1], 120))), sizes


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


def paths_of_a_ring(count: int) -> dict[str, Any]:
    """Make a path for each of the schemas that all refer to each other."""
    paths = {}
    for number in range(count):
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/S{number}"}}}
        answers = {"200": {"description": "Ok", "content": content}}
        paths[f"/r{number}"] = {
            "post": {"operationId": f"ring.r{number}", "requestBody": {"content": content}, "responses": answers}
        }
    return paths


def test_a_change_of_what_all_operations_reach_changes_them_all() -> None:
    before = {"paths": paths_of_a_ring(100), "components": {"schemas": shared_components(100)}}
    after = json.loads(json.dumps(before))
    after["paths"]["/apart"] = {"get": {"responses": {}}}
    assert list(changed_places(before, after)) == [Place("GET", "/apart")]
    after["components"]["schemas"]["S7"]["description"] = "changed"
    assert len(list(changed_places(before, after))) == 101
