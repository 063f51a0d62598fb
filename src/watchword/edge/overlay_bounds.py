"""Bounds that rules hold, whatever an overlay makes of the document's."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document import Document
from watchword.document.differences import reached_components
from watchword.system.settings import SettingsBySystem

_KEY = "x-bounds"
_SHARED = {"weavr": ("weavr_multi", "weavr_payment_run")}
"""The systems whose settings a rule without a system of its own compares."""


def contradicted_bounds(original: Document, final: Document, settings: SettingsBySystem) -> Iterator[str]:
    """
    Say which numbers an overlay has changed in the document, though a rule goes on comparing another one.

    Args:
        settings: What the rules compare.
    """
    for category in ("schemas", "responses"):
        after = final.content.get("components", {}).get(category, {})
        for name, before in original.content.get("components", {}).get(category, {}).items():
            if name in after and after[name] != before:
                systems = _users(final, f"#/components/{category}/{name}")
                for place, old, new in _bounded(before, after[name], name):
                    yield from _contradictions(place, old, new, {one: settings[one] for one in systems & set(settings)})


def _users(document: Document, reference: str) -> set[str]:
    return {
        one.system for one in document.operations.values() if reference in reached_components(document.content, one.raw)
    }


def _bounded(before: Any, after: Any, place: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Find the objects with bounds, as they were and as they are, with their places."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if _KEY in before:
            yield place, before, after
        for key in before.keys() & after.keys():
            yield from _bounded(before[key], after[key], f"{place}.{key}")


def _contradictions(
    place: str, old: Mapping[str, Any], new: Mapping[str, Any], settings: SettingsBySystem
) -> Iterator[str]:
    for bound in old[_KEY]:
        rule, path = bound["rule"], bound.get("setting")
        keyword = next(key for key in bound if key not in ("rule", "setting"))
        written = _written(keyword, bound, old, new)
        if path is None or written is None:
            continue
        for system in (
            one for one in _SHARED.get(rule.partition(".")[0], (rule.partition(".")[0],)) if one in settings
        ):
            held = _value(settings[system].model_dump(mode="json"), path)
            if held is not None and held != written:
                yield (
                    f"{place}: the document says {keyword} {written}, but the rule {rule} compares {held}:"
                    f" the setting {system}.{path}, which an overlay can carry (x-watchword-settings)."
                )


def _written(keyword: str, bound: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Any:
    """Give the number that an overlay has written, as a keyword of the schema or among its bounds; None if none."""
    if new.get(keyword) != old.get(keyword):
        return new.get(keyword)
    same = [one for one in new.get(_KEY, ()) if one.get("rule") == bound["rule"] and keyword in one]
    mine = [one[keyword] for one in same if one.get("setting") == bound.get("setting")]
    return next((value for value in mine if value != bound[keyword]), None)


def _value(settings: Any, path: str) -> Any:
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings
