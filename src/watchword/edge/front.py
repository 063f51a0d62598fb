"""The ASGI application: every request enters and leaves here."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from watchword.domain.refusal import Refusal
from watchword.edge import audit
from watchword.edge.bodies import ARRIVED, ClientGone, read_body
from watchword.edge.envelope import bug, refused
from watchword.edge.exchange import Exchange
from watchword.edge.face import Face
from watchword.edge.line import Line, to_logging
from watchword.edge.problem import Problem, problem
from watchword.edge.sending import WHOLE, send_answer
from watchword.edge.world import World
from watchword.sandboxes import DEFAULT, TooManySandboxes
from watchword.system import Answer, Finishing

_errors = logging.getLogger("watchword.error")
_OWN = "watchword-"

Application = Callable[[Exchange], Awaitable[Answer]]


class Beside(Protocol):
    """What is served beside the documents."""

    def has(self, path: str, /) -> bool:
        """Whether *path* is one of these, and not one of the documents'."""

    async def __call__(self, exchange: Exchange, /) -> Answer:
        """Answer a request for such a path."""


class Front:
    """
    One request down, one answer up.

    Args:
        imitated: The document of the imitated systems, and what answers for it.
        admin: The same of the control API; None if it is switched off.
        beside: Answers paths outside of both documents (reference page, the documents themselves).
        extra_headers: Whether headers of our own (``Watchword-…``) may be sent.
        log: Is given a line about every finished exchange.
        witness: Is shown every finished exchange and what the audit found; for tests and reports.
    """

    def __init__(
        self,
        imitated: tuple[World, Application],
        *,
        admin: tuple[World, Application] | None = None,
        admin_prefix: str = "/__admin",
        beside: Beside | None = None,
        extra_headers: bool = True,
        log: Callable[[Line], None] = to_logging,
        witness: Callable[[Exchange, Answer, list[str]], None] | None = None,
    ) -> None:
        self._imitated, self._admin, self._prefix = imitated, admin, admin_prefix
        self._beside, self._extra, self._log, self._witness = beside, extra_headers, log, witness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        exchange, whole = None, scope.get("extensions", {}).get(WHOLE)
        try:
            (world, app), exchange = self._enter(scope)
            face = _face(exchange)
            with world.sandboxes.visited(exchange.sandbox):
                if face is not None:
                    await self._face_to_face(face, exchange, scope, receive, send)
                    return
                answer = await self._answer(app, exchange, scope, receive)
        except ClientGone:
            return
        except Problem as ours:
            answer = problem(ours)
        answer = self._finish(exchange, answer)
        await send_answer(answer, send, whole, head=scope["method"] == "HEAD")

    def _enter(self, scope: Scope) -> tuple[tuple[World, Application], Exchange]:
        headers = _headers(scope)
        path, sandbox = _sandbox(scope["path"], headers)
        side = self._imitated
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            if self._admin is None:
                raise Problem(404, "The control API is switched off (--disable-admin-api).")
            side = self._admin
        world = side[0]
        try:
            inside = world.sandboxes.enter(sandbox)
        except ValueError as error:
            raise Problem(400, f"Sandbox {sandbox[:80]!r}: {error}.") from None
        except TooManySandboxes as error:
            raise Problem(503, f"{error}.".capitalize()) from None
        exchange = Exchange(
            world,
            inside,
            method=scope["method"],
            path=world.bases.strip(path),
            headers=headers,
            query=scope["query_string"].decode("latin-1"),
            client=(scope.get("client") or (None,))[0],
            base=f"{scope.get('scheme', 'http')}://{headers.get('host', '')}{scope['path'].removesuffix(path)}",
            http_version=scope["http_version"],
        )
        return side, exchange

    async def _face_to_face(self, face: Face, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        """Let *face* answer by itself, and note the answer as any other."""
        try:
            await face(exchange, _routed(scope, exchange), receive, send if self._extra else _without_own(send))
        finally:
            if exchange.answer is not None:
                self._finish(exchange, exchange.answer)

    async def _answer(self, app: Application, exchange: Exchange, scope: Scope, receive: Receive) -> Answer:
        world = exchange.world
        try:
            beside = self._beside if self._beside is not None and self._beside.has(exchange.path) else None
            if beside is None and not world.imitates:
                _admit(exchange)
            limits, arrived = world.limits, scope.get("extensions", {}).get(ARRIVED, {})
            exchange.body = await read_body(
                receive,
                exchange.headers,
                most=limits.body_bytes,
                seconds=limits.body_seconds,
                whole=arrived.get("whole", False),
            )
            if beside is not None:
                return await beside(exchange)
            return await app(exchange)
        except (ClientGone, Problem):
            raise
        except Refusal as refusal:
            return refused(exchange, refusal)
        except Exception as error:  # noqa: BLE001  # a bug of ours still gets the system's own envelope
            return refused(exchange, bug(exchange, error))

    def _finish(self, exchange: Exchange | None, answer: Answer) -> Answer:
        if exchange is None:
            return answer
        if exchange.system is not None:
            if exchange.system.finish is not None:
                sandbox = exchange.sandbox
                own = sandbox.settings.get(exchange.system.name)
                finishing = Finishing(sandbox.clock, sandbox.chance, exchange.operation, own)
                answer = exchange.system.finish(answer, finishing)
            # A face also answers what the document does not know: another service, a frame that is none.
            known = exchange.operation is not None and answer.body is not None
            found = list(audit.violations(exchange, answer)) if known or not exchange.protocol else []
            for one in found:
                _errors.error("contract violation: %s", one)
            if found:
                answer = replace(answer, headers={**answer.headers, "Watchword-Contract-Violation": found[0][:300]})
            if self._witness is not None:
                self._witness(exchange, answer, found)
        self._log(Line.of(exchange, answer))
        if answer.delay and exchange.sandbox.clock.frozen:
            answer = replace(answer, delay=timedelta(0))
        if not self._extra:
            kept = {name: value for name, value in answer.headers.items() if not name.lower().startswith(_OWN)}
            answer = replace(answer, headers=kept)
        return answer


def _face(exchange: Exchange) -> Face | None:
    """Find who answers this request in another protocol than the document's, and name the system."""
    for face in exchange.world.faces:
        if face.takes(exchange):
            exchange.system = exchange.world.systems[face.system]
            return face
    return None


def _admit(exchange: Exchange) -> None:
    for system in exchange.world.systems.values():
        if system.admit is not None:
            system.admit(exchange.client, exchange.headers)


def _headers(scope: Scope) -> Mapping[str, str]:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if len(headers) == len(scope["headers"]):
        return headers
    headers.clear()
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        text = value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def _sandbox(path: str, headers: Mapping[str, str]) -> tuple[str, str]:
    """Take the sandbox's name out of the path (``/~NAME/…``) or else the header."""
    if path.startswith("/~"):
        name, _, rest = path[2:].partition("/")
        return f"/{rest}", name
    return path, headers.get("watchword-sandbox", DEFAULT)


def _without_own(send: Send) -> Send:
    """Leave out headers of our own."""

    async def without(message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if not name.startswith(_OWN.encode())]
            message = {**message, "headers": kept}
        await send(message)

    return without


def _routed(scope: Scope, exchange: Exchange) -> Scope:
    """Write into *scope*, which is this request's own, what the libraries of a face go by."""
    scope["path"] = exchange.path
    scope["raw_path"] = exchange.path.encode()
    scope["root_path"] = ""
    return scope


async def _other(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
