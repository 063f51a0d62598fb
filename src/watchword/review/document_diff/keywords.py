"""What single keywords of a schema say: types, formats, listed values, patterns, bounds, defaults, texts."""

from collections.abc import Callable, Iterator
from typing import Any

from watchword.review.document_diff.change import Change, moved, shown, turned
from watchword.review.document_diff.parts import Part, equal
from watchword.review.document_diff.use import Use
from watchword.review.document_diff.views import View

_BOUNDS = (
    ("minLength", "min-length", True),
    ("maxLength", "max-length", False),
    ("minItems", "min-items", True),
    ("maxItems", "max-items", False),
    ("minProperties", "min-properties", True),
    ("maxProperties", "max-properties", False),
)
_TEXTS = ("title", "description", "externalDocs")
_EXAMPLES = ("example", "examples")
_WIDER_FORMATS = {("int32", "int64"), ("float", "double")}
"""The second has all values of the first."""
_JUDGED = frozenset(
    (
        *(
            "type",
            "nullable",
            "format",
            "enum",
            "const",
            "pattern",
            "uniqueItems",
            "multipleOf",
            "default",
            "deprecated",
        ),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "readOnly", "writeOnly", "required"),
        *("properties", "additionalProperties", "items", "not", "oneOf", "anyOf", "allOf", "discriminator", "$ref"),
        *("x-always", *_TEXTS, *_EXAMPLES, *(keyword for keyword, _, _ in _BOUNDS)),
    )
)


def compare_types(base: View, head: View, use: Use) -> Iterator[Change]:
    """Compare which types values may have."""
    before, after = base.types, head.types
    only_null = frozenset() in (before, after)
    if only_null:
        before, after = _with_null(base), _with_null(head)
    if before != after:
        told = f"type: {_types(before)} → {_types(after)}"
        # In a URL and in a header everything is text.
        is_text = use.subject != "body" and not use.nested
        if _within(before, after, is_text=is_text):
            suffix = "type-generalized"
        elif _within(after, before, is_text=is_text):
            suffix = "type-specialized"
        else:
            suffix = "type-changed"
        yield use.change(suffix, told, base.first("type"), head.first("type"))
    was, now = base.decides_null, head.decides_null
    if not only_null and was is not None and now is not None and base.nullable != head.nullable:
        suffix = "became-nullable" if head.nullable else "became-not-nullable"
        told = "null is valid now" if head.nullable else "null is no longer valid"
        yield use.change(suffix, told, was, now)


def _with_null(view: View) -> frozenset[str] | None:
    return view.types if view.types is None or not view.nullable else view.types | {"null"}


def _within(few: frozenset[str] | None, many: frozenset[str] | None, *, is_text: bool) -> bool:
    if few is None or many is None:
        return many is None
    if is_text and "string" in many and few.isdisjoint({"array", "object"}):
        return True
    return few <= (many | {"integer"} if "number" in many else many)


def _types(types: frozenset[str] | None) -> str:
    return "any" if types is None else " or ".join(sorted(types)) or "none"


def compare_keywords(base: View, head: View, use: Use) -> Iterator[Change]:
    """Compare everything about single values but their types."""
    for compare in (_formats, _listed, _patterns, _sizes, _ranges, _flags, _multiples, _defaults, _annotations):
        yield from compare(base, head, use)


def _formats(base: View, head: View, use: Use) -> Iterator[Change]:
    was, now = base.first("format"), head.first("format")
    before, after = _value(was), _value(now)
    if before == after:
        return
    told = moved("format", was, now)
    if "password" in (before, after) and (before is None or after is None):
        yield use.change("secret-mark-set" if after else "secret-mark-unset", told, was, now)
    elif before is None or after is None:
        yield use.change("format-set" if before is None else "format-unset", told, was, now)
    elif (before, after) in _WIDER_FORMATS:
        yield use.change("format-generalized", told, was, now)
    elif (after, before) in _WIDER_FORMATS:
        yield use.change("format-specialized", told, was, now)
    else:
        yield use.change("format-changed", told, was, now)


def _listed(base: View, head: View, use: Use) -> Iterator[Change]:
    before, after = base.enum, head.enum
    if before is None and after is not None:
        yield use.change("enum-set", "only listed values are valid now", None, head.listed)
    elif before is not None and after is None:
        yield use.change("enum-unset", "values are no longer listed", base.listed, None)
    elif before is not None and after is not None:
        # Whether null is valid is said once, with the types.
        for key, one in before.items():
            if key not in after and one.value is not None:
                yield use.change("enum-value-removed", f"{shown(one.value)} is no longer valid", one, None)
        for key, one in after.items():
            if key not in before and one.value is not None:
                yield use.change("enum-value-added", f"{shown(one.value)} is valid, too", None, one)


def _patterns(base: View, head: View, use: Use) -> Iterator[Change]:
    before, after = _by_value(base.found("pattern")), _by_value(head.found("pattern"))
    gone = [one for value, one in before.items() if value not in after]
    new = [one for value, one in after.items() if value not in before]
    if gone and new:
        yield use.change("pattern-changed", moved("pattern", gone[0], new[0]), gone[0], new[0])
        gone, new = gone[1:], new[1:]
    for one in gone:
        yield use.change("pattern-unset", f"pattern {shown(one.value)} is gone", one, None)
    for one in new:
        yield use.change("pattern-set", f"pattern {shown(one.value)} is new", None, one)


def _by_value(parts: list[Part]) -> dict[str, Part]:
    return {str(one.value): one for one in parts}


def _sizes(base: View, head: View, use: Use) -> Iterator[Change]:
    for keyword, name, least in _BOUNDS:
        key: Callable[[Part], Any] = (lambda one: one.value) if least else (lambda one: -one.value)
        was, now = base.strictest(keyword, key), head.strictest(keyword, key)
        # A least size of 0 says nothing.
        was = None if least and was is not None and not was.value else was
        now = None if least and now is not None and not now.value else now
        before, after = _value(was), _value(now)
        if before != after:
            yield use.change(f"{name}-{_moved(before, after)}", moved(keyword, was, now), was, now)


def _ranges(base: View, head: View, use: Use) -> Iterator[Change]:
    for limit, exclusive, name, least in (
        ("minimum", "exclusiveMinimum", "min", True),
        ("maximum", "exclusiveMaximum", "max", False),
    ):
        was, now = base.bound(limit, exclusive, least=least), head.bound(limit, exclusive, least=least)
        before, after = None if was is None else was[0], None if now is None else now[0]
        if before == after:
            continue
        told = f"{limit}: {_range(before)} → {_range(after)}"
        sign = 1 if least else -1
        # An excluded bound is a little stricter than the same one included.
        moved = _moved(*(None if one is None else (one[0], sign * one[1]) for one in (before, after)))
        yield use.change(f"{name}-{moved}", told, None if was is None else was[1], None if now is None else now[1])


def _range(bound: tuple[float, bool] | None) -> str:
    return "none" if bound is None else f"{shown(bound[0])}{' (excluded)' if bound[1] else ''}"


def _moved(before: Any, after: Any) -> str:
    if before is None:
        return "set"
    if after is None:
        return "unset"
    return "increased" if after > before else "decreased"


def _flags(base: View, head: View, use: Use) -> Iterator[Change]:
    was, now = base.strictest("uniqueItems", _truth), head.strictest("uniqueItems", _truth)
    before, after = bool(_value(was)), bool(_value(now))
    if before != after:
        yield use.change(f"unique-items-{'set' if after else 'unset'}", turned("uniqueItems", before, after), was, now)
    was, now = base.strictest("deprecated", _truth), head.strictest("deprecated", _truth)
    before, after = bool(_value(was)), bool(_value(now))
    if before != after:
        yield use.change("deprecated" if after else "reactivated", turned("deprecated", before, after), was, now)


def _truth(part: Part) -> bool:
    return bool(part.value)


def _multiples(base: View, head: View, use: Use) -> Iterator[Change]:
    before, after = base.multiple, head.multiple
    if before == after:
        return
    if before is None or after is None:
        suffix = "set" if before is None else "unset"
    elif (before / after).denominator == 1:
        suffix = "generalized"
    elif (after / before).denominator == 1:
        suffix = "specialized"
    else:
        suffix = "changed"
    was, now = base.first("multipleOf"), head.first("multipleOf")
    yield use.change(f"multiple-of-{suffix}", moved("multipleOf", was, now), was, now)


def _defaults(base: View, head: View, use: Use) -> Iterator[Change]:
    was, now = base.first("default"), head.first("default")
    if was is not None and now is not None and equal(was.value, now.value):
        return
    if was is not None or now is not None:
        suffix = "set" if was is None else "unset" if now is None else "changed"
        yield use.change(f"default-{suffix}", moved("default", was, now), was, now)


def _annotations(base: View, head: View, use: Use) -> Iterator[Change]:
    """Compare what is for people and tools, and name what is not judged."""
    for keyword in {**base.keywords, **head.keywords}:
        suffix = "text-changed" if keyword in _TEXTS else "example-changed" if keyword in _EXAMPLES else ""
        suffix = suffix or ("extension-changed" if keyword.startswith("x-") and keyword not in _JUDGED else "")
        if not suffix and keyword in _JUDGED:
            continue
        before, after = base.found(keyword), head.found(keyword)
        if sorted(_exactly(one) for one in before) == sorted(_exactly(one) for one in after):
            continue
        was, now = next(iter(before), None), next(iter(after), None)
        told = f"{keyword} {'is new' if was is None else 'is gone' if now is None else 'is another'}"
        yield use.change(suffix or "not-judged", told, was, now, where=(keyword,))


def _exactly(part: Part) -> str:
    """Write a value so that equal ones are the same text."""
    return repr(part.value)


def _value(part: Part | None) -> Any:
    return None if part is None else part.value
