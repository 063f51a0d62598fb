"""CORS: pages of any origin may send requests, and read these headers of the answers."""

from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from watchword.edge.sending import WHOLE, Whole

EXPOSED = (
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
"""What a page of another origin may read of an answer."""
_VARY = (b"vary", b"Origin")


class Cors(CORSMiddleware):
    """Requests without an ``Origin`` header only get ``Vary: Origin``."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            allow_origin_regex=".*",
            allow_credentials=True,
            allow_methods=["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            # A browser asks before a page of a public address may call a server on this machine or in this network.
            allow_private_network=True,
            expose_headers=EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = scope.get("extensions", {})
        if scope["type"] != "http" or b"origin" in [name for name, _ in scope["headers"]]:
            offered.pop(WHOLE, None)  # the base class adds its headers to what is sent
            await super().__call__(scope, receive, send)
            return
        whole: Whole | None = offered.get(WHOLE)
        if whole is not None:
            offered[WHOLE] = lambda status, headers, body: whole(status, [*headers, _VARY], body)

        async def varied(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _VARY]
            await send(message)

        await self.app(scope, receive, varied)
