"""Every documented answer, in both packages, reached by the requests that lead to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import partial
from typing import Any

import pytest

from tests.conftest import Api, ManualClock, Observed, People, Response, SettingsOf
from tests.outcomes import outcome
from tests.systems.zitadel.conftest import NEW, UNKNOWN_ID, Zitadel
from watchword.domain.rule import RuleRecord

LONG = "9" * 201
MINI = "V3ryS3cure!"
INTENT = {"idpIntentId": "1", "idpIntentToken": "x"}
V4_2, V4_6 = {"zitadel_profile": "v4.2"}, {"zitadel_profile": "v4.6"}
BOTH = ("", "_v2beta")
"""The packages."""


@dataclass(frozen=True)
class Case:
    """How to get one answer."""

    status: int
    name: str
    send: Callable[[Zitadel], Response]
    settings: Mapping[str, Any] = field(default_factory=dict)


def _raw(content: bytes, operation: str, *, method: str = "POST") -> Callable[[Zitadel], Response]:
    def send(zitadel: Zitadel) -> Response:
        version = "v2beta" if zitadel.package else "v2"
        person = zitadel.person("mini")
        path = operation if "sessions" in operation else f"users/{person.id}/{operation}"
        return zitadel.raw(f"/{version}/{path}", content, method=method)

    return send


def _with_code(code: str) -> Callable[[Zitadel], Response]:
    return lambda zitadel: zitadel.change("cora", verificationCode=code)


def _admin(new: str) -> Callable[[Zitadel], Response]:
    return lambda zitadel: zitadel.set_password("mini", {"newPassword": {"password": new}}, by="otto")


def _external(zitadel: Zitadel) -> Response:
    zitadel.reset("phil", {"sendLink": {"notificationType": "NOTIFICATION_TYPE_SMS"}})
    return zitadel.change("phil", verificationCode="ABCDEF")


def _set_locked_user(zitadel: Zitadel) -> Response:
    session_id, _ = _start(zitadel, "olga")
    for _ in range(3):
        zitadel.on_session("set", session_id, _password("Wr0ng-One!"))
    return zitadel.on_session("set", session_id, _password("Fortress0lga"))


READING = {
    "JSON_SYNTAX": b"{new",
    "PROTO_SYNTAX": b"[]",
    "PROTO_TYPE": b'{"newPassword":{"password":5}}',
    "PROTO_DUPLICATE": b'{"newPassword":{},"new_password":{}}',
    "PROTO_ONEOF": b'{"currentPassword":"a","verificationCode":"b"}',
}
SET_PASSWORD = [
    Case(200, "changed", lambda z: z.change("mini", currentPassword=MINI)),
    *[Case(400, name, _raw(content, "password")) for name, content in READING.items()],
    Case(400, "INVALID_USER_ID", lambda z: z.set_password(LONG, {}, by="mini")),
    Case(400, "INVALID_NEW_PASSWORD", lambda z: z.set_password("mini", {"newPassword": {}})),
    Case(400, "INVALID_CURRENT_PASSWORD", lambda z: z.change("mini", currentPassword="")),
    Case(400, "INVALID_VERIFICATION_CODE", lambda z: z.change("mini", verificationCode="A" * 21)),
    Case(400, "COMMAND-3M0fs", lambda z: z.change("mini", currentPassword="Wr0ng-One!")),
    Case(400, "COMMAND-Mf0sd", lambda z: z.set_password("cora", {"verificationCode": "K4RL0Z"})),
    Case(400, "COMMAND-G8dh3", lambda z: z.set_password(UNKNOWN_ID, _new(), by="iris"), {"zitadel_profile": "v2.65"}),
    Case(400, "COMMAND-M9dse", lambda z: z.change("ines")),
    Case(400, "COMMAND-2M9fs", lambda z: z.change("mini", verificationCode="ABCDEF")),
    Case(400, "CODE-QvUQ4P", lambda z: z.change("eddie", verificationCode="L8TE11")),
    Case(400, "CODE-woT0xc", _with_code("k4rl0z")),
    Case(400, "COMMAND-M0g95", _external, {"sms_provider": "external"}),
    Case(400, "COMMAND-Fds3s", lambda z: z.change("nora", currentPassword="Anyth1ng!")),
    Case(400, "COMMAND-Aesh5", lambda z: z.change("mini", "Wr0ng-One!", currentPassword="Wr0ng-One!")),
    Case(400, "DOMAIN-HuJf6", _admin("Sh0rt!")),
    Case(400, "DOMAIN-co3Xw", _admin("NOTHING-L0W!")),
    Case(400, "DOMAIN-VoaRj", _admin("nothing-h1gh!")),
    Case(400, "DOMAIN-ZBv4H", _admin("Nothing-Counted!")),
    Case(400, "DOMAIN-ZDLwA", _admin("N0thingElse")),
    Case(400, "COMMAND-JLK35", lambda z: z.change("lars", by="otto", currentPassword="x"), {"zitadel_profile": "v4.6"}),
    Case(400, "COMMAND-3nJ4t", lambda z: z.change("nora", currentPassword="x"), {"zitadel_profile": "v4.6"}),
    Case(403, "AUTH-AWfge", lambda z: z.set_password("mini", _new(), by="vera")),
    Case(404, "COMMAND-G8dh3", lambda z: z.set_password(UNKNOWN_ID, _new(), by="iris")),
    Case(404, "AUTHZ-cdgFk", lambda z: z.change("mini")),
    Case(500, "COMMAND-CahN2", _admin("Aa1!" * 19), {"zitadel_profile": "v2.65"}),
]
PASSWORD_RESET = [
    Case(200, "sent", lambda z: z.reset("mini")),
    Case(200, "returned", lambda z: z.reset("mini", {"returnCode": {}})),
    *[
        Case(400, name, _raw(content, "password_reset"))
        for name, content in {
            **READING,
            "PROTO_TYPE": b'{"sendLink":{"urlTemplate":true}}',
            "PROTO_DUPLICATE": b'{"sendLink":{},"send_link":{}}',
            "PROTO_ONEOF": b'{"sendLink":{},"returnCode":{}}',
        }.items()
    ],
    Case(400, "INVALID_USER_ID", lambda z: z.reset(LONG, by="mini")),
    Case(400, "INVALID_SEND_LINK", lambda z: z.reset("mini", {"sendLink": {"urlTemplate": ""}})),
    Case(400, "DOMAIN-oGh5e", lambda z: z.reset("mini", {"sendLink": {"urlTemplate": "https://x.example/{{"}})),
    Case(400, "DOMAIN-ieYa7", lambda z: z.reset("mini", {"sendLink": {"urlTemplate": "{{.Nothing}}"}})),
    Case(400, "COMMAND-Sfe4g", lambda z: z.reset("ines")),
    Case(403, "AUTH-AWfge", lambda z: z.reset("mini", by="vera")),
    Case(404, "COMMAND-SAF4f", lambda z: z.reset(UNKNOWN_ID, by="iris")),
    Case(404, "AUTHZ-cdgFk", lambda z: z.reset("otto", by="mini")),
]
CREATE_SESSION = [
    Case(201, "created", lambda z: z.sign_in("mini", MINI)),
    *[
        Case(400, name, _raw(content, "sessions"))
        for name, content in {
            **READING,
            "PROTO_TYPE": b'{"checks":{"password":{"password":5}}}',
            "PROTO_DUPLICATE": b'{"checks":{},"checks":{}}',
            "PROTO_ONEOF": b'{"checks":{"user":{"userId":"1","loginName":"a"}}}',
        }.items()
    ],
    Case(400, "INVALID_CHECKS", lambda z: z.session({"checks": {"user": {}}}), V4_6),
    Case(400, "INVALID_LIFETIME", lambda z: z.session({"lifetime": "0s"})),
    Case(400, "COMMAND-3M0fs", lambda z: z.sign_in("mini", "Wr0ng-One!")),
    Case(400, "COMMAND-3nJ4t", lambda z: z.sign_in("nora", "Anyth1ng!")),
    Case(400, "COMMAND-3n77z", lambda z: z.sign_in("robot", "Anyth1ng!")),
    Case(400, "COMMAND-Sfw3f", lambda z: z.session({"checks": {"password": {"password": MINI}}})),
    Case(400, "SESSION-Gj4ko", lambda z: z.sign_in("lars", "L0cked-Lars!")),
    Case(400, "COMMAND-3Mif9s", lambda z: z.session({"checks": _checks(totp={"code": "123456"})})),
    Case(403, "CRYPTO-Swg31", lambda z: z.session({"checks": _checks(idpIntent=INTENT)})),
    Case(404, "QUERY-Dfbg2", lambda z: z.session({"checks": {"user": {"loginName": "nobody"}}})),
    Case(404, "AUTHZ-cdgFk", lambda z: z.session({}, by="otto"), V4_2),
    Case(501, "SESSION-d3b4g0", lambda z: z.session({"checks": {"user": {}}})),
]
SET_SESSION = [
    Case(200, "set", lambda z: _set(z, {"lifetime": "60s"})),
    Case(200, "unchanged", lambda z: _set(z, {})),
    *[
        Case(400, name, _raw(content, "sessions/1", method="PATCH"))
        for name, content in {
            **READING,
            "PROTO_TYPE": b'{"checks":{"password":{"password":5}}}',
            "PROTO_DUPLICATE": b'{"checks":{},"checks":{}}',
            "PROTO_ONEOF": b'{"checks":{"user":{"userId":"1","loginName":"a"}}}',
        }.items()
    ],
    Case(400, "INVALID_SESSION_ID", lambda z: z.on_session("set", LONG, {})),
    Case(400, "INVALID_CHECKS", lambda z: _set(z, {"checks": {"password": {"password": ""}}})),
    Case(400, "INVALID_LIFETIME", lambda z: _set(z, {"lifetime": "-1s"})),
    Case(400, "COMMAND-3M0fs", lambda z: _set(z, {"checks": {"password": {"password": "Wr0ng-One!"}}})),
    Case(400, "COMMAND-3nJ4t", lambda z: _set(z, _password("x"), user="nora")),
    Case(400, "COMMAND-3n77z", lambda z: _set(z, _password("x"), user="robot")),
    Case(400, "COMMAND-Sfw3f", lambda z: z.on_session("set", "1", _password("x"))),
    Case(400, "COMMAND-3Mif9s", lambda z: _set(z, {"checks": {"totp": {"code": "123456"}}})),
    Case(400, "COMMAND-JLK35", _set_locked_user),
    Case(400, "INVALID_ARGUMENT", lambda z: _set(z, {"checks": {"user": {"userId": z.person("cora").id}}})),
    Case(400, "SESSION-Gj4ko", lambda z: _set(z, {"checks": {"user": {"userId": z.person("lars").id}}})),
    Case(400, "COMMAND-hi6Ph", lambda z: _set(z, {"sessionToken": "x"}), V4_2),
    Case(400, "COMMAND-Hewfq", lambda z: _set(z, {"lifetime": "60s"}, after=_delete)),
    Case(400, "COMMAND-Hkl3d", lambda z: _set(z, {"lifetime": "60s"}, after=_expire)),
    Case(403, "AUTH-AWfge", lambda z: _set(z, {"lifetime": "60s"}, by="otto"), V4_2),
    Case(403, "CRYPTO-Swg31", lambda z: _set(z, {"checks": {"idpIntent": INTENT}})),
    Case(403, "COMMAND-sGr42", lambda z: _set(z, {"sessionToken": _other_token(z)}), V4_2),
    Case(404, "QUERY-Dfbg2", lambda z: _set(z, {"checks": {"user": {"loginName": "nobody"}}})),
    Case(404, "AUTHZ-cdgFk", lambda z: _set(z, {"lifetime": "60s"}, by="mini"), V4_6),
    Case(501, "SESSION-d3b4g0", lambda z: _set(z, {"checks": {"user": {}}})),
]
GET_SESSION = [
    Case(200, "session", lambda z: z.on_session("get", _start(z)[0])),
    Case(400, "INVALID_SESSION_ID", lambda z: z.on_session("get", LONG), V4_6),
    Case(400, "INVALID_SESSION_TOKEN", lambda z: z.on_session("get", "1", token=""), V4_6),
    Case(403, "QUERY-dsfr3", lambda z: z.on_session("get", _start(z)[0], token="x")),
    Case(403, "AUTH-AWfge", lambda z: z.on_session("get", _start(z)[0], by="vera"), V4_2),
    Case(404, "QUERY-SFeaa", lambda z: z.on_session("get", "1")),
    Case(404, "AUTHZ-cdgFk", lambda z: z.on_session("get", _start(z)[0], by="cora"), V4_2),
]
DELETE_SESSION = [
    Case(200, "deleted", lambda z: z.on_session("delete", _start(z)[0])),
    *[
        Case(400, name, _raw(content, "sessions/1", method="DELETE"))
        for name, content in {
            **{name: content for name, content in READING.items() if name != "PROTO_ONEOF"},
            "PROTO_TYPE": b'{"sessionToken":5}',
            "PROTO_DUPLICATE": b'{"sessionToken":"","session_token":""}',
        }.items()
    ],
    Case(400, "INVALID_SESSION_ID", lambda z: z.on_session("delete", LONG)),
    Case(400, "COMMAND-hi6Ph", lambda z: z.on_session("delete", _start(z)[0], {"sessionToken": "x"})),
    Case(403, "AUTH-AWfge", lambda z: z.on_session("delete", _start(z)[0], by="vera")),
    Case(403, "COMMAND-sGr42", lambda z: z.on_session("delete", _start(z)[0], {"sessionToken": _other_token(z)})),
    Case(404, "AUTHZ-cdgFk", lambda z: z.on_session("delete", _start(z)[0], by="cora")),
]
LIST_SESSIONS = [
    Case(200, "sessions", lambda z: _list(z, {})),
    *[
        Case(400, name, _raw(content, "sessions/search"))
        for name, content in {
            **READING,
            "PROTO_TYPE": b'{"query":{"limit":true}}',
            "PROTO_DUPLICATE": b'{"query":{},"query":{}}',
            "PROTO_ONEOF": b'{"queries":[{"idsQuery":{},"userIdQuery":{"id":"1"}}]}',
        }.items()
    ],
    Case(400, "INVALID_QUERIES", lambda z: _list(z, {"queries": [{}]})),
]


def _checks(**checks: Any) -> dict[str, Any]:
    return {"user": {"loginName": "mini@mouse.example"}, **checks}


def _password(text: str) -> dict[str, Any]:
    return {"checks": {"password": {"password": text}}}


def _start(zitadel: Zitadel, user: str = "mini", password: str | None = None) -> tuple[str, str]:
    """Start a session, and return its id and its token."""
    made = zitadel.sign_in(user, password).body
    return made["sessionId"], made["sessionToken"]


def _set(
    zitadel: Zitadel,
    body: dict[str, Any],
    *,
    by: str = "login",
    user: str = "mini",
    after: Callable[[Zitadel, str], object] = lambda _zitadel, _id: None,
) -> Response:
    """Change a session of *user* to which something has been done before."""
    session_id, _ = _start(zitadel, user)
    after(zitadel, session_id)
    return zitadel.on_session("set", session_id, body, by=by)


def _delete(zitadel: Zitadel, session_id: str) -> None:
    zitadel.on_session("delete", session_id)


def _expire(zitadel: Zitadel, session_id: str) -> None:
    zitadel.on_session("set", session_id, {"lifetime": "0.000001s"})
    _wait(zitadel)


def _wait(zitadel: Zitadel) -> None:
    """Let time pass; for a client over a real socket it passes anyway."""
    built = getattr(zitadel.api, "built", None)
    if built is not None:
        api = Api(built, zitadel.api.runner, zitadel.api.sandbox)
        api.request("PUT", "/__admin/clock", json={"action": "advance", "by": "PT1M"})


def _other_token(zitadel: Zitadel) -> str:
    return _start(zitadel)[1]


def _list(
    zitadel: Zitadel, body: dict[str, Any], *, by: str = "login", headers: Mapping[str, str] | None = None
) -> Response:
    _start(zitadel)
    sent = {**zitadel.person(by).headers, **(headers or {})}
    return zitadel.api.call(f"zitadel.list_sessions{zitadel.package}", body=body, headers=sent)


def _call(zitadel: Zitadel, name: str, who: str, headers: Mapping[str, str]) -> Response:
    """Call an operation on a session that does not exist."""
    sent = {**zitadel.person(who).headers, **headers}
    path = {} if name == "list_sessions" else {"sessionId": "1"}
    return zitadel.api.call(f"zitadel.{name}{zitadel.package}", path=path, headers=sent)


def _bearer(
    zitadel: Zitadel, after: Callable[[Zitadel, str], object], *, password: str | None = MINI
) -> dict[str, str]:
    """Make the header with the token of a session to which something has been done."""
    session_id, token = _start(zitadel, "mini", password)
    after(zitadel, session_id)
    return {"authorization": f"Bearer {token}"}


def _expired(zitadel: Zitadel) -> dict[str, str]:
    body = {"checks": _checks(password={"password": MINI}), "lifetime": "0.000001s"}
    token = zitadel.session(body).body["sessionToken"]
    _wait(zitadel)
    return {"authorization": f"Bearer {token}"}


def _change(zitadel: Zitadel, session_id: str) -> None:
    zitadel.on_session("set", session_id, {"lifetime": "60s"})


def _new() -> dict[str, Any]:
    return {"newPassword": {"password": NEW}}


def cases_of_session_tokens(send: Callable[[Zitadel, str, Mapping[str, str]], Response]) -> list[Case]:
    """List what every operation answers to the token of a session; *send* gets the caller and headers."""
    return [
        Case(403, "AUTHZ-EGDo3", lambda z: send(z, "mini", _expired(z))),
        Case(403, "AUTHZ-Kl3p0", lambda z: send(z, "mini", _bearer(z, lambda _z, _id: None, password=None))),
        Case(403, "QUERY-dsfr3", lambda z: send(z, "mini", _bearer(z, _change))),
        Case(404, "QUERY-SFeaa", lambda z: send(z, "mini", _bearer(z, _delete))),
    ]


def _common_cases(send: Callable[[Zitadel, str, Mapping[str, str]], Response]) -> list[Case]:
    return [
        Case(401, "AUTH-toLo1", lambda z: send(z, "mini", {"authorization": "Basic bWluaTo="})),
        Case(401, "AUTH-7fs1e", lambda z: send(z, "tina", {})),
        *cases_of_session_tokens(send),
        Case(403, "AUTH-Bs7Ds", lambda z: send(z, "mini", {"x-zitadel-orgid": "1"})),
        Case(403, "AUTH-DZG21", lambda z: send(z, "paul", {"origin": "https://elsewhere.example"})),
        Case(500, "INTERNAL", lambda z: send(z, "mini", {}), {"failing": True}),
        Case(503, "UNAVAILABLE", lambda z: send(z, "mini", {}), {"maintenance": True}),
    ]


def _send(name: str, zitadel: Zitadel, who: str, headers: Mapping[str, str]) -> Response:
    return _call(zitadel, name, who, headers)


ALL_CASES: list[tuple[str, Case]] = [
    (f"zitadel.{operation}{package}", case)
    for operation, cases, packages in (
        (
            "set_password",
            SET_PASSWORD + _common_cases(lambda z, who, headers: z.set_password(who, _new(), headers=headers)),
            ("", "_v2beta"),
        ),
        (
            "password_reset",
            PASSWORD_RESET + _common_cases(lambda z, who, headers: z.reset(who, headers=headers)),
            ("", "_v2beta"),
        ),
        (
            "create_session",
            CREATE_SESSION + _common_cases(lambda z, who, headers: z.session({}, by=who, headers=headers)),
            ("", "_v2beta"),
        ),
        *(
            (name, cases + [one for one in _common_cases(partial(_send, name)) if one.name not in known], BOTH)
            for name, cases, known in (
                ("set_session", SET_SESSION, ()),
                ("get_session", GET_SESSION, ("QUERY-SFeaa", "QUERY-dsfr3")),
                ("delete_session", DELETE_SESSION, ()),
                ("list_sessions", LIST_SESSIONS, ()),
            )
        ),
    )
    for package in packages
    for case in cases
]
"""How to get every answer; tests of every protocol use them."""


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
    package = "_v2beta" if operation.endswith("_v2beta") else ""
    answer = case.send(Zitadel(api, people, package))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.mark.parametrize(
    ("operation", "case"), [pytest.param(*one, id=f"{one[0]} {one[1].status} {one[1].name}") for one in ALL_CASES]
)
def test_recorded_rules_show_no_text_of_the_request(  # fixtures
    api: Api, people: People, settings: SettingsOf, observed: Observed, *, operation: str, case: Case
) -> None:
    settings.patch("zitadel", case.settings)
    case.send(Zitadel(api, people, "_v2beta" if operation.endswith("_v2beta") else ""))
    for exchange, answer, _ in observed.seen:
        sent = {*_texts(exchange.json), *exchange.headers.values(), *_texts(answer.body)}
        shown = [text for rule in (exchange.record or RuleRecord()).asked for text in _texts(rule.values)]
        assert not sent & set(shown)


def _texts(value: Any) -> Iterator[str]:
    """Find the texts in a JSON value; keys are not values."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _texts(inner))


OPERATIONS = {
    "zitadel.set_password": {"userId": "1"},
    "zitadel.set_password_v2beta": {"userId": "1"},
    "zitadel.password_reset": {"userId": "1"},
    "zitadel.password_reset_v2beta": {"userId": "1"},
    "zitadel.create_session": {},
    "zitadel.create_session_v2beta": {},
    **{f"zitadel.{verb}_session{package}": {"sessionId": "1"} for verb in ("get", "set", "delete") for package in BOTH},
    **{f"zitadel.list_sessions{package}": {} for package in BOTH},
}


@pytest.mark.parametrize(
    "operation", [pytest.param(one, marks=outcome(one, 401, "UNAUTHENTICATED")) for one in OPERATIONS]
)
def test_a_request_without_a_token_is_refused(api: Api, operation: str) -> None:
    answer = api.call(operation, path=OPERATIONS[operation], body={})
    assert answer.status == 401
    assert answer.body == {"code": 16, "message": "auth header missing"}
    assert answer.headers["www-authenticate"] == "auth header missing"


@pytest.mark.parametrize(
    "operation", [pytest.param(one, marks=outcome(one, 429, "RESOURCE_EXHAUSTED")) for one in OPERATIONS]
)
def test_a_rate_limit_refuses_until_its_window_ends(
    api: Api, settings: SettingsOf, clock: ManualClock, operation: str
) -> None:
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    assert api.call(operation, path=OPERATIONS[operation], body={}).status == 401
    answer = api.call(operation, path=OPERATIONS[operation], body={})
    assert (answer.status, answer.body["code"]) == (429, 8)
    clock.advance(timedelta(seconds=61))
    assert api.call(operation, path=OPERATIONS[operation], body={}).status == 401
