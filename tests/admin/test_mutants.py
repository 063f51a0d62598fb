"""The mutants of a sandbox, over HTTP, and what each kind of them makes of the answers."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, Response
from tests.outcomes import outcome

KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}
START, RESUME = "weavr_multi.start_lost_password", "weavr_multi.resume_lost_password"
LOG_IN = "weavr_multi.login_with_password"


def break_rules(api: Api, *mutants: str) -> Response:
    return api.call("admin.set_mutants", body={"mutants": list(mutants)})


def start(api: Api) -> Response:
    return api.call(START, headers=KEY, body={"email": "ada@multi.example"})


def resume(api: Api, code: str, password: str = "Quiet-river-42") -> Response:  # noqa: S107  # of a test
    body = {"email": "ada@multi.example", "nonce": code, "newPassword": {"value": password}}
    return api.call(RESUME, headers=KEY, body=body)


def log_in(api: Api, password: str) -> Response:
    return api.call(LOG_IN, headers=KEY, body={"email": "ada@multi.example", "password": {"value": password}})


@outcome("admin.set_mutants", 200, "mutants")
@outcome("admin.mutants", 200, "mutants")
def test_a_sandbox_is_given_mutants_and_shows_them(api: Api) -> None:
    answer = break_rules(api, "weavr.nonce.lifetime/gone")
    assert answer.status == 200
    (one,) = answer.body["mutants"]
    assert (one["id"], one["kind"], one["subject"]) == ("weavr.nonce.lifetime/gone", "gone", "weavr.nonce.lifetime")
    assert RESUME in one["operations"]
    assert api.call("admin.mutants").body == answer.body
    assert break_rules(api).body == {"mutants": []}


def test_all_that_can_be_broken_is_listed(api: Api) -> None:
    query = {"available": "true", "system": "weavr_multi", "prefix": "weavr.nonce."}
    found = api.call("admin.mutants", query=query).body["mutants"]
    assert "weavr.nonce.single/gone" in {one["id"] for one in found}
    assert all(one["subject"].startswith("weavr.nonce.") for one in found)


@outcome("admin.set_mutants", 404, "no-such-mutant")
def test_an_unknown_mutant_is_not_found(api: Api) -> None:
    assert break_rules(api, "weavr.nonce.lifetime/lost").status == 404


@outcome("admin.set_mutants", 409, "mutants-clash")
def test_one_rule_is_broken_in_one_way_at_a_time(api: Api) -> None:
    assert break_rules(api, "weavr.nonce.lifetime/gone", "weavr.nonce.lifetime/result-not").status == 409
    assert api.call("admin.mutants").body == {"mutants": []}


def test_without_a_lifetime_an_old_code_is_good(api: Api, inbox: Inbox, clock: ManualClock) -> None:
    break_rules(api, "weavr.nonce.lifetime/gone")
    start(api)
    clock.advance(timedelta(minutes=61))
    assert resume(api, "123456").status == 200


def test_a_refusal_is_told_with_the_code_of_another_one(api: Api, people: People) -> None:
    admin = people["entrust", "console"].headers
    codes = []
    for mutants in ([], ["entrust.user.by-uuid/UserNotFound-code"]):
        break_rules(api, *mutants)
        answer = api.call("entrust.get_password", headers=admin, path={"userid": str(UUID(int=7))})
        codes.append((answer.status, answer.body["errorCode"]))
    assert codes[0] == (404, "user_not_found")
    assert codes[1][0] == 404
    assert codes[1] != codes[0]


def test_what_was_accepted_is_not_kept(api: Api) -> None:
    break_rules(api, f"{RESUME}/unsaved")
    start(api)
    assert resume(api, "123456").status == 200
    assert log_in(api, "Quiet-river-42").status == 403


def test_a_failure_is_not_counted(api: Api) -> None:
    break_rules(api, f"{LOG_IN}/unmarked")
    statuses = {log_in(api, "Wrong-password-1").status for _ in range(9)}
    assert statuses == {403}


@pytest.mark.parametrize(("mutant", "mails"), [("unsent", 0), ("sent-twice", 2)])
def test_a_mail_is_not_sent_or_twice(api: Api, inbox: Inbox, mutant: str, mails: int) -> None:
    break_rules(api, f"{START}/{mutant}")
    assert start(api).status == 204
    assert len(inbox.all()) == mails


def test_of_two_faults_the_other_one_is_answered(api: Api) -> None:
    start(api)
    assert resume(api, "123456", "short").body == {"errorCode": "PASSWORD_TOO_SHORT"}
    break_rules(api, "weavr.password.length/after-weavr.password.complexity")
    assert resume(api, "123456", "short").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}


def test_a_boundary_is_off_by_one(api: Api) -> None:
    start(api)
    assert resume(api, "123456", "Abcdef-1").status == 200
    query = {"available": "true", "prefix": "weavr.password.length/"}
    ids = [one["id"] for one in api.call("admin.mutants", query=query).body["mutants"]]
    (one_more,) = [one for one in ids if one.endswith("minimum-plus-1")]
    start(api)
    break_rules(api, one_more)
    assert resume(api, "123456", "Zyxwvu-1").body == {"errorCode": "PASSWORD_TOO_SHORT"}


@outcome("admin.set_mutants", 400, "malformed")
def test_mutants_are_a_list_of_ids(api: Api) -> None:
    answer = api.call("admin.set_mutants", body={"mutants": "weavr.nonce.lifetime/gone"})
    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "mutants"


@outcome("admin.mutants", 400, "malformed")
def test_a_list_of_mutants_is_wanted_or_not(api: Api) -> None:
    assert api.call("admin.mutants", query={"available": "perhaps"}).status == 400


@outcome("admin.set_mutants", 415, "unsupported-media-type")
def test_mutants_are_written_in_json(api: Api) -> None:
    answer = api.request("PUT", "/__admin/mutants", headers={"Content-Type": "text/plain"}, content=b"{}")
    assert answer.status == 415
