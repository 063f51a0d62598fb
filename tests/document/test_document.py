"""Loading a document, its systems, and its export."""

import json
from pathlib import Path

import pytest

from watchword.document import Document, DocumentError, load

HEAD = "openapi: 3.0.3\ninfo: {title: Toys, version: '1'}\n"
ROOT = f"""{HEAD}
tags:
  - name: toy
    x-displayName: The Toy
    x-version: v7
    description: Toys that speak.
    externalDocs: {{url: 'https://toys.example/'}}
    x-outer-responses:
      '404': {{$ref: '#/components/responses/Unknown'}}
  - name: doll
security: [{{key: []}}]
paths:
  /{{name}}:
    parameters: [{{in: path, name: name, required: true, schema: {{type: string}}}}]
    get: {{operationId: doll.by_name, responses: {{'200': {{description: Found.}}}}}}
  /dolls:
    get:
      operationId: doll.all
      security: [{{token: []}}]
      responses:
        '200':
          description: All.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Doll'}}}}}}
  /toys:
    post:
      operationId: toy.make
      description: Makes one.
      security: []
      responses: {{'204': {{description: Done.}}}}
    get:
      tags: [toy]
      operationId: list_toys
      responses: {{'200': {{description: All.}}}}
  /health:
    get: {{operationId: health, responses: {{'200': {{description: Well.}}}}}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: key}}
    token: {{type: http, scheme: bearer}}
    unused: {{type: http, scheme: basic}}
  responses:
    Unknown:
      description: Unknown.
      content: {{application/json: {{schema: {{$ref: '#/components/schemas/Problem'}}}}}}
  schemas:
    Problem: {{type: object, required: [title], properties: {{title: {{type: string}}}}}}
    Doll: {{type: object, properties: {{arm: {{$ref: '#/components/schemas/Arm'}}}}}}
    Arm: {{type: object, properties: {{doll: {{$ref: '#/components/schemas/Doll'}}}}}}
    Unused: {{type: string}}
"""


def load_text(folder: Path, text: str, *overlays: str) -> Document:
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    paths = []
    for number, overlay in enumerate(overlays):
        paths.append(folder / f"overlay{number}.yaml")
        paths[-1].write_text(f"overlay: 1.0.0\nactions:\n{overlay}", encoding="utf-8")
    return load(folder / "openapi.yaml", systems=["toy", "doll"], overlays=paths)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return load_text(tmp_path, ROOT)


def test_an_operation_belongs_to_the_system_of_its_id_or_else_of_its_tag(document: Document) -> None:
    assert {one.id: one.system for one in document.operations.values()} == {
        "toy.make": "toy",
        "list_toys": "toy",
        "doll.all": "doll",
        "doll.by_name": "doll",
        "health": "document",
    }


def test_literal_paths_come_before_templates(document: Document) -> None:
    assert list(document.content["paths"]) == ["/dolls", "/health", "/toys", "/{name}"]


def test_a_tag_declares_what_its_system_answers_before_an_operation_is_known(document: Document) -> None:
    (place,) = document.system_responses
    assert place == ("toy", 404)
    validator = document.system_responses[place].content["application/json"]
    assert validator is not None
    assert validator.accepts({"title": "Unknown"})
    assert not validator.accepts({})


def test_overlays_are_applied_in_order(tmp_path: Path) -> None:
    document = load_text(
        tmp_path,
        ROOT,
        "- {target: $.info, update: {title: First, x-a: 1}}",
        "- {target: $.info, update: {title: Second}}",
    )
    assert document.content["info"] == {"title": "Second", "version": "1", "x-a": 1}


def test_an_overlay_may_add_an_operation_without_an_id(tmp_path: Path) -> None:
    document = load_text(
        tmp_path,
        ROOT,
        "- target: $.paths\n  update:\n    /toys/{id}/parts:\n      parameters: [{in: path, name: id, required: true,"
        " schema: {type: string}}]\n      get: {tags: [toy], responses: {200: {description: All.}}}\n"
        "    /weather: {get: {responses: {200: {description: Fine.}}}}",
    )
    assert document.operations["toy.get_toys_id_parts"].system == "toy"
    assert document.operations["document.get_weather"].system == "document"
    assert list(document.operations["document.get_weather"].responses) == ["200"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {}", r"openapi is '3\.2\.0', but only '3\.0\.x' and"),
        ("openapi: 3.1\ninfo: {title: T, version: '1'}\npaths: {}", r"openapi is 3\.1, but only '3\.0\.x' and"),
        ("info: {title: T, version: '1'}\npaths: {}", "openapi is missing, but only"),
        ("swagger: '2.0'\npaths: {}", r"this is Swagger 2\.0, but only OpenAPI 3\.0 and 3\.1 are read; convert it"),
        (HEAD, 'document: "paths" is a required property$'),
        (f"{HEAD}paths: 5", "paths: 5 is not of type"),
        (f"{HEAD}paths: {{/a: 5}}", "paths//a: 5 is not of type"),
        (f"{HEAD}paths: {{/a: {{get: {{operationId: a}}}}}}", '"responses" is a required property$'),
        (
            f"{HEAD}paths:\n  /a/{{b}}: {{get: {{operationId: a, responses: {{200: {{description: x}}}}}}}}",
            "path parameter 'b' is not described",
        ),
        (
            f"{HEAD}paths: {{/a: {{get: {{responses: {{200: {{$ref: '#/components/responses/X'}}}}}}}}}}",
            r"paths//a/get/responses/200: '#/components/responses/X' does not exist in the document",
        ),
        (
            f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '#/components/schemas/A'}}}}}}",
            "components/schemas/A: '#/components/schemas/A' leads back to itself$",
        ),
        (
            f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '#/components/schemas/B'}},"
            " B: {$ref: '#/components/schemas/C'}, C: {$ref: '#/components/schemas/B'}}}",
            r"components/schemas/A: '#/components/schemas/B' leads back to itself",
        ),
        (
            f"{HEAD}paths:\n  /a: {{get: {{operationId: a, responses: {{200: {{description: x}}}}}}}}\n"
            "  /b: {get: {operationId: a, responses: {200: {description: x}}}}",
            "paths//b/get: operationId 'a' is not unique: get /a has it",
        ),
    ],
    ids=[
        "3.2", "3.1 as a number", "no version", "Swagger", "no paths", "wrong paths", "wrong path item", "no responses",
        "undescribed parameter", "dangling", "circle", "way into a circle", "one id twice",
    ],
)  # fmt: skip
def test_an_invalid_document_is_refused_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=rf"(?s)openapi\.yaml: .*{message}"):
        load_text(tmp_path, text)


def test_a_document_that_an_overlay_made_invalid_is_refused_with_both_names(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"openapi\.yaml with .*overlay0\.yaml: not a valid OpenAPI 3\.0 document"):
        load_text(tmp_path, ROOT, "- {target: $.paths, update: {/new: {get: {responses: {200: {$ref: '#/x/Y'}}}}}}")


def test_what_makes_a_document_invalid_is_told_with_its_line(tmp_path: Path) -> None:
    action = "- {target: $.paths, update: {/new: {get: {responses: {200: {$ref: '#/x/Y'}}}}}}"
    with pytest.raises(DocumentError, match=r"overlay0\.yaml:[0-9]+:[0-9]+: paths//new/get.*: '#/x/Y' does not exist"):
        load_text(tmp_path, ROOT, action)


def test_two_operations_that_would_get_the_same_id_are_refused(tmp_path: Path) -> None:
    parameter = "parameters: [{in: path, name: b, required: true, schema: {type: string}}]"
    operation = "get: {responses: {200: {description: x}}}"
    text = f"{HEAD}paths:\n  /a/{{b}}: {{{parameter}, {operation}}}\n  /a/b: {{{operation}}}"
    with pytest.raises(DocumentError, match=r"get /a/b needs an operationId other than document\.get_a_b"):
        load_text(tmp_path, text)


def test_an_extracted_system_has_its_paths_its_tag_and_the_components_that_they_use(document: Document) -> None:
    part = document.extract_system("doll")
    assert {path: list(item) for path, item in part["paths"].items()} == {
        "/dolls": ["get"],
        "/{name}": ["parameters", "get"],
    }
    assert [tag["name"] for tag in part["tags"]] == ["doll"]
    assert set(part["components"]) == {"schemas", "securitySchemes"}
    assert set(part["components"]["schemas"]) == {"Doll", "Arm"}
    assert set(part["components"]["securitySchemes"]) == {"key", "token"}


def test_an_extracted_system_has_a_title_of_its_own_and_its_outer_responses(document: Document) -> None:
    part = document.extract_system("toy")
    assert part["info"] == {"title": "Toys: The Toy", "version": "v7", "description": "Toys that speak."}
    assert part["externalDocs"] == {"url": "https://toys.example/"}
    assert set(part["components"]["responses"]) == {"Unknown"}
    assert set(part["components"]["schemas"]) == {"Problem"}
    assert document.content["info"]["title"] == "Toys"


ACME = """
- {target: $.tags, update: {name: acme, x-displayName: Acme Accounts}}
- target: $.paths
  update:
    /acme/reset: {post: {operationId: acme.reset, tags: [acme], responses: {'204': {description: Done.}}}}
    /ajax: {get: {tags: [ajax], responses: {'204': {description: Done.}}}}
"""


def test_a_system_that_is_not_imitated_is_named_by_the_prefix_of_its_operations(tmp_path: Path) -> None:
    document = load_text(tmp_path, ROOT, ACME)
    assert {one.id: one.system for one in document.operations.values() if one.path.startswith("/a")} == {
        "acme.reset": "acme",
        "ajax.get_ajax": "ajax",
    }
    assert document.document_only_systems == {"acme": "Acme Accounts", "ajax": "ajax", "document": "Other"}
    assert document.system_names == ("toy", "doll", "acme", "ajax", "document")
    part = document.extract_system("acme")
    assert list(part["paths"]) == ["/acme/reset"]
    assert part["info"]["title"] == "Toys: Acme Accounts"


def test_a_system_without_operations_is_unknown(document: Document) -> None:
    with pytest.raises(KeyError, match="puppet"):
        document.extract_system("puppet")


def test_an_export_marks_the_operations_that_are_answered_from_examples(document: Document) -> None:
    exported = document.export(["toy.make"])
    make, listed = exported["paths"]["/toys"]["post"], exported["paths"]["/toys"]["get"]
    assert "x-watchword-answer" not in make
    assert make["description"] == "Makes one."
    assert listed["x-watchword-answer"] == "example"
    assert listed["description"].startswith("*Answered from the document's examples")
    assert "x-watchword-answer" not in document.content["paths"]["/toys"]["get"]


def test_an_export_says_where_an_example_is_from_and_leaves_data_alone(tmp_path: Path) -> None:
    written = {"value": {"examples": {"inner": {"x-source": "data"}}}, "x-source": "assumed"}
    properties = {"examples": {"type": "object", "properties": {"enum": {"x-source": "assumed"}}}}
    media = {"schema": {"type": "object", "properties": properties}, "examples": {"one": written}}
    responses = {"200": {"description": "x", "content": {"application/json": media}}}
    path = tmp_path / "openapi.json"
    text = {
        "openapi": "3.0.3",
        "info": {"title": "x", "version": "1"},
        "paths": {"/x": {"get": {"responses": responses}}},
    }
    path.write_text(json.dumps(text), encoding="utf-8")
    exported = load(path, systems=[]).export([])["paths"]["/x"]["get"]["responses"]["200"]["content"]
    assert exported["application/json"]["examples"] == {"one": {**written, "summary": "one (assumed)"}}
    assert exported["application/json"]["schema"] == media["schema"]


@pytest.mark.parametrize("system", [None, "toy", "doll"])
def test_an_export_can_be_loaded_again(tmp_path: Path, document: Document, system: str | None) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(json.dumps(document.export([], system)), encoding="utf-8")
    operations = load(again, systems=["toy", "doll"]).operations
    wanted = {one.id for one in document.operations.values() if system in (None, one.system)}
    assert set(operations) == wanted


def test_the_representation_of_a_document_is_short(document: Document) -> None:
    assert len(repr(document)) < 100
