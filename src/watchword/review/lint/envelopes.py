"""Errors: all of one system look alike."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.document.references import inline_references, resolve_reference
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, steps_of

SEVERAL_ENVELOPES = Check(
    "several-envelopes",
    Severity.WARNING,
    "A client that reads errors in one place has to know where; a second envelope is a second way to read them.",
)
_Fields = frozenset[str]


def several_envelopes(linted: Linted) -> Iterator[Found]:
    """Compare the fields of all errors of a system; what most of them have is its envelope."""
    for system in linted.document.system_names:
        found: dict[_Fields, list[Steps]] = defaultdict(list)
        for fields, steps in _errors(linted, system):
            found[fields].append(steps)
        if found:
            usual = max(found, key=lambda fields: len(found[fields]))
            for fields, places in found.items():
                told = f"Errors of {system} have {_list(usual)}; this one has {_list(fields)}."
                yield from (Found(steps, told) for steps in places if fields != usual)


def _errors(linted: Linted, system: str) -> Iterator[tuple[_Fields, Steps]]:
    content = linted.document.content
    for operation in linted.document.operations.values():
        for status in operation.responses if operation.system == system else ():
            response = resolve_reference(content, operation.raw["responses"][status])
            for kind, media in (response.get("content") or {}).items() if status[:1] in "45" else ():
                fields = _fields(inline_references(content, media.get("schema") or {}))
                if fields:
                    yield fields, (*steps_of(operation), "responses", status, "content", kind, "schema")


def _fields(schema: Any) -> _Fields:
    """Collect the names of the fields that a schema declares, through its composition."""
    if not isinstance(schema, Mapping):
        return frozenset()
    parts = [part for keyword in ("allOf", "oneOf", "anyOf") for part in schema.get(keyword, ())]
    return frozenset(schema.get("properties") or ()).union(*map(_fields, parts))


def _list(fields: _Fields) -> str:
    return ", ".join(sorted(fields))
