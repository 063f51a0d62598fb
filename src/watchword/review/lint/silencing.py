"""Findings that somebody lives with, and says so beside the place: ``x-lint-ignore: {check-id: reason}``."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.document.sources import Sources
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found
from watchword.review.lint.spectral import SPECTRAL

KEY = "x-lint-ignore"
IGNORE_WITHOUT_REASON = Check(
    "ignore-without-reason",
    Severity.ERROR,
    "Without a reason nobody knows later whether a finding may still be ignored.",
)
IGNORE_UNUSED = Check(
    "ignore-unused",
    Severity.WARNING,
    "What ignores nothing today would hide what somebody breaks tomorrow.",
)


Ignored = tuple[Steps, str]
"""Where a check is ignored, and its id."""


def find_ignore(sources: Sources, steps: Steps, check: str) -> tuple[Steps, str] | None:
    """Find where somebody ignores what *check* finds at *steps*, said there or around it, and why."""
    found = [(place, reason) for place, node in sources.on_the_way(steps) if (reason := _reason(node, check))]
    return found[-1] if found else None


def wrong_ignores(sources: Sources, known: Collection[str]) -> Iterator[Found]:
    """Look for what ignores without a reason, or ignores no check that there is."""
    for place, node in sources.objects():
        written = node.get(KEY)
        if written is None:
            continue
        if not isinstance(written, dict):
            yield Found((*place, KEY), f"{KEY} has a reason for each check: {{check-id: reason}}.")
            continue
        for check in written:
            if check not in known and not check.startswith(SPECTRAL):
                yield Found((*place, KEY, check), f"{check} is no check (watchword lint --list).")
            elif not _reason(node, check):
                yield Found((*place, KEY, check), f"{check} is ignored without a reason, so it is not ignored.")


def unused_ignores(sources: Sources, known: Collection[str], used: Collection[Ignored]) -> Iterator[Found]:
    """Look for what ignores a check that finds nothing there."""
    for place, node in sources.objects():
        for check in node.get(KEY) or {} if isinstance(node.get(KEY), dict) else ():
            if check in known and _reason(node, check) and (place, check) not in used:
                yield Found((*place, KEY, check), f"{check} finds nothing here, so it need not be ignored.")


def _reason(node: Mapping[str, Any], check: str) -> str:
    written = node.get(KEY)
    reason = written.get(check) if isinstance(written, dict) else None
    return reason.strip() if isinstance(reason, str) else ""
