"""Overlays: each of their actions changes something."""

from collections.abc import Iterator

from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

TARGET_WITHOUT_MATCH = Check(
    "target-without-match",
    Severity.WARNING,
    "An action whose target matches nothing changes nothing; most often that is a typing error.",
)


def targets_without_match(linted: Linted) -> Iterator[Found]:
    """Look at the actions of the overlays."""
    for target, source in linted.sources.unmatched_targets():
        yield Found((), f"The target {target} matches nothing in the document.", source)
