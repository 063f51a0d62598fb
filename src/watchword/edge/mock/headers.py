"""The headers of the document's own answers."""

from collections.abc import Mapping
from typing import Any

import orjson

from watchword.document.examples import make_example
from watchword.document.http_rules import is_described
from watchword.document.media_types import is_json
from watchword.document.references import resolve_reference

_ABSENT = object()


_OWN = "watchword-"
"""What the names of our own headers begin with."""


def example_headers(content: Mapping[str, Any], headers: Mapping[str, Any]) -> dict[str, str]:
    """
    Give the response headers that the document requires or has an example of.

    Headers about which a document does not decide are left out, and those that speak of one request: ``Watchword-…``.

    Args:
        content: The document.
        headers: As a response writes them.
    """
    found: dict[str, str] = {}
    for name, raw in headers.items():
        if not is_described(name) or name.lower().startswith(_OWN):
            continue
        header = resolve_reference(content, raw)
        given = _given(content, header)
        if given is _ABSENT and not header.get("required"):
            continue
        value = make_example(content, _described(header).get("schema", {})) if given is _ABSENT else given
        as_json = any(is_json(kind) for kind in header.get("content") or ())
        found[name] = _text(value, as_json=as_json, explode=bool(header.get("explode")))
    return found


def _described(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what describes the value: the header itself, or its only ``content``."""
    return next(iter(header["content"].values()), {}) if header.get("content") else header


def _given(content: Mapping[str, Any], header: Mapping[str, Any]) -> Any:
    """Find the example of a header; ``_ABSENT`` if there is none."""
    described = _described(header)
    if "example" in described:
        return described["example"]
    for raw in (described.get("examples") or {}).values():
        example = resolve_reference(content, raw)
        if "value" in example:
            return example["value"]
    schema = resolve_reference(content, described.get("schema", {}))
    return schema.get("example", _ABSENT) if isinstance(schema, dict) else _ABSENT


def _text(value: Any, *, as_json: bool, explode: bool) -> str:
    """Write a header's value in the style ``simple``."""
    if as_json:
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        return ",".join(_text(one, as_json=False, explode=explode) for one in value)
    if isinstance(value, dict):
        joint = "=" if explode else ","
        return ",".join(f"{name}{joint}{_text(one, as_json=False, explode=explode)}" for name, one in value.items())
    return value if isinstance(value, str) else orjson.dumps(value).decode()
