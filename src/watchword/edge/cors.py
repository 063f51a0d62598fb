"""CORS: pages of any origin may send requests, and read these headers of the answers."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from watchword.edge.sending import WHOLE, Headers, Whole

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


class Cors(CORSMiddleware):
    """
    Requests without an ``Origin`` header only get ``Vary: Origin``.

    Args:
        declared: The headers that the documents declare.
    """

    def __init__(self, app: ASGIApp, declared: Iterable[str] = ()) -> None:
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
    def allow_explicit_origin(headers: MutableHeaders, origin: str) -> None:
        """Allow the page's origin; the name stands first in Vary, as in answers to other clients."""
        headers["access-control-allow-origin"] = origin
        headers["vary"] = ", ".join(("Origin", *headers.getlist("vary")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = scope.get("extensions", {})
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


def _varying(headers: Headers) -> Headers:
    """Say that the origin decides about an answer, in one header with whatever else decides."""
    for place, (name, value) in enumerate(headers):
        if name == b"vary":
            return [*headers[:place], (name, b"Origin, " + value), *headers[place + 1 :]]
    return [*headers, _VARY]
