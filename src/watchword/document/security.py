"""How a document lets clients prove who they are."""

from collections.abc import Mapping
from typing import Any

from watchword.document.references import resolve_reference


def described_schemes(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the security schemes by name, as the document describes them."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    return {name: resolve_reference(document, one) for name, one in schemes.items()}


def credential_headers(document: Mapping[str, Any]) -> frozenset[str]:
    """Name the headers that carry credentials, in lower case."""
    schemes = described_schemes(document).values()
    return frozenset({"authorization", *(one["name"].lower() for one in schemes if one.get("in") == "header")})
