"""Overlays: each of their actions changes something, and all that stands in it counts."""

from collections.abc import Iterator

from watchword.document.overlay import FIELDS
from watchword.domain.alike import tell_alike
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

TARGET_WITHOUT_MATCH = Check(
    "target-without-match",
    Severity.WARNING,
    "An action whose target matches nothing changes nothing; most often that is a typing error.",
)
FIELD_UNKNOWN = Check(
    "field-unknown",
    Severity.WARNING,
    "A field that no action of an overlay has changes nothing; an extension begins with x-, and others are most often"
    " typing errors.",
)


def targets_without_match(linted: Linted) -> Iterator[Found]:
    """Look at the actions of the overlays."""
    for told, source in linted.sources.unmatched_targets():
        yield Found((), f"The {told}.", source)


def unknown_fields(linted: Linted) -> Iterator[Found]:
    """Look at the fields of the actions."""
    for name, source in linted.sources.unknown_fields():
        nearest = tell_alike(name, FIELDS)
        yield Found((), f"The field {name} is not known and has no effect; {nearest}.", source)
