"""
Which media types the parts of a multipart form may have.

Source:
    Documented: OpenAPI 3.0.3, section 4.7.15, and 3.1.1, section 4.8.15 (``contentType`` and its defaults); RFC 7578,
    section 4.4 (a part that names no type is plain text).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watchword.document.media_types import JSON, find_declared
from watchword.document.text_values import compose

_JSON = (JSON, "application/*+json")
_TEXT = "text/plain"
_BYTES = frozenset(("binary", "byte"))


@dataclass(frozen=True)
class PartType:
    """
    Which media types a part may have.

    Args:
        accepts: Types and ranges.
        declared: Whether the document names them. If not, they are those that OpenAPI takes for a field of its type,
            and a part that names no type is meant to have one of them.
    """

    accepts: tuple[str, ...]
    declared: bool

    def fits(self, sent: str) -> bool:
        """Whether a part may be *sent* with this type; empty if it names none."""
        if not sent and not self.declared:
            return True
        return find_declared(self.accepts, sent or _TEXT) is not None


def part_type(document: Mapping[str, Any], schema: Any, name: str, encoding: Mapping[str, Any]) -> PartType | None:
    """
    Tell which media types the field *name* of a form may have.

    Args:
        document: What references lead into.
        schema: Of the form.
        encoding: What the form's ``encoding`` says of the field.

    Returns:
        None if any is right: for bytes, and for fields whose schema names no type.
    """
    declared = tuple(one.strip() for one in str(encoding.get("contentType", "")).split(",") if one.strip())
    if declared:
        return PartType(declared, declared=True)
    members = [part["properties"][name] for part in compose(document, schema) if name in (part.get("properties") or {})]
    parts = [part for member in members for part in _with_items(document, member)]
    if any(part.get("format") in _BYTES or {"contentEncoding", "contentMediaType"} & part.keys() for part in parts):
        return None
    kinds = {kind for part in parts for kind in _kinds(part)} - {"array", "null"}
    if not kinds:
        return None
    return PartType(_JSON if kinds == {"object"} else (_TEXT, *_JSON), declared=False)


def _with_items(document: Mapping[str, Any], schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all parts of *schema*, and of the items if it is an array: they are parts of the form themselves."""
    for part in compose(document, schema):
        yield part
        yield from compose(document, part.get("items"))


def _kinds(part: Mapping[str, Any]) -> tuple[str, ...]:
    kind = part.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)
