"""Everything put together: document, systems, sandboxes, control plane, one ASGI application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from watchword.admin import admin_system, described
from watchword.app import Application
from watchword.document import Document, load
from watchword.domain.clock import system_time
from watchword.domain.hashing import Hasher, Profile
from watchword.edge.documented import documented
from watchword.edge.exchange import Exchange
from watchword.edge.front import Front
from watchword.edge.line import Line, to_logging
from watchword.edge.pages import Pages
from watchword.edge.sending import WHOLE, Whole
from watchword.edge.world import Limits, World
from watchword.resources import folder
from watchword.sandboxes import Sandboxes
from watchword.settings import SystemSettings
from watchword.store import Keeping
from watchword.store.disk import Disk
from watchword.system import Answer
from watchword.systems import FACES, SYSTEMS

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
_VARIED = (b"vary", b"Origin")


@dataclass(frozen=True)
class Options:
    """
    What a server is built with.

    Args:
        settings: What sandboxes start with, by system; the others start with their defaults.
        overlays: OpenAPI Overlay files.
        seed: Makes chance repeatable.
        data: The directory that keeps sandboxes; None to keep them in memory alone.
        idle: Sandboxes that are not used for so long are forgotten; None for never.
        source: The time that clocks run with.
        admin_token: Wanted from everybody who uses the control API; None lets loopback clients in.
        log: Is given a line about every request.
        witness: Is shown every finished exchange.
    """

    hashing: Profile = Profile.OWASP
    settings: Mapping[str, SystemSettings] = field(default_factory=dict)
    overlays: Sequence[Path] = ()
    seed: int | None = None
    source: Callable[[], datetime] = system_time
    limits: Limits = field(default_factory=Limits)
    sandboxes: int = 10_000
    data: Path | None = None
    idle: timedelta | None = None
    cors: bool = True
    extra_headers: bool = True
    admin: bool = True
    admin_token: str | None = None
    log: Callable[[Line], None] = to_logging
    witness: Callable[[Exchange, Answer, list[str]], None] | None = None


@dataclass(frozen=True)
class Built:
    """
    A server without a socket.

    Args:
        app: The ASGI application.
        admin: The control API's world; None if it is switched off.
    """

    app: ASGIApp
    imitated: World
    admin: World | None


def load_document(overlays: Sequence[Path] = ()) -> Document:
    """
    Load the one document.

    Raises:
        DocumentError: It, or an overlay, cannot be used.
    """
    root = folder("openapi") / "openapi.yaml"
    return load(root, systems=[system.name for system in SYSTEMS], overlays=overlays)


def imitated_world(options: Options) -> World:
    """
    Put document, systems and sandboxes together.

    Raises:
        DocumentError: The document or an overlay cannot be used.
        Unusable: The data directory cannot be used.
    """
    document = load_document(options.overlays)
    keeping = Keeping() if options.data is None else Disk(options.data)
    sandboxes = Sandboxes(
        SYSTEMS,
        settings=options.settings,
        hasher=Hasher(options.hashing),
        source=options.source,
        seed=options.seed,
        capacity=options.sandboxes,
        keeping=keeping,
        idle=options.idle,
    )
    systems = {**{one.name: one for one in SYSTEMS}, **documented(document)}
    return World(document, systems, sandboxes, options.limits, faces=FACES)


def build(options: Options) -> Built:
    """
    Build a server.

    Raises:
        DocumentError: The document or an overlay cannot be used.
        Unusable: The data directory cannot be used.
    """
    imitated = imitated_world(options)
    admin = admin_world(imitated, options) if options.admin else None
    front: Any = Front(
        (imitated, Application(imitated)),
        admin=None if admin is None else (admin, Application(admin)),
        beside=Pages(imitated, admin),
        extra_headers=options.extra_headers,
        log=options.log,
        witness=options.witness,
    )
    if options.cors:
        front = _Cors(
            front,
            allow_origin_regex=".*",
            allow_credentials=True,
            allow_methods=["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=EXPOSED,
        )
    return Built(front, imitated, admin)


class _Cors(CORSMiddleware):
    """For pages of other origins; whoever names none needs no more than to be told that it would matter."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = scope.get("extensions", {})
        if scope["type"] != "http" or b"origin" in [name for name, _ in scope["headers"]]:
            offered.pop(WHOLE, None)  # what the base adds to an answer it adds to what is sent
            await super().__call__(scope, receive, send)
            return
        whole: Whole | None = offered.get(WHOLE)
        if whole is not None:
            offered[WHOLE] = lambda status, headers, body: whole(status, [*headers, _VARIED], body)

        async def varied(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _VARIED]
            await send(message)

        await self.app(scope, receive, varied)


def admin_world(imitated: World, options: Options) -> World:
    """Put the control API together."""
    system = admin_system(imitated, token=options.admin_token, source=options.source)
    document = described(load(folder("openapi") / "admin.yaml", systems=[system.name]), imitated)
    return World(document, {system.name: system}, imitated.sandboxes, options.limits, imitates=False)
