"""Answering a call: the library speaks the protocol, and the pipeline runs the operation as for REST."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.method import StreamType
from connectrpc.request import RequestContext
from connectrpc.server import Endpoint
from protobuf import message_from_json_value, message_to_json_value
from starlette.types import Message, Receive, Scope, Send

from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.edge.faults import conclude, wait_before_answer
from watchword.edge.mock.refusals import GivenAnswer
from watchword.edge.pipeline import BoundOperation, Pipeline
from watchword.edge.rendering import rendered
from watchword.edge.sending import delay_of, send_answer
from watchword.system import Answer, Call
from watchword.systems.zitadel.envelope import status_of
from watchword.systems.zitadel.rpc import connect_go, grpc_go, grpc_web_text, health, reflection
from watchword.systems.zitadel.rpc.content_types import without_parameters
from watchword.systems.zitadel.rpc.grpc_go import MOST_BYTES, FirstMessage
from watchword.systems.zitadel.rpc.interceptor import HINT, Interceptor, known_methods, run
from watchword.systems.zitadel.rpc.library import Library
from watchword.systems.zitadel.rpc.services import METHODS, SERVICES, Method, method_info, unknown_endpoint
from watchword.systems.zitadel.rpc.status import status_in, to_error
from watchword.systems.zitadel.rpc.wire import Wire, exposed_to_page

_FORWARDED_HEADERS = ("watchword-hint", "watchword-answer", "preference-applied")
_SUCCESSES = range(200, 300)
_MAX_PATH = 200
"""How many characters of an unknown path an answer repeats."""
_CHECKED = (b"connect-protocol-version", b"connect-timeout-ms", b"grpc-timeout")
_GRPC_GO_TYPES: Mapping[str, bytes] = {"grpc": b"application/grpc", "grpc-web": b"application/grpc-web"}


async def answer_call(
    exchange: Exchange, pipeline: Pipeline, library: Library, asgi: tuple[Scope, Receive, Send]
) -> None:
    """Answer a call as *library* would, and leave the answer in the exchange in the terms of the document."""
    scope, receive, send = asgi
    wire = Wire(exchange, library, send)
    endpoint = _find_endpoint(exchange, pipeline, wire)
    refused = _refuse_unread(exchange, library, known=endpoint is not None)
    if refused is not None:
        exchange.operation, exchange.answer = None, refused
        refused = refused.with_headers({**refused.headers, **exposed_to_page(exchange)})
        await send_answer(refused, send, None, head=exchange.method == "HEAD")
        return
    receive_in_time = _limit_time(receive, exchange.api.limits.body_seconds)
    if library is Library.GRPC_GO:
        await _answer_as_grpc_go(exchange, endpoint, wire, (scope, receive_in_time, send))
        return
    error = connect_go.refuse_headers(exchange.headers, exchange.protocol)
    interceptor = Interceptor(exchange, library, error)
    scope = _rewrite(scope, without_parameters(exchange.headers["content-type"]).encode(), _CHECKED if error else ())
    await run(exchange, endpoint, interceptor, (scope, receive_in_time, wire), exchange.api.limits.body_bytes)


async def _answer_as_grpc_go(exchange: Exchange, endpoint: Any, wire: Wire, asgi: tuple[Scope, Receive, Send]) -> None:
    scope, receive, send = asgi
    most = min(exchange.api.limits.body_bytes, MOST_BYTES)
    scope = _rewrite(scope, _GRPC_GO_TYPES[exchange.protocol])
    message = FirstMessage(exchange.headers, most)
    if grpc_web_text.is_text(exchange.headers):
        noted = message.note_invalid_base64
        scope, receive, wire.send = grpc_web_text.translate(scope, receive, send, noted)
    takes_one = endpoint is None or endpoint.method.stream_type is StreamType.UNARY
    unknown = None if endpoint else ConnectError(Code.UNIMPLEMENTED, _describe_unknown(exchange.path[:_MAX_PATH]))
    interceptor = Interceptor(exchange, Library.GRPC_GO, unknown, message if takes_one else None)
    receive = message.only(receive) if takes_one else receive
    await run(exchange, endpoint or unknown_endpoint(exchange.path), interceptor, (scope, receive, wire), most)


def _refuse_unread(exchange: Exchange, library: Library, *, known: bool) -> Answer | None:
    """Refuse in plain HTTP what a library does not take for a call."""
    if library is Library.CONNECT_GO:
        refused = connect_go.refuse_request(exchange, known=known)
        return refused if known or refused is None else refused.with_headers({**refused.headers, HINT: known_methods()})
    return grpc_go.refuse_timeout(exchange.headers.get("grpc-timeout", ""))


def _rewrite(scope: Scope, kind: bytes, without: Collection[bytes] = ()) -> Scope:
    """Give our library the content type that it reads, no header that it would quote, and trailers."""
    kept = ((name, value) for name, value in scope["headers"] if name not in without)
    headers = [(name, kind if name == b"content-type" else value) for name, value in kept]
    extensions = {**scope.get("extensions", {}), "http.response.trailers": {}}
    return {**scope, "headers": headers, "extensions": extensions}


def _find_endpoint(exchange: Exchange, pipeline: Pipeline, wire: Wire) -> Any:
    """Find the endpoint at the path of a call; None for an unknown one, or if the document lacks its operation."""
    method = METHODS.get(exchange.path)
    bound = None if method is None else pipeline.operations.get(method.operation)
    if method is None or bound is None:
        return health.find_endpoint(exchange) or reflection.find_endpoint(exchange)
    exchange.operation = bound.operation
    function = _unary_function(exchange, bound, method, wire)
    return Endpoint.unary(method=method_info(method.descriptor), function=function)


def _describe_unknown(path: str) -> str:
    """Say in the words of gRPC's own server that there is no method at *path*."""
    service, slash, name = path[1:].rpartition("/")
    if not slash:
        return f'malformed method name: "{path}"'
    return f"unknown method {name} for service {service}" if service in SERVICES else f"unknown service {service}"


def _unary_function(
    exchange: Exchange, bound: BoundOperation, method: Method, wire: Wire
) -> Callable[[Any, RequestContext[Any, Any]], Any]:
    """Make the function that the library calls with the message of a request."""

    async def call(message: Any, context: RequestContext[Any, Any]) -> Any:
        wire.at_service = True
        request: Any = message_to_json_value(message)

        def step(call: Call) -> Any:
            return method.run(call, request)

        exchange.json = request
        try:
            reply = await bound.perform(exchange, step)
        except Refusal as refusal:
            if exchange.interference is not None or isinstance(refusal, GivenAnswer):
                return await _interfered(exchange, method, rendered(exchange, refusal), context)
            raise await _refuse(exchange, refusal, context) from None
        success = next(int(status) for status in bound.operation.responses if status.startswith("2"))
        answer = Answer(success, reply)
        if exchange.interference is not None:
            return await _interfered(exchange, method, answer, context)
        exchange.answer = answer
        return message_from_json_value(method.descriptor.output.type, reply)

    return call


async def _interfered(exchange: Exchange, method: Method, answer: Answer, context: RequestContext[Any, Any]) -> Any:
    """Give the reply that faults and wishes make of an *answer* in the terms of the document, or raise its error."""
    await wait_before_answer(exchange)
    answer = exchange.answer = conclude(exchange, answer)
    _forward(answer, context)
    if exchange.hint:
        context.response_headers[HINT] = exchange.hint
    if answer.status in _SUCCESSES:
        return message_from_json_value(method.descriptor.output.type, answer.body)
    await asyncio.sleep(delay_of(answer, exchange.sandbox.clock).total_seconds())
    raise to_error(status_in(answer)) from None


def _forward(answer: Answer, context: RequestContext[Any, Any]) -> None:
    for name, value in answer.headers.items():
        if name.lower() in _FORWARDED_HEADERS:
            context.response_headers[name.lower()] = value


async def _refuse(exchange: Exchange, refusal: Refusal, context: RequestContext[Any, Any]) -> ConnectError:
    """Make the error of a *refusal*, after the delay of the answer."""
    answer = exchange.answer = rendered(exchange, refusal)
    _forward(answer, context)
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
