"""The document's own examples: the types of a generated client have to read them, and write them again whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from watchword.document.operations import METHODS
from watchword.document.references import resolve_reference

GIVEN, WRITTEN = "examples.json", "written.json"


@dataclass(frozen=True)
class Example:
    """
    One example of a body.

    Args:
        schema: The name of its schema.
    """

    schema: str
    value: Any


def examples(document: Path) -> list[Example]:
    """
    List the examples of JSON bodies that an exported document has, each once.

    A form has no type in some clients, and a schema without a name (a plain string) in none.
    """
    found = {(one.schema, json.dumps(one.value)): one for one in _bodies(yaml.safe_load(document.read_bytes()))}
    return list(found.values())


def _bodies(document: dict[str, Any]) -> Iterator[Example]:
    for item in document["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            for node in (operation.get("requestBody", {}), *operation["responses"].values()):
                media = resolve_reference(document, node).get("content", {}).get("application/json", {})
                if name := media.get("schema", {}).get("$ref", "").rpartition("/")[2]:
                    for example in media.get("examples", {}).values():
                        yield Example(name, resolve_reference(document, example)["value"])


def give(wanted: Sequence[Example], folder: Path) -> None:
    """Write the file that a generated client reads: a list of ``{"schema", "value"}``."""
    text = json.dumps([{"schema": one.schema, "value": one.value} for one in wanted])
    (folder / GIVEN).write_text(text, encoding="utf-8")


def lost(wanted: Sequence[Example], folder: Path) -> list[str]:
    """List what a client did not write as it had read it; the list that it wrote is in the order of *wanted*."""
    written = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
    return [
        f"{one.schema}: {json.dumps(one.value)} became {json.dumps(value)}"
        for one, value in zip(wanted, written, strict=True)
        if not _kept(one.value, value)
    ]


def _kept(value: Any, written: Any) -> bool:
    """Compare; members may be added, such as defaults, and timestamps may be written in another way."""
    if isinstance(value, dict) and isinstance(written, dict):
        return all(name in written and _kept(member, written[name]) for name, member in value.items())
    if isinstance(value, list) and isinstance(written, list):
        return len(value) == len(written) and all(map(_kept, value, written))
    return bool(value == written) or (_instant(value) is not None and _instant(value) == _instant(written))


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
