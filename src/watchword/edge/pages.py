"""Pages besides the APIs: the start page, the reference (Swagger UI), and the documents themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from swagger_ui_bundle import swagger_ui_path

from watchword import __version__
from watchword.document.writer import write_yaml
from watchword.edge.exchange import Exchange
from watchword.edge.nearest import shown_method
from watchword.edge.problem import Problem, problem_details
from watchword.edge.public_url import path_of, served_at, under_prefix
from watchword.edge.reference_choices import CONTROL, list_apis, list_choices
from watchword.edge.rules_page import write_rules_page
from watchword.edge.served_api import ServedApi
from watchword.sandbox import DEFAULT, Sandbox
from watchword.system import Answer

_HERE = Path(__file__).parent / "static"
_HTML, _SCRIPT, _STYLE, _PICTURE = "text/html; charset=utf-8", "text/javascript", "text/css", "image/png"
_ASSETS: Mapping[str, tuple[Path, str]] = {
    "docs.css": (_HERE, _STYLE),
    "docs.js": (_HERE, _SCRIPT),
    "rules.css": (_HERE, _STYLE),
    "favicon-32x32.png": (swagger_ui_path, _PICTURE),
    "swagger-ui.css": (swagger_ui_path, _STYLE),
    "swagger-ui-bundle.js": (swagger_ui_path, _SCRIPT),
}
_ALLOW = "GET, HEAD"
_RULES = "/docs/rules"
PATHS = ("/", "/docs", "/docs/", _RULES, "/openapi.json", "/openapi.yaml")
"""The pages that an operation of the document could have the path of."""
_DOCS = "/docs/"
CONSOLE = "/__admin/ui"
_CONSOLE = f"{CONSOLE}/"
_BELOW = (_DOCS, _CONSOLE)
_ASKED = ("/openapi.", "/__admin/", _RULES)
"""What the beginning of a path is, if a query says what the page is about."""
_KEPT = 64
"""How many pages are kept: a client chooses the prefix, so it must not choose their number."""
_SAFE = {
    # Swagger UI styles its elements one by one and draws with data: pictures; nothing comes from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STRICT = {
    **_SAFE,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
}
"""For pages without a script."""


class _Wanted(NamedTuple):
    """
    A page that is made once.

    Args:
        proposal: The name of the proposal that it is about; empty for none.
        system: The name of the system or the document that it is about; empty for all systems.
        prefix: What stands before the paths that its reader uses.
    """

    path: str
    proposal: str
    system: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class ReferencePages:
    """
    Answers requests for pages, which no document describes.

    A page is made when it is first requested, in a thread because the whole document takes a while, and reused.

    Args:
        admin: The control API; None if it is switched off.
        documents: The documents that are served beside those two, by name.
        console: The window, which has pages of its own below `CONSOLE`; None if it is switched off.
    """

    imitated: ServedApi
    admin: ServedApi | None = None
    documents: Mapping[str, ServedApi] = field(default_factory=dict)
    console: Callable[[Exchange], Awaitable[Answer]] | None = None
    _made: dict[_Wanted, Answer] = field(default_factory=dict)

    def has(self, path: str, sandbox: Sandbox) -> bool:
        """Whether *path* is a page, or could be one because of how it begins; an operation's path is none."""
        return (
            path in ("/", CONSOLE) or path in self._PAGES or path.startswith(_BELOW)
        ) and path not in self.imitated.of(sandbox).literal_paths

    async def __call__(self, exchange: Exchange) -> Answer:
        """
        Answer a request for a page.

        Raises:
            Problem: There is no such page, no such system, or no such proposal.
        """
        if self.console is not None and (exchange.path + "/").startswith(_CONSOLE):
            return await self.console(exchange)
        if exchange.method not in ("GET", "HEAD"):
            shown = self.imitated.nearest.without_values(exchange.path)
            method = shown_method(exchange.method)
            detail = f"{method} is not served at {shown}. Allowed: {_ALLOW}."
            refused = problem_details(Problem(405, detail, "wrong-method"))
            return replace(refused, headers={**refused.headers, "Allow": _ALLOW})
        if exchange.path == "/":
            return _page(self._start(exchange.sandbox), _HTML)
        wanted = _wanted(exchange)
        found = self._made.get(wanted)
        if found is None:
            found = await asyncio.to_thread(self._make, wanted)
            self._keep(wanted, found)
        return found

    def _keep(self, wanted: _Wanted, page: Answer) -> None:
        if len(self._made) >= _KEPT:
            del self._made[next(iter(self._made))]
        self._made[wanted] = page

    def _make(self, wanted: _Wanted) -> Answer:
        if wanted.path.startswith(_DOCS) and wanted.path not in self._PAGES:
            return self._docs(wanted)
        return self._PAGES[wanted.path](self, wanted)

    def _document(self, wanted: _Wanted) -> dict[str, Any]:
        system, prefix, imitated = wanted.system, wanted.prefix, self._api(wanted.proposal)
        if system in self.documents:
            # This server, and not the real one.
            api = self.documents[system]
            return served_at(f"{prefix}/{system}", api.document.export(handled=api.handlers))
        try:
            return _published(imitated, prefix, system or None)
        except KeyError:
            raise _no_such_system(*imitated.document.system_names, *self.documents) from None

    def _api(self, proposal: str) -> ServedApi:
        found = self.imitated.proposals.get(proposal) if proposal else self.imitated
        if found is None:
            names = ", ".join(self.imitated.proposals) or "none (watchword serve --proposal NAME=FILE)"
            raise Problem(404, f"There is no such proposal. There are: {names}.", "no-such-proposal")
        return found

    @property
    def _control(self) -> ServedApi:
        if self.admin is None:
            raise Problem(404, "The control API is switched off (--disable-admin-api).", "control-api-off")
        return self.admin

    def _docs(self, wanted: _Wanted) -> Answer:
        name = wanted.path.removeprefix(_DOCS)
        if not name:
            api, admin = self._api(wanted.proposal), self.admin is not None
            choices = list_choices(api, self.imitated, self.documents, admin=admin)
            return _page(_filled("docs.html", documents=escape(orjson.dumps(choices).decode())), _HTML)
        if name not in _ASSETS:
            shown = self.imitated.nearest.without_values(f"/docs/{name}")
            raise Problem(404, f"There is no page {shown}. The reference is at /docs.", "unknown-path")
        folder, kind = _ASSETS[name]
        return _page((folder / name).read_bytes(), kind)

    def _rules(self, wanted: _Wanted) -> Answer:
        """Say what decides the answers of one system, and what the proposal changes."""
        api = self._api(wanted.proposal)
        names = api.document.system_names
        # A document without operations has no system.
        system = wanted.system or next(iter(names), "")
        if wanted.system and system not in names:
            raise _no_such_system(*names)
        before = self.imitated if wanted.proposal else None
        return _page(write_rules_page(api, before, system, wanted.proposal).encode(), _HTML, _STRICT)

    def _start(self, sandbox: Sandbox) -> bytes:
        rows = self._rows(self.imitated.of(sandbox))
        where, note, name = "", "", escape(sandbox.name)
        if sandbox.name != DEFAULT:
            where, note = f", sandbox {name}", _SANDBOX.format(name)
        if sandbox.proposal:
            where += f", proposal {escape(sandbox.proposal)}"
        control = "" if self.admin is None else _CONTROL_LINKS
        version = escape(__version__)
        return _filled("start.html", version=version, rows=rows, control=control, where=where, sandbox=note)

    def _rows(self, imitated: ServedApi) -> str:
        """Write the rows of the start page's table, one for each system."""
        rows = []
        for one in list_apis(imitated, self.documents):
            rules = f'<a href="{escape(f"docs/rules?{one.query}")}">rules</a>' if one.has_rules else ""
            rows.append(
                f"    <tr><td>{escape(one.title)}</td><td>{one.operations}</td>"
                f'<td><a href="{escape(_reference(one.title))}">reference</a></td><td>{rules}</td>'
                f'<td><a href="{escape(f"openapi.json?{one.query}")}">JSON</a></td></tr>'
            )
        return "\n".join(rows)

    # Of the class: what an object holds that refers to it is freed by garbage collections only, with its documents.
    _PAGES: ClassVar[Mapping[str, Callable[["ReferencePages", _Wanted], Answer]]] = {
        # Relative, so that it stays under a sandbox's path prefix.
        "/docs": lambda _pages, _wanted: Answer(302, headers={"Location": "docs/"}),
        _RULES: _rules,
        "/openapi.json": lambda pages, wanted: _json(pages._document(wanted)),
        "/openapi.yaml": lambda pages, wanted: _yaml(pages._document(wanted)),
        "/__admin/openapi.json": lambda pages, wanted: _json(_published(pages._control, wanted.prefix)),
        "/__admin/openapi.yaml": lambda pages, wanted: _yaml(_published(pages._control, wanted.prefix)),
        "/__admin/spec": lambda pages, wanted: _json(_published(pages._control, wanted.prefix)),
    }


def _wanted(exchange: Exchange) -> _Wanted:
    path, proposal = exchange.path, exchange.sandbox.proposal
    if not path.startswith(_ASKED):
        return _Wanted(path, proposal)
    asked = {} if path.startswith("/__admin/") else dict(parse_qsl(exchange.query, keep_blank_values=True))
    # An empty name is today's document, also in a sandbox that has chosen a proposal.
    return _Wanted(path, asked.get("proposal", proposal), asked.get("system", ""), path_of(exchange.root_url))


def _no_such_system(*names: str) -> Problem:
    return Problem(404, f"There is no such system. There are: {', '.join(names) or 'none'}.", "no-such-system")


def _published(api: ServedApi, prefix: str, system: str | None = None) -> dict[str, Any]:
    """Give a document as the client reaches it: *prefix* stands before the paths that it uses."""
    document = api.document.export(handled=api.handlers, system=system)
    return under_prefix(prefix, document) if prefix else document


def _reference(name: str) -> str:
    """Make the relative link to the reference of a document, with %20 for a blank as outside of forms."""
    return f"docs/?{urlencode({'urls.primaryName': name}, quote_via=quote)}"


_SANDBOX = (
    '  <p class="sandbox">This is the sandbox <strong>{}</strong>. <a href="../">Go to the default sandbox</a></p>'
)
_CONTROL_LINKS = (
    '  <p><a href="__admin/ui/requests">Look inside</a>: requests and why they were refused,'
    " mails, people, clock, faults.</p>\n"
    "  <p>The same for programs:"
    f' <a href="{_reference(CONTROL)}">control API</a>,'
    ' <a href="__admin/people">people</a>, <a href="__admin/inbox">inbox</a>.</p>'
)


def _page(content: bytes, kind: str, safe: Mapping[str, str] = _SAFE) -> Answer:
    return Answer(200, content, {"Content-Type": kind, "Cache-Control": "no-cache", **safe})


def _json(document: dict[str, Any]) -> Answer:
    return _page(orjson.dumps(document, option=orjson.OPT_INDENT_2), "application/json")


def _yaml(document: dict[str, Any]) -> Answer:
    return _page(write_yaml(document).encode(), "application/yaml")


def _filled(name: str, **values: str) -> bytes:
    return Template((_HERE / name).read_text(encoding="utf-8")).substitute(values).encode()
