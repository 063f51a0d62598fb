"""Bounds: the numbers that the document writes are those that the rules compare."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from watchword.document.origins import Steps
from watchword.edge.overlay_bounds import reached_by, value_at
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted
from watchword.system.document_settings import KEY as SETTINGS

BOUND_CONTRADICTS_RULE = Check(
    "bound-contradicts-rule",
    Severity.ERROR,
    "A number that only the document has is promised and not kept: the rule goes on comparing another one.",
)
SETTING_CONTRADICTS_BOUND = Check(
    "setting-contradicts-bound",
    Severity.WARNING,
    "The document goes on saying what was true before the setting: the schema refuses what the rule would allow,"
    " or promises what the rule refuses.",
)
_KEY = "x-bounds"
_NO_BOUND = "A bound is an object with a rule, a keyword and its number, and the setting that the rule compares."


class _Bound(NamedTuple):
    """
    A number that a rule of a system compares.

    Args:
        steps: What leads to it in the document.
        schema: The object that has it among its bounds.
        written: What the document says.
        compared: What the setting is.
        default: What the setting is if nobody chooses.
    """

    steps: Steps
    schema: Mapping[str, Any]
    rule: str
    keyword: str
    written: Any
    system: str
    setting: str
    compared: Any
    default: Any

    @property
    def is_chosen(self) -> bool:
        """Whether the document carries another value of the setting than its default."""
        return bool(self.compared != self.default)


def contradicting_bounds(linted: Linted) -> Iterator[Found]:
    """Look at every object that says which numbers rules compare."""
    for steps, node, users in _objects(linted):
        numbers = list(enumerate(node[_KEY]))
        yield from (Found((*steps, _KEY, str(number)), _NO_BOUND) for number, one in numbers if not _is_bound(one))
        bounds = list(_bounds(linted, steps, node, users))
        yield from _changed(bounds, _node_at(linted.original.content, steps), steps)
        yield from (Found(one.steps, _told(one, one.written)) for one in bounds if _is_wrong(one))


def contradicting_settings(linted: Linted) -> Iterator[Found]:
    """Look at the settings that the document carries, and at the keywords of schemas that their rules compare."""
    for steps, node, users in _objects(linted):
        bounds, place = list(_bounds(linted, steps, node, users)), "/".join(steps)
        before = _node_at(linted.original.content, steps)
        told_there = {one.steps[-1] for one in _changed(bounds, before, steps)}
        for one in bounds:
            if one.is_chosen and one.keyword not in told_there and _is_outdated(one, bounds):
                told = f"{one.system}.{one.setting} is {one.compared}, but {one.keyword} of {place} is"
                yield Found(
                    (SETTINGS, one.system, *one.setting.split(".")), f"{told} {node[one.keyword]}: change that, too."
                )


def _objects(linted: Linted) -> Iterator[tuple[Steps, Mapping[str, Any], list[str]]]:
    """Yield the objects with bounds: steps, the object, and the systems that use it."""
    reached = reached_by(linted.document, linted.systems)
    for category, members in (linted.document.content.get("components") or {}).items():
        for name, member in (members or {}).items():
            users = [one for one in sorted(reached) if f"#/components/{category}/{name}" in reached[one]]
            for steps, node in _bounded(member, ("components", category, name)):
                yield steps, node, users


def _bounds(linted: Linted, steps: Steps, node: Mapping[str, Any], users: Sequence[str]) -> Iterator[_Bound]:
    """Yield the bounds of an object that rules of its users compare with a setting."""
    for system in users:
        imitated = linted.systems[system]
        rules = {rule.id for rule in imitated.catalogue()}
        settings = linted.settings[system].model_dump(mode="json")
        defaults = imitated.settings_model().model_dump(mode="json")
        for number, bound in enumerate(node[_KEY]):
            if not _is_bound(bound) or bound["rule"] not in rules:
                continue
            setting = str(bound.get("setting"))
            compared, default = value_at(settings, setting), value_at(defaults, setting)
            for keyword in () if compared is None else _keywords(bound):
                place = (*steps, _KEY, str(number), keyword)
                yield _Bound(place, node, bound["rule"], keyword, bound[keyword], system, setting, compared, default)


def _is_wrong(one: _Bound) -> bool:
    """Whether the document says a number that the setting neither is nor was before somebody chose."""
    return one.written not in (one.compared, one.default)


def _is_outdated(one: _Bound, bounds: Sequence[_Bound]) -> bool:
    """Whether the schema says what only the default was, or refuses what the rule allows."""
    said = one.schema.get(one.keyword)
    if not isinstance(said, int | float) or not isinstance(one.compared, int | float):
        return False
    if one.keyword.startswith("min" if said > one.compared else "max") and said != one.compared:
        return True
    return said == one.default and said not in (other.compared for other in bounds if other.keyword == one.keyword)


def _told(one: _Bound, said: Any) -> str:
    return (
        f"{one.keyword} is {said}, but the rule {one.rule} compares {one.compared}:"
        f" the setting {one.system}.{one.setting} (x-watchword-settings)."
    )


def _changed(bounds: Sequence[_Bound], before: Mapping[str, Any], steps: Steps) -> Iterator[Found]:
    """
    Look for a keyword that was changed, to what no rule compares.

    The vendors' own pages allow more than their rules do, so what was not changed contradicts nothing.
    """
    for keyword in dict.fromkeys(one.keyword for one in bounds):
        mine = [one for one in bounds if one.keyword == keyword]
        said = mine[0].schema.get(keyword)
        if said is not None and said not in (before.get(keyword), *(one.compared for one in mine)):
            yield Found((*steps, keyword), _told(mine[0], said))


def _bounded(node: Any, steps: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        if isinstance(node.get(_KEY), list):
            yield steps, node
        for key, value in node.items():
            yield from _bounded(value, (*steps, str(key)))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _bounded(value, (*steps, str(number)))


def _is_bound(bound: Any) -> bool:
    return (
        isinstance(bound, Mapping)
        and isinstance(bound.get("rule"), str)
        and not any(isinstance(value, Mapping | list) for value in bound.values())
    )


def _node_at(node: Any, steps: Steps) -> Mapping[str, Any]:
    """Give what is at *steps* in our own document; nothing if that has other things there."""
    for step in steps:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def _keywords(bound: Mapping[str, Any]) -> list[str]:
    return [key for key in bound if key not in ("rule", "setting")]
