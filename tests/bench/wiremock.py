"""The document as stubs for WireMock: for each operation a successful answer, and one to invalid bodies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchword.document import Document, Operation
from watchword.document.references import inline_references

_GOOD, _MALFORMED = 1, 9


def write_stubs(document: Document, root: Path) -> None:
    """Write the stubs of all operations to the folder in *root* from which WireMock reads them."""
    folder = root / "mappings"
    folder.mkdir(parents=True)
    stubs = [stub for one in document.operations.values() for stub in _stubs(document, one)]
    (folder / "operations.json").write_text(json.dumps({"mappings": stubs}), encoding="utf-8")


def _stubs(document: Document, operation: Operation) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"method": operation.method, "urlPathTemplate": operation.path}
    good = min(status for status in operation.responses if status.startswith("2"))
    judged = asked
    if operation.body_schema is not None:
        # With this, WireMock validates bodies, as Prism and Scalar always do.
        schema = inline_references(document.content, operation.body_schema)
        pattern = {"matchesJsonSchema": json.dumps(schema), "schemaVersion": "V202012"}
        judged = {**asked, "bodyPatterns": [pattern]}
        if "400" in operation.responses:
            yield {"priority": _MALFORMED, "request": asked, "response": _response(operation, "400")}
    yield {"priority": _GOOD, "request": judged, "response": _response(operation, good)}


def _response(operation: Operation, status: str) -> dict[str, Any]:
    shape = operation.responses[status]
    response: dict[str, Any] = {"status": int(status)}
    if shape.content:
        response["headers"] = {"Content-Type": next(iter(shape.content))}
        response["jsonBody"] = next(iter(shape.examples.values()), {})
    return response
