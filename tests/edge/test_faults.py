"""What armed faults do to requests of a sandbox."""

from typing import Any

import pytest

from tests.conftest import START, Api, Observed, People, Response
from tests.systems.zitadel.conftest import virtual_runner, virtual_time
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.edge.breaking import ConnectionBroken
from watchword.edge.faults import is_concerned

__all__ = ["virtual_runner", "virtual_time"]

UPDATE, VALIDATE, LOG_IN = (
    f"weavr_multi.{one}" for one in ("update_password", "validate_password", "login_with_password")
)
OLD, NEW = "Harbour-7-lamp", "Quiet-river-42"
UNAVAILABLE = {"answer": {"status": 503}}


def arm(api: Api, **plan: Any) -> str:
    answer = api.call("admin.arm_fault", body=plan)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def counts(api: Api, identifier: str) -> tuple[int, int]:
    body = api.call("admin.fault", path={"id": identifier}).body
    return body["seen"], body["hits"]


class Weavr:
    """Ada's back end."""

    def __init__(self, api: Api, people: People) -> None:
        self.api, self.ada = api, people["weavr_multi", "ada"]

    def validate(self, **headers: str) -> Response:
        return self.api.call(VALIDATE, body={"password": {"value": NEW}}, headers={**self.ada.headers, **headers})

    def update(self, old: str = OLD, new: str = NEW, **headers: str) -> Response:
        body = {"oldPassword": {"value": old}, "newPassword": {"value": new}}
        return self.api.call(UPDATE, body=body, headers={**self.ada.headers, **headers})

    def log_in(self, password: str, email: str = "") -> int:
        body = {"email": email or self.ada.login, "password": {"value": password}}
        return self.api.call(LOG_IN, body=body, headers={"api-key": self.ada.headers["api-key"]}).status


@pytest.fixture
def weavr(api: Api, people: People) -> Weavr:
    return Weavr(api, people)


def test_nothing_is_concerned_while_nothing_is_armed_or_wished(weavr: Weavr, observed: Observed) -> None:
    weavr.validate()
    exchange = observed.seen[-1][0]
    assert (is_concerned(exchange), exchange.interference, exchange.fault) == (False, None, "")


def test_503_twice_then_fine(api: Api, weavr: Weavr) -> None:
    fault = arm(api, match={"operation": UPDATE}, times=2, fault=UNAVAILABLE)
    assert [weavr.update().status for _ in range(3)] == [503, 503, 200]
    assert counts(api, fault) == (3, 2)


def test_a_fault_that_decided_is_noted_in_the_exchange(api: Api, weavr: Weavr, observed: Observed) -> None:
    arm(api, match={"operation": UPDATE}, fault={"delay": {"fixed": 0}})
    decider = arm(api, match={"operation": UPDATE}, fault=UNAVAILABLE)
    weavr.update()
    exchange = observed.seen[-1][0]
    assert exchange.fault == decider
    assert exchange.interference is not None
    assert [one.id for one in exchange.interference.faults] == ["fault-1", "fault-2"]


def test_a_fault_begins_after_as_many_requests_as_it_says(api: Api, weavr: Weavr) -> None:
    arm(api, match={"system": "weavr_multi"}, after=2, times=1, fault=UNAVAILABLE)
    assert [weavr.validate().status for _ in range(4)] == [204, 204, 503, 204]


def test_faults_of_other_operations_systems_paths_and_sandboxes_are_left_alone(api: Api, weavr: Weavr) -> None:
    arm(api, match={"operation": LOG_IN}, fault=UNAVAILABLE)
    arm(api, match={"system": "zitadel"}, fault=UNAVAILABLE)
    arm(api, match={"path": "/multi/passwords/update"}, fault=UNAVAILABLE)
    assert weavr.validate().status == 204
    arm(api, match={"operation": VALIDATE}, fault=UNAVAILABLE)
    assert weavr.validate().status == 503
    assert weavr.validate(**{"Watchword-Sandbox": "another"}).status == 204


@pytest.mark.parametrize("path", ["/v2/users/{userId}/password", "/v2/users/*/password", "/v2/users/{x}/*word"])
def test_a_path_may_have_wildcards(api: Api, people: People, path: str) -> None:
    arm(api, match={"path": path}, fault=UNAVAILABLE)
    arm(api, match={"path": "/v2/sessions"}, fault={"answer": {"status": 500}})
    mini = people["zitadel", "mini"]
    assert api.request("POST", f"/v2/users/{mini.id}/password", json={}, headers=mini.headers).status == 503
    assert api.request("POST", f"/v2/users/{mini.id}/password_reset", json={}, headers=mini.headers).status != 503


@pytest.mark.parametrize("path", ["/passwords/validate", "/multi/passwords/validate"])
@pytest.mark.parametrize("sent", ["/passwords/validate", "/multi/passwords/validate"])
def test_a_path_is_meant_with_and_without_the_base_path(api: Api, weavr: Weavr, path: str, sent: str) -> None:
    arm(api, match={"path": path}, fault=UNAVAILABLE)
    assert api.request("POST", sent, json={}, headers=weavr.ada.headers).status == 503


@pytest.mark.parametrize("person", ["ada", "ADA@multi.example", "id"])
def test_a_person_is_known_by_the_caller_and_by_the_login_name(
    api: Api, weavr: Weavr, people: People, person: str
) -> None:
    person = {"id": weavr.ada.id, "ada": "ada"}.get(person, weavr.ada.login)
    arm(api, match={"system": "weavr_multi", "person": person}, fault=UNAVAILABLE)
    other = next(one for (system, name), one in people.items() if system == "weavr_multi" and name == "clara")
    assert weavr.update().status == 503
    assert weavr.log_in(OLD, weavr.ada.login.upper()) == 503
    assert weavr.log_in(str(other.password), other.login) == 200
    assert weavr.update(str(other.password), **other.headers).status == 200
    assert weavr.validate().status == 204  # nobody calls: an api-key is that of an application


def people_noted(api: Api) -> list[str]:
    (entry,) = api.call("admin.journal", query={"limit": "1"}).body["entries"]
    return list(entry["people"])


def test_a_credential_of_nobody_meets_no_fault_of_a_person(api: Api, weavr: Weavr) -> None:
    fault = arm(api, match={"person": "ada"}, fault=UNAVAILABLE)
    assert weavr.update(Authorization="Bearer nobody").status == 401
    assert counts(api, fault) == (0, 0)
    assert people_noted(api) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refused_request_concerns_the_holder_of_the_token_that_it_shows(api: Api, weavr: Weavr, when: str) -> None:
    body = {"email": weavr.ada.login, "password": {"value": OLD}}
    token = api.call(LOG_IN, body=body, headers={"api-key": weavr.ada.headers["api-key"]}).body["token"]
    arm(api, match={"person": "ada"}, when=when, fault=UNAVAILABLE)
    headers = {**weavr.ada.headers, "Authorization": f"Bearer {token}"}
    sent = api.request("POST", "/multi/passwords/update", json={}, headers=headers)
    assert (sent.status, people_noted(api)) == (503, ["ada"])


@pytest.mark.parametrize("header", ["Bearer {}", "{}"])
def test_an_application_that_calls_is_somebody(api: Api, people: People, header: str) -> None:
    console, ada = people["entrust", "console"], people["entrust", "ada"]
    token = console.headers["Authorization"].rpartition(" ")[2]
    fault = arm(api, match={"person": "console", "system": "entrust"}, fault={"delay": {"fixed": 0}})
    path = {"userid": ada.id}
    api.call("entrust.get_password", path=path, headers={"Authorization": header.format(token)})
    assert counts(api, fault) == (1, 1)
    assert people_noted(api) == ["console", "ada"]


def test_the_session_in_a_path_is_that_of_its_user(api: Api, people: People) -> None:
    mini, login = people["zitadel", "mini"], people["zitadel", "login"]
    body = {"checks": {"user": {"userId": mini.id}}}
    made = api.call("zitadel.create_session", body=body, headers=login.headers).body
    fault = arm(api, match={"person": "mini"}, fault={"delay": {"fixed": 0}})
    path = f"/v2/sessions/{made['sessionId']}"
    assert api.request("PATCH", path, json={"metadata": {"a": "YQ=="}}, headers=login.headers).status == 200
    assert people_noted(api) == ["login", "mini"]
    assert api.request("PATCH", path, content=b"{", headers=login.headers).status == 400
    assert people_noted(api) == ["login", "mini"]
    assert counts(api, fault) == (2, 2)


def test_a_fault_before_changes_nothing_and_looks_at_nothing(api: Api, weavr: Weavr) -> None:
    arm(api, match={"operation": UPDATE}, fault=UNAVAILABLE)
    assert weavr.update(Authorization="nonsense").status == 503
    assert weavr.update().status == 503
    assert weavr.log_in(NEW) == 403
    assert weavr.log_in(OLD) == 200


def test_after_means_that_the_state_has_changed_and_the_answer_is_replaced(api: Api, weavr: Weavr) -> None:
    arm(api, match={"operation": UPDATE}, times=1, when="after", fault=UNAVAILABLE)
    assert weavr.update().status == 503
    assert weavr.log_in(NEW) == 200
    assert weavr.log_in(OLD) == 403


def test_without_a_server_a_lost_answer_is_an_error_of_the_connection(
    api: Api, weavr: Weavr, observed: Observed
) -> None:
    arm(api, match={"operation": UPDATE}, times=1, when="after", fault={"connection": "CONNECTION_RESET_BY_PEER"})
    with pytest.raises(ConnectionBroken, match="CONNECTION_RESET_BY_PEER"):
        weavr.update()
    exchange, answer, _ = observed.seen[-1]
    assert (answer.status, exchange.fault) == (0, "fault-1")
    assert weavr.log_in(NEW) == 200


def test_a_retry_after_a_lost_answer_meets_what_the_first_try_did(api: Api, weavr: Weavr) -> None:
    """An update is not idempotent: the retry shows an old password that is no longer the right one."""
    arm(api, match={"operation": UPDATE}, times=1, when="after", fault={"connection": "EMPTY_RESPONSE"})
    with pytest.raises(ConnectionBroken):
        weavr.update()
    assert weavr.update().status == 409


def test_delays_add_up_in_real_time_while_the_clock_stands(api: Api, weavr: Weavr, virtual_time: VirtualTime) -> None:
    api.call("admin.set_clock", body={"action": "freeze"})
    arm(api, match={"operation": VALIDATE}, fault={"delay": {"fixed": "PT3S"}})
    arm(api, match={"operation": VALIDATE}, when="after", fault={"delay": {"fixed": 0.5}, **UNAVAILABLE})
    before = api.runner.get_loop().time()
    assert weavr.validate().status == 503
    assert api.runner.get_loop().time() - before == pytest.approx(3.5)


def test_the_first_fault_that_ends_a_request_hits_alone_and_the_others_wait(api: Api, weavr: Weavr) -> None:
    first = arm(api, match={"operation": VALIDATE}, times=1, fault=UNAVAILABLE)
    second = arm(api, match={"operation": VALIDATE}, times=1, fault={"answer": {"status": 500}})
    assert [weavr.validate().status for _ in range(3)] == [503, 500, 204]
    assert (counts(api, first), counts(api, second)) == ((3, 1), (3, 1))


def test_an_operation_that_does_not_declare_the_answer_is_left_alone(api: Api, weavr: Weavr, people: People) -> None:
    fault = arm(api, fault={"answer": {"example": "PASSWORD_ALREADY_USED"}})
    ada = weavr.ada.headers
    assert api.call("weavr_multi.logout", headers=ada).status == 204
    assert counts(api, fault) == (0, 0)
    assert weavr.update().body["errorCode"] == "PASSWORD_ALREADY_USED"


def test_a_status_of_rpc_is_translated_by_the_gateway_over_rest(api: Api, people: People) -> None:
    arm(api, fault={"rpc": {"code": "DEADLINE_EXCEEDED"}})
    answer = api.request("POST", "/v2/sessions", json={})
    assert (answer.status, answer.body["code"]) == (504, 4)
    assert api.call(VALIDATE, body={}).status == 400


def test_the_control_api_and_pages_meet_no_fault(api: Api) -> None:
    fault = arm(api, fault={"delay": {"fixed": "PT10M"}})
    assert api.call("admin.health").status == 200
    assert api.request("GET", "/").status == 200
    assert api.request("GET", "/nowhere").status == 404
    assert counts(api, fault) == (0, 0)


def hit_at(api: Api, weavr: Weavr, among: int) -> list[bool]:
    weavr.api = api
    return [weavr.validate().status == 503 for _ in range(among)]


def test_with_a_random_seed_the_same_requests_are_hit_and_the_systems_draw_the_same(api: Api, people: People) -> None:
    def run(*, armed: bool, sandbox: str = "box") -> tuple[list[bool], str]:
        options = Options(hashing=Profile.FAST, wall_clock=lambda: START, random_seed=42)
        fresh = Api(build(options), api.runner, sandbox)
        if armed:
            arm(fresh, match={"operation": VALIDATE}, probability=0.3, fault=UNAVAILABLE)
        weavr = Weavr(fresh, people)
        hits = hit_at(fresh, weavr, 30)
        return hits, str(weavr.update().body["token"])

    hits, token = run(armed=True)
    assert (hits, token) == run(armed=True)
    assert 3 <= sum(hits) <= 17
    assert run(armed=False) == ([False] * 30, token)
    assert run(armed=True, sandbox="other")[0] != hits
