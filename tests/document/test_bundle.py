"""Many hand-written files to one document with its references kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from watchword.document.bundle import DocumentError, bundle, read_yaml


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write *files*; the root is ``openapi.yaml``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "openapi.yaml"


def bundled(folder: Path, **files: str) -> dict[str, Any]:
    return bundle(written(folder, {"openapi.yaml": "a: {$ref: toy/schemas.yaml#/User}", **files}))


def test_a_file_reference_becomes_a_component_of_the_files_name(tmp_path: Path) -> None:
    document = bundled(tmp_path, **{"toy/schemas.yaml": "User: {type: object}\nUnused: {type: string}"})
    assert document == {
        "a": {"$ref": "#/components/schemas/User"},
        "components": {"schemas": {"User": {"type": "object"}}},
    }


def test_references_are_kept_and_never_copied_in_place(tmp_path: Path) -> None:
    document = bundled(
        tmp_path,
        **{
            "toy/schemas.yaml": "User: {properties: {home: {$ref: schemas.yaml#/Address}, work: "
            "{$ref: schemas.yaml#/Address}}}\nAddress: {type: object}"
        },
    )
    address = {"$ref": "#/components/schemas/Address"}
    assert document["components"]["schemas"]["User"]["properties"] == {"home": address, "work": address}
    assert document["components"]["schemas"]["Address"] == {"type": "object"}


def test_a_schema_may_lead_back_into_itself(tmp_path: Path) -> None:
    document = bundled(
        tmp_path,
        **{
            "toy/schemas.yaml": "User: {properties: {friend: {$ref: schemas.yaml#/User}, pet: {$ref: "
            "schemas.yaml#/Pet}}}\nPet: {properties: {owner: {$ref: schemas.yaml#/User}}}"
        },
    )
    schemas = document["components"]["schemas"]
    assert schemas["User"]["properties"]["friend"] == {"$ref": "#/components/schemas/User"}
    assert schemas["Pet"]["properties"]["owner"] == {"$ref": "#/components/schemas/User"}


def test_references_lead_over_folders(tmp_path: Path) -> None:
    document = bundled(
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


def test_path_items_are_put_in_place_with_their_own_references(tmp_path: Path) -> None:
    root = written(
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


def test_the_roots_own_components_stay(tmp_path: Path) -> None:
    root = written(
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


def test_two_objects_of_one_name_are_refused_with_both_places(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        {
            "openapi.yaml": "a: {$ref: one/schemas.yaml#/User}\nb: {$ref: two/schemas.yaml#/User}",
            "one/schemas.yaml": "User: {type: object}",
            "two/schemas.yaml": "User: {type: string}",
        },
    )
    with pytest.raises(DocumentError, match=r"'User' is defined in .*one/schemas\.yaml and in .*two/schemas\.yaml"):
        bundle(root)


def test_a_name_of_the_root_cannot_be_taken_by_a_file(tmp_path: Path) -> None:
    root = written(
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
        ({"toy/schemas.yaml": "Other: {}"}, r"openapi\.yaml: 'toy/schemas\.yaml#/User' leads nowhere"),
        ({"toy/schemas.yaml": "- User"}, r"'toy/schemas\.yaml#/User' leads nowhere"),
        (
            {"toy/schemas.yaml": "User: {items: {$ref: '#/User'}}"},
            r"toy/schemas\.yaml: '#/User' must name its file, for example schemas\.yaml#/Name",
        ),
        ({"toy/schemas.yaml": "User: {a: 1"}, r"toy/schemas\.yaml: .*line 1, column"),
    ],
    ids=["no file", "no such name", "no mapping", "no file named", "no yaml"],
)
def test_a_reference_that_cannot_be_followed_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DocumentError, match=f"(?s){message}"):
        bundled(tmp_path, **files)


def test_a_document_is_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"openapi\.yaml: an OpenAPI document is a mapping"):
        bundle(written(tmp_path, {"openapi.yaml": "[]"}))


def yaml_of(folder: Path, text: str) -> Any:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_a_key_that_stands_twice_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"(?s)file\.yaml: the key 'b' stands twice.*line 3, column 3"):
        yaml_of(tmp_path, "a:\n  b: 1\n  b: 2\n")


def test_timestamps_stay_the_strings_they_were_written_as(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "a: 2026-01-31T12:00:00Z\nb: 2026-01-31") == {
        "a": "2026-01-31T12:00:00Z",
        "b": "2026-01-31",
    }


def test_keys_are_strings_as_they_were_written(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "{404: a, on: b, null: c, 1.10: d, 2026-01-31: e}") == {
        "404": "a",
        "on": "b",
        "null": "c",
        "1.10": "d",
        "2026-01-31": "e",
    }


def test_other_values_are_what_yaml_says(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "[1, 1.5, true, null, '1', text]") == [1, 1.5, True, None, "1", "text"]


def test_json_is_yaml(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, '{"a": {"b": [1, "\\u00e4"]}}') == {"a": {"b": [1, "ä"]}}


@pytest.mark.parametrize("text", ["&a {b: *a}", "a: &a [*a]"], ids=["mapping", "list"])
def test_a_node_inside_of_itself_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match="recursive"):
        yaml_of(tmp_path, text)


def test_a_key_that_is_no_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"(?s)a key must be a plain word.*line 1"):
        yaml_of(tmp_path, "? [a, b]\n: 1\n")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: \xff")
    with pytest.raises(DocumentError, match=r"file\.yaml: "):
        read_yaml(path)


def test_yaml_cannot_make_python_objects(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="could not determine a constructor"):
        yaml_of(tmp_path, "a: !!python/object/apply:os.getcwd []")
