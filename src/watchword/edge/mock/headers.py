"""The headers of the document's own answers."""

from collections.abc import Mapping
from typing import Any

import orjson

from watchword.document.examples import make_example, schema_examples
from watchword.document.http_rules import is_described
from watchword.document.media_types import is_json
from watchword.document.references import resolve_reference
from watchword.document.validator import Validator
from watchword.document.written_examples import described_by, written_examples, written_values

_OWN = "watchword-"
"""What the names of our own headers begin with."""


def example_headers(
    content: Mapping[str, Any], headers: Mapping[str, Any], validators: Mapping[str, Validator]
) -> dict[str, str]:
    """
    Give the response headers that the document requires or has an example of.

    Headers about which a document does not decide are left out, and those that speak of one request: ``Watchword-…``.

    Args:
        content: The document.
        headers: As a response writes them.
        validators: Of their values, by name in lower case.
    """
    found: dict[str, str] = {}
    for name, raw in headers.items():
        if not is_described(name) or name.lower().startswith(_OWN):
            continue
        header = resolve_reference(content, raw)
        described = described_by(header)
        schema = described.get("schema", {})
        written = (*written_values(content, described).values(), *schema_examples(content, schema))
        if written or header.get("required") or written_examples(content, described):
            value = written[0] if written else make_example(content, schema, validators[name.lower()].accepts)
            as_json = any(is_json(kind) for kind in header.get("content") or ())
            found[name] = _text(value, as_json=as_json, explode=bool(header.get("explode")))
    return found


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
