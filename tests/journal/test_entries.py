"""What an entry of the journal says of a request."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import START, Api, Inbox, People
from tests.journal.conftest import Entries
from tests.outcomes import outcome
from tests.rpc.wire import METHODS, RpcApi
from watchword.build import Options, build
from watchword.domain.hashing import Profile

WRONG, NEW = "Wrong-Secret-42", "Brand-New-Secret-43"


def update(api: Api, people: People, **more: Any) -> None:
    body = {"oldPassword": {"value": WRONG}, "newPassword": {"value": NEW}, **more}
    api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=body)


@outcome("admin.journal", 200, "refused")
def test_a_refused_request_is_listed_with_what_came_what_went_and_what_decided(
    api: Api, people: People, entries: Entries
) -> None:
    update(api, people)
    (entry,) = entries()
    assert entry["sandbox"] == api.sandbox
    assert (entry["operation"], entry["system"]) == ("weavr_multi.update_password", "weavr_multi")
    assert (entry["response"]["status"], entry["code"], entry["outcome"]) == (409, *["PASSWORD_INCORRECT"] * 2)
    assert entry["decidedBy"] == {"kind": "rule", "id": "weavr.update.old-password"}
    assert entry["rules"][-1] == {
        "id": "weavr.update.old-password",
        "said": "refused",
        "code": "PASSWORD_INCORRECT",
        "values": {"password_set": True},
    }
    assert entry["people"] == ["dario"]
    assert entry["sandboxTime"] == "2026-01-15T12:00:00.000Z"
    assert (entry["attempts"], entry["aborted"], entry["fault"]) == (1, False, None)


@outcome("admin.journal", 200, "empty")
def test_a_fresh_sandbox_has_no_entries_and_control_calls_make_none(api: Api) -> None:
    api.call("admin.clock")
    assert api.call("admin.journal").body == {"entries": [], "total": 0}


def test_no_secret_is_shown(api: Api, people: People) -> None:
    update(api, people)
    token = people["weavr_multi", "dario"].headers["Authorization"].removeprefix("Bearer ")
    text = api.call("admin.journal").content.decode()
    assert [one for one in (WRONG, NEW, token) if one in text] == []


def test_a_secret_is_masked_and_a_credential_is_told_by_its_holder(api: Api, people: People, entries: Entries) -> None:
    update(api, people)
    request = entries()[0]["request"]
    assert request["body"] == {"oldPassword": {"value": "***"}, "newPassword": {"value": "***"}}
    assert request["headers"]["authorization"] == "bearer of dario"


@pytest.mark.parametrize(
    ("operation", "path", "body"),
    [
        ("weavr_multi.login_with_password", {}, {"email": "ada@multi.example", "password": WRONG}),
        ("weavr_multi.update_password", {}, {"oldPassword": WRONG, "newPassword": [WRONG]}),
        ("weavr_multi.tokenise", {}, {"values": {"password": WRONG}}),
        ("zitadel.set_password", {"userId": "1"}, {"newPassword": WRONG}),
        ("zitadel.set_password", {"userId": "1"}, {"newPassword": {"password": "", "changeRequired": WRONG}}),
        ("zitadel.password_reset", {"userId": "1"}, {"returnCode": WRONG}),
        ("entrust.set_password", {"userid": "1"}, {"generatePassword": WRONG}),
        ("weavr_multi.validate_password", {}, WRONG),
        ("zitadel.create_session", {}, [WRONG, {"checks": WRONG}]),
    ],
)
def test_a_secret_at_the_place_of_another_type_is_masked(
    api: Api, operation: str, path: dict[str, str], body: Any
) -> None:
    api.call(operation, path=path, body=body)
    assert WRONG not in api.call("admin.journal").content.decode()


def test_a_secret_in_a_query_or_as_a_number_is_masked(api: Api, entries: Entries) -> None:
    api.request("GET", f"/v2/sessions/1?sessionToken={WRONG}")
    api.request("GET", f"/__admin/journal?limit={WRONG}")
    assert entries()[0]["request"]["query"] == {"sessionToken": "***"}
    assert entries()[0]["violations"] == []


def test_a_declared_value_is_shown(api: Api, entries: Entries) -> None:
    api.call("zitadel.get_user", path={"userId": "12345"})
    assert entries()[0]["request"]["url"] == "/v2/users/12345"


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("misspelt", "/misspelt"), ("Secret-42", "/*"), ("x" * 33, "/*")],
    ids=["a word", "what may be a secret", "what is too long for a word"],
)
def test_an_undeclared_field_is_a_violation_that_shows_only_words(
    api: Api, people: People, entries: Entries, name: str, pointer: str
) -> None:
    update(api, people, **{name: "Other-Secret-44"})
    (entry,) = entries(violations="true")
    assert {"where": "body", "pointer": pointer, "message": "is not known here"} in entry["violations"]
    assert entry["request"]["body"][pointer[1:]] == "***"


def test_an_undeclared_parameter_and_a_missing_content_type_are_violations(api: Api, entries: Entries) -> None:
    api.request("POST", "/multi/passwords/validate?verbose=Secret-42", content=b"{}", headers={"content-type": ""})
    entry = entries()[0]
    found = {(one["where"], one["pointer"]) for one in entry["violations"]}
    assert {("query", "/verbose"), ("header", "/content-type")} <= found
    assert entry["request"]["url"] == "/multi/passwords/validate?verbose=***"


@pytest.mark.parametrize("page", ["/", "/docs", "/docs/", "/docs/rules", "/openapi.json"])
def test_a_visit_to_a_page_is_no_request_of_a_client(page: str, api: Api, entries: Entries) -> None:
    assert api.request("GET", page).status < 400
    assert entries() == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/docs/nosuch"), ("POST", "/"), ("GET", "/favicon.ico")])
def test_what_no_page_answers_is_noted(method: str, path: str, api: Api, entries: Entries) -> None:
    api.request(method, path)
    assert [one["request"]["url"] for one in entries(unmatched="true")] == [path]


def test_preflights_are_not_unmatched(api: Api, entries: Entries) -> None:
    name = str(api.sandbox)
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "POST"}
    api.request("OPTIONS", f"/~{name}/multi/passwords/update", headers=asked)
    assert len(entries()) == 1
    assert entries(unmatched="true") == []


def test_an_answer_shows_the_media_type_with_which_it_was_sent(api: Api, people: People, entries: Entries) -> None:
    key = {"api-key": people["weavr_multi", "ada"].headers["api-key"]}
    for password in ("Quiet-river-42", "short"):
        answer = api.call("weavr_multi.validate_password", headers=key, body={"password": {"value": password}})
        (entry, *_) = entries()
        assert entry["response"]["headers"].get("content-type") == answer.headers.get("content-type")
    assert entry["response"]["headers"]["content-type"] == "application/json"


def test_a_key_that_people_share_is_that_of_their_programme(api: Api, people: People, entries: Entries) -> None:
    api.call("weavr_multi.login_with_password", headers={"api-key": people["weavr_multi", "ada"].headers["api-key"]})
    api.call("weavr_multi.login_with_password", headers={"api-key": people["weavr_multi", "rosa"].headers["api-key"]})
    found = [one["request"]["headers"]["api-key"] for one in entries()]
    assert found == ["api-key of rosa", "api-key of programme main"]


def test_cookies_are_masked_and_harmless_headers_are_not(api: Api, people: People, entries: Entries) -> None:
    api.call("zitadel.healthz", headers={"cookie": "zitadel.useragent=hunter2", "accept-post": "application/json"})
    shown = entries()[0]["request"]["headers"]
    assert (shown["cookie"], shown["accept-post"]) == ("***", "application/json")
    assert "useragent" not in str(entries()[0]["response"])


def test_two_faults_that_delay_a_request_are_both_named(api: Api, people: People, entries: Entries) -> None:
    plan = {"match": {"operation": "zitadel.healthz"}, "fault": {"delay": {"fixed": "PT0S"}}}
    ids = [api.call("admin.arm_fault", body=plan).body["id"] for _ in range(2)]
    api.call("zitadel.healthz")
    assert (entries()[0]["fault"], entries()[0]["faults"]) == (ids[0], ids)


def test_who_asks_for_an_entry_that_is_not_there_is_told_why(api: Api, entries: Entries) -> None:
    def detail(identifier: str, **headers: str) -> tuple[int, str]:
        answer = api.call("admin.entry", path={"id": identifier}, headers=headers)
        return answer.status, answer.body["detail"]

    api.call("zitadel.healthz")
    (entry,) = entries()
    status, told = detail(entry["id"], **{"Watchword-Sandbox": "elsewhere"})
    assert (status, told.endswith(f"It belongs to the sandbox {api.sandbox}.")) == (404, True)
    api.call("admin.clear_journal")
    status, told = detail(entry["id"])
    assert (status, "it was cleared" in told) == (410, True)


def test_an_unknown_path_is_unmatched_and_shows_words_only(api: Api, entries: Entries) -> None:
    api.request("GET", "/multi/pasword/Secret-42")
    (entry,) = entries(unmatched="true")
    assert entry["request"]["url"] == "/multi/pasword/*"
    assert (entry["operation"], entry["decidedBy"]) == (None, {"kind": "schema", "id": "paths"})


SHOP = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {additionalProperties: false, properties: {a: {}}}}}}
      responses: {"204": {description: done}}
"""


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/shop/nosuch/Tin-42", {"detail": "There is no GET /nosuch/* here. Nearest: POST /things."}),
        ("GET", "/shop/things", {"detail": "GET is not served at /things. Allowed: POST."}),
        ("GET", "/docs/nosuch", {"detail": "There is no page /docs/nosuch. The reference is at /docs."}),
        (
            "POST",
            "/shop/things",
            {"errors": [{"in": "body", "field": "***", "problem": "is not known here; there are: a"}]},
        ),
    ],
)
def test_what_watchword_itself_answers_is_shown_without_words_of_the_client(
    api: Api, tmp_path: Path, method: str, path: str, told: dict[str, Any]
) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    options = Options(documents={"shop": tmp_path / "shop.yaml"}, hashing=Profile.FAST, journal=5)
    client = Api(build(options), api.runner, "default")
    sent = client.request(method, path, json={"Tin-42": 1})
    body = client.call("admin.journal").body["entries"][0]["response"]["body"]
    assert {name: body[name] for name in told} == told
    assert (body["title"], body["status"]) == (sent.body["title"], sent.status)
    assert "Tin-42" not in str(body)


def test_mails_are_told_without_their_codes(api: Api, inbox: Inbox, people: People, entries: Entries) -> None:
    login = people["weavr_multi", "dario"].login
    api.call("weavr_multi.start_lost_password", headers=people["weavr_multi", "dario"].headers, body={"email": login})
    code = inbox.latest(to=login).codes[0]
    entry = entries()[0]
    assert entry["mails"] == [{"id": 1, "to": login, "subject": inbox.latest(to=login).subject}]
    assert code not in str(entry)


def test_changes_are_told_by_the_names_of_their_fields(api: Api, people: People, entries: Entries) -> None:
    login = people["weavr_multi", "dario"].login
    api.call("weavr_multi.start_lost_password", headers=people["weavr_multi", "dario"].headers, body={"email": login})
    changed = {one["kind"]: one["fields"] for one in entries()[0]["changes"]}
    assert "expires_at" in changed["weavr_nonces"]


def test_entries_are_found_by_every_filter(api: Api, people: People, entries: Entries) -> None:
    update(api, people)
    api.request("GET", "/v2/nowhere")
    (first,) = entries(operation="weavr_multi.*")
    for query in (
        {"status": "409"},
        {"status": "4xx", "unmatched": "false"},
        {"code": "PASSWORD_INCORRECT"},
        {"outcome": "PASSWORD_INCORRECT"},
        {"rule": "weavr.update.old-password"},
        {"person": "dario"},
        {"path": "/passwords"},
        {"system": "weavr_multi"},
        {"operation": "weavr_multi.update_password"},
    ):
        assert [one["id"] for one in entries(**query)] == [first["id"]], query
    assert len(entries(since=START.isoformat().replace("+00:00", "Z"))) == 2
    assert [one["request"]["url"] for one in entries(since=first["id"])] == ["/v2/nowhere"]
    assert api.call("admin.journal", query={"limit": "1"}).body["total"] == 2


def test_a_documented_code_and_outcome_that_nothing_has_had_find_nothing(api: Api, entries: Entries) -> None:
    assert entries(code="INVALID_NONCE_OR_EMAIL") == entries(outcome="PASSWORD_INCORRECT") == []


def test_the_id_of_an_entry_that_there_has_never_been_is_no_beginning(api: Api, people: People) -> None:
    update(api, people)
    newest = api.call("admin.journal").body["entries"][0]["id"]
    later = f"{newest[:-12]}ffffffffffff"
    assert [api.call("admin.journal", query={"since": one}).status for one in (newest, later)] == [200, 400]


def test_a_filter_that_cannot_be_read_is_refused(api: Api) -> None:
    for query in ({"since": "yesterday"}, {"status": "teapot"}, {"limit": "0"}):
        assert api.call("admin.journal", query=query).status == 400


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"operation": "weavr_multi.updatepassword"}, "nearest: weavr_multi.update_password, "),
        ({"operation": "weavr.*"}, "nearest: weavr_multi."),
        ({"system": "zitadl"}, "nearest: zitadel"),
        ({"rule": "weavr.update.old_password"}, "nearest: weavr.update.old-password"),
        ({"person": "Ada"}, "nearest: ada"),
        ({"code": "INVALID_NONCE"}, ", INVALID_NONCE_OR_EMAIL"),
        ({"outcome": "PASSWORD_INCORECT"}, "nearest: PASSWORD_INCORRECT"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_the_nearest(api: Api, query: dict[str, str], says: str) -> None:
    for scope in ({}, {"wait": "5s"}):
        answer = api.call("admin.journal", query={**query, **scope})
        (wrong,) = answer.body["errors"]
        assert (answer.status, wrong["field"]) == (400, next(iter(query)))
        assert says in wrong["problem"]


def test_a_person_may_be_named_by_login_or_id_and_after_being_removed(
    api: Api, people: People, entries: Entries
) -> None:
    update(api, people)
    dario = people["weavr_multi", "dario"]
    for person in (dario.login, dario.login.upper(), dario.id):
        assert len(entries(person=person)) == 1
    assert api.call("admin.verify", body={"person": dario.login}).body["verified"]
    with_all = {"scope": "all", "person": "somebody-of-another-sandbox"}
    assert api.call("admin.journal", query=with_all).body["entries"] == []


def test_whom_a_request_concerned_does_not_depend_on_when_somebody_asks(
    api: Api, people: People, entries: Entries
) -> None:
    ada = people["weavr_multi", "ada"]

    def log_in(email: str) -> int:
        body = {"email": email, "password": {"value": "Harbour-7-lamp"}}
        return api.call("weavr_multi.login_with_password", body=body, headers={"api-key": key}).status

    key, place = ada.headers["api-key"], {"system": "weavr_multi", "name": "ada"}
    assert log_in("zed@multi.example") == 403
    made = {"system": "weavr_multi", "name": "zed", "login": "zed@multi.example", "password": "Harbour-7-lamp"}
    assert api.call("admin.make_person", body=made).status == 201
    assert log_in("zed@multi.example") == 200
    assert api.call("admin.change_person", path=place, body={"login": "other@multi.example"}).status == 200
    assert [log_in("other@multi.example"), log_in(ada.login)] == [200, 403]
    assert api.call("admin.remove_person", path=place).status == 204
    assert log_in("other@multi.example") == 403
    assert [one["people"] for one in entries()] == [[], [], ["ada"], ["zed"], []]
    assert api.call("admin.remove_person", path={**place, "name": "zed"}).status == 204
    assert log_in("zed@multi.example") == 403
    assert [one["people"] for one in entries()] == [[], [], [], ["ada"], ["zed"], []]


def test_a_body_that_a_fault_kept_from_being_read_concerns_nobody(api: Api, people: People, entries: Entries) -> None:
    fault = {
        "match": {"operation": "weavr_multi.login_with_password"},
        "times": 1,
        "fault": {"answer": {"status": 503}},
    }
    assert api.call("admin.arm_fault", body=fault).status == 201
    ada = people["weavr_multi", "ada"]
    body, key = {"email": ada.login, "password": {"value": "Harbour-7-lamp"}}, {"api-key": ada.headers["api-key"]}
    statuses = [api.call("weavr_multi.login_with_password", body=body, headers=key).status for _ in range(2)]
    assert (statuses, [one["people"] for one in entries()]) == ([503, 200], [["ada"], []])


def test_a_token_tells_its_holder_after_it_has_ended(api: Api, people: People, entries: Entries) -> None:
    ada = people["weavr_multi", "ada"]
    update_path = "/multi/passwords/update"
    body = {"email": ada.login, "password": {"value": "Harbour-7-lamp"}}
    key = {"api-key": ada.headers["api-key"]}
    token = api.call("weavr_multi.login_with_password", body=body, headers=key).body["token"]
    shown = {**key, "Authorization": f"Bearer {token}"}
    assert api.request("POST", update_path, json={}, headers=shown).status == 400
    assert api.call("weavr_multi.logout", headers=shown).status == 204
    assert [one["people"] for one in entries()] == [["ada"], ["ada"], ["ada"]]


@outcome("admin.clear_journal", 204)
def test_the_journal_is_emptied_alone_and_by_a_reset(api: Api, people: People, entries: Entries) -> None:
    update(api, people)
    assert api.call("admin.clear_journal").status == 204
    assert entries() == []
    update(api, people)
    api.call("admin.reset")
    assert entries() == []


def test_a_sandbox_sees_its_own_entries_only(api: Api, people: People) -> None:
    update(api, people)
    seen = api.request("GET", "/~somewhere-else/__admin/journal", headers={"watchword-sandbox": ""}).body
    assert seen["entries"] == []


@outcome("admin.entry", 200, "refused")
def test_one_entry_is_read_by_its_id_or_as_the_last(api: Api, people: People, entries: Entries) -> None:
    update(api, people)
    (entry,) = entries()
    assert api.call("admin.entry", path={"id": entry["id"]}).body == entry
    assert api.call("admin.entry", path={"id": "last"}).body == entry


@outcome("admin.entry", 404, "no-such-entry")
@outcome("admin.explain_entry", 404, "no-such-entry")
def test_an_entry_that_never_was_is_not_found(api: Api) -> None:
    for identifier in ("last", "00000000-0000-4000-8000-000000000001"):
        for operation in ("admin.entry", "admin.explain_entry"):
            answer = api.call(operation, path={"id": identifier})
            assert (answer.status, answer.body["code"]) == (404, "no-such-entry")


@outcome("admin.entry", 410, "entry-gone")
@outcome("admin.explain_entry", 410, "entry-gone")
def test_an_entry_that_the_journal_has_dropped_is_gone(api: Api, people: People, entries: Entries) -> None:
    update(api, people)
    identifier = entries()[0]["id"]
    api.call("admin.clear_journal")
    assert api.call("admin.entry", path={"id": identifier}).status == 410
    assert api.call("admin.explain_entry", path={"id": identifier}).status == 410


@outcome("admin.entry", 400, "malformed")
@outcome("admin.explain_entry", 400, "malformed")
@outcome("admin.journal", 400, "malformed")
def test_an_id_that_is_none_is_refused(api: Api) -> None:
    for operation in ("admin.entry", "admin.explain_entry"):
        assert api.call(operation, path={"id": "7"}).status == 400
    assert api.call("admin.journal", query={"status": "40"}).status == 400


def test_a_form_is_shown_by_its_declared_fields(api: Api, entries: Entries) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"grant_type=client_credentials&assertion=s3cret&other=s3cret"
    api.request("POST", "/oauth/v2/token", content=body, headers=form)
    (entry,) = entries()
    assert entry["request"]["body"]["grant_type"] == "client_credentials"
    assert "s3cret" not in str(entry)


@pytest.mark.parametrize(
    ("operation", "message", "shown"),
    [
        ("get_user", {"userId": "269629023906488501"}, {"userId": "269629023906488501"}),
        ("get_session", {"sessionId": "7", "sessionToken": NEW}, {"sessionId": "7", "sessionToken": "***"}),
        ("get_lockout_settings", {"ctx": {"orgId": "8"}}, {"ctx": {"orgId": "8"}}),
    ],
)
def test_a_message_is_shown_by_what_is_a_parameter_over_http(
    api: Api, entries: Entries, operation: str, message: Any, shown: Any
) -> None:
    RpcApi(api, "grpc").rpc(METHODS[f"zitadel.{operation}"], message)
    (entry,) = entries()
    assert (entry["request"]["body"], entry["violations"]) == (shown, [])
