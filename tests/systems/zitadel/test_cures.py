"""Requests that are right but for one thing, so that what-if has something to find."""

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.outcomes import outcome
from tests.systems.zitadel.test_user_outcomes import NO_FIELDS, UNREADABLE
from watchword.review.decided import decided

USERS = {
    "get_user": "mini",
    "deactivate_user": "paul",
    "delete_user": "paul",
    "lock_user": "paul",
    "reactivate_user": "dora",
    "unlock_user": "lars",
    "get_user_v2beta": "mini",
    "set_password": "mini",
    "set_password_v2beta": "mini",
    "password_reset": "mini",
    "password_reset_v2beta": "mini",
}
BODIES = {
    "set_password": {"newPassword": {"password": "Fr3shly-Ch0sen!"}},
    "set_password_v2beta": {"newPassword": {"password": "Fr3shly-Ch0sen!"}},
    "password_reset": {"returnCode": {}},
    "password_reset_v2beta": {"returnCode": {}},
    **{one: {} for one in ("deactivate_user", "lock_user", "reactivate_user", "unlock_user")},
}
SETTINGS = [one.partition(".")[2] for one, names in decided().items() if "400 QUERY_ESCAPE" in names]
NO_CREDENTIAL = {
    "UNAUTHENTICATED": {},
    "AUTH-7fs1e": {"authorization": "Bearer nobody"},
    "AUTH-toLo1": {"authorization": "Basic bWluaTo="},
}


def _cases(status: int, names: list[str], operations: list[str]) -> list[object]:
    return [
        pytest.param(one, name, marks=outcome(f"zitadel.{one}", status, name))
        for one in operations
        for name in names
        if f"{status} {name}" in decided().get(f"zitadel.{one}", {})
    ]


@pytest.mark.parametrize(("operation", "name"), _cases(400, list(UNREADABLE), SETTINGS))
def test_a_query_that_cannot_be_read(api: Api, people: People, operation: str, name: str) -> None:
    path = api.built.imitated.document.operations[f"zitadel.{operation}"].path
    if "{" not in path:
        url = f"{path}?{UNREADABLE[name]}"
        assert api.request("GET", url, headers=people["zitadel", "iris"].headers).status == 400


@pytest.mark.parametrize(("operation", "name"), _cases(401, list(NO_CREDENTIAL), [*USERS]))
def test_a_missing_credential(api: Api, people: People, operation: str, name: str) -> None:
    path = {"userId": people["zitadel", USERS[operation]].id}
    body = BODIES.get(operation)
    assert api.call(f"zitadel.{operation}", path=path, body=body, headers=NO_CREDENTIAL[name]).status == 401


@pytest.mark.parametrize(("operation", "name"), _cases(403, ["AUTH-Bs7Ds"], [*USERS]))
def test_another_organisation(api: Api, people: People, operation: str, name: str) -> None:
    path = {"userId": people["zitadel", USERS[operation]].id}
    headers = {**people["zitadel", "otto"].headers, "x-zitadel-orgid": "1"}
    body = BODIES.get(operation)
    assert api.call(f"zitadel.{operation}", path=path, body=body, headers=headers).status == 403, name


@pytest.mark.parametrize(("operation", "name"), _cases(429, ["RESOURCE_EXHAUSTED"], [*USERS]))
def test_a_limit_that_is_reached(api: Api, people: People, settings: SettingsOf, operation: str, name: str) -> None:
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    otto, path = people["zitadel", "otto"].headers, {"userId": people["zitadel", USERS[operation]].id}
    assert api.call("zitadel.get_user", path=path, headers=otto).status == 200
    body = BODIES.get(operation)
    assert api.call(f"zitadel.{operation}", path=path, body=body, headers=otto).status == 429, name


@pytest.mark.parametrize(
    ("operation", "name"),
    _cases(400, list(NO_FIELDS), ["deactivate_user", "lock_user", "reactivate_user", "unlock_user"]),
)
def test_a_body_that_cannot_be_read(api: Api, people: People, operation: str, name: str) -> None:
    person, otto = people["zitadel", USERS[operation]], people["zitadel", "otto"]
    path = api.built.imitated.document.operations[f"zitadel.{operation}"].path.replace("{userId}", person.id)
    headers = {**otto.headers, "content-type": "application/json"}
    assert api.request("POST", path, content=NO_FIELDS[name], headers=headers).status == 400


SESSIONS = ["get_session", "get_session_v2beta"]
ELSEWHERE = {"origin": "https://elsewhere.example"}
DELETING = {
    "JSON_SYNTAX": b"{",
    "PROTO_SYNTAX": b"[]",
    "PROTO_TYPE": b'{"sessionToken":5}',
    "PROTO_DUPLICATE": b'{"sessionToken":"a","session_token":"b"}',
}


def _session(api: Api, people: People) -> dict[str, str]:
    body = {"checks": {"user": {"userId": people["zitadel", "mini"].id}}}
    made = api.call("zitadel.create_session", body=body, headers=people["zitadel", "otto"].headers)
    return {"sessionId": made.body["sessionId"]}


@pytest.mark.parametrize(("operation", "name"), _cases(401, list(NO_CREDENTIAL), SESSIONS))
def test_a_session_without_a_credential(api: Api, people: People, operation: str, name: str) -> None:
    path = _session(api, people)
    assert api.call(f"zitadel.{operation}", path=path, headers=NO_CREDENTIAL[name]).status == 401


@pytest.mark.parametrize(
    ("operation", "name"), _cases(403, ["AUTH-Bs7Ds"], [*SESSIONS, "delete_session", "delete_session_v2beta"])
)
def test_a_session_of_another_organisation(api: Api, people: People, operation: str, name: str) -> None:
    path, headers = _session(api, people), {**people["zitadel", "otto"].headers, "x-zitadel-orgid": "1"}
    assert api.call(f"zitadel.{operation}", path=path, headers=headers).status == 403, name


@pytest.mark.parametrize(("operation", "name"), _cases(403, ["AUTH-DZG21"], SESSIONS))
def test_a_session_from_another_origin(api: Api, people: People, operation: str, name: str) -> None:
    path, headers = _session(api, people), {**people["zitadel", "paul"].headers, **ELSEWHERE}
    assert api.call(f"zitadel.{operation}", path=path, headers=headers).status == 403, name


@pytest.mark.parametrize(("operation", "name"), _cases(429, ["RESOURCE_EXHAUSTED"], SESSIONS))
def test_a_session_beyond_a_limit(api: Api, people: People, settings: SettingsOf, operation: str, name: str) -> None:
    path, otto = _session(api, people), people["zitadel", "otto"].headers
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    answers = [api.call(f"zitadel.{operation}", path=path, headers=otto).status for _ in range(2)]
    assert answers == [200, 429], name


@pytest.mark.parametrize(
    ("operation", "name"), _cases(400, list(DELETING), ["delete_session", "delete_session_v2beta"])
)
def test_a_session_that_ends_with_a_body_that_cannot_be_read(
    api: Api, people: People, operation: str, name: str
) -> None:
    session = _session(api, people)["sessionId"]
    path = api.built.imitated.document.operations[f"zitadel.{operation}"].path.replace("{sessionId}", session)
    headers = {**people["zitadel", "otto"].headers, "content-type": "application/json"}
    assert api.request("DELETE", path, content=DELETING[name], headers=headers).status == 400
