"""What happens to a call: the steps that REST has, around the same operation."""

import asyncio
from collections.abc import Callable
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from protobuf import message_from_json_value, message_to_json_value
from starlette.types import Message, Receive, Scope, Send

from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import BoundOperation, Pipeline
from watchword.edge.rendering import internal_failure, rendered
from watchword.edge.sending import delay_of
from watchword.system import Answer, Call
from watchword.systems.zitadel.envelope import status_of
from watchword.systems.zitadel.headers import UNCACHED, http_date
from watchword.systems.zitadel.rpc import health, reflection
from watchword.systems.zitadel.rpc.codecs import Binary, Json
from watchword.systems.zitadel.rpc.services import METHODS, SERVICES, Method, information, nothing
from watchword.systems.zitadel.rpc.status import answer_of, error_of, http_status
from watchword.systems.zitadel.rpc.text import as_binary, is_text

_CODECS = (Binary[Any](), Json[Any]())
_PASSED_ON = ("watchword-hint",)
_SHOWN = 200
"""Characters of a path that an answer repeats."""


async def answer(exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the library speak the protocol; the operation decides what it says."""
    heads: list[Message] = []

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            heads.append(message)
        await send(message)

    endpoint = _endpoint(exchange, pipeline)
    application = _Application(
        service=exchange,
        endpoints=lambda _exchange: {scope["path"]: endpoint or nothing(exchange.path)},
        interceptors=[_Watch(exchange, unknown=endpoint is None)],
        read_max_bytes=exchange.api.limits.body_bytes,
        codecs=_CODECS,
    )
    limited = _in_time(receive, exchange.api.limits.body_seconds)
    if is_text(exchange.headers):
        scope, limited, noting = as_binary(scope, limited, noting)  # type: ignore[assignment]  # the same shape
    try:
        await application(scope, limited, noting)  # type: ignore[arg-type]  # other names for ASGI
    except ConnectError:
        return  # nobody was left to answer
    if exchange.answer is None and heads:
        # The library refused the head of the request, before anybody here was asked.
        code = dict(heads[0]["headers"]).get(b"grpc-status")
        exchange.answer = Answer(heads[0]["status"] if code is None else http_status(int(code)))


class _Application(ConnectASGIApplication[Exchange]):
    """The library's application, made for one exchange, so that nothing is shared but code."""

    @property
    def path(self) -> str:
        """Nothing is mounted."""
        return ""


class _Watch:
    """Sees how every call ends: keeps the texts of bugs off the wire, and notes what the library refuses."""

    def __init__(self, exchange: Exchange, *, unknown: bool) -> None:
        self._exchange, self._unknown = exchange, unknown

    async def on_start(self, context: RequestContext[Any, Any]) -> None:
        """
        Begin, before anything of the message is read.

        Raises:
            ConnectError: There is no such method.
        """
        if self._unknown:
            context.response_headers["watchword-hint"] = f"There are: {', '.join(METHODS)}."
            raise ConnectError(Code.UNIMPLEMENTED, _unknown(self._exchange.path[:_SHOWN]))

    async def on_end(self, _token: None, context: RequestContext[Any, Any], error: Exception | None, /) -> None:
        """
        End.

        Raises:
            ConnectError: Instead of an *error* that is a bug.
        """
        exchange = self._exchange
        if error is None:
            _head(context, exchange)
        elif not isinstance(error, ConnectError):
            failure = internal_failure(exchange, error)
            exchange.answer = rendered(exchange, failure)
            raise error_of(status_of(failure)) from None
        elif exchange.answer is None or exchange.answer.status < 400:
            exchange.answer = answer_of(error)


def _head(context: RequestContext[Any, Any], exchange: Exchange) -> None:
    """Send the metadata that the service sends with every success."""
    sent = {**UNCACHED, "Expires": http_date(exchange.sandbox.clock.now())}
    for name, value in sent.items():
        context.response_headers[name.lower()] = value


def _endpoint(exchange: Exchange, pipeline: Pipeline) -> Any:
    """Find who answers a path; None if nobody does."""
    path = exchange.path
    method = METHODS.get(path)
    if method is not None:
        bound = pipeline.operations[method.operation]
        exchange.operation = bound.operation
        return Endpoint.unary(method=information(method.described), function=_unary(exchange, bound, method))
    return health.endpoint(exchange) or reflection.endpoint(exchange)


def _unknown(path: str) -> str:
    """Say what there is not, in the words of gRPC's own server."""
    service, slash, name = path[1:].rpartition("/")
    if not slash:
        return f'malformed method name: "{path}"'
    return f"unknown method {name} for service {service}" if service in SERVICES else f"unknown service {service}"


def _unary(exchange: Exchange, bound: BoundOperation, method: Method) -> Callable[[Any, RequestContext[Any, Any]], Any]:
    async def call(request: Any, context: RequestContext[Any, Any]) -> Any:
        asked: Any = message_to_json_value(request)

        def step(call: Call) -> Any:
            return method.perform(call, asked)

        try:
            reply = await bound.perform(exchange, step)
        except Refusal as refusal:
            raise await _refused(exchange, refusal, context) from None
        success = next(int(status) for status in bound.operation.responses if status.startswith("2"))
        exchange.answer = Answer(success, reply)
        return message_from_json_value(method.described.output.type, reply)

    return call


async def _refused(exchange: Exchange, refusal: Refusal, context: RequestContext[Any, Any]) -> ConnectError:
    """Say *refusal* as this protocol does, after the delay that the service has for it."""
    answer = exchange.answer = rendered(exchange, refusal)
    for name, value in answer.headers.items():
        if name.lower() in _PASSED_ON:
            context.response_headers[name.lower()] = value
    await asyncio.sleep(delay_of(answer, exchange.sandbox.clock).total_seconds())
    return error_of(status_of(refusal))


def _in_time(receive: Receive, seconds: float) -> Receive:
    """Give a unary request as long as a body of REST has."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    whole = False

    async def limited() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise ConnectError(Code.DEADLINE_EXCEEDED, "the request did not arrive in time") from None
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return limited
