"""A request of the journal as code that sends it again: curl, fetch, Playwright, pytest."""

import re
import shlex
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.journal.entry import Entry
from watchword.journal.masking import MASK

_TOLD = re.compile(r"(\S+) of (\S+)\Z")
_OF_THE_CONNECTION = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "date"),
        *("expect", "host", "origin", "pragma", "te", "trailer", "transfer-encoding", "user-agent", "cookie"),
        "referer",
    )
)
"""Headers that a client writes by itself."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A request in one language."""

    name: str
    text: str


def snippets(entry: Entry, root_url: str) -> tuple[Snippet, ...]:
    """
    Write a request in every language; what the journal masks is a placeholder.

    Args:
        root_url: Where its sandbox is.
    """
    url, headers = f"{root_url}{entry.request.url}", _headers(entry)
    method, body = entry.request.method, _unmasked(entry.request.body)
    return (
        Snippet("curl", _curl(method, url, headers, body)),
        Snippet("fetch", _fetch(method, url, headers, body)),
        Snippet("Playwright", _playwright(method, url, headers, body)),
        Snippet("pytest", _pytest(method, url, headers, body, entry.response.status)),
    )


def _headers(entry: Entry) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in entry.request.headers.items():
        if name in _OF_THE_CONNECTION or name.startswith(("sec-", "access-control-", "x-forwarded-", "*")):
            continue
        kept[name] = _placeholder(name, value)
    return kept


def _placeholder(name: str, value: str) -> str:
    """Write ``Bearer <token of ada>`` for a credential that is told by its holder."""
    told = _TOLD.match(value)
    if told is not None:
        scheme, holder = told.groups()
        return f"{scheme.capitalize()} <token of {holder}>" if name == "authorization" else f"<{name} of {holder}>"
    return f"<{name}>" if value == MASK else value


def _unmasked(value: Any, name: str = "value") -> Any:
    if isinstance(value, dict):
        return {key: _unmasked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_unmasked(one, name) for one in value]
    return f"<{name}>" if value == MASK else value


def _json(value: Any, *, indent: bool = False) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0, default=str).decode()


def _curl(method: str, url: str, headers: dict[str, str], body: Any) -> str:
    lines = [f"curl -X {shlex.quote(method)} {shlex.quote(url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"-d {shlex.quote(_json(body))}")
    return " \\\n  ".join(lines)


def _fetch(method: str, url: str, headers: dict[str, str], body: Any) -> str:
    options: list[str] = [f"  method: {_json(method)},", f"  headers: {_json(headers)},"]
    if body is not None:
        options.append(f"  body: JSON.stringify({_json(body)}),")
    return "\n".join([f"await fetch({_json(url)}, {{", *options, "});"])


def _playwright(method: str, url: str, headers: dict[str, str], body: Any) -> str:
    options: list[str] = [f"  method: {_json(method)},", f"  headers: {_json(headers)},"]
    if body is not None:
        options.append(f"  data: {_json(body)},")
    return "\n".join([f"const answer = await request.fetch({_json(url)}, {{", *options, "});"])


def _pytest(method: str, url: str, headers: dict[str, str], body: Any, status: int) -> str:
    sent = "" if body is None else f",\n        json={body!r}"
    return (
        "import httpx\n\n\ndef test_it():\n    answer = httpx.request(\n"
        f"        {method!r},\n        {url!r},\n        headers={headers!r}{sent},\n    )\n"
        f"    assert answer.status_code == {status}"
    )
