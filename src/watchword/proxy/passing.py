"""What of ASGI becomes a request to the server behind the proxy, and an answer of it what ASGI sends."""

from dataclasses import replace
from urllib.parse import quote, quote_from_bytes

from starlette.types import Scope, Send

from watchword.document.http_rules import BODILESS
from watchword.proxy.connection import Headers, UpstreamAnswer

_AS_IT_CAME = bytes(range(0x21, 0x7F))
"""What a request line is made of; other bytes are percent-encoded."""
_OF_WATCHWORD = "watchword-"
_NO_LENGTH = frozenset((*range(100, 200), 204, 304))


def join_headers(pairs: Headers) -> dict[str, str]:
    """Join the values of headers that are there several times."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def write_target(scope: Scope) -> str:
    """Write path and query as the client did."""
    raw = scope.get("raw_path")
    path = quote(scope["path"]) if raw is None else quote_from_bytes(raw, _AS_IT_CAME)
    query = quote_from_bytes(scope["query_string"], _AS_IT_CAME)
    return f"{path}?{query}" if query else path


def leave_out_references(answer: UpstreamAnswer) -> UpstreamAnswer:
    """Leave out what another Watchword says of its own journal and document, because here is another journal."""
    return replace(answer, headers=tuple(one for one in answer.headers if not one[0].startswith(_OF_WATCHWORD)))


async def send_as_it_came(answer: UpstreamAnswer, headers: Headers, send: Send, *, head: bool) -> None:
    """Send an answer as it came."""
    body = b"" if head or answer.status in BODILESS else answer.body
    written = [(name, value) for name, value in headers if name != "content-length"]
    if answer.status not in _NO_LENGTH:
        announced = [(name, value) for name, value in headers if name == "content-length"]
        written += announced[:1] if head else [("content-length", str(len(body)))]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in written]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
