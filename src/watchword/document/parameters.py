"""Parameters in paths, queries and headers: from text to values."""

import re
from dataclasses import dataclass
from typing import Any

from watchword.document.validator import Validator
from watchword.domain.refusal import Violation

# Numbers as JSON writes them, short enough for a float. Python reads more: "1_000", " 1", digits of other scripts.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,300})(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?\Z")
_INTEGER = re.compile(r"-?[0-9]+\Z")


@dataclass(frozen=True)
class Parameter:
    """
    A path, query or header parameter.

    Args:
        where: ``path``, ``query``, ``header`` or ``cookie``.
        type: As its schema names it.
        key: Its key among the parameters of a request: the name, for a header in lower case.
    """

    name: str
    where: str
    required: bool
    type: str
    validator: Validator
    key: str

    def read(self, text: str | None) -> tuple[Any, list[Violation]]:
        """
        Turn the *text* of a request into a value, and list what is wrong with it.

        Args:
            text: None if the parameter was not sent.
        """
        if text is None:
            missing = Violation(self.where, (self.name,), "required", None, "is required")
            return None, [missing] if self.required else []
        value = _convert(text, self.type)
        return value, list(self.validator.violations(value, where=self.where, prefix=(self.name,)))


def _convert(text: str, kind: str) -> Any:
    """Convert *text* to the type *kind*; text that does not have that form stays text, which the validator refuses."""
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in ("integer", "number") and _NUMBER.match(text):
        return int(text) if kind == "integer" and _INTEGER.match(text) else float(text)
    return text
