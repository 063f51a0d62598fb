"""Load a document: bundle its files, apply overlays, check the result."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator

from watchword.document.bundle import DocumentError, bundle
from watchword.document.document import NO_SYSTEM, Document
from watchword.document.operations import METHODS
from watchword.document.overlay import apply_overlay
from watchword.document.path_templates import specificity
from watchword.document.references import resolve_reference

_REPORTED_AT_MOST = 20


def load(root: Path, *, systems: Sequence[str] = (), overlays: Iterable[Path] = (), owner: str = "") -> Document:
    """
    Load a document, apply overlays to it, and check it.

    Args:
        root: ``openapi.yaml``.
        systems: Names of the imitated systems.
        overlays: OpenAPI Overlay files, applied in order.
        owner: The one system of all operations; empty if ids and tags name it.

    Raises:
        DocumentError: The result is not a valid OpenAPI 3.0 document; the message lists why.
    """
    content = bundle(root)
    source = str(root)
    for path in overlays:
        content = apply_overlay(content, path)
        source += f" with {path}"
    _check(content, source)
    _name_operations(content, source)
    content["paths"] = {path: content["paths"][path] for path in sorted(content["paths"], key=specificity)}
    return Document(content, tuple(systems), owner)


def _check(content: dict[str, Any], source: str) -> None:
    version = str(content.get("openapi", ""))
    if not version.startswith("3.0."):
        raise DocumentError(f"{source}: openapi is {version or 'missing'!r}, but only 3.0.x can be served")
    problems = list(_find_dangling(content, content, ()))
    # The second validator checks more, and fails on what the first one refuses.
    for errors in (OpenAPIV30SpecValidator.schema_validator.iter_errors, _deep_errors):
        problems = problems or [_describe(error) for error in errors(content)]
    if problems:
        listed = "\n  ".join(problems[:_REPORTED_AT_MOST])
        raise DocumentError(f"{source}: not a valid OpenAPI 3.0 document:\n  {listed}")


def _describe(error: Any) -> str:
    place = "/".join(str(step) for step in error.absolute_path)
    return f"{place or 'document'}: {error.message.splitlines()[0][:300]}"


def _deep_errors(content: dict[str, Any]) -> Iterator[Any]:
    validator = OpenAPIV30SpecValidator(content)
    yield from validator.root_validator(validator.schema_path)


def _find_dangling(content: dict[str, Any], node: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Report the references in *node* whose target is not in the document."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            try:
                resolve_reference(content, node)
            except (LookupError, TypeError):
                yield f"{'/'.join(place)}: {reference!r} does not exist in the document"
            return
        for name, item in node.items():
            yield from _find_dangling(content, item, (*place, name))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _find_dangling(content, item, (*place, str(index)))


def _name_operations(content: dict[str, Any], source: str) -> None:
    """Give every operation an id, because one that an overlay adds may have none."""
    known: set[str] = set()
    for path, item in content["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            if not operation.get("operationId"):
                words = [step.strip("{}") for step in path.split("/") if step]
                prefix = next(iter(operation.get("tags", ())), NO_SYSTEM)
                operation["operationId"] = f"{prefix}.{'_'.join((method, *words))}"
            if operation["operationId"] in known:
                raise DocumentError(
                    f"{source}: {method} {path} needs an operationId other than {operation['operationId']}"
                )
            known.add(operation["operationId"])
