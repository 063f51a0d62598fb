"""Answering a call: the library speaks the protocol, and the pipeline runs the operation as for REST."""

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
from watchword.systems.zitadel.headers import UNCACHED, format_http_date
from watchword.systems.zitadel.rpc import grpc_web_text, health, reflection
from watchword.systems.zitadel.rpc.codecs import Binary, Json
from watchword.systems.zitadel.rpc.services import METHODS, SERVICES, Method, method_info, unknown_endpoint
from watchword.systems.zitadel.rpc.status import http_status, to_answer, to_error

_CODECS = (Binary[Any](), Json[Any]())
_FORWARDED_HEADERS = ("watchword-hint",)
_MAX_PATH = 200
"""How many characters of an unknown path an answer repeats."""


async def answer_call(exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a call, and leave the answer in the exchange in the terms of the document."""
    starts: list[Message] = []

    async def send_and_note(message: Message) -> None:
        if message["type"] == "http.response.start":
            starts.append(message)
        await send(message)

    endpoint = _find_endpoint(exchange, pipeline)
    application = _Application(
        service=exchange,
        endpoints=lambda _exchange: {scope["path"]: endpoint or unknown_endpoint(exchange.path)},
        interceptors=[_Interceptor(exchange, unknown=endpoint is None)],
        read_max_bytes=exchange.api.limits.body_bytes,
        codecs=_CODECS,
    )
    receive_in_time = _limit_time(receive, exchange.api.limits.body_seconds)
    if grpc_web_text.is_text(exchange.headers):
        scope, receive_in_time, send_and_note = grpc_web_text.translate(scope, receive_in_time, send_and_note)  # type: ignore[assignment]  # the same shape
    try:
        await application(scope, receive_in_time, send_and_note)  # type: ignore[arg-type]  # other names for ASGI
    except ConnectError:
        return  # the client is gone
    if exchange.answer is None and starts:
        # The library refused the headers of the request before it called the interceptor.
        code = dict(starts[0]["headers"]).get(b"grpc-status")
        exchange.answer = Answer(starts[0]["status"] if code is None else http_status(int(code)))


class _Application(ConnectASGIApplication[Exchange]):
    """The library's application, one for each exchange, so that calls share no state."""

    @property
    def path(self) -> str:
        """The prefix of a mounted application; ours is not mounted."""
        return ""


class _Interceptor:
    """Refuses unknown methods, replaces the texts of bugs, and notes what the library itself refuses."""

    def __init__(self, exchange: Exchange, *, unknown: bool) -> None:
        self._exchange, self._unknown = exchange, unknown

    async def on_start(self, context: RequestContext[Any, Any]) -> None:
        """
        Run before the message is read.

        Raises:
            ConnectError: There is no such method.
        """
        if self._unknown:
            context.response_headers["watchword-hint"] = f"Known methods: {', '.join(METHODS)}."
            raise ConnectError(Code.UNIMPLEMENTED, _describe_unknown(self._exchange.path[:_MAX_PATH]))

    async def on_end(self, _token: None, context: RequestContext[Any, Any], error: Exception | None, /) -> None:
        """
        Run before the answer is sent.

        Raises:
            ConnectError: In the place of an *error* that is a bug.
        """
        exchange = self._exchange
        if error is None:
            _add_headers(context, exchange)
        elif not isinstance(error, ConnectError):
            failure = internal_failure(exchange, error)
            exchange.answer = rendered(exchange, failure)
            raise to_error(status_of(failure)) from None
        elif exchange.answer is None or exchange.answer.status < 400:
            exchange.answer = to_answer(error)


def _add_headers(context: RequestContext[Any, Any], exchange: Exchange) -> None:
    """Add the headers that the service sends with every success."""
    headers = {**UNCACHED, "Expires": format_http_date(exchange.sandbox.clock.now())}
    for name, value in headers.items():
        context.response_headers[name.lower()] = value


def _find_endpoint(exchange: Exchange, pipeline: Pipeline) -> Any:
    """Find the endpoint at the path of a call; None for an unknown one."""
    method = METHODS.get(exchange.path)
    if method is None:
        return health.find_endpoint(exchange) or reflection.find_endpoint(exchange)
    bound = pipeline.operations[method.operation]
    exchange.operation = bound.operation
    return Endpoint.unary(method=method_info(method.descriptor), function=_unary_function(exchange, bound, method))


def _describe_unknown(path: str) -> str:
    """Say in the words of gRPC's own server that there is no method at *path*."""
    service, slash, name = path[1:].rpartition("/")
    if not slash:
        return f'malformed method name: "{path}"'
    return f"unknown method {name} for service {service}" if service in SERVICES else f"unknown service {service}"


def _unary_function(
    exchange: Exchange, bound: BoundOperation, method: Method
) -> Callable[[Any, RequestContext[Any, Any]], Any]:
    """Make the function that the library calls with the message of a request."""

    async def call(message: Any, context: RequestContext[Any, Any]) -> Any:
        request: Any = message_to_json_value(message)

        def step(call: Call) -> Any:
            return method.run(call, request)

        try:
            reply = await bound.perform(exchange, step)
        except Refusal as refusal:
            raise await _refuse(exchange, refusal, context) from None
        success = next(int(status) for status in bound.operation.responses if status.startswith("2"))
        exchange.answer = Answer(success, reply)
        return message_from_json_value(method.descriptor.output.type, reply)

    return call


async def _refuse(exchange: Exchange, refusal: Refusal, context: RequestContext[Any, Any]) -> ConnectError:
    """Make the error of a *refusal*, after the delay of the answer."""
    answer = exchange.answer = rendered(exchange, refusal)
    for name, value in answer.headers.items():
        if name.lower() in _FORWARDED_HEADERS:
            context.response_headers[name.lower()] = value
    await asyncio.sleep(delay_of(answer, exchange.sandbox.clock).total_seconds())
    return to_error(status_of(refusal))


def _limit_time(receive: Receive, seconds: float) -> Receive:
    """Limit how long the body of a request may take to arrive, as for REST."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    complete = False

    async def receive_in_time() -> Message:
        nonlocal complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise ConnectError(Code.DEADLINE_EXCEEDED, "the request did not arrive in time") from None
        complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time
