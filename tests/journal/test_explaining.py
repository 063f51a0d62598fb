"""Why a request was answered so."""

from tests.conftest import Api, People, SettingsOf
from tests.decided import NOTHING, decided
from tests.journal.conftest import Entries
from tests.outcomes import outcome


@outcome("admin.explain_entry", 200, "refused")
def test_a_refusal_is_explained_with_its_rule_what_held_before_and_what_would_have_come_after(
    api: Api, people: People
) -> None:
    body = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": {"value": "short"}}
    answer = api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=body)
    why = api.request("GET", answer.headers["watchword-why"], headers={}).body
    assert why["sentence"].startswith("409 PASSWORD_INCORRECT: An update with a wrong old password")
    assert why["rule"]["grade"] == "documented"
    assert "Update a password" in why["rule"]["source"]
    assert "weavr.session.known" in [one["id"] for one in why["held"]]
    assert why["next"] == ["weavr.password.length", "weavr.password.complexity", "weavr.password.history"]


def test_only_refusals_have_the_link(api: Api) -> None:
    answer = api.call("zitadel.healthz")
    assert (answer.status, "watchword-why" in answer.headers) == (200, False)


def test_a_setting_a_violation_and_a_wish_are_named_too(
    api: Api, people: People, settings: SettingsOf, entries: Entries
) -> None:
    headers = people["weavr_multi", "dario"].headers
    api.call("weavr_multi.validate_password", headers=headers, body={})
    good = {"password": {"value": "Correct-Horse-77"}}
    api.call("weavr_multi.validate_password", headers={**headers, "prefer": "code=429"}, body=good)
    settings.patch("weavr_multi", {"maintenance": True})
    api.call("weavr_multi.validate_password", headers=headers, body={})
    assert [one["decidedBy"] for one in entries()] == [
        {"kind": "setting", "id": "weavr_multi.maintenance"},
        {"kind": "fault", "id": "Prefer"},
        {"kind": "schema", "id": "paths/~1passwords~1validate/post/requestBody/password/required"},
    ]
    assert "setting weavr_multi.maintenance" in api.call("admin.explain_entry", path={"id": "last"}).body["sentence"]


def test_a_call_of_another_protocol_is_explained_like_rest(api: Api, people: People, entries: Entries) -> None:
    headers = {**people["zitadel", "mini"].headers, "content-type": "application/json", "connect-protocol-version": "1"}
    api.request("POST", "/zitadel.user.v2.UserService/GetUserByID", json={"userId": ""}, headers=headers)
    (entry,) = entries()
    assert (entry["protocol"], entry["operation"]) == ("connect", "zitadel.get_user")
    assert entry["decidedBy"]["kind"] == "rule"


def test_a_rule_that_reports_a_violation_is_named_instead_of_the_schema(api: Api, entries: Entries) -> None:
    api.call("weavr_multi.validate_password", body={"password": {"value": "Correct-Horse-77"}})
    assert entries()[0]["decidedBy"] == {"kind": "rule", "id": "weavr.key.required"}


def test_an_expired_password_is_explained_by_the_rule_that_says_so(api: Api, people: People, entries: Entries) -> None:
    elsa = people["weavr_multi", "elsa"]
    body = {"email": elsa.login, "password": {"value": elsa.password}}
    answer = api.call("weavr_multi.login_with_password", headers={"api-key": elsa.headers["api-key"]}, body=body)
    assert (answer.status, entries()[0]["decidedBy"]["id"]) == (409, "weavr.login.expired")


def test_every_error_of_an_imitated_system_has_something_that_decided_it() -> None:
    undecided = [
        f"{operation} {outcome}"
        for operation, outcomes in decided().items()
        for outcome, deciders in outcomes.items()
        if outcome[0] in "45" and NOTHING in deciders
    ]
    assert undecided == []


def test_a_wish_in_the_query_is_shown_and_named(api: Api, people: People, entries: Entries) -> None:
    api.request("GET", "/v2/users/1?__code=503", headers=people["zitadel", "mini"].headers)
    assert entries()[0]["request"]["query"] == {"__code": "503"}
    assert "(__code)" in api.call("admin.explain_entry", path={"id": "last"}).body["sentence"]
