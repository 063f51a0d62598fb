"""Compiled schemas, which accept a value or say what is wrong with it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from watchword.document.composition import Schema
from watchword.document.definitions import Definitions
from watchword.document.violations import Place, describe_error
from watchword.domain.refusal import Violation

_REPORTED_AT_MOST = 100
"""Violations of one value. Nobody reads more, and a body of a megabyte can have a hundred thousand."""


class Validator:
    """
    One schema, compiled when a value is judged for the first time.

    Args:
        schema: As the document has it.
        definitions: What its references lead to.
        answer: Whether it judges what the server sends, instead of what clients send.
    """

    def __init__(self, schema: Schema, definitions: Definitions, *, answer: bool) -> None:
        self._definitions = definitions
        self._entry = definitions.enter(schema, answer=answer)

    def accepts(self, value: Any) -> bool:
        """Whether *value* fits; a value that is nested too deeply to be judged does not."""
        compiled = self._entry.compiled or self._definitions.compile(self._entry)
        try:
            return compiled.judge.is_valid(compiled.wrapped(value) if compiled.steps else value)
        except ValueError:
            return False

    def violations(self, value: Any, *, where: str, prefix: tuple[str, ...] = ()) -> Iterator[Violation]:
        """
        Yield what is wrong with *value*, at most a hundred violations, without repeating any of it.

        Args:
            where: ``body``, ``path``, ``query`` or ``header``.
            prefix: Names that lead to *value*.
        """
        if self.accepts(value):
            return
        compiled = self._entry.compiled or self._definitions.compile(self._entry)
        try:
            errors = list(islice(compiled.judge.iter_errors(compiled.wrapped(value)), _REPORTED_AT_MOST))
        except ValueError:
            yield Violation(where, prefix, "syntax", None, "The value is nested too deeply.")
            return
        place = Place(where, prefix, len(compiled.steps), compiled.names)
        found = (one for error in errors for one in describe_error(compiled.root, error, place))
        yield from islice(found, _REPORTED_AT_MOST)
