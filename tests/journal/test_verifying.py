"""Verifying that requests were sent."""

from typing import Any

from tests.conftest import Api, People
from tests.outcomes import outcome


def send(api: Api, people: People) -> None:
    body = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": {"value": "Brand-New-Secret-43"}}
    api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=body)


@outcome("admin.verify", 200, "verified")
def test_what_was_sent_is_verified(api: Api, people: People) -> None:
    send(api, people)
    for expected in (
        {"operation": "weavr_multi.update_password"},
        {"request": {"method": "POST", "path": "/passwords/update"}},
        {"person": "dario", "status": 409},
        {"person": "dario", "status": "4xx"},
        {"body": {"oldPassword": {"value": "***"}}},
        {"count": {"atLeast": 1, "atMost": 1}},
        {"operation": "zitadel.set_password", "count": 0},
    ):
        answer = api.call("admin.verify", body=expected)
        assert (answer.status, answer.body["verified"]) == (200, True), expected


@outcome("admin.verify", 409, "not-verified")
def test_what_was_not_sent_is_told_with_the_nearest(api: Api, people: People) -> None:
    send(api, people)
    answer = api.call("admin.verify", body={"operation": "weavr_multi.update_password", "status": 200})
    assert (answer.status, answer.body["count"]) == (409, 0)
    assert [one["differences"] for one in answer.body["nearest"]] == [["status is 409"]]
    assert answer.body["detail"].endswith("the test expects exactly 1.")


def test_requests_that_are_too_many_are_told_instead_of_others(api: Api, people: People) -> None:
    send(api, people)
    api.call("weavr_multi.validate_password", headers=people["weavr_multi", "dario"].headers, body={})
    answer = api.call("admin.verify", body={"operation": "weavr_multi.update_password", "count": 0})
    assert answer.body["detail"].startswith("There is 1 such request in the journal")
    (too_many,) = answer.body["nearest"]
    assert too_many["differences"] == []
    entry = api.call("admin.entry", path={"id": too_many["id"]}).body
    assert entry["operation"] == "weavr_multi.update_password"


def test_what_differs_is_told_with_what_it_is(api: Api, people: People) -> None:
    send(api, people)
    body = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": 1, "email": None}
    answer = api.call("admin.verify", body={"operation": "weavr_multi.update_password", "body": body})
    assert answer.body["nearest"][0]["differences"] == [
        'body.oldPassword.value is "***" here, because the journal masks it',
        'body.newPassword is {"value": "***"}',
        "body.email is missing",
    ]


def test_null_is_a_value_that_is_expected_like_others(api: Api, people: People) -> None:
    headers = people["weavr_multi", "dario"].headers
    api.call("weavr_multi.validate_password", headers=headers, body={"password": None})
    for body, count in ({"password": None}, 1), ({"password": {}}, 0), (None, 0):
        answer = api.call("admin.verify", body={"body": body, "count": count})
        assert answer.status == 200, (body, answer.body)


@outcome("admin.verify", 400, "malformed")
@outcome("admin.verify", 415, "unsupported-media-type")
def test_an_expectation_that_cannot_be_read_is_refused(api: Api) -> None:
    wrong: list[Any] = [{"count": {}}, {"operation": "nowhere"}, {"statuss": 200}, {"count": -1}, {"status": "6xx"}]
    wrong.append({"person": "Ada", "count": 0})  # which would always hold
    wrong.append({"count": {"atLeast": 2, "atMost": 1}})  # which would never hold
    for body in wrong:
        assert api.call("admin.verify", body=body).status == 400
    plain = api.request("POST", "/__admin/verify", content=b"x", headers={"content-type": "text/plain"})
    assert plain.status == 415
