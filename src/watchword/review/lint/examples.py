"""Examples and defaults: they fit their schemas."""

from collections.abc import Iterator

from watchword.document.soundness import unfit_defaults, unfit_examples
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

EXAMPLE_UNFIT = Check(
    "example-unfit",
    Severity.ERROR,
    "Mocks send examples and people copy them; one that does not fit its schema breaks generated clients.",
)
DEFAULT_UNFIT = Check(
    "default-unfit",
    Severity.WARNING,
    "Generated clients send a default when nobody gave a value; one that does not fit is refused.",
)


def examples_unfit(linted: Linted) -> Iterator[Found]:
    """Look at the examples of all operations."""
    for operation in linted.document.operations.values():
        for one in unfit_examples(linted.document.content, operation):
            yield Found(one.steps, f"{one.text[:1].upper()}{one.text[1:]}.")


def defaults_unfit(linted: Linted) -> Iterator[Found]:
    """Look at the defaults of all schemas."""
    for one in unfit_defaults(linted.document.content):
        yield Found(one.steps, f"The default does not fit: {one.text.partition(': ')[2]}.")
