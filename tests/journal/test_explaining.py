"""Why a request was answered so."""

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.decided import NOTHING
from tests.journal.conftest import Entries
from tests.outcomes import outcome
from watchword.edge.breaking import ConnectionBroken
from watchword.review.decided import decided


@outcome("admin.explain_entry", 200, "refused")
def test_a_refusal_is_explained_with_its_rule_what_held_before_and_what_would_have_come_after(
    api: Api, people: People
) -> None:
    body = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": {"value": "short"}}
    answer = api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=body)
    why = api.request("GET", answer.headers["watchword-why"], headers={}).body
    assert why["sentence"] == "409 PASSWORD_INCORRECT: The old password is wrong."
    assert why["rule"]["sentence"].startswith("An update with a wrong old password")
    assert why["rule"]["grade"] == "documented"
    assert "Update a password" in why["rule"]["source"]
    assert "weavr.session.known" in [one["id"] for one in why["held"]]
    assert why["next"] == ["weavr.password.length", "weavr.password.complexity", "weavr.password.history"]


def why(api: Api) -> str:
    """Give the sentence that explains the last request, without what was answered."""
    sentence: str = api.call("admin.explain_entry", path={"id": "last"}).body["sentence"]
    return sentence.partition(": ")[2]


def advance(api: Api, by: str) -> None:
    api.call("admin.set_clock", body={"action": "advance", "by": by})


def test_a_code_that_has_several_causes_is_explained_by_the_one_of_this_request(
    api: Api, people: People, settings: SettingsOf
) -> None:
    settings.patch("weavr_multi", {"random_codes": True})
    ada = people["weavr_multi", "ada"]
    told = []

    def resume(nonce: str, email: str = ada.login) -> None:
        body = {"email": email, "nonce": nonce, "newPassword": {"value": "Quiet-river-42"}}
        answer = api.call("weavr_multi.resume_lost_password", headers=ada.headers, body=body)
        if answer.status != 200:
            assert answer.body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}
            told.append(why(api))

    def send_code() -> str:
        api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})
        code: str = api.call("admin.inbox").body["messages"][0]["codes"][0]
        return code

    resume("000000", "nobody@multi.example")
    resume("000000")
    first, second = send_code(), send_code()
    resume("000000" if second != "000000" else "000001")
    resume(first)
    advance(api, "PT61M")
    resume(second)
    third = send_code()
    resume(third)
    resume(third)
    assert told == [
        "No user of the programme has this e-mail address.",
        "No nonce is outstanding for this address: none was requested, or it was used.",
        "This is not the nonce that was sent to this address last.",
        "This is not the nonce that was sent to this address last."
        " What was sent is the code of mail 1, and mail 2 has a newer one.",
        "The nonce expired at 2026-01-15T13:00:00Z, and it was 2026-01-15T13:01:00Z."
        " What was sent is the code of mail 2, the newest.",
        "No nonce is outstanding for this address: none was requested, or it was used."
        " What was sent is the code of mail 3, the newest.",
    ]


def test_a_code_is_told_by_the_messages_that_there_were_then(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]

    def start() -> None:
        api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})

    start()
    advance(api, "PT61M")
    body = {"email": ada.login, "nonce": "123456", "newPassword": {"value": "Quiet-river-42"}}
    api.call("weavr_multi.resume_lost_password", headers=ada.headers, body=body)
    (entry, *_) = api.call("admin.journal").body["entries"]
    start()
    found = api.call("admin.explain_entry", path={"id": entry["id"]}).body["sentence"]
    assert found.endswith("What was sent is the code of mail 1, the newest.")


def test_a_code_is_told_by_its_message_also_in_a_body_that_only_its_system_can_read(api: Api, people: People) -> None:
    mini = people["zitadel", "mini"]
    for _ in range(2):
        api.call("zitadel.password_reset", path={"userId": mini.id}, headers=mini.headers, body={})
    code = api.call("admin.inbox").body["messages"][1]["codes"][0]
    content = b'{"newPassword": {"password": "Quiet-River-42"}, "verificationCode": "%s"}' % code.encode()
    headers = {**mini.headers, "content-type": "text/plain"}
    assert api.request("POST", f"/v2/users/{mini.id}/password", content=content, headers=headers).status == 400
    assert why(api).endswith("What was sent is the code of mail 1, and mail 2 has a newer one.")


@pytest.mark.parametrize(
    ("who", "cause"),
    [
        ("nobody", "No user of the programme has this e-mail address."),
        ("frida", "The user is inactive."),
        ("basil", "The user has no password yet."),
        ("ada", "The password is wrong."),
    ],
)
def test_a_log_in_that_is_refused_says_whether_it_was_the_address_the_user_or_the_password(
    api: Api, people: People, who: str, cause: str
) -> None:
    body = {"email": f"{who}@multi.example", "password": {"value": "Wrong-Secret-42"}}
    key = {"api-key": people["weavr_multi", "ada"].headers["api-key"]}
    assert api.call("weavr_multi.login_with_password", headers=key, body=body).status == 403
    assert why(api) == cause


def test_a_wrong_password_of_a_session_is_called_wrong(api: Api, people: People, settings: SettingsOf) -> None:
    checks = {"user": {"userId": people["zitadel", "mini"].id}, "password": {"password": "Wrong-Secret-42!"}}
    headers = people["zitadel", "login"].headers
    assert api.call("zitadel.create_session", headers=headers, body={"checks": checks}).status == 400
    assert why(api) == "The password is wrong; that makes 1 in a row."
    settings.patch("zitadel", {"lockout": {"max_password_attempts": 5}})
    api.call("zitadel.create_session", headers=headers, body={"checks": checks})
    assert why(api) == "The password is wrong; that makes 2 in a row, and 5 lock the user."


def test_everything_that_is_wrong_with_a_password_is_told_together(api: Api, people: People) -> None:
    ada = people["entrust", "ada"]
    api.call("entrust.set_password", path={"userid": ada.id}, headers=ada.headers, body={"password": "short"})
    assert why(api).startswith("The password must have between 8 and ")
    assert "The password must have at least 1 digit" in why(api)


def test_a_path_or_method_that_is_not_served_is_told_with_what_is(api: Api) -> None:
    api.request("POST", "/passwords/validat", headers={}, json={})
    assert why(api).startswith("no operation has this path and method; nearest: POST /passwords/")
    assert "POST /passwords/validate," in why(api)
    api.request("PATCH", "/passwords/validate", headers={}, json={})
    assert why(api) == "no operation has this path and method; allowed there: POST."


@pytest.mark.parametrize(
    ("fault", "prefer", "sentence"),
    [
        ("EMPTY_RESPONSE", "", "closed the connection after the request was handled."),
        ("CONNECTION_RESET_BY_PEER", "", "reset the connection after the request was handled."),
        ("MALFORMED_RESPONSE_CHUNK", "", "broke the answer off after the request was handled."),
        ("", "fault=EMPTY_RESPONSE", "closed the connection before the request was handled."),
    ],
)
def test_an_answer_that_was_lost_has_no_outcome_and_a_sentence_that_says_how(
    api: Api, people: People, fault: str, prefer: str, sentence: str
) -> None:
    ada = people["weavr_multi", "ada"]
    who = "the header Prefer"
    if fault:
        match = {"operation": "weavr_multi.start_lost_password", "person": "ada"}
        api.call("admin.arm_fault", body={"match": match, "when": "after", "fault": {"connection": fault}})
        who = "the fault for weavr_multi.start_lost_password, ada (fault-1)"
    headers = {**ada.headers, "prefer": prefer} if prefer else ada.headers
    with pytest.raises(ConnectionBroken):
        api.call("weavr_multi.start_lost_password", headers=headers, body={"email": ada.login})
    entry = api.call("admin.journal").body["entries"][0]
    assert (entry["outcome"], entry["response"]["status"]) == (None, 0)
    assert api.call("admin.explain_entry", path={"id": "last"}).body["sentence"] == f"No answer: {who} {sentence}"


def test_a_delay_is_told_with_the_answer_that_came_late(api: Api, people: People) -> None:
    api.call("admin.arm_fault", body={"times": 1, "fault": {"delay": {"fixed": 0.002}}})
    body, headers = {"password": {"value": "Correct-Horse-77"}}, people["weavr_multi", "dario"].headers
    api.call("weavr_multi.validate_password", headers={**headers, "prefer": "delay=1"}, body=body)
    by = "the fault for every operation (fault-1) and the header Prefer"
    assert why(api).endswith(f" The answer was held up for 0.003 seconds by {by}.")


def test_an_answer_of_a_fault_is_told_with_what_the_fault_does_and_for_whom(api: Api, people: People) -> None:
    match = {"operation": "weavr_multi.start_lost_password", "person": "ada"}
    api.call("admin.arm_fault", body={"match": match, "times": 2, "fault": {"answer": {"status": 503}}})
    ada = people["weavr_multi", "ada"]
    api.call("weavr_multi.start_lost_password", headers=ada.headers, body={"email": ada.login})
    armed = "weavr_multi.start_lost_password, ada: answers 503 maintenance, 2 times (fault-1)"
    assert why(api) == f"a fault was armed for {armed}."


def test_a_sentence_has_no_markup(api: Api) -> None:
    api.call("zitadel.create_session", body={})
    assert why(api) == "The header Authorization is missing."


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


def test_a_limit_is_explained_with_what_it_allows_and_how_long_to_wait(
    api: Api, people: People, settings: SettingsOf
) -> None:
    limits = [{"requests": 100, "seconds": 1}, {"requests": 2, "seconds": 90}, {"requests": 2, "seconds": 86_400}]
    settings.patch("weavr_multi", {"rate_limits": limits})
    good = {"password": {"value": "Correct-Horse-77"}}
    for _ in range(3):
        answer = api.call("weavr_multi.validate_password", headers=people["weavr_multi", "dario"].headers, body=good)
        api.call("admin.set_clock", body={"action": "advance", "by": "PT30S"})
    assert answer.status == 429
    found = api.call("admin.explain_entry", path={"id": "last"}).body
    assert found["sentence"] == (
        "429 Too Many Requests: the setting weavr_multi.rate_limits of this sandbox allows a caller 2 requests in"
        " 90 seconds; wait 30 seconds before the next."
    )
    assert found["values"] == {"requests": 2, "window": "PT90S", "wait": "PT30S"}


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
