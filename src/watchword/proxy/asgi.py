"""The ASGI application of the proxy: the control API is its own, everything else is forwarded."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watchword.contract.driver import Reply, TargetFailed
from watchword.document.path_templates import decode_path
from watchword.domain.refusal import Malformed, Refusal, Violation
from watchword.edge.asgi import ADMIN_PREFIX, absorb_stop
from watchword.edge.exchange import Exchange
from watchword.edge.observers import Observers, PreflightObserver
from watchword.edge.problem import Problem, problem_details
from watchword.edge.request_body import ClientGone, read_body
from watchword.edge.sandbox_prefix import PREFIX, split_sandbox
from watchword.edge.sending import send_answer
from watchword.edge.served_api import ServedApi
from watchword.journal.masking import MASK
from watchword.journal.outcomes import declares_status, fits
from watchword.proxy.connection import Forwarded, UpstreamAnswer
from watchword.proxy.content import as_answered, decode
from watchword.proxy.judging import (
    HEADER,
    Violated,
    judge_answer,
    judge_behaviour,
    judge_request,
    sentences,
    write_header,
)
from watchword.proxy.matching import Matching
from watchword.proxy.passing import join_headers, leave_out_references, send_as_it_came, write_target
from watchword.proxy.shadow.player import Flight
from watchword.proxy.shadow.shadow import Shadow
from watchword.proxy.shadow.telling import Departure
from watchword.proxy.upstream import Upstream, UpstreamFailed, UpstreamTooSlow
from watchword.sandbox import DEFAULT, Sandbox, SandboxLimitReached
from watchword.system import Answer

_SANDBOX = "watchword-sandbox"
_RESET = ("POST", f"{ADMIN_PREFIX}/reset")
_PATIENCE_SECONDS = 2
"""How long a client waits for the stand-in, which needs some milliseconds, or a mail; the journal waits longer."""
_STOPPING = Problem(503, "The proxy is stopping, so what the server behind it answers is not known.", "stopping")


@dataclass(frozen=True)
class Surroundings:
    """
    What the proxy shares with a server of our own.

    Args:
        own: Answers for the control API and its pages.
        has_control: Whether there is a control API; otherwise its paths are forwarded as well.
        api: The document that everything is judged by, and the sandboxes in whose journals it is noted.
        observers: Are told about every request.
        on_preflight: Is told what a browser asks before a page's request.
        public_url: The address that clients use; None if it is ours.
    """

    own: ASGIApp
    has_control: bool
    api: ServedApi
    observers: Observers
    on_preflight: PreflightObserver
    public_url: str | None = None


class ProxyApp:
    """
    Forwards requests, and judges and notes them with their answers.

    Args:
        system: The name of the system that the server behind it should be.
        extra_headers: Whether violations are told in a header.
        shadow: A stand-in that is asked the same; None for none.
    """

    def __init__(
        self,
        around: Surroundings,
        system: str,
        upstream: Upstream,
        *,
        extra_headers: bool = True,
        shadow: Shadow | None = None,
    ) -> None:
        self._around, self._upstream, self._extra, self._shadow = around, upstream, extra_headers, shadow
        self._matching = Matching(around.api, system)
        self._playing: set[asyncio.Future[Sequence[Departure]]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._around.has_control and _is_control(scope["path"])):
            await self._control(scope, receive, send)
            return
        pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        headers = join_headers(pairs)
        exchange = self._enter(scope, headers)
        limits = self._around.api.limits
        try:
            sent = await read_body(receive, headers, most=limits.body_bytes, seconds=limits.body_seconds)
        except ClientGone:
            self._tell_aborted(exchange)
            return
        except Refusal as refusal:
            exchange.forwarded, exchange.refusal = False, refusal
            answer = problem_details(Problem(refusal.status, refusal.message, refusal.code))
            await self._say(exchange, answer.with_headers({**answer.headers, **refusal.headers}), send)
            return
        self._read(exchange, sent)
        is_preflight = exchange.method == "OPTIONS" and "access-control-request-method" in headers
        flight = None if self._shadow is None or is_preflight else self._shadow.depart(exchange)
        try:
            passed = await self._upstream.send(Forwarded(exchange.method, write_target(scope), pairs, sent))
            if self._around.has_control:
                passed = leave_out_references(passed)
            judged = None if is_preflight else self._judge(exchange, passed)
        except BaseException as error:
            self._lose(flight)
            instead = self._instead(exchange, error)
            if instead is None:
                raise
            await self._say(exchange, instead, send)
            return
        if judged is None:
            self._around.on_preflight(scope, passed.status, dict(passed.headers))
            await send_as_it_came(passed, passed.headers, send, head=False)
            return
        found = [*judged.request, *judged.answer, *judge_behaviour(await self._compare(flight, judged))]
        told = ((HEADER, write_header(found)),) if found and self._extra else ()
        await send_as_it_came(passed, (*passed.headers, *told), send, head=exchange.method == "HEAD")

    async def settle(self) -> None:
        """
        Wait until everything that was answered is noted: the stand-in may still be asked about some of it.

        If this is cancelled, that is noted as not compared.
        """
        try:
            while self._playing:
                await asyncio.wait(self._playing)
        except asyncio.CancelledError:
            await self._give_up()
            raise

    async def _give_up(self) -> None:
        playing = list(self._playing)
        if self._shadow is None or not playing:
            return
        self._shadow.give_up(len(playing))
        for one in playing:
            one.cancel()
        await asyncio.wait(playing)

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the control API answer; its reset is one of the shadow, too."""
        is_reset = scope["type"] == "http" and (scope["method"], scope["path"]) == _RESET
        if self._shadow is None or not is_reset:
            await self._around.own(scope, receive, send)
            return
        shadow = self._shadow

        async def begin_again(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in range(200, 300):
                with suppress(TargetFailed):  # a code is then looked for again, and the reason told
                    await asyncio.wrap_future(shadow.begin_again())
            await send(message)

        await self._around.own(scope, receive, begin_again)

    def _instead(self, exchange: Exchange, error: BaseException) -> Answer | None:
        """Make the answer to a request that cannot have the server's; None to raise the error."""
        if isinstance(error, UpstreamFailed):
            return problem_details(_problem(error))
        if isinstance(error, asyncio.CancelledError):
            if absorb_stop(exchange):
                return problem_details(_STOPPING)
            self._tell_aborted(exchange)
        return None

    def _lose(self, flight: Flight | None) -> None:
        if self._shadow is not None and flight is not None:
            self._shadow.lose(flight)

    def _enter(self, scope: Scope, headers: Mapping[str, str]) -> Exchange:
        around = self._around
        path = decode_path(scope["path"], scope.get("raw_path") or b"")
        stripped = around.api.base_paths.strip(path)
        sandbox = self._sandbox(headers.get(_SANDBOX, DEFAULT))
        exchange = Exchange(
            around.api,
            sandbox,
            method=scope["method"],
            path=stripped,
            base_path=path.removesuffix(stripped),
            headers=headers,
            query=scope["query_string"].decode("latin-1"),
            client=(scope.get("client") or (None,))[0],
            root_url=around.public_url or f"{scope.get('scheme', 'http')}://{headers.get('host', '')}",
            http_version=scope["http_version"],
            received_at=0 if around.observers.ticks is None else around.observers.ticks(),
            position=sandbox.history.position,
            forwarded=True,
        )
        self._matching.find(exchange)
        return exchange

    def _sandbox(self, name: str) -> Sandbox:
        """Find the sandbox in whose journal a request is noted: the one that it names, if that can be one."""
        sandboxes = self._around.api.sandboxes
        try:
            found = sandboxes.visit(name)
        except (ValueError, SandboxLimitReached):
            return sandboxes.visit(DEFAULT)
        sandboxes.keep(found)
        return found

    def _read(self, exchange: Exchange, body: bytes) -> None:
        """Read a request as the document describes it; a body that is damaged is what is wrong with it."""
        content = decode(exchange.headers, body, most_bytes=self._around.api.limits.body_bytes)
        exchange.body = content.body
        if content.damage:
            exchange.refusal = Malformed([Violation("body", (), "syntax", None, f"The body {content.damage}.")])
        if content.is_readable or content.damage:
            exchange.headers = _without_coding(exchange.headers)
        self._matching.read(exchange)

    def _judge(self, exchange: Exchange, answer: UpstreamAnswer) -> "_Judged":
        """Judge a request and its answer by the document."""
        headers = join_headers(answer.headers)
        came = decode(headers, answer.body, most_bytes=self._around.api.limits.body_bytes)
        noted = Answer(answer.status, as_answered(headers, came), _noted(headers))
        wrong = list(judge_answer(exchange, noted, came))
        if not _is_known(exchange, noted):
            self._matching.doubt_codes(exchange)
        return _Judged(exchange, noted, came.body, list(judge_request(exchange)), wrong)

    async def _compare(self, flight: Flight | None, judged: "_Judged") -> Sequence[Departure]:
        """Have the stand-in asked the same, and tell the observers, also if the client waits no longer."""
        if self._shadow is None or flight is None:
            self._conclude(judged, ())
            return ()
        played = self._shadow.arrive(flight, judged.reply, [one.location[1:] for one in judged.answer])
        self._playing.add(played)
        played.add_done_callback(lambda done: self._conclude(judged, _told(done)))
        played.add_done_callback(self._playing.discard)
        await asyncio.wait((played,), timeout=_PATIENCE_SECONDS)
        return _told(played)

    def _conclude(self, judged: "_Judged", departures: Sequence[Departure]) -> None:
        exchange = judged.exchange
        exchange.departures = [(one.pointer, one.message) for one in departures]
        self._tell(exchange, judged.noted, sentences(exchange, judged.noted.status, judged.answer))

    async def _say(self, exchange: Exchange, answer: Answer, send: Send) -> None:
        """Answer in the place of the server behind the proxy."""
        self._matching.doubt_codes(exchange)
        self._tell(exchange, answer, ())
        await send_answer(answer, send, None, head=exchange.method == "HEAD")

    def _tell(self, exchange: Exchange, answer: Answer, violations: Sequence[str]) -> None:
        for observe in self._around.observers.finished:
            observe(exchange, answer, violations)

    def _tell_aborted(self, exchange: Exchange) -> None:
        for note in self._around.observers.aborted:
            note(exchange)


@dataclass(frozen=True)
class _Judged:
    """
    A request and its answer, judged by the document.

    Args:
        noted: The answer as the journal has it.
        content: Its body without content codings.
        request: In what the request differs from the document.
        answer: In what the answer does.
    """

    exchange: Exchange
    noted: Answer
    content: bytes
    request: Sequence[Violated]
    answer: Sequence[Violated]

    @property
    def reply(self) -> Reply:
        """The answer, to be compared."""
        body = self.noted.body
        return Reply(self.noted.status, self.noted.headers, self.content, None if isinstance(body, bytes) else body)


def _told(played: asyncio.Future[Sequence[Departure]]) -> Sequence[Departure]:
    """Give what the stand-in has said until now, which is nothing if it is asked no more."""
    return played.result() if played.done() and not played.cancelled() else ()


def _is_known(exchange: Exchange, answer: Answer) -> bool:
    """Whether the document has an answer like this one, under its own status."""
    operation = exchange.operation
    return operation is not None and declares_status(operation, answer.status) and fits(operation, answer)


def _problem(failed: UpstreamFailed) -> Problem:
    if isinstance(failed, UpstreamTooSlow):
        return Problem(504, f"{failed}.", "upstream-too-slow")
    return Problem(502, f"{failed}.", "upstream-failed")


def _is_control(path: str) -> bool:
    inner = split_sandbox(path)[1] if path.startswith(PREFIX) else path
    return inner == ADMIN_PREFIX or inner.startswith(f"{ADMIN_PREFIX}/")


def _without_coding(headers: Mapping[str, str]) -> Mapping[str, str]:
    if "content-encoding" not in headers:
        return headers
    return {name: value for name, value in headers.items() if name != "content-encoding"}


def _noted(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Leave out of the journal where an answer leads: somebody else's addresses may have codes and tokens in them."""
    return {**headers, "location": MASK} if "location" in headers else headers
