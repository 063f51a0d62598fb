"""Bounds: the numbers that the document writes are those that the rules compare."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.edge.overlay_bounds import reached_by, value_at
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

BOUND_CONTRADICTS_RULE = Check(
    "bound-contradicts-rule",
    Severity.ERROR,
    "A number that only the document has is promised and not kept: the rule goes on comparing another one.",
)
_KEY = "x-bounds"
_NO_BOUND = "A bound is an object with a rule, a keyword and its number, and the setting that the rule compares."


def contradicting_bounds(linted: Linted) -> Iterator[Found]:
    """Look at every object that says which numbers rules compare."""
    reached = reached_by(linted.document, linted.systems)
    for category, members in (linted.document.content.get("components") or {}).items():
        for name, member in (members or {}).items():
            users = [one for one in sorted(reached) if f"#/components/{category}/{name}" in reached[one]]
            for steps, node in _bounded(member, ("components", category, name)):
                yield from _changed(node, _node_at(linted.original.content, steps), steps)
                for number, bound in enumerate(node[_KEY]):
                    place = (*steps, _KEY, str(number))
                    if not _is_bound(bound):
                        yield Found(place, _NO_BOUND)
                        continue
                    for system in users:
                        yield from _compared(linted, system, bound, place)


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


def _changed(node: Mapping[str, Any], before: Mapping[str, Any], steps: Steps) -> Iterator[Found]:
    """
    Look for a keyword that was changed, to what none of its bounds is.

    The vendors' own pages allow more than their rules do, so what was not changed contradicts nothing.
    """
    bounds = [one for one in node[_KEY] if _is_bound(one)]
    for keyword in {keyword: None for bound in bounds for keyword in _keywords(bound)}:
        numbers = {bound[keyword]: bound for bound in bounds if keyword in bound}
        if keyword in node and node[keyword] not in (*numbers, before.get(keyword)):
            number, bound = next(iter(numbers.items()))
            told = f"{keyword} is {node[keyword]}, but the rule {bound['rule']} compares {number}"
            yield Found((*steps, keyword), f"{told}: the setting {bound.get('setting')}.")


def _compared(linted: Linted, system: str, bound: Mapping[str, Any], steps: Steps) -> Iterator[Found]:
    """Compare a bound with the setting that the rules of a system compare."""
    if bound["rule"] not in {rule.id for rule in linted.systems[system].catalogue()}:
        return
    value = value_at(linted.settings[system].model_dump(mode="json"), str(bound.get("setting")))
    for keyword in _keywords(bound):
        if value is not None and value != bound[keyword]:
            told = f"{keyword} is {bound[keyword]}, but the rule {bound['rule']} compares {value}"
            yield Found((*steps, keyword), f"{told}: the setting {system}.{bound['setting']} (x-watchword-settings).")


def _keywords(bound: Mapping[str, Any]) -> list[str]:
    return [key for key in bound if key not in ("rule", "setting")]
