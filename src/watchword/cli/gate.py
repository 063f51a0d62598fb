"""The gate behind a command: which findings close it, how much has to be reached, what is written."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import orjson

from watchword.cli.report_files import write_reports
from watchword.cli.words import check_words
from watchword.client import Watchword
from watchword.client.reports import tell_finding, tell_left_out, tell_shortfall
from watchword.journal.findings import Kind

KINDS = tuple(one for one in Kind if one is not Kind.BEHAVIOUR)
"""What can close it: what a server of ours answers is its behaviour."""
NOTHING_SENT = "The command sent no request to this server: it has to take the address from WATCHWORD_URL."
_NAMED = 10
Json = Mapping[str, Any]


def read_kinds(_context: click.Context, _option: click.Parameter, words: Sequence[str]) -> frozenset[str]:
    """
    Read the kinds of ``--fail-on``: those in `KINDS`.

    Raises:
        click.BadParameter: There is no such kind; the message lists those that there are.
    """
    return check_words(words, KINDS, kind="kind")


@dataclass(frozen=True)
class Gate:
    """
    What a run has to keep.

    Args:
        fail_on: Kinds of findings that close the gate; the others are only told.
        min_coverage: Percent of the documented answers that have to be reached; None for any.
        operations: What coverage is about; empty for the systems that were called.
        reports: Files to write, by form.
    """

    fail_on: frozenset[str]
    min_coverage: float | None
    operations: str
    reports: Mapping[str, Path]

    def prove(self, api: Watchword) -> None:
        """
        Find out early whether it can be judged at all.

        Raises:
            WatchwordError: No operation fits a pattern.
        """
        api.coverage("text", operations=self.operations)

    def judge(self, api: Watchword) -> tuple[list[str], bool]:
        """
        Judge what the run has done.

        Returns:
            What to tell, a line each, and whether the gate is closed.

        Raises:
            WatchwordError: The server does not answer any more.
        """
        report = api.coverage(operations=self.operations)
        closing = [one for one in report["findings"] if one["kind"] in self.fail_on]
        found = report["findings"]
        lines = [*tell_findings(found, self.fail_on), *_evidence(report)]
        lines += filter(None, (tell_left_out(report["summary"]["leftOut"]), report["summary"]["sentence"]))
        if not (report["requests"] or found or self.operations):
            lines.append(NOTHING_SENT)
        too_little = tell_shortfall(report, self.min_coverage)
        if too_little:
            lines.append(too_little)
        if closing:
            counts = Counter[str]()
            for one in closing:
                counts[one["kind"]] += one["count"]
            lines.append(tell_forbidden(counts))
        return lines, bool(closing or too_little)

    def report(self, api: Watchword) -> None:
        """
        Write the reports.

        Raises:
            WatchwordError: The server does not answer any more.
            CannotReport: A file cannot be written.
        """

        def write(form: str) -> str:
            found = api.coverage(form, operations=self.operations)
            return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if form == "json" else found

        write_reports(self.reports, write)


def tell_forbidden(closing: Mapping[str, int]) -> str:
    """Say that findings close the gate, given how many of each kind do."""
    number = sum(closing.values())
    return f"FAILED: {number} finding{'' if number == 1 else 's'} that --fail-on forbids ({', '.join(closing)})."


def tell_findings(findings: Sequence[Json], fail_on: frozenset[str], *, most: int = _NAMED) -> Iterator[str]:
    """Tell those that close the gate first, all of them, and of the others so many that there are *most* at least."""
    ordered = sorted(findings, key=lambda one: one["kind"] not in fail_on)
    shown = max(most, sum(one["kind"] in fail_on for one in findings))
    for one in ordered[:shown]:
        yield tell_finding(one) + (f" ({one['count']} times)" if one["count"] > 1 else "")
    if len(ordered) > shown:
        yield f"and {len(ordered) - shown} more findings"


def _evidence(report: Json) -> Iterator[str]:
    number = report["evidence"]["assumed"]
    if number:
        yield f"{number} {'sandbox rests' if number == 1 else 'sandboxes rest'} on assumed rules."
