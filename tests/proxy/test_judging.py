"""The proxy tells in what requests and answers differ from the document, and repeats nothing that is secret."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.proxy.conftest import NewProxy, Proxied, violations
from tests.proxy.scripted import Scripted
from tests.scenarios.other_multi import KEYS, LOGINS, Multi, serving_other_multi
from watchword.build import Built

KEY = {"api-key": KEYS["shop"]}
MEMBER = {"email": LOGINS["member"], "password": {"value": "Teapot-12-blue"}}
ENTRUST = "/api/web/v1/users/5a0d2f4e-6c1b-4f7a-9c3d-2b8e71d4a601/passwords"
LOG_IN = "weavr_multi.login_with_password"


@pytest.fixture(scope="module")
def other() -> Iterator[tuple[str, Multi]]:
    """Somebody else's Multi: its address and its state."""
    with serving_other_multi() as other:
        yield other


@pytest.fixture
def multi(other: tuple[str, Multi]) -> Iterator[Multi]:
    """The same, as it is at first."""
    other[1].reset()
    yield other[1]
    other[1].defect = ""


@pytest.fixture
def before(new_proxy: NewProxy, other: tuple[str, Multi], multi: Multi) -> Proxied:
    """A proxy before it."""
    return new_proxy(other[0])


def log_in(proxied: Proxied, **more: Any) -> httpx.Response:
    return proxied.request("POST", "/login_with_password", headers=KEY, json={**MEMBER, **more})


def test_a_right_client_of_a_right_server_sees_no_violation(before: Proxied) -> None:
    token = log_in(before).json()["token"]
    sent = {**KEY, "Authorization": f"Bearer {token}"}
    passwords = {"oldPassword": {"value": "Teapot-12-blue"}, "newPassword": {"value": "Teapot-13-blue"}}
    update = before.request("POST", "/passwords/update", headers=sent, json=passwords)
    refused = before.request("POST", "/passwords/update", headers=sent, json=passwords)
    out = before.request("POST", "/logout", headers=sent)
    assert [one.status_code for one in (update, refused, out)] == [200, 409, 204]
    assert "sl-violations" not in {name for one in (update, refused, out) for name in one.headers}
    assert not before.record.tally.findings
    assert before.record.requests == 4


def test_violations_of_a_request_are_told_and_it_is_forwarded_all_the_same(before: Proxied) -> None:
    answer = before.request("POST", "/login_with_password", headers=KEY, json={"extra": "x"})
    assert answer.status_code == 400
    assert set(violations(answer)) == {
        ("request.body.email", "required"),
        ("request.body.password", "required"),
        ("request.body.extra", "undeclared"),
    }
    entry = before.entry()
    assert entry["operation"] == LOG_IN
    assert {one["pointer"] for one in entry["violations"]} == {"/email", "/password", "/extra"}
    assert {str(one.kind) for one in before.record.tally.findings} == {"missing", "undocumented"}


@pytest.mark.parametrize(
    ("defect", "violated"),
    [
        ("a header is missing", ("response.header.request-ref", "required")),
        ("an answer has one member more", ("response.body.credential", "unevaluatedProperties")),
        ("the expiry date is null", ("response.body.passwordInfo.expiryDate", "null")),
    ],
)
def test_violations_of_an_answer_are_told(
    defect: str, violated: tuple[str, str], before: Proxied, multi: Multi
) -> None:
    sent = {**KEY, "Authorization": f"Bearer {log_in(before).json()['token']}"}
    passwords = {"oldPassword": {"value": "Teapot-12-blue"}, "newPassword": {"value": "Teapot-13-blue"}}
    multi.defect = defect
    answer = before.request("POST", "/passwords/update", headers=sent, json=passwords)
    assert violations(answer) == [violated]
    (finding,) = before.record.tally.findings
    assert (finding.kind, finding.operation) == ("answer", "weavr_multi.update_password")


def test_an_error_that_is_a_text_is_a_violation(before: Proxied, multi: Multi) -> None:
    multi.defect = "an error is a text"
    answer = before.request(
        "POST", "/passwords/lost_password/start", headers=KEY, json={"email": "nobody@other.example"}
    )
    assert violations(answer) == [("response", "media-type")]
    (told,) = before.entry()["violations"]
    assert told["where"] == "response"
    assert told["message"].endswith("409: content type text/plain is not declared; the document has application/json")


def test_an_answer_that_does_not_say_what_its_body_is_is_a_violation(new_proxy: NewProxy, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 409 Conflict\nContent-Length: 34", b'{"errorCode": "ACCOUNT_NOT_FOUND"}')
    proxied = new_proxy(scripted.url, "weavr_multi")
    answer = proxied.request("POST", "/passwords/lost_password/start", headers=KEY, json={"email": "me@other.example"})
    assert violations(answer) == [("response.header.content-type", "required")]
    (told,) = proxied.entry()["violations"]
    assert told["message"].endswith("409: header content-type is missing")


def test_a_status_that_is_not_declared_is_a_violation(new_proxy: NewProxy, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 302 Found\nLocation: /?code=Theirs-secret-1\nContent-Length: 0")
    proxied = new_proxy(scripted.url, "entrust")
    answer = proxied.request("GET", ENTRUST)
    assert violations(answer) == [("response.status", "status")]
    assert answer.headers["location"] == "/?code=Theirs-secret-1"
    assert "Theirs" not in str(proxied.entry())


def test_an_answer_that_is_no_json_is_a_violation(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 200 OK\nContent-Type: application/json\nrequest-ref: 1\nContent-Length: 3", b"{x}")
    assert violations(log_in(proxied)) == [("response.body", "syntax")]


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"x"', b'{"errorCode": [1]}', b'{"syntaxErrors": 1}', b"[[[["])
@pytest.mark.parametrize("status", [200, 400, 409])
@pytest.mark.parametrize(
    "target",
    [("weavr_multi", "POST", "/login_with_password"), ("zitadel", "POST", "/v2/sessions"), ("entrust", "PUT", ENTRUST)],
)
def test_an_answer_of_any_form_is_noted(
    target: tuple[str, str, str], status: int, body: bytes, new_proxy: NewProxy, scripted: Scripted
) -> None:
    scripted.says(f"HTTP/1.1 {status} X\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    system, method, path = target
    proxied = new_proxy(scripted.url, system)
    answer = proxied.request(method, path, json=MEMBER)
    assert (answer.status_code, answer.content) == (status, body)
    entry = proxied.entry()
    assert (entry["operation"] is not None, entry["reason"]) == (True, None)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (202, b"{}", ("", "")),
        (415, b'{"code": "UNSUPPORTED_MEDIA_TYPE", "message": "No."}', ("UNSUPPORTED_MEDIA_TYPE",) * 2),
        (413, b'{"message": "too long"}', ("", "")),
        (422, b'{"errorCode": "OTHER_CODE"}', ("", "OTHER_CODE")),
        (409, b'{"errorCode": "PASSWORD_NOT_SET", "more": 1}', ("", "PASSWORD_NOT_SET")),
        (400, b'{"message": 7}', ("", "")),
        (409, b'{"token": "a-token-of-theirs"}', ("PASSWORD_EXPIRED", "PASSWORD_EXPIRED")),
    ],
)
def test_only_an_answer_that_fits_the_document_has_the_name_of_one(
    status: int, body: bytes, told: tuple[str, str], proxied: Proxied, scripted: Scripted
) -> None:
    scripted.says(f"HTTP/1.1 {status} X\nContent-Type: application/json\nContent-Length: {len(body)}", body)
    log_in(proxied)
    entry = proxied.entry()
    assert (entry["outcome"] or "", entry["code"] or "") == told


def test_a_body_longer_than_allowed_is_told_as_that_and_goes_nowhere(proxied: Proxied, scripted: Scripted) -> None:
    answer = proxied.request("POST", "/login_with_password", headers=KEY, content=bytes(5_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert "The request body is longer than" in answer.json()["detail"]
    assert scripted.heads == []
    entry = proxied.entry()
    assert (entry["response"]["status"], entry["code"], entry["violations"]) == (413, "too-large", [])
    assert entry["decidedBy"] == {"kind": "setting", "id": "--max-body"}
    assert (proxied.record.requests, proxied.record.refused) == (0, 1)
    assert not proxied.record.tally.findings


def test_a_path_that_the_document_does_not_have_is_unmatched_whatever_is_answered(
    proxied: Proxied, scripted: Scripted
) -> None:
    scripted.says("HTTP/1.1 200 OK\nContent-Length: 0")
    assert violations(proxied.request("GET", "/internal/Secret-id-1")) == [("request", "unmatched")]
    assert violations(proxied.request("DELETE", "/login_with_password")) == [("request", "unmatched")]
    assert violations(proxied.request("POST", "/v2/sessions")) == [("request", "unmatched")], "of another system"
    found = proxied.request("GET", "/__admin/journal?unmatched=true").json()["entries"]
    assert [one["request"]["url"] for one in found] == ["/v2/sessions", "/login_with_password", "/internal/*"]
    assert {str(one.kind) for one in proxied.record.tally.findings} == {"unmatched"}


def test_the_header_stays_short_and_says_how_many_violations_there_are_besides(
    proxied: Proxied, scripted: Scripted
) -> None:
    body = orjson.dumps({f"surplus_{'x' * (number % 20)}_{number}": 1 for number in range(90)})
    scripted.says(f"HTTP/1.1 200 OK\nContent-Type: application/json\nrequest-ref: 1\nContent-Length: {len(body)}", body)
    header = log_in(proxied).headers["sl-violations"]
    assert len(header) < 4_200
    assert "more; the journal has them all." in header


def test_no_secret_is_in_log_journal_findings_or_header(
    before: Proxied, multi: Multi, caplog: pytest.LogCaptureFixture
) -> None:
    multi.defect = "an answer repeats the password"
    answer = log_in(before, more="Surplus-secret-9")
    token = answer.json()["token"]
    sent = {**KEY, "Authorization": f"Bearer {token}", "X-Own-Secret": "Header-secret-8"}
    before.request("POST", "/passwords/update?p=Query-secret-7", headers=sent, json={"Misplaced-secret-6": 1})
    before.request("POST", "/Path-secret-5", headers=sent, content=b"Body-secret-4")
    told = "".join(
        (
            before.request("GET", "/__admin/journal").text,
            before.request("GET", "/__admin/requests").text,
            before.request("GET", "/__admin/journal/last/explain").text,
            str(before.record.tally.findings),
            answer.headers["sl-violations"],
            *before.log,
            caplog.text,
        )
    )
    for secret in (token, KEY["api-key"], "secret-", "Teapot-12-blue"):
        assert secret not in told


def test_an_entry_is_explained_and_replayed_in_the_stand_in(before: Proxied) -> None:
    log_in(before)
    explained = before.request("GET", "/__admin/journal/last/explain").json()
    assert explained["sentence"] == "200 OK: nothing was refused."
    replayed = before.request("POST", "/__admin/journal/last/replay", json={})
    assert replayed.status_code == 200
    before.request("POST", "/login_with_password", headers=KEY, json={**MEMBER, "password": {"value": "Wrong-1-abc"}})
    explained = before.request("GET", "/__admin/journal/last/explain").json()
    assert explained["sentence"] == "403 Forbidden: the server behind the proxy says so."


def test_the_window_shows_what_was_forwarded(before: Proxied, around: Built) -> None:
    log_in(before)
    page = before.request("GET", f"/~{before.sandbox}/__admin/ui/", follow_redirects=True)
    assert page.status_code == 200
    assert "/login_with_password" in page.text
