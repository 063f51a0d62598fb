"""How a document lets clients prove who they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.document.operations import Operation
from watchword.document.references import resolve_reference

_AUTHORIZATION = "authorization"


def described_schemes(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the security schemes by name, as the document describes them."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    return {name: resolve_reference(document, one) for name, one in schemes.items()}


def credential_headers(document: Mapping[str, Any]) -> frozenset[str]:
    """Name the headers that carry credentials, in lower case."""
    return frozenset({_AUTHORIZATION, *map(_header_of, described_schemes(document).values())})


def alternative_headers(document: Mapping[str, Any], operation: Operation) -> Sequence[frozenset[str]]:
    """List for each way to be let in to an *operation* the headers that carry its credentials, in lower case."""
    schemes = described_schemes(document)
    return [frozenset(_header_of(schemes[name]) for name in alternative) for alternative in operation.security]


def _header_of(scheme: Mapping[str, Any]) -> str:
    return str(scheme["name"]).lower() if scheme.get("in") == "header" else _AUTHORIZATION
