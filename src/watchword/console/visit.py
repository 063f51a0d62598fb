"""One request for a page of the window, and what a page answers."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from watchword.console.form_fields import read_fields
from watchword.edge.exchange import Exchange
from watchword.edge.public_url import path_of
from watchword.sandbox import DEFAULT, Sandbox

ROOT = "/__admin/ui"
HTML = "text/html; charset=utf-8"
_MOST_FIELDS = 1_000
_ADDRESS = re.compile(r"[A-Za-z0-9_~%-][A-Za-z0-9._~%/?&=+-]{0,499}")
"""A path and a query that can stand in an address as they are."""
_DONE = {"saved": "Saved.", "imported": "Imported."}


@dataclass(frozen=True, repr=False)
class Visit:
    """
    One request for a page; shown without anything that was sent.

    Args:
        rest: The parts of the path below the window's own, decoded.
    """

    exchange: Exchange
    rest: tuple[str, ...]

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the page is about."""
        return self.exchange.sandbox

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The parameters; the last of each name."""
        return dict(parse_qsl(self.exchange.query, max_num_fields=_MOST_FIELDS))

    @property
    def wanted(self) -> str:
        """The page to see after signing in, below the window's own; empty for the first."""
        if self.rest == ("sign-out",):
            return ""
        if self.rest == ("sign-in",):
            wanted = self.form.get("wanted", "")
        else:
            path, query = "/".join(quote(one, safe="") for one in self.rest), self.exchange.query
            wanted = f"{path}?{query}" if query else path
        return wanted if _ADDRESS.fullmatch(wanted) else ""

    @property
    def said(self) -> str:
        """What the form that led here has done, in a few words; empty if none did."""
        return _DONE.get(self.query.get("said", ""), "")

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of a form that was sent; the last of each name."""
        return read_fields(self.exchange.body, self.exchange.headers.get("content-type", ""))

    @cached_property
    def base(self) -> str:
        """The path that every address of the window in this sandbox begins with."""
        return f"{path_of(self.exchange.root_url)}{ROOT}"

    def base_in(self, sandbox: str) -> str:
        """
        Give the same for another sandbox.

        A browser that sends the name of one with every request, as a test lets it, would come back to that one from an
        address without a name.
        """
        server = path_of(self.exchange.root_url).removesuffix(f"/~{self.sandbox.name}")
        unnamed = sandbox == self.exchange.headers.get("watchword-sandbox", DEFAULT) == DEFAULT
        return f"{server}{'' if unnamed else f'/~{quote(sandbox)}'}{ROOT}"

    @property
    def changes(self) -> bool:
        """Whether it is to change something."""
        return self.exchange.method == "POST"


@dataclass(frozen=True)
class Page:
    """
    A page to be written.

    Args:
        template: Its file.
        values: What the template shows.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = HTTPStatus.OK


@dataclass(frozen=True)
class Redirect:
    """The address to look at next, below the window's own."""

    to: str


@dataclass(frozen=True)
class Download:
    """JSON that a browser saves as a file called *name*."""

    name: str
    content: Any = field(repr=False)


@dataclass(frozen=True)
class Streamed:
    """A stream of events."""

    pieces: AsyncGenerator[bytes]


@dataclass(frozen=True)
class Unchanged:
    """Nothing new."""
