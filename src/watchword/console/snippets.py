"""A request of the journal as code that sends it again: curl, fetch, Playwright, pytest."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from watchword.document.media_types import FORM
from watchword.journal.entry import Entry, ShownRequest
from watchword.journal.masking import MASK

_TOLD = re.compile(r"(\S+) of (\S.*)\Z")
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


@dataclass(frozen=True, slots=True)
class _Body:
    """
    What is sent.

    Args:
        value: JSON types; a form's fields by name; text if nothing is known of it.
        kind: ``json``, ``form``, ``text``; empty without a body.
    """

    value: Any
    kind: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The fields of a form, each value of a name that comes more than once."""
        return list(_pairs(self.value))

    @property
    def repeats(self) -> bool:
        """Whether a name of a form comes more than once."""
        return len(self.pairs) > len(self.value)


def snippets(entry: Entry, root_url: str) -> tuple[Snippet, ...]:
    """
    Write a request in every language; what the journal masks is a placeholder.

    Args:
        root_url: Where its sandbox is.
    """
    url, headers = f"{root_url}{_address(entry.request)}", _headers(entry)
    method, body = entry.request.method, _body(entry.request)
    return (
        Snippet("curl", _curl(method, url, headers, body)),
        Snippet("fetch", _fetch(method, url, headers, body)),
        Snippet("Playwright", _playwright(method, url, headers, body)),
        Snippet("pytest", _pytest(method, url, headers, body, entry.response.status)),
    )


def _address(request: ShownRequest) -> str:
    """Write path and query, such as ``/passwords?token=<token>``."""
    query = "&".join(
        f"{name}={value if value == f'<{name}>' else quote(value, safe='')}"
        for name, value in _pairs(_unmasked(request.query))
    )
    return f"{request.path}?{query}" if query else request.path


def _pairs(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one if isinstance(one, str) else _json(one)


def _body(request: ShownRequest) -> _Body:
    body = request.body
    if body is None:
        return _Body(None, "")
    if body == MASK:
        return _Body("<body>", "text")
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    return _Body(_unmasked(body), "form" if form and isinstance(body, dict) else "json")


def _headers(entry: Entry) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in entry.request.headers.items():
        if name in _OF_THE_CONNECTION or name.startswith(("sec-", "access-control-", "x-forwarded-", "*")):
            continue
        kept[name] = _placeholder(name, value)
    return kept


def _placeholder(name: str, value: str) -> str:
    """Write ``Bearer <token of ada>`` or ``<api-key of programme main>`` for a credential told by its holder."""
    told = _TOLD.match(value)
    if told is not None and told[1] in (name, "bearer", "basic"):
        scheme, holder = told.groups()
        what = "credentials" if scheme == "basic" else "token"
        return f"{scheme.capitalize()} <{what} of {holder}>" if name == "authorization" else f"<{name} of {holder}>"
    return f"<{name}>" if value == MASK else value


def _unmasked(value: Any, name: str = "value") -> Any:
    if isinstance(value, dict):
        return {key: _unmasked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_unmasked(one, name) for one in value]
    return f"<{name}>" if value == MASK else value


def _json(value: Any, *, indent: bool = False) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0, default=str).decode()


def _curl(method: str, url: str, headers: dict[str, str], body: _Body) -> str:
    lines = [f"curl -X {shlex.quote(method)} {shlex.quote(url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    match body.kind:
        case "form":
            lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in body.pairs]
        case "text":
            lines.append(f"--data-raw {shlex.quote(body.value)}")
        case "json":
            lines.append(f"-d {shlex.quote(_json(body.value))}")
    return " \\\n  ".join(lines)


def _fetch(method: str, url: str, headers: dict[str, str], body: _Body) -> str:
    options: list[str] = [f"  method: {_json(method)},", f"  headers: {_json(headers)},"]
    match body.kind:
        case "form":
            options.append(f"  body: {_search_params(body)},")
        case "text":
            options.append(f"  body: {_json(body.value)},")
        case "json":
            options.append(f"  body: JSON.stringify({_json(body.value)}),")
    return "\n".join([f"await fetch({_json(url)}, {{", *options, "});"])


def _playwright(method: str, url: str, headers: dict[str, str], body: _Body) -> str:
    options: list[str] = [f"  method: {_json(method)},", f"  headers: {_json(headers)},"]
    match body.kind:
        case "form" if body.repeats:
            options.append(f"  data: {_search_params(body)}.toString(),")
        case "form":
            options.append(f"  form: {_json(dict(body.pairs))},")
        case "text" | "json":
            options.append(f"  data: {_json(body.value)},")
    return "\n".join([f"const answer = await request.fetch({_json(url)}, {{", *options, "});"])


def _search_params(body: _Body) -> str:
    return f"new URLSearchParams({_json(body.pairs if body.repeats else dict(body.pairs))})"


def _pytest(method: str, url: str, headers: dict[str, str], body: _Body, status: int) -> str:
    argument = {"form": "data", "text": "content", "json": "json"}.get(body.kind)
    sent = f",\n        {argument}={body.value!r}" if argument else ""
    return (
        "import httpx\n\n\ndef test_it():\n    answer = httpx.request(\n"
        f"        {method!r},\n        {url!r},\n        headers={headers!r}{sent},\n    )\n"
        f"    assert answer.status_code == {status}"
    )
