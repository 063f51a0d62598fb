"""Sends a recorded request over gRPC, gRPC-Web and Connect; most were recorded as the REST calls that they equal."""

import gzip
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from google.protobuf import json_format

from tests.parity.placeholders import Unbound
from tests.parity.sending import Expected, Pair, Sent, content_of, headers_of, known, remember
from tests.parity.stage import HOST, Stage
from tests.rpc.descriptors import as_json, message_class, method
from tests.rpc.wire import Raw, frame, send, split_base64

_CALLS: Mapping[tuple[str, str], tuple[str, str, str | None]] = {
    ("POST", "users/{}/password"): ("user", "UserService/SetPassword", "userId"),
    ("POST", "users/{}/password_reset"): ("user", "UserService/PasswordReset", "userId"),
    ("POST", "users"): ("user", "UserService/ListUsers", None),
    ("GET", "users/{}"): ("user", "UserService/GetUserByID", "userId"),
    ("DELETE", "users/{}"): ("user", "UserService/DeleteUser", "userId"),
    ("POST", "users/{}/lock"): ("user", "UserService/LockUser", "userId"),
    ("POST", "users/{}/unlock"): ("user", "UserService/UnlockUser", "userId"),
    ("POST", "users/{}/deactivate"): ("user", "UserService/DeactivateUser", "userId"),
    ("POST", "users/{}/reactivate"): ("user", "UserService/ReactivateUser", "userId"),
    ("POST", "sessions"): ("session", "SessionService/CreateSession", None),
    ("POST", "sessions/search"): ("session", "SessionService/ListSessions", None),
    ("GET", "sessions/{}"): ("session", "SessionService/GetSession", "sessionId"),
    ("PATCH", "sessions/{}"): ("session", "SessionService/SetSession", "sessionId"),
    ("DELETE", "sessions/{}"): ("session", "SessionService/DeleteSession", "sessionId"),
    ("GET", "settings"): ("settings", "SettingsService/GetGeneralSettings", None),
    ("GET", "settings/password/complexity"): ("settings", "SettingsService/GetPasswordComplexitySettings", None),
    ("GET", "settings/password/expiry"): ("settings", "SettingsService/GetPasswordExpirySettings", None),
    ("GET", "settings/lockout"): ("settings", "SettingsService/GetLockoutSettings", None),
    ("GET", "settings/login"): ("settings", "SettingsService/GetLoginSettings", None),
}
"""The package and the name of each REST call's method, and the field that stands in the path."""
_PROTOCOL_NAMES = frozenset({"grpc-status", "grpc-message", "content-type", "grpc-accept-encoding", "date"})
_DETAILS = "grpc-status-details-bin"
_NOTED_OF_BYTES = frozenset(
    {"accept-post", "access-control-expose-headers", "allow", "content-type", "grpc-message", "grpc-status"}
)
"""The headers that were recorded of answers to raw bytes."""
_CUT_AT = 160
"""Where bodies of answers to raw bytes were cut off."""
_STATUS_OF_HTTP: Mapping[int, int] = {400: 13, 401: 16, 403: 7, 404: 12}
"""What the recorder's library takes an HTTP status for, as gRPC's http-grpc-status-mapping.md says."""


@dataclass(frozen=True)
class _RpcCall:
    """
    A call in the terms of RPC.

    Args:
        in_path: The field that stands in the path of REST.
        fields: The message, as far as it is an object.
    """

    path: str
    in_path: Mapping[str, str]
    fields: Mapping[str, Any]

    def message(self) -> bytes:
        """
        Serialise the message.

        Raises:
            Unbound: The method is not served, or the fields make no message.
        """
        try:
            into = method(self.path)[0]
            made = json_format.ParseDict({**self.fields, **self.in_path}, into(), ignore_unknown_fields=True)
        except (KeyError, json_format.ParseError) as error:
            raise Unbound(f"a message of {self.path}: {error}") from None
        return bytes(made.SerializeToString())


def _rpc_call(stage: Stage, sent: Sent) -> _RpcCall:
    path, _, query = sent["path"].partition("?")
    version, _, rest = path.removeprefix("/").partition("/")
    for (verb, shape), (package, name, field) in _CALLS.items():
        matched = re.fullmatch(re.escape(shape).replace(r"\{\}", "([^/]*)"), rest)
        if matched is None or verb != sent["method"]:
            continue
        in_path = {} if field is None else {field: unquote(stage.bindings.fill(matched[1]))}
        body = sent.get("body")
        fields = stage.bindings.fill(body) if isinstance(body, dict) and "latin1" not in body else {}
        for key, value in parse_qsl(query, keep_blank_values=True):
            _put(fields, key.split("."), stage.bindings.fill(value))
        return _RpcCall(f"/zitadel.{package}.{version}.{name}", in_path, fields)
    raise Unbound(f"a method for {sent['method']} {path}")


def _put(fields: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        fields = fields.setdefault(key, {})
    fields[keys[-1]] = {"true": True, "false": False}.get(value, value)


def _post(
    stage: Stage, path: str, content: bytes, headers: Mapping[str, str], *, version: str = "1.1", verb: str = "POST"
) -> Raw:
    return stage.api.runner.run(send(stage.api.built, path, content, headers, http_version=version, method=verb))


def send_grpc(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send a request over gRPC."""
    call = _rpc_call(stage, sent)
    headers = {**headers_of(stage, sent, http2=True), "content-type": "application/grpc", "te": "trailers"}
    raw = _post(stage, call.path, frame(call.message()), headers, version="2")
    return known(_without_date(expected), {**_outcome(stage, call.path, raw), **_metadata(raw)})


def _without_date(expected: Expected) -> Expected:
    """Take the date out of the recorded metadata: the transport adds it."""
    return {**expected, "initial": [name for name in expected["initial"] if name != "date"]}


def _outcome(stage: Stage, path: str, raw: Raw) -> dict[str, Any]:
    trailers = {**raw.headers, **raw.trailers}
    code = int(trailers["grpc-status"])
    if code:
        return {"code": code, "message": unquote(trailers.get("grpc-message", "")), "status": _status(trailers)}
    body = as_json(method(path)[1].FromString(raw.body[5:]))
    remember(stage, body)
    return {"code": code, "body": body}


def _metadata(raw: Raw) -> dict[str, Any]:
    """Name the metadata; an answer without trailers has everything in its headers."""
    return {"initial": _names(raw.headers), "trailing": _names(raw.trailers)}


def _names(headers: Mapping[str, str]) -> list[str]:
    return sorted(name for name in headers if name not in _PROTOCOL_NAMES and not name.startswith("watchword"))


def _status(trailers: Mapping[str, str]) -> Any:
    raw = trailers.get(_DETAILS)
    if raw is None:
        return None
    from google.rpc import status_pb2  # noqa: PLC0415  # importing it registers its own description

    status = status_pb2.Status.FromString(b64decode(raw + "=="))
    details = [
        {"type": one.type_url, **as_json(message_class(one.type_url.rpartition("/")[2]).FromString(one.value))}
        for one in status.details
    ]
    return {"code": status.code, "message": status.message, "details": details}


def send_grpc_web(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send a request over gRPC-Web."""
    call = _rpc_call(stage, sent)
    headers = {**headers_of(stage, sent), "content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    raw = _post(stage, call.path, frame(call.message()), headers)
    return _web_answer(stage, call.path, raw, raw.body, expected)


def send_grpc_web_text(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send a request over gRPC-Web in base64."""
    call = _rpc_call(stage, sent)
    headers = {**headers_of(stage, sent), "content-type": "application/grpc-web-text", "x-grpc-web": "1"}
    raw = _post(stage, call.path, b64encode(frame(call.message())), headers)
    return _web_answer(stage, call.path, raw, b"".join(map(b64decode, split_base64(raw.body))), expected)


def _web_answer(stage: Stage, path: str, raw: Raw, body: bytes, expected: Expected) -> Pair:
    frames, at = [], 0
    while at + 5 <= len(body):
        length = int.from_bytes(body[at + 1 : at + 5], "big")
        payload = body[at + 5 : at + 5 + length]
        frames.append(_trailers(payload) if body[at] & 0x80 else _message(stage, path, payload))
        at += 5 + length
    got: dict[str, Any] = {"http": raw.status, "headers": dict(raw.headers), "frames": frames, "rest": body[at:].hex()}
    if "status" not in expected:
        return known(expected, got)
    # An answer without a body has its status in the headers.
    got |= {"status": _status(raw.headers), "headers": _without_details(raw.headers)}
    return known({**expected, "headers": _without_details(expected["headers"])}, got)


def _without_details(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != _DETAILS}


def _message(stage: Stage, path: str, payload: bytes) -> dict[str, Any]:
    body = as_json(method(path)[1].FromString(payload))
    remember(stage, body)
    return {"message": body}


def _trailers(payload: bytes) -> dict[str, Any]:
    lines = (line.partition(":") for line in payload.decode().split("\r\n") if line)
    trailers: dict[str, Any] = {name.lower(): value.strip() for name, _, value in lines}
    if "grpc-message" in trailers:
        trailers["grpc-message"] = unquote(trailers["grpc-message"])
    if _DETAILS in trailers:
        trailers[_DETAILS] = _status(trailers)
    return {"trailers": {name: value for name, value in trailers.items() if not name.startswith("watchword")}}


def send_connect(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send a request over Connect, in JSON."""
    call = _rpc_call(stage, sent)
    body = sent.get("body")
    is_message = body is None or (isinstance(body, dict) and "latin1" not in body)
    content = stage.as_json({**call.fields, **call.in_path}) if is_message else content_of(stage, body)
    raw = _post(stage, call.path, content, {**headers_of(stage, sent), "content-type": "application/json"})
    got: Any = orjson.loads(raw.body) if "json" in raw.headers.get("content-type", "") else raw.body.decode("latin-1")
    if raw.status != 200 and isinstance(got, dict):
        for detail in got.get("details", ()):
            detail["value"] = "base64"
    remember(stage, got)
    return known(expected, {"http": raw.status, "headers": dict(raw.headers), "body": got})


def send_bytes(stage: Stage, sent: Sent, expected: Expected) -> Pair:
    """Send what no library would."""
    headers = {"host": HOST, "watchword-sandbox": stage.name}
    if sent.get("caller"):
        headers["authorization"] = f"Bearer {stage.tokens[sent['caller']]}"
    if sent["protocol"] == "grpc":
        return _send_grpc_bytes(stage, sent, expected, headers)
    content = bytes.fromhex(sent.get("bodyHex") or "")
    headers |= {name.lower(): value for name, value in sent.get("headers", {}).items()}
    raw = _post(stage, sent["path"], content, {**headers, "content-length": str(len(content))}, verb=sent["method"])
    noted = {name: value for name, value in raw.headers.items() if name in _NOTED_OF_BYTES}
    body = _without_blanks(raw.body.decode("latin-1"))
    recorded = _without_blanks(expected.get("bodyLatin1", ""))
    if len(expected.get("bodyLatin1", "")) == _CUT_AT:
        body = body[: len(recorded)]
    got = {"status": raw.status, "headers": noted, "bodyLatin1": body}
    return known({**expected, "bodyLatin1": recorded}, got)


def _without_blanks(text: str) -> str:
    """Take out the blanks that Go's protojson writes after commas in some builds, so that nobody compares them."""
    return text.replace(', "', ',"') if text.startswith('{"code":') else text


def _send_grpc_bytes(stage: Stage, sent: Sent, expected: Expected, headers: Mapping[str, str]) -> Pair:
    message = bytes.fromhex(stage.bindings.fill(sent["messageHex"]))
    compression = sent.get("compression")
    framed = frame(message) if compression is None else frame(gzip.compress(message), 1)
    encoding = {} if compression is None else {"grpc-encoding": compression}
    raw = _post(
        stage,
        sent["path"],
        framed,
        {**headers, **encoding, "content-type": "application/grpc", "te": "trailers"},
        version="2",
    )
    trailers = {**raw.headers, **raw.trailers}
    if raw.status != 200:
        trailers = {
            "grpc-status": str(_STATUS_OF_HTTP.get(raw.status, 2)),
            "grpc-message": f"Received http2 header with status: {raw.status}",
        }
    got = {
        "code": int(trailers["grpc-status"]),
        "message": unquote(trailers.get("grpc-message", "")),
        "trailing": _names(raw.trailers),
        # A new session has an id and a token of its own.
        "messageHex": None if "Session" in sent["path"] else raw.body[5:].hex(),
    }
    return known(expected, {name: value for name, value in got.items() if name in expected and value is not None})
