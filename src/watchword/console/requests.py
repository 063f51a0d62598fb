"""The page of requests: newest first, live, and each of them opened."""

from dataclasses import dataclass
from urllib.parse import urlencode

from watchword.console.changes import shown_changes
from watchword.console.replays import by_other_documents, replay, what_if
from watchword.console.site import Site
from watchword.console.snippets import Snippet, snippets
from watchword.console.visit import Page, Redirect, Unchanged, Visit
from watchword.control.errors import JournalOff, NoSuchEntry
from watchword.journal.entry import Entry
from watchword.journal.explanation import explain

_MOST = 200
"""How many requests are listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A request in the list, with the sentence that says why it was refused, lost or late; empty if it was not."""

    entry: Entry
    sentence: str


def show(site: Site, visit: Visit) -> Page | Redirect:
    """List requests; a form empties the list."""
    if visit.changes:
        site.reader.clear(visit.sandbox.name)
        return Redirect("requests")
    if site.reader.journal is None:
        return Page("no_journal.html", {"sentence": JournalOff().sentence})
    return Page("requests.html", _listed(site, visit, after=None))


async def open_one(site: Site, visit: Visit) -> Page | Unchanged:
    """Open one request; ``rows`` in the place of an id lists those that came since. A form replays it."""
    if visit.rest[1] == "rows":
        return _newer(site, visit)
    explanation = site.reader.explain(visit.sandbox.name, visit.rest[1])
    entry = explanation.entry
    # Of a request that is refused before anything reads it, only the first line is noted.
    noted = bool(entry.request.method and entry.request.headers)
    shown: tuple[Snippet, ...] = snippets(entry, visit.exchange.root_url) if noted else ()
    replayed = await replay(site, visit, visit.rest[1]) if visit.changes else None
    values: dict[str, object] = {"entry": entry, "why": explanation, "snippets": shown, "replayed": replayed}
    values["changes"] = shown_changes(site, visit, visit.rest[1])
    values |= {"filtered": _filtered(visit)}
    values["other_documents"] = site.replayer.has_other_documents(visit.sandbox.name, entry.id)
    return Page("request.html", {**values, "form": visit.form, "can_replay": bool(entry.system), "noted": noted})


async def further(site: Site, visit: Visit) -> Page:
    """Say what would have helped the request that the path names, or what other documents answer."""
    page = {"what-if": what_if, "documents": by_other_documents}.get(visit.rest[2])
    if page is None:
        raise NoSuchEntry
    return await page(site, visit)


def _newer(site: Site, visit: Visit) -> Page | Unchanged:
    text = visit.query.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    # Of another server, or where requests were removed, the page has rows that are none any more.
    whole = after is not None and visit.query.get("held") != _held(site, visit)
    found = _listed(site, visit, after=None if whole else after)
    if after is not None and not whole and after == found["newest"]:
        return Unchanged()
    return Page("rows.html", {**found, "whole": whole})


def _held(site: Site, visit: Visit) -> str:
    """Name what the journal has held since requests of this list were last removed, other than for newer ones."""
    journal = site.reader.held
    return f"{journal.prefix}-{journal.removed(_owner(visit))}"


def _owner(visit: Visit) -> str:
    """Name the sandbox whose requests are listed; empty for those that belong to none."""
    return "" if visit.query.get("scope") == "server" else visit.sandbox.name


def _listed(site: Site, visit: Visit, *, after: int | None) -> dict[str, object]:
    words = visit.query.get("q", "").lower().split()
    scope = "server" if visit.query.get("scope") == "server" else ""
    newest = site.reader.held.last_number
    found = site.reader.newest(_owner(visit), words, after=after, limit=_MOST)
    rows = [Row(one, _sentence(site, one)) for one in found]
    values = {"rows": rows, "newest": newest, "held": _held(site, visit), "q": visit.query.get("q", ""), "scope": scope}
    return {**values, "filtered": _filtered(visit)}


def _filtered(visit: Visit) -> str:
    """Write the filter as a query, for links that keep it; empty without one."""
    chosen = {name: visit.query[name] for name in ("q", "scope") if visit.query.get(name, "").strip()}
    return f"?{urlencode(chosen)}" if chosen else ""


def _sentence(site: Site, entry: Entry) -> str:
    if entry.lost or entry.aborted:
        return explain(entry, site.imitated.systems).sentence
    if entry.response.status < 400 and not entry.reason:
        return entry.delayed
    sentence = explain(entry, site.imitated.systems).sentence
    because = sentence.partition(": ")[2] or sentence
    return f"{because[0].upper()}{because[1:]}"
