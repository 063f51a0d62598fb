"""Secrets: every text with the name of one is marked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.document.references import resolve_reference
from watchword.document.structure import walk
from watchword.journal.masking import declares_secret
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

SECRET_NOT_MARKED = Check(
    "secret-not-marked",
    Severity.WARNING,
    "What is not marked as a secret is shown in logs, journals, reports and generated clients.",
)
_SECRET = re.compile(
    r"(pass(word|wd|code|phrase)|pwd|secret|token|code|nonce|assertion|credential|otp|pin|key)s?\Z", re.IGNORECASE
)
_ORDINARY = re.compile(
    r"(error|status|country|currency|language|lang|zip|postal|post|area|reason|sort|bank|http|exit|qr|colou?r)_?-?codes?\Z"
    r"|(pagination|page|sort|public|primary|foreign)_?-?(keys?|tokens?)\Z",
    re.IGNORECASE,
)
"""What is named like a secret and is none, in everybody's documents."""
_OF_A_REFUSAL = ("code", "key")
"""Names that mean something else beside a text for people."""
_TEXTS = ("message", "detail", "details", "title", "error", "errorMessage", "description")


def secrets_not_marked(linted: Linted) -> Iterator[Found]:
    """Look at every property and every parameter of the document."""
    for steps, name in unmarked_secrets(linted.document.content):
        yield Found(steps, f"{name} has the name of a secret, and no format: password.")


def unmarked_secrets(content: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    """Yield place and name of each text of a document that is named like a secret, and not marked as one."""
    for place, kind, node in walk(content):
        if "not" in place:
            continue  # it says what may not be sent
        for steps, name, schema in _named(place, kind, node):
            looks = _SECRET.search(name) and not _ORDINARY.search(name) and not _is_of_a_refusal(name, node)
            if looks and _holds_texts(content, schema) and not _is_marked(content, schema):
                yield steps, name


def _named(place: Steps, kind: str, node: Mapping[str, Any]) -> Iterator[tuple[Steps, str, Any]]:
    if kind == "schema" and isinstance(node.get("properties"), dict):
        yield from (((*place, "properties", name), name, schema) for name, schema in node["properties"].items())
    elif kind == "parameter" and isinstance(node.get("name"), str):
        yield place, node["name"], node.get("schema")


def _is_of_a_refusal(name: str, node: Mapping[str, Any]) -> bool:
    beside = node.get("properties")
    return name in _OF_A_REFUSAL and isinstance(beside, dict) and any(one in beside for one in _TEXTS)


def _holds_texts(content: Mapping[str, Any], schema: Any) -> bool:
    """Whether it is a text of any content, or a list of such."""
    found = resolve_reference(content, schema or {})
    if found.get("type") == "array":
        return _holds_texts(content, found.get("items"))
    return found.get("type") == "string" and "enum" not in found


def _is_marked(content: Mapping[str, Any], schema: Any) -> bool:
    found = resolve_reference(content, schema or {})
    return declares_secret(content, found.get("items") if found.get("type") == "array" else found)
