"""Findings that somebody lives with, and says so beside the place: ``x-lint-ignore: {check-id: reason}``."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.document.sources import Sources
from watchword.document.structure import walk
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found

KEY = "x-lint-ignore"
IGNORE_WITHOUT_REASON = Check(
    "ignore-without-reason",
    Severity.ERROR,
    "Without a reason nobody knows later whether a finding may still be ignored.",
)


def reason_to_ignore(sources: Sources, steps: Steps, check: str) -> str:
    """Find why somebody ignores what *check* finds at *steps*, said there or around it; empty if nobody does."""
    reasons = [_reason(node, check) for node in sources.on_the_way(steps)]
    return next((one for one in reversed(reasons) if one), "")


def wrong_ignores(content: Mapping[str, Any], known: Collection[str]) -> Iterator[Found]:
    """Look for what ignores without a reason, or ignores no check that there is."""
    for place, _, node in walk(content):
        written = node.get(KEY)
        if written is None:
            continue
        if not isinstance(written, dict):
            yield Found((*place, KEY), f"{KEY} has a reason for each check: {{check-id: reason}}.")
            continue
        for check in written:
            if check not in known:
                yield Found((*place, KEY, check), f"{check} is no check (watchword lint --list).")
            elif not _reason(node, check):
                yield Found((*place, KEY, check), f"{check} is ignored without a reason, so it is not ignored.")


def _reason(node: Mapping[str, Any], check: str) -> str:
    written = node.get(KEY)
    reason = written.get(check) if isinstance(written, dict) else None
    return reason.strip() if isinstance(reason, str) else ""
