"""
What readers see of a body, a query or a header: declared values that are no secrets; stars for everything else.

A name that the document does not declare is shown if it is a word, so that a misspelt one can be recognised.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from watchword.document.composition import COMPOSITIONS
from watchword.document.references import resolve_reference

MASK = "***"
_WORD = re.compile(r"[A-Za-z_.-]{1,32}\Z")
_MOST_CHARACTERS = 4_000
"""Of one text; nobody reads more, and a page with a megabyte in it does not open."""
_MOST_MEMBERS = 1_000
"""Of one array or object."""
_DEEPEST = 40
_TYPES: Mapping[type, Sequence[str]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number", "integer"),
}
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?\Z")
_SECRET_FORMAT = "password"  # noqa: S105  # the format of OpenAPI


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A value as readers may see it.

    Args:
        undeclared: JSON pointers of the members that the document does not declare, with names that are no words
            as a star.
    """

    value: Any
    undeclared: tuple[str, ...] = ()


def show_name(name: str) -> str:
    """Show a name that a client chose if it is a word; otherwise a star."""
    return name if is_shown_name(name) else "*"


def is_shown_name(name: str) -> bool:
    """Whether a name that a client chose is shown: only a word is."""
    return _WORD.match(name) is not None


def is_secret(schema: Mapping[str, Any]) -> bool:
    """Whether a schema says itself that its value is a secret."""
    return schema.get("format") == _SECRET_FORMAT


def declares_secret(document: Mapping[str, Any], schema: Any) -> bool:
    """Whether a schema, or one that it refers to or combines, says that its value is a secret."""
    return any(is_secret(one) for one in _parts(document, [schema]))


def mask(document: Mapping[str, Any], schema: Any, value: Any) -> Shown:
    """
    Mask what *schema* does not declare, or marks as secret.

    Args:
        document: What references lead into.
        schema: As the document writes it; None if it declares nothing about the value.
        value: JSON types; anything else is masked, and so is a text, number or boolean where the schema declares
            another type: a client may have put a secret there.
    """
    if schema is None:
        return Shown(MASK)
    masking = _Masking(document)
    shown = masking.show(value, [schema], "", 0)
    return Shown(shown, tuple(masking.undeclared))


def mask_text(document: Mapping[str, Any], schema: Any, text: str) -> str:
    """
    Mask the text of a parameter unless *schema* declares its type, and marks it as no secret.

    Args:
        document: What references lead into.
        schema: As the document writes it; None if it declares nothing about the value.
    """
    parts = list(_parts(document, [schema]))
    if declares_secret(document, schema):
        return MASK
    if any(_declares(one, read) for one in parts for read in _readings(text)):
        return text
    items = [one["items"] for one in parts if isinstance(one.get("items"), Mapping)]
    texts = [mask_text(document, each, one) for each in items for one in text.split(",")]
    return text if texts and MASK not in texts else MASK


def _readings(text: str) -> Iterator[Any]:
    """Yield what a text may stand for."""
    yield text
    if text in ("true", "false"):
        yield text == "true"
    if _NUMBER.match(text):
        yield float(text)
        yield from (int(text),) if text.lstrip("-").isdecimal() else ()


def _declares(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a schema itself declares the type of a value that is no array and no object."""
    kinds = schema.get("type", ())
    named = (kinds,) if isinstance(kinds, str) else kinds
    known = _TYPES.get(type(value), ())
    return any(one in known for one in named) or (bool(known) and value in (schema.get("enum") or ()))


@dataclass(slots=True)
class _Masking:
    document: Mapping[str, Any]
    undeclared: list[str] = field(default_factory=list)

    def show(self, value: Any, schemas: Sequence[Any], pointer: str, depth: int) -> Any:
        parts = list(_parts(self.document, schemas))
        if depth > _DEEPEST or any(is_secret(one) for one in parts):
            return MASK
        if isinstance(value, Mapping):
            return self._members(value, parts, pointer, depth)
        if isinstance(value, list | tuple):
            return self._items(value, parts, pointer, depth)
        if value is None or not any(_declares(one, value) for one in parts):
            return None if value is None else MASK
        if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
            return f"{value[:_MOST_CHARACTERS]}… ({len(value)} characters)"
        return value

    def _members(self, value: Mapping[str, Any], parts: Sequence[Any], pointer: str, depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, member in list(value.items())[:_MOST_MEMBERS]:
            declared = [one["properties"][name] for one in parts if name in (one.get("properties") or ())]
            free = [one["additionalProperties"] for one in parts if isinstance(one.get("additionalProperties"), dict)]
            if declared:
                shown[name] = self.show(member, declared, f"{pointer}/{name}", depth + 1)
            elif free:
                key = show_name(name)
                shown[key] = self.show(member, free, f"{pointer}/{key}", depth + 1)
            else:
                key = show_name(name)
                shown[key] = MASK
                self.undeclared.append(f"{pointer}/{key}")
        return shown

    def _items(self, value: Sequence[Any], parts: Sequence[Any], pointer: str, depth: int) -> Any:
        shown = []
        for place, one in enumerate(value[:_MOST_MEMBERS]):
            schemas = [
                part["prefixItems"][place] if place < len(part.get("prefixItems") or ()) else part.get("items")
                for part in parts
            ]
            declared = [schema for schema in schemas if isinstance(schema, dict)]
            shown.append(self.show(one, declared, f"{pointer}/{place}", depth + 1) if declared else MASK)
        return shown


def _parts(document: Mapping[str, Any], schemas: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every schema that *schemas* refer to or combine in place, each once."""
    waiting, seen = list(schemas), set[int]()
    while waiting:
        schema = waiting.pop()
        if not isinstance(schema, Mapping) or id(schema) in seen:
            continue
        seen.add(id(schema))
        yield schema
        if "$ref" in schema:
            waiting.append(resolve_reference(document, schema))
        for key in COMPOSITIONS:
            waiting.extend(schema.get(key) or ())
