"""Replays cases over the protocol in which they were recorded, and lists the differences."""

import asyncio
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from google.protobuf import json_format

from tests.conftest import START
from tests.parity.compare import Difference, differences, header_differences
from tests.parity.placeholders import Unbound
from tests.parity.recordings import Case
from tests.parity.stage import HOST, Stage
from tests.rpc.descriptors import as_json, from_json, message_class, method
from tests.rpc.wire import Raw, frame, send, split_base64
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile

_numbers = count(1)
_METHODS = {
    ("POST", "users/{}/password"): ("user", "UserService/SetPassword", ("userId",)),
    ("POST", "users/{}/password_reset"): ("user", "UserService/PasswordReset", ("userId",)),
    ("POST", "users"): ("user", "UserService/ListUsers", ()),
    ("GET", "users/{}"): ("user", "UserService/GetUserByID", ("userId",)),
    ("DELETE", "users/{}"): ("user", "UserService/DeleteUser", ("userId",)),
    ("POST", "users/{}/lock"): ("user", "UserService/LockUser", ("userId",)),
    ("POST", "users/{}/unlock"): ("user", "UserService/UnlockUser", ("userId",)),
    ("POST", "users/{}/deactivate"): ("user", "UserService/DeactivateUser", ("userId",)),
    ("POST", "users/{}/reactivate"): ("user", "UserService/ReactivateUser", ("userId",)),
    ("POST", "sessions"): ("session", "SessionService/CreateSession", ()),
    ("POST", "sessions/search"): ("session", "SessionService/ListSessions", ()),
    ("GET", "sessions/{}"): ("session", "SessionService/GetSession", ("sessionId",)),
    ("PATCH", "sessions/{}"): ("session", "SessionService/SetSession", ("sessionId",)),
    ("DELETE", "sessions/{}"): ("session", "SessionService/DeleteSession", ("sessionId",)),
    ("GET", "settings"): ("settings", "SettingsService/GetGeneralSettings", ()),
    ("GET", "settings/password/complexity"): ("settings", "SettingsService/GetPasswordComplexitySettings", ()),
    ("GET", "settings/password/expiry"): ("settings", "SettingsService/GetPasswordExpirySettings", ()),
    ("GET", "settings/lockout"): ("settings", "SettingsService/GetLockoutSettings", ()),
    ("GET", "settings/login"): ("settings", "SettingsService/GetLoginSettings", ()),
}
"""The method of each REST call: its package, its name and the fields that stand in the path."""


@dataclass(frozen=True)
class Replayed:
    """
    One case after its replay.

    Args:
        differences: By the number of the step, from 1.
        cannot: Why it could not be replayed as recorded; None if it could.
    """

    case: Case
    differences: tuple[tuple[int, Difference], ...] = ()
    cannot: str | None = None

    @property
    def equal(self) -> bool:
        """Whether the stand-in answered alike."""
        return not self.differences and self.cannot is None


def server() -> Built:
    """Build the stand-in: cheap hashes, a clock that stands."""
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START))


def replay(built: Built, runner: asyncio.Runner, case: Case) -> Replayed:
    """Replay one case in a sandbox of its own."""
    stage = Stage(built, runner, f"parity-{next(_numbers)}", case)
    found: list[tuple[int, Difference]] = []
    try:
        for number, step in enumerate(case.steps, 1):
            try:
                found.extend((number, one) for one in _step(stage, case, step))
            except Unbound as missing:
                found.append((number, (f"<<{missing}>>", "answered before", None)))
                break
    finally:
        stage.end()
    return Replayed(case, tuple(found))


def _step(stage: Stage, case: Case, step: Mapping[str, Any]) -> Iterator[Difference]:
    asked, expected = step["send"], step["expect"]
    # A real request takes time: what was made first is older.
    stage.wait(asked.get("wait", 0.001))
    kind = case.kind.removeprefix("neighbours_")
    protocol = kind if kind in _SENDERS else "rest"
    user = _user_of(stage, asked)
    before = stage.sequence(user) if user else 0
    raw_expected, got = _SENDERS[protocol](stage, asked, expected)
    yield from _compared(stage, raw_expected, got)
    if user and "events" in expected:
        grown, recorded = stage.sequence(user) - before, len(expected["events"])
        if grown != recorded and "user.removed" not in expected["events"]:
            yield "events", expected["events"], grown


def _compared(stage: Stage, expected: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    bindings = stage.bindings
    for name in expected.keys() | got.keys():
        if name == "headers":
            yield from header_differences(expected[name], got.get(name, {}), bindings)
        else:
            yield from differences(expected.get(name), got.get(name), bindings, name)


def _user_of(stage: Stage, asked: Mapping[str, Any]) -> str | None:
    """Find the user whose events were recorded: the one in the path, or the one whose password is checked."""
    named = re.fullmatch(r"/v2(?:beta)?/users/<<(\w+\.id)>>(?:/.*)?", asked["path"])
    if named:
        return stage.bindings.value(named[1])
    body = asked.get("body")
    checks = body.get("checks") if isinstance(body, dict) else None
    check = checks.get("user") if isinstance(checks, dict) else None
    if not isinstance(check, dict):
        return None
    for field in ("userId", "loginName"):
        found = re.fullmatch(r"<<(\w+)\.(?:id|login|LOGIN)>>", str(check.get(field)))
        if found:
            return stage.bindings.value(f"{found[1]}.id")
    return None


def _headers(stage: Stage, asked: Mapping[str, Any]) -> dict[str, str]:
    sent = {"host": HOST, "watchword-sandbox": stage.name}
    if "contentType" in asked:
        sent["content-type"] = asked["contentType"]
    if "authorization" in asked:
        sent["authorization"] = stage.bindings.fill_known(asked["authorization"])
    elif asked.get("caller"):
        sent["authorization"] = f"Bearer {stage.tokens[asked['caller']]}"
    return sent | {name.lower(): stage.bindings.fill(value) for name, value in asked.get("headers", {}).items()}


def _trimmed(headers: Mapping[str, str]) -> dict[str, str]:
    """Take the blanks around values away, as whoever reads HTTP/1.1 does."""
    return {name: value.strip(" ") for name, value in headers.items()}


def _remember(stage: Stage, body: Any) -> None:
    """Keep what later steps may name."""
    if isinstance(body, dict):
        for field, name in (
            ("verificationCode", "code"),
            ("sessionToken", "token"),
            ("sessionId", "sessionId"),
            ("access_token", "access"),
        ):
            if isinstance(body.get(field), str):
                stage.bindings.note(name, body[field])


def _content(stage: Stage, body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, dict) and set(body) == {"latin1"}:
        return str(body["latin1"]).encode("latin-1")
    filled = stage.bindings.fill(body)
    return filled.encode() if isinstance(filled, str) else orjson.dumps(filled)


def _rest(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    content = _content(stage, asked.get("body"))
    answer = stage.api.request(
        asked["method"], stage.bindings.fill_known(asked["path"]), content=content, headers=_trimmed(_headers(stage, asked))
    )
    got: dict[str, Any] = {"status": answer.status, "headers": dict(answer.headers)}
    if "text" in expected:
        got["text"] = answer.content.decode("latin-1")
    elif asked["method"] != "HEAD":
        got["body"] = answer.body if answer.body is not None or not answer.content else answer.content.decode("latin-1")
    _remember(stage, answer.body)
    return {name: expected.get(name) for name in got}, got


def _message(stage: Stage, asked: Mapping[str, Any]) -> tuple[str, bytes]:
    """Translate a REST call into the path and the message of its method."""
    path, _, query = asked["path"].partition("?")
    version, _, rest = path.removeprefix("/").partition("/")
    for (verb, shape), (package, name, fields) in _METHODS.items():
        matched = re.fullmatch(re.escape(shape).replace(r"\{\}", "([^/]*)"), rest)
        if matched and verb == asked["method"]:
            break
    else:
        raise Unbound(f"method of {asked['method']} {path}")
    called = f"/zitadel.{package}.{version}.{name}"
    body = asked.get("body")
    message = stage.bindings.fill(body) if isinstance(body, dict) and "latin1" not in body else {}
    for field, value in parse_qsl(query, keep_blank_values=True):
        _put(message, field, stage.bindings.fill(value))
    message |= dict(zip(fields, (unquote(stage.bindings.fill(one)) for one in matched.groups()), strict=True))
    try:
        asked_for = method(called)[0]
    except KeyError:
        raise Unbound(f"method {called}") from None
    return called, _serialised(message, asked_for)


def _put(message: dict[str, Any], field: str, value: str) -> None:
    *outer, last = field.split(".")
    for one in outer:
        message = message.setdefault(one, {})
    message[last] = {"true": True, "false": False}.get(value, value)


def _serialised(message: Any, into: Any) -> bytes:
    try:
        made = json_format.ParseDict(message, into(), ignore_unknown_fields=True)
    except json_format.ParseError as error:
        raise Unbound(f"a message for this body: {error}") from None
    return bytes(made.SerializeToString())


def _grpc(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    path, message = _message(stage, asked)
    raw = _call(stage, path, frame(message), {**_metadata(stage, asked, "application/grpc"), "te": "trailers"})
    trailers = {**raw.headers, **raw.trailers}
    got = _outcome(stage, path, raw.body, trailers)
    got["initial"] = sorted(_names(raw.headers)) if raw.trailers else []
    got["trailing"] = sorted(_names(raw.trailers or raw.headers)) if raw.trailers else sorted(_names(raw.headers))
    return {name: expected.get(name) for name in got}, got


_PROTOCOL_NAMES = frozenset({"grpc-status", "grpc-message", "content-type", "grpc-accept-encoding", "date"})


def _names(headers: Mapping[str, str]) -> list[str]:
    return [name for name in headers if name not in _PROTOCOL_NAMES and not name.startswith("watchword")]


def _outcome(stage: Stage, path: str, content: bytes, trailers: Mapping[str, str]) -> dict[str, Any]:
    code = int(trailers["grpc-status"])
    if code == 0:
        body = as_json(method(path)[1].FromString(content[5:]))
        _remember(stage, body)
        return {"code": code, "body": body}
    return {"code": code, "message": unquote(trailers.get("grpc-message", "")), "status": _status(trailers)}


def _status(trailers: Mapping[str, str]) -> Any:
    raw = trailers.get("grpc-status-details-bin")
    if raw is None:
        return None
    from google.rpc import status_pb2  # noqa: PLC0415  # importing it registers its own description

    status = status_pb2.Status.FromString(b64decode(raw + "=="))
    details = [
        {"type": one.type_url, **as_json(message_class(one.type_url.rpartition("/")[2]).FromString(one.value))}
        for one in status.details
    ]
    return {"code": status.code, "message": status.message, "details": details}


def _metadata(stage: Stage, asked: Mapping[str, Any], content_type: str) -> dict[str, str]:
    return {**_headers(stage, asked), "content-type": content_type}


def _call(stage: Stage, path: str, content: bytes, headers: Mapping[str, str], version: str = "2", **more: Any) -> Raw:
    return stage.api.runner.run(
        send(
            stage.api.built,
            path,
            content,
            headers if version == "2" else _trimmed(headers),
            http_version=version,
            **more,
        )
    )


def _grpc_web(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    path, message = _message(stage, asked)
    return _web(stage, asked, expected, path, frame(message), "application/grpc-web+proto")


def _grpc_web_text(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    path, message = _message(stage, asked)
    return _web(stage, asked, expected, path, b64encode(frame(message)), "application/grpc-web-text")


def _web(
    stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any], path: str, content: bytes, content_type: str
) -> tuple[Any, Any]:
    headers = {**_metadata(stage, asked, content_type), "x-grpc-web": "1"}
    raw = _call(stage, path, content, headers, "1.1")
    body = b"".join(b64decode(one) for one in split_base64(raw.body)) if "text" in content_type else raw.body
    frames, at = [], 0
    while at + 5 <= len(body):
        length = int.from_bytes(body[at + 1 : at + 5], "big")
        payload = body[at + 5 : at + 5 + length]
        frames.append(_trailer_frame(payload) if body[at] & 0x80 else _message_frame(stage, path, payload))
        at += 5 + length
    got: dict[str, Any] = {"http": raw.status, "headers": dict(raw.headers), "frames": frames, "rest": body[at:].hex()}
    if "status" in expected:
        got["status"] = _status(raw.headers)
        got["headers"].pop("grpc-status-details-bin", None)
    known = {name: value for name, value in expected.items() if name in got}
    known["headers"] = {n: v for n, v in expected["headers"].items() if "status" not in expected or n != "grpc-status-details-bin"}
    return known, got


def _message_frame(stage: Stage, path: str, payload: bytes) -> dict[str, Any]:
    body = as_json(method(path)[1].FromString(payload))
    _remember(stage, body)
    return {"message": body}


def _trailer_frame(payload: bytes) -> dict[str, Any]:
    lines = (line.partition(":") for line in payload.decode().split("\r\n") if line)
    trailers: dict[str, Any] = {name.lower(): value.strip() for name, _, value in lines}
    if "grpc-message" in trailers:
        trailers["grpc-message"] = unquote(trailers["grpc-message"])
    if "grpc-status-details-bin" in trailers:
        trailers["grpc-status-details-bin"] = _status(trailers)
    return {"trailers": {name: value for name, value in trailers.items() if not name.startswith("watchword")}}


def _connect(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    path, message = _connect_message(stage, asked)
    raw = _call(stage, path, message, _metadata(stage, asked, "application/json"), "1.1")
    body = orjson.loads(raw.body) if "json" in raw.headers.get("content-type", "") else raw.body.decode("latin-1")
    for detail in body.get("details", ()) if isinstance(body, dict) and "code" in body else ():
        detail["value"] = "base64"
    _remember(stage, body)
    got = {"http": raw.status, "headers": dict(raw.headers), "body": body}
    return {name: expected.get(name) for name in got}, got


def _connect_message(stage: Stage, asked: Mapping[str, Any]) -> tuple[str, bytes]:
    path, _ = _message(stage, {**asked, "body": {}})
    fields = next(
        (fields, matched)
        for (verb, shape), (_, _, fields) in _METHODS.items()
        if verb == asked["method"]
        and (
            matched := re.fullmatch(
                re.escape(shape).replace(r"\{\}", "([^/]*)"), asked["path"].removeprefix("/").partition("/")[2]
            )
        )
    )
    in_path = dict(zip(fields[0], (unquote(stage.bindings.fill(one)) for one in fields[1].groups()), strict=True))
    body = asked.get("body")
    if isinstance(body, dict) and "latin1" not in body or body is None:
        return path, orjson.dumps({**stage.bindings.fill(body or {}), **in_path})
    return path, _content(stage, body)


def _edge(stage: Stage, asked: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Any, Any]:
    headers = {"host": HOST, "watchword-sandbox": stage.name}
    if asked.get("caller"):
        headers["authorization"] = f"Bearer {stage.tokens[asked['caller']]}"
    if asked["protocol"] == "grpc":
        message = bytes.fromhex(stage.bindings.fill(asked["messageHex"]))
        flags = 0
        if "compression" in asked:
            import gzip

            message, flags = gzip.compress(message), 1
            headers["grpc-encoding"] = asked["compression"]
        sent = {**headers, "content-type": "application/grpc", "te": "trailers"}
        raw = _call(stage, asked["path"], frame(message, flags), sent)
        trailers = {**raw.headers, **raw.trailers}
        got: dict[str, Any] = {"code": int(trailers["grpc-status"])}
        if "message" in expected:
            got["message"] = unquote(trailers.get("grpc-message", ""))
        if "trailing" in expected:
            got["trailing"] = sorted(_names(raw.trailers or raw.headers))
        if "messageHex" in expected and "session" not in asked["path"]:
            got["messageHex"] = raw.body[5:].hex()
        return {name: expected.get(name) for name in got}, got
    headers |= {name.lower(): value for name, value in asked.get("headers", {}).items()}
    content = bytes.fromhex(asked.get("bodyHex") or "")
    headers["content-length"] = str(len(content))
    raw = _call(stage, asked["path"], content, headers, "1.1", method=asked["method"])
    got = {"status": raw.status, "headers": dict(raw.headers), "bodyLatin1": raw.body[:160].decode("latin-1")}
    return {name: expected.get(name) for name in got}, got


_SENDERS: Mapping[str, Callable[[Stage, Mapping[str, Any], Mapping[str, Any]], tuple[Any, Any]]] = {
    "rest": _rest,
    "grpc": _grpc,
    "grpc_web": _grpc_web,
    "grpc_web_text": _grpc_web_text,
    "connect": _connect,
    "edge": _edge,
}
