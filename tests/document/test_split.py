"""Documents in several files, in the layouts that people and their tools split them into."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import run
from tests.document.test_bundle import write
from watchword.build import Options, build
from watchword.document import DocumentError, load
from watchword.document.bundle import bundle

HEAD = "openapi: 3.0.3\ninfo: {title: Toys, version: '1'}\n"
USER = "type: object\nrequired: [name]\nproperties: {name: {type: string, example: Ada}, pet: {$ref: PET}}\n"
PET = "type: object\nproperties: {kind: {type: string, example: cat}, owner: {$ref: USER}}\n"
CONTENT = "content: {application/json: {schema: {$ref: USER}}}"
GET = f"get: {{operationId: user, responses: {{'200': {{description: x, {CONTENT}}}}}}}"


def put(text: str, **references: str) -> str:
    """Replace the references of *text* that are written in capitals."""
    for name, reference in references.items():
        text = text.replace(f"$ref: {name}", f"$ref: '{reference}'")
    return text


FILES = {
    "schemas/User.yaml": put(USER, PET="Pet.yaml"),
    "schemas/Pet.yaml": put(PET, USER="./User.yaml"),
    "paths/user.yaml": put(GET, USER="../schemas/User.yaml"),
}
INDEX = {**FILES, "schemas/_index.yaml": "User: {$ref: ./User.yaml}\nPet: {$ref: ./Pet.yaml}\n"}
BY_INDEX = {"paths/user.yaml": put(GET, USER="../schemas/_index.yaml#/User")}
PATHS = "paths: {/user: {$ref: paths/user.yaml}}\n"
OWN = "components: {schemas: {User: {$ref: schemas/User.yaml}, Pet: {$ref: schemas/Pet.yaml}}}\n"

LAYOUTS: dict[str, Mapping[str, str]] = {
    "path files and schema files": {"openapi.yaml": HEAD + PATHS, **FILES},
    "files that the root names too": {"openapi.yaml": HEAD + PATHS + OWN, **FILES},
    "another spelling of a path": {
        "openapi.yaml": HEAD + PATHS + OWN.replace("schemas/User", "./paths/../schemas/User"),
        **FILES,
        "paths/user.yaml": put(GET, USER="../paths/.././schemas/%55ser.yaml#"),
        "schemas/Pet.yaml": put(PET, USER="User.yaml#/"),
    },
    "an index of schemas": {
        "openapi.yaml": HEAD + PATHS + "components: {schemas: {User: {$ref: schemas/_index.yaml#/User}}}\n",
        **INDEX,
    },
    "paths by the index": {"openapi.yaml": HEAD + PATHS + OWN, **INDEX, **BY_INDEX},
    "the schemas are the index": {
        "openapi.yaml": HEAD + PATHS + "components: {schemas: {$ref: schemas/_index.yaml}}\n",
        **INDEX,
        **BY_INDEX,
    },
    "the paths are a file": {
        "openapi.yaml": HEAD + "paths: {$ref: paths/_index.yaml}\n" + OWN,
        **FILES,
        "paths/_index.yaml": "/user: {$ref: ./user.yaml}\n",
    },
    "components in one file": {
        "openapi.yaml": HEAD + PATHS + "components: {$ref: components.yaml}\n",
        **FILES,
        "components.yaml": "schemas: {User: {$ref: schemas/User.yaml}, Pet: {$ref: schemas/Pet.yaml}}\n",
    },
    "references back to the root": {
        "openapi.yaml": HEAD + PATHS + OWN,
        **FILES,
        "paths/user.yaml": put(GET, USER="../openapi.yaml#/components/schemas/User"),
        "schemas/Pet.yaml": put(PET, USER="../openapi.yaml#/components/schemas/User"),
    },
    "all schemas in one file": {
        "openapi.yaml": HEAD + PATHS + OWN.replace("/User.yaml", ".yaml#/User").replace("/Pet.yaml", ".yaml#/Pet"),
        "paths/user.yaml": put(GET, USER="../schemas.yaml#/User"),
        "schemas.yaml": f"User:\n  {put(USER, PET='#/Pet')}Pet:\n  {put(PET, USER='#/User')}".replace(
            "\nrequired", "\n  required"
        ).replace("\nproperties", "\n  properties"),
    },
    "schemas in a document of their own": {
        "openapi.yaml": HEAD + PATHS + OWN.replace("User.yaml", "all.yaml#/components/schemas/User"),
        **FILES,
        "schemas/all.yaml": "components: {schemas: {User: {$ref: '#/definitions/User'}}}\n"
        "definitions: {User: {$ref: User.yaml}}\n",
    },
    "an operation in a file": {
        "openapi.yaml": HEAD + "paths: {/user: {get: {$ref: paths/get.yaml}}}\n" + OWN,
        **FILES,
        "paths/get.yaml": json.dumps(
            {"operationId": "user", "responses": {"200": {"$ref": "../responses/User.yaml"}}},
        ),
        "responses/User.yaml": "description: x\n"
        "content: {application/json: {schema: {$ref: ../schemas/User.yaml}, examples: {$ref: ../examples/all.yaml}}}",
        "examples/all.yaml": "ada: {value: {name: Ada, pet: {kind: cat}}}",
    },
}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_usual_layout_is_one_document_with_each_schema_once(tmp_path: Path, files: Mapping[str, str]) -> None:
    document = load(write(tmp_path, files), owner="toys")
    schemas = document.content["components"]["schemas"]
    assert sorted(schemas) == ["Pet", "User"]
    assert schemas["User"]["properties"]["pet"] == {"$ref": "#/components/schemas/Pet"}
    assert schemas["Pet"]["properties"]["owner"] == {"$ref": "#/components/schemas/User"}
    answer = document.operations["user"].responses["200"].content["application/json"]
    assert answer is not None
    assert [answer.accepts(one) for one in ({"name": "Ada"}, {"name": "Ada", "pet": {"owner": {}}})] == [True, False]


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_usual_layout_is_served(tmp_path: Path, files: Mapping[str, str]) -> None:
    built = build(Options(documents={"toys": write(tmp_path, files)}))
    (answers,) = built.documents["toys"].example_answers.values()
    body: Any = next(iter(answers["200"].representations[0].bodies.values()))
    assert (body["name"], body["pet"]["kind"]) == ("Ada", "cat")


def test_references_of_an_overlay_to_split_files_are_exported(tmp_path: Path) -> None:
    files = {**INDEX, **BY_INDEX, "paths/_index.yaml": "/toys/user: {$ref: ./user.yaml}\n"}
    write(tmp_path, files)
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\nactions:\n"
        "  - {target: $.components.schemas, update: {ToyUser: {$ref: schemas/User.yaml}}}\n"
        "  - {target: $.paths, update: {$ref: paths/_index.yaml}}\n"
    )
    result = run(tmp_path, "export", "openapi", "--overlay", str(overlay), "--format", "json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    media = document["paths"]["/toys/user"]["get"]["responses"]["200"]["content"]["application/json"]
    user = document["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
    assert document["components"]["schemas"][user["properties"]["pet"]["$ref"].rpartition("/")[2]]["type"] == "object"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.yaml": "{$ref: b.yaml#/a}", "b.yaml": "a: {$ref: a.yaml#/a}"}, r":1:\d+: .*itself"),
        (
            {"a.yaml": "{properties: {b: {$ref: '#/components/schemas/B'}}}"},
            r":1:25: .*'#' is this file: write the path of openapi",
        ),
        ({"a.yaml": "{properties: {b: {$ref: 'b.yaml#/X/y'}}}", "b.yaml": "X: {$ref: '#/X'}"}, ": .*itself"),
    ],
    ids=["a circle", "the root is meant", "a circle on the way"],
)
def test_a_reference_that_leads_nowhere_is_refused_with_its_file(
    tmp_path: Path, files: Mapping[str, str], message: str
) -> None:
    root = f"{HEAD}components: {{schemas: {{A: {{$ref: a.yaml#}}, B: {{type: string}}}}}}\n"
    with pytest.raises(DocumentError, match=f"[ab]\\.yaml{message}"):
        bundle(write(tmp_path, {"openapi.yaml": root, **files}))


def test_path_items_that_lead_back_to_themselves_are_refused(tmp_path: Path) -> None:
    files = {"openapi.yaml": f"{HEAD}paths: {{/a: {{$ref: a.yaml}}}}\n", "a.yaml": "$ref: ./a.yaml"}
    with pytest.raises(DocumentError, match=r"a\.yaml:1:[0-9]+: '\./a\.yaml' leads back to itself"):
        bundle(write(tmp_path, files))
