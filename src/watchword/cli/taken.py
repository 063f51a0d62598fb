"""What changed files change for clients: operations, settings and faults, in one sentence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watchword.build import Built
from watchword.document import Document
from watchword.document.differences import changed_places
from watchword.domain.alike import shorten
from watchword.edge.served_api import ServedApi
from watchword.system.settings import list_differences


def tell_changes(before: Built, after: Built) -> str:
    """Say what a change of files makes different, such as ``1 operation changed (doors.list); 1 fault added``."""
    faults = _changed_faults(before, after)
    said = (
        _listed("operation", list(dict.fromkeys(_changed_operations(before, after)))),
        _listed("setting", list(dict.fromkeys(_changed_settings(before, after)))),
        *(f"{_counted('fault', number)} {what}" for what, number in faults.items() if number),
    )
    return "; ".join(filter(None, said)) or "no operation, setting or fault changed"


def _listed(noun: str, names: Sequence[str]) -> str:
    return f"{_counted(noun, len(names))} changed ({shorten(names)})" if names else ""


def _counted(noun: str, number: int) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _changed_operations(before: Built, after: Built) -> Iterator[str]:
    """Name the operations that differ, today or in a proposal; some of them twice."""
    for old, new in zip(_documents(before), _documents(after), strict=True):
        ids = {(one.method, one.path): one.id for one in (*old.operations.values(), *new.operations.values())}
        yield from (ids[one.method, one.path] for one in changed_places(old.content, new.content))


def _documents(built: Built) -> list[Document]:
    return [one.document for one in (*built.imitated.alternatives, *built.documents.values())]


def _changed_settings(before: Built, after: Built) -> Iterator[str]:
    """Name the settings that fresh sandboxes begin with otherwise; some of them twice."""
    for old, new in _alternatives(before, after):
        yield from (".".join(path) for path, _, _ in list_differences(_settings(old), _settings(new)))


def _settings(api: ServedApi) -> Mapping[str, Mapping[str, Any]]:
    """Write all settings of a fresh sandbox, by system."""
    models = {one.name: api.start.settings.get(one.name, one.settings_model()) for one in api.sandboxes.systems}
    return {name: one.model_dump(mode="json") for name, one in models.items()}


def _changed_faults(before: Built, after: Built) -> Mapping[str, int]:
    """Count the faults that were added, and those that were removed; each once, whatever brings it."""
    sides = [(set(old.start.faults), set(new.start.faults)) for old, new in _alternatives(before, after)]
    added = {one for old, new in sides for one in new - old}
    removed = {one for old, new in sides for one in old - new}
    return {"added": len(added), "removed": len(removed)}


def _alternatives(before: Built, after: Built) -> Iterator[tuple[ServedApi, ServedApi]]:
    """Pair what describes the imitated systems, today and in each proposal."""
    return zip(before.imitated.alternatives, after.imitated.alternatives, strict=True)
