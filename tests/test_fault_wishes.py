"""``Prefer: delay=, fault=`` and the parameters ``__code`` … do for one request what armed faults do for many."""

import pytest

from tests.conftest import Api, Observed, People, Response
from tests.systems.zitadel.conftest import virtual_runner, virtual_time
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.edge.breaking import ConnectionBroken
from watchword.system import System
from watchword.systems import SYSTEMS

__all__ = ["virtual_runner", "virtual_time"]

VALID = {"password": {"value": "Quiet-river-42"}}
QUICK = [one for one in SYSTEMS if one.quickstart]


def validate(api: Api, people: People, prefer: str = "", query: str = "") -> Response:
    headers = {**people["weavr_multi", "ada"].headers, **({"Prefer": prefer} if prefer else {})}
    return api.request("POST", f"/passwords/validate{query}", json=VALID, headers=headers)


def try_first(api: Api, people: People, system: System, **headers: str) -> Response:
    quickstart = system.quickstart
    assert quickstart is not None
    person = people[system.name, quickstart.person]
    path, body = quickstart.path(person), quickstart.body(person)
    return api.call(quickstart.operation, path=path, body=body, headers={**person.headers, **headers})


@pytest.mark.parametrize(
    ("delay", "seconds"), [("800", 0.8), ("3s", 3), ("PT0.25S", 0.25), ("0", 0), ('"1500"', 1.5), ("10m", 600)]
)
def test_a_delay_is_waited_in_real_time_and_said_to_be_applied(
    api: Api, people: People, virtual_time: VirtualTime, delay: str, seconds: float
) -> None:
    before = api.runner.get_loop().time()
    answer = validate(api, people, f"delay={delay}")
    assert api.runner.get_loop().time() - before == pytest.approx(seconds)
    assert (answer.status, answer.headers["preference-applied"]) == (204, f"delay={delay.strip(chr(34))}")


@pytest.mark.parametrize("delay", ["11m", "-1", "soon", "PT1H", "1e3", "9" * 100])
def test_a_delay_that_cannot_be_is_told_and_the_handler_runs(api: Api, people: People, delay: str) -> None:
    answer = validate(api, people, f"delay={delay}")
    assert answer.status == 204
    assert "for example 800ms, 3s or PT3S; a number alone is milliseconds" in answer.headers["watchword-hint"]
    assert delay not in answer.headers["watchword-hint"]
    assert "preference-applied" not in answer.headers


def test_a_delay_stands_beside_an_answer_of_the_document(api: Api, people: People, virtual_time: VirtualTime) -> None:
    before = api.runner.get_loop().time()
    answer = validate(api, people, "code=503, delay=700, when=after, handling=strict")
    assert api.runner.get_loop().time() - before == pytest.approx(0.7)
    applied = "code=503, delay=700, when=after, handling=strict"
    assert (answer.status, answer.headers["preference-applied"]) == (503, applied)


@pytest.mark.parametrize("fault", ["EMPTY_RESPONSE", "connection_reset_by_peer"])
def test_a_connection_breaks_for_one_request(api: Api, people: People, fault: str) -> None:
    with pytest.raises(ConnectionBroken, match=fault.upper()):
        validate(api, people, f"fault={fault}")
    assert validate(api, people).status == 204


def test_an_answer_is_lost_after_the_state_has_changed(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    change = {"oldPassword": {"value": ada.password}, "newPassword": {"value": "Quiet-river-42"}}
    for prefer in ("fault=EMPTY_RESPONSE", "fault=EMPTY_RESPONSE, when=after"):
        with pytest.raises(ConnectionBroken):
            api.request("POST", "/passwords/update", json=change, headers={**ada.headers, "Prefer": prefer})
    # The first wish came before the change, the second after it.
    assert api.request("POST", "/passwords/update", json=change, headers=ada.headers).status == 409


def test_an_answer_of_the_document_comes_instead_or_after_the_state_has_changed(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]

    def ask_for_mail(prefer: str, query: str = "") -> tuple[int, str]:
        headers = {**ada.headers, **({"Prefer": prefer} if prefer else {})}
        path = f"/passwords/lost_password/start{query}"
        answer = api.request("POST", path, json={"email": ada.login}, headers=headers)
        return answer.status, answer.headers["preference-applied"]

    def mails() -> int:
        sent = {"Watchword-Sandbox": str(api.sandbox)}
        return len(api.request("GET", "/__admin/inbox", headers=sent).body["messages"])

    assert ask_for_mail("code=503") == (503, "code=503")
    assert mails() == 0
    assert ask_for_mail("code=503, when=after") == (503, "code=503, when=after")
    assert mails() == 1
    assert ask_for_mail("", "?__code=503&__when=after") == (503, "code=503, when=after")
    assert mails() == 2
    strictly = "code=503, delay=0, when=after, handling=strict"
    assert ask_for_mail(strictly) == (503, strictly)
    assert mails() == 3


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_wish_that_an_armed_fault_comes_before_is_told_in_a_hint_or_refused_strictly(
    api: Api, people: People, when: str
) -> None:
    plan = {"match": {"system": "weavr_multi"}, "fault": {"answer": {"status": 503}}, "when": when}
    fault = api.call("admin.arm_fault", body=plan).body["id"]
    answer = validate(api, people, "code=429")
    assert (answer.status, "preference-applied" in answer.headers) == (503, False)
    named = f"the fault {fault} (answers 503 maintenance)"
    told = f"{named} is armed for this request, and comes before a code and an example."
    assert answer.headers["watchword-hint"] == f"Prefer: {told}"
    strict = validate(api, people, "code=429, handling=strict")
    assert strict.status == 400
    assert told in strict.headers["watchword-hint"]
    assert validate(api, people, "delay=0, handling=strict").status == 503


def test_a_wish_that_is_lost_names_the_fault_that_answers_and_not_one_that_delays(api: Api, people: People) -> None:
    for fault in ({"delay": {"fixed": 0.002}}, {"answer": {"status": 503}}):
        api.call("admin.arm_fault", body={"match": {"system": "weavr_multi"}, "fault": fault})
    hint = validate(api, people, "code=429").headers["watchword-hint"]
    assert hint.startswith("Prefer: the fault fault-2 (answers 503 maintenance) is armed")


def test_a_wished_answer_after_replaces_a_refusal_of_the_operation_only(
    api: Api, people: People, observed: Observed
) -> None:
    ada = people["weavr_multi", "ada"]
    change = {"oldPassword": {"value": "Another-one-1"}, "newPassword": {"value": "Quiet-river-42"}}
    headers = {**ada.headers, "Prefer": "code=503, when=after"}
    assert api.request("POST", "/passwords/update", json=change, headers=headers).status == 503
    assert observed.seen[-1][0].from_document
    assert api.request("POST", "/passwords/update", json={}, headers=headers).status == 400
    assert not observed.seen[-1][0].from_document


def test_an_armed_fault_after_comes_before_a_wish_for_after(api: Api, people: People) -> None:
    sent = {"Watchword-Sandbox": str(api.sandbox)}
    plan = {"when": "after", "times": 1, "fault": {"answer": {"status": 500}}}
    assert api.request("POST", "/__admin/faults", json=plan, headers=sent).status == 201
    assert validate(api, people, "code=503, when=after").status == 500
    assert validate(api, people, "code=503, when=after").status == 503


@pytest.mark.parametrize(
    ("prefer", "says"),
    [
        ("when=after", "when needs a code, an example, a delay or a fault"),
        ("fault=NONE_SUCH", "There are: EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK, RANDOM_DATA_THEN_CLOSE, "),
        ("when=later", "when is before or after"),
        ("dynamic=true", "the same every time"),
        ("return=minimal", "only code=STATUS"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_told(api: Api, people: People, prefer: str, says: str) -> None:
    answer = validate(api, people, prefer)
    assert answer.status == 204
    assert says in answer.headers["watchword-hint"]
    assert "handling=strict" not in answer.headers.get("preference-applied", "")


def test_a_code_beside_a_break_is_refused_strictly(api: Api, people: People) -> None:
    answer = validate(api, people, "code=503, fault=EMPTY_RESPONSE, handling=strict")
    assert answer.status == 400


@pytest.mark.parametrize("wish", ["code=799", "example=nothing", "delay=soon", "fault=NONE", "dynamic=true"])
@pytest.mark.parametrize("system", QUICK, ids=lambda one: one.name)
def test_a_wish_that_cannot_be_fulfilled_is_refused_strictly_in_the_systems_envelope(
    api: Api, people: People, system: System, wish: str
) -> None:
    answer = try_first(api, people, system, Prefer=f"{wish}, handling=strict")
    assert answer.status == 400
    told = f"{answer.content.decode()} {answer.headers.get('watchword-hint', '')}"
    assert "cannot be fulfilled: " in told
    assert "preference-applied" not in answer.headers
    assert try_first(api, people, system, Prefer=f"{wish}, handling=lenient").status < 300


@pytest.mark.parametrize("system", QUICK, ids=lambda one: one.name)
def test_wishes_may_stand_in_the_query_and_are_no_undeclared_parameters(
    api: Api, people: People, observed: Observed, system: System, virtual_time: VirtualTime
) -> None:
    quickstart = system.quickstart
    assert quickstart is not None
    person = people[system.name, quickstart.person]
    before = api.runner.get_loop().time()
    answer = api.call(
        quickstart.operation,
        path=quickstart.path(person),
        body=quickstart.body(person),
        query={"__code": "503", "__delay": "PT2S", "other": "1"},
        headers=person.headers,
    )
    assert api.runner.get_loop().time() - before == pytest.approx(2)
    assert (answer.status, answer.headers["preference-applied"]) == (503, "code=503, delay=PT2S")
    assert observed.seen[-1][0].query == "other=1"


def test_the_header_counts_before_the_query(api: Api, people: People) -> None:
    answer = validate(api, people, "code=500", "?__code=503&__example=INTERNAL%5FX&__unknown=1")
    assert answer.status == 500


def test_a_misspelt_parameter_is_told_as_a_misspelt_wish_is(api: Api, people: People) -> None:
    assert "only code=STATUS" in validate(api, people, "", "?__cod=503").headers["watchword-hint"]
    assert "watchword-hint" not in validate(api, people, "", "?__cache=503").headers


def test_the_control_api_fulfils_wishes_too(api: Api) -> None:
    with pytest.raises(ConnectionBroken):
        api.call("admin.health", headers={"Prefer": "fault=EMPTY_RESPONSE"})
