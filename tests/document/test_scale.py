"""The cost of a document grows with its size: not with its operations times its components."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.toy import ask
from watchword.build import Built, Options, build
from watchword.document import Document, load
from watchword.document.definitions import _KEPT, Definitions
from watchword.document.differences import Place, changed_places
from watchword.document.validator import Validator
from watchword.domain.hashing import Profile


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
        roots = [definitions.root(body["schema"], answer=False) for body in bodies]
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


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limit the processor time of what is done."""
    before = time.process_time()
    yield
    assert time.process_time() - before < seconds


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Serve 400 schemas that all refer to each other: one by one they carry 160,000 definitions."""
    path = tmp_path_factory.mktemp("ring") / "ring.json"
    content = {"paths": paths_of_a_ring(400), "components": {"schemas": shared_components(400)}}
    path.write_text(json.dumps({"openapi": "3.0.3", "info": {"title": "Ring", "version": "1"}, **content}))
    with at_most(seconds=25):
        return build(Options(documents={"ring": path}, hashing=Profile.FAST))


@pytest.mark.parametrize("number", [0, 399])
def test_schemas_that_all_refer_to_each_other_are_judged_each_by_its_own_rules(ring: Built, number: int) -> None:
    good = ask(ring.app, "POST", f"/ring/r{number}", json={"next": {"name": "Ada"}})
    assert good.status == 200
    assert "watchword-contract-violation" not in good.headers
    bad = ask(ring.app, "POST", f"/ring/r{number}", json={"name": 5, "next": {"next": {"name": 5}}})
    assert sorted((one["in"], one["field"]) for one in bad.json["errors"]) == [
        ("body", "name"),
        ("body", "next.next.name"),
    ]


def test_schemas_that_all_refer_to_each_other_are_compiled_once(ring: Built) -> None:
    bodies = [one.body for one in ring.documents["ring"].document.operations.values()]
    assert all(one is not None and one.accepts({}) for one in bodies)
    assert len({id(one._compiled) for one in bodies if one is not None}) == 1


def test_what_changed_is_found_without_reading_what_is_shared_for_each_operation() -> None:
    before = {"paths": paths_of_a_ring(400), "components": {"schemas": shared_components(400)}}
    after = json.loads(json.dumps(before))
    after["paths"]["/apart"] = {"get": {"responses": {}}}
    with at_most(seconds=10):
        assert list(changed_places(before, after)) == [Place("GET", "/apart")]
        after["components"]["schemas"]["S7"]["description"] = "changed"
        assert len(list(changed_places(before, after))) == 401
