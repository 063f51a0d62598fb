"""What overlays do is told at the start."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.proposals import WHOLE
from tests.toy import ask
from watchword.build import Built, Options, build
from watchword.document import DocumentError
from watchword.domain.hashing import Profile

LOGIN = "$.paths['/login_with_password'].post"
SCHEMA = "$.components.schemas"
NOTHING = {"204": {"description": "done"}}


def built_with(folder: Path, *overlays: list[dict[str, Any]]) -> Built:
    files = []
    for number, actions in enumerate(overlays):
        files.append(folder / f"overlay-{number}.json")
        content = {"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": actions}
        files[-1].write_text(json.dumps(content), encoding="utf-8")
    return build(Options(overlays=files, hashing=Profile.FAST))


def update(target: str, value: Any) -> dict[str, Any]:
    return {"target": target, "update": value}


def told(folder: Path, *actions: dict[str, Any]) -> list[str]:
    return [one.text for one in built_with(folder, list(actions)).imitated.overlays.findings if not one.wrong]


def wrong(folder: Path, *actions: dict[str, Any]) -> list[str]:
    return [one.text for one in built_with(folder, list(actions)).imitated.overlays.findings if one.wrong]


def new_operation(path: str, **operation: Any) -> dict[str, Any]:
    return update("$.paths", {path: {"get": {"tags": ["fifth"], "security": [], "responses": NOTHING, **operation}}})


def test_without_overlays_there_is_nothing_to_tell() -> None:
    assert build(Options(hashing=Profile.FAST)).imitated.overlays.findings == ()


def test_each_overlay_is_told_with_the_operations_that_it_changes_by_system(tmp_path: Path) -> None:
    built = built_with(
        tmp_path,
        [update(f"{SCHEMA}.WeavrUpdateConflict", {"description": "changed"})],
        [new_operation("/nice", operationId="fifth.nice")],
        [update("$.info", {"title": "changed"})],
    )
    assert [one.text.removeprefix(f"{tmp_path}/") for one in built.imitated.overlays.findings] == [
        "overlay-0.json changes 2 operations: 1 of Weavr Multi (weavr_multi.update_password); 1 of Weavr Embedded"
        " Payment Run (weavr_payment_run.update_password).",
        "overlay-1.json changes 1 operation: 1 of fifth (fifth.nice).",
        "overlay-2.json changes no operation.",
    ]


def test_faults_that_an_overlay_brings_or_takes_away_are_counted(tmp_path: Path) -> None:
    slow, lost = ({"fault": {"delay": {"fixed": "1s"}}}, {"fault": {"connection": "EMPTY_RESPONSE"}})
    settings = {"x-watchword-settings": {"zitadel": {"code_minutes": 5}}}
    built = built_with(
        tmp_path,
        [update("$", {"x-watchword-faults": [slow, lost]})],
        [{"target": "$['x-watchword-faults'][0]", "remove": True}],
        [update("$", settings), update("$['x-watchword-faults']", slow)],
    )
    assert [one.text.partition(" changes ")[2] for one in built.imitated.overlays.findings] == [
        "no operation; it brings 2 faults.",
        "no operation; it takes 1 fault away.",
        "no operation; it brings settings of ZITADEL, and 1 fault.",
    ]


def test_what_an_operation_refers_to_counts_as_the_operation(tmp_path: Path) -> None:
    scheme = update("$.components.securitySchemes['api-key']", {"description": "changed"})
    (found,) = told(tmp_path, scheme)
    assert "of Weavr Multi (" in found
    assert "Payment Run" not in found


def test_servers_of_the_document_and_inherited_base_paths_count_as_the_operations(tmp_path: Path) -> None:
    (moved,) = told(tmp_path, update("$", {"servers": [{"url": "https://toys.example/base"}]}))
    assert "of ZITADEL (" in moved
    built = built_with(
        tmp_path,
        [new_operation("/a", operationId="fifth.a"), new_operation("/b", operationId="fifth.b")],
        [update("$.paths['/a']", {"x-base-paths": ["/toys"]})],
    )
    last = built.imitated.overlays.findings[1].text
    assert last.endswith("changes 2 operations: 2 of fifth (fifth.a, fifth.b).")


def test_what_only_the_mapping_of_a_discriminator_leads_to_counts_as_the_operation(tmp_path: Path) -> None:
    choice = {"discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}}
    cat = update("$.components.schemas", {"Cat": {"type": "object"}, "Pet": {"type": "object", **choice}})
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    pet = new_operation("/pet", operationId="fifth.pet", responses={"200": {"description": "x", "content": content}})
    built = built_with(tmp_path, [cat, pet], [update("$.components.schemas.Cat", {"required": ["kind"]})])
    assert built.imitated.overlays.findings[1].text.endswith("changes 1 operation: 1 of fifth (fifth.pet).")


def test_a_renamed_operation_loses_its_handler(tmp_path: Path) -> None:
    found = wrong(tmp_path, update(LOGIN, {"operationId": "weavr_multi.sign_in"}))
    assert found == [
        "The handler of weavr_multi.login_with_password is lost: POST /login_with_password is called"
        " weavr_multi.sign_in now, which the document answers. Keep its operationId."
    ]


def test_a_removed_operation_loses_its_handler(tmp_path: Path) -> None:
    found = wrong(tmp_path, {"target": "$.paths['/login_with_password']", "remove": True})
    assert found == [
        "The handler of weavr_multi.login_with_password is lost: POST /login_with_password is not in the document any"
        " more."
    ]


def test_a_handler_whose_field_is_gone_does_not_answer_any_more(tmp_path: Path) -> None:
    remove = {"target": f"{LOGIN}.requestBody", "remove": True}
    schema = {"type": "object", "properties": {"mail": {"type": "string"}}}
    replaced = update(LOGIN, {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}})
    built = built_with(tmp_path, [remove, replaced])
    assert [one.text for one in built.imitated.overlays.findings if one.wrong] == [
        "The handler of weavr_multi.login_with_password does not fit any more: the request has no field email;"
        " the request has no field password.value. The document answers it."
    ]
    answer = ask(built.app, "POST", "/login_with_password", json={"mail": "a"}, headers={"api-key": "x"})
    assert answer.status < 500


def test_a_handler_that_needs_a_caller_does_not_answer_without_security(tmp_path: Path) -> None:
    for change in (
        update("$.paths['/passwords/update'].post", {"security": [{}]}),  # one more alternative
        {"target": "$.paths['/passwords/update'].post.security[*]", "remove": True},
    ):
        found = wrong(tmp_path, change)
        assert [one.partition(": ")[2].partition(" with ")[0] for one in found] == ["the caller need not authenticate"]


def test_paths_that_match_the_same_requests_are_wrong(tmp_path: Path) -> None:
    def place(name: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        return new_operation(f"/things/{{{name}}}", parameters=[parameter])

    assert wrong(tmp_path, place("a"), place("b")) == [
        "GET /things/{a} and /things/{b} match the same requests; the first one answers."
    ]


def test_an_example_that_does_not_fit_its_schema_is_wrong(tmp_path: Path) -> None:
    content = {"application/json": {"schema": {"type": "object", "required": ["a"]}, "example": {"b": 1}}}
    found = wrong(
        tmp_path,
        new_operation("/x", operationId="fifth.x", responses={"200": {"description": "x", "content": content}}),
    )
    assert found == ["fifth.x: example (only) of 200: a is required."]


@pytest.mark.parametrize(
    ("parameter", "problem"),
    [
        ({"example": "x"}, "example (only) of the parameter n (query): the whole must be of type integer."),
        (
            {"examples": {"good": {"value": 1}, "bad": {"value": "1"}, "far": {"externalValue": "https://x.example"}}},
            "example bad of the parameter n (query): the whole must be of type integer.",
        ),
        (
            {"schema": {"type": "integer", "example": "x"}},
            "example of the schema of the parameter n (query): the whole must be of type integer.",
        ),
        (
            {"schema": None, "content": {"application/json": {"schema": {"type": "integer"}, "example": "x"}}},
            "example (only) of the parameter n (query): the whole must be of type integer.",
        ),
    ],
)
def test_an_example_of_a_parameter_that_does_not_fit_is_wrong(
    tmp_path: Path, parameter: dict[str, Any], problem: str
) -> None:
    described = {"name": "n", "in": "query", "schema": {"type": "integer"}, **parameter}
    written = {key: value for key, value in described.items() if value is not None}
    found = wrong(tmp_path, new_operation("/x", operationId="fifth.x", parameters=[written]))
    assert found == [f"fifth.x: {problem}"]


def test_an_example_of_a_parameter_of_the_path_item_that_does_not_fit_is_wrong(tmp_path: Path) -> None:
    shared = {"name": "n", "in": "header", "schema": {"type": "boolean"}, "example": 1}
    item = {"parameters": [shared], "get": {"operationId": "fifth.x", "tags": ["fifth"], "responses": NOTHING}}
    found = wrong(tmp_path, update("$.paths", {"/x": item}))
    assert found == ["fifth.x: example (only) of the parameter n (header): the whole must be of type boolean."]


def test_an_example_of_a_response_header_that_does_not_fit_is_wrong(tmp_path: Path) -> None:
    headers = {
        "X-Count": {"schema": {"type": "integer"}, "examples": {"few": {"value": 3}, "many": {"value": "many"}}},
        "X-Left": {"schema": {"type": "integer", "example": "none"}},
        "Content-Length": {"schema": {"type": "integer"}, "example": "not described by a document"},
    }
    responses = {"200": {"description": "x", "headers": headers}}
    assert wrong(tmp_path, new_operation("/x", operationId="fifth.x", responses=responses)) == [
        "fifth.x: example many of the header X-Count of 200: the whole must be of type integer.",
        "fifth.x: example of the schema of the header X-Left of 200: the whole must be of type integer.",
    ]


def test_an_example_of_a_request_is_judged_by_the_schema_of_its_own_type(tmp_path: Path) -> None:
    content = {
        "application/json; v=1": {"schema": {"type": "integer"}, "example": 1},
        "application/json; v=2": {"schema": {"type": "string"}, "example": "two"},
        "application/json; v=3": {"schema": {"type": "string"}, "example": 3},
    }
    found = wrong(tmp_path, new_operation("/x", operationId="fifth.x", requestBody={"content": content}))
    assert found == ["fifth.x: example (only) of the request: the whole must be of type string."]


def test_an_example_may_have_more_properties_than_an_open_schema_names(tmp_path: Path) -> None:
    content = {"application/json": {"schema": {"type": "object", "properties": {"b": {}}}, "example": {"a": 1}}}
    responses = {"200": {"description": "x", "content": content}}
    assert wrong(tmp_path, new_operation("/x", operationId="fifth.x", responses=responses)) == []


def test_an_example_may_not_have_more_properties_than_a_closed_schema_names(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"b": {}}, "additionalProperties": False}
    content = {"application/json": {"schema": schema, "example": {"a": 1}}}
    responses = {"200": {"description": "x", "content": content}}
    (found,) = wrong(tmp_path, new_operation("/x", operationId="fifth.x", responses=responses))
    assert found.startswith("fifth.x: example (only) of 200: a is not known here")


def test_a_default_that_does_not_fit_its_schema_is_wrong(tmp_path: Path) -> None:
    schemas = update("$.components.schemas", {"Age": {"type": "integer", "default": "old"}})
    assert wrong(tmp_path, schemas) == ["components/schemas/Age/default: the value must be of type integer."]


def test_a_rule_that_does_not_exist_is_wrong(tmp_path: Path) -> None:
    found = wrong(tmp_path, new_operation("/x", operationId="fifth.x", **{"x-rules": ["weavr.nosuch"]}))
    assert found == ["fifth.x: x-rules names weavr.nosuch, but there is no such rule (watchword rules lists them)."]


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/__admin/clock", "/~box/x"])
def test_a_path_of_our_own_is_wrong(tmp_path: Path, path: str) -> None:
    (found,) = wrong(tmp_path, new_operation(path, operationId="fifth.x"))
    assert found.startswith(f"fifth.x: GET {path} ")


def test_an_overlay_carries_settings(tmp_path: Path) -> None:
    built = built_with(tmp_path, [update("$", {"x-watchword-settings": {"zitadel": {"maintenance": True}}})])
    assert built.imitated.sandboxes.enter("default").settings["zitadel"].maintenance


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"nosuch": {}}, "'nosuch' is not a system"),
        ({"zitadel": {"nosuch": 1}}, "zitadel.nosuch: there is no such setting. There are: maintenance, "),
        ({"zitadel": {"maintenance": "maybe"}}, "zitadel.maintenance: "),
        ({"zitadel": 1}, "the settings of zitadel are names and values"),
        (1, "has settings by system"),
    ],
)
def test_settings_that_do_not_exist_end_the_start(tmp_path: Path, settings: Any, message: str) -> None:
    with pytest.raises(DocumentError, match=f"x-watchword-settings: {message}"):
        built_with(tmp_path, [update("$", {"x-watchword-settings": settings})])


def test_an_extension_whose_name_is_misspelt_ends_the_start(tmp_path: Path) -> None:
    known = "There are: x-watchword-settings, x-watchword-faults"
    with pytest.raises(DocumentError, match=rf"overlay-0\.json:1:\d+: x-watchword-fault: there is no such .*{known}"):
        built_with(tmp_path, [update("$", {"x-watchword-fault": []})])


LONGER = update("$.components.schemas.MultiPasswordValue", {"maxLength": 64})


def test_a_bound_that_a_rule_holds_whatever_the_document_says_is_wrong(tmp_path: Path) -> None:
    found = wrong(tmp_path, LONGER)
    assert found
    assert all("the document says maxLength 64, but the rule weavr.password.length compares 30" in one for one in found)
    assert "the setting weavr_multi.programme.root_profile.maximum, which an overlay can carry" in found[0]


def test_a_bound_is_changed_by_the_document_together_with_the_setting(tmp_path: Path) -> None:
    profiles = {name: {"maximum": 64} for name in ("root_profile", "user_profile")}
    carried = update("$", {"x-watchword-settings": {"weavr_multi": {"programme": profiles}}})
    assert wrong(tmp_path, LONGER, carried) == []


def test_an_action_that_matches_nothing_is_warned_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    built_with(tmp_path, [update("$.pathz", {})], [update("$.info", {"title": "changed"})])
    assert len([one for one in caplog.messages if "matches nothing" in one]) == 1


def test_systems_that_a_document_leaves_out_are_told_in_one_sentence_each(tmp_path: Path) -> None:
    (tmp_path / "whole.yaml").write_text(WHOLE, encoding="utf-8")
    built = build(Options(hashing=Profile.FAST, proposals={"whole": tmp_path / "whole.yaml"}))
    told = [one.text for one in built.imitated.proposals["whole"].overlays.findings if one.wrong]
    assert told[1] == "Entrust Identity as a Service is not in the document any more: its 6 handlers are lost."
    assert len(told) == 4
