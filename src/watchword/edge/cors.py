"""CORS: pages of any origin may send requests, and read these headers of the answers."""

from collections.abc import Callable, Iterable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watchword.edge.observers import PreflightObserver
from watchword.edge.sending import WHOLE, Whole
from watchword.edge.sending import Headers as Pairs
from watchword.system.cors import CorsPolicy

_EXPOSED = (
    "Allow",
    "Content-Length",
    "Location",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
    "request-ref",
    "x-ratelimit-limit",
    "x-ratelimit-reset",
    "Watchword-Answer",
    "Watchword-Contract-Violation",
    "Watchword-Hint",
    "Watchword-Why",
    "grpc-message",
    "grpc-status",
    "grpc-status-details-bin",
)
"""What a page of another origin may read of an answer, besides the headers that the documents declare."""
_ALWAYS_READABLE = frozenset(
    ("cache-control", "content-language", "content-type", "expires", "last-modified", "pragma")
)
"""CORS-safelisted response header names (Fetch standard)."""
_VARY = (b"vary", b"Origin")
_EXPOSE = "access-control-expose-headers"
_OWN_REQUEST_HEADERS = frozenset(("prefer", "watchword-sandbox"))
_OWN_ANSWER_HEADERS = (
    "Preference-Applied",
    "Watchword-Answer",
    "Watchword-Contract-Violation",
    "Watchword-Hint",
    "Watchword-Why",
)
"""What every system's policy allows besides: headers of our own."""
_ASKED = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
_PRIVATE = "Access-Control-Request-Private-Network"


class Cors(CORSMiddleware):
    """
    Requests without an ``Origin`` header only get ``Vary: Origin``.

    Args:
        declared: The headers that the documents declare.
        policy_at: Finds the policy of the system that a request is for; None if there is none, for then everything
            is allowed.
        observe: Is told of every preflight and its answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        declared: Iterable[str] = (),
        policy_at: Callable[[Scope], CorsPolicy | None] = lambda _scope: None,
        observe: PreflightObserver | None = None,
    ) -> None:
        self._policy_at, self._observe = policy_at, observe
        known = _ALWAYS_READABLE.union(name.lower() for name in _EXPOSED)
        super().__init__(
            app,
            allow_origin_regex=".*",
            allow_credentials=True,
            allow_methods=["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            # A browser asks before a page of a public address may call a server on this machine or in this network.
            allow_private_network=True,
            expose_headers=[*_EXPOSED, *sorted({name.lower() for name in declared} - known)],
        )

    @staticmethod
    def _observed(observe: PreflightObserver, scope: Scope, send: Send) -> Send:
        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                observe(scope, message["status"], Headers(raw=message["headers"]))
            await send(message)

        return observed

    @staticmethod
    def allow_explicit_origin(headers: MutableHeaders, origin: str) -> None:
        """Allow the page's origin; the name stands first in Vary, as in answers to other clients."""
        headers["access-control-allow-origin"] = origin
        headers["vary"] = ", ".join(("Origin", *filter(None, headers.getlist("vary"))))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = scope.get("extensions", {})
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            asked = Headers(scope=scope)
            if asked.get("access-control-request-method"):
                if self._observe is not None:
                    send = self._observed(self._observe, scope, send)
                if (policy := self._policy_at(scope)) is not None:
                    await _preflight_answer(policy, asked)(scope, receive, send)
                    return
        if scope["type"] != "http" or b"origin" in [name for name, _ in scope["headers"]]:
            offered.pop(WHOLE, None)  # the base class adds its headers to what is sent
            await super().__call__(scope, receive, send)
            return
        whole: Whole | None = offered.get(WHOLE)
        if whole is not None:
            offered[WHOLE] = lambda status, headers, body: whole(status, _varying(headers), body)

        async def varied(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _varying(message["headers"])
            await send(message)

        await self.app(scope, receive, varied)

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send a message; what a system exposes of its answer stays, and headers of our own are added to it."""
        exposed = MutableHeaders(scope=message).get(_EXPOSE) if message["type"] == "http.response.start" else None
        if exposed is None:
            await super().send(message, send, request_headers)
            return

        async def send_exposed(message: Message) -> None:
            headers = MutableHeaders(scope=message)
            known = {name.strip().lower() for name in exposed.split(",")}
            own = (name for name in _OWN_ANSWER_HEADERS if name.lower() not in known)
            headers[_EXPOSE] = ", ".join((exposed, *own))
            await send(message)

        await super().send(message, send_exposed, request_headers)


class WithoutCors:
    """Takes away what systems say to pages of other origins, and the empty ``Vary``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole: Whole | None = scope.get("extensions", {}).get(WHOLE)
        if whole is not None:
            scope["extensions"][WHOLE] = lambda status, headers, body: whole(status, _silent(headers), body)

        async def silently(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _silent(message["headers"])
            await send(message)

        await self._app(scope, receive, silently)


def _silent(headers: Pairs) -> Pairs:
    return [one for one in headers if not one[0].startswith(b"access-control-") and one != (b"vary", b"")]


def _preflight_answer(policy: CorsPolicy, asked: Headers) -> Response:
    """
    Answer a preflight as Go's library ``rs/cors`` does: what is not allowed gets no word about what is.

    A browser sends names of headers in lower case and sorted; others are not understood.
    """
    private = _PRIVATE.lower() in asked
    headers = {**policy.preflight_headers}
    headers["Vary"] = ", ".join((*_ASKED, *((_PRIVATE,) if private else ()), *policy.varies))
    origin, method = asked.get("origin"), asked["access-control-request-method"]
    wanted = asked.get("access-control-request-headers", "")
    if origin and method in policy.methods and _are_allowed(wanted, policy.request_headers | _OWN_REQUEST_HEADERS):
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": method}
        headers["Access-Control-Allow-Credentials"] = "true"
        if wanted:
            headers["Access-Control-Allow-Headers"] = wanted
        if private:
            headers["Access-Control-Allow-Private-Network"] = "true"
    return Response(status_code=204, headers=headers)


def _are_allowed(wanted: str, allowed: frozenset[str]) -> bool:
    names = [name.strip(" \t") for name in wanted.split(",") if name.strip(" \t")]
    return allowed.issuperset(names) and names == sorted(set(names))


def _varying(headers: Pairs) -> Pairs:
    """
    Say that the origin decides about an answer, in one header with whatever else decides.

    An empty ``Vary`` is a system's word for an answer about which nothing decides; it is taken away.
    """
    for place, (name, value) in enumerate(headers):
        if name == b"vary" and not value:
            return [*headers[:place], *headers[place + 1 :]]
        if name == b"vary":
            return [*headers[:place], (name, b"Origin, " + value), *headers[place + 1 :]]
    return [*headers, _VARY]
