"""A request that was answered before, sent once more into another sandbox, without a client and without a server."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from starlette.types import ASGIApp, Message, Scope

from watchword.document.path_templates import ENCODED_SLASH
from watchword.domain.clock import ticks_of
from watchword.edge.breaking import BREAK
from watchword.edge.exchange import Exchange
from watchword.edge.mock.wishes import TWIN
from watchword.edge.observers import Observer, Observers
from watchword.edge.request_body import ARRIVED
from watchword.sandbox import Sandbox
from watchword.system import Answer

_GONE: Message = {"type": "http.disconnect"}
_PATH = "/:@!$&'()*+,;=~"


class NewApp(Protocol):
    """Makes the application whose requests all run in one sandbox, without delays."""

    def __call__(self, *, sandbox: Sandbox, observers: Observers) -> ASGIApp:
        """Make it."""


@dataclass(frozen=True, slots=True, repr=False)
class SentRequest:
    """
    A request as a client sent it; shown without it.

    Args:
        path: With all prefixes, percent-decoded; an encoded slash as in `Exchange`.
        headers: By lower-case name.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    scheme: str = "http"
    http_version: str = "1.1"
    client: str | None = None

    def __repr__(self) -> str:
        return "<SentRequest>"


@dataclass(frozen=True, slots=True)
class Finished:
    """
    An exchange that is over.

    Args:
        violations: In what the answer differs from the document.
    """

    exchange: Exchange
    answer: Answer
    violations: Sequence[str]


def sent(exchange: Exchange) -> SentRequest:
    """Read back what the client of an *exchange* sent."""
    wishes = urlencode([(f"{TWIN}{name}", value) for name, value in exchange.twins])
    return SentRequest(
        exchange.method,
        f"{exchange.prefix}{exchange.base_path}{exchange.path}",
        "&".join(filter(None, (exchange.query, wishes))),
        exchange.headers,
        exchange.body,
        exchange.root_url.partition(":")[0],
        exchange.http_version,
        exchange.client,
    )


async def send_again(
    new_app: NewApp,
    request: SentRequest,
    sandbox: Sandbox,
    *,
    wall_clock: Callable[[], datetime],
    observers: Sequence[Observer] = (),
) -> Finished | None:
    """
    Have *request* answered in *sandbox*, whatever sandbox it names.

    Args:
        wall_clock: Tells when it arrived.
        observers: Are told of it.

    Returns:
        None if it is for nobody who answers here, as the control API is.
    """
    found: list[Finished] = []

    def note(exchange: Exchange, answer: Answer, violations: Sequence[str]) -> None:
        found.append(Finished(exchange, answer, violations))

    told = Observers((note, *observers), record_rules=True, ticks=ticks_of(wall_clock))
    app, waiting = new_app(sandbox=sandbox, observers=told), [_body(request)]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.get_running_loop().create_future()  # this client never hangs up
        return _GONE

    await app(_scope(request), receive, _ignore)
    return found[0] if found else None


def _body(request: SentRequest) -> Message:
    return {"type": "http.request", "body": request.body, "more_body": False}


async def _ignore(*_anything: Any) -> None:
    """Nobody reads what is sent, and no connection can break."""


def _scope(request: SentRequest) -> Scope:
    raw = quote(request.path.replace(ENCODED_SLASH, "\0"), safe=_PATH).replace("%00", "%2F")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.http_version,
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path.replace(ENCODED_SLASH, "/"),
        "raw_path": raw.encode(),
        "root_path": "",
        "query_string": request.query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()],
        "client": None if request.client is None else (request.client, 0),
        "server": None,
        "extensions": {ARRIVED: {"complete": True}, BREAK: _ignore},
    }
