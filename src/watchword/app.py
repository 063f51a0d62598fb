"""
Connexion, told to do what it is here for: load the document, resolve operations, route, run security.

Its own request validation, response validation and handler wrapping are left out:
they stop at the first violation, repeat values, see no errors of the outer layers and cost
most of the time (ARCHITECTURE.md, "What of Connexion we use").
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from watchword.document import Document
from watchword.document.operations import METHODS, resolve
from watchword.domain.refusal import Refusal, Unauthorized, UnknownPath, WrongMethod
from watchword.edge.dispatch import Dispatch
from watchword.edge.exchange import Exchange, exchange_of
from watchword.edge.gate import pass_gate
from watchword.edge.perform import perform
from watchword.edge.reading import read
from watchword.edge.world import World
from watchword.system import Call

with warnings.catch_warnings():
    # Connexion 3.3 imports names that its own libraries are about to drop; its users need not hear of it.
    warnings.simplefilter("ignore")
    from connexion import ConnexionMiddleware
    from connexion.exceptions import ProblemException
    from connexion.middleware.abstract import ROUTING_CONTEXT
    from connexion.middleware.routing import RoutingMiddleware, RoutingOperation
    from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
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


class _Lookup(RoutingMiddleware):  # type: ignore[misc]  # Connexion is untyped
    """
    Connexion's routes, looked up instead of tried one after the other.

    What they do not answer, an unknown path or a wrong method, goes through Connexion's router after all.
    """

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._literal: dict[tuple[str, str], dict[str, str]] = {}
        self._templates: dict[tuple[str, int], list[tuple[re.Pattern[str], dict[str, str]]]] = {}

    def add_api(self, *arguments: Any, **options: Any) -> None:
        super().add_api(*arguments, **options)
        _no_redirects(self.router)
        for route in _routes(self.router):
            found = {"api_base_path": "", "operation_id": cast(RoutingOperation, route.endpoint).operation_id}
            for method in route.methods or ():
                if route.param_convertors:
                    place = method, route.path.count("/")
                    self._templates.setdefault(place, []).append((route.path_regex, found))
                else:
                    self._literal[method, route.path] = found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        found = self._literal.get((method, path))
        if found is not None:
            scope["path_params"] = {}
        elif not path.endswith("\n"):  # which to a router may be the end of a line, and not part of a path
            # A value in a path has no slash, so a template has as many as its paths.
            for expression, operation in self._templates.get((method, path.count("/")), ()):
                if match := expression.match(path):
                    found, scope["path_params"] = operation, match.groupdict()
                    break
        if found is None:
            await super().__call__(scope, receive, send)
            return
        scope["extensions"] = {**scope["extensions"], ROUTING_CONTEXT: found}
        await self.app(scope, receive, send)


def _routes(router: Router) -> Iterator[Route]:
    for route in router.routes:
        if isinstance(route, Route):
            yield route
        elif isinstance(route, Mount) and isinstance(route.app, Router):
            yield from _routes(route.app)


def _no_redirects(router: Router) -> None:
    """Tell paths with a slash too many apart, as the vendors do."""
    router.redirect_slashes = False
    for route in router.routes:
        if isinstance(route, Mount) and isinstance(route.app, Router):
            # Otherwise a path with a line break in a parameter leads nowhere, instead of to a violation.
            route.path_regex = re.compile(route.path_regex.pattern, re.DOTALL)
            _no_redirects(route.app)


class _Arrival:
    """Between routing and security: names the operation, asks the gate, reads the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        identifier = scope["extensions"][ROUTING_CONTEXT]["operation_id"]
        exchange = exchange_of(scope)
        if identifier is None:
            raise _unrouted(exchange, HTTPStatus.NOT_FOUND)
        exchange.operation = exchange.world.document.operations[identifier]
        exchange.system = exchange.world.systems[exchange.operation.system]
        pass_gate(exchange)
        read(exchange, scope["path_params"])
        await self._app(scope, receive, send)


@dataclass(slots=True)
class _Asked:
    """As much of a request as Connexion's checks look at; its own class for that costs more than they do."""

    scope: Scope
    context: dict[str, Any] = field(default_factory=dict)


class _SecurityOperation(SecurityOperation):  # type: ignore[misc]  # Connexion is untyped
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.security:
            await self.verification_fn(_Asked(scope))
        await self.next_app(scope, receive, send)


class _SecurityAPI(SecurityAPI):  # type: ignore[misc]  # Connexion is untyped
    def make_operation(self, operation: Any) -> SecurityOperation:
        return _SecurityOperation.from_operation(
            operation, next_app=self.next_app, security_handler_factory=self.security_handler_factory
        )


class _Security(SecurityMiddleware):  # type: ignore[misc]  # Connexion is untyped
    api_cls = _SecurityAPI


class _Verification:
    """A security handler of Connexion that asks the verifier of the operation's system."""

    def get_fn(self, scheme: dict[str, Any], _scopes: list[str]) -> Callable[[_Asked], Any]:
        name: str = scheme[_NAME]
        # Connexion looks a subject up in what it gets; who calls is kept in the exchange.
        verified = {"scheme": name}

        def verify(request: _Asked) -> Any:
            exchange = exchange_of(request.scope)
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

        return perform(exchange, ask)
    if credential is None:
        raise Unauthorized(f"Credentials for {scheme} are missing.")
    # A scheme that only the document knows: whoever shows something may pass.
    return {"scheme": scheme}


class _Translated:
    """Turns what Connexion and its router refuse by themselves into refusals that say what exists."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ProblemException as error:  # which is an HTTPException too
            raise Unauthorized(error.detail or "") from None
        except HTTPException as error:
            raise _unrouted(exchange_of(scope), error.status_code) from None


def _unrouted(exchange: Exchange, status: int) -> Refusal:
    nearest = exchange.world.nearest
    shown = nearest.without_values(exchange.path)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        here = nearest.at(exchange.path)
        if here:
            exchange.system = exchange.world.systems[here[0].system]
        allowed = {one.method for one in here}
        return WrongMethod(exchange.method, shown, sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    near = nearest.to(exchange.path)
    return UnknownPath(exchange.method, shown, [f"{one.method} {one.path}" for one in near])


def connexion_app(world: World) -> ASGIApp:
    """
    Let Connexion load the document of *world*.

    Raises:
        connexion.exceptions.InvalidSpecification: It cannot be loaded.
    """
    schemes = dict.fromkeys(("apiKey", "bearer", "oauth2", "openIdConnect"), _Verification)
    app = ConnexionMiddleware(
        Dispatch(world),
        middlewares=[_Lookup, _Arrival, _Security],
        security_map=schemes,
        swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui=False),
        resolver=_Handlers(world),
    )
    app.add_api(_for_connexion(world.document), base_path="")
    return _Translated(app)


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
