"""
A schema as one view: what all of its parts say together.

References and ``allOf`` are dissolved, so that moving keywords between parts is no difference.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from math import gcd, lcm
from typing import Any

from watchword.document.origins import Steps
from watchword.review.document_diff.parts import Part, follow

Schema = tuple[Part, ...]
"""Schemas that hold together, as they stand."""

_DEEPEST = 100


@dataclass(frozen=True)
class View:
    """
    What a schema says.

    Args:
        parts: Its parts, without references and ``allOf``.
    """

    parts: tuple[Part, ...]

    def found(self, keyword: str) -> list[Part]:
        """List what the parts say of *keyword*."""
        return [part for one in self.parts if (part := one.get(keyword)) is not None]

    def first(self, keyword: str) -> Part | None:
        """Give what the first part that has *keyword* says."""
        return next(iter(self.found(keyword)), None)

    def strictest(self, keyword: str, key: Callable[[Part], Any]) -> Part | None:
        """Give what the strictest part says."""
        return max(self.found(keyword), key=key, default=None)

    @cached_property
    def keywords(self) -> dict[str, None]:
        """The keywords that any part has."""
        return {name: None for part in self.parts if isinstance(part.value, dict) for name in part.value}

    @cached_property
    def properties(self) -> Mapping[str, Schema]:
        """The schemas of each property."""
        made: dict[str, Schema] = {}
        for found in self.found("properties"):
            for name, member in found.members().items():
                made[name] = (*made.get(name, ()), member)
        return made

    @cached_property
    def required(self) -> Mapping[str, Part]:
        """The names of the required properties, and where each is said to be required."""
        return {str(one.value): one for found in self.found("required") for one in found.entries()}

    @property
    def whole(self) -> Part | None:
        """Where it begins, as something without a value; None if there is no schema."""
        return self.parts[0].bare() if self.parts else None

    @cached_property
    def is_false(self) -> bool:
        """Whether a part is the schema ``false``, so that no value is valid."""
        return any(one.value is False for one in self.parts)

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The types that values may have, without ``null``; None for any."""
        allowed: frozenset[str] | None = None
        for part in self.found("type"):
            own = _types(part.value)
            own = own | {"integer"} if "number" in own else own
            allowed = own if allowed is None else allowed & own
        if allowed is None:
            return None
        return allowed - ({"null", "integer"} if "number" in allowed else {"null"})

    @cached_property
    def nullable(self) -> bool:
        """Whether ``null`` is valid: every type takes it, and it is listed where values are."""
        typed = all(_takes_null(one.value) for one in self.parts if one.get("type") is not None)
        return typed and (self.enum is None or _key(None) in self.enum)

    @property
    def decides_null(self) -> Part | None:
        """Where it is said whether ``null`` is valid; None if nothing says so."""
        return self.first("nullable") or self.first("type") or self.listed

    @property
    def listed(self) -> Part | None:
        """Where values are listed."""
        return self.first("enum") or self.first("const")

    @cached_property
    def enum(self) -> Mapping[str, Part] | None:
        """The listed values, by what `_key` makes of them; None if they are not listed."""
        allowed: dict[str, Part] | None = None
        for part in (*self.found("enum"), *(Part([one.value], one.steps) for one in self.found("const"))):
            own = {_key(one.value): one for one in part.entries()}
            allowed = own if allowed is None else {key: one for key, one in allowed.items() if key in own}
        return allowed

    @cached_property
    def multiple(self) -> Fraction | None:
        """The number that values are multiples of: the least that all parts agree on; None for any."""
        found = [Fraction(str(one.value)) for one in self.found("multipleOf")]
        return reduce(_common_multiple, found) if found else None

    def bound(self, limit: str, exclusive: str, *, least: bool) -> tuple[tuple[float, bool], Part] | None:
        """Give the strictest bound of a number: its value, whether it is excluded, and where it stands."""
        sign = 1 if least else -1
        found = []
        for part in self.parts:
            for keyword in (limit, exclusive):
                one = part.get(keyword)
                if one is None or isinstance(one.value, bool) or not isinstance(one.value, int | float):
                    continue
                excluded = keyword == exclusive or part.value.get(exclusive) is True
                found.append(((one.value, excluded), one))
        return max(found, key=lambda one: (sign * one[0][0], one[0][1]), default=None)


def view(document: Mapping[str, Any], schema: Schema) -> View:
    """Dissolve the references and ``allOf`` of *schema*."""
    return View(tuple(_parts(document, schema, ())))


def _parts(document: Mapping[str, Any], schema: Schema, within: tuple[Steps, ...]) -> Iterator[Part]:
    for one in schema:
        part = follow(document, one)
        if part.steps in within or len(within) > _DEEPEST:
            continue
        yield part
        inner = part.get("allOf")
        if inner is not None:
            yield from _parts(document, tuple(inner.entries()), (*within, part.steps))


def _types(written: str | list[str]) -> frozenset[str]:
    return frozenset([written] if isinstance(written, str) else written)


def _takes_null(schema: Mapping[str, Any]) -> bool:
    return schema.get("nullable") is True or "null" in _types(schema["type"])


def _common_multiple(one: Fraction, other: Fraction) -> Fraction:
    return Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))


def _key(value: Any) -> str:
    """Make a text that is the same for equal values: 1 is 1.0, and true is not 1."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value))
    return f"{type(value).__name__}: {value!r}"
