"""The protocols themselves: limits, deadlines, delays, compression, invalid frames, dispatch."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import orjson
import pytest

from tests.conftest import START, Api, People, Response, SettingsOf
from tests.outcomes import proves
from tests.rpc.conftest import MINI, NEW, SET_PASSWORD
from tests.rpc.descriptors import from_json, method
from tests.rpc.wire import CONTENT_TYPES, METHODS, PROTOCOLS, Raw, RpcApi, frame, send
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.edge.served_api import RequestLimits
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.rpc import services

SECRET = "c4n4ry-S3cret!"


def change_request(person: str, current: str = MINI, new: str = NEW) -> dict[str, Any]:
    return {"userId": person, "newPassword": {"password": new}, "currentPassword": current}


def grpc_status(raw: Raw) -> tuple[int, str]:
    found = {**raw.headers, **raw.trailers}
    return int(found["grpc-status"]), found.get("grpc-message", "")


@pytest.fixture
def mini(people: People) -> str:
    """Mini's id."""
    return people["zitadel", "mini"].id


def test_a_password_set_over_rpc_signs_in_over_rest(
    api: Api, rpc: RpcApi, people: People, token: dict[str, str], mini: str
) -> None:
    answer = rpc.rpc(SET_PASSWORD, change_request(mini), token)
    assert answer.body["details"]["resourceOwner"] == "69629023906488334"
    checks = {"user": {"userId": mini}, "password": {"password": NEW}}
    assert api.call("zitadel.create_session", body={"checks": checks}, headers=token).status == 201


def test_the_details_are_those_of_rest(rpc: RpcApi, token: dict[str, str], mini: str) -> None:
    details = rpc.rpc(SET_PASSWORD, change_request(mini), token).body["details"]
    assert details == {
        "sequence": "2",
        "changeDate": f"{START:%Y-%m-%dT%H:%M:%SZ}",
        "resourceOwner": "69629023906488334",
    }


def test_a_token_beyond_ascii_is_one_that_nobody_knows(rpc: RpcApi, mini: str) -> None:
    answer = rpc.rpc(METHODS["zitadel.password_reset"], {"userId": mini}, {"authorization": "Bearer t\xf6ken"})
    assert (answer.body["code"], answer.body["message"]) == (16, "Errors.Token.Invalid (AUTH-7fs1e)")


def test_successes_must_not_be_cached(rpc: RpcApi, token: dict[str, str], mini: str) -> None:
    headers = rpc.rpc(SET_PASSWORD, change_request(mini), token).headers
    assert (headers["cache-control"], headers["pragma"]) == ("no-store", "no-cache")


def test_refused_calls_say_where_each_is_explained(rpc: RpcApi, token: dict[str, str], mini: str) -> None:
    calls = [change_request(mini, current="Wr0ng!Secret"), change_request("nobody"), change_request(mini, new="short")]

    async def at_once() -> list[Response]:
        return await asyncio.gather(*(rpc.arpc(SET_PASSWORD, one, token) for one in calls))

    answers = rpc.runner.run(at_once())
    paths = [answer.headers["watchword-why"] for answer in answers]
    codes = [Api.request(rpc, "GET", path, headers={}).body["code"] for path in paths]
    assert len(set(codes)) == 3
    assert all(code in answer.body["message"] for code, answer in zip(codes, answers, strict=True))
    assert "watchword-why" not in rpc.rpc(SET_PASSWORD, change_request(mini), token).headers


def test_calls_under_a_bad_sandbox_name_say_where_that_is_explained(rpc: RpcApi, token: dict[str, str]) -> None:
    rpc.sandbox = None
    answer = rpc.rpc(SET_PASSWORD, change_request("nobody"), {**token, "watchword-sandbox": "no name"})
    explained = Api.request(rpc, "GET", answer.headers["watchword-why"], headers={}).body
    assert explained["sentence"].startswith("400 invalid-sandbox-name: No sandbox can be called so")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_requests_and_answers_may_be_compressed(api: Api, token: dict[str, str], mini: str, protocol: str) -> None:
    answer = RpcApi(api, protocol, compressed=True).rpc(SET_PASSWORD, change_request(mini), token)
    assert answer.body["details"]["sequence"] == "2"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "/zitadel.user.v2.UserService/AddHumanUser",
            "unknown method AddHumanUser for service zitadel.user.v2.UserService",
        ),
        ("/zitadel.management.v1.ManagementService/GetMyOrg", None),
        ("/v2/users/1/password", "unknown service v2/users/1"),
        ("/nothing", 'malformed method name: "/nothing"'),
    ],
)
@pytest.mark.parametrize("protocol", ["grpc", "grpc-web"])
def test_an_unknown_method_is_unimplemented_with_a_hint_that_names_the_known_ones(
    api: Api, protocol: str, path: str, message: str | None
) -> None:
    """The body is not a message either; the method is checked first."""
    headers = {"content-type": CONTENT_TYPES[protocol], "te": "trailers", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, path, frame(b"\xff\xff"), headers))
    answered = {**raw.headers, **raw.trailers}
    assert answered["grpc-status"] == "12"
    if message:
        assert (
            answered["grpc-message"].replace("%20", " ").replace("%2F", "/").replace("%3A", ":").replace("%22", '"')
            == message
        )
    assert SET_PASSWORD in raw.headers["watchword-hint"]


def test_an_unknown_method_of_a_service_is_a_page_that_is_not_found_where_connect_answers(
    api: Api, settings: SettingsOf
) -> None:
    sandbox = {"watchword-sandbox": api.sandbox or ""}
    path = "/zitadel.user.v2.UserService/Foo"
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    for kind in ("application/json", "application/grpc", "application/grpc-web+proto", "text/plain"):
        raw = api.runner.run(send(api.built, path, frame(b""), {**sandbox, "content-type": kind}))
        assert (raw.status, raw.body) == (404, b"404 page not found\n")
        assert raw.headers["content-type"] == "text/plain; charset=utf-8"
        assert SET_PASSWORD in raw.headers["watchword-hint"]


UNMARSHAL = "unmarshal message: unmarshal into *user.SetPasswordRequest: "
FRAMES: Mapping[str, tuple[bytes, tuple[int, str], tuple[int, str]]] = {
    "nothing at all": (b"", (2, "EOF"), (12, "unary request has zero messages")),
    "half a prefix": (
        b"\x00\x00",
        (2, "unexpected EOF"),
        (3, "protocol error: incomplete envelope: unexpected EOF"),
    ),
    "a length without its bytes": (
        b"\x00\x00\x00\x00\x09abc",
        (2, "unexpected EOF"),
        (3, "protocol error: promised 9 bytes in enveloped message, got 3 bytes"),
    ),
    "unknown flags": (
        frame(b"", 0x40),
        (13, "grpc: received unexpected payload format 64"),
        (3, "protocol error: invalid envelope flags"),
    ),
    "compressed without an encoding": (
        frame(b"abc", 1),
        (13, "grpc: compressed flag set with identity or empty encoding"),
        (13, "protocol error: sent compressed message without compression support"),
    ),
    "an invalid message": (
        frame(b"\xff\xff\xff"),
        (13, "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data"),
        (3, f"{UNMARSHAL}proto:\N{NO-BREAK SPACE}cannot parse invalid wire-format data"),
    ),
    "a text that is not UTF-8": (
        frame(b"\x0a\x02\xff\xfe"),
        (13, "grpc: error unmarshalling request: string field contains invalid UTF-8"),
        (3, f"{UNMARSHAL}string field contains invalid UTF-8"),
    ),
    "longer than the limit": (
        b"\x00\x7f\xff\xff\xff" + b"x" * 100,
        (8, "grpc: received message larger than max (2147483647 vs. 4194304)"),
        (8, "message is larger than configured max 4194304"),
    ),
}
"""Frames, and how the libraries of v2.65 and of v4.6 refuse them."""


@pytest.mark.parametrize(("body", "old", "new"), FRAMES.values(), ids=FRAMES.keys())
@pytest.mark.parametrize("protocol", ["grpc", "grpc-web", "grpc-web-text"])
def test_an_invalid_frame_is_refused_in_the_words_of_the_releases_library(  # fixtures
    api: Api,
    settings: SettingsOf,
    token: dict[str, str],
    *,
    protocol: str,
    body: bytes,
    old: tuple[int, str],
    new: tuple[int, str],
) -> None:
    headers = {**token, "content-type": CONTENT_TYPES[protocol], "te": "trailers"}
    headers["watchword-sandbox"] = api.sandbox or ""
    sent = b64encode(body) if protocol == "grpc-web-text" else body
    for profile, wanted in (("v2.65", old), ("v4.6", new)):
        if (profile, protocol) == ("v4.6", "grpc-web-text"):
            continue  # not read by that release
        settings.patch("zitadel", {"zitadel_profile": profile})
        raw = api.runner.run(send(api.built, SET_PASSWORD, sent, headers))
        code, text = grpc_status(raw)
        assert (code, unquote(text)) == wanted, profile
        assert RpcApi(api, protocol).rpc(SET_PASSWORD, {}, token).body["code"] == 3


def test_only_the_first_message_is_read_before_v4(
    api: Api, settings: SettingsOf, token: dict[str, str], mini: str
) -> None:
    message = from_json(change_request(mini, "Wr0ng-One!"), method(SET_PASSWORD)[0]).SerializeToString()
    headers = {**token, "content-type": "application/grpc", "te": "trailers", "watchword-sandbox": api.sandbox or ""}
    assert grpc_status(api.runner.run(send(api.built, SET_PASSWORD, frame(message) * 2, headers)))[0] == 3
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    raw = api.runner.run(send(api.built, SET_PASSWORD, frame(message) * 2, headers))
    assert grpc_status(raw)[0] == 12


def test_text_that_is_not_base64_is_refused_with_a_status(api: Api, token: dict[str, str]) -> None:
    headers = {**token, "content-type": "application/grpc-web-text", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, SET_PASSWORD, b"*" * 40, headers, http_version="1.1"))
    assert grpc_status(raw) == (2, 'connection error: desc = "illegal base64 data at input byte 0"')
    assert raw.body == b""


@pytest.mark.parametrize("kind", ["application/grpc-web-text", "text/plain", "", "application/connect+json"])
def test_the_newer_releases_name_every_type_that_they_read(api: Api, settings: SettingsOf, kind: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    headers = {"content-type": kind} if kind else {}
    headers["watchword-sandbox"] = api.sandbox or ""
    raw = api.runner.run(send(api.built, SET_PASSWORD, b"{}", headers, http_version="1.1"))
    assert (raw.status, raw.body) == (415, b"")
    assert raw.headers["accept-post"].split(", ")[:2] == ["application/grpc", "application/grpc+json"]
    assert "application/json; charset=utf-8" in raw.headers["accept-post"]


@pytest.mark.parametrize("kind", ["application/json;charset=UTF-8", "application/grpc-web+json; charset=utf-8"])
def test_a_parameter_of_a_type_that_is_read_is_read_too(api: Api, settings: SettingsOf, kind: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    headers = {"content-type": kind, "watchword-sandbox": api.sandbox or ""}
    body = frame(b"{}") if "grpc" in kind else b"{}"
    raw = api.runner.run(send(api.built, SET_PASSWORD, body, headers, http_version="1.1"))
    assert "auth header missing" in raw.body.decode() + raw.headers.get("grpc-message", "")


class TestHeaders:
    """What stands around a message, by release; the recorded cases have it all."""

    def ask(self, api: Api, protocol: str, profile: str, settings: SettingsOf) -> Raw:
        settings.patch("zitadel", {"zitadel_profile": profile})
        version = "2" if protocol == "grpc" else "1.1"
        headers = {"content-type": CONTENT_TYPES[protocol], "te": "trailers", "watchword-sandbox": api.sandbox or ""}
        body = b"{}" if protocol == "connect-json" else frame(b"")
        return api.runner.run(send(api.built, SET_PASSWORD, body, headers, http_version=version))

    def test_no_answer_of_grpc_varies_before_v4(self, api: Api, settings: SettingsOf) -> None:
        raw = self.ask(api, "grpc", "v2.65", settings)
        assert "vary" not in raw.headers
        assert raw.headers["trailer"] == "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin"
        assert raw.headers["grpc-metadata-cache-control"] == "no-store"
        assert self.ask(api, "grpc", "v4.6", settings).headers["vary"] == "Origin"

    def test_the_status_of_an_error_is_in_a_frame_before_v4_and_in_headers_since(
        self, api: Api, settings: SettingsOf
    ) -> None:
        old = self.ask(api, "grpc-web", "v2.65", settings)
        assert old.body[0] == 0x80
        assert b"grpc-message: auth header missing\r\ngrpc-status: 16\r\n" in old.body
        assert "Grpc-Metadata-Pragma" in old.headers["access-control-expose-headers"]
        new = self.ask(api, "grpc-web", "v4.6", settings)
        assert (new.body, new.headers["grpc-status"], new.headers["grpc-accept-encoding"]) == (b"", "16", "gzip")

    def test_connect_says_what_it_reads(self, api: Api, settings: SettingsOf) -> None:
        raw = self.ask(api, "connect-json", "v4.6", settings)
        assert (raw.headers["accept-encoding"], raw.headers["vary"]) == ("gzip", "Origin")
        assert "content-encoding" not in raw.headers

    def test_grpc_over_http1_has_no_trailers_and_says_so(self, api: Api, settings: SettingsOf) -> None:
        settings.patch("zitadel", {"zitadel_profile": "v4.6"})
        headers = {"content-type": "application/grpc", "watchword-sandbox": api.sandbox or ""}
        raw = api.runner.run(send(api.built, SET_PASSWORD, frame(b""), headers, http_version="1.1"))
        assert (raw.status, raw.headers["content-type"], raw.trailers) == (200, "application/grpc", {})
        assert "HTTP/2" in raw.headers["watchword-hint"]


@pytest.mark.parametrize(
    ("protocol", "name", "value", "code"),
    [
        ("grpc", "grpc-encoding", "br", 12),
        ("connect-json", "content-encoding", "br", 12),
        ("connect-json", "connect-timeout-ms", "soon", 3),
        ("connect-json", "connect-protocol-version", "2", 3),
    ],
)
def test_unsupported_values_of_a_protocols_headers_are_refused(  # fixtures
    api: Api, token: dict[str, str], *, protocol: str, name: str, value: str, code: int
) -> None:
    assert RpcApi(api, protocol).rpc(SET_PASSWORD, {}, {**token, name: value}).body["code"] == code


@pytest.mark.parametrize("protocol", ["grpc", "grpc-web"])
def test_a_timeout_that_cannot_be_read_is_refused_in_plain_text_before_v4(
    api: Api, settings: SettingsOf, token: dict[str, str], protocol: str
) -> None:
    headers = {**token, "content-type": CONTENT_TYPES[protocol], "te": "trailers", "grpc-timeout": "17x"}
    headers["watchword-sandbox"] = api.sandbox or ""
    raw = api.runner.run(send(api.built, SET_PASSWORD, frame(b""), headers))
    assert raw.status == 400
    assert raw.body == b'malformed grpc-timeout: transport: timeout unit is not recognized: "***"\n'
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    raw = api.runner.run(send(api.built, SET_PASSWORD, frame(b""), headers))
    assert grpc_status(raw)[0] == 3
    assert "17x" not in str({**raw.headers, **raw.trailers})


def test_connect_requires_post_and_its_own_content_type(api: Api) -> None:
    sandbox = {"watchword-sandbox": api.sandbox or ""}
    run = api.runner.run
    got = run(send(api.built, SET_PASSWORD, b"", sandbox, http_version="1.1", method="GET"))
    assert (got.status, got.headers["allow"]) == (405, "POST")
    got = run(send(api.built, SET_PASSWORD, b"a", {**sandbox, "content-type": "text/plain"}, http_version="1.1"))
    assert got.status == 415
    assert "application/json" in got.headers["accept-post"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "unmarshal message: zero-length payload is not a valid JSON object"),
        (
            b'{"userId":5}',
            "unmarshal into *user.SetPasswordRequest: proto:\N{NO-BREAK SPACE}(line 1:11): invalid value for string",
        ),
        (b'{"newPassword":"' + SECRET.encode() + b'"}', "unexpected token"),
    ],
)
@proves("zitadel.json.mapping")
def test_json_that_is_not_the_message_is_refused_without_repeating_a_value(
    api: Api, token: dict[str, str], body: bytes, reason: str
) -> None:
    headers = {**token, "content-type": "application/json", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, SET_PASSWORD, body, headers, http_version="1.1"))
    assert raw.status == 400
    assert reason in orjson.loads(raw.body)["message"]
    assert SECRET.encode() not in raw.body


@pytest.mark.parametrize("protocol", [one for one in PROTOCOLS if one != "grpc-web-text"])
class TestDelay:
    """Before v4.6 answers the tenth failure, it waits for a second."""

    @pytest.fixture(autouse=True)
    def failures(self, virtual_time: VirtualTime, api: Api, people: People, settings: SettingsOf) -> None:
        settings.patch("zitadel", {"zitadel_profile": "v4.6"})
        with virtual_time.measure() as waited:
            for count in range(1, 10):
                answer = self.fail(api, people, "grpc")
                assert answer.body["details"][0]["failedAttempts"] == count
        assert waited.seconds == 0

    def fail(self, api: Api, people: People, protocol: str, headers: Mapping[str, str] | None = None) -> Response:
        mini = people["zitadel", "mini"]
        return RpcApi(api, protocol).rpc(
            SET_PASSWORD, change_request(mini.id, "Wr0ng-One!"), {**mini.headers, **(headers or {})}
        )

    @proves("zitadel.current.tarpit")
    def test_the_answer_is_delayed(self, api: Api, people: People, virtual_time: VirtualTime, protocol: str) -> None:
        with virtual_time.measure() as waited:
            assert self.fail(api, people, protocol).body["details"][0]["failedAttempts"] == 10
        assert waited.seconds == pytest.approx(1)

    def test_a_frozen_clock_delays_no_answer(  # fixtures
        self, api: Api, people: People, sandbox: Callable[[], Sandbox], virtual_time: VirtualTime, *, protocol: str
    ) -> None:
        sandbox().clock.freeze()
        with virtual_time.measure() as waited:
            assert self.fail(api, people, protocol).body["details"][0]["failedAttempts"] == 10
        assert waited.seconds == 0

    def test_a_deadline_before_the_end_of_the_delay_is_exceeded(
        self, api: Api, people: People, virtual_time: VirtualTime, protocol: str
    ) -> None:
        timeout = {"connect-timeout-ms": "100"} if protocol.startswith("connect") else {"grpc-timeout": "100m"}
        with virtual_time.measure() as waited:
            assert self.fail(api, people, protocol, timeout).body["code"] == 4
        assert waited.seconds == pytest.approx(0.1, rel=0.01)


@pytest.fixture(scope="module")
def limited_server() -> Built:
    """A server that accepts a hundred bytes and waits for them for a moment."""
    return build(Options(hashing=Profile.FAST, limits=RequestLimits(body_bytes=100, body_seconds=0.05)))


def test_a_request_that_does_not_arrive_in_time_is_refused(limited_server: Built) -> None:
    async def stuck() -> Raw:
        return await send(
            limited_server, SET_PASSWORD, b"\x00", {"content-type": "application/grpc", "te": "trailers"}, stuck=True
        )

    assert grpc_status(asyncio.run(stuck()))[0] == 4


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_message_that_is_too_long_is_refused(limited_server: Built, protocol: str) -> None:
    with asyncio.Runner() as runner:
        client = RpcApi(Api(limited_server, runner, None), protocol)
        assert client.rpc(SET_PASSWORD, {"userId": "1" * 200}).body["code"] == 8


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_bug_is_an_internal_error_without_its_text(  # fixtures
    api: Api,
    token: dict[str, str],
    mini: str,
    sandbox: Callable[[], Sandbox],
    caplog: pytest.LogCaptureFixture,
    *,
    protocol: str,
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError(SECRET)

    sandbox().rules.alter("zitadel.validate.first", fail)
    with caplog.at_level(logging.ERROR):
        answer = RpcApi(api, protocol).rpc(SET_PASSWORD, change_request(mini), token)
    assert (answer.body["code"], answer.body["message"]) == (13, "An internal error occurred")
    assert SECRET not in caplog.text + repr(answer.body) + repr(answer.headers)


class TestDispatch:
    """The protocol of a request, by its content type and the profile."""

    def ask(self, api: Api, path: str, kind: str, *, version: str = "1.1", method: str = "POST") -> Raw:
        headers = {"content-type": kind, "watchword-sandbox": api.sandbox or "", "te": "trailers"}
        return api.runner.run(send(api.built, path, b"{}", headers, http_version=version, method=method))

    @pytest.mark.parametrize(("profile", "status"), [("documented", 401), ("v2.65", 404), ("v4.2", 401), ("v4.6", 401)])
    def test_connect_is_served_as_in_the_release_and_always_in_documented(
        self, api: Api, settings: SettingsOf, profile: str, status: int
    ) -> None:
        settings.patch("zitadel", {"zitadel_profile": profile})
        assert self.ask(api, SET_PASSWORD, "application/json").status == status
        settings.patch("zitadel", {"connect": "always"})
        assert self.ask(api, SET_PASSWORD, "application/json").status == 401

    @pytest.mark.parametrize(("profile", "status"), [("documented", 404), ("v2.65", 404), ("v4.2", 401), ("v4.6", 401)])
    def test_a_setting_limits_connect_to_the_releases_that_have_it(
        self, api: Api, settings: SettingsOf, profile: str, status: int
    ) -> None:
        settings.patch("zitadel", {"zitadel_profile": profile, "connect": "released"})
        assert self.ask(api, SET_PASSWORD, "application/json").status == status
        assert self.ask(api, SET_PASSWORD, "application/grpc-web").status == 200

    def test_grpc_over_http1_is_read_as_json_by_the_gateway(self, api: Api) -> None:
        raw = self.ask(api, "/v2/users/1/password", "application/grpc")
        assert orjson.loads(raw.body) == {"code": 16, "message": "auth header missing"}
        assert self.ask(api, SET_PASSWORD, "application/grpc").status == 404

    def test_grpc_at_a_path_of_rest_is_an_unknown_service(self, api: Api) -> None:
        raw = self.ask(api, "/v2/users/1/password", "application/grpc", version="2")
        assert (raw.status, grpc_status(raw)[0]) == (200, 12)

    @pytest.mark.parametrize("kind", ["application/grpc", "application/grpc-web+proto"])
    def test_grpc_at_a_path_of_another_system_is_left_to_that_system(self, api: Api, kind: str) -> None:
        raw = self.ask(api, "/multi/passwords/update", kind, version="2")
        assert "grpc-status" not in {**raw.headers, **raw.trailers}
        assert raw.status in (401, 415)

    def test_json_at_a_path_of_rest_is_rest(self, api: Api) -> None:
        assert self.ask(api, "/v2/users/1/password", "application/json", version="2").status == 401


class TestSandboxes:
    """How a call names its sandbox."""

    def test_by_metadata(self, api: Api, people: People, mini: str) -> None:
        headers = people["zitadel", "mini"].headers
        grpc = RpcApi(api, "grpc")
        assert grpc.rpc(SET_PASSWORD, change_request(mini), headers).status == 200
        elsewhere = {**headers, "watchword-sandbox": f"{api.sandbox}-other"}
        assert grpc.rpc(SET_PASSWORD, change_request(mini), elsewhere).status == 200
        api.built.imitated.sandboxes.drop(f"{api.sandbox}-other")

    def test_by_the_path(self, api: Api, token: dict[str, str], mini: str) -> None:
        body = orjson.dumps(change_request(mini))
        headers = {**token, "content-type": "application/json"}
        path = f"/~{api.sandbox}{SET_PASSWORD}"
        assert api.runner.run(send(api.built, path, body, headers, http_version="1.1")).status == 200
        assert RpcApi(api, "grpc").rpc(SET_PASSWORD, change_request(mini), token).status == 400


def test_a_call_is_logged_as_every_request_is(
    api: Api, token: dict[str, str], mini: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="watchword.request"):
        RpcApi(api, "grpc").rpc(SET_PASSWORD, change_request(mini, "Wr0ng-One!"), token)
    [line] = [record for record in caplog.records if record.name == "watchword.request"]
    said = f"zitadel COMMAND-3M0fs sandbox={api.sandbox}"
    assert line.getMessage() == f"POST {SET_PASSWORD} 400 (grpc) {said}"
    known = {name: vars(line)[name] for name in ("operation", "sandbox", "status", "protocol")}
    assert known == {"operation": "zitadel.set_password", "sandbox": api.sandbox, "status": 400, "protocol": "grpc"}
    assert "Wr0ng" not in caplog.text


class TestBrowsers:
    """Calls from pages of other origins."""

    ORIGIN = "https://shop.example"

    @pytest.mark.parametrize(
        "asked",
        [
            "authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent",
            "authorization,connect-protocol-version,connect-timeout-ms,content-type",
        ],
    )
    def test_a_preflight_is_allowed(self, api: Api, asked: str) -> None:
        headers = {
            "origin": self.ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": asked,
        }
        raw = api.runner.run(send(api.built, SET_PASSWORD, b"", headers, http_version="1.1", method="OPTIONS"))
        assert (raw.status, raw.headers["access-control-allow-headers"]) == (204, asked)
        assert raw.headers["access-control-allow-origin"] == self.ORIGIN

    @pytest.mark.parametrize(
        ("profile", "protocol"), [("v2.65", "grpc-web"), ("v2.65", "grpc-web-text"), ("v4.6", "grpc-web")]
    )
    def test_a_page_may_read_the_answer(
        self, api: Api, settings: SettingsOf, token: dict[str, str], *, profile: str, protocol: str
    ) -> None:
        settings.patch("zitadel", {"zitadel_profile": profile})
        answer = RpcApi(api, protocol).rpc(SET_PASSWORD, {}, {**token, "origin": self.ORIGIN})
        assert answer.headers["access-control-allow-origin"] == self.ORIGIN
        exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
        assert {"grpc-status", "grpc-message"} <= set(exposed)
        assert len(exposed) == len(set(exposed)) or profile == "v2.65"  # the old wrapper names two of them twice


def test_every_method_has_an_operation_in_the_document(built: Built) -> None:
    assert {method.operation: path for path, method in services.METHODS.items()} == METHODS
    assert set(METHODS) <= set(built.imitated.document.operations)


def test_a_code_from_a_call_expires_as_over_rest(
    rpc: RpcApi, token: dict[str, str], mini: str, sandbox: Callable[[], Sandbox]
) -> None:
    made = rpc.rpc("/zitadel.user.v2.UserService/PasswordReset", {"userId": mini, "returnCode": {}}, token)
    code = made.body["verificationCode"]
    sandbox().clock.advance(timedelta(minutes=61))
    asked = {"userId": mini, "newPassword": {"password": NEW}, "verificationCode": code}
    assert rpc.rpc(SET_PASSWORD, asked, token).body["details"][0]["id"] == "CODE-QvUQ4P"
