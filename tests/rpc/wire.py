"""A client that writes the protocols byte by byte, to send what no library would; the server is in process."""

import asyncio
import gzip
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import orjson

from tests.conftest import Api, Response
from tests.rpc.descriptors import as_json, from_json, message_class, method, status_of
from watchword.build import Built

PROTOCOLS = ("grpc", "grpc-web", "grpc-web-text", "connect-json", "connect-proto")
CONTENT_TYPES = {
    "grpc": "application/grpc",
    "grpc-web": "application/grpc-web+proto",
    "grpc-web-text": "application/grpc-web-text",
    "connect-json": "application/json",
    "connect-proto": "application/proto",
}
METHODS: dict[str, str] = {
    "zitadel.set_password": "/zitadel.user.v2.UserService/SetPassword",
    "zitadel.password_reset": "/zitadel.user.v2.UserService/PasswordReset",
    "zitadel.set_password_v2beta": "/zitadel.user.v2beta.UserService/SetPassword",
    "zitadel.password_reset_v2beta": "/zitadel.user.v2beta.UserService/PasswordReset",
    "zitadel.create_session": "/zitadel.session.v2.SessionService/CreateSession",
}
METHODS |= {
    f"zitadel.{name}{suffix}": f"/zitadel.session.{version}.SessionService/{method}"
    for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
    for name, method in (
        ("create_session", "CreateSession"),
        ("get_session", "GetSession"),
        ("set_session", "SetSession"),
        ("delete_session", "DeleteSession"),
        ("list_sessions", "ListSessions"),
    )
}
METHODS |= {
    f"zitadel.{operation}{suffix}": f"/zitadel.user.{version}.UserService/{method}"
    for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
    for operation, method in (("list_users", "ListUsers"), ("get_user", "GetUserByID"))
}
METHODS |= {
    f"zitadel.{verb.lower()}_user": f"/zitadel.user.v2.UserService/{verb}User"
    for verb in ("Lock", "Unlock", "Deactivate", "Reactivate", "Delete")
}
METHODS |= {
    f"zitadel.get_{name}_settings{suffix}": f"/zitadel.settings.{version}.SettingsService/Get{method}Settings"
    for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
    for name, method in (
        ("general", "General"),
        ("login", "Login"),
        ("password_complexity", "PasswordComplexity"),
        ("password_expiry", "PasswordExpiry"),
        ("domain", "Domain"),
        ("lockout", "Lockout"),
    )
}
HTTP = {2: 500, 3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 12: 501, 13: 500, 14: 503, 16: 401}
"""gRPC's codes as grpc-gateway's table has them."""
CODES = {
    "unknown": 2,
    "invalid_argument": 3,
    "deadline_exceeded": 4,
    "not_found": 5,
    "permission_denied": 7,
    "resource_exhausted": 8,
    "failed_precondition": 9,
    "unimplemented": 12,
    "internal": 13,
    "unavailable": 14,
    "unauthenticated": 16,
}
"""The same codes by their names in Connect."""


@dataclass(frozen=True)
class Raw:
    """An answer as it was received."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    trailers: Mapping[str, str] = field(default_factory=dict)


def frame(message: bytes, flags: int = 0) -> bytes:
    """Put a message into gRPC's envelope."""
    return bytes([flags]) + len(message).to_bytes(4, "big") + message


async def send(
    built: Built,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    http_version: str = "2",
    method: str = "POST",
    stuck: bool = False,
) -> Raw:
    """
    Send one request.

    Args:
        stuck: Whether the end of the body is never sent.
    """
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": http_version,
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 7070),
        "extensions": {"http.response.trailers": {}} if http_version == "2" else {},
    }
    pending = [{"type": "http.request", "body": body, "more_body": stuck}]
    answered: list[Any] = []

    async def receive() -> Any:
        if pending:
            return pending.pop()
        await asyncio.sleep(3600)
        raise AssertionError("the test waited for an hour")

    async def collect(message: Any) -> None:
        answered.append(message)

    await built.app(scope, receive, collect)
    start = answered[0]
    trailers = [message for message in answered if message["type"] == "http.response.trailers"]
    return Raw(
        start["status"],
        _text(start["headers"]),
        b"".join(message.get("body", b"") for message in answered),
        _text(trailers[0]["headers"]) if trailers else {},
    )


def _text(headers: Any) -> dict[str, str]:
    return {name.decode().lower(): value.decode("latin-1") for name, value in headers}


class RpcApi(Api):
    """
    A client that calls operations of the document over another protocol, and returns the answers as REST has them.

    Args:
        protocol: One of PROTOCOLS.
        compressed: Whether requests are compressed, and compressed answers are requested.
    """

    def __init__(self, api: Api, protocol: str, *, compressed: bool = False) -> None:
        super().__init__(api.built, api.runner, api.sandbox)
        self.protocol, self.compressed = protocol, compressed

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call the method of an operation of the document."""
        message = {**(body or {}), **(path or {})}
        for name, value in (query or {}).items():
            outer, _, inner = name.partition(".")
            message[outer] = {inner: {"true": True, "false": False}.get(value, value)} if inner else value
        return self.rpc(METHODS[operation], message, headers)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send bytes to the method of a REST path; only Connect can carry arbitrary JSON."""
        assert (json, self.protocol) == (None, "connect-json")
        package, last = "v2beta" if url.startswith("/v2beta") else "v2", url.rpartition("/")[2]
        name = {"password": "SetPassword", "password_reset": "PasswordReset", "users": "ListUsers"}.get(last)
        if last in ("lock", "unlock", "deactivate", "reactivate"):
            name = f"{last.capitalize()}User"
        path = f"/zitadel.user.{package}.UserService/{name}"
        if name is None:
            found = {"sessions": "CreateSession", "search": "ListSessions"}.get(last)
            name = found or {"PATCH": "SetSession", "DELETE": "DeleteSession"}[method]
            path = f"/zitadel.session.{package}.SessionService/{name}"
        return self.runner.run(self._send(path, content or b"", headers))

    def rpc(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Response:
        """Call a method by its path."""
        return self.runner.run(self.arpc(path, body, headers))

    async def arpc(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Response:
        """Call a method from inside the event loop."""
        if self.protocol == "connect-json":
            return await self._send(path, orjson.dumps(body), headers)
        return await self._send(path, from_json(body, method(path)[0]).SerializeToString(), headers)

    async def _send(self, path: str, message: bytes, headers: Mapping[str, str] | None) -> Response:
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        sent["content-type"] = CONTENT_TYPES[self.protocol]
        if self.sandbox is not None:
            sent.setdefault("watchword-sandbox", self.sandbox)
        connect = self.protocol.startswith("connect")
        if self.compressed:
            message = gzip.compress(message)
            names = ("content-encoding", "accept-encoding") if connect else ("grpc-encoding", "grpc-accept-encoding")
            sent |= dict.fromkeys(names, "gzip")
        if connect:
            sent["content-length"] = str(len(message))
            raw = await send(self.built, path, message, sent, http_version="1.1")
            return self._connect(path, raw)
        body = frame(message, flags=int(self.compressed))
        if self.protocol == "grpc":
            sent["te"] = "trailers"
            raw = await send(self.built, path, body, sent)
            return self._grpc(path, raw.body, {**raw.headers, **raw.trailers})
        if self.protocol == "grpc-web-text":
            raw = await send(self.built, path, b64encode(body), sent, http_version="1.1")
            assert raw.headers["content-type"].startswith("application/grpc-web-text")
            content = b"".join(b64decode(piece) for piece in split_base64(raw.body))
        else:
            raw = await send(self.built, path, body, sent, http_version="1.1")
            content = raw.body
        content, trailers = self.split_trailers(content)
        return self._grpc(path, content, {**raw.headers, **trailers})

    def split_trailers(self, content: bytes) -> tuple[bytes, dict[str, str]]:
        """Split a gRPC-Web body into its messages and its trailers."""
        at = 0
        while at < len(content):
            flags, length = content[at], int.from_bytes(content[at + 1 : at + 5], "big")
            payload = content[at + 5 : at + 5 + length]
            if flags & 0x80:
                text = (gzip.decompress(payload) if flags & 1 else payload).decode()
                lines = [line.partition(":") for line in text.split("\r\n") if line]
                return content[:at], {name: value.strip() for name, _, value in lines}
            at += 5 + length
        return content, {}

    def _connect(self, path: str, raw: Raw) -> Response:
        content = gzip.decompress(raw.body) if raw.headers.get("content-encoding") == "gzip" else raw.body
        if raw.status == 200:
            reply = method(path)[1]
            json = self.protocol == "connect-json"
            return self._success(path, orjson.loads(content) if json else as_json(reply.FromString(content)), raw)
        error = orjson.loads(content)
        body = {"code": CODES[error["code"]], "message": error["message"]}
        assert raw.status == HTTP[body["code"]]
        if "details" in error:
            body["details"] = [_detail(one) for one in error["details"]]
        return Response(raw.status, body, raw.headers, raw.body)

    def _grpc(self, path: str, content: bytes, headers: Mapping[str, str]) -> Response:
        code = int(headers["grpc-status"])
        if code == 0:
            flags, message = content[0], content[5:]
            reply = method(path)[1].FromString(gzip.decompress(message) if flags & 1 else message)
            return self._success(path, as_json(reply), Raw(200, headers, content))
        assert not content
        body = {"code": code, "message": unquote(headers.get("grpc-message", ""))}
        if "grpc-status-details-bin" in headers:
            detailed = status_of(b64decode(headers["grpc-status-details-bin"] + "=="))
            assert (detailed["code"], detailed["message"]) == (body["code"], body["message"])
            body = detailed
        return Response(HTTP[code], body, headers, content)

    def _success(self, path: str, body: Any, raw: Raw) -> Response:
        status = 201 if path.endswith("CreateSession") else 200
        return Response(status, body, raw.headers, raw.body)


def _detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Unpack a detail of Connect; its value and its debug form must be equal."""
    raw = b64decode(detail["value"] + "==")
    unpacked = as_json(message_class(detail["type"]).FromString(raw))
    assert "=" not in detail["value"]
    assert detail["debug"] == unpacked
    return {"@type": f"type.googleapis.com/{detail['type']}", **unpacked}


def split_base64(text: bytes) -> list[bytes]:
    """Split base64 that was encoded in pieces, each with its own padding."""
    pieces, start = [], 0
    for at in range(4, len(text) + 1, 4):
        if text[at - 1 : at] == b"=" or at == len(text):
            pieces.append(text[start:at])
            start = at
    return pieces
