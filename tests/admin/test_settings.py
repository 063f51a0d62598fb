"""The settings of a sandbox, over HTTP."""

import pytest

from tests.conftest import Api
from tests.outcomes import outcome


@outcome("admin.settings", 200, "settings")
def test_settings_are_written_out_with_every_default(api: Api) -> None:
    body = api.call("admin.settings").body
    assert set(body) == {"weavr_multi", "weavr_payment_run", "zitadel", "entrust"}
    assert body["zitadel"]["maintenance"] is False
    assert body["weavr_multi"]["programme"]["session_lifetime"] == "PT5M"


@outcome("admin.change_settings", 200, "settings")
def test_a_patch_changes_what_it_names(api: Api) -> None:
    api.call("admin.change_settings", body={"zitadel": {"complexity": {"min_length": 12}}})
    body = api.call("admin.change_settings", body={"zitadel": {"complexity": {"symbol": False}}}).body
    assert (body["zitadel"]["complexity"]["min_length"], body["zitadel"]["complexity"]["symbol"]) == (12, False)
    assert api.call("admin.settings").body == body


def test_a_patch_may_be_sent_as_a_merge_patch(api: Api) -> None:
    answer = api.request(
        "PATCH",
        "/__admin/settings",
        content=b'{"zitadel": {"maintenance": true}}',
        headers={"content-type": "application/merge-patch+json"},
    )
    assert answer.body["zitadel"]["maintenance"] is True


def test_null_takes_a_setting_or_a_whole_system_back_to_its_defaults(api: Api) -> None:
    defaults = api.call("admin.settings").body
    api.call("admin.change_settings", body={"zitadel": {"maintenance": True}, "entrust": {"failing": True}})
    assert api.call("admin.change_settings", body={"zitadel": {"maintenance": None}, "entrust": None}).body == defaults


@outcome("admin.replace_settings", 200, "settings")
def test_put_takes_back_what_it_does_not_name(api: Api) -> None:
    api.call("admin.change_settings", body={"zitadel": {"code_minutes": 5}, "entrust": {"maintenance": True}})
    body = api.call("admin.replace_settings", body={"zitadel": {"maintenance": True}}).body
    assert body["zitadel"]["maintenance"] is True
    assert body["zitadel"]["code_minutes"] == 60
    assert body["entrust"]["maintenance"] is False


def test_what_was_read_can_be_put_back(api: Api) -> None:
    api.call("admin.change_settings", body={"weavr_multi": {"programme": {"session_lifetime": "P400D"}}})
    read = api.call("admin.settings").body
    assert read["weavr_multi"]["programme"]["session_lifetime"] == "P1Y35D"
    assert api.call("admin.replace_settings", body=read).body == read


def test_a_setting_is_in_force_at_once_and_in_this_sandbox_alone(api: Api) -> None:
    api.call("admin.change_settings", body={"zitadel": {"maintenance": True}})
    assert api.request("POST", "/v2/sessions", json={}).status == 503
    assert api.request("POST", "/v2/sessions", json={}, headers={"Watchword-Sandbox": "default"}).status == 401


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("admin.replace_settings", marks=outcome("admin.replace_settings", 400, "malformed")),
        pytest.param("admin.change_settings", marks=outcome("admin.change_settings", 400, "malformed")),
    ],
)
def test_an_unknown_setting_is_named_with_those_that_exist(api: Api, operation: str) -> None:
    answer = api.call(operation, body={"zitadel": {"maintainance": True, "code_minutes": "5"}, "zitadl": {}})
    errors = {one["field"]: one["problem"] for one in answer.body["errors"]}
    assert "there are: code_minutes, complexity, connect, failing" in errors["zitadel.maintainance"]
    assert errors["zitadel.code_minutes"] in ("must be of type integer", "must be of type null or integer")
    assert errors["zitadl"] == "is not known here; there are: entrust, weavr_multi, weavr_payment_run, zitadel"
    assert api.call("admin.settings").body["zitadel"]["maintenance"] is False


def test_a_wrong_duration_is_named_with_a_right_one(api: Api) -> None:
    answer = api.call("admin.change_settings", body={"weavr_multi": {"programme": {"session_lifetime": "5 minutes"}}})
    (error,) = answer.body["errors"]
    assert error["field"] == "weavr_multi.programme.session_lifetime"
    assert "for example 90s, 61m, P1D" in error["problem"]


@pytest.mark.parametrize("lifetime", ["10m", "600s", "PT10M", "600", 600])
def test_a_setting_that_is_a_duration_is_read_in_either_notation(api: Api, lifetime: str | int) -> None:
    answer = api.call("admin.change_settings", body={"weavr_multi": {"programme": {"session_lifetime": lifetime}}})
    assert answer.body["weavr_multi"]["programme"]["session_lifetime"] == "PT10M"


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("admin.replace_settings", marks=outcome("admin.replace_settings", 409, "contradiction")),
        pytest.param("admin.change_settings", marks=outcome("admin.change_settings", 409, "contradiction")),
    ],
)
def test_settings_that_contradict_each_other_change_nothing(api: Api, operation: str) -> None:
    answer = api.call(
        operation,
        body={
            "zitadel": {"maintenance": True},
            "entrust": {"password": {"minimum_length": 20, "maximum_length": 10}},
            "weavr_multi": {"programme": {"session_lifetime": "PT0S"}},
            "weavr_payment_run": {"programme": {"root_profile": {"minimum": 40}}},
        },
    )
    assert answer.status == 409
    assert {one["field"]: one["problem"] for one in answer.body["errors"]} == {
        "entrust.password": "minimum_length must not be greater than maximum_length",
        "weavr_multi.programme.session_lifetime": "must be more than 0 seconds",
        "weavr_payment_run.programme.root_profile.minimum": (
            "must not be greater than maximum, which is 30 unless it is set"
        ),
    }
    assert api.call("admin.settings").body["zitadel"]["maintenance"] is False


@pytest.mark.parametrize(
    ("method", "operation"),
    [
        pytest.param("PUT", "replace", marks=outcome("admin.replace_settings", 415, "unsupported-media-type")),
        pytest.param("PATCH", "change", marks=outcome("admin.change_settings", 415, "unsupported-media-type")),
    ],
)
def test_settings_are_sent_as_json(api: Api, method: str, operation: str) -> None:
    answer = api.request(method, "/__admin/settings", content=b"a=b", headers={"content-type": "text/plain"})
    assert answer.status == 415


@outcome("admin.settings_schema", 200, "schemas")
def test_every_setting_of_every_system_has_a_default_and_a_sentence(api: Api) -> None:
    schemas = api.call("admin.settings_schema").body
    bare = [
        f"{system}.{name}"
        for system, schema in schemas.items()
        for name, one in schema["properties"].items()
        if "description" not in one or not ("default" in one or "$ref" in one or one.get("type") == "object")
    ]
    assert not bare
