"""
What Connexion does for us, all of it at the start: load the document, resolve operations, route, bind security.

Its middlewares, request validation, response validation and handler wrapping are left out:
they stop at the first violation, repeat values, see no errors of the outer layers and cost
most of the time (ARCHITECTURE.md, "What of Connexion is used?").
"""

import logging
import re
import warnings
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import cookie_parser
from starlette.routing import Mount, Router
from starlette.routing import Route as StarletteRoute
from starlette.types import Receive, Scope, Send

from watchword.document import Document
from watchword.document.operations import METHODS
from watchword.document.path_templates import placeholders, without_names
from watchword.document.security import described_schemes
from watchword.document.structure import path_items
from watchword.domain.refusal import Unauthorized
from watchword.domain.secret import Secret
from watchword.edge.exchange import Exchange
from watchword.edge.served_api import ServedApi

with warnings.catch_warnings():
    # Connexion 3.3 imports names that its own libraries are about to drop; our users need not see the warning.
    warnings.simplefilter("ignore")
    from connexion import ConnexionMiddleware
    from connexion.exceptions import ProblemException
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityMiddleware, SecurityOperation
    from connexion.options import SwaggerUIOptions
    from connexion.resolver import Resolution, Resolver

_SCHEME_NAME = "x-watchword-scheme"
_STRING = {"type": "string"}

__all__ = ["Route", "SecuredRequest", "SecurityCheck", "SecurityProblem", "load"]

SecurityProblem = ProblemException
"""What a check raises when none of an operation's security alternatives is fulfilled."""

logging.getLogger("connexion").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Route:
    """
    A path that Connexion routes.

    Args:
        operation: Its id.
        template: Matches the path, with a group for each parameter; None for a path without any.
        names: Of the parameters, in the order of the groups.
    """

    operation: str
    methods: tuple[str, ...]
    path: str
    template: re.Pattern[str] | None
    names: tuple[str, ...]


@dataclass(slots=True)
class SecuredRequest:
    """The part of a request that Connexion's checks use; its own request class costs more than the checks."""

    exchange: Exchange
    context: dict[str, Any] = field(default_factory=dict, repr=False)


SecurityCheck = Callable[[SecuredRequest], Awaitable[None]]
"""Authenticates the caller and notes it in the exchange; raises refusals, or `SecurityProblem`."""


def load(api: ServedApi) -> tuple[Sequence[Route], Mapping[str, SecurityCheck | None]]:
    """
    Let Connexion load the document.

    Returns:
        Its routes, in the order in which they are tried, and the security of each operation by its id.

    Raises:
        connexion.exceptions.InvalidSpecification: It cannot.
    """
    router, operations = _loaded(api.document)
    names = dict(_numbered_paths(api.document).values())
    routes = [
        Route(
            route.endpoint.operation_id,  # type: ignore[attr-defined]  # Connexion's own endpoint
            tuple(route.methods or ()),
            route.path,
            route.path_regex if route.param_convertors else None,
            names[route.path],
        )
        for route in _routes(router)
    ]
    return routes, {name: one.verification_fn if one.security else None for name, one in operations.items()}


def _loaded(document: Document) -> tuple[Router, Mapping[str, SecurityOperation]]:
    """Give Connexion's router, and its security by operation id."""
    connexion = ConnexionMiddleware(
        _never_called,
        middlewares=[RoutingMiddleware, SecurityMiddleware],
        security_map=dict.fromkeys(("apiKey", "bearer", "oauth2", "openIdConnect"), _SecurityHandler),
        swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui=False),
        resolver=_Resolver(),
    )
    connexion.add_api(_for_connexion(document), base_path="")
    _, stack = connexion._build_middleware_stack()  # otherwise the first request would do it
    routing = next(one for one in stack if isinstance(one, RoutingMiddleware))
    security = next(one for one in stack if isinstance(one, SecurityMiddleware))
    (secured,) = security.apis[""]
    return routing.router, secured.operations


class _Resolver(Resolver):  # type: ignore[misc]  # Connexion is untyped
    """
    Resolves operation ids to nothing: `edge.dispatch` calls the handlers.

    What Connexion holds is full of circles, so documents and handlers in it would stay until a garbage collection.
    """

    def resolve(self, operation: Any) -> Resolution:
        return Resolution(_answered_elsewhere, self.resolve_operation_id(operation))


def _answered_elsewhere() -> None:
    """Connexion requires a function for every operation, and calls none."""


async def _never_called(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Connexion requires an application to wrap."""


def _routes(router: Router) -> Iterator[StarletteRoute]:
    for route in router.routes:
        if isinstance(route, StarletteRoute):
            yield route
        elif isinstance(route, Mount) and isinstance(route.app, Router):
            yield from _routes(route.app)


class _SecurityHandler:
    """A security handler of Connexion that asks the verifier of the operation's system."""

    def get_fn(self, scheme: dict[str, Any], _scopes: list[str]) -> Callable[[SecuredRequest], Any]:
        name: str = scheme[_SCHEME_NAME]
        place = scheme.get("in", "header")
        key = scheme["name"].lower() if "in" in scheme else "authorization"
        # Connexion looks for a subject in this mapping; the caller itself is noted in the exchange.
        verified = {"scheme": name}

        def verify(request: SecuredRequest) -> Any:
            exchange = request.exchange
            found = exchange.headers.get(key) if place == "header" else _credential(exchange, place, scheme["name"])
            credential = None if found is None else Secret(found)
            verifier = exchange.system.verifiers.get(name) if exchange.system is not None else None
            if verifier is not None:
                exchange.callers[name] = exchange.work.run_in_transaction(
                    lambda call: verifier(call, credential), exchange.new_call, last=False
                )
            elif credential is None:
                raise Unauthorized(f"Credentials for {name} are missing.")
            else:
                # A scheme that only the document knows: any credential is accepted.
                exchange.callers[name] = verified
            return verified

        return verify


def _credential(exchange: Exchange, place: str, name: str) -> str | None:
    """Read an API key that is sent in the query or in a cookie."""
    if place == "query":
        return dict(parse_qsl(exchange.query, keep_blank_values=True)).get(name)
    return cookie_parser(exchange.headers.get("cookie", "")).get(name)


def _numbered_paths(document: Document) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Say what Connexion is told of each path, and the names of its parameters."""
    return {path: without_names(path, number) for number, (path, _) in enumerate(path_items(document.content))}


def _for_connexion(document: Document) -> dict[str, Any]:
    """
    Reduce the document to what Connexion needs: paths, operation ids, security.

    Parameters, bodies and answers are validated elsewhere, and Connexion never stops following a schema that contains
    itself.
    """
    content, paths = document.content, _numbered_paths(document)
    schemes = described_schemes(content)
    return {
        # What is left is the same in every version, and Connexion knows none after 3.0.
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {
            numbered: dict(_operations(content, placeholders(numbered), content["paths"][path]))
            for path, (numbered, _) in paths.items()
        },
        "components": {"securitySchemes": {name: _scheme(name, scheme) for name, scheme in schemes.items()}},
    }


def _scheme(name: str, scheme: Mapping[str, Any]) -> dict[str, Any]:
    """Call all but API keys a bearer scheme, because Connexion refuses some; `_SecurityHandler` asks by *name*."""
    if scheme["type"] == "apiKey":
        return {**scheme, _SCHEME_NAME: name}
    return {"type": "http", "scheme": "bearer", _SCHEME_NAME: name}


def _security(content: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, list[str]]]:
    """Give an operation's alternatives, without client certificates, which nothing here asks for."""
    asked = {name for name, one in described_schemes(content).items() if one["type"] != "mutualTLS"}
    alternatives = operation.get("security", content.get("security", []))
    return [{name: scopes for name, scopes in one.items() if name in asked} for one in alternatives]


def _operations(
    content: dict[str, Any], names: tuple[str, ...], item: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for method in METHODS:
        if method in item:
            operation = item[method]
            yield (
                method,
                {
                    "operationId": operation["operationId"],
                    # Strings, so that a wrong type is a violation and not an unknown path.
                    "parameters": [{"name": one, "in": "path", "required": True, "schema": _STRING} for one in names],
                    "security": _security(content, operation),
                    "responses": {"default": {"description": "see the document"}},
                },
            )
