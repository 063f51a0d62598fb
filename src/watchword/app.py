"""
Connexion, told to do what it is here for: load the document, resolve operations, route, run security.

It does all of that at the start, and leaves a table of routes, each with its security bound.
Its middlewares, request validation, response validation and handler wrapping are left out:
they stop at the first violation, repeat values, see no errors of the outer layers and cost
most of the time (ARCHITECTURE.md, "What of Connexion we use").
"""

import logging
import re
import warnings
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import cookie_parser
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from watchword.document import Document, Operation
from watchword.document.operations import METHODS, resolve
from watchword.domain.refusal import Refusal, Unauthorized, UnknownPath, WrongMethod
from watchword.edge.dispatch import Runner, runner
from watchword.edge.exchange import Exchange
from watchword.edge.gate import pass_gate
from watchword.edge.perform import perform
from watchword.edge.reading import read, refuse
from watchword.edge.world import World
from watchword.system import Answer, Call, System

with warnings.catch_warnings():
    # Connexion 3.3 imports names that its own libraries are about to drop; its users need not hear of it.
    warnings.simplefilter("ignore")
    from connexion import ConnexionMiddleware
    from connexion.exceptions import ProblemException
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityMiddleware, SecurityOperation
    from connexion.options import SwaggerUIOptions
    from connexion.resolver import Resolution, Resolver

_NAME = "x-watchword-scheme"
_STRING = {"type": "string"}

logging.getLogger("connexion").setLevel(logging.ERROR)


class _Handlers(Resolver):  # type: ignore[misc]  # Connexion is untyped
    """Resolves operation ids; operations without a handler resolve too, to their examples."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def resolve(self, operation: Any) -> Resolution:
        identifier = self.resolve_operation_id(operation)
        return Resolution(self._world.handlers.get(identifier, _by_example), identifier)


def _by_example() -> None:
    """Stand where Connexion wants a function; ``edge.dispatch`` answers from the document."""


@dataclass(slots=True)
class _Asked:
    """As much of a request as Connexion's checks look at; its own class for that costs more than they do."""

    exchange: Exchange
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Bound:
    """
    An operation with everything that answering it takes.

    Args:
        verify: Connexion's check of its security; None if it has none.
    """

    operation: Operation
    system: System
    verify: Callable[[_Asked], Awaitable[None]] | None
    run: Runner


class Application:
    """
    What answers for *world*: the steps of a request between its arrival and the handler.

    Raises:
        connexion.exceptions.InvalidSpecification: Connexion cannot load the document.
        DocumentError: The document cannot answer for what nobody implements.
    """

    def __init__(self, world: World) -> None:
        world.prepare()
        router, secured = _loaded(world)
        bound = {
            one.id: _Bound(one, world.systems[one.system], _verification(secured[one.id]), runner(world, one))
            for one in world.document.operations.values()
        }
        self._literal: dict[tuple[str, str], _Bound] = {}
        self._templates: dict[tuple[str, int], list[tuple[re.Pattern[str], _Bound]]] = {}
        for route in _routes(router):
            found = bound[route.endpoint.operation_id]  # type: ignore[attr-defined]  # Connexion's own endpoint
            for method in route.methods or ():
                if route.param_convertors:
                    place = method, route.path.count("/")
                    self._templates.setdefault(place, []).append((route.path_regex, found))
                else:
                    self._literal[method, route.path] = found

    async def __call__(self, exchange: Exchange) -> Answer:
        """
        Answer a request, whose body is there.

        Raises:
            Refusal: On the way.
        """
        found, path = self._find(exchange)
        exchange.operation, exchange.system = found.operation, found.system
        pass_gate(exchange)
        read(exchange, path)
        if found.verify is not None:
            try:
                await found.verify(_Asked(exchange))
            except ProblemException as error:
                raise Unauthorized(error.detail or "") from None
        refuse(exchange.unjudged, found.operation)
        return await found.run(exchange)

    def _find(self, exchange: Exchange) -> tuple[_Bound, dict[str, Any]]:
        """Find a route, and the values in the path."""
        method, path = exchange.method, exchange.path
        found = self._literal.get((method, path))
        if found is not None:
            return found, {}
        # A value in a path has no slash, so a template has as many as its paths.
        for expression, bound in self._templates.get((method, path.count("/")), ()):
            # The whole of it: to a router, a line break at the end of a path is none of it.
            if match := expression.fullmatch(path):
                return bound, match.groupdict()
        raise _unrouted(exchange)


def _unrouted(exchange: Exchange) -> Refusal:
    """Say what exists instead of what was asked for."""
    nearest = exchange.world.nearest
    shown = nearest.without_values(exchange.path)
    here = nearest.at(exchange.path)
    if here:
        exchange.system = exchange.world.systems[here[0].system]
        allowed = {one.method for one in here}
        return WrongMethod(exchange.method, shown, sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    near = nearest.to(exchange.path)
    return UnknownPath(exchange.method, shown, [f"{one.method} {one.path}" for one in near])


def _loaded(world: World) -> tuple[Router, Mapping[str, SecurityOperation]]:
    """Let Connexion load the document; give its router, and its security by operation id."""
    connexion = ConnexionMiddleware(
        _never_called,
        middlewares=[RoutingMiddleware, SecurityMiddleware],
        security_map=dict.fromkeys(("apiKey", "bearer", "oauth2", "openIdConnect"), _Verification),
        swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui=False),
        resolver=_Handlers(world),
    )
    connexion.add_api(_for_connexion(world.document), base_path="")
    _, stack = connexion._build_middleware_stack()  # otherwise the first request would do it
    routing = next(one for one in stack if isinstance(one, RoutingMiddleware))
    security = next(one for one in stack if isinstance(one, SecurityMiddleware))
    (api,) = security.apis[""]
    return routing.router, api.operations


async def _never_called(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Stand where Connexion wants an application."""


def _routes(router: Router) -> Iterator[Route]:
    for route in router.routes:
        if isinstance(route, Route):
            yield route
        elif isinstance(route, Mount) and isinstance(route.app, Router):
            yield from _routes(route.app)


def _verification(operation: SecurityOperation) -> Callable[[_Asked], Awaitable[None]] | None:
    return operation.verification_fn if operation.security else None


class _Verification:
    """A security handler of Connexion that asks the verifier of the operation's system."""

    def get_fn(self, scheme: dict[str, Any], _scopes: list[str]) -> Callable[[_Asked], Any]:
        name: str = scheme[_NAME]
        # Connexion looks a subject up in what it gets; who calls is kept in the exchange.
        verified = {"scheme": name}

        def verify(request: _Asked) -> Any:
            exchange = request.exchange
            exchange.callers[name] = _caller(exchange, name, _credential(exchange, scheme))
            return verified

        return verify


def _credential(exchange: Exchange, scheme: dict[str, Any]) -> str | None:
    """Take out of the request what *scheme* wants to see; only API keys may be elsewhere than in a header."""
    match scheme.get("in"):
        case "query":
            return dict(parse_qsl(exchange.query, keep_blank_values=True)).get(scheme["name"])
        case "cookie":
            return cookie_parser(exchange.headers.get("cookie", "")).get(scheme["name"])
        case "header":
            return exchange.headers.get(scheme["name"].lower())
        case _:
            return exchange.headers.get("authorization")


def _caller(exchange: Exchange, scheme: str, credential: str | None) -> Any:
    system = exchange.system
    assert system is not None  # noqa: S101  # routed requests have one
    verifier = system.verifiers.get(scheme)
    if verifier is not None:

        def ask(call: Call) -> Any:
            return verifier(call, credential)

        return perform(exchange, ask, last=False)
    if credential is None:
        raise Unauthorized(f"Credentials for {scheme} are missing.")
    # A scheme that only the document knows: whoever shows something may pass.
    return {"scheme": scheme}


def _for_connexion(document: Document) -> dict[str, Any]:
    """
    Write down what Connexion needs to know: paths, operation ids, parameters, security.

    Bodies and answers are judged by others, and a schema that contains itself would lead it in circles.
    """
    content = document.content
    schemes = content.get("components", {}).get("securitySchemes", {})
    return {
        "openapi": content["openapi"],
        "info": content["info"],
        "paths": {path: dict(_operations(content, item)) for path, item in content["paths"].items()},
        "components": {"securitySchemes": {name: _scheme(name, scheme) for name, scheme in schemes.items()}},
    }


def _scheme(name: str, scheme: dict[str, Any]) -> dict[str, Any]:
    """Call every scheme of HTTP a bearer, the others being refused by Connexion; `_Verification` asks by *name*."""
    return {**scheme, _NAME: name, **({"scheme": "bearer"} if scheme["type"] == "http" else {})}


def _operations(content: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for method in METHODS:
        if method in item:
            operation = item[method]
            parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
            yield (
                method,
                {
                    "operationId": operation["operationId"],
                    "parameters": [_parameter(resolve(content, one)) for one in parameters],
                    "security": operation.get("security", content.get("security", [])),
                    "responses": {"default": {"description": "see the document"}},
                },
            )


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """Call every parameter a string, so that a wrong type is a violation and not another path."""
    return {**{key: parameter[key] for key in ("name", "in", "required") if key in parameter}, "schema": _STRING}
