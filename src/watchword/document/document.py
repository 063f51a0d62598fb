"""The one document, ready to be served."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator

from watchword.document.bundle import DocumentError, bundle
from watchword.document.operations import METHODS, Compiler, Operation, ResponseShape
from watchword.document.overlay import apply_overlay
from watchword.document.path_templates import specificity
from watchword.document.references import resolve
from watchword.document.schema import definitions

__all__ = ["Document", "DocumentError", "load"]

OTHER = "document"
"""The system of operations whose id and tags name none."""


@dataclass(frozen=True)
class Document:
    """
    A bundled document and what is derived from it.

    Args:
        content: With internal references alone; literal paths come before templates.
        systems: The names of the imitated systems; ids and tags may name further ones.
    """

    content: dict[str, Any] = field(repr=False)
    systems: tuple[str, ...]

    @cached_property
    def _compiler(self) -> Compiler:
        return Compiler(self.content, definitions(self.content))

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by id."""
        return {one.id: one for one in self._compiler.operations(self._system_of)}

    @cached_property
    def outer(self) -> Mapping[tuple[str, int], ResponseShape]:
        """What a system answers before an operation is known, by system and status (``x-outer-responses``)."""
        return {
            (tag["name"], int(status)): self._compiler.response(str(status), response)
            for tag in self.content.get("tags", ())
            for status, response in tag.get("x-outer-responses", {}).items()
        }

    def _system_of(self, operation_id: str, raw: Mapping[str, Any]) -> str:
        prefix, dot, _ = operation_id.partition(".")
        names = (*([prefix] if dot and prefix else ()), *raw.get("tags", ()))
        return next((name for name in names if name in self.systems), next(iter(names), OTHER))

    @cached_property
    def described(self) -> tuple[str, ...]:
        """The names of the systems that have operations, those that are imitated first."""
        names = dict.fromkeys(one.system for one in self.operations.values())
        return (*(name for name in self.systems if name in names), *(name for name in names if name in self.further))

    @cached_property
    def further(self) -> Mapping[str, str]:
        """The titles of the systems that operations belong to although nobody imitates them, by name."""
        titles = {tag["name"]: tag.get("x-title", tag["name"]) for tag in self.content.get("tags", ())}
        names = dict.fromkeys(one.system for one in self.operations.values() if one.system not in self.systems)
        return {name: titles.get(name, "Other" if name == OTHER else name) for name in names}

    def of_system(self, system: str) -> dict[str, Any]:
        """
        Cut the document down to one *system*.

        Returns:
            Its paths, its tag and the components that they use.

        Raises:
            KeyError: The document has no such system.
        """
        wanted = {(one.path, one.method.lower()) for one in self.operations.values() if one.system == system}
        if not wanted:
            raise KeyError(system)
        paths = {}
        for path, item in self.content["paths"].items():
            kept = {key: value for key, value in item.items() if key not in METHODS or (path, key) in wanted}
            if any(key in METHODS for key in kept):
                paths[path] = kept
        part = {**self.content, "paths": paths}
        part["tags"] = [tag for tag in self.content.get("tags", ()) if tag["name"] == system]
        title = next((tag.get("x-title") for tag in part["tags"]), None)
        if title:
            part["info"] = {**self.content["info"], "title": f"{self.content['info']['title']}: {title}"}
        return _pruned(part)

    def published(self, handled: Iterable[str], system: str | None = None) -> dict[str, Any]:
        """
        Prepare the document for readers and tools.

        Args:
            handled: Ids of the operations that behave; the others are marked as answered from examples.
            system: One system alone, or (None) all.
        """
        part = deepcopy(self.content if system is None else self.of_system(system))
        behaves = set(handled)
        for item in part["paths"].values():
            for method in METHODS:
                operation = item.get(method)
                if operation is not None and operation["operationId"] not in behaves:
                    operation["x-watchword-answer"] = "example"
                    note = "*Answered from the document's examples: no handler implements this operation.*"
                    operation["description"] = f"{note}\n\n{operation.get('description', '')}".rstrip()
        return part


def _pruned(part: dict[str, Any]) -> dict[str, Any]:
    """Leave out the components that nothing in *part* leads to."""
    used: set[tuple[str, str]] = set()
    secured = [part, *(item[method] for item in part["paths"].values() for method in METHODS if method in item)]
    schemes = {name for one in secured for alternative in one.get("security", ()) for name in alternative}
    waiting: list[Any] = [part["paths"], part.get("tags")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                _, _, category, name = reference.split("/", 3)
                if (category, name) not in used:
                    used.add((category, name))
                    waiting.append(part["components"][category][name])
            else:
                waiting.extend(node.values())
    components = {
        category: kept
        for category, members in part.get("components", {}).items()
        if (
            kept := {
                name: member
                for name, member in members.items()
                if (category, name) in used or (category == "securitySchemes" and name in schemes)
            }
        )
    }
    return {**part, "components": components}


def load(root: Path, *, systems: Sequence[str], overlays: Iterable[Path] = ()) -> Document:
    """
    Load, overlay and check the document.

    Args:
        root: ``openapi.yaml``.
        systems: Names of the imitated systems.
        overlays: OpenAPI Overlay files, applied in order.

    Raises:
        DocumentError: It is no valid OpenAPI 3.0 document; the message lists why.
    """
    content = bundle(root)
    source = str(root)
    for path in overlays:
        content = apply_overlay(content, path)
        source += f" with {path}"
    _check(content, source)
    _name_operations(content, source)
    content["paths"] = {path: content["paths"][path] for path in sorted(content["paths"], key=specificity)}
    return Document(content, tuple(systems))


def _check(content: dict[str, Any], source: str) -> None:
    version = str(content.get("openapi", ""))
    if not version.startswith("3.0."):
        raise DocumentError(f"{source}: openapi is {version or 'missing'!r}; 3.0.x is what can be served")
    problems = list(_dangling(content, content, ()))
    # The second validator looks deeper, and trips over what the first one refuses.
    for errors in (OpenAPIV30SpecValidator.schema_validator.iter_errors, _deep_errors):
        problems = problems or [_place_and_problem(error) for error in errors(content)]
    if problems:
        raise DocumentError(f"{source}: not a valid OpenAPI 3.0 document:\n  " + "\n  ".join(problems[:20]))


def _place_and_problem(error: Any) -> str:
    place = "/".join(str(step) for step in error.absolute_path)
    return f"{place or 'document'}: {error.message.splitlines()[0][:300]}"


def _deep_errors(content: dict[str, Any]) -> Iterator[Any]:
    validator = OpenAPIV30SpecValidator(content)
    yield from validator.root_validator(validator.schema_path)


def _dangling(content: dict[str, Any], node: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Say where a reference in *node* leads out of the document or to nothing."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            try:
                resolve(content, node)
            except (LookupError, TypeError):
                yield f"{'/'.join(place)}: {reference!r} leads nowhere in the document"
            return
        for name, item in node.items():
            yield from _dangling(content, item, (*place, name))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _dangling(content, item, (*place, str(index)))


def _name_operations(content: dict[str, Any], source: str) -> None:
    """Give every operation an id: one that an overlay adds may lack it."""
    known: set[str] = set()
    for path, item in content["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            if not operation.get("operationId"):
                words = [step.strip("{}") for step in path.split("/") if step]
                prefix = next(iter(operation.get("tags", ())), OTHER)
                operation["operationId"] = f"{prefix}.{'_'.join((method, *words))}"
            if operation["operationId"] in known:
                raise DocumentError(
                    f"{source}: {method} {path} needs an operationId other than {operation['operationId']}"
                )
            known.add(operation["operationId"])
