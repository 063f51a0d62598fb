"""Parts of two documents, side by side, and what their references lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from watchword.document.origins import Steps
from watchword.document.references import pointer_steps, resolve_reference


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bundled document, and where it stands; what stands in one place is one part."""

    value: Any = field(compare=False)
    steps: Steps = ()

    def get(self, name: str) -> "Part | None":
        """Give the member *name*; None if there is none."""
        value = self.value
        if isinstance(value, dict) and name in value:
            return Part(value[name], (*self.steps, name))
        return None

    def members(self) -> "dict[str, Part]":
        """Give all members of an object by name."""
        if not isinstance(self.value, dict):
            return {}
        return {str(name): Part(value, (*self.steps, str(name))) for name, value in self.value.items()}

    def bare(self) -> "Part":
        """Leave the value out of the fingerprint: that it is there, or is not, is the change."""
        return Part(None, self.steps)

    def entries(self) -> "list[Part]":
        """Give all entries of an array."""
        if not isinstance(self.value, list):
            return []
        return [Part(value, (*self.steps, str(index))) for index, value in enumerate(self.value)]


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands in the same place of both documents; None where there is nothing."""

    base: Part | None
    head: Part | None

    def get(self, name: str) -> "Pair":
        """Give the member *name* of both."""
        return Pair(
            None if self.base is None else self.base.get(name),
            None if self.head is None else self.head.get(name),
        )

    def members(self) -> "Iterator[tuple[str, Pair]]":
        """Yield the members of both by name, in the order of BASE and then of HEAD."""
        base = {} if self.base is None else self.base.members()
        head = {} if self.head is None else self.head.members()
        for name in {**base, **head}:
            yield name, Pair(base.get(name), head.get(name))

    @property
    def values(self) -> tuple[Any, Any]:
        """Both values; None where there is nothing."""
        return (
            None if self.base is None else self.base.value,
            None if self.head is None else self.head.value,
        )

    @property
    def differs(self) -> bool:
        """Whether the values differ as written; references are not followed."""
        return (self.base is None) != (self.head is None) or not equal(*self.values)


@dataclass(frozen=True)
class Documents:
    """The two documents that are compared, bundled."""

    base: Mapping[str, Any]
    head: Mapping[str, Any]

    def follow(self, pair: Pair) -> Pair:
        """Follow the references of both parts."""
        return Pair(_followed(self.base, pair.base), _followed(self.head, pair.head))

    def base_part(self, part: Part) -> Part:
        """Follow the reference of a part of BASE."""
        return follow(self.base, part)

    def head_part(self, part: Part) -> Part:
        """Follow the reference of a part of HEAD."""
        return follow(self.head, part)


def follow(document: Mapping[str, Any], part: Part) -> Part:
    """
    Follow the reference of *part* to where it ends; a part without one is its own target.

    Raises:
        LookupError: The target does not exist, or the references form a circle.
    """
    followed: set[Steps] = set()
    while isinstance(part.value, dict) and isinstance(part.value.get("$ref"), str):
        reference = part.value["$ref"]
        steps = _steps(reference)
        target: Any = document
        for step in steps:
            target = target.get(step) if isinstance(target, dict) else None
        if target is None or steps in followed:
            # The way to it leads through other references, or nowhere.
            return Part(resolve_reference(document, part.value), steps)
        followed.add(steps)
        part = Part(target, steps)
    return part


@cache
def _steps(reference: str) -> Steps:
    return tuple(pointer_steps(reference))


def _followed(document: Mapping[str, Any], part: Part | None) -> Part | None:
    return None if part is None else follow(document, part)


def equal(one: Any, other: Any) -> bool:
    """Whether two values of JSON are the same: 1 is 1.0, and true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
