"""The examples that a document writes beside a schema: of media types, parameters and headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchword.document.references import resolve_reference

ALONE = "example"
"""The name of an example that has none, because it stands alone (``example:``)."""


@dataclass(frozen=True, slots=True)
class Written:
    """
    One example.

    Args:
        has_value: False for one whose value is elsewhere (``externalValue``); nothing is read from the network.
    """

    value: Any = None
    has_value: bool = True


def written_examples(document: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Written]:
    """
    Read the examples of *described* by name, in the order of the document.

    Args:
        document: What references lead into.
        described: A media type, or a parameter or header that has a schema.
    """
    found = {ALONE: Written(described["example"])} if "example" in described else {}
    for name, raw in (described.get("examples") or {}).items():
        example = resolve_reference(document, raw)
        found[name] = Written(example["value"]) if "value" in example else Written(has_value=False)
    return found


def written_values(document: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    """Read the values of the examples of *described* by name; the first one stands for it."""
    found = written_examples(document, described)
    return {name: one.value for name, one in found.items() if one.has_value}


def described_by(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what describes the value of a parameter or a header: it itself, or its only media type (``content``)."""
    return next(iter(raw["content"].values()), {}) if raw.get("content") else raw
