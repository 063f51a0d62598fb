"""The JSON of WireMock 3: serve events, logged requests, near misses, errors; member by member as it writes them."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from watchword.control.wiremock import NearMiss
from watchword.domain.timestamps import write_utc
from watchword.journal.logged import Logged

_PORTS = {"http": 80, "https": 443}
_CODE = 10
"""WireMock's code for everything that it cannot read."""


def serve_event(one: Logged) -> dict[str, Any]:
    """Write a request with its answer."""
    response, milliseconds = one.entry.response, round(one.entry.duration.total_seconds() * 1000)
    definition = {"status": response.status, "fromConfiguredStub": not one.entry.unmatched}
    return {
        "id": one.entry.id,
        "request": logged_request(one),
        "responseDefinition": definition,
        "response": {"status": response.status, "headers": dict(response.headers), **_body(_text(response.body))},
        "wasMatched": not one.entry.unmatched,
        "timing": {
            "addedDelay": 0,
            "processTime": milliseconds,
            "responseSendTime": 0,
            "serveTime": milliseconds,
            "totalTime": milliseconds,
        },
        "subEvents": [],
    }


def logged_request(one: Logged) -> dict[str, Any]:
    """Write a request alone."""
    root = urlsplit(one.root_url)
    scheme = root.scheme or "http"
    return {
        "url": one.url,
        "absoluteUrl": f"{one.root_url}{one.url}",
        "method": one.method,
        "clientIp": one.entry.client,
        "headers": dict(one.headers),
        "cookies": dict(one.cookies),
        "browserProxyRequest": False,
        "loggedDate": int(one.logged_at.timestamp() * 1000),
        **_body(one.body),
        "protocol": f"HTTP/{one.http_version}",
        "scheme": scheme,
        "host": root.hostname or "",
        "port": root.port or _PORTS[scheme],
        "loggedDateString": write_utc(one.logged_at),
        "queryParams": {name: {"key": name, "values": list(values)} for name, values in one.query.items()},
        "formParams": {},
    }


def near_miss(one: NearMiss, pattern: Mapping[str, Any]) -> dict[str, Any]:
    """Write a request that is nearly what *pattern* means."""
    return {
        "request": logged_request(one.logged),
        "requestPattern": dict(pattern),
        "matchResult": {"subEvents": [], "diffDescriptions": [], "distance": one.distance},
    }


def errors(title: str, detail: str | None = None, pointer: str | None = None) -> dict[str, Any]:
    """Write one error."""
    error: dict[str, Any] = {"code": _CODE, "title": title}
    if detail is not None:
        error |= {"source": {"pointer": pointer}, "detail": detail}
    return {"errors": [error]}


def _body(text: str) -> dict[str, str]:
    return {"bodyAsBase64": b64encode(text.encode()).decode(), "body": text}


def _text(body: Any) -> str:
    if body is None or isinstance(body, str):
        return body or ""
    return orjson.dumps(body).decode()
