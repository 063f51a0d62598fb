"""Bounds that rules hold, whatever an overlay makes of the document's."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from watchword.document import Document
from watchword.document.differences import reached_components
from watchword.system import System
from watchword.system.settings import SettingsBySystem

Schema = Mapping[str, Any]
_KEY = "x-bounds"


def contradicted_bounds(
    original: Document, final: Document, systems: Mapping[str, System], settings: SettingsBySystem
) -> Iterator[str]:
    """
    Say which numbers an overlay has changed in the document, though a rule goes on comparing another one.

    Args:
        systems: The imitated systems, by name.
        settings: What their rules compare.
    """
    rules = {name: {rule.id for rule in system.catalogue()} for name, system in systems.items()}
    changed = list(_changed(original.content, final.content))
    reached = reached_by(final, systems) if changed else {}
    for reference, before, after in changed:
        users = [one for one in sorted(rules) if reference in reached[one]]
        for place, old, new in _bounded(before, after, reference.rpartition("/")[2]):
            for bound in old[_KEY]:
                held = {one: settings[one] for one in users if bound["rule"] in rules[one]}
                yield from (f"{place}: {text}" for text in _contradictions(bound, old, new, held))


def _changed(original: Schema, final: Schema) -> Iterator[tuple[str, Any, Any]]:
    """Yield the components that have changed and that bounds stand in: reference, as they were, and as they are."""
    for category in ("schemas", "responses"):
        after = (final.get("components") or {}).get(category) or {}
        for name, before in ((original.get("components") or {}).get(category) or {}).items():
            if name in after and after[name] != before:
                yield f"#/components/{category}/{name}", before, after[name]


def reached_by(document: Document, systems: Iterable[str]) -> Mapping[str, Set[str]]:
    """Collect the references that the operations of each of *systems* make, directly or through others."""
    return {
        system: reached_components(
            document.content, [one.raw for one in document.operations.values() if one.system == system]
        )
        for system in systems
    }


def _bounded(before: Any, after: Any, place: str) -> Iterator[tuple[str, Schema, Schema]]:
    """Find the objects with bounds, as they were and as they are, with their places."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if _KEY in before:
            yield place, before, after
        for key in before.keys() & after.keys():
            yield from _bounded(before[key], after[key], f"{place}.{key}")


def _contradictions(bound: Schema, old: Schema, new: Schema, held: SettingsBySystem) -> Iterator[str]:
    keyword = next(key for key in bound if key not in ("rule", "setting"))
    written, path = _written(keyword, bound, old, new), bound.get("setting")
    if path is None or written is None:
        return
    for system, settings in held.items():
        compared = value_at(settings.model_dump(mode="json"), path)
        if compared is not None and compared != written:
            yield (
                f"the document says {keyword} {written}, but the rule {bound['rule']} compares {compared}:"
                f" the setting {system}.{path}, which an overlay can carry (x-watchword-settings)."
            )


def _written(keyword: str, bound: Schema, old: Schema, new: Schema) -> Any:
    """Give the number that an overlay has written, as a keyword of the schema or among its bounds; None if none."""
    if new.get(keyword) != old.get(keyword):
        return new.get(keyword)
    same = [one for one in new.get(_KEY, ()) if one.get("rule") == bound["rule"] and keyword in one]
    mine = [one[keyword] for one in same if one.get("setting") == bound.get("setting")]
    return next((value for value in mine if value != bound[keyword]), None)


def value_at(settings: Any, path: str) -> Any:
    """Give the value of a setting, by its names with dots between them; None if there is none."""
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings
