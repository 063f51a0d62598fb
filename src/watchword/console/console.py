"""The window's pages: admitted, found, answered."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from watchword.console import bar, clock, events, faults, mails, people, requests, rules, sandboxes, settings, start
from watchword.console.admission import Doorkeeper
from watchword.console.labels import problems_of, sentence_of
from watchword.console.site import Site
from watchword.console.visit import ROOT, Download, Page, Redirect, Streamed, Unchanged, Visit
from watchword.console.writing import Writer, file_answer
from watchword.control.errors import ControlError
from watchword.control.replay import Replayer
from watchword.document import Document
from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.edge.served_api import ServedApi
from watchword.system import Answer

_STATIC = Path(__file__).parent / "static"
_FILES: Mapping[str, str] = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
}
Said = Download | Page | Redirect | Streamed | Unchanged
View = Callable[[Site, Visit], Said | Awaitable[Said]]
_VIEWS: Mapping[str, Mapping[int, View]] = {
    "": {0: start.show},
    "requests": {0: requests.show, 1: requests.open_one, 2: requests.further},
    "mails": {0: mails.show, 1: mails.open_one},
    "people": {0: people.show, 2: people.open_one},
    "clock": {0: clock.show},
    "faults": {0: faults.show},
    "settings": {0: settings.show, 1: settings.open_one},
    "sandboxes": {0: sandboxes.show, 1: sandboxes.export},
    "rules": {0: rules.show},
    "bar": {0: bar.show},
    "events": {0: events.follow},
}
"""What shows a page, by the first part of its path and the number of further ones."""


@dataclass(frozen=True)
class Console:
    """
    Answers requests for the window.

    Args:
        imitated: What is looked at.
        replayer: Reads the journal, if there is one, and replays its requests.
        keeper: Knows who may open its pages, and who has signed in.
        described: The document of the control API.
    """

    imitated: ServedApi
    replayer: Replayer
    keeper: Doorkeeper
    described: Document

    def has(self, path: str) -> bool:
        """Whether *path* is one of the window's."""
        return path == ROOT or path.startswith(f"{ROOT}/")

    async def __call__(self, exchange: Exchange) -> Answer:
        """Answer a request for a page."""
        rest = tuple(exchange.path.removeprefix(ROOT).strip("/").split("/"))
        visit = Visit(exchange, rest if rest != ("",) else ())
        writer, keeper = self._writer, self.keeper
        if exchange.method not in ("GET", "HEAD", "POST"):
            return writer.refusal(
                visit, 405, "Pages are read with GET, and changed with their forms.", {"Allow": _ALLOW}
            )
        if len(visit.rest) == 2 and visit.rest[0] == "static" and visit.rest[1] in _FILES:
            return file_answer(_STATIC / visit.rest[1], _FILES[visit.rest[1]])
        try:
            if visit.rest == ("sign-in",) and visit.changes:
                return writer.redirect(visit, visit.wanted, cookie=keeper.sign_in(visit))
            keeper.check(visit)
        except Refusal as refused:
            if refused.status == 401:
                return writer.sign_in(visit, wrong=visit.rest == ("sign-in",) and visit.changes)
            return writer.refusal(visit, refused.status, refused.message or "", {})
        return await self._answer(visit)

    async def _answer(self, visit: Visit) -> Answer:
        writer, keeper = self._writer, self.keeper
        if not visit.rest and not visit.exchange.path.endswith("/"):
            return writer.redirect(visit, "")
        if visit.rest == ("sign-out",) and visit.changes:
            return writer.redirect(visit, "", cookie=keeper.cookie(visit, visit.base, value=""))
        if visit.rest == ("go",):
            return writer.leave(visit, keeper)
        if visit.rest != ("events",) and self._is_missing(visit) and not sandboxes.makes_one(visit):
            return writer.missing(visit)
        view = _VIEWS.get(visit.rest[0] if visit.rest else "", {}).get(max(0, len(visit.rest) - 1))
        if view is None:
            return writer.refusal(visit, 404, "There is no such page.", {})
        try:
            said = view(self._site, visit)
            if inspect.isawaitable(said):
                said = await said
        except ControlError as error:
            status = 409 if visit.changes else 404
            sentence = sentence_of(error)
            return writer.refusal(visit, status, sentence, {}, problems=problems_of(visit.rest, visit.form, error))
        return writer.write(visit, said)

    def _is_missing(self, visit: Visit) -> bool:
        """Whether nobody has made the sandbox, or somebody has dropped it: looking at it must not make it."""
        return self.imitated.sandboxes.get(visit.sandbox.name) is None

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.keeper)

    @cached_property
    def _site(self) -> Site:
        return Site(self.imitated, self.replayer, self.described)


_ALLOW = "GET, HEAD, POST"
