"""The ASGI application: every request enters and leaves here."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from sys import intern
from types import MappingProxyType
from typing import Protocol

from starlette.types import Receive, Scope, Send

from watchword.document.path_templates import decode_path
from watchword.domain.refusal import Maintenance, Refusal
from watchword.domain.rule import RuleRecord, put_in_force, withdraw
from watchword.edge import audit
from watchword.edge.adapter_messages import (
    OWN,
    Explaining,
    for_adapter,
    noting_body,
    unless_cut,
    with_headers,
    without_own_headers,
)
from watchword.edge.breaking import break_connection
from watchword.edge.exchange import Exchange
from watchword.edge.extra_documents import ExtraDocuments
from watchword.edge.faults import conclude, wait_before_answer
from watchword.edge.header_texts import read_headers
from watchword.edge.interference import Interference
from watchword.edge.observers import NOBODY, Observers
from watchword.edge.pipeline import Pipeline
from watchword.edge.problem import Problem, problem_details
from watchword.edge.protocol_adapter import ProtocolAdapter
from watchword.edge.public_url import Proxies, is_trusted, path_of, server_url
from watchword.edge.rendering import internal_failure, rendered
from watchword.edge.request_body import ARRIVED, ClientGone, read_body
from watchword.edge.sandbox_prefix import PREFIX, split_sandbox
from watchword.edge.sending import WHOLE, delay_of, send_answer
from watchword.edge.streaming import send_stream
from watchword.sandbox import DEFAULT, Sandbox, SandboxLimitReached
from watchword.system import Answer, Stream
from watchword.system.cors import CorsPolicy

ADMIN_PREFIX = "/__admin"
_BAD_REQUEST = HTTPStatus.BAD_REQUEST.value  # looking up a member of an enumeration takes a call, for every request
_HINT, _WHY = "Watchword-Hint", "Watchword-Why"
_STOPPING = "This server is stopping; nothing was changed."


class Pages(Protocol):
    """What is served besides the operations of the documents."""

    def has(self, path: str, sandbox: Sandbox, /) -> bool:
        """Whether *path* is a page in *sandbox*, and not an operation's path."""

    async def __call__(self, exchange: Exchange, /) -> Answer:
        """Answer a request for a page."""


class EdgeApp:
    """
    Reads a request, has it answered, and sends the answer.

    Args:
        imitated: Answers for the imitated systems.
        proposals: Answer for them in sandboxes that have chosen a proposal, by its name.
        admin: Answers for the control API; None if it is switched off.
        documents: Answers for documents beside those two, by name.
        adapters: Other protocols over the imitated systems' operations.
        pages: Answers paths outside of both documents (start page, reference, the documents themselves).
        extra_headers: Whether headers of our own (``Watchword-…``) may be sent.
        public_url: The address of a proxy that clients use; None if requests tell their address.
        proxies: The proxies that may tell it in headers.
        observers: Are told about every request.
        sandbox: In which every request runs, whatever it names, without delays; None for the one that it names.
    """

    def __init__(
        self,
        imitated: Pipeline,
        *,
        proposals: Mapping[str, Pipeline] = MappingProxyType({}),
        admin: Pipeline | None = None,
        documents: Mapping[str, Pipeline] = MappingProxyType({}),
        adapters: Sequence[ProtocolAdapter] = (),
        pages: Pages | None = None,
        extra_headers: bool = True,
        public_url: str | None = None,
        proxies: Proxies = (),
        observers: Observers = NOBODY,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._imitated, self._admin, self._adapters, self._pages = imitated, admin, adapters, pages
        self._proposals = proposals
        is_page = (lambda _path, _sandbox: False) if pages is None else pages.has
        self._documents = ExtraDocuments(is_page, documents) if documents else None
        self._extra, self._observers = extra_headers, observers
        self._public_url, self._proxies = public_url, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        exchange: Exchange | None = None
        try:
            pipeline, exchange = self._enter(scope)
            sandboxes, before = pipeline.api.sandboxes, put_in_force(exchange.record)
            try:
                if sandboxes.idle_timeout is None:
                    answer = await self._answer(pipeline, exchange, scope, receive, send)
                else:
                    with sandboxes.using(exchange.sandbox):
                        answer = await self._answer(pipeline, exchange, scope, receive, send)
            finally:
                withdraw(before)
        except ClientGone:
            self._tell_aborted(exchange)
            return
        except Problem as ours:
            answer = problem_details(ours) if exchange is not None else await self._refuse(scope, ours, send)
        if exchange is not None and exchange.interference is not None and answer is not None:
            try:
                answer = await self._conclude(exchange, exchange.interference, answer, scope)
            except ClientGone:
                self._tell_aborted(exchange)
                return
        if answer is None:
            return
        if exchange is not None:
            answer = self._expose(exchange, self._finish(exchange, answer))
            if answer.delay and not exchange.hurried:
                await _wait(delay_of(answer, exchange.sandbox.clock), exchange)
        if isinstance(answer.body, Stream):
            await send_stream(answer, answer.body, receive, send, head=scope["method"] == "HEAD")
            return
        whole = scope.get("extensions", {}).get(WHOLE)
        await send_answer(answer, send, whole, head=scope["method"] == "HEAD")

    def _tell_aborted(self, exchange: Exchange | None) -> None:
        if exchange is not None:
            for note in self._observers.aborted:
                note(exchange)

    def cors_policy(self, scope: Scope) -> CorsPolicy | None:
        """Find what the system at a path lets pages of other origins do; None where they may do anything."""
        try:
            pipeline, exchange = self._enter(scope)
        except Problem:
            return None
        path = exchange.path
        if not pipeline.api.imitates or (self._pages is not None and self._pages.has(path, exchange.sandbox)):
            return None
        exchange.system = pipeline.api.system_at(path)
        decide = None if exchange.system is None else exchange.system.cors
        return None if decide is None else decide(exchange.settings)

    @staticmethod
    def _expose(exchange: Exchange, answer: Answer) -> Answer:
        """Name what a page of another origin may read of *answer*, if its system decides that."""
        decide = None if exchange.system is None else exchange.system.cors
        if decide is None or "origin" not in exchange.headers:
            return answer
        return answer.with_headers({**answer.headers, **decide(exchange.settings).exposing})

    async def _conclude(self, exchange: Exchange, found: Interference, answer: Answer, scope: Scope) -> Answer | None:
        """Do what faults and wishes do to a request that has been handled; None if its answer is lost."""
        try:
            await wait_before_answer(exchange)
        except asyncio.CancelledError:
            if not absorb_stop(exchange):
                raise
        answer = conclude(exchange, answer)
        if found.cut is None:
            return answer
        self._tell(exchange, answer)
        await break_connection(scope, found.cut, found.garbage)
        return None

    async def _refuse(self, scope: Scope, ours: Problem, send: Send) -> Answer | None:
        """Refuse a request that has no exchange, and tell its observers; None if a protocol adapter has answered."""
        observers, headers, answer = self._observers, read_headers(scope), problem_details(ours)
        explained = {}
        if observers.explain_refused is not None:
            root = path_of(self._address_of(scope, headers))
            if where := observers.explain_refused(root, scope["path"]):
                explained = {_WHY: where}
        answer = answer.with_headers({**answer.headers, **explained})
        for observe in observers.refused:
            observe(scope["method"], scope["path"], answer)
        for adapter in self._adapters:
            if await adapter.refuse(scope, headers, ours.status, ours.detail, with_headers(send, explained)):
                return None
        return answer

    def _address_of(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Tell the address of this server that a client used."""
        if self._public_url:
            return self._public_url
        client = (scope.get("client") or (None,))[0]
        return server_url(scope.get("scheme", "http"), headers, forwarded=is_trusted(client, self._proxies))

    def _enter(self, scope: Scope) -> tuple[Pipeline, Exchange]:
        """
        Find out which document and which sandbox a request is for.

        Raises:
            Problem: There is no such document or sandbox.
        """
        headers = read_headers(scope)
        path = whole = decode_path(scope["path"], scope.get("raw_path") or b"")
        name = headers.get("watchword-sandbox", DEFAULT)
        if path.startswith(PREFIX):
            name, path = split_sandbox(path)
        is_control = path.startswith(ADMIN_PREFIX) and path[len(ADMIN_PREFIX) :][:1] in ("", "/")
        if is_control and self._admin is None:
            raise Problem(404, "The control API is switched off (--disable-admin-api).", "control-api-off")
        try:
            sandbox = self._sandbox or self._imitated.api.sandboxes.visit(name)
        except ValueError as error:
            raise Problem(400, f"No sandbox can be called so: {error}.", "invalid-sandbox-name") from None
        except SandboxLimitReached as error:
            raise Problem(503, f"{error}.".capitalize(), "too-many-sandboxes") from None
        pipeline = self._imitated if not sandbox.proposal else self._proposals[sandbox.proposal]
        if is_control and self._admin is not None:
            pipeline = self._admin
        elif self._documents is not None and (found := self._documents.find(path, pipeline, sandbox)) is not None:
            pipeline, path = found
        api = pipeline.api
        altered = sandbox.rules.altered or None
        client, server = (scope.get("client") or (None,))[0], self._address_of(scope, headers)
        # The parser makes these texts anew for every request. Those in the journal share them, which takes less time.
        observers, stripped, prefix = self._observers, api.base_paths.strip(path), whole.removesuffix(path)
        exchange = Exchange(
            api,
            sandbox,
            method=intern(scope["method"]),
            path=intern(stripped),
            base_path=path.removesuffix(stripped),
            headers=headers,
            query=scope["query_string"].decode("latin-1"),
            client=client,
            prefix=prefix,
            root_url=f"{server}{prefix}" if prefix else server,
            http_version=intern(scope["http_version"]),
            record=RuleRecord(altered) if observers.record_rules or altered is not None else None,
            received_at=0 if observers.ticks is None else observers.ticks(),
            position=sandbox.history.position,
            hurried=self._sandbox is not None,
        )
        return pipeline, exchange

    async def _answer(
        self, pipeline: Pipeline, exchange: Exchange, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """Have a request answered; None if a protocol adapter has sent the answer."""
        for adapter in self._adapters if pipeline.api.imitates else ():
            if adapter.matches(exchange):
                try:
                    await self._adapt(adapter, pipeline, exchange, (scope, receive, send))
                except asyncio.CancelledError:
                    if exchange.answer is not None or not absorb_stop(exchange):
                        raise
                    await adapter.refuse(scope, exchange.headers, 503, _STOPPING, send)
                return None
        api = pipeline.api
        try:
            pages = None if api.document.owner else self._pages
            if pages is not None and not pages.has(exchange.path, exchange.sandbox):
                pages = None
            exchange.is_page = pages is not None
            if pages is None and api.controls:
                _admit(exchange)
            limits, arrived = api.limits, scope.get("extensions", {}).get(ARRIVED, {})
            exchange.body = await read_body(
                receive,
                exchange.headers,
                most=limits.most_at(exchange.path) if limits.larger else limits.body_bytes,
                seconds=limits.body_seconds,
                complete=arrived.get("complete", False),
            )
            exchange.receive = receive
            if pages is not None and _lacks_slash(scope, exchange):
                return Answer(302, headers={"Location": f"{PREFIX[1:]}{exchange.sandbox.name}/"})
            return await (pipeline if pages is None else pages)(exchange)
        except (ClientGone, Problem):
            raise
        except asyncio.CancelledError:
            if not absorb_stop(exchange):
                raise
            return rendered(exchange, Maintenance(_STOPPING))
        except Refusal as refusal:
            return rendered(exchange, refusal)
        except Exception as error:  # noqa: BLE001  # a bug of ours still gets the system's own envelope
            return rendered(exchange, internal_failure(exchange, error))

    async def _adapt(
        self,
        adapter: ProtocolAdapter,
        pipeline: Pipeline,
        exchange: Exchange,
        asgi: tuple[Scope, Receive, Send],
    ) -> None:
        """Let *adapter* send the answer, and finish the exchange like any other."""
        scope, receive, send = asgi
        exchange.system = exchange.api.systems[adapter.system]
        sending = send if self._extra else without_own_headers(send)
        explaining = None
        if self._observers.explain is not None:
            sending = explaining = Explaining(sending, exchange, self._observers.explain, self._finish)
        if exchange.sandbox.faults or "prefer" in exchange.headers:
            sending = unless_cut(sending, exchange, scope)
        try:
            if self._observers.ticks is not None:
                receive = noting_body(receive, exchange)
            await adapter(exchange, pipeline, for_adapter(scope, exchange), receive, sending)
        finally:
            if exchange.interference is not None and exchange.interference.cut is not None:
                self._tell(exchange, Answer(0))
            elif exchange.answer is not None and (explaining is None or not explaining.finished):
                self._finish(exchange, exchange.answer)

    def _tell(self, exchange: Exchange, answer: Answer) -> None:
        """Tell the observers about an *answer* that is not sent."""
        for observe in self._observers.finished:
            observe(exchange, answer, ())

    def _finish(self, exchange: Exchange, answer: Answer) -> Answer:
        """Complete an answer as the system does, compare it with the document, and tell the observers."""
        found: list[str] = []
        system = exchange.system
        if system is not None:
            if system.complete is not None:
                answer = system.complete(answer, exchange.begin_completion())
            # Adapters also answer what the document does not know: another service, an unreadable frame.
            known = exchange.operation is not None and answer.body is not None
            found = audit.violations(exchange, answer) if known or not exchange.protocol else []
            if found:
                answer = answer.with_headers({**answer.headers, "Watchword-Contract-Violation": found[0][:300]})
        if exchange.hint:
            said = answer.headers.get(_HINT)
            answer = answer.with_headers(
                {**answer.headers, _HINT: f"{said} {exchange.hint}" if said else exchange.hint}
            )
        observers = self._observers
        if observers.explain is not None and answer.status >= _BAD_REQUEST and not exchange.api.controls:
            answer = answer.with_headers({**answer.headers, _WHY: observers.explain(exchange)})
        for observe in observers.finished:
            observe(exchange, answer, found)
        if not self._extra:
            answer = answer.with_headers(
                {name: value for name, value in answer.headers.items() if not name.lower().startswith(OWN)}
            )
        return answer


def _lacks_slash(scope: Scope, exchange: Exchange) -> bool:
    """Whether a page is asked for at ``/~NAME``: its links are relative, and would lead out of the sandbox."""
    return exchange.method in ("GET", "HEAD") and exchange.path == "/" and not scope["path"].endswith("/")


async def _wait(delay: timedelta, exchange: Exchange) -> None:
    """Wait before an answer, but not if the server stops."""
    try:
        await asyncio.sleep(delay.total_seconds())
    except asyncio.CancelledError:
        if not absorb_stop(exchange):
            raise


def absorb_stop(exchange: Exchange) -> bool:
    """Undo the cancellation of a request that was cancelled because the server stops; False for another reason."""
    task = asyncio.current_task()
    if task is None or not exchange.api.sandboxes.shutting_down:
        return False
    task.uncancel()
    return True


def _admit(exchange: Exchange) -> None:
    for system in exchange.api.systems.values():
        if system.admit is not None:
            system.admit(exchange.client, exchange.headers, None)


async def _other(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
