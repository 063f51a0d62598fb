"""From the errors of a validator to violations, with sentences that help and repeat no value."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from watchword.document.composition import Schema
from watchword.document.conversion import MUST
from watchword.domain.alike import tell_alike
from watchword.domain.refusal import Violation

_MOST_WORDS = 50
"""How many choices are listed."""
_GREATEST_INDEX = 999
"""Greater numbers could be a code that a client took for a name."""


class Place(NamedTuple):
    """
    Where a judged value stands.

    Args:
        where: ``body``, ``path``, ``query`` or ``header``.
        prefix: Names that lead to the value.
        wrapped: How many properties it was put below, to be judged.
        names: Those of all fields that the schema knows; others are the client's own.
    """

    where: str
    prefix: tuple[str, ...] = ()
    wrapped: int = 0
    names: Collection[str] = ()


def describe_error(root: Schema, error: Any, place: Place) -> Iterable[Violation]:
    """
    Turn an *error* of a validator into violations.

    Args:
        root: The schema that was compiled.
        error: As ``jsonschema_rs`` reports it, with its values masked.
        place: Of the value.
    """
    where, prefix, wrapped, names = place
    kind: str = error.kind.name
    steps = error.instance_path[wrapped:]
    path = (*prefix, *map(str, steps))
    chosen = tuple(number for number, step in enumerate(steps, len(prefix)) if not _is_known(step, names))
    if kind == "required":
        yield Violation(where, (*path, error.kind.property), kind, None, _sentence(kind, error.kind.property), chosen)
    elif kind in ("additionalProperties", "unevaluatedProperties"):
        known = ", ".join(sorted(_find_schema(root, error).get("properties", ())))
        for name in error.kind.unexpected:
            sentence = _sentence(kind, None) + (f"; there are: {known}" if known else "")
            last = () if name in names else (len(path),)
            yield Violation(where, (*path, name), kind, None, sentence, (*chosen, *last))
    elif kind == "oneOf" and (meant := _errors_of_meant_choice(error)):
        for one in meant:
            yield from describe_error(root, one, place)
    else:
        limit = getattr(error.kind, "value", None)
        if kind == "type" and isinstance(limit, list) and len(limit) == 1:
            limit = limit[0]
        if kind == "type" and error.instance is None:
            kind = "null"
        must = _find_schema(root, error).get(MUST)
        sentence = f"must {must}" if must else _tell_nearest(error) or _sentence(kind, limit)
        yield Violation(where, path, kind, limit, sentence, chosen)


def _is_known(step: str | int, names: Collection[str]) -> bool:
    """Whether *step* is an index or one of *names*; the validator takes a name that is a number for an index."""
    return step <= _GREATEST_INDEX if isinstance(step, int) else step in names


def field_names(node: Any) -> Iterator[str]:
    """Yield the names of all fields that *node*, a schema or a part of one, knows; some of them twice."""
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for one in node.values():
            yield from field_names(one)
    elif isinstance(node, list):
        for one in node:
            yield from field_names(one)


def _find_schema(root: Schema, error: Any) -> Schema:
    """Find the schema that *error* is about; the path of the error leads through references."""
    node = root
    for step in error.schema_path[:-1]:
        node = _named_by_number(node, step) if isinstance(node, dict) and isinstance(step, int) else node[step]
    return node if isinstance(node, dict) else {}


def _named_by_number(node: Schema, number: int) -> Schema:
    """Give the part of *node* whose name is *number*, with zeros or a plus in front, as validators read an index."""
    names = (name for name in node if name.removeprefix("+").isdecimal() and int(name) == number)
    return node[next(names)]


def _errors_of_meant_choice(error: Any) -> Sequence[Any]:
    """
    Find the choice of a ``oneOf`` that the client meant: the only one whose type and constants (its ``action``) fit.

    Returns:
        What is wrong with that choice; empty if no single choice fits so.
    """
    choices = [errors for errors in error.kind.context if not any(_rules_out(one, error) for one in errors)]
    return choices[0] if len(choices) == 1 < len(error.kind.context) else ()


def _rules_out(found: Any, choice: Any) -> bool:
    """Whether what was *found* wrong shows that another *choice* was meant: a constant, or the type of the whole."""
    is_about_all = bool(found.instance_path == choice.instance_path)
    return found.kind.name == "enum" or (found.kind.name == "type" and is_about_all)


def _tell_nearest(error: Any) -> str:
    """Of very many words name those that are most like what was sent; empty for any other error."""
    if error.kind.name != "enum" or not isinstance(error.instance, str):
        return ""
    words = [one for one in error.kind.value if isinstance(one, str)]
    if len(words) <= _MOST_WORDS:
        return ""
    return f"is none of the {len(words)} known words; {tell_alike(error.instance, words)}"


def tell_choices(choices: Sequence[Any]) -> str:
    """Say that a value must be one of *choices*, in the order in which they are given."""
    return f"must be one of {orjson.dumps(choices).decode()}"


def _sentence(kind: str, limit: Any) -> str:
    template = _SENTENCES.get(kind, "does not fit the document")
    if kind == "type" and isinstance(limit, list):
        limit = " or ".join(limit)
    elif kind == "enum":
        return tell_choices(limit)
    return template.format(limit, plural="" if limit == 1 else "s")


_SENTENCES: Mapping[str, str] = {
    "required": "is required",
    "null": "must not be null",
    "type": "must be of type {}",
    "minLength": "must have at least {} character{plural}",
    "maxLength": "must have at most {} character{plural}",
    "minimum": "must be at least {}",
    "exclusiveMinimum": "must be more than {}",
    "maximum": "must be at most {}",
    "exclusiveMaximum": "must be less than {}",
    "minItems": "must have at least {} entries",
    "uniqueItems": "must not have the same entry twice",
    "minProperties": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "maxProperties": "must have at most {} entries",
    "pattern": "must match {}",
    "format": "must be of format {}",
    "additionalProperties": "is not known here",
    "unevaluatedProperties": "is not known here",
    "falseSchema": "must not be sent",
}
