"""Whatever is a secret is marked so in the documents: readers of the journal see everything else that is declared."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from watchword.build import Built
from watchword.document import Document
from watchword.document.references import resolve_reference
from watchword.journal.masking import declares_secret

SECRET = re.compile(
    r"(pass(word|wd|code|phrase)|pwd|secret|token|code|nonce|assertion|credential|otp|key)s?\Z", re.IGNORECASE
)
NO_SECRETS = {
    "code": "of a refusal",
    "errorCode": "of a refusal",
    "countryCode": "of a telephone number",
    "key": "of a parameter, in the words of WireMock",
    "programme-key": "stands in every page that tokenises",
}
"""What is named like a secret and is none, for this reason."""
SECRET_CODES = frozenset(("ZitadelCheckTotp", "AdminOutstandingCode"))
"""Schemas whose ``code`` is a secret."""
Named = tuple[str, str, Any]
"""Where a value is declared, its name and its schema."""


def named_values(content: Mapping[str, Any]) -> Iterator[Named]:
    for node, place in _nodes(content, ""):
        for name, schema in (node.get("properties") or {}).items() if isinstance(node.get("properties"), dict) else ():
            yield place, name, schema
        if "in" in node and isinstance(node.get("name"), str):
            yield place, node["name"], node.get("schema")


def _nodes(value: Any, place: str) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(value, dict):
        yield value, place
        for name, member in value.items():
            if name not in ("example", "examples", "default", "securitySchemes", "not"):
                yield from _nodes(member, f"{place}/{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _nodes(member, f"{place}/{number}")


def holds_texts(content: Mapping[str, Any], schema: Any) -> bool:
    """Whether it is a text of any content, or a list of such."""
    found = resolve_reference(content, schema or {})
    if found.get("type") == "array":
        return holds_texts(content, found.get("items"))
    return found.get("type") == "string" and "enum" not in found


def is_marked(content: Mapping[str, Any], schema: Any) -> bool:
    found = resolve_reference(content, schema or {})
    return declares_secret(content, found["items"] if found.get("type") == "array" else found)


def unmarked(document: Document) -> list[str]:
    content = document.content
    return [
        f"{place}: {name}"
        for place, name, schema in named_values(content)
        if SECRET.search(name) and holds_texts(content, schema) and not is_marked(content, schema)
        if name not in NO_SECRETS or any(one in place for one in SECRET_CODES)
    ]


@pytest.fixture(params=["imitated", "admin"])
def document(request: pytest.FixtureRequest, built: Built) -> Document:
    """Both documents of ours."""
    api = built.imitated if request.param == "imitated" else built.admin
    assert api is not None
    found: Document = api.document
    return found


def test_every_text_with_the_name_of_a_secret_is_marked(document: Document) -> None:
    assert unmarked(document) == []
