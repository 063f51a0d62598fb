"""The steps of a request between its arrival and its handler."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from watchword.document import Operation
from watchword.document.path_templates import ENCODED_SLASH, ends_with_parameter
from watchword.domain.refusal import Refusal, Unauthorized, UnknownPath, WrongMethod
from watchword.edge.availability import check_availability
from watchword.edge.connexion import SecuredRequest, SecurityCheck, SecurityProblem, load
from watchword.edge.dispatch import Runner, runner
from watchword.edge.exchange import Exchange
from watchword.edge.faults import give_wished_answer, interfere, interfere_with_person, is_concerned
from watchword.edge.nearest import shown_method
from watchword.edge.reading import read_request, refuse
from watchword.edge.served_api import ServedApi
from watchword.system import Answer, Call, System

T = TypeVar("T")
_MAKES_NONE = "x-makes-no-sandbox"
"""Marks operations of the control API that only read what is remembered of a sandbox, whether it exists or not."""


@dataclass(frozen=True, slots=True)
class BoundOperation:
    """
    An operation with everything that is needed to answer it.

    Args:
        check: Runs its security; None if it has none.
        run: Runs its handler, or answers from the document.
    """

    operation: Operation
    system: System
    check: SecurityCheck | None
    run: Runner

    async def perform(self, exchange: Exchange, step: Callable[[Call], T | Refusal]) -> T:
        """
        Run *step*, another protocol's replacement for the handler, after the same availability and security checks.

        Raises:
            Refusal: A check or the step refused.
        """
        exchange.begin(self.operation, self.system)
        concerned = is_concerned(exchange)
        if concerned:
            await interfere(exchange)
        try:
            check_availability(exchange)
            if self.check is not None:
                await authorize(exchange, self.check)
        except Refusal:
            if concerned:
                await interfere_with_person(exchange)
            raise
        if concerned:
            await interfere_with_person(exchange)
            give_wished_answer(exchange)
        result = await exchange.work.run_with_hashing(step, exchange.new_call)
        exchange.keep_sandbox()
        return result


async def authorize(exchange: Exchange, check: SecurityCheck) -> None:
    """
    Authenticate the caller.

    Raises:
        Refusal: The credentials are missing or invalid, or do not allow the operation.
    """
    try:
        await check(SecuredRequest(exchange))
    except SecurityProblem as error:
        raise Unauthorized(error.detail or "") from None


class _BoundTemplate(NamedTuple):
    """An operation whose path has parameters, with their names in the order of the groups of *pattern*."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    bound: BoundOperation


class Pipeline:
    """
    Answers requests for one document.

    Raises:
        connexion.exceptions.InvalidSpecification: Connexion cannot load the document.
    """

    def __init__(self, api: ServedApi) -> None:
        api.prepare()
        self.api = api
        routes, checks = load(api)
        self.operations: Mapping[str, BoundOperation] = {
            one.id: BoundOperation(one, api.systems[one.system], checks[one.id], runner(api, one))
            for one in api.document.operations.values()
        }
        self._literal: dict[tuple[str, str], BoundOperation] = {}
        self._templates: dict[tuple[str, int], list[_BoundTemplate]] = {}
        self._methods = {method for route in routes for method in route.methods}
        self._paths = {route.path for route in routes if route.template is None}
        for route in routes:
            bound = self.operations[route.operation]
            for method in route.methods:
                if route.template is None:
                    self._literal[method, route.path] = bound
                else:
                    place = method, route.path.count("/")
                    template = _BoundTemplate(_pattern(route.template, bound), route.names, bound)
                    self._templates.setdefault(place, []).append(template)

    async def __call__(self, exchange: Exchange) -> Answer:
        """
        Answer a request of the document's HTTP and JSON, whose body has been read.

        Raises:
            Refusal: One of the steps refused.
        """
        bound, path = self._find(exchange)
        exchange.begin(bound.operation, bound.system)
        concerned = is_concerned(exchange)
        if concerned:
            await interfere(exchange)
        try:
            check_availability(exchange)
            if bound.system.admit is not None and not self.api.controls:
                bound.system.admit(exchange.client, exchange.headers, bound.operation)
            read_request(exchange, path)
            if bound.check is not None:
                await authorize(exchange, bound.check)
        except Refusal:
            exchange.parameters.setdefault("path", dict(path))  # an unreadable body leaves them out
            if concerned:
                await interfere_with_person(exchange)
            raise
        if concerned:
            await interfere_with_person(exchange)
        refuse(exchange.later_violations, bound.operation)
        answer = await bound.run(exchange)
        if answer.status < HTTPStatus.BAD_REQUEST and not (self.api.controls and _MAKES_NONE in bound.operation.raw):
            exchange.keep_sandbox()
        return answer

    def serves(self, path: str) -> bool:
        """Whether an operation has this *path*, with any method."""
        return any(
            (method, path) in self._literal
            or any(one.pattern.fullmatch(path) for one in self._templates.get((method, path.count("/")), ()))
            for method in self._methods
        )

    def _find(self, exchange: Exchange) -> tuple[BoundOperation, Mapping[str, Any]]:
        """Find the operation, and the values in the path."""
        method, path = exchange.method, exchange.path
        found = self._literal.get((method, path))
        if found is not None:
            return found, {}
        if self.api.controls and path in self._paths:
            # As OpenAPI says, a path without parameters comes first, whatever its methods. The imitated systems have
            # routers of their own, which try the next path.
            raise _not_found(exchange)
        # A path parameter has no slash, so a template has as many slashes as the paths that it matches.
        for pattern, names, bound in self._templates.get((method, path.count("/")), ()):
            # ``fullmatch``: the router's own expression ignores a line break at the end of a path.
            if match := pattern.fullmatch(path):
                values = (value.replace(ENCODED_SLASH, "/") for value in match.groups())
                return bound, dict(zip(names, values, strict=True))
        raise _not_found(exchange)


def _pattern(template: re.Pattern[str], bound: BoundOperation) -> re.Pattern[str]:
    """Let the last segment be empty where the system's router does."""
    if not (bound.system.empty_last_segment and ends_with_parameter(bound.operation.path)):
        return template
    return re.compile(template.pattern.replace("[^/]+)$", "[^/]*)$"))


def _not_found(exchange: Exchange) -> Refusal:
    """Say what exists instead of what was asked for."""
    nearest = exchange.api.nearest
    method, shown = shown_method(exchange.method), nearest.without_values(exchange.path)
    here = nearest.at(exchange.path)
    if exchange.api.controls:
        here = tuple(one for one in here if one.path == exchange.path) or here
    if here:
        exchange.system = exchange.api.systems[here[0].system]
        allowed = {one.method for one in here}
        return WrongMethod(method, shown, sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    near = exchange.api.near(exchange.path)
    if near:
        exchange.system = exchange.api.systems[near[0].system]
        if (elsewhere := exchange.system.reroute(exchange.path)) is not None:
            return elsewhere
    return UnknownPath(method, shown, [f"{one.method} {one.path}" for one in near])
