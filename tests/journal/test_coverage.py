"""Coverage: what requests have reached, what it rests on, and what a gate may forbid."""

import asyncio
from collections.abc import Iterator
from itertools import islice, product
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.client import Api
from tests.conftest import START, People
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.domain.hashing import Profile

UPDATE = "weavr_multi.update_password"
WRONG, NEW = "Wrong-Secret-42", "Brand-New-Secret-43"


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def serve(runner: asyncio.Runner, **options: Any) -> Api:
    built = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, **{"journal": 50, **options}))
    return Api(built, runner, None)


def update(api: Api, people: People, old: str = WRONG, **more: Any) -> int:
    body = {"oldPassword": {"value": old}, "newPassword": {"value": NEW}, **more}
    return api.call(UPDATE, headers=people["weavr_multi", "dario"].headers, body=body).status


def covered(api: Api, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("admin.coverage", query=query).body
    return found


def own(api: Api, **query: str) -> dict[str, Any]:
    assert api.sandbox is not None
    return covered(api, sandbox=api.sandbox, **query)


def kinds(api: Api) -> list[tuple[str, str | None]]:
    found = api.call("admin.findings").body["findings"]
    assert found == own(api)["findings"]
    return [(one["kind"], one["pointer"]) for one in found]


@outcome("admin.coverage", 200, "coverage")
def test_an_answer_that_was_reached_is_counted_by_its_name(api: Api, people: People) -> None:
    update(api, people)
    update(api, people)
    (operation,) = own(api, operations=UPDATE)["operations"]
    reached = [(one["status"], one["name"], one["count"]) for one in operation["outcomes"] if one["count"]]
    assert reached == [(409, "PASSWORD_INCORRECT", 2)]
    assert (operation["requests"], operation["reached"]) == (2, 1)
    assert operation["of"] == len(operation["outcomes"])


def test_a_rule_is_asked_both_ways_once_it_has_let_pass_and_refused(api: Api, people: People) -> None:
    def rule() -> dict[str, Any]:
        return next(one for one in own(api)["rules"] if one["id"] == "weavr.update.old-password")

    assert (rule()["canRefuse"], rule()["bothWays"]) == (True, False)
    update(api, people)
    assert (rule()["refused"], rule()["bothWays"]) == (1, False)
    assert update(api, people, people["weavr_multi", "dario"].password or "") == 200
    assert (rule()["refused"], rule()["held"] + rule()["changed"], rule()["bothWays"]) == (1, 1, True)


def test_evidence_names_the_rules_that_decided_and_how_sure_they_are(api: Api, people: People) -> None:
    update(api, people)
    report = own(api)
    (sandbox,) = report["sandboxes"]
    assert sandbox["restsOn"] == {sandbox["weakest"]: ["weavr.update.old-password"]}
    assert report["evidence"] == {"documented": 0, "verified": 0, "observed": 0, "assumed": 0, sandbox["weakest"]: 1}


def test_each_request_counts_once_however_often_somebody_asks(api: Api, people: People) -> None:
    update(api, people)
    assert [own(api)["requests"], own(api)["requests"]] == [1, 1]


def test_coverage_outlives_its_sandbox(runner: asyncio.Runner) -> None:
    api = serve(runner, coverage=True)
    api.request("POST", "/~gone/multi/passwords/validate", json={})
    api.request("DELETE", "/__admin/sandboxes/gone")
    assert [one["name"] for one in covered(api)["sandboxes"]] == ["gone"]


def test_coverage_outlives_the_journal_only_if_it_was_wanted(runner: asyncio.Runner) -> None:
    for complete, expected in ((True, (12, 0, True)), (False, (5, 7, False))):
        api = serve(runner, coverage=complete, journal=5)
        for _ in range(12):
            api.request("GET", "/nowhere")
        report = covered(api)
        assert (report["requests"], report["uncounted"], report["complete"]) == expected


def test_calls_of_the_control_api_that_the_journal_forgets_do_not_make_coverage_incomplete(
    runner: asyncio.Runner,
) -> None:
    api = serve(runner, journal=5, journal_control_calls=True)
    for _ in range(12):
        api.request("GET", "/__admin/health")
    report = covered(api)
    assert (report["uncounted"], report["complete"]) == (0, True)


def test_a_request_that_somebody_has_read_is_uncounted_all_the_same_when_the_journal_forgets_it(
    runner: asyncio.Runner,
) -> None:
    api = serve(runner, journal=5)
    for _ in range(5):
        api.request("GET", "/nowhere")
    assert api.call("admin.journal").body["total"] == 5
    for _ in range(12):
        api.request("GET", "/nowhere")
    report = covered(api)
    assert (report["requests"], report["uncounted"]) == (5, 12)


def test_what_was_counted_stays_when_the_journal_forgets_it(runner: asyncio.Runner) -> None:
    api = serve(runner, journal=5)
    for _ in range(3):
        for _ in range(5):
            api.request("GET", "/nowhere")
        report = covered(api)
    assert (report["requests"], report["uncounted"]) == (15, 0)


@outcome("admin.clear_coverage", 204)
def test_counting_starts_afresh(api: Api, people: People) -> None:
    update(api, people)
    assert own(api)["requests"] == 1
    api.call("admin.clear_coverage")
    assert own(api)["requests"] == 0
    update(api, people)
    assert own(api)["requests"] == 1


def test_the_share_is_that_of_the_operations_that_were_asked_for(api: Api, people: People) -> None:
    update(api, people)
    summary = own(api, operations="weavr_multi.update_*,weavr_multi.log*")["summary"]
    assert summary["operations"] == {"reached": 1, "of": 3, "percent": 33.3}
    assert summary["systems"] == {"weavr_multi": summary["outcomes"]}


def test_without_operations_the_systems_count_that_were_called_and_the_others_are_named(
    api: Api, people: People
) -> None:
    assert own(api)["summary"]["leftOut"] == []
    update(api, people)
    called = own(api)
    assert {one["system"] for one in called["operations"]} == set(called["summary"]["systems"]) == {"weavr_multi"}
    assert called["summary"]["leftOut"] == ["entrust", "weavr_payment_run", "zitadel"]
    assert {one["id"].partition(".")[0] for one in called["rules"]} == {"weavr", "weavr_multi"}


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_form_names_the_systems_that_do_not_count(api: Api, people: People, form: str) -> None:
    update(api, people)
    shown = api.call("admin.coverage", query={"sandbox": str(api.sandbox), "format": form}).content.decode()
    assert "entrust, weavr_payment_run and zitadel are not counted: nothing of them was called." in shown


def test_a_star_is_for_the_operations_of_all_systems(api: Api, people: People) -> None:
    everything = own(api)["summary"]["operations"]["of"]
    update(api, people)
    summary = own(api, operations="*")["summary"]
    assert (summary["operations"]["of"], summary["leftOut"]) == (everything, [])
    assert own(api)["summary"]["operations"]["of"] < everything


def test_what_sandboxes_reached_is_about_the_operations_that_were_asked_for_too(api: Api, people: People) -> None:
    update(api, people, newPasword=1)
    api.call("weavr_multi.validate_password", body={}, headers=people["weavr_multi", "dario"].headers)
    report = own(api, operations=UPDATE)
    assert (report["requests"], report["evidence"]["assumed"]) == (1, 0)
    (sandbox,) = report["sandboxes"]
    assert (sandbox["requests"], sandbox["outcomes"], sandbox["findings"]) == (1, 1, 1)
    assert sandbox["restsOn"][sandbox["weakest"]] == ["weavr.update.old-password"]
    assert own(api, operations="entrust.*")["sandboxes"] == []


def test_findings_beyond_the_bound_are_counted_for_their_operation(api: Api, people: People) -> None:
    more: dict[str, Any] = {"".join(letters): 1 for letters in islice(product("abcdefghi", repeat=3), 600)}
    update(api, people, **more)
    assert (own(api)["moreFindings"], own(api, operations=UPDATE)["moreFindings"]) == (100, 100)
    assert own(api, operations="entrust.*")["moreFindings"] == 0


def test_control_calls_that_the_journal_forgets_are_not_missing(runner: asyncio.Runner) -> None:
    api = serve(runner, journal=5, journal_control_calls=True)
    for _ in range(12):
        api.request("GET", "/__admin/clock")
    assert (covered(api)["requests"], covered(api)["uncounted"]) == (0, 0)


@outcome("admin.coverage", 400, "no-such-operation")
@outcome("admin.coverage", 400, "malformed")
def test_a_pattern_that_no_operation_fits_is_refused(api: Api) -> None:
    answer = api.call("admin.coverage", query={"operations": "weavr_mlti.*"})
    assert (answer.status, answer.body["code"]) == (400, "no-such-operation")
    assert api.call("admin.coverage", query={"format": "pdf"}).status == 400


@outcome("admin.coverage", 404, "journal-off")
@outcome("admin.clear_coverage", 404, "journal-off")
@outcome("admin.findings", 404, "journal-off")
def test_without_a_journal_there_is_no_coverage(runner: asyncio.Runner) -> None:
    api = serve(runner, journal=0)
    for method in ("GET", "DELETE"):
        assert api.request(method, "/__admin/coverage").body["code"] == "journal-off"
    assert api.request("GET", "/__admin/findings").body["code"] == "journal-off"


def test_an_undeclared_field_parameter_and_header_are_undocumented(api: Api, people: People) -> None:
    update(api, people, newPasword=1)
    headers = {**people["weavr_multi", "dario"].headers, "x-tenant": "Secret-42", "traceparent": "00-1-2-00"}
    api.request("POST", "/multi/passwords/validate?verbose=1", json={"password": {"value": NEW}}, headers=headers)
    found = {("undocumented", "/newPasword"), ("undocumented", "/verbose"), ("undocumented", "/x-tenant")}
    assert set(kinds(api)) == found


def test_one_mistake_with_many_ids_is_one_finding(api: Api, people: People) -> None:
    for user in ("1", "2/3", "4"):
        api.call(
            "zitadel.get_user", path={"userId": user}, query={"verbose": "1"}, headers=people["zitadel", "otto"].headers
        )
    found = api.call("admin.findings").body["findings"]
    assert [(one["what"], one["pointer"], one["count"]) for one in found] == [("GET /v2/users/{userId}", "/verbose", 3)]


@outcome("admin.findings", 200, "findings")
@outcome("admin.findings", 400, "malformed")
def test_a_path_and_a_method_that_the_document_does_not_have_are_unmatched(api: Api) -> None:
    api.request("GET", "/multi/passwords/Secret-42/validat")
    api.request("PUT", "/multi/passwords/validate")
    assert [one["what"] for one in own(api)["findings"]] == [
        "GET /multi/passwords/*/validat",
        "PUT /multi/passwords/validate",
    ]
    assert {kind for kind, _ in kinds(api)} == {"unmatched"}
    assert api.call("admin.findings", query={"scope": "mine"}).status == 400


def test_a_wrong_type_is_not_just_an_invalid_value(api: Api, people: People) -> None:
    headers = people["weavr_multi", "dario"].headers
    for value in (5, "", "x" * 200):
        api.call("weavr_multi.validate_password", body={"password": {"value": value}}, headers=headers)
    api.call("weavr_multi.validate_password", body={}, headers=headers)
    assert kinds(api)[0] == ("wrong-type", "/password/value")
    assert {kind for kind, _ in kinds(api)[1:]} == {"invalid", "missing"}


def test_a_body_in_another_media_type_is_found(api: Api, people: People) -> None:
    headers = {**people["weavr_multi", "dario"].headers, "content-type": "text/plain"}
    api.request("POST", "/multi/passwords/validate", content=b"{}", headers=headers)
    assert kinds(api) == [("media-type", "/content-type")]


TOKEN = "watchword-robot-personal-access-token"


@pytest.mark.parametrize("query", ["api-key=Secret-42", f"x={TOKEN}", "newPassword=Quiet-river-42", "x=Sent-as-key"])
def test_a_secret_in_an_address_is_found_and_not_repeated(api: Api, query: str) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "api-key": "Sent-as-key"}
    api.request("GET", f"/v2/users/12345?{query}", headers=headers)
    assert "secret-in-url" in [kind for kind, _ in kinds(api)]
    assert query.partition("=")[2] not in api.call("admin.coverage").content.decode()


def test_an_error_of_the_server_counts_unless_it_was_asked_for(api: Api, people: People) -> None:
    headers = people["weavr_multi", "dario"].headers
    body = {"password": {"value": NEW}}
    api.call("weavr_multi.validate_password", body=body, headers={**headers, "prefer": "code=503"})
    api.call("admin.change_settings", body={"weavr_multi": {"maintenance": True}})
    assert api.call("weavr_multi.validate_password", body=body, headers=headers).status == 503
    assert kinds(api) == []


def test_an_error_that_the_vendor_would_answer_too_is_an_answer(api: Api) -> None:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "no.token", "scope": "openid"}
    content, kind = urlencode(form).encode(), {"content-type": "application/x-www-form-urlencoded"}
    assert api.request("POST", "/oauth/v2/token", content=content, headers=kind).status == 500
    assert kinds(api) == []


def test_a_request_over_another_protocol_is_counted_with_its_twin(api: Api, people: People) -> None:
    headers = {**people["zitadel", "otto"].headers, "connect-protocol-version": "1"}
    api.request("POST", "/zitadel.user.v2.UserService/GetUserByID", json={"userId": "12345"}, headers=headers)
    (operation,) = own(api, operations="zitadel.get_user")["operations"]
    assert operation["requests"] == 1
    assert kinds(api) == []


@outcome("admin.coverage", 200, "text")
@outcome("admin.coverage", 200, "markdown")
def test_coverage_is_read_in_a_terminal_and_in_a_pull_request(api: Api, people: People) -> None:
    update(api, people, newPasword=1)
    assert api.sandbox is not None
    text, markdown = (
        api.call("admin.coverage", query={"format": form, "sandbox": api.sandbox, "operations": "weavr_multi.*"})
        for form in ("text", "md")
    )
    assert text.content.decode().splitlines()[-1].startswith("1 of 187 documented answers reached (0.5 %), ")
    assert "undocumented: POST /passwords/update body /newPasword: is not known here" in text.content.decode()
    assert f"| `{UPDATE}` | 1/19 |" in markdown.content.decode()
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"


@outcome("admin.coverage", 200, "page")
def test_the_page_is_one_file_without_a_script(api: Api, people: People) -> None:
    more: dict[str, Any] = {"<b>": 1}
    update(api, people, **more)
    assert api.sandbox is not None
    page = api.call("admin.coverage", query={"format": "html", "sandbox": api.sandbox})
    text = page.content.decode()
    assert "script" not in text
    assert "style=" not in text
    assert "409 PASSWORD_INCORRECT" in text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.removesuffix("; frame-ancestors 'none'").replace("'", "&#39;") in text
