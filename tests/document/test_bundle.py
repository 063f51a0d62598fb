"""From many hand-written files to one document, in which references stay references."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from watchword.document.bundle import DocumentError, bundle, read_yaml


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write *files*; the root is ``openapi.yaml``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "openapi.yaml"


def bundle_files(folder: Path, **files: str) -> dict[str, Any]:
    return bundle(write(folder, {"openapi.yaml": "a: {$ref: toy/schemas.yaml#/User}", **files}))


def test_a_file_reference_becomes_a_component_of_the_files_name(tmp_path: Path) -> None:
    document = bundle_files(tmp_path, **{"toy/schemas.yaml": "User: {type: object}\nUnused: {type: string}"})
    assert document == {
        "a": {"$ref": "#/components/schemas/User"},
        "components": {"schemas": {"User": {"type": "object"}}},
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
            "toy/schemas.yaml": "User: {$ref: ../shared/schemas.yaml#/Person}",
            "shared/schemas.yaml": "Person: {type: object}",
        },
    )
    assert document["components"]["schemas"] == {
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
            "openapi.yaml": "a: {$ref: '#/components/schemas/Own'}\nb: {$ref: toy/schemas.yaml#/User}\n"
            "components: {schemas: {Own: {type: string}}, securitySchemes: {key: {type: apiKey}}}",
            "toy/schemas.yaml": "User: {type: object}",
        },
    )
    assert bundle(root)["components"] == {
        "schemas": {"Own": {"type": "string"}, "User": {"type": "object"}},
        "securitySchemes": {"key": {"type": "apiKey"}},
    }


def test_two_objects_with_one_name_are_refused_with_both_files(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "a: {$ref: one/schemas.yaml#/User}\nb: {$ref: two/schemas.yaml#/User}",
            "one/schemas.yaml": "User: {type: object}",
            "two/schemas.yaml": "User: {type: string}",
        },
    )
    with pytest.raises(DocumentError, match=r"'User' is defined in .*one/schemas\.yaml and in .*two/schemas\.yaml"):
        bundle(root)


def test_a_file_cannot_take_a_name_of_the_root(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "openapi.yaml": "a: {$ref: toy/schemas.yaml#/User}\ncomponents: {schemas: {User: {type: string}}}",
            "toy/schemas.yaml": "User: {type: object}",
        },
    )
    with pytest.raises(DocumentError, match=r"'User' is defined in .*openapi\.yaml and in .*toy/schemas\.yaml"):
        bundle(root)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"toy/schemas\.yaml: .*No such file"),
        ({"toy/schemas.yaml": "Other: {}"}, r"openapi\.yaml: 'toy/schemas\.yaml#/User' does not exist"),
        ({"toy/schemas.yaml": "- User"}, r"'toy/schemas\.yaml#/User' does not exist"),
        (
            {"toy/schemas.yaml": "User: {items: {$ref: '#/User'}}"},
            r"toy/schemas\.yaml: '#/User' must name its file, for example schemas\.yaml#/Name",
        ),
        ({"toy/schemas.yaml": "User: {a: 1"}, r"toy/schemas\.yaml: .*line 1, column"),
    ],
    ids=["missing file", "missing name", "not a mapping", "no file name", "not YAML"],
)
def test_a_reference_without_a_target_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DocumentError, match=f"(?s){message}"):
        bundle_files(tmp_path, **files)


def test_a_document_is_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"openapi\.yaml: an OpenAPI document is a mapping"):
        bundle(write(tmp_path, {"openapi.yaml": "[]"}))


def yaml_of(folder: Path, text: str) -> Any:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_a_duplicate_key_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"(?s)file\.yaml: duplicate key 'b'.*line 3, column 3"):
        yaml_of(tmp_path, "a:\n  b: 1\n  b: 2\n")


def test_timestamps_stay_strings(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "a: 2026-01-31T12:00:00Z\nb: 2026-01-31") == {
        "a": "2026-01-31T12:00:00Z",
        "b": "2026-01-31",
    }


def test_keys_are_strings_as_written(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "{404: a, on: b, null: c, 1.10: d, 2026-01-31: e}") == {
        "404": "a",
        "on": "b",
        "null": "c",
        "1.10": "d",
        "2026-01-31": "e",
    }


def test_other_values_are_read_as_yaml(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "[1, 1.5, true, null, '1', text]") == [1, 1.5, True, None, "1", "text"]


def test_json_is_yaml(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, '{"a": {"b": [1, "\\u00e4"]}}') == {"a": {"b": [1, "ä"]}}


@pytest.mark.parametrize("text", ["&a {b: *a}", "a: &a [*a]"], ids=["mapping", "list"])
def test_a_node_that_contains_itself_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match="recursive"):
        yaml_of(tmp_path, text)


def test_a_key_that_is_not_a_scalar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"(?s)a key must be a scalar.*line 1"):
        yaml_of(tmp_path, "? [a, b]\n: 1\n")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: \xff")
    with pytest.raises(DocumentError, match=r"file\.yaml: "):
        read_yaml(path)


def test_yaml_cannot_create_python_objects(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="could not determine a constructor"):
        yaml_of(tmp_path, "a: !!python/object/apply:os.getcwd []")
