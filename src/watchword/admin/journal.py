"""``/__admin/journal`` and ``/__admin/verify``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchword.admin import journal_shapes as shapes
from watchword.admin.timestamps import read_moment
from watchword.control.errors import NotVerified
from watchword.control.journal import JournalReader
from watchword.control.journal_names import find_unknown_names
from watchword.domain.durations import read_duration
from watchword.domain.refusal import Malformed, Violation
from watchword.journal.search import Filter
from watchword.journal.verification import ANYTHING, Count, Expected
from watchword.system import Answer, Call

SCOPES: Mapping[str, str | None] = {"server": "", "all": None}
"""The sandbox whose entries are wanted; the default is that of the call."""
_USUAL_LIMIT = 100


@dataclass(frozen=True)
class JournalHandlers:
    """The handlers for the journal of the sandbox that a call names."""

    reader: JournalReader

    async def find(self, call: Call) -> Answer:
        """List entries, newest first; with ``wait`` and nothing to list, wait for the first."""
        query = call.query
        sandbox = SCOPES.get(query.get("scope", ""), call.sandbox)
        self._refuse_unknown_names(sandbox, "query", query)
        found = await self.reader.wait(
            self.reader.imitated.sandboxes,
            sandbox,
            self._filter(query, self._person(sandbox, query)),
            limit=query.get("limit", _USUAL_LIMIT),
            timeout=read_duration(query.get("wait", "0s")),
        )
        return Answer(body=shapes.entries(found))

    def read(self, call: Call) -> Answer:
        """Read one entry."""
        return Answer(body=shapes.entry(self.reader.read(call.sandbox, call.path["id"])))

    def explain(self, call: Call) -> Answer:
        """Say why one entry was answered so."""
        return Answer(body=shapes.explanation(self.reader.explain(call.sandbox, call.path["id"])))

    def clear(self, call: Call) -> Answer:
        """Forget the sandbox's entries."""
        self.reader.clear(call.sandbox)
        return Answer(204)

    def verify(self, call: Call) -> Answer:
        """Count the entries that are as expected."""
        self._refuse_unknown_names(call.sandbox, "body", call.body)
        expected = _expected(call.body, self._person(call.sandbox, call.body))
        count = _count(call.body.get("count", 1))
        verified = self.reader.verify(call.sandbox, expected, count)
        if not verified.verified:
            raise NotVerified(verified.count, count, shapes.nearest(verified))
        return Answer(body=shapes.verification(verified))

    def _refuse_unknown_names(self, sandbox: str | None, where: str, asked: Mapping[str, Any]) -> None:
        names = {
            name: asked[name] for name in ("operation", "system", "rule", "person", "code", "outcome") if name in asked
        }
        unknown = find_unknown_names(self.reader, sandbox, **names)
        if unknown:
            raise Malformed([Violation(where, one.path, "enum", None, one.detail) for one in unknown])

    def _person(self, sandbox: str | None, asked: Mapping[str, Any]) -> str:
        person: str = asked.get("person", "")
        return (self.reader.name_in(sandbox, person) if sandbox and person else None) or person

    def _filter(self, query: Mapping[str, Any], person: str) -> Filter:
        texts = ("operation", "system", "status", "code", "outcome", "rule", "path")
        since, after = self._since(query.get("since"))
        return Filter(
            **{name: query[name] for name in texts if name in query},
            person=person,
            since=since,
            after=after,
            unmatched=query.get("unmatched"),
            violations=query.get("violations"),
        )

    def _since(self, text: str | None) -> tuple[datetime | None, int | None]:
        """Read a moment, or the id of an entry."""
        if text is None:
            return None, None
        number = self.reader.held.number_of(text)
        if number is not None and 0 < number <= self.reader.held.last_number:
            return None, number
        if "T" in text or ":" in text:
            return read_moment(text, where="query", name="since"), None
        detail = "must be a time (2026-01-31T12:00:00Z) or the id of an entry of this server's journal"
        raise Malformed([Violation("query", ("since",), "format", None, detail)])


def _expected(body: Mapping[str, Any], person: str) -> Expected:
    request = body.get("request", {})
    return Expected(
        operation=body.get("operation", ""),
        method=request.get("method", ""),
        path=request.get("path", ""),
        person=person,
        status=str(body.get("status", "")),
        body=body.get("body", ANYTHING),
    )


def _count(count: Any) -> Count:
    if isinstance(count, int):
        return Count(count, count)
    least, most = count.get("atLeast", 0), count.get("atMost")
    if most is not None and least > most:
        detail = "must not be more than atMost, or no number of requests would do"
        raise Malformed([Violation("body", ("count", "atLeast"), "maximum", None, detail)])
    return Count(least, most)
