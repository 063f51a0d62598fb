"""OpenAPI Overlay 1.0: change a document without editing its files."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from watchword.document.bundle import DocumentError
from watchword.document.overlay import apply_overlay

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
    assert caplog.messages == [f"""{place}: action 2: target "$.paths['/usr']" matches nothing in the document"""]
    assert caplog.records[0].levelname == "WARNING"


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
        ("- {target: $.info, remove: 'true'}", r"action 1: needs 'update' or 'remove: true'"),
        ("- {target: $.info, update: {a: 1}}\n- {target: '$.paths[', update: {}}", r"action 2: target '\$\.paths\['"),
        ("- {target: 'paths', update: {}}", r"action 1: target 'paths'"),
        ("- {target: $.info.title, update: {a: 1}}", r"action 1: 'target' must match objects or arrays"),
        ("- {target: $.info, update: text}", r"action 1: .*'update' must be an object for an object"),
        ("- {target: $, remove: true}", r"action 1: the whole document cannot be removed"),
    ],
)
def test_an_invalid_action_is_refused_with_its_number(tmp_path: Path, actions: str, message: str) -> None:
    with pytest.raises(DocumentError, match=rf"overlay\.yaml: {message}"):
        overlay(tmp_path, actions)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.0.3", r"an overlay starts with 'overlay: 1\.0\.0'"),
        ("overlay: 2.0.0\nactions: [{target: $, update: {}}]", r"an overlay starts with 'overlay: 1\.0\.0'"),
        ("- a", r"an overlay starts with 'overlay: 1\.0\.0'"),
        ("overlay: 1.0.0", "an overlay has a list of 'actions'"),
        ("overlay: 1.0.0\nactions: []", "an overlay has a list of 'actions'"),
        ("overlay: ]", "line 1"),
    ],
)
def test_a_file_that_is_not_an_overlay_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"(?s)overlay\.yaml: .*{message}"):
        apply_overlay(DOCUMENT, path)


def test_a_missing_overlay_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"missing\.yaml: .*No such file"):
        apply_overlay(DOCUMENT, tmp_path / "missing.yaml")
