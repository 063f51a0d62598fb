"""
Published clients over a real socket, each with the interface of `Api`, so that tests of REST run with them too.

They are used unchanged and share no code with the server.
"""

import asyncio
import json
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import grpc
import orjson
import pytest
from grpc_status import rpc_status
from zitadel_client.exceptions import ApiError
from zitadel_client.models.session_service_create_session_request import SessionServiceCreateSessionRequest
from zitadel_client.models.session_service_delete_session_request import SessionServiceDeleteSessionRequest
from zitadel_client.models.session_service_get_session_request import SessionServiceGetSessionRequest
from zitadel_client.models.session_service_list_sessions_request import SessionServiceListSessionsRequest
from zitadel_client.models.session_service_set_session_request import SessionServiceSetSessionRequest
from zitadel_client.models.user_service_password_reset_request import UserServicePasswordResetRequest
from zitadel_client.models.user_service_set_password_request import UserServiceSetPasswordRequest
from zitadel_client.transport_options import TransportOptions
from zitadel_client.zitadel import Zitadel as ZitadelSdk

from tests.conftest import Api, Response
from tests.rpc.descriptors import as_json, from_json, message_class, method, status_of
from tests.rpc.wire import CODES, HTTP, METHODS

NODE = Path(__file__).parent / "node"
PATIENCE_SECONDS = 20


class Client(Protocol):
    """A client that is called with the names of our ``.proto`` files."""

    def call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        """Call a method."""

    def close(self) -> None:
        """Close the connection."""


class ClientApi(Api):
    """
    An `Api` that sends its requests through a client.

    Args:
        client: Shared by many sandboxes.
    """

    def __init__(self, client: Client, sandbox: str) -> None:
        self.client, self.sandbox = client, sandbox

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
        assert self.sandbox is not None
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        asked = {**(body or {}), **(query or {}), **(path or {})}
        return self.client.call(METHODS[operation], asked, {**sent, "watchword-sandbox": self.sandbox})

    def request(self, *_arguments: Any, **_options: Any) -> Response:
        """Fail: a client that sends messages cannot send arbitrary bytes."""
        raise NotImplementedError


def _status(error: Any) -> Response:
    """Read the status of an error of grpcio with ``grpcio-status``."""
    code = error.code().value[0]
    found = rpc_status.from_call(error)
    body = status_of(found.SerializeToString()) if found else {"code": code, "message": error.details()}
    assert (body["code"], body["message"]) == (code, error.details())
    return Response(HTTP[code], body, {})


def _reply(path: str, body: Any) -> Response:
    return Response(201 if path.endswith("CreateSession") else 200, body, {})


class Grpcio:
    """``grpcio`` from PyPI, the synchronous client."""

    def __init__(self, url: str) -> None:
        self._channel = grpc.insecure_channel(url.removeprefix("http://"))

    def call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        asked, answered = method(path)
        stub = self._channel.unary_unary(
            path, request_serializer=asked.SerializeToString, response_deserializer=answered.FromString
        )
        try:
            reply = stub(from_json(body, asked), metadata=tuple(headers.items()), timeout=PATIENCE_SECONDS)
        except grpc.RpcError as error:
            return _status(error)
        return _reply(path, as_json(reply))

    def close(self) -> None:
        self._channel.close()


class GrpcioAsync:
    """``grpcio`` from PyPI, the asynchronous client."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._target = url.removeprefix("http://")

    def call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        return self._runner.run(self._call(path, body, headers))

    async def _call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        asked, answered = method(path)
        async with grpc.aio.insecure_channel(self._target) as channel:
            stub = channel.unary_unary(
                path, request_serializer=asked.SerializeToString, response_deserializer=answered.FromString
            )
            call = stub(from_json(body, asked), metadata=tuple(headers.items()), timeout=PATIENCE_SECONDS)
            try:
                return _reply(path, as_json(await call))
            except grpc.aio.AioRpcError as error:
                trailing = dict(error.trailing_metadata() or ())
                raw = trailing.get("grpc-status-details-bin")
                code = error.code().value[0]
                body = {"code": code, "message": error.details()} if raw is None else status_of(raw)
                return Response(HTTP[code], body, {})

    def close(self) -> None:
        self._runner.close()


class ZitadelClient:
    """``zitadel-client`` from PyPI, which speaks Connect."""

    _CALLS: Mapping[str, tuple[str, str, Any]] = {
        METHODS["zitadel.set_password"]: ("users", "set_password", UserServiceSetPasswordRequest),
        METHODS["zitadel.password_reset"]: ("users", "password_reset", UserServicePasswordResetRequest),
        METHODS["zitadel.create_session"]: ("sessions", "create_session", SessionServiceCreateSessionRequest),
        METHODS["zitadel.set_session"]: ("sessions", "set_session", SessionServiceSetSessionRequest),
        METHODS["zitadel.get_session"]: ("sessions", "get_session", SessionServiceGetSessionRequest),
        METHODS["zitadel.delete_session"]: ("sessions", "delete_session", SessionServiceDeleteSessionRequest),
        METHODS["zitadel.list_sessions"]: ("sessions", "list_sessions", SessionServiceListSessionsRequest),
    }

    def __init__(self, url: str) -> None:
        self._url = url

    def call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        token = headers["authorization"]
        service, name, model = self._CALLS[path]
        others = {name: value for name, value in headers.items() if name != "authorization"}
        client = ZitadelSdk.with_access_token(
            self._url, token.removeprefix("Bearer "), transport_options=TransportOptions(default_headers=others)
        )
        try:
            reply = getattr(getattr(client, service), name)(model.from_dict(body))
        except ApiError as error:
            answered = error.response_body
            assert isinstance(answered, dict)
            status = {"code": CODES[answered["code"]], "message": answered["message"]}
            details = [_detail(one) for one in answered.get("details", ())]
            return Response(error.code, {**status, "details": details} if details else status, {})
        return _reply(path, json.loads(reply.model_dump_json(by_alias=True, exclude_none=True)))

    def close(self) -> None:
        """Do nothing: every call opens its own connection."""


def _detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    unpacked = as_json(message_class(detail["type"]).FromString(b64decode(detail["value"] + "==")))
    return {"@type": f"type.googleapis.com/{detail['type']}", **unpacked}


class Npm:
    """
    A client from npm, in its own process.

    Args:
        kind: Its name in ``clients.mjs``.
    """

    def __init__(self, kind: str, url: str) -> None:
        self.kind = kind
        self._process = subprocess.Popen(  # noqa: S603  # our own script
            ["node", "clients.mjs", kind, url],  # noqa: S607  # the one that is installed
            cwd=NODE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, path: str, body: Any, headers: Mapping[str, str]) -> Response:
        others = dict(headers)
        token = others.pop("authorization", "")
        if token and not token.startswith("Bearer "):
            others["authorization"], token = token, ""
        return self.ask(path, {"path": path, "body": body, "token": token.removeprefix("Bearer "), "headers": others})

    def ask(self, path: str, line: Mapping[str, Any]) -> Response:
        """Send a line to the process, and read the answer line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(line).decode() + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "broken" not in answer, answer["broken"]
        if "reply" in answer:
            return _reply(path, answer["reply"])
        status = {"code": answer["code"], "message": answer["message"]}
        if answer.get("status"):
            status = status_of(b64decode(answer["status"]))
        elif answer.get("details"):
            status["details"] = answer["details"]
            assert len(answer["details"]) == answer["count"]
        return Response(HTTP[answer["code"]], status, {})

    def close(self) -> None:
        self._process.communicate()


NPM = ("grpc", "grpc-web", "connect", "connect-proto", "node")
KINDS = ("grpcio", "grpcio aio", "zitadel-client", *(f"npm {kind}" for kind in NPM))


@contextmanager
def client(kind: str, url: str) -> Iterator[Client]:
    """Start a client, one of KINDS; those from npm only if ``make clients`` has installed them."""
    made: Client
    match kind:
        case "grpcio":
            made = Grpcio(url)
        case "grpcio aio":
            made = GrpcioAsync(url)
        case "zitadel-client":
            made = ZitadelClient(url)
        case _:
            if not (NODE / "node_modules").exists():
                pytest.skip("make clients installs the clients from npm")
            made = Npm(kind.removeprefix("npm "), url)
    try:
        yield made
    finally:
        made.close()
