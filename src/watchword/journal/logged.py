"""Entries as WireMock calls them: logged requests, all of whose values are text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from watchword.journal.captured import Captured
from watchword.journal.entry import Entry
from watchword.journal.masking import MASK, show_name


@dataclass(frozen=True, slots=True)
class Logged:
    """
    One request, with nothing in it that the journal does not show.

    Args:
        root_url: Where the client found the sandbox, without a slash at the end; empty if unknown.
        query: The values of each parameter, in their order.
        cookies: By name; their values are stars.
        body: Text; JSON is written without spaces.
    """

    entry: Entry
    http_version: str
    root_url: str
    query: Mapping[str, tuple[str, ...]]
    cookies: Mapping[str, str]
    body: str

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.entry.request.method

    @property
    def url(self) -> str:
        """Path and query."""
        return self.entry.request.url

    @property
    def path(self) -> str:
        """The path."""
        return self.entry.request.path

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by lower-case name."""
        return self.entry.request.headers

    @property
    def logged_at(self) -> datetime:
        """When it arrived, in real time."""
        return self.entry.received_at


def log(captured: Captured, entry: Entry) -> Logged:
    """Make a logged request of an *entry* and of how it was captured."""
    exchange, request = captured.exchange, entry.request
    return Logged(
        entry=entry,
        http_version="1.1" if exchange is None else exchange.http_version,
        root_url=_root_url(request.headers) if exchange is None else exchange.root_url,
        query={name: _texts(value) for name, value in request.query.items()},
        cookies={} if exchange is None else _cookies(exchange.headers.get("cookie", "")),
        body=_text(request.body),
    )


def _root_url(headers: Mapping[str, str]) -> str:
    host = headers.get("host", "")
    try:
        urlsplit(f"http://{host}").port  # noqa: B018  # it raises if there is none that can be read
    except ValueError:
        return ""
    return f"http://{host}" if host else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _text(body: Any) -> str:
    if body is None or isinstance(body, str):
        return body or ""
    return orjson.dumps(body).decode()


def _cookies(header: str) -> dict[str, str]:
    names = (pair.partition("=")[0].strip() for pair in header.split(";"))
    return {show_name(name): MASK for name in names if name}
