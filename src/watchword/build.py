"""Put everything together: document, systems, sandboxes, control API, observers, one ASGI application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from starlette.types import ASGIApp

from watchword.admin import admin_system, complete_document
from watchword.document import Document, load
from watchword.domain.clock import system_time
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.edge import audit
from watchword.edge.access_log import AccessLogEntry, access_log, log_with_logging
from watchword.edge.asgi import EdgeApp
from watchword.edge.cors import Cors
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.observers import Observer
from watchword.edge.pages import ReferencePages
from watchword.edge.pipeline import Pipeline
from watchword.edge.served_api import RequestLimits, ServedApi
from watchword.resources import folder
from watchword.sandbox import Sandboxes
from watchword.store import Persistence
from watchword.store.sqlite import SqlitePersistence
from watchword.system.settings import SystemSettings
from watchword.systems import PROTOCOL_ADAPTERS, SYSTEMS


@dataclass(frozen=True)
class Options:
    """
    What a server is built with.

    Args:
        settings: What sandboxes start with, by system; the others start with their defaults.
        overlays: OpenAPI Overlay files.
        random_seed: Makes chance repeatable.
        data: The directory that sandboxes are persisted in; None to keep them in memory only.
        persistence: Where they are persisted instead of in a directory.
        idle_timeout: Sandboxes that nobody has used for so long are dropped; None for never.
        wall_clock: What the clocks of sandboxes follow.
        admin_token: Required from every client of the control API; None lets clients on this machine in.
        log: Gets an entry about every request.
        observers: Are told about every finished exchange, after the audit and before the access log.
        record_rules: Whether those observers want to know which rules were asked.
    """

    hashing: Profile = Profile.OWASP
    settings: Mapping[str, SystemSettings] = field(default_factory=dict)
    overlays: Sequence[Path] = ()
    random_seed: int | None = None
    wall_clock: Callable[[], datetime] = system_time
    limits: RequestLimits = field(default_factory=RequestLimits)
    max_sandboxes: int = 10_000
    data: Path | None = None
    persistence: Persistence | None = None
    idle_timeout: timedelta | None = None
    cors: bool = True
    extra_headers: bool = True
    admin: bool = True
    admin_token: Secret | None = None
    log: Callable[[AccessLogEntry], None] = log_with_logging
    observers: Sequence[Observer] = ()
    record_rules: bool = False


@dataclass(frozen=True)
class Built:
    """
    A server without a socket.

    Args:
        app: The ASGI application.
        admin: The control API; None if it is switched off.
    """

    app: ASGIApp
    imitated: ServedApi
    admin: ServedApi | None


def load_document(overlays: Sequence[Path] = ()) -> Document:
    """
    Load the one document.

    Raises:
        DocumentError: It, or an overlay, cannot be used.
    """
    root = folder("openapi") / "openapi.yaml"
    return load(root, systems=[system.name for system in SYSTEMS], overlays=overlays)


def imitated_api(options: Options) -> ServedApi:
    """
    Put document, systems and sandboxes together.

    Raises:
        DocumentError: The document or an overlay cannot be used.
        UnusableData: The data directory cannot be used.
    """
    document = load_document(options.overlays)
    sandboxes = Sandboxes(
        SYSTEMS,
        settings=options.settings,
        hasher=Hasher(options.hashing),
        wall_clock=options.wall_clock,
        random_seed=options.random_seed,
        capacity=options.max_sandboxes,
        persistence=options.persistence or _persistence(options.data),
        idle_timeout=options.idle_timeout,
    )
    systems = {**{one.name: one for one in SYSTEMS}, **document_only_systems(document)}
    return ServedApi(document, systems, sandboxes, options.limits)


def _persistence(data: Path | None) -> Persistence:
    return Persistence() if data is None else SqlitePersistence(data)


def admin_api(imitated: ServedApi, options: Options) -> ServedApi:
    """Put the control API together."""
    system = admin_system(imitated, token=options.admin_token, wall_clock=options.wall_clock)
    document = complete_document(load(folder("openapi") / "admin.yaml", systems=[system.name]), imitated)
    return ServedApi(document, {system.name: system}, imitated.sandboxes, options.limits, imitates=False)


def build(options: Options) -> Built:
    """
    Build a server.

    Raises:
        DocumentError: The document or an overlay cannot be used.
        UnusableData: The data directory cannot be used.
    """
    imitated = imitated_api(options)
    admin = admin_api(imitated, options) if options.admin else None
    app: ASGIApp = EdgeApp(
        Pipeline(imitated),
        admin=None if admin is None else Pipeline(admin),
        adapters=PROTOCOL_ADAPTERS,
        pages=ReferencePages(imitated, admin),
        extra_headers=options.extra_headers,
        observers=(audit.log_violations, *options.observers, access_log(options.log)),
        record_rules=options.record_rules,
    )
    declared = imitated.response_headers | (frozenset() if admin is None else admin.response_headers)
    return Built(Cors(app, declared) if options.cors else app, imitated, admin)
