"""From many hand-written files to one document, in which references stay references."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from watchword.document import DocumentError
from watchword.document.bundle import bundle


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write *files*; the root is ``openapi.yaml``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "openapi.yaml"


def bundle_files(folder: Path, **files: str) -> dict[str, Any]:
    return bundle(
        write(folder, {"openapi.yaml": "components: {schemas: {A: {$ref: toy/schemas.yaml#/User}}}", **files})
    )


def test_a_file_reference_becomes_a_component_of_the_files_name(tmp_path: Path) -> None:
    document = bundle_files(tmp_path, **{"toy/schemas.yaml": "User: {type: object}\nUnused: {type: string}"})
    assert document == {
        "components": {"schemas": {"A": {"$ref": "#/components/schemas/User"}, "User": {"type": "object"}}}
    }


def test_references_stay_references(tmp_path: Path) -> None:
    document = bundle_files(
        tmp_path,
        **{
            "toy/schemas.yaml": "User: {properties: {home: {$ref: schemas.yaml#/Address}, work: "
            "{$ref: schemas.yaml#/Address}}}\nAddress: {type: object}"
        },
    )
    address = {"$ref": "#/components/schemas/Address"}
    assert document["components"]["schemas"]["User"]["properties"] == {"home": address, "work": address}
    assert document["components"]["schemas"]["Address"] == {"type": "object"}


def test_a_schema_may_refer_to_itself(tmp_path: Path) -> None:
    document = bundle_files(
        tmp_path,
        **{
            "toy/schemas.yaml": "User: {properties: {friend: {$ref: schemas.yaml#/User}, pet: {$ref: "
            "schemas.yaml#/Pet}}}\nPet: {properties: {owner: {$ref: schemas.yaml#/User}}}"
        },
    )
    schemas = document["components"]["schemas"]
    assert schemas["User"]["properties"]["friend"] == {"$ref": "#/components/schemas/User"}
    assert schemas["Pet"]["properties"]["owner"] == {"$ref": "#/components/schemas/User"}


def test_references_may_lead_to_another_folder(tmp_path: Path) -> None:
    document = bundle_files(
        tmp_path,
        **{
            "toy/schemas.yaml": "User: {$ref: ../common/schemas.yaml#/Person}",
            "common/schemas.yaml": "Person: {type: object}",
        },
    )
    assert document["components"]["schemas"] == {
        "A": {"$ref": "#/components/schemas/User"},
        "User": {"$ref": "#/components/schemas/Person"},
        "Person": {"type": "object"},
    }


def test_path_items_replace_their_references(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "paths: {/users: {$ref: toy/paths.yaml#/users}}",
            "toy/paths.yaml": "users: {get: {responses: {200: {$ref: responses.yaml#/Users}}}}",
            "toy/responses.yaml": "Users: {description: All of them.}",
        },
    )
    document = bundle(root)
    assert document["paths"]["/users"]["get"]["responses"] == {"200": {"$ref": "#/components/responses/Users"}}
    assert document["components"]["responses"] == {"Users": {"description": "All of them."}}


def test_the_components_of_the_root_stay(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "components: {schemas: {Own: {$ref: toy/schemas.yaml#/User}},"
            " securitySchemes: {key: {type: apiKey}}}",
            "toy/schemas.yaml": "User: {type: object}",
        },
    )
    assert bundle(root)["components"] == {
        "schemas": {"Own": {"$ref": "#/components/schemas/User"}, "User": {"type": "object"}},
        "securitySchemes": {"key": {"type": "apiKey"}},
    }


def test_of_two_objects_with_one_name_the_second_gets_a_number(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "components: {schemas: {A: {$ref: one/schemas.yaml#/User},"
            " B: {$ref: two/schemas.yaml#/User}, C: {$ref: one/schemas.yaml#/User}}}",
            "one/schemas.yaml": "User: {type: object}",
            "two/schemas.yaml": "User: {type: string}",
        },
    )
    assert bundle(root)["components"]["schemas"] == {
        "A": {"$ref": "#/components/schemas/User"},
        "B": {"$ref": "#/components/schemas/User_2"},
        "C": {"$ref": "#/components/schemas/User"},
        "User": {"type": "object"},
        "User_2": {"type": "string"},
    }


def test_a_file_cannot_take_a_name_of_the_root(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "components: {schemas: {User: {type: string}, A: {$ref: toy/schemas.yaml#/User}}}",
            "toy/schemas.yaml": "User: {type: object}",
        },
    )
    schemas = bundle(root)["components"]["schemas"]
    assert schemas["User"] == {"type": "string"}
    assert (schemas["A"], schemas["User_2"]) == ({"$ref": "#/components/schemas/User_2"}, {"type": "object"})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {},
            r"openapi\.yaml:\d+:\d+: 'toy/schemas\.yaml#/User' leads to \S*/schemas\.yaml, and there is no such file$",
        ),
        ({"toy/schemas.yaml": "Other: {}"}, r"openapi\.yaml:[0-9]+:[0-9]+: 'toy/schemas\.yaml#/User' does not exist"),
        ({"toy/schemas.yaml": "- User"}, r"'toy/schemas\.yaml#/User' does not exist"),
        ({"toy/schemas.yaml": "User: {items: {$ref: '#/Other'}}"}, r"toy/schemas\.yaml:1:22: '#/Other' does not exist"),
        (
            {"toy/schemas.yaml": "User: {items: {$ref: 'https://toys.example/schemas.yaml#/User'}}"},
            r"toy/schemas\.yaml:1:22: 'https://.*' is on the network; only files are read",
        ),
        ({"toy/schemas.yaml": "User: {a: 1"}, r"toy/schemas\.yaml:2:[0-9]+: "),
    ],
    ids=["missing file", "missing name", "not a mapping", "missing name of its own", "network", "not YAML"],
)
def test_a_reference_without_a_target_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DocumentError, match=f"(?s){message}"):
        bundle_files(tmp_path, **files)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (None, "api/openapi.yaml:1:34: 'other.yaml' leads to api/other.yaml, and there is no such file"),
        ("not: {$ref: '#/b'}", "api/other.yaml:1:13: '#/b' does not exist"),
        ("a: [", "api/other.yaml:2:1: while"),
    ],
    ids=["missing file", "missing name", "not YAML"],
)
def test_files_are_called_as_they_are_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str | None, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    content = {"openapi.yaml": "components: {schemas: {A: {$ref: other.yaml}}}"}
    root = write(tmp_path / "api", content if other is None else {**content, "other.yaml": other})
    with pytest.raises(DocumentError) as error:
        bundle(root)
    assert str(error.value).startswith(told)


@pytest.mark.parametrize("reference", ["loop.yaml", "loop.yaml#/User", "loop.yaml/schemas.yaml#/User"])
def test_a_reference_to_a_link_that_leads_to_itself_is_refused(tmp_path: Path, reference: str) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    root = write(tmp_path, {"openapi.yaml": f"components: {{schemas: {{A: {{$ref: {reference}}}}}}}"})
    with pytest.raises(
        DocumentError, match=rf"openapi\.yaml:1:34: '{reference}' leads to \S*, which is a symbolic link that"
    ):
        bundle(root)


def test_a_document_is_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"openapi\.yaml: an OpenAPI document is a mapping"):
        bundle(write(tmp_path, {"openapi.yaml": "[]"}))
