"""
Schemas inside of a schema, but for properties.

They are alternatives (``oneOf``, ``anyOf``), what says which is meant, entries, and what is excluded.
"""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.document.references import mapping_reference, pointer_steps
from watchword.review.document_diff.change import Change, turned
from watchword.review.document_diff.parts import Part, equal
from watchword.review.document_diff.use import Inner, Use
from watchword.review.document_diff.views import Schema, View

Same = Callable[[Schema, Schema, Use], bool]
"""Tells whether two schemas differ in nothing but texts."""
Pairs = list[tuple[Part, Part]]


def compare_false(base: View, head: View, use: Use) -> Iterator[Change]:
    """Compare schemas of which at least one is ``false``, so that no value is valid."""
    if not base.is_false:
        yield use.change("became-false-schema", "no value is valid now", base.whole, head.whole)
    elif not head.is_false:
        yield use.change("became-not-false-schema", "values are valid now", base.whole, head.whole)


def compare_entries(base: View, head: View, use: Use) -> Iterator[Inner]:
    """Compare the entries of arrays."""
    before, after = tuple(base.found("items")), tuple(head.found("items"))
    if before or after:
        yield Inner(("items",), before, after, use.inner)


def compare_exclusions(base: View, head: View, use: Use, same: Same) -> Iterator[Change]:
    """Compare what is excluded."""
    before, after = base.found("not"), head.found("not")
    gone = [one for one in before if not any(same((one,), (other,), use.inner) for other in after)]
    new = [one for one in after if not any(same((other,), (one,), use.inner) for other in before)]
    while gone and new:
        yield use.change("not-changed", "other values are excluded", gone.pop(0), new.pop(0), where=("not",))
    for one in gone:
        yield use.change("not-unset", "values are no longer excluded", one, None, where=("not",))
    for one in new:
        yield use.change("not-set", "values are excluded now", None, one, where=("not",))


def compare_choices(base: View, head: View, use: Use, same: Same) -> Iterator[Change | Inner]:
    """Compare alternatives."""
    before, after = choices(base), choices(head)
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else None
        now = after[number] if number < len(after) else None
        if was is None or now is None:
            suffix = "alternatives-set" if was is None else "alternatives-unset"
            told = "has alternatives now" if was is None else "has no alternatives any more"
            yield use.change(suffix, told, was, now)
            continue
        if was.steps[-1] != now.steps[-1]:
            suffix = "one-of-became-any-of" if was.steps[-1] == "oneOf" else "any-of-became-one-of"
            yield use.change(suffix, f"{was.steps[-1]} became {now.steps[-1]}", was.bare(), now.bare())
        matched, gone, new = match(was.entries(), now.entries(), use, same)
        for one, other in matched:
            yield Inner((was.steps[-1], name_of(one)), (one,), (other,), use.inner)
        for one in gone:
            told = f"the alternative {name_of(one)} is gone"
            yield use.change("alternative-removed", told, one.bare(), None, where=(was.steps[-1], name_of(one)))
        for one in new:
            told = f"the alternative {name_of(one)} is new"
            yield use.change("alternative-added", told, None, one.bare(), where=(now.steps[-1], name_of(one)))


def choices(view: View) -> list[Part]:
    """List the alternatives of a schema; it may have several lists of them."""
    return [*view.found("oneOf"), *view.found("anyOf")]


def name_of(alternative: Part) -> str:
    """Name an alternative: by its component, its title, or its number."""
    value = alternative.value
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        return pointer_steps(value["$ref"])[-1]
    if isinstance(value, dict) and isinstance(value.get("title"), str):
        return str(value["title"])
    return alternative.steps[-1]


def match(before: list[Part], after: list[Part], use: Use, same: Same) -> tuple[Pairs, list[Part], list[Part]]:
    """Find which alternatives of HEAD are those of BASE: by name, by meaning, or by what they have in common."""
    matched: Pairs = []
    gone, new = list(before), list(after)
    tests: tuple[Callable[[Part, Part], Any], ...] = (
        lambda one, other: _component(one) is not None and _component(one) == _component(other),
        lambda one, other: equal(one.value, other.value),
        lambda one, other: same((one,), (other,), use.inner),
        lambda one, other: _titled(one) is not None and _titled(one) == _titled(other),
        _alike,
    )
    for test in tests:
        for one in list(gone):
            other = next((candidate for candidate in new if test(one, candidate)), None)
            if other is not None:
                matched.append((one, other))
                gone.remove(one)
                new.remove(other)
    return matched, gone, new


def _component(part: Part) -> str | None:
    return part.value.get("$ref") if isinstance(part.value, dict) else None


def _titled(part: Part) -> Any:
    return part.value.get("title") if isinstance(part.value, dict) else None


def _alike(one: Part, other: Part) -> bool:
    """Whether two alternatives that are written in place have a property in common, or are of one simple type."""
    if _component(one) is not None or _component(other) is not None:
        return False
    before, after = (part.value if isinstance(part.value, dict) else {} for part in (one, other))
    named = [(side.get("properties") or {}).keys() | set(side.get("required") or ()) for side in (before, after)]
    if named[0] or named[1]:
        return bool(named[0] & named[1])
    return before.get("type") == after.get("type")


def compare_discriminators(base: View, head: View, use: Use, same: Same) -> Iterator[Change]:
    """Compare what says which alternative is meant."""
    was, now = base.first("discriminator"), head.first("discriminator")
    if was is None or now is None:
        if was is not now:
            suffix = "discriminator-set" if was is None else "discriminator-unset"
            told = f"a property {'decides now' if was is None else 'no longer decides'} which alternative is meant"
            yield use.change(suffix, told, was, now, where=("discriminator",))
        return
    before, after = was.value.get("propertyName"), now.value.get("propertyName")
    if before != after:
        told = turned("discriminator", before, after)
        yield use.change("discriminator-property-changed", told, was, now, where=("discriminator",))
    mapped = [(part.get("mapping") or Part({})).members() for part in (was, now)]
    for value in {**mapped[0], **mapped[1]}:
        one, other = mapped[0].get(value), mapped[1].get(value)
        where = ("discriminator", "mapping", value)
        if one is None:
            yield use.change("discriminator-value-added", f"{value} is new", None, other, where=where)
        elif other is None:
            yield use.change("discriminator-value-removed", f"{value} is gone", one, None, where=where)
        elif not equal(one.value, other.value) and not same((_target(one),), (_target(other),), use.inner):
            yield use.change("discriminator-value-changed", f"{value} is another schema", one, other, where=where)


def _target(part: Part) -> Part:
    return Part({"$ref": mapping_reference(part.value)}, part.steps)
