"""WireMock's endpoints over the journal: its shapes, its patterns, its refusals."""

import asyncio
import base64
from typing import Any

import pytest

from tests.client import Api
from tests.conftest import START, People
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.journal.json_patterns import JsonEquality, TooMuchToCompare

UPDATE = "/passwords/update"
WRONG = {"oldPassword": {"value": "Wrong-Secret-42"}, "newPassword": {"value": "Brand-New-Secret-43"}}
SHOWN = '{"oldPassword":{"value":"***"},"newPassword":{"value":"***"}}'
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def sent(api: Api, people: People) -> None:
    """Send one request that is refused, and one that no operation has."""
    api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=WRONG)
    api.request("GET", f"/~{api.sandbox}/multi/passwords/nowhere?x=1&x=2", headers={"cookie": "theme=dark"})


def count(api: Api, pattern: dict[str, Any]) -> int:
    answer = api.call("admin.count_requests", body=pattern)
    assert (answer.status, answer.body["requestJournalDisabled"]) == (200, False), answer.body
    number: int = answer.body["count"]
    return number


@outcome("admin.requests", 200, "requests")
def test_requests_are_listed_as_serve_events(api: Api) -> None:
    answer = api.call("admin.requests")
    assert answer.body.keys() == {"requests", "meta", "requestJournalDisabled"}
    assert answer.body["meta"] == {"total": 2}
    unknown, refused = answer.body["requests"]
    assert (unknown["wasMatched"], refused["wasMatched"]) == (False, True)
    assert refused["responseDefinition"] == {"status": 409, "fromConfiguredStub": True}
    assert refused["request"]["url"] == UPDATE
    assert refused["request"]["body"] == SHOWN
    assert base64.b64decode(refused["request"]["bodyAsBase64"]).decode() == SHOWN
    assert unknown["request"]["cookies"] == {"theme": "***"}
    assert "Secret-4" not in str(answer.body)


def test_a_list_has_a_limit_a_beginning_and_the_unmatched(api: Api) -> None:
    assert [api.call("admin.requests", query={"limit": limit}).body["meta"]["total"] for limit in ("0", "1")] == [2, 2]
    assert api.call("admin.requests", query={"limit": "0"}).body["requests"] == []
    assert len(api.call("admin.requests", query={"unmatched": "true"}).body["requests"]) == 1
    assert api.call("admin.requests", query={"since": "2999-01-01T00:00:00Z"}).body["requests"] == []


@outcome("admin.requests", 400, "malformed")
def test_what_wiremock_does_not_know_in_a_query_is_refused(api: Api) -> None:
    for query in ({"limit": "x"}, {"since": "yesterday"}, {"unmatched": "maybe"}):
        assert api.call("admin.requests", query=query).status == 400


@outcome("admin.requests", 422, "not-supported")
def test_there_are_no_stubs_to_ask_for(api: Api) -> None:
    answer = api.call("admin.requests", query={"matchingStub": UNKNOWN})
    assert (answer.status, answer.body["errors"][0]["source"]) == (422, {"pointer": "matchingStub"})


@outcome("admin.unmatched_requests", 200, "requests")
def test_unmatched_requests_are_flat(api: Api) -> None:
    answer = api.call("admin.unmatched_requests")
    assert [(one["method"], one["url"]) for one in answer.body["requests"]] == [
        ("GET", "/multi/passwords/nowhere?x=***&x=***")
    ]


@outcome("admin.logged_request", 200, "request")
@outcome("admin.logged_request", 404)
@outcome("admin.logged_request", 400, "malformed")
@outcome("admin.forget_request", 200, "forgotten")
@outcome("admin.forget_request", 400, "malformed")
def test_one_request_is_read_and_forgotten_by_its_id(api: Api) -> None:
    newest = api.call("admin.requests").body["requests"][0]
    assert api.call("admin.logged_request", path={"id": newest["id"]}).body == newest
    for identifier in (newest["id"], UNKNOWN):
        assert api.call("admin.forget_request", path={"id": identifier}).body == {}
    answer = api.call("admin.logged_request", path={"id": newest["id"]})
    assert (answer.status, answer.body) == (404, None)
    assert count(api, {}) == 1
    assert api.call("admin.logged_request", path={"id": "x"}).status == 400
    assert api.call("admin.forget_request", path={"id": "x"}).status == 400


@outcome("admin.find_requests", 200, "requests")
def test_requests_are_found(api: Api) -> None:
    answer = api.call("admin.find_requests", body={"method": "POST", "urlPath": UPDATE})
    assert [one["body"] for one in answer.body["requests"]] == [SHOWN]


MEANT: dict[str, dict[str, Any]] = {
    "any method": {"method": "ANY", "url": UPDATE},
    "method in lower case": {"method": "post"},
    "urlPattern": {"urlPattern": "/.*date"},
    "urlPathPattern": {"urlPathPattern": "/[a-z]+/update"},
    "header": {"headers": {"Content-Type": {"contains": "json"}}},
    "header without case": {"headers": {"content-type": {"equalTo": "APPLICATION/JSON", "caseInsensitive": True}}},
    "header absent": {"method": "POST", "headers": {"x-y": {"absent": True}}},
    "header that does not match": {"method": "POST", "headers": {"x-y": {"doesNotMatch": "a+"}}},
    "query": {"queryParameters": {"x": {"equalTo": "***"}}},
    "query absent": {"method": "POST", "queryParameters": {"x": {"absent": True}}},
    "cookie": {"cookies": {"theme": {"equalTo": "***"}}},
    "body": {"bodyPatterns": [{"equalTo": SHOWN}]},
    "body contains": {"bodyPatterns": [{"contains": "oldPassword"}, {"matches": ".*new.*"}]},
    "body does not contain": {"method": "POST", "bodyPatterns": [{"doesNotContain": "Wrong-Secret-42"}]},
    "body absent": {"bodyPatterns": [{"absent": "(absent)"}]},
    "json": {"bodyPatterns": [{"equalToJson": '{"newPassword":{"value":"***"}, "oldPassword":{"value":"***"}}'}]},
    "json with more": {"bodyPatterns": [{"equalToJson": {"newPassword": {}}, "ignoreExtraElements": True}]},
    "path": {"bodyPatterns": [{"matchesJsonPath": "$.newPassword[?@ == '***']"}]},
    "path with a value": {"bodyPatterns": [{"matchesJsonPath": {"expression": "$..value", "equalTo": "***"}}]},
}
OTHERS: dict[str, dict[str, Any]] = {
    "method": {"method": "PUT"},
    "url": {"url": f"{UPDATE}?a=b"},
    "half of a url": {"urlPattern": "/passwords"},
    "a secret": {"bodyPatterns": [{"contains": "Wrong-Secret-42"}]},
    "json with less": {"bodyPatterns": [{"equalToJson": {"newPassword": {"value": "***"}}}]},
    "path": {"bodyPatterns": [{"matchesJsonPath": "$.password"}]},
    "credentials": {"basicAuthCredentials": {"username": "dario", "password": "***"}},
}


@outcome("admin.count_requests", 200, "count")
@pytest.mark.parametrize("pattern", MEANT.values(), ids=MEANT)
def test_a_pattern_means_one_request(api: Api, pattern: dict[str, Any]) -> None:
    assert count(api, pattern) == 1


@pytest.mark.parametrize("pattern", OTHERS.values(), ids=OTHERS)
def test_a_pattern_means_no_request(api: Api, pattern: dict[str, Any]) -> None:
    assert count(api, pattern) == 0


@outcome("admin.remove_requests", 200, "removed")
def test_the_requests_that_a_pattern_means_are_removed(api: Api) -> None:
    answer = api.call("admin.remove_requests", body={"method": "GET"})
    assert [one["request"]["method"] for one in answer.body["serveEvents"]] == ["GET"]
    assert count(api, {}) == 1


@outcome("admin.forget_requests", 200, "forgotten")
def test_all_requests_of_a_sandbox_are_forgotten(api: Api) -> None:
    assert api.call("admin.forget_requests").body == {}
    assert count(api, {}) == 0


@outcome("admin.reset_requests", 200, "forgotten")
def test_older_clients_forget_all_requests_with_a_reset(api: Api) -> None:
    assert api.call("admin.reset_requests").body == {}
    assert count(api, {}) == 0


@outcome("admin.near_misses", 200, "near-misses")
def test_near_misses_stand_in_their_order(api: Api) -> None:
    pattern = {"method": "POST", "urlPath": "/passwords/updat"}
    near = api.call("admin.near_misses", body=pattern).body["nearMisses"]
    assert [one["request"]["method"] for one in near] == ["POST", "GET"]
    assert 0 < near[0]["matchResult"]["distance"] < near[1]["matchResult"]["distance"] < 1
    assert near[0]["requestPattern"] == pattern


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "member": ({"clientIp": {"equalTo": "127.0.0.1"}}, "/clientIp"),
    "two urls": ({"url": "/a", "urlPath": "/a"}, "/urlPath"),
    "matcher": ({"headers": {"a": {"before": "now"}}}, "/headers/a"),
    "switch": ({"bodyPatterns": [{"contains": "a", "caseInsensitive": True}]}, "/bodyPatterns/0/caseInsensitive"),
    "look-around": ({"urlPattern": "(?=a)b"}, "/urlPattern"),
    "back reference": ({"bodyPatterns": [{"matches": r"(a)\1"}]}, "/bodyPatterns/0/matches"),
    "many repetitions": ({"urlPattern": "((a{1000}){1000}){1000}"}, "/urlPattern"),
    "long expression": ({"urlPattern": "a" * 1001}, "/urlPattern"),
    "placeholder": (
        {"bodyPatterns": [{"equalToJson": {"a": "${json-unit.any-string}"}}]},
        "/bodyPatterns/0/equalToJson",
    ),
    "no JSON": ({"bodyPatterns": [{"equalToJson": "{"}]}, "/bodyPatterns/0/equalToJson"),
    "deep JSON": ({"bodyPatterns": [{"equalToJson": "[" * 900 + "]" * 900}]}, "/bodyPatterns/0/equalToJson"),
    "path in a path": (
        {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.a", "matchesJsonPath": "$.b"}}]},
        "/bodyPatterns/0/matchesJsonPath",
    ),
    "path": ({"bodyPatterns": [{"matchesJsonPath": "$.a["}]}, "/bodyPatterns/0/matchesJsonPath"),
    "slow path": ({"bodyPatterns": [{"matchesJsonPath": "$..a..b"}]}, "/bodyPatterns/0/matchesJsonPath"),
    "slow filter": ({"bodyPatterns": [{"matchesJsonPath": "$[?$..a]"}]}, "/bodyPatterns/0/matchesJsonPath"),
    "regular path": ({"bodyPatterns": [{"matchesJsonPath": "$[?match(@.a, 'b')]"}]}, "/bodyPatterns/0/matchesJsonPath"),
    "number": ({"url": 1}, "/url"),
    "text": ({"headers": "a"}, "/headers"),
    "half": ({"basicAuthCredentials": {"username": "a"}}, "/basicAuthCredentials"),
}


@outcome("admin.find_requests", 422, "not-supported")
@outcome("admin.count_requests", 422, "not-supported")
@outcome("admin.remove_requests", 422, "not-supported")
@outcome("admin.near_misses", 422, "not-supported")
@pytest.mark.parametrize(("pattern", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_supported_is_refused_by_name(api: Api, pattern: dict[str, Any], pointer: str) -> None:
    for operation in ("find_requests", "count_requests", "remove_requests", "near_misses"):
        answer = api.call(f"admin.{operation}", body=pattern)
        (error,) = answer.body["errors"]
        assert (answer.status, error["code"], error["source"]) == (422, 10, {"pointer": pointer})
        assert error["title"] == "Error parsing JSON"
        assert error["detail"]


@outcome("admin.find_requests", 400, "malformed")
@outcome("admin.count_requests", 400, "malformed")
@outcome("admin.remove_requests", 400, "malformed")
@outcome("admin.near_misses", 400, "malformed")
@outcome("admin.find_requests", 415, "unsupported-media-type")
@outcome("admin.count_requests", 415, "unsupported-media-type")
@outcome("admin.remove_requests", 415, "unsupported-media-type")
@outcome("admin.near_misses", 415, "unsupported-media-type")
def test_a_pattern_is_a_json_object(api: Api) -> None:
    for path in ("requests/find", "requests/count", "requests/remove", "near-misses/request-pattern"):
        assert api.request("POST", f"/__admin/{path}", json=[]).status == 400
        plain = api.request("POST", f"/__admin/{path}", content=b"{}", headers={"content-type": "text/plain"})
        assert plain.status == 415


@pytest.mark.parametrize(
    ("expected", "found", "any_order", "extra", "equal"),
    [
        ([1, 2, 3], [3, 1, 2], True, False, True),
        ([1, 2, 3], [3, 1, 2], False, False, False),
        ([1, 2], [1, 2, 3], False, True, True),
        ([1, 2], [1, 2, 3], True, False, False),
        ([{"a": 1}, {"a": 1, "b": 2}], [{"a": 1, "b": 2}, {"a": 1}], True, True, True),
        ([1, 1], [1, 2], True, False, False),
        ([True], [1], False, False, False),
    ],
)
def test_arrays_are_compared(expected: Any, found: Any, any_order: bool, extra: bool, equal: bool) -> None:  # noqa: FBT001
    assert JsonEquality(expected, any_order=any_order, extra=extra).holds(found) is equal


def test_a_comparison_in_any_order_has_an_end() -> None:
    with pytest.raises(TooMuchToCompare):
        JsonEquality([1] * 2000, any_order=True).holds([2] * 2000)


def test_without_a_journal_there_are_no_requests() -> None:
    with asyncio.Runner() as runner:
        built = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, journal=0))
        api = Api(built, runner, None)
        for method, path, member in (
            ("GET", "requests", "requests"),
            ("GET", "requests/unmatched", "requests"),
            ("POST", "requests/find", "requests"),
            ("POST", "requests/count", "count"),
        ):
            answer = api.request(method, f"/__admin/{path}", json={} if method == "POST" else None)
            assert (answer.status, answer.body["requestJournalDisabled"]) == (200, True)
            assert not answer.body[member]
        assert api.request("DELETE", "/__admin/requests").body == {}
