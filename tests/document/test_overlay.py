"""OpenAPI Overlay 1.0: change a document without editing its files."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from watchword.document import DocumentError
from watchword.document.overlay import apply_overlay
from watchword.document.structure import fields_without_effect

DOCUMENT: dict[str, Any] = {
    "info": {"title": "Toy", "contact": {"name": "Ada"}},
    "tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "paths": {
        "/users": {"get": {"summary": "List", "tags": ["a"], "deprecated": True}},
        "/users/{id}": {"get": {"summary": "One", "tags": ["a"]}, "delete": {"summary": "Remove"}},
    },
}


def overlay(folder: Path, actions: str) -> dict[str, Any]:
    path = folder / "overlay.yaml"
    path.write_text(f"overlay: 1.0.0\ninfo: {{title: Change, version: '1'}}\nactions:\n{actions}", encoding="utf-8")
    return apply_overlay(DOCUMENT, path)


def test_an_update_is_merged_into_its_target(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: $.info, update: {version: '2', contact: {url: 'https://x'}}}")
    assert changed["info"] == {"title": "Toy", "version": "2", "contact": {"name": "Ada", "url": "https://x"}}


def test_an_update_replaces_plain_values(tmp_path: Path) -> None:
    assert overlay(tmp_path, "- {target: $.info, update: {title: New, contact: none}}")["info"] == {
        "title": "New",
        "contact": "none",
    }


def test_an_update_may_change_the_root(tmp_path: Path) -> None:
    assert overlay(tmp_path, "- {target: $, update: {x-new: 1}}") == {**DOCUMENT, "x-new": 1}


def test_an_update_of_an_array_is_appended_as_one_entry(tmp_path: Path) -> None:
    assert overlay(tmp_path, "- {target: $.tags, update: {name: d}}")["tags"][3:] == [{"name": "d"}]


def test_arrays_in_an_updated_object_are_joined(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: \"$.paths['/users'].get\", update: {tags: [b]}}")
    assert changed["paths"]["/users"]["get"]["tags"] == ["a", "b"]


def test_an_update_changes_every_node_that_the_target_matches(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: '$.paths.*.get', update: {x-new: true}}")
    assert [item["get"]["x-new"] for item in changed["paths"].values()] == [True, True]
    assert "x-new" not in changed["paths"]["/users/{id}"]["delete"]


def test_nodes_of_one_update_share_no_value(tmp_path: Path) -> None:
    changed = overlay(
        tmp_path,
        "- {target: '$.paths.*.get', update: {x-new: {list: []}}}\n"
        "- {target: \"$.paths['/users'].get['x-new'].list\", update: 1}",
    )
    assert [item["get"]["x-new"]["list"] for item in changed["paths"].values()] == [[1], []]


def test_a_removal_removes_the_node(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: \"$.paths['/users'].get.deprecated\", remove: true}")
    assert changed["paths"]["/users"]["get"] == {"summary": "List", "tags": ["a"]}


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("$.tags[0]", ["b", "c"]),
        ("$.tags[0,1]", ["c"]),
        ("$.tags[2,0]", ["b"]),
        ("$.tags[0,0]", ["b", "c"]),
        ("$.tags[-1,0]", ["b"]),
        ("$.tags[?@.name != 'b']", ["b"]),
        ("$.tags[*]", []),
    ],
)
def test_a_removal_removes_exactly_the_entries_that_the_target_matches(
    tmp_path: Path, target: str, left: list[str]
) -> None:
    assert [tag["name"] for tag in overlay(tmp_path, f'- {{target: "{target}", remove: true}}')["tags"]] == left


def test_a_node_and_its_descendants_can_be_removed_together(tmp_path: Path) -> None:
    assert overlay(tmp_path, "- {target: '$.paths..*', remove: true}")["paths"] == {}


def test_remove_takes_precedence_over_update_in_one_action(tmp_path: Path) -> None:
    assert "contact" not in overlay(tmp_path, "- {target: $.info.contact, remove: true, update: {a: 1}}")["info"]


def test_actions_are_applied_in_order(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: $.info, update: {extra: {a: 1}}}\n- {target: $.info.extra, update: {b: 2}}")
    assert changed["info"]["extra"] == {"a": 1, "b": 2}


def test_a_target_that_matches_nothing_is_not_an_error(tmp_path: Path) -> None:
    actions = "- {target: $.nothing, remove: true}\n- {target: \"$.paths['/x']\", update: {a: 1}}"
    assert overlay(tmp_path, actions) == DOCUMENT


def test_a_target_that_matches_nothing_gives_a_warning_with_file_and_number(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    overlay(tmp_path, "- {target: $.info, update: {a: 1}}\n- {target: \"$.paths['/usr']\", update: {a: 1}}")
    place = tmp_path / "overlay.yaml"
    assert caplog.messages == [f"""{place}:5:4: action 2: target "$.paths['/usr']" matches nothing in the document"""]
    assert caplog.records[0].levelname == "WARNING"


@pytest.mark.parametrize("done", ["update: {a: 1}", "remove: true"])
def test_a_field_that_is_not_known_gives_a_warning_at_its_line_with_the_nearest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, done: str
) -> None:
    actions = f"- target: $.info\n  {done}\n  x-why: because\n  udpate: {{b: 1}}"
    changed, place = overlay(tmp_path, actions), tmp_path / "overlay.yaml"
    assert changed.get("info") == (None if done == "remove: true" else {**DOCUMENT["info"], "a": 1})
    assert caplog.messages == [f"{place}:7:3: action 1: 'udpate' is not known and has no effect; nearest: update"]


@pytest.mark.parametrize(
    ("version", "update", "told"),
    [
        ("3.0.3", "{responses: {'409': {description: C, content: {}}}}", ["description", "content"]),
        ("3.0.3", "{requestBody: {required: true}}", ["required"]),
        ("3.0.3", "{requestBody: {x-note: 1}}", []),
        ("3.0.3", "{responses: {'409': {$ref: '#/components/responses/Gone', description: C}}}", []),
        ("3.0.3", "{responses: {'200': {content: {a/b: {schema: {maxLength: 64}}}}}}", ["maxLength"]),
        ("3.1.0", "{responses: {'200': {content: {a/b: {schema: {maxLength: 64}}}}}}", []),
        ("3.1.0", "{responses: {'409': {description: C, content: {}}}}", ["content"]),
    ],
)
def test_what_has_no_effect_beside_a_reference_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, version: str, update: str, told: list[str]
) -> None:
    operation = {
        "requestBody": {"$ref": "#/components/requestBodies/Long"},
        "responses": {
            "200": {"description": "x", "content": {"a/b": {"schema": {"$ref": "#/components/schemas/Long"}}}},
            "409": {"$ref": "#/components/responses/Long"},
        },
    }
    components = {
        "schemas": {"Long": {"type": "string"}},
        "requestBodies": {"Long": {"content": {}}},
        "responses": {"Long": {"description": "x"}, "Gone": {"description": "x"}},
    }
    path = tmp_path / "overlay.yaml"
    path.write_text(f"overlay: 1.0.0\nactions:\n- {{target: $.paths.*.post, update: {update}}}", encoding="utf-8")
    apply_overlay({"openapi": version, "paths": {"/x": {"post": operation}}, "components": components}, path)
    told_of = [one.split(": action 1: ")[1].split()[0] for one in caplog.messages]
    assert told_of == told
    assert all("$ref" in one and one.endswith("/Long") for one in caplog.messages)


def test_a_path_item_may_have_fields_beside_its_reference_in_every_version() -> None:
    beside = {"$ref": "#/paths/~1x", "get": {}}
    assert [list(fields_without_effect("pathItem", beside, version)) for version in ("3.0.3", "3.1.0")] == [[], []]


def test_the_original_document_is_not_changed(tmp_path: Path) -> None:
    before = deepcopy(DOCUMENT)
    overlay(tmp_path, "- {target: $.tags, update: {name: d}}\n- {target: $.info, remove: true}")
    assert before == DOCUMENT


def test_statuses_may_be_written_without_quotes(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "- {target: \"$.paths['/users'].get\", update: {responses: {404: {a: 1}}}}")
    assert list(changed["paths"]["/users"]["get"]["responses"]) == ["404"]


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ("- {update: {a: 1}}", r"action 1: needs a 'target', a JSONPath such as \$\.paths\['/x'\]\.post"),
        ("- text", r"action 1: needs a 'target'"),
        ("- {target: $.info}", r"action 1: needs 'update' or 'remove: true'"),
        ("- {target: $.info, updat: {a: 1}}", r"action 1: 'updat' is not known; it needs 'update' or 'remove: true'"),
        ("- {targt: $.info, remove: true}", r"action 1: 'targt' is not known; it needs a 'target'"),
        ("- {target: $.info, remove: 'true'}", r"action 1: needs 'update' or 'remove: true'"),
        (
            "- {target: $.info, update: {a: 1}}\n- {target: '$.paths[', update: {}}",
            r"action 2: target '\$\.paths\[': .*, at its end$",
        ),
        ("- {target: 'paths', update: {}}", r"action 1: target 'paths': expected '\$', found 'p', at its character 1$"),
        ("- {target: $.info.title, update: {a: 1}}", r"action 1: 'target' must match objects or arrays"),
        ("- {target: $.info, update: text}", r"action 1: .*'update' must be an object for an object"),
        ("- {target: $, remove: true}", r"action 1: the whole document cannot be removed"),
    ],
)
def test_an_invalid_action_is_refused_with_its_number(tmp_path: Path, actions: str, message: str) -> None:
    with pytest.raises(DocumentError, match=rf"overlay\.yaml:\d+:\d+: {message}"):
        overlay(tmp_path, actions)


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("updat: {a: 1}", "5:3: action 1: "),
        ("remove: false", "4:3: action 1: "),
        ("update: {components: {schemas: {A: {$ref: a.yaml}}}}", "5:45: 'a.yaml' leads to "),
    ],
    ids=["an unknown field", "the action", "a reference"],
)
def test_an_invalid_action_is_refused_at_its_field(tmp_path: Path, field: str, place: str) -> None:
    with pytest.raises(DocumentError, match=rf"overlay\.yaml:{place}"):
        overlay(tmp_path, f"- target: $\n  {field}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"it is empty, but an overlay starts with"),
        ("openapi: 3.0.3", r"an overlay starts with 'overlay: 1\.0\.0'"),
        ("overlay: 2.0.0\nactions: [{target: $, update: {}}]", r"overlay is '2\.0\.0', but only versions 1\.0 and"),
        ("overlay: 1.2.0\nactions: [{target: $, update: {}}]", r"overlay is '1\.2\.0', but only versions 1\.0 and"),
        ("- a", r"an overlay starts with 'overlay: 1\.0\.0'"),
        ("overlay: 1.0.0", "an overlay has a list of 'actions', with at least one"),
        ("overlay: 1.0.0\nactions: []", "an overlay has a list of 'actions', with at least one"),
        ("overlay: ]", "did not find expected node content"),
    ],
)
def test_a_file_that_is_not_an_overlay_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"(?s)overlay\.yaml(:1:10)?: .*{message}"):
        apply_overlay(DOCUMENT, path)


def test_a_missing_overlay_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"missing\.yaml: No such file or directory$"):
        apply_overlay(DOCUMENT, tmp_path / "missing.yaml")


def newer_overlay(folder: Path, actions: str) -> dict[str, Any]:
    path = folder / "overlay.yaml"
    info = "{title: Change, version: '1', description: What it does}"
    path.write_text(f"overlay: 1.1.0\ninfo: {info}\nactions:\n{actions}", encoding="utf-8")
    return apply_overlay(DOCUMENT, path)


def test_a_copy_is_merged_into_objects(tmp_path: Path) -> None:
    changed = newer_overlay(tmp_path, "- {target: \"$.paths['/users/{id}'].delete\", copy: \"$.paths['/users'].get\"}")
    assert changed["paths"]["/users/{id}"]["delete"] == {"summary": "List", "tags": ["a"], "deprecated": True}


def test_a_copy_is_independent_of_what_was_copied(tmp_path: Path) -> None:
    changed = newer_overlay(
        tmp_path,
        "- {target: \"$.paths['/users/{id}'].delete\", copy: \"$.paths['/users'].get\"}\n"
        "- {target: \"$.paths['/users'].get.tags\", update: new}",
    )
    assert changed["paths"]["/users/{id}"]["delete"]["tags"] == ["a"]


def test_a_renamed_path_is_a_copy_and_a_removal(tmp_path: Path) -> None:
    changed = newer_overlay(
        tmp_path,
        "- {target: $.paths, update: {/people: {}}}\n- {target: \"$.paths['/people']\", copy: \"$.paths['/users']\"}\n"
        "- {target: \"$.paths['/users']\", remove: true}",
    )
    assert changed["paths"]["/people"] == DOCUMENT["paths"]["/users"]
    assert "/users" not in changed["paths"]


def test_version_1_1_replaces_single_values(tmp_path: Path) -> None:
    changed = newer_overlay(
        tmp_path, "- {target: '$.paths.*.*.summary', update: New}\n- {target: '$.tags[0].name', copy: $.info.title}"
    )
    assert [one["summary"] for item in changed["paths"].values() for one in item.values()] == ["New"] * 3
    assert changed["tags"][0] == {"name": "Toy"}


def test_version_1_1_joins_arrays_and_1_0_appends_one_entry(tmp_path: Path) -> None:
    action = "- {target: \"$.paths['/users'].get.tags\", update: [b, c]}"
    assert newer_overlay(tmp_path, action)["paths"]["/users"]["get"]["tags"] == ["a", "b", "c"]
    assert overlay(tmp_path, action)["paths"]["/users"]["get"]["tags"] == ["a", ["b", "c"]]


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ("- {target: $.info, copy: $.nothing}", r"action 1: copy '\$\.nothing' must match one node, but matches 0"),
        (
            "- {target: $.info, copy: '$.tags[*]'}",
            r"action 1: copy '\$\.tags\[\*\]' must match one node, but matches 3",
        ),
        ("- {target: $.info, copy: '$['}", r"action 1: copy '\$\['"),
        ("- {target: $.info, copy: 5}", "action 1: copy 5: "),
        ("- {target: $.info, copy: $.tags, update: {}}", "action 1: has 'update' and 'copy'"),
        ("- {target: $.info, update: text}", r'action 1: an object cannot be merged with "text"'),
        ("- {target: $.info.title, update: {a: 1}}", r'action 1: a single value cannot be merged with \{"a":1\}'),
        ("- {target: $.info}", "action 1: needs 'update', 'copy' or 'remove: true'"),
    ],
)
def test_an_invalid_action_of_version_1_1_is_refused(tmp_path: Path, actions: str, message: str) -> None:
    with pytest.raises(DocumentError, match=rf"overlay\.yaml:\d+:\d+: {message}"):
        newer_overlay(tmp_path, actions)


def test_a_copy_needs_version_1_1(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"action 1: 'copy' is of version 1\.1; write 'overlay: 1\.1\.0'"):
        overlay(tmp_path, "- {target: $.info, copy: $.tags}")


def test_references_to_files_are_read_beside_the_overlay(tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "schemas.yaml").write_text(
        "Foo: {properties: {own: {$ref: '#/Bar'}, whole: {$ref: ../id.json}}}\nBar: {type: string}\n"
        "responses: {Gone: {description: Gone.}}"
    )
    (tmp_path / "id.json").write_text('{"type": "integer"}')
    changed = overlay(
        tmp_path,
        "- target: $\n  update:\n    paths:\n      /new:\n        get:\n          parameters: [{in: query, name: a,"
        " schema: {$ref: './types/schemas.yaml#/Foo'}, example: {$ref: './types/nothing.yaml'}}]\n          responses:"
        " {'404': {$ref: './types/schemas.yaml#/responses/Gone'}}",
    )
    assert changed["components"] == {
        "schemas": {
            "Foo": {
                "properties": {
                    "own": {"$ref": "#/components/schemas/Bar"},
                    "whole": {"$ref": "#/components/schemas/id"},
                }
            },
            "Bar": {"type": "string"},
            "id": {"type": "integer"},
        },
        "responses": {"Gone": {"description": "Gone."}},
    }
    get = changed["paths"]["/new"]["get"]
    assert get["parameters"][0]["schema"] == {"$ref": "#/components/schemas/Foo"}
    assert get["parameters"][0]["example"] == {"$ref": "./types/nothing.yaml"}
    assert get["responses"] == {"404": {"$ref": "#/components/responses/Gone"}}


def test_an_entry_of_an_array_may_refer_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "parameters.yaml").write_text("Page: {in: query, name: page, schema: {type: integer}}")
    changed = overlay(
        tmp_path,
        "- {target: \"$.paths['/users'].get\", update: {parameters: []}}\n"
        "- {target: \"$.paths['/users'].get.parameters\", update: {$ref: 'parameters.yaml#/Page'}}",
    )
    assert changed["paths"]["/users"]["get"]["parameters"] == [{"$ref": "#/components/parameters/Page"}]


def test_a_file_that_an_overlay_refers_to_and_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DocumentError,
        match=r"[^:]*/overlay\.yaml:[0-9]+:[0-9]+: 'gone\.yaml' leads to \S*gone\.yaml, and there is no such file$",
    ):
        overlay(tmp_path, "- {target: $.paths, update: {/new: {$ref: gone.yaml}}}")


@pytest.mark.parametrize(
    "doubling",
    [
        "- {target: $.info, update: {a: {}}}\n- {target: $.info.a, copy: $.info}\n",
        "- {target: $.info..*, update: {a: {}, b: {}}}\n",
        "- {target: $.tags, copy: $.tags}\n",
    ],
    ids=["copies into itself", "updates everywhere", "lists"],
)
def test_actions_that_double_the_document_again_and_again_are_refused_in_time(tmp_path: Path, doubling: str) -> None:
    prepare = "- {target: $.info, remove: true}\n- {target: $, update: {info: {a: {}}}}\n"
    with pytest.raises(DocumentError, match=r"nested more than 200 levels deep|repeats more than 250,000 values"):
        newer_overlay(tmp_path, prepare + doubling * 300)
