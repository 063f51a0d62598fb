"""From what a page says to the bytes that a browser gets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment

from watchword.console.admission import Doorkeeper
from watchword.console.labels import Problem
from watchword.console.visit import HTML, Download, Page, Redirect, Streamed, Unchanged, Visit
from watchword.control.clock import read_clock
from watchword.domain.durations import write_duration
from watchword.edge.event_stream import event_stream
from watchword.edge.templating import templates
from watchword.sandbox.registry import DEFAULT, NAME
from watchword.system import Answer

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_TEMPLATES = Path(__file__).parent / "templates"
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # Not "no-referrer": a browser then sends forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_NAVIGATION = (
    ("requests", "Requests"),
    ("mails", "Mails"),
    ("people", "People"),
    ("clock", "Clock"),
    ("faults", "Faults"),
    ("settings", "Settings"),
    ("rules", "Rules"),
    ("sandboxes", "Sandboxes"),
)


def file_answer(path: Path, kind: str) -> Answer:
    """Answer with a file of the window's own."""
    return Answer(200, path.read_bytes(), {"Content-Type": kind, "Cache-Control": "no-cache", **_SAFE})


@dataclass(frozen=True)
class Writer:
    """
    Writes pages.

    Args:
        keeper: Knows what every form holds, and who has signed in.
    """

    keeper: Doorkeeper

    def write(self, visit: Visit, said: Download | Page | Redirect | Streamed | Unchanged) -> Answer:
        """Write what a page says."""
        if isinstance(said, Unchanged):
            return Answer(204, None, {"Cache-Control": "no-store", **_SAFE})
        if isinstance(said, Download):
            named = {"Content-Type": "application/json", "Content-Disposition": f'attachment; filename="{said.name}"'}
            return Answer(200, orjson.dumps(said.content), {**named, "Cache-Control": "no-store", **_SAFE})
        if isinstance(said, Streamed):
            return event_stream(said.pieces, _SAFE)
        if isinstance(said, Redirect):
            return self.redirect(visit, said.to)
        values = {**self._frame(visit), **said.values}
        text = self._environment.get_template(said.template).render(values)
        return Answer(said.status, text.encode(), {"Content-Type": HTML, "Cache-Control": "no-store", **_SAFE})

    def redirect(self, visit: Visit, to: str, *, cookie: str = "") -> Answer:
        """Send a browser to another page of this sandbox."""
        return _leading(visit, f"{visit.base}/{to}", {"Set-Cookie": cookie} if cookie else {})

    def leave(self, visit: Visit, keeper: Doorkeeper) -> Answer:
        """Send a browser to another sandbox, where it is signed in too: to the ``page`` of the query, or the first."""
        name = visit.query.get("sandbox", "")
        if not NAME.match(name):
            return self.refusal(visit, 404, "There is no such sandbox.", {})
        base, page = visit.base_in(name), visit.query.get("page", "")
        cookie = {"Set-Cookie": keeper.cookie(visit, base)} if "cookie" in visit.exchange.headers else {}
        return _leading(visit, f"{base}/{page if page in dict(_NAVIGATION) else ''}", cookie)

    def missing(self, visit: Visit) -> Answer:
        """Say that there is no such sandbox, or no longer; the page goes on when there is one."""
        return self.write(
            visit, Page("missing.html", {"navigation": (), "missing": True, "default": DEFAULT}, HTTPStatus.NOT_FOUND)
        )

    def sign_in(self, visit: Visit, *, wrong: bool) -> Answer:
        """Ask for the admin token."""
        values = {"wrong": wrong, "wanted": visit.wanted, "navigation": ()}
        return self.write(visit, Page("sign_in.html", values, HTTPStatus.UNAUTHORIZED))

    def refusal(
        self,
        visit: Visit,
        status: int,
        sentence: str,
        headers: Mapping[str, str],
        *,
        problems: tuple[Problem, ...] = (),
    ) -> Answer:
        """Say what cannot be done."""
        closed = {"navigation": ()} if status == HTTPStatus.FORBIDDEN else {}
        back = visit.wanted if problems else ""  # the page of the form
        values = {"sentence": sentence, "problems": problems, "back": back, **closed}
        page = Page("refusal.html", values, status)
        written = self.write(visit, page)
        return written.with_headers({**written.headers, **headers})

    def _frame(self, visit: Visit) -> dict[str, Any]:
        watch = visit.exchange.api.watch
        return {
            "base": visit.base,
            "here": visit.rest[0] if visit.rest else "",
            "navigation": _NAVIGATION,
            "sandbox": visit.sandbox.name,
            "proposal": visit.sandbox.proposal,
            "csrf": self.keeper.csrf,
            "signed_in": self.keeper.has_session(visit),
            "files": None if watch is None else watch.state,
            "armed": sum(not one.is_used_up for one in visit.sandbox.faults),
            "clock": read_clock(visit.sandbox),
        }

    @cached_property
    def _environment(self) -> Environment:
        made = templates(_TEMPLATES)
        made.filters |= {
            "moment": _moment,
            "second": _second,
            "minute": _minute,
            "time": _time,
            "pretty": _pretty,
            "side": _side,
            "fact": _fact,
        }
        return made


def _leading(visit: Visit, address: str, headers: Mapping[str, str]) -> Answer:
    """Lead to another address; a script is told, because it would follow by itself and not know where it is."""
    told = visit.exchange.headers.get("hx-request") == "true"
    where = {"HX-Redirect" if told else "Location": address}
    return Answer(204 if told else 303, None, {**where, "Cache-Control": "no-store", **_SAFE, **headers})


def _moment(at: datetime) -> str:
    return f"{_second(at)} UTC"


def _second(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03}"


def _fact(value: Any) -> str:
    """Write one value for people."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03} UTC"
        case timedelta():
            return write_duration(value)
        case Enum():
            return str(value.value)
        case str() if (moment := _read_moment(value)) is not None:
            return _fact(moment)
        case list() | tuple() if all(isinstance(one, str | int) for one in value):
            return ", ".join(map(_fact, value)) or "none"
        case _:
            return _pretty(value)


def _read_moment(text: str) -> datetime | None:
    """Read a moment; None for any other text, also for one that only looks like a moment."""
    if _TIMESTAMP.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _side(value: Any) -> str:
    """Write one side of a difference; None is what is not there."""
    return "none" if value is None else _pretty(value)


def _pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str).decode()
    except TypeError:
        return "(not text)"
