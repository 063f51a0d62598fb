"""Compiled schemas, which accept a value or say what is wrong with it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import jsonschema_rs

from watchword.document.composition import Schema
from watchword.document.definitions import Definitions, compile_schema
from watchword.document.violations import describe_error
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
        name: Its name among the schemas that *definitions* compiles together, if it was added to them.
    """

    def __init__(self, schema: Schema, definitions: Definitions, *, answer: bool, name: str | None = None) -> None:
        self._schema, self._definitions, self._answer, self._name = schema, definitions, answer, name
        self._together = False
        self._compiled: jsonschema_rs.Draft202012Validator | None = None
        self._root: Schema = None

    def _compile(self) -> jsonschema_rs.Draft202012Validator:
        self._together = self._name is not None and self._definitions.is_large(self._schema, answer=self._answer)
        if self._together:
            self._root, self._compiled = self._definitions.together(answer=self._answer)
        else:
            self._root, size = self._definitions.root(self._schema, answer=self._answer)
            self._compiled = compile_schema(self._root)
            self._definitions.keep(self._forget, size)
        return self._compiled

    def _forget(self) -> None:
        self._root = self._compiled = None

    def accepts(self, value: Any) -> bool:
        """Whether *value* fits; a value that is nested too deeply to be judged does not."""
        compiled = self._compiled or self._compile()
        try:
            return compiled.is_valid({self._name: value} if self._together else value)
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
        compiled = self._compiled or self._compile()
        try:
            judged = {self._name: value} if self._together else value
            errors = list(islice(compiled.iter_errors(judged), _REPORTED_AT_MOST))
        except ValueError:
            yield Violation(where, prefix, "syntax", None, "The value is nested too deeply.")
            return
        found = (one for error in errors for one in describe_error(self._root, error, where, prefix))
        for one in islice(found, _REPORTED_AT_MOST):
            # Compiled together with others, the value stands below the name of its schema.
            yield replace(one, path=(*prefix, *one.path[len(prefix) + 1 :])) if self._together else one
