"""What protocols ask of a server beside its answers: limits, deadlines, compression, frames that are none."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests.conftest import START, Api, People, SettingsOf
from tests.outcomes import proves
from tests.rpc.conftest import MINI, NEW, SET_PASSWORD
from tests.rpc.wire import CONTENT_TYPES, METHODS, PROTOCOLS, Raw, RpcApi, framed, send
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.edge.served_api import RequestLimits
from watchword.sandbox import Sandbox
from watchword.system import Call
from watchword.systems.zitadel import operations
from watchword.systems.zitadel.rpc import services

SECRET = "c4n4ry-S3cret!"


def changing(person: str, current: str = MINI, new: str = NEW) -> dict[str, Any]:
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
    answer = rpc.rpc(SET_PASSWORD, changing(mini), token)
    assert answer.body["details"]["resourceOwner"] == "69629023906488334"
    checks = {"user": {"userId": mini}, "password": {"password": NEW}}
    assert api.call("zitadel.create_session", body={"checks": checks}, headers=token).status == 201


def test_the_details_are_those_of_rest(rpc: RpcApi, token: dict[str, str], mini: str) -> None:
    details = rpc.rpc(SET_PASSWORD, changing(mini), token).body["details"]
    assert details == {
        "sequence": "2",
        "changeDate": f"{START:%Y-%m-%dT%H:%M:%SZ}",
        "resourceOwner": "69629023906488334",
    }


def test_successes_may_not_be_cached(rpc: RpcApi, token: dict[str, str], mini: str) -> None:
    headers = rpc.rpc(SET_PASSWORD, changing(mini), token).headers
    assert (headers["cache-control"], headers["pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_gzip_is_understood_and_spoken(api: Api, token: dict[str, str], mini: str, protocol: str) -> None:
    answer = RpcApi(api, protocol, compressed=True).rpc(SET_PASSWORD, changing(mini), token)
    assert answer.body["details"]["sequence"] == "2"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/zitadel.user.v2.UserService/ListUsers", "unknown method ListUsers for service zitadel.user.v2.UserService"),
        ("/zitadel.management.v1.ManagementService/GetMyOrg", None),
        ("/v2/users/1/password", "unknown service v2/users/1"),
        ("/nothing", 'malformed method name: "/nothing"'),
    ],
)
@pytest.mark.parametrize("protocol", ["grpc", "grpc-web"])
def test_an_unknown_method_is_unimplemented_and_says_what_exists(
    api: Api, protocol: str, path: str, message: str | None
) -> None:
    """Even with a body that is no message at all."""
    headers = {"content-type": CONTENT_TYPES[protocol], "te": "trailers", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, path, framed(b"\xff\xff"), headers))
    answered = {**raw.headers, **raw.trailers} if protocol == "grpc" else _web_trailers(raw)
    assert answered["grpc-status"] == "12"
    if message:
        assert (
            answered["grpc-message"].replace("%20", " ").replace("%2F", "/").replace("%3A", ":").replace("%22", '"')
            == message
        )
    assert SET_PASSWORD in raw.headers["watchword-hint"]


def _web_trailers(raw: Raw) -> dict[str, str]:
    lines = raw.body[5:].decode().split("\r\n")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


def test_an_unknown_method_of_a_service_is_unimplemented_over_connect_too(api: Api) -> None:
    headers = {"content-type": "application/json", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, "/zitadel.user.v2.UserService/ListUsers", b"{}", headers, http_version="1.1"))
    assert (raw.status, orjson.loads(raw.body)["code"]) == (501, "unimplemented")


FRAMES: Mapping[str, tuple[bytes, int]] = {
    "nothing at all": (b"", 12),
    "half a head": (b"\x00\x00", 3),
    "a length that does not come": (b"\x00\x00\x00\x00\x09abc", 3),
    "two messages": (framed(b"") * 2, 12),
    "unknown flags": (framed(b"", 0x40), 3),
    "compressed without saying how": (framed(b"abc", 1), 13),
    "no message": (framed(b"\xff\xff\xff"), 3),
    "text that is no UTF-8": (framed(b"\x0a\x02\xff\xfe"), 3),
    "a message in a message that is none": (framed(b"\x12\x03\x0a\x7f" + b"s"), 3),
    "longer than is taken": (b"\x00\x7f\xff\xff\xff" + b"x" * 100, 8),
}


@pytest.mark.parametrize(("body", "code"), FRAMES.values(), ids=FRAMES.keys())
@pytest.mark.parametrize("protocol", ["grpc", "grpc-web", "grpc-web-text"])
def test_a_frame_that_is_none_is_refused_with_a_status(  # fixtures
    api: Api, token: dict[str, str], *, protocol: str, body: bytes, code: int
) -> None:
    headers = {**token, "content-type": CONTENT_TYPES[protocol], "te": "trailers"}
    headers["watchword-sandbox"] = api.sandbox or ""
    text = protocol.endswith("text")
    raw = api.runner.run(send(api.built, SET_PASSWORD, b64encode(body) if text else body, headers))
    client = RpcApi(api, protocol)
    if protocol == "grpc":
        found = grpc_status(raw)[0]
    else:
        content = raw.body if not text else b"".join(_pieces(raw.body))
        trailers = client._split(content)[1]  # the same reading
        found = int({**raw.headers, **trailers}["grpc-status"])
    assert found == code
    assert client.rpc(SET_PASSWORD, {}, token).body["code"] == 3


def _pieces(text: bytes) -> list[bytes]:
    from base64 import b64decode  # noqa: PLC0415

    from tests.rpc.wire import _pieces as pieces  # noqa: PLC0415

    return [b64decode(piece) for piece in pieces(text)]


def test_text_that_is_no_base64_is_refused_with_a_status(api: Api, token: dict[str, str]) -> None:
    headers = {**token, "content-type": "application/grpc-web-text", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, SET_PASSWORD, b"*" * 40, headers, http_version="1.1"))
    content = b"".join(_pieces(raw.body))
    assert b"grpc-status: 3" in content


@pytest.mark.parametrize(
    ("protocol", "name", "value", "code"),
    [
        ("grpc", "grpc-encoding", "br", 12),
        ("connect-json", "content-encoding", "br", 12),
        ("grpc", "grpc-timeout", "soon", 3),
        ("connect-json", "connect-timeout-ms", "soon", 3),
        ("connect-json", "connect-protocol-version", "2", 3),
    ],
)
def test_headers_of_a_protocol_that_cannot_be_followed_are_refused(  # fixtures
    api: Api, token: dict[str, str], *, protocol: str, name: str, value: str, code: int
) -> None:
    assert RpcApi(api, protocol).rpc(SET_PASSWORD, {}, {**token, name: value}).body["code"] == code


def test_connect_wants_post_and_a_content_type_of_its_own(api: Api) -> None:
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
        (b'{"userId":5}', "unmarshal into *user.SetPasswordRequest: proto: (line 1:11): invalid value for string"),
        (b'{"newPassword":"' + SECRET.encode() + b'"}', "unexpected token"),
    ],
)
@proves("zitadel.json.mapping")
def test_json_that_is_no_message_is_refused_as_the_service_does_and_repeats_no_value(
    api: Api, token: dict[str, str], body: bytes, reason: str
) -> None:
    headers = {**token, "content-type": "application/json", "watchword-sandbox": api.sandbox or ""}
    raw = api.runner.run(send(api.built, SET_PASSWORD, body, headers, http_version="1.1"))
    assert raw.status == 400
    assert reason in orjson.loads(raw.body)["message"]
    assert SECRET.encode() not in raw.body


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_deadline_that_passes_is_told(api: Api, people: People, settings: SettingsOf, protocol: str) -> None:
    """The release waits a second before it answers the tenth failure; the caller does not."""
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    client, mini = RpcApi(api, protocol), people["zitadel", "mini"]
    for _ in range(9):
        client.rpc(SET_PASSWORD, changing(mini.id, "Wr0ng-One!"), mini.headers)
    timeout = ("connect-timeout-ms", "100") if protocol.startswith("connect") else ("grpc-timeout", "100m")
    answer = client.rpc(SET_PASSWORD, changing(mini.id, "Wr0ng-One!"), {**mini.headers, timeout[0]: timeout[1]})
    assert answer.body["code"] == 4


@pytest.fixture(scope="module")
def impatient() -> Built:
    """A server that takes a hundred bytes and waits a moment for them."""
    return build(Options(hashing=Profile.FAST, limits=RequestLimits(body_bytes=100, body_seconds=0.05)))


def test_a_request_that_does_not_arrive_is_given_up(impatient: Built) -> None:
    async def stuck() -> Raw:
        return await send(
            impatient, SET_PASSWORD, b"\x00", {"content-type": "application/grpc", "te": "trailers"}, stuck=True
        )

    assert grpc_status(asyncio.run(stuck()))[0] == 4


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_message_that_is_too_long_is_exhausting(impatient: Built, protocol: str) -> None:
    with asyncio.Runner() as runner:
        client = RpcApi(Api(impatient, runner, None), protocol)
        assert client.rpc(SET_PASSWORD, {"userId": "1" * 200}).body["code"] == 8


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_bug_is_internal_and_its_text_stays_here(  # fixtures
    api: Api, token: dict[str, str], mini: str, caplog: pytest.LogCaptureFixture, *, protocol: str
) -> None:
    method = services.METHODS[SET_PASSWORD]

    def broken(_call: Call, _asked: operations.Asked) -> operations.Reply:
        raise RuntimeError(SECRET)

    object.__setattr__(method, "perform", broken)
    try:
        with caplog.at_level(logging.ERROR):
            answer = RpcApi(api, protocol).rpc(SET_PASSWORD, changing(mini), token)
    finally:
        object.__setattr__(method, "perform", operations.set_password)
    assert (answer.body["code"], answer.body["message"]) == (13, "An internal error occurred")
    assert SECRET not in caplog.text + repr(answer.body) + repr(answer.headers)


class TestDispatch:
    """Which protocol a request is in, by profile."""

    def ask(self, api: Api, path: str, kind: str, *, version: str = "1.1", method: str = "POST") -> Raw:
        headers = {"content-type": kind, "watchword-sandbox": api.sandbox or "", "te": "trailers"}
        return api.runner.run(send(api.built, path, b"{}", headers, http_version=version, method=method))

    @pytest.mark.parametrize("profile", ["documented", "v2.65", "v4.2", "v4.6"])
    def test_connect_is_served_in_every_profile(self, api: Api, settings: SettingsOf, profile: str) -> None:
        settings.patch("zitadel", {"zitadel_profile": profile})
        assert self.ask(api, SET_PASSWORD, "application/json").status == 401

    @pytest.mark.parametrize(("profile", "status"), [("documented", 404), ("v2.65", 404), ("v4.2", 401), ("v4.6", 401)])
    def test_connect_can_be_left_to_the_releases_that_have_it(
        self, api: Api, settings: SettingsOf, profile: str, status: int
    ) -> None:
        settings.patch("zitadel", {"zitadel_profile": profile, "connect": "released"})
        assert self.ask(api, SET_PASSWORD, "application/json").status == status
        assert self.ask(api, SET_PASSWORD, "application/grpc-web").status == 200

    def test_grpc_needs_http2_and_is_json_to_the_gateway_without(self, api: Api) -> None:
        raw = self.ask(api, "/v2/users/1/password", "application/grpc")
        assert orjson.loads(raw.body) == {"code": 16, "message": "auth header missing"}
        assert self.ask(api, SET_PASSWORD, "application/grpc").status == 404

    def test_grpc_on_a_path_of_rest_is_an_unknown_service(self, api: Api) -> None:
        raw = self.ask(api, "/v2/users/1/password", "application/grpc", version="2")
        assert (raw.status, grpc_status(raw)[0]) == (200, 12)

    @pytest.mark.parametrize("kind", ["application/grpc", "application/grpc-web+proto"])
    def test_the_paths_of_other_systems_stay_theirs(self, api: Api, kind: str) -> None:
        raw = self.ask(api, "/multi/passwords/update", kind, version="2")
        assert "grpc-status" not in {**raw.headers, **raw.trailers}
        assert raw.status in (401, 415)

    def test_rest_is_unchanged_by_json_on_its_paths(self, api: Api) -> None:
        assert self.ask(api, "/v2/users/1/password", "application/json", version="2").status == 401


class TestSandboxes:
    """Every call runs in exactly one."""

    def test_metadata_names_one(self, api: Api, people: People, mini: str) -> None:
        headers = people["zitadel", "mini"].headers
        grpc = RpcApi(api, "grpc")
        assert grpc.rpc(SET_PASSWORD, changing(mini), headers).status == 200
        elsewhere = {**headers, "watchword-sandbox": f"{api.sandbox}-other"}
        assert grpc.rpc(SET_PASSWORD, changing(mini), elsewhere).status == 200
        api.built.imitated.sandboxes.drop(f"{api.sandbox}-other")

    def test_so_does_the_path(self, api: Api, token: dict[str, str], mini: str) -> None:
        body = orjson.dumps(changing(mini))
        headers = {**token, "content-type": "application/json"}
        path = f"/~{api.sandbox}{SET_PASSWORD}"
        assert api.runner.run(send(api.built, path, body, headers, http_version="1.1")).status == 200
        assert RpcApi(api, "grpc").rpc(SET_PASSWORD, changing(mini), token).status == 400


def test_a_call_is_logged_like_any_other_request(
    api: Api, token: dict[str, str], mini: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="watchword.request"):
        RpcApi(api, "grpc").rpc(SET_PASSWORD, changing(mini, "Wr0ng-One!"), token)
    [line] = [record for record in caplog.records if record.name == "watchword.request"]
    assert line.getMessage() == f"POST {SET_PASSWORD} 400 (grpc)"
    known = {name: vars(line)[name] for name in ("operation", "sandbox", "status", "protocol")}
    assert known == {"operation": "zitadel.set_password", "sandbox": api.sandbox, "status": 400, "protocol": "grpc"}
    assert "Wr0ng" not in caplog.text


class TestBrowsers:
    """Pages of other origins may call."""

    ORIGIN = "https://shop.example"

    @pytest.mark.parametrize(
        "asked",
        [
            "authorization,content-type,x-grpc-web,x-user-agent,grpc-timeout",
            "authorization,content-type,connect-protocol-version,connect-timeout-ms",
        ],
    )
    def test_a_preflight_is_granted(self, api: Api, asked: str) -> None:
        headers = {
            "origin": self.ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": asked,
        }
        raw = api.runner.run(send(api.built, SET_PASSWORD, b"", headers, http_version="1.1", method="OPTIONS"))
        assert raw.status == 200
        assert raw.headers["access-control-allow-origin"] == self.ORIGIN
        granted = {one.strip().lower() for one in raw.headers["access-control-allow-headers"].split(",")}
        assert set(asked.split(",")) <= granted

    @pytest.mark.parametrize("protocol", ["grpc-web", "grpc-web-text", "connect-json"])
    def test_a_page_may_read_the_answer(self, api: Api, token: dict[str, str], protocol: str) -> None:
        answer = RpcApi(api, protocol).rpc(SET_PASSWORD, {}, {**token, "origin": self.ORIGIN})
        assert answer.headers["access-control-allow-origin"] == self.ORIGIN
        exposed = answer.headers["access-control-expose-headers"]
        assert all(name in exposed for name in ("grpc-status", "grpc-message", "grpc-status-details-bin"))


def test_every_method_that_is_described_has_its_twin_in_the_document(built: Built) -> None:
    assert {method.operation: path for path, method in services.METHODS.items()} == METHODS
    assert set(METHODS) <= set(built.imitated.document.operations)


def test_the_lifetime_of_a_code_is_the_same_over_rpc(
    rpc: RpcApi, token: dict[str, str], mini: str, sandbox: Callable[[], Sandbox]
) -> None:
    made = rpc.rpc("/zitadel.user.v2.UserService/PasswordReset", {"userId": mini, "returnCode": {}}, token)
    code = made.body["verificationCode"]
    sandbox().clock.advance(timedelta(minutes=61))
    asked = {"userId": mini, "newPassword": {"password": NEW}, "verificationCode": code}
    assert rpc.rpc(SET_PASSWORD, asked, token).body["details"][0]["id"] == "CODE-QvUQ4P"
