"""Scenarios with a value between two bounds, which only one of two sides accepts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchword.contract.lane import SUCCESS
from watchword.contract.scenario import Scenario
from watchword.contract.secrets import parts_in_place
from watchword.contract.steps import Call, Step
from watchword.contract.values import Template
from watchword.document import Operation
from watchword.review.behaviour_diff.fitting import UNITS, fitting, in_words
from watchword.review.behaviour_diff.knobs import Setting

_GREATEST = 10_000
"""Characters or items; a server may refuse more for the size of the request."""
Operations = Mapping[str, Operation]
Parts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Bound:
    """A number that limits a value and is another on each side; None on a side that has no such limit."""

    keyword: str
    base: int | None
    head: int | None

    @property
    def between(self) -> Sequence[int]:
        """
        Numbers that only one side accepts.

        Of a minimum the least and the greatest: a short text can lack what other rules ask for, and a long one can be
        longer than they allow.
        """
        low, *high = sorted(one for one in (self.base, self.head) if one is not None)
        if self.keyword.startswith("max"):
            return (low + 1,)
        least, most = (low, high[0] - 1) if high else (0, low - 1)
        return tuple(dict.fromkeys((least, most)))


def between(
    scenarios: Sequence[Scenario], settings: Sequence[Setting], base: Operations, head: Operations
) -> Iterator[Scenario]:
    """
    Tell scenarios up to a call that succeeds, with a value between the bounds of the sides in it.

    Args:
        settings: In which the sides differ; the documents say which values they limit.
        base, head: The operations of the sides, by id.
    """
    limits = {".".join(one.path): (one.base, one.head) for one in settings}
    told = defaultdict[str, list[tuple[Step, ...]]](list)
    for scenario in scenarios:
        for place, call in enumerate(scenario.steps):
            if not isinstance(call, Call) or not _succeeds(call) or call.operation not in base.keys() & head.keys():
                continue
            schemas = (base[call.operation].body_schema, head[call.operation].body_schema)
            for one in _variants(scenario, place, _bounded(call.body, schemas, limits)):
                if one.steps not in told[call.operation]:
                    told[call.operation].append(one.steps)
                    yield one


def _variants(scenario: Scenario, place: int, bounded: Iterator[tuple[Template, Bound]]) -> Iterator[Scenario]:
    """Tell a scenario up to the call at *place* with other values in it; what it proves of rules is lost."""
    for value, bound in bounded:
        for number in bound.between:
            steps = _with(scenario.steps[: place + 1], value, fitting(value, bound.keyword, number))
            if steps is not None:
                words = f"with {in_words(bound.keyword, number)}"
                variant = f"{scenario.variant}, {words}" if scenario.variant else words
                yield replace(scenario, proves=(), shows=(), steps=steps, variant=variant)


def _succeeds(call: Call) -> bool:
    return call.expected is not None and call.expected.statuses[0] in SUCCESS


def _bounded(
    template: Template, schemas: tuple[Any, Any], limits: Mapping[str, tuple[Any, Any]]
) -> Iterator[tuple[Template, Bound]]:
    """
    Yield the values of a body whose bounds differ.

    Args:
        schemas: Of BASE and of HEAD.
        limits: The settings that differ, by name: how they are in BASE and in HEAD.
    """
    base, head = (list(parts_in_place(one)) for one in schemas)
    for bound in _bounds(base, head, limits):
        yield template, bound
    if isinstance(template, Mapping):
        for name, member in template.items():
            yield from _bounded(member, (_member(base, name), _member(head, name)), limits)
    elif isinstance(template, list | tuple):
        for member in template:
            items = [{"anyOf": [one["items"] for one in parts if "items" in one]} for parts in (base, head)]
            yield from _bounded(member, (items[0], items[1]), limits)


def _member(parts: Parts, name: str) -> Mapping[str, Any]:
    """Give what *parts* say of a member, as one schema."""
    properties = [one.get("properties") or {} for one in parts]
    return {"anyOf": [one[name] for one in properties if name in one]}


def _bounds(base: Parts, head: Parts, limits: Mapping[str, tuple[Any, Any]]) -> Iterator[Bound]:
    """Find the bounds that differ: of the documents, and of the settings that BASE's document names (``x-bounds``)."""
    named = [(key, *limits[one["setting"]]) for one, key in _marks(base) if one.get("setting") in limits]
    written = [(key, _written(base, key), _written(head, key)) for key in UNITS]
    for keyword, one, other in (*named, *written):
        if keyword in UNITS and one != other and _is_bound(one) and _is_bound(other):
            yield Bound(keyword, one, other)


def _is_bound(value: Any) -> bool:
    return value is None or (isinstance(value, int) and value <= _GREATEST)


def _marks(parts: Parts) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Give the marks of what rules compare, each with its keyword."""
    for mark in (mark for one in parts for mark in one.get("x-bounds", ())):
        yield from ((mark, key) for key in mark if key not in ("rule", "setting"))


def _written(parts: Parts, keyword: str) -> Any:
    return next((one[keyword] for one in parts if keyword in one), None)


def _with(steps: Sequence[Step], old: Template, new: Template) -> tuple[Step, ...] | None:
    """Put another value in its place: a text everywhere, so that it is known later; else only in the last call."""
    if new is None or new == old:
        return None
    *earlier, last = steps
    told = [_changed(one, old, new) for one in earlier] if isinstance(old, str) else earlier
    return (*told, _changed(last, old, new))


def _changed(step: Step, old: Template, new: Template) -> Step:
    if not isinstance(step, Call):
        return step
    return replace(step, body=_instead(step.body, old, new), sets=_instead(step.sets, old, new))


def _instead(template: Template, old: Template, new: Template) -> Template:
    if type(template) is type(old) and template == old:
        return new
    match template:
        case Mapping():
            return {name: _instead(member, old, new) for name, member in template.items()}
        case list() | tuple():
            return [_instead(member, old, new) for member in template]
    return template
