"""
A toy API for tests of the kernel: a document of a few lines, one system, and a client in process.

``built(folder, paths, handlers=…)`` gives a server of it, ``ask`` sends one request.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.types import ASGIApp

from watchword.document import load
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.refusal import Malformed, Refusal
from watchword.edge import audit
from watchword.edge.access_log import access_log, log_with_logging
from watchword.edge.asgi import EdgeApp
from watchword.edge.exchange import Exchange
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.observers import Observers
from watchword.edge.pipeline import Pipeline
from watchword.edge.served_api import RequestLimits, ServedApi
from watchword.sandbox.registry import Sandboxes
from watchword.system import Answer, System
from watchword.system.settings import SystemSettings

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

HEAD = """
openapi: 3.0.3
info: {title: Toys, version: '1'}
tags: [{name: toy}, {name: doll}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
    digest: {type: http, scheme: digest}
    ticket: {type: apiKey, in: query, name: ticket}
    biscuit: {type: apiKey, in: cookie, name: biscuit}
"""


def render(refusal: Refusal, _settings: SystemSettings) -> Answer:
    """Write a refusal in the toy's own envelope, which no framework would make."""
    body: dict[str, Any] = {"toy": refusal.code, "says": refusal.message}
    if isinstance(refusal, Malformed):
        body["wrong"] = [[one.where, ".".join(one.path), one.kind] for one in refusal.violations]
    return Answer(refusal.status, body)


def toy(**attributes: Any) -> System:
    """Make the toy's system; *attributes* take the place of the usual ones."""
    usual = {
        "name": "toy",
        "title": "Toy",
        "settings_model": SystemSettings,
        "handlers": SimpleNamespace(),
        "render": render,
    }
    return System(**{**usual, **attributes})


@dataclass
class Toy:
    """A server of the toy API, and everything it answered."""

    app: ASGIApp
    served_api: ServedApi
    seen: list[tuple[Exchange, Answer, Sequence[str]]] = field(default_factory=list)

    def differences(self) -> list[str]:
        """What the audit found in all answers so far."""
        return [one for _, _, found in self.seen for one in found]


def api_of(
    folder: Path,
    paths: str,
    system: System,
    *,
    head: str = HEAD,
    others: Sequence[System] = (),
    limits: RequestLimits | None = None,
    profile: Profile = Profile.FAST,
    capacity: int = 100,
    wall_clock: Callable[[], datetime] = lambda: NOON,
) -> ServedApi:
    """Put an API together out of *paths*, which are YAML indented by two, and the toy's *system*."""
    root = folder / "openapi.yaml"
    root.write_text(f"{head}paths:\n{paths}", encoding="utf-8")
    systems = (system, *others)
    document = load(root, systems=[one.name for one in systems])
    return ServedApi(
        document,
        {**{one.name: one for one in systems}, **document_only_systems(document)},
        Sandboxes(systems, hasher=Hasher(profile), capacity=capacity, wall_clock=wall_clock),
        limits or RequestLimits(),
    )


def served(served_api: ServedApi, **options: Any) -> Toy:
    """Serve *served_api*; *options* are the application's."""
    seen: list[tuple[Exchange, Answer, Sequence[str]]] = []

    def observe(exchange: Exchange, answer: Answer, found: Sequence[str]) -> None:
        seen.append((exchange, answer, found))

    finished = (audit.log_violations, observe, access_log(log_with_logging), *options.pop("observers", ()))
    observers = Observers(finished, record_rules=options.pop("record_rules", False))
    return Toy(EdgeApp(Pipeline(served_api), observers=observers, **options), served_api, seen)


def built(folder: Path, paths: str, **attributes: Any) -> Toy:
    """Serve the toy described by *paths*; *attributes* are the system's."""
    return served(api_of(folder, paths, toy(**attributes)))


@dataclass(frozen=True)
class Reply:
    """What a client sees."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    names: Sequence[str] = ()

    @property
    def json(self) -> Any:
        """The body."""
        return orjson.loads(self.content)


def scope_of(method: str, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Write down a request as an ASGI server does."""
    path, _, query = url.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 7070),
    }


async def messages(
    chunks: Sequence[bytes], *, gone: bool = False, stuck: bool = False
) -> AsyncGenerator[dict[str, Any], None]:
    """
    Yield what a server hears of a client that sends *chunks*.

    Args:
        gone: It hangs up before the last of them.
        stuck: It never says that it is done.
    """
    for chunk in chunks[:-1]:
        yield {"type": "http.request", "body": chunk, "more_body": True}
    if stuck:
        yield {"type": "http.request", "body": chunks[-1], "more_body": True}
        await asyncio.Event().wait()
    if not gone:
        yield {"type": "http.request", "body": chunks[-1], "more_body": False}
        await asyncio.Event().wait()
    while True:
        yield {"type": "http.disconnect"}


async def ask_among_others(
    app: ASGIApp,
    method: str,
    url: str,
    *,
    json: Any = None,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    chunks: Sequence[bytes] | None = None,
    gone: bool = False,
    stuck: bool = False,
) -> Reply:
    """Send one request from inside of an event loop; `status` 0 means that nothing was answered."""
    sent = dict(headers or {})
    if json is not None:
        content = orjson.dumps(json)
        sent = {"Content-Type": "application/json", **sent}
    if chunks is None:
        sent = {"Content-Length": str(len(content)), **sent}
    heard = messages([content] if chunks is None else chunks, gone=gone, stuck=stuck)
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return await anext(heard)

    async def send(message: Any) -> None:
        answered.append(message)

    await app(scope_of(method, url, sent), receive, send)
    await heard.aclose()
    if not answered:
        return Reply(0, {}, b"")
    pairs = [(name.decode("ascii"), value.decode("ascii")) for name, value in answered[0]["headers"]]
    body = b"".join(message["body"] for message in answered[1:])
    return Reply(answered[0]["status"], dict(pairs), body, [name for name, _ in pairs])


def ask(app: ASGIApp | Toy, method: str, url: str, **request: Any) -> Reply:
    """Send one request."""
    return asyncio.run(ask_among_others(app.app if isinstance(app, Toy) else app, method, url, **request))


def set_up(toy: Toy, sandbox: str = "default", **settings: Any) -> None:
    """Change the toy's settings in one sandbox."""
    toy.served_api.sandboxes.enter(sandbox).change_settings({"toy": settings})
