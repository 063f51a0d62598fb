"""Examples and defaults: they fit their schemas."""

from collections.abc import Iterator

from watchword.document.origins import Steps
from watchword.document.soundness import UnfitExample, unfit_defaults, unfit_examples
from watchword.domain.alike import shorten
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted
from watchword.review.lint.refusing_parts import refusing_parts

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
    """Look at the examples of all operations; one that several operations have is told once, with their names."""
    users: dict[tuple[Steps, str], list[str]] = {}
    unfit: dict[tuple[Steps, str], UnfitExample] = {}
    for operation in linted.document.operations.values():
        for one in unfit_examples(linted.document.content, operation):
            key = (linted.sources.follow(one.steps), one.text)
            users.setdefault(key, []).append(operation.id)
            unfit.setdefault(key, one)
    yield from (_told(linted, one, f"{shorten(users[key])}: {one.text}.") for key, one in unfit.items())


def _told(linted: Linted, unfit: UnfitExample, sentence: str) -> Found:
    """Tell it at what an overlay has changed of the schema, if the example itself is as it was."""
    if linted.sources.changed(unfit.steps) is None:
        for part in refusing_parts(linted.document.content, unfit.schema, unfit.violation):
            source = linted.sources.changed(part)
            if source is not None:
                return Found(part, sentence, source, example=linted.sources.find(unfit.steps))
    return Found(unfit.steps, sentence)


def defaults_unfit(linted: Linted) -> Iterator[Found]:
    """Look at the defaults of all schemas."""
    for one in unfit_defaults(linted.document.content):
        yield Found(one.steps, f"The default does not fit: {one.text.partition(': ')[2]}.")
