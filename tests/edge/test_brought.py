"""Overlays that people bring, over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import START, Api
from watchword.build import Options, build
from watchword.domain.hashing import Profile

Serve = Callable[[str], Api]


@pytest.fixture
def serve(api: Api, tmp_path: Path) -> Serve:
    """Serve the document with an update of its root."""

    def with_update(update: str) -> Api:
        path = tmp_path / "overlay.yaml"
        path.write_text(f"overlay: 1.0.0\nactions:\n- target: $\n  update: {update}", encoding="utf-8")
        options = Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[path])
        return Api(build(options), api.runner, None)

    return with_update


OK = "responses: {'200': {description: Fine.}}, tags: [acme], security: []"


def body(schema: str) -> str:
    return f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"


def test_a_path_item_that_is_a_reference_is_served_with_its_extensions(serve: Serve) -> None:
    api = serve(f"{{x-items: {{one: {{x-a: 1, get: {{{OK}}}}}}}, paths: {{x-b: 2, /one: {{$ref: '#/x-items/one'}}}}}}")
    assert api.request("GET", "/one").status == 200
    assert api.request("GET", "/openapi.json?system=acme").body["paths"]["/one"]["x-a"] == 1


def test_what_the_server_sets_is_not_required_of_clients(serve: Serve) -> None:
    schema = "{type: object, required: [id], properties: {id: {$ref: '#/components/schemas/FId'}}}"
    paths = f"paths: {{/f: {{post: {{{body(schema)}, {OK}}}}}}}"
    api = serve(f"{{{paths}, components: {{schemas: {{FId: {{type: string, readOnly: true}}}}}}}}")
    assert api.request("POST", "/f", json={}).status == 200
    assert api.request("POST", "/f", json={"id": "1"}).status == 400


def test_the_hint_names_the_field_of_the_schema_that_a_discriminator_chooses(serve: Serve) -> None:
    schema = (
        "{oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}], discriminator:"
        " {propertyName: kind, mapping: {dog: '#/components/schemas/Dog', cat: '#/components/schemas/Cat'}}}"
    )
    pets = (
        "Dog: {type: object, required: [kind], properties: {kind: {type: string}, barks: {type: integer}}},"
        " Cat: {type: object, required: [kind], properties: {kind: {type: string}}}"
    )
    api = serve(f"{{paths: {{/pets: {{post: {{{body(schema)}, {OK}}}}}}}, components: {{schemas: {{{pets}}}}}}}")
    assert api.request("POST", "/pets", json={"kind": "dog", "barks": 3}).status == 200
    refused = api.request("POST", "/pets", json={"kind": "dog", "barks": "loud"})
    assert refused.status == 400
    assert refused.body["errors"] == [{"in": "body", "field": "barks", "problem": "must be of type integer"}]


def test_an_overlay_may_make_the_document_one_of_openapi_3_1(serve: Serve) -> None:
    schema = "{type: [object, 'null'], properties: {n: {type: integer, exclusiveMinimum: 5}}}"
    api = serve(
        f"{{openapi: 3.1.0, webhooks: {{w: {{post: {{}}}}}}, paths: {{/n: {{post: {{{body(schema)}, {OK}}}}}}}}}"
    )
    assert [api.request("POST", "/n", json=one).status for one in ({"n": 6}, {"n": 5})] == [200, 400]
    assert api.request("GET", "/openapi.json").body["openapi"] == "3.1.0"
    assert api.request("POST", "/multi/passwords/validate", json={}).body["message"] == "Invalid request"


@pytest.mark.parametrize("text", ["NO", "1e3", "0o10", "010", "1:30", "~", "yes", ".inf", "2026-01-31", "<<", "="])
def test_a_served_yaml_document_means_the_same_in_yaml_1_1_and_1_2(serve: Serve, tmp_path: Path, text: str) -> None:
    content = serve(f"{{info: {{x-text: '{text}'}}}}").request("GET", "/openapi.yaml").content
    line = next(one for one in content.decode().splitlines() if "x-text" in one)
    assert line.split(": ", 1)[1] in (f"'{text}'", f'"{text}"')


def test_two_schemes_of_oauth_together_are_asked_for(serve: Serve) -> None:
    flows = "flows: {clientCredentials: {tokenUrl: 'https://toys.example/token', scopes: {}}}"
    api = serve(
        "{paths: {/a: {get: {responses: {'200': {description: Fine.}}, tags: [acme], security: [{one: [], two: []}]}}},"
        f" components: {{securitySchemes: {{one: {{type: oauth2, {flows}}}, two: {{type: oauth2, {flows}}}}}}}}}"
    )
    assert api.request("GET", "/a").status == 401
    assert api.request("GET", "/a", headers={"Authorization": "Bearer x"}).status == 200


def test_what_stands_beside_a_reference_counts_in_openapi_3_1_wherever_schemas_are_read(serve: Serve) -> None:
    reference = "$ref: '#/components/schemas/Any'"
    age = f"{{name: age, in: query, required: true, schema: {{{reference}, type: integer}}}}"
    size = f"{{name: size, in: query, schema: {{type: array, items: {{{reference}, type: integer, maximum: 9}}}}}}"
    made = f"{{type: object, properties: {{n: {{{reference}, examples: [Ada, Ben]}}, m: {{{reference}, const: 3}}}}}}"
    answer = f"responses: {{'200': {{description: x, content: {{application/json: {{schema: {made}}}}}}}}}"
    get = f"{{parameters: [{age}, {size}], {answer}, tags: [acme], security: []}}"
    api = serve(f"{{openapi: 3.1.0, paths: {{/n: {{get: {get}}}}}, components: {{schemas: {{Any: {{}}}}}}}}")
    reply = api.request("GET", "/n?age=3&size=9")
    assert (reply.status, reply.body) == (200, {"n": "Ada", "m": 3})
    refused = [api.request("GET", f"/n?{query}") for query in ("age=x", "age=3&size=10")]
    assert [one.status for one in refused] == [400, 400]


def test_an_answer_whose_reference_has_an_example_beside_it_is_closed_wherever_it_is_used(serve: Serve) -> None:
    wrong = "{example: {id: 1, more: 2}, schema: {$ref: '#/components/schemas/Toy'}}"
    right = "{schema: {$ref: '#/components/schemas/Toy', examples: [{id: 7}]}}"
    paths = ", ".join(
        f"/{name}: {{get: {{responses: {{'200': {{description: x, content: {{application/json: {media}}}}}}},"
        " tags: [acme], security: []}}"
        for name, media in (("wrong", wrong), ("right", right))
    )
    toy = "Toy: {type: object, properties: {id: {type: integer}}}"
    api = serve(f"{{openapi: 3.1.0, paths: {{{paths}}}, components: {{schemas: {{{toy}}}}}}}")
    assert api.request("GET", "/right").body == {"id": 7}
    assert "watchword-contract-violation" not in api.request("GET", "/right").headers
    assert "more" in api.request("GET", "/wrong").headers["watchword-contract-violation"]
