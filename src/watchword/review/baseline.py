"""Findings that somebody lives with: those of an earlier run, by their fingerprints."""

from dataclasses import replace
from pathlib import Path

from watchword.contract.baseline import read_fingerprints
from watchword.review.finding import Review


def accept(review: Review, baseline: Path) -> Review:
    """
    Note with each finding that the JSON report of an earlier run has, that somebody lives with it.

    Raises:
        UnusableBaseline: *baseline* is not such a report.
    """
    known = set(read_fingerprints(baseline, review.command))
    found = tuple(
        replace(one, accepted=f"in {baseline.name}") if not one.accepted and one.fingerprint in known else one
        for one in review.findings
    )
    return replace(review, findings=found)
