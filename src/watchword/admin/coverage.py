"""``/__admin/coverage``: as JSON, as text, as Markdown, as a page."""

from dataclasses import dataclass

from watchword.admin import coverage_shapes, coverage_texts
from watchword.admin.coverage_page import policy, write_page
from watchword.admin.journal import SCOPES
from watchword.control.coverage import CoverageReader
from watchword.control.coverage_report import CoverageReport
from watchword.system import Answer, Call

_NOT_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class CoverageHandlers:
    """The handlers for what the requests of all sandboxes, or of some, have reached."""

    reader: CoverageReader

    async def read(self, call: Call) -> Answer:
        """Report what was reached."""
        wanted = [one for one in call.query.get("operations", "").split(",") if one]
        report = await self.reader.report(sandbox=call.query.get("sandbox", ""), operations=wanted)
        return _write(report, call.query.get("format", "json"))

    async def find(self, call: Call) -> Answer:
        """Tell what a gate may forbid."""
        found = await self.reader.findings(SCOPES.get(call.query.get("scope", ""), call.sandbox))
        return Answer(body=coverage_shapes.findings(found))

    def clear(self, _call: Call) -> Answer:
        """Start afresh."""
        self.reader.clear()
        return Answer(204)


def _write(report: CoverageReport, form: str) -> Answer:
    match form:
        case "html":
            safe = {"Content-Security-Policy": f"{policy()}; frame-ancestors 'none'", "Referrer-Policy": "no-referrer"}
            headers = {**_NOT_STORED, **safe, "Content-Type": "text/html; charset=utf-8"}
            return Answer(200, write_page(report).encode(), headers)
        case "md":
            kind = "text/markdown; charset=utf-8"
            return Answer(200, coverage_texts.markdown(report).encode(), {**_NOT_STORED, "Content-Type": kind})
        case "text":
            kind = "text/plain; charset=utf-8"
            return Answer(200, coverage_texts.plain(report).encode(), {**_NOT_STORED, "Content-Type": kind})
        case _:
            return Answer(200, coverage_shapes.report(report), {"Cache-Control": "no-store"})
