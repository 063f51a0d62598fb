"""Compiled schemas, which accept a value or say what is wrong with it."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema_rs

from watchword.document.conversion import Schema, convert_schema
from watchword.document.violations import describe_error
from watchword.domain.refusal import Violation

_REPORTED_AT_MOST = 100
"""Violations of one value. Nobody reads more, and a body of a megabyte can have a hundred thousand."""


class Validator:
    """
    One compiled schema.

    Args:
        schema: As the document has it.
        definitions: All ``components/schemas``, as `convert_named_schemas` gives them.
        answer: Whether it judges what the server sends, instead of what clients send.
    """

    def __init__(self, schema: Schema, definitions: Mapping[str, Any], *, answer: bool) -> None:
        self._root = {"allOf": [convert_schema(schema, answer=answer)], "$defs": definitions}
        self._compiled = jsonschema_rs.Draft202012Validator(self._root, validate_formats=True, mask="***")

    def accepts(self, value: Any) -> bool:
        """Whether *value* fits; a value that is nested too deeply to be judged does not."""
        try:
            return self._compiled.is_valid(value)
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
        try:
            errors = list(islice(self._compiled.iter_errors(value), _REPORTED_AT_MOST))
        except ValueError:
            yield Violation(where, prefix, "syntax", None, "The value is nested too deeply.")
            return
        found = (one for error in errors for one in describe_error(self._root, error, where, prefix))
        yield from islice(found, _REPORTED_AT_MOST)
