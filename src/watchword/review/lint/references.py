"""References: what stands beside one counts."""

from collections.abc import Iterator

from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

FIELD_BESIDE_REFERENCE = Check(
    "field-beside-reference",
    Severity.WARNING,
    "Beside a $ref only extensions count, and from OpenAPI 3.1 on a summary, a description and the fields of a schema;"
    " anything else changes nothing.",
)


def fields_beside_references(linted: Linted) -> Iterator[Found]:
    """Look at everything that refers to something else."""
    for steps, reference in linted.sources.fields_without_effect():
        told = f"{steps[-1]} stands beside a $ref and has no effect; change what the reference leads to: {reference}."
        yield Found(steps, told)
