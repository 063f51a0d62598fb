"""The armed faults of a sandbox, over HTTP."""

from typing import Any

import pytest

from tests.conftest import Api, Response
from tests.outcomes import outcome

VALIDATE = "weavr_multi.validate_password"
LATE = {"fault": {"delay": {"fixed": "PT3S"}}}


def arm(api: Api, **plan: Any) -> Response:
    return api.call("admin.arm_fault", body=plan)


def problems(answer: Response) -> dict[str, str]:
    return {one["field"]: one["problem"] for one in answer.body["errors"]}


@outcome("admin.arm_fault", 201, "armed")
def test_an_armed_fault_is_shown_with_its_defaults_and_its_address(api: Api) -> None:
    answer = arm(api, match={"operation": VALIDATE}, fault={"answer": {"status": 503}})
    assert answer.status == 201
    assert answer.headers["location"] == "/__admin/faults/fault-1"
    assert answer.body == {
        "id": "fault-1",
        "match": {"operation": VALIDATE},
        "times": None,
        "after": 0,
        "probability": 1.0,
        "fault": {"answer": {"status": 503}},
        "when": "before",
        "seen": 0,
        "hits": 0,
    }


@outcome("admin.faults", 200, "faults")
@outcome("admin.fault", 200, "fault")
def test_armed_faults_are_listed_in_their_order(api: Api) -> None:
    first, second = arm(api, **LATE).body, arm(api, times=1, fault={"connection": "EMPTY_RESPONSE"}).body
    assert api.call("admin.faults").body == {"faults": [first, second]}
    assert api.call("admin.fault", path={"id": "fault-2"}).body == second


@outcome("admin.faults", 200, "none")
@outcome("admin.disarm_faults", 204, "-")
@outcome("admin.disarm_fault", 204, "-")
def test_disarmed_faults_are_gone_and_their_ids_are_not_given_again(api: Api) -> None:
    for _ in range(3):
        arm(api, **LATE)
    assert api.call("admin.disarm_fault", path={"id": "fault-2"}).status == 204
    assert [one["id"] for one in api.call("admin.faults").body["faults"]] == ["fault-1", "fault-3"]
    assert api.call("admin.disarm_faults").status == 204
    assert api.call("admin.faults").body == {"faults": []}
    assert arm(api, **LATE).body["id"] == "fault-4"


def test_a_reset_disarms_every_fault(api: Api) -> None:
    arm(api, **LATE)
    api.call("admin.reset")
    assert api.call("admin.faults").body == {"faults": []}
    assert arm(api, **LATE).body["id"] == "fault-1"


@outcome("admin.change_fault", 200, "fault")
def test_a_patch_changes_what_it_names(api: Api) -> None:
    armed = arm(api, match={"operation": VALIDATE, "person": "ada"}, times=2, **LATE).body
    change = {"times": None, "match": {"person": None}, "fault": {"delay": None, "connection": "EMPTY_RESPONSE"}}
    answer = api.call("admin.change_fault", path={"id": "fault-1"}, body=change)
    expected = {"match": {"operation": VALIDATE}, "times": None, "fault": {"connection": "EMPTY_RESPONSE"}}
    assert answer.body == {**armed, **expected}
    assert api.call("admin.fault", path={"id": "fault-1"}).body == answer.body


@outcome("admin.change_faults", 200, "faults")
@outcome("admin.change_faults", 200, "none")
def test_all_faults_are_paused_at_once(api: Api) -> None:
    assert api.call("admin.change_faults", body={"times": 0}).body == {"faults": []}
    arm(api, **LATE)
    arm(api, times=4, **LATE)
    assert [one["times"] for one in api.call("admin.change_faults", body={"times": 0}).body["faults"]] == [0, 0]


@outcome("admin.change_faults", 409, "impossible-fault")
@outcome("admin.change_fault", 409, "impossible-fault")
def test_a_patch_that_makes_one_fault_impossible_changes_none(api: Api) -> None:
    arm(api, **LATE)
    arm(api, match={"operation": VALIDATE}, **LATE)
    change = {"match": {"system": "entrust"}}
    answer = api.call("admin.change_faults", body=change)
    assert problems(answer) == {"match.system": "does not have this operation, weavr_multi has"}
    assert api.call("admin.change_fault", path={"id": "fault-2"}, body=change).status == 409
    assert [one["match"] for one in api.call("admin.faults").body["faults"]] == [{}, {"operation": VALIDATE}]


@outcome("admin.arm_fault", 409, "impossible-fault")
@pytest.mark.parametrize(
    ("plan", "field", "says"),
    [
        ({"match": {"path": "/nope/{x}"}, **LATE}, "match.path", "is the path of no operation that is meant; nearest"),
        ({"match": {"path": "/v2/users", "system": "entrust"}, **LATE}, "match.path", "nearest: /api/web/v"),
        ({"match": {"person": "nobody", "system": "entrust"}, **LATE}, "match.person", "there are: console"),
        ({"match": {"operation": VALIDATE}, "fault": {"answer": {"status": 418, "example": "x"}}},
         "fault.answer.example", "is not declared; there are: UNSUPPORTED_MEDIA_TYPE"),
        ({"match": {"operation": VALIDATE}, "fault": {"answer": {"status": 204, "example": "x"}}},
         "fault.answer.example", "is not declared; there are no named examples here"),
        ({"match": {"operation": "entrust.set_password"}, "fault": {"answer": {"status": 418}}},
         "fault.answer.status", "is not declared; there are: 200, 400"),
        ({"fault": {"answer": {"example": "PASSWORD_ALREADY"}}},
         "fault.answer.example", "nearest: PASSWORD_ALREADY_USED"),
        ({"match": {"system": "weavr_multi"}, "fault": {"rpc": {"code": "UNAVAILABLE"}}}, "fault.rpc", ": zitadel"),
        ({"fault": {"answer": {"status": 503}, "connection": "EMPTY_RESPONSE"}}, "fault", "at most one of answer"),
        ({"fault": {"delay": {"fixed": "PT10M1S"}}}, "fault.delay.fixed", "up to 10 minutes"),
    ],
)  # fmt: skip
def test_a_fault_that_can_meet_no_request_is_refused_with_what_would_be_possible(
    api: Api, plan: dict[str, Any], field: str, says: str
) -> None:
    answer = arm(api, **plan)
    assert (answer.status, answer.body["code"]) == (409, "impossible-fault")
    assert says in problems(answer)[field]
    assert api.call("admin.faults").body == {"faults": []}


@outcome("admin.arm_fault", 409, "too-many-faults")
def test_a_sandbox_has_a_hundred_faults_at_most(api: Api) -> None:
    assert all(arm(api, **LATE).status == 201 for _ in range(100))
    assert arm(api, **LATE).body["code"] == "too-many-faults"


@outcome("admin.arm_fault", 400, "malformed")
@pytest.mark.parametrize(
    ("plan", "field", "says"),
    [
        ({}, "fault", "is required"),
        ({"fault": {}}, "fault", "must have an answer, a delay, a connection or an rpc"),
        ({"fault": {"delay": {}}}, "fault.delay", "must be either fixed or lognormal"),
        ({"fault": {"delay": {"fixed": "3 seconds"}}}, "fault.delay.fixed", "for example 800ms, 3s or PT3S"),
        ({"fault": {"connection": "RESET"}}, "fault.connection", "CONNECTION_RESET_BY_PEER"),
        ({"match": {"operation": "weavr_multi.nope"}, **LATE}, "match.operation", "nearest: weavr_multi."),
        ({"match": {"system": "weavr"}, **LATE}, "match.system", "weavr_payment_run"),
        ({"probability": 1.5, **LATE}, "probability", "1"),
        ({"match": {"path": "users"}, **LATE}, "match.path", "begin with a slash"),
    ],
)
def test_what_does_not_fit_the_document_is_named_with_what_does(
    api: Api, plan: dict[str, Any], field: str, says: str
) -> None:
    answer = arm(api, **plan)
    assert answer.status == 400
    assert says in problems(answer)[field]


@outcome("admin.change_fault", 400, "malformed")
@outcome("admin.change_faults", 400, "malformed")
def test_a_patch_names_only_what_a_fault_has(api: Api) -> None:
    arm(api, **LATE)
    for answer in (
        api.call("admin.change_fault", path={"id": "fault-1"}, body={"time": 2}),
        api.call("admin.change_faults", body={"time": 2}),
    ):
        assert "times" in problems(answer)["time"]


@outcome("admin.fault", 404, "no-such-fault")
@outcome("admin.change_fault", 404, "no-such-fault")
@outcome("admin.disarm_fault", 404, "no-such-fault")
def test_a_fault_that_is_not_armed_is_not_found(api: Api) -> None:
    arm(api, **LATE)
    for operation in ("fault", "change_fault", "disarm_fault"):
        answer = api.call(f"admin.{operation}", path={"id": "fault-7"}, body={} if "change" in operation else None)
        assert (answer.status, answer.body["code"]) == (404, "no-such-fault")
        assert answer.body["detail"] == "There is no such fault in this sandbox. Armed are: fault-1."


@outcome("admin.fault", 400, "malformed")
@outcome("admin.disarm_fault", 400, "malformed")
def test_an_id_looks_like_one(api: Api) -> None:
    for operation in ("fault", "disarm_fault"):
        assert api.call(f"admin.{operation}", path={"id": "7"}).status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", "", marks=outcome("admin.arm_fault", 415, "unsupported-media-type")),
        pytest.param("PATCH", "", marks=outcome("admin.change_faults", 415, "unsupported-media-type")),
        pytest.param("PATCH", "/fault-1", marks=outcome("admin.change_fault", 415, "unsupported-media-type")),
    ],
)
def test_faults_are_sent_as_json(api: Api, method: str, path: str) -> None:
    headers = {"content-type": "text/plain"}
    assert api.request(method, f"/__admin/faults{path}", content=b"a=b", headers=headers).status == 415


def test_a_fault_is_for_somebody_who_was_made_in_the_sandbox(api: Api) -> None:
    made = api.call("admin.make_person", body={"system": "weavr_multi", "name": "newcomer"}).body
    fault = {"match": {"person": "newcomer"}, "fault": {"answer": {"status": 503}}}
    assert api.call("admin.arm_fault", body=fault).status == 201
    lost = {"email": made["login"]}
    assert api.call("weavr_multi.start_lost_password", body=lost, headers=made["headers"]).status == 503
    other = {"email": "ada@multi.example"}
    assert api.call("weavr_multi.start_lost_password", body=other, headers=made["headers"]).status == 204
