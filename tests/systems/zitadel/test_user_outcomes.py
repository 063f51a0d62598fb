"""Every documented answer of the operations on users and settings, reached by the requests that lead to it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from tests.conftest import Api, ManualClock, People, Response, SettingsOf
from tests.outcomes import outcome
from tests.systems.zitadel.conftest import UNKNOWN_ID, Zitadel
from tests.systems.zitadel.test_outcomes import LONG, Case, cases_of_session_tokens
from tests.systems.zitadel.users import FORTRESS, give_roles, ids, on_user, read_settings, search

Send = Callable[[Zitadel], Response]
ELSEWHERE = {"origin": "https://elsewhere.example"}
NO_FIELDS = {
    "JSON_SYNTAX": b"{user",
    "PROTO_SYNTAX": b"[]",
    "PROTO_TYPE": b'{"userId":5}',
    "PROTO_DUPLICATE": b'{"userId":"1","user_id":"2"}',
}
QUERIES = {
    **NO_FIELDS,
    "PROTO_TYPE": b'{"query":{"limit":"many"}}',
    "PROTO_DUPLICATE": b'{"queries":[],"queries":[]}',
    "PROTO_ONEOF": b'{"queries":[{"loginNameQuery":{"loginName":"a"},"emailQuery":{"emailAddress":"b"}}]}',
}
STATES = ("lock_user", "unlock_user", "deactivate_user", "reactivate_user")
SETTINGS = ("login", "password_complexity", "password_expiry", "domain", "lockout")
UNREADABLE = {
    "QUERY_TYPE": "ctx.instance=perhaps",
    "QUERY_REPEATED": "ctx.orgId=1&ctx.orgId=2",
    "QUERY_ONEOF": "ctx.orgId=1&ctx.instance=true",
    "QUERY_ESCAPE": "ctx.orgId=%zz",
    "QUERY_SEMICOLON": "ctx.orgId=1;2",
}
"""What can be wrong with a query string, which only REST has."""


def nested(levels: int) -> dict[str, object]:
    """Negate a query for mini so many times."""
    query: dict[str, object] = {"userNameQuery": {"userName": "mini@mouse.example"}}
    for _ in range(levels):
        query = {"notQuery": {"query": query}}
    return query


def _on(operation: str, of: str, **more: str) -> Send:
    return lambda z: on_user(z, operation, of, **more)  # type: ignore[arg-type]  # the caller's name


def _raw(path: str, content: bytes) -> Send:
    def send(z: Zitadel) -> Response:
        version = "v2beta" if z.package else "v2"
        return z.raw(f"/{version}/users{path.replace('ID', z.person('mini').id)}", content, by="otto")

    return send


def _common_cases(send: Callable[[Zitadel, str, Mapping[str, str]], Response]) -> list[Case]:
    """List what every operation answers; *send* gets the caller and headers."""
    return [
        Case(401, "AUTH-toLo1", lambda z: send(z, "otto", {"authorization": "Basic bWluaTo="})),
        Case(401, "AUTH-7fs1e", lambda z: send(z, "tina", {})),
        *cases_of_session_tokens(send),
        Case(403, "AUTH-Bs7Ds", lambda z: send(z, "otto", {"x-zitadel-orgid": "1"})),
        Case(403, "AUTH-DZG21", lambda z: send(z, "paul", ELSEWHERE)),
        Case(500, "INTERNAL", lambda z: send(z, "otto", {}), {"failing": True}),
        Case(503, "UNAVAILABLE", lambda z: send(z, "otto", {}), {"maintenance": True}),
    ]


def _of_a_user(operation: str, missing: str) -> list[Case]:
    def send(z: Zitadel, by: str, headers: Mapping[str, str]) -> Response:
        return on_user(z, operation, "mini", by=by, headers=headers)

    subject = {"lock_user": "mini", "unlock_user": "lars", "reactivate_user": "dora"}.get(operation, "mini")

    def refuse(z: Zitadel) -> Response:
        give_roles(z, "vera", "ORG_PROJECT_CREATOR")
        return on_user(z, operation, subject, by="vera")

    def refuse_elsewhere(z: Zitadel) -> Response:
        give_roles(z, "vera", "ORG_USER_MANAGER", project="269629023906488801")
        return on_user(z, operation, subject, by="vera")

    return [
        *_common_cases(send),
        Case(400, "INVALID_USER_ID", _on(operation, LONG)),
        Case(403, "AUTH-AWfge", refuse),
        Case(403, "AUTH-Swrgg2", refuse_elsewhere),
        Case(404, missing, _on(operation, UNKNOWN_ID)),
        Case(404, "AUTHZ-cdgFk", _on(operation, subject, by="cora")),
    ]


LIST_USERS = [
    *_common_cases(lambda z, by, headers: search(z, by=by, headers=headers)),
    Case(200, "found", lambda z: search(z, ids(z, "mini"))),
    Case(200, "none", lambda z: search(z, {"loginNameQuery": {"loginName": "nobody"}})),
    *[Case(400, name, _raw("", content)) for name, content in QUERIES.items()],
    Case(400, "INVALID_QUERIES", lambda z: search(z, {})),
    Case(400, "USER-zsQ97", lambda z: search(z, nested(21))),
    Case(500, "UNKNOWN", lambda z: search(z, {"inUserIdsQuery": {}})),
]
GET_USER = [
    *_of_a_user("get_user", "QUERY-Dfbg2"),
    Case(200, "person", _on("get_user", "mini")),
    Case(200, "machine", _on("get_user", "robot")),
]
CHANGES: Mapping[str, list[Case]] = {
    "lock_user": [
        *_of_a_user("lock_user", "COMMAND-450yxuqrh1"),
        Case(200, "locked", _on("lock_user", "mini")),
        Case(400, "COMMAND-lgws8wtsqf", _on("lock_user", "lars")),
    ],
    "unlock_user": [
        *_of_a_user("unlock_user", "COMMAND-x377t913pw"),
        Case(200, "unlocked", _on("unlock_user", "lars")),
        Case(400, "COMMAND-olb9vb0oca", _on("unlock_user", "mini")),
    ],
    "deactivate_user": [
        *_of_a_user("deactivate_user", "COMMAND-5gp2p62iin"),
        Case(200, "deactivated", _on("deactivate_user", "mini")),
        Case(400, "COMMAND-gvx4kct9r2", _on("deactivate_user", "ines")),
        Case(400, "COMMAND-5gunjw0cd7", _on("deactivate_user", "dora")),
    ],
    "reactivate_user": [
        *_of_a_user("reactivate_user", "COMMAND-9hy5kzbuk6"),
        Case(200, "reactivated", _on("reactivate_user", "dora")),
        Case(400, "COMMAND-s5qqcz97hf", _on("reactivate_user", "mini")),
    ],
    "delete_user": [
        *_of_a_user("delete_user", "COMMAND-bd4ir1mblj"),
        Case(200, "deleted", _on("delete_user", "mini")),
    ],
}


def _of_settings(name: str) -> list[Case]:
    def send(z: Zitadel, by: str, headers: Mapping[str, str]) -> Response:
        if by == "paul":  # who has a token of an application and needs a role to come that far
            give_roles(z, "paul", "ORG_OWNER")
        return read_settings(z, name, by=by, headers=headers)

    def without_permission(z: Zitadel) -> Response:
        give_roles(z, "vera", "IAM_USER_MANAGER")
        return read_settings(z, name, by="vera")

    cases = [
        *_common_cases(send),
        Case(200, "settings", lambda z: read_settings(z, name)),
        Case(403, "AUTH-5mWD2", without_permission),
        Case(404, "AUTHZ-cdgFk", lambda z: read_settings(z, name, by="mini")),
    ]
    if name == "general":
        return cases
    return [*cases, Case(400, "INVALID_CTX", lambda z: read_settings(z, name, query={"ctx.instance": "false"}))]


BOTH = ("", "_v2beta")
ALL_CASES: list[tuple[str, Case]] = [
    *[(f"zitadel.list_users{package}", case) for package in BOTH for case in LIST_USERS],
    *[(f"zitadel.get_user{package}", case) for package in BOTH for case in GET_USER],
    *[(f"zitadel.{operation}", case) for operation, cases in CHANGES.items() for case in cases],
    *[
        (f"zitadel.{operation}", Case(400, name, _raw(f"/ID/{operation.removesuffix('_user')}", content)))
        for operation in STATES
        for name, content in NO_FIELDS.items()
    ],
    *[
        (f"zitadel.get_{name}_settings{package}", case)
        for package in BOTH
        for name in ("general", *SETTINGS)
        for case in _of_settings(name)
    ],
]
"""How to get every answer; tests of every protocol use them."""
OPERATIONS = {operation: {"userId": "1"} if "user" in operation else {} for operation, _ in ALL_CASES}


def zitadel_for(operation: str, api: Api, people: People) -> Zitadel:
    """Make the client of an operation's package."""
    return Zitadel(api, people, "_v2beta" if operation.endswith("_v2beta") else "")


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        pytest.param(
            operation,
            case,
            id=f"{operation} {case.status} {case.name}",
            marks=outcome(operation, case.status, case.name),
        )
        for operation, case in ALL_CASES
    ],
)
def test_the_answer_is_the_example_of_the_document(
    api: Api, people: People, settings: SettingsOf, operation: str, case: Case
) -> None:
    settings.patch("zitadel", case.settings)
    answer = case.send(zitadel_for(operation, api, people))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.mark.parametrize(
    ("operation", "name", "query"),
    [
        pytest.param(f"zitadel.get_{kind}_settings{package}", name, query, marks=outcome(operation, 400, name))
        for package in BOTH
        for kind in SETTINGS
        for name, query in UNREADABLE.items()
        for operation in (f"zitadel.get_{kind}_settings{package}",)
    ],
)
def test_a_query_string_that_is_no_message_is_refused_before_the_caller_is_known(
    api: Api, operation: str, name: str, query: str
) -> None:
    described = api.built.imitated.document.operations[operation]
    answer = api.request("GET", f"{described.path}?{query}")
    assert (answer.status, answer.body) == (400, described.responses["400"].examples[name])


@pytest.mark.parametrize(
    "operation", [pytest.param(one, marks=outcome(one, 401, "UNAUTHENTICATED")) for one in OPERATIONS]
)
def test_a_request_without_a_token_is_refused(api: Api, operation: str) -> None:
    answer = api.call(operation, path=OPERATIONS[operation])
    assert (answer.status, answer.body) == (401, {"code": 16, "message": "auth header missing"})


@pytest.mark.parametrize(
    "operation", [pytest.param(one, marks=outcome(one, 429, "RESOURCE_EXHAUSTED")) for one in OPERATIONS]
)
def test_a_rate_limit_refuses_until_its_window_ends(
    api: Api, settings: SettingsOf, clock: ManualClock, operation: str
) -> None:
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    assert api.call(operation, path=OPERATIONS[operation]).status == 401
    answer = api.call(operation, path=OPERATIONS[operation])
    assert (answer.status, answer.body["code"]) == (429, 8)
    clock.advance(timedelta(seconds=61))
    assert api.call(operation, path=OPERATIONS[operation]).status == 401


def test_settings_of_an_organisation_look_as_in_the_document(zitadel: Zitadel) -> None:
    answer = read_settings(zitadel, "lockout", query={"ctx.orgId": FORTRESS})
    operation = zitadel.api.built.imitated.document.operations["zitadel.get_lockout_settings"]
    example = operation.responses["200"].examples["settings"]
    assert answer.body["settings"] == example["settings"]
    assert answer.body["details"]["resourceOwner"] == example["details"]["resourceOwner"]
