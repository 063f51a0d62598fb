"""Parameters in paths, queries, headers and cookies: from text to values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.document.references import resolve_reference
from watchword.document.styles import RepeatedError, Sent, Style, style_of
from watchword.document.text_values import TextShape, convert, shape_of
from watchword.document.validator import Validator
from watchword.document.written_examples import described_by
from watchword.domain.refusal import Violation

IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""Parameters that are ignored: the document describes these headers elsewhere (OpenAPI 3.0.3, section 4.7.12.1)."""


@dataclass(frozen=True)
class Parameter:
    """
    A parameter of a request.

    Args:
        where: ``path``, ``query``, ``header`` or ``cookie``.
        shape: What its text can stand for.
        key: Its key among the parameters of a request: the name, for a header in lower case.
        style: How it is written; None for one plain text.
        may_be_empty: Whether an empty text is right whatever the schema says (``allowEmptyValue``).
    """

    name: str
    where: str
    required: bool
    shape: TextShape
    validator: Validator
    key: str
    style: Style | None = None
    may_be_empty: bool = False

    def read(self, text: str | None) -> tuple[Any, list[Violation]]:
        """
        Turn the plain *text* of a request into a value, and list what is wrong with it.

        Args:
            text: None if the parameter was not sent.
        """
        if text is None:
            return self._missing()
        if self.may_be_empty and not text:
            return text, []
        return self._judged(convert(text, self.shape.types), text)

    def read_all(self, texts: Sequence[str]) -> tuple[Any, list[Violation]]:
        """Read a plain parameter that may have been sent several times, which is right only if it may be an array."""
        if len(texts) < 2:
            return self.read(*texts or (None,))
        values = [convert(text, self.shape.types) for text in texts]
        return (values, []) if self.validator.accepts(values) else (values, [self._repeated()])

    def find(self, sent: Sent) -> tuple[Any, list[Violation]]:
        """Find a parameter that has a style in a request, read it, and list what is wrong with it."""
        assert self.style is not None  # noqa: S101  # plain texts are read with `read`
        texts = self.style.find(self.key, sent)
        if not texts:
            return self._missing()
        alone = texts[0][1] if len(texts) == 1 else None
        if self.may_be_empty and not alone and alone is not None:
            return alone, []
        try:
            value = self.style.value(self.key, texts, self.shape)
        except RepeatedError:
            return None, [self._repeated()]
        except ValueError:
            detail = f"must be written as {self.style.name}"
            return None, [Violation(self.where, (self.name,), "syntax", self.style.name, detail)]
        return self._judged(value, alone)

    def _judged(self, value: Any, text: str | None) -> tuple[Any, list[Violation]]:
        """Judge *value*, or the *text* that it was read from if the schema allows only that."""
        if self.validator.accepts(value):
            return value, []
        if text is not None and "string" in self.shape.types and self.validator.accepts(text):
            return text, []
        return value, list(self.validator.violations(value, where=self.where, prefix=(self.name,)))

    def _repeated(self) -> Violation:
        return Violation(self.where, (self.name,), "duplicate", None, "must be sent once")

    def _missing(self) -> tuple[None, list[Violation]]:
        missing = Violation(self.where, (self.name,), "required", None, "is required")
        return None, [missing] if self.required else []


def described_parameters(
    document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Give the parameters of an operation and its path item by place and name, as the document describes them."""
    written = (*item.get("parameters", ()), *operation.get("parameters", ()))
    found = (resolve_reference(document, one) for one in written)
    return {(one["in"], one["name"]): one for one in found}


def compile_parameter(
    document: Mapping[str, Any],
    raw: Mapping[str, Any],
    validator: Callable[[Any], Validator],
    others: frozenset[str] = frozenset(),
) -> Parameter | None:
    """
    Compile a parameter.

    Args:
        document: What references lead into.
        raw: As the document describes it, without a reference.
        validator: Compiles a schema.
        others: The names of the other parameters in the same place.

    Returns:
        None if it is ignored.
    """
    name, where = raw["name"], raw["in"]
    if where == "header" and name.lower() in IGNORED_HEADERS:
        return None
    schema = described_by(raw).get("schema", {})
    shape = shape_of(document, schema)
    return Parameter(
        name=name,
        where=where,
        required=bool(raw.get("required")),
        shape=shape,
        validator=validator(schema),
        key=name.lower() if where == "header" else name,
        style=style_of(raw, shape, others),
        may_be_empty=bool(raw.get("allowEmptyValue")) and where == "query",
    )
