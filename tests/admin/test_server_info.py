"""Health, version, people and rules."""

import asyncio
import re
from datetime import timedelta

import pytest

from tests.conftest import Api, People
from tests.outcomes import outcome
from watchword import __version__
from watchword.admin import shapes
from watchword.build import Built
from watchword.control.server import Health


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("admin.health", marks=outcome("admin.health", 200, "healthy")),
        pytest.param("admin.health_live", marks=outcome("admin.health_live", 200, "healthy")),
        pytest.param("admin.health_ready", marks=outcome("admin.health_ready", 200, "healthy")),
    ],
)
def test_a_server_that_answers_is_healthy(api: Api, operation: str) -> None:
    answer = api.call(operation)
    assert answer.body == {"status": "healthy", "version": __version__, "uptimeInSeconds": 0, "proposals": []}


def test_the_uptime_is_written_in_whole_seconds() -> None:
    assert shapes.health(Health("1", timedelta(seconds=61.9)))["uptimeInSeconds"] == 61


@outcome("admin.version", 200, "version")
def test_the_version_names_the_systems(api: Api) -> None:
    answer = api.call("admin.version")
    assert (answer.body["name"], answer.body["version"]) == ("watchword", __version__)
    assert [one["name"] for one in answer.body["systems"]] == ["weavr_multi", "weavr_payment_run", "zitadel", "entrust"]


@outcome("admin.people", 200, "people")
def test_all_people_are_listed_with_what_is_needed_to_be_them(api: Api, people: People) -> None:
    listed = api.call("admin.people").body["people"]
    assert {(one["system"], one["name"]) for one in listed} == set(people)
    first = listed[0]
    assert first == shapes.person(people[first["system"], first["name"]])


def test_people_are_filtered_by_system_and_situation(api: Api, people: People) -> None:
    found = api.call("admin.people", query={"system": "zitadel", "situation": "locked"}).body["people"]
    assert [one["name"] for one in found] == [
        one.name for one in people.values() if one.system == "zitadel" and "locked" in one.situations
    ]


@outcome("admin.people", 400, "malformed")
def test_an_unknown_system_is_refused_with_the_names_of_those_that_exist(api: Api) -> None:
    answer = api.call("admin.people", query={"system": "zitadl", "situation": "asleep"})
    assert answer.headers["content-type"] == "application/problem+json"
    system, situation = answer.body["errors"]
    assert system == {
        "in": "query",
        "field": "system",
        "problem": 'must be one of ["weavr_multi","weavr_payment_run","zitadel","entrust"]',
    }
    assert situation["field"] == "situation"
    assert "zitadl" not in str(answer.body)


@outcome("admin.rules", 200, "rules")
def test_every_rule_has_a_sentence_a_grade_and_a_source(api: Api, built: Built) -> None:
    rules = api.call("admin.rules").body["rules"]
    assert [one["id"] for one in rules] == [rule.id for rule, _ in built.imitated.rules()]
    assert all(one["sentence"] and one["grade"] and one["source"] for one in rules)


def test_rules_are_filtered_by_system_and_operation(api: Api) -> None:
    query = {"system": "entrust", "operation": "entrust.set_password"}
    decided = api.call("admin.rules", query=query).body["rules"]
    assert decided
    assert all("entrust.set_password" in one["operations"] for one in decided)
    assert not api.call("admin.rules", query={**query, "system": "zitadel"}).body["rules"]


@outcome("admin.rules", 400, "malformed")
def test_an_unknown_operation_is_refused(api: Api) -> None:
    (error,) = api.call("admin.rules", query={"operation": "entrust.set_pasword"}).body["errors"]
    assert error["field"] == "operation"
    told = r"is none of the \d\d known words; nearest: entrust\.set_password(, [a-z_.]+){0,4}"
    assert re.fullmatch(told, error["problem"])


def test_an_unknown_path_names_what_is_near(api: Api) -> None:
    answer = api.request("GET", "/__admin/inbx")
    assert (answer.status, answer.body["code"]) == (404, "unknown-path")
    assert "GET /__admin/inbox" in answer.body["detail"]


def test_a_wrong_method_names_those_that_are_served(api: Api) -> None:
    answer = api.request("POST", "/__admin/clock")
    assert (answer.status, answer.body["code"]) == (405, "wrong-method")
    assert answer.headers["allow"] == "GET, HEAD, PUT"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/~%00/docs", 400, "invalid-sandbox-name"),
        ("GET", "/docs/nowhere", 404, "unknown-path"),
        ("GET", "/openapi.json?system=weavr", 404, "no-such-system"),
        ("POST", "/docs", 405, "wrong-method"),
    ],
)
def test_what_belongs_to_no_system_is_refused_with_a_code(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    answer = api.request(method, path)
    assert (answer.status, answer.body.get("code")) == (status, code)


def test_a_body_that_is_too_long_is_not_read(api: Api) -> None:
    answer = api.request("PUT", "/__admin/clock", content=b" ", headers={"content-length": "9999999"})
    assert (answer.status, answer.body["code"]) == (413, "too-large")


def test_the_control_api_is_not_slowed_by_what_it_sets(api: Api) -> None:
    """Otherwise nobody could end a maintenance."""
    assert api.call("admin.change_settings", body={"zitadel": {"maintenance": True, "failing": True}}).status == 200
    assert api.call("admin.health").status == 200


def test_many_requests_at_once_do_not_mix(api: Api) -> None:
    async def all_of_them() -> list[int]:
        answers = await asyncio.gather(*(api.arequest("GET", "/__admin/health") for _ in range(50)))
        return [answer.status for answer in answers]

    assert api.runner.run(all_of_them()) == [200] * 50
