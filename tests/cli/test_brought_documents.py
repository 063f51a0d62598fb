"""Overlays that people bring, from the command line to the answers over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.commands import refused, write
from tests.serving import Served, serving

pytestmark = pytest.mark.usefixtures("logging_as_before")

YAML = """
overlay: 1.0.0
info: {title: Countries, version: "1"}
actions:
  - target: $
    update:
      paths:
        /countries:
          get:
            tags: [fifth]
            security: []
            parameters: [{name: code, in: query, schema: {type: string, enum: [NO, SE]}}]
            responses: {200: {description: x, content: {application/json: {schema: {type: string, enum: [NO, SE]}}}}}
        /beside:
          get:
            tags: [fifth]
            security: []
            responses: {200: {description: x, content: {application/json: {schema: {$ref: "./more.yaml#/Beside"}}}}}
        /whole:
          post:
            tags: [fifth]
            security: []
            requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/FWhole/properties/id"}}}}
            responses: {200: {description: x}}
      components:
        schemas:
          FWhole: {type: object, properties: {id: {type: integer}}}
          id: {type: string}
"""
EMOJI = "\U0001f600"
MEMBERS = {"members": [{"$ref": "https://example.com/v2/Users/1"}], "mood": EMOJI}


def operation(example: Any) -> dict[str, Any]:
    content = {"application/json": {"example": example}}
    return {"get": {"tags": ["fifth"], "security": [], "responses": {"200": {"description": "x", "content": content}}}}


JSON = {
    "overlay": "1.1.0",
    "info": {"title": f"Members {EMOJI}", "version": "1", "description": "Overlay 1.1"},
    "actions": [
        {"target": "$.paths", "update": {"/members": operation(MEMBERS), "/copied": {}}},
        {"target": "$.paths['/copied']", "copy": "$.paths['/members']"},
        {
            "target": "$.paths['/copied'].get.responses['200'].content['application/json'].example.mood",
            "update": "fine",
        },
    ],
}


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("brought")
    write(folder / "more.yaml", "Beside: {type: object, example: {beside: true}}")
    text = json.dumps(JSON)
    assert "\\ud83d\\ude00" in text
    files = write(folder / "countries.yaml", YAML), write(folder / "members.json", text)
    with serving(folder, *(word for file in files for word in ("--overlay", file))) as served:
        yield served


def test_plain_words_in_yaml_are_texts(brought: Served) -> None:
    assert httpx.get(f"{brought.url}/countries").json() == "NO"
    statuses = [httpx.get(f"{brought.url}/countries?code={one}").status_code for one in ("NO", "SE", "false")]
    assert statuses == [200, 200, 400]


def test_escapes_in_json_are_read_as_json_and_examples_hold_no_references(brought: Served) -> None:
    assert httpx.get(f"{brought.url}/members").json() == MEMBERS


def test_an_overlay_1_1_copies_and_replaces_single_values(brought: Served) -> None:
    assert httpx.get(f"{brought.url}/copied").json() == {**MEMBERS, "mood": "fine"}


def test_a_reference_of_an_overlay_leads_to_a_file_beside_it(brought: Served) -> None:
    assert httpx.get(f"{brought.url}/beside").json() == {"beside": True}


def test_a_reference_into_a_component_is_not_one_to_another_component_of_that_name(brought: Served) -> None:
    statuses = [httpx.post(f"{brought.url}/whole", json=one).status_code for one in (1, "x")]
    assert statuses == [200, 400]


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (
            "{description: x, content: {application/json: {schema: {type: [string, 'null']}}}}",
            'content/application/json/schema/type: ["string","null"] is not of type "string"; this is OpenAPI 3.1, and'
            " the document says 3.0.3",
        ),
        (
            "{description: x, content: {application/json: {schema: {type: string, pattern: (}}}}",
            "content/application/json/schema: pattern '(' is not a regular expression",
        ),
        ("{description: false}", 'description: false is not of type "string"'),
    ],
    ids=["OpenAPI 3.1", "pattern", "description"],
)
def test_a_wrong_response_is_refused_with_the_innermost_error_and_its_place(
    tmp_path: Path, response: str, message: str
) -> None:
    update = f"{{/f: {{get: {{responses: {{200: {response}}}}}}}}}"
    overlay = write(tmp_path / "o.yaml", f"overlay: 1.0.0\nactions: [{{target: $.paths, update: {update}}}]")
    result = refused(tmp_path, "--overlay", overlay)
    assert result.exit_code == 2
    assert f"paths//f/get/responses/200/{message}" in result.stderr


BREAKING = """
overlay: 1.0.0
actions:
  - target: $.paths['/login_with_password']
    remove: true
  - target: $.components.schemas.MultiPasswordValue
    update: {maxLength: 64}
  - target: $.components.schemas.WeavrUpdateConflict
    update: {description: changed}
  - target: $.paths
    update:
      /f/{a}:
        parameters: [{name: a, in: path, required: true, schema: {type: string}}]
        get:
          operationId: fifth.a
          tags: [fifth]
          x-rules: [weavr.nosuch]
          responses:
            200:
              description: x
              content: {application/json: {schema: {type: object, required: [a]}, example: {b: 1}}}
      /f/{b}:
        parameters: [{name: b, in: path, required: true, schema: {type: string}}]
        get: {operationId: fifth.b, tags: [fifth], responses: {200: {description: x}}}
      /: {get: {operationId: fifth.root, tags: [fifth], responses: {200: {description: x}}}}
"""


def test_a_start_tells_everything_that_an_overlay_breaks(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", BREAKING)
    with serving(tmp_path, "--overlay", overlay) as served:
        assert httpx.get(f"{served.url}/__admin/health").status_code == 200
        log = served.log.read_text(encoding="utf-8")
    for sentence in (
        "The handler of weavr_multi.login_with_password is lost: POST /login_with_password is not in the document any"
        " more.",
        "MultiPasswordValue: the document says maxLength 64, but the rule weavr.password.length compares 30",
        "of Weavr Embedded Payment Run (weavr_payment_run.update_password)",
        "GET /f/{a} and /f/{b} match the same requests; the first one answers.",
        "fifth.a: example (only) of 200: a is required.",
        "fifth.a: x-rules names weavr.nosuch, but there is no such rule (watchword rules lists them).",
        "fifth.root: GET / takes the place of a page of Watchword.",
    ):
        assert sentence in log
    assert "Traceback" not in log
