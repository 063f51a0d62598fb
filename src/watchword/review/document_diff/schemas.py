"""
Two schemas, and everything inside of them.

Schemas may contain themselves, and hundreds of places share them.
So each pair is compared once, by itself: what differs there, and which pairs are inside.
Who asks for the changes of a schema gets those of all pairs that can be reached, each place once.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from watchword.document.origins import Steps
from watchword.review.document_diff.categories import SILENT
from watchword.review.document_diff.change import Change
from watchword.review.document_diff.choices import (
    choices,
    compare_choices,
    compare_discriminators,
    compare_entries,
    compare_exclusions,
    compare_false,
    name_of,
)
from watchword.review.document_diff.keywords import compare_keywords, compare_types
from watchword.review.document_diff.objects import Objects
from watchword.review.document_diff.parts import Documents, Part
from watchword.review.document_diff.use import Inner, Use
from watchword.review.document_diff.views import Schema, View, view

_Key = tuple[tuple[Steps, ...], tuple[Steps, ...], Use]

_REPEATED = 8
"""How often a pair is told inside of one schema."""


@dataclass(frozen=True)
class _Compared:
    """What differs in a pair itself, and which pairs are inside."""

    changes: tuple[Change, ...] = ()
    inner: tuple[Inner, ...] = ()


class Schemas:
    """Compares schemas of two documents."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[_Key, _Compared] = {}
        self._clean: set[_Key] = set()
        self._open: set[_Key] = set()
        self.base_view = cache(partial(view, documents.base))
        self.head_view = cache(partial(view, documents.head))

    def compare(self, base: Part | None, head: Part | None, use: Use) -> tuple[Change, ...]:
        """List what differs in two schemas and inside of them; no schema allows everything."""
        whole = Inner((), () if base is None else (base,), () if head is None else (head,), use)
        dirty = self._dirty(whole)
        return tuple(self._told(whole, (), dirty, Counter(), set())) if dirty else ()

    def same(self, base: Schema, head: Schema, use: Use) -> bool:
        """Whether two schemas differ in nothing but texts."""
        return all(
            any(one.category.endswith(suffix) for suffix in SILENT)
            for pair in self._reached(Inner((), base, head, use)).values()
            for one in self._compared(pair).changes
        )

    def _key(self, pair: Inner) -> _Key:
        """Make what is the same for the same pair: a reference stands for its target."""
        return (
            tuple(self._documents.base_part(one).steps for one in pair.base),
            tuple(self._documents.head_part(one).steps for one in pair.head),
            pair.use,
        )

    def _compared(self, pair: Inner) -> _Compared:
        key = self._key(pair)
        found = self._known.get(key)
        if found is None:
            if key in self._open:
                return _Compared()
            self._open.add(key)
            told = list(self._differences(pair))
            self._open.discard(key)
            found = self._known[key] = _Compared(
                tuple(one for one in told if isinstance(one, Change)),
                tuple(one for one in told if isinstance(one, Inner)),
            )
        return found

    def _differences(self, pair: Inner) -> Iterator[Change | Inner]:
        base, head, use = self.base_view(pair.base), self.head_view(pair.head), pair.use
        if base.is_false or head.is_false:
            yield from compare_false(base, head, use)
            return
        wrapped = self._wrapped(base, head, pair)
        if wrapped is not None:
            yield from wrapped
            return
        types = list(compare_types(base, head, use))
        yield from types
        if any(one.category.endswith("type-changed") for one in types):
            return
        yield from compare_keywords(base, head, use)
        yield from Objects(base, head, use, (self.base_view, self.head_view)).compare()
        yield from compare_entries(base, head, use)
        yield from compare_exclusions(base, head, use, self.same)
        yield from compare_choices(base, head, use, self.same)
        yield from compare_discriminators(base, head, use, self.same)

    def _wrapped(self, base: View, head: View, pair: Inner) -> list[Change | Inner] | None:
        """Compare a schema with alternatives of which it is one; None if it is not so."""
        before, after = choices(base), choices(head)
        if bool(before) == bool(after) or len(before or after) != 1:
            return None
        inner = pair.use.inner
        if after and _only_chooses(head):
            found = next((one for one in after[0].entries() if self.same(pair.base, (one,), inner)), None)
            if found is not None:
                new = [one for one in after[0].entries() if one is not found]
                return [
                    pair.use.change("alternative-added", f"the alternative {name_of(one)} is new", None, one.bare())
                    for one in new
                ]
        if before and _only_chooses(base):
            found = next((one for one in before[0].entries() if self.same((one,), pair.head, inner)), None)
            if found is not None:
                gone = [one for one in before[0].entries() if one is not found]
                return [
                    pair.use.change("alternative-removed", f"the alternative {name_of(one)} is gone", one.bare(), None)
                    for one in gone
                ]
        return None

    def _reached(self, whole: Inner) -> dict[_Key, Inner]:
        """Collect the pairs that can be reached and are not known to be equal."""
        found: dict[_Key, Inner] = {}
        waiting = [whole]
        while waiting:
            pair = waiting.pop()
            key = self._key(pair)
            if key not in found and key not in self._clean:
                found[key] = pair
                waiting.extend(self._compared(pair).inner)
        return found

    def _dirty(self, whole: Inner) -> set[_Key]:
        """Collect the pairs that differ, themselves or in something inside of them."""
        reached = self._reached(whole)
        outer: dict[_Key, list[_Key]] = {}
        for key, pair in reached.items():
            for one in self._compared(pair).inner:
                outer.setdefault(self._key(one), []).append(key)
        dirty: set[_Key] = set()
        waiting = [key for key, pair in reached.items() if self._compared(pair).changes]
        while waiting:
            key = waiting.pop()
            if key not in dirty:
                dirty.add(key)
                waiting.extend(outer.get(key, ()))
        self._clean |= reached.keys() - dirty
        return dirty

    def _told(
        self, pair: Inner, where: Steps, dirty: set[_Key], counted: Counter[_Key], within: set[_Key]
    ) -> Iterator[Change]:
        key = self._key(pair)
        if key not in dirty or key in within or counted[key] >= _REPEATED:
            return
        counted[key] += 1
        within.add(key)
        compared = self._compared(pair)
        for one in compared.changes:
            yield one.below(*where)
        for inner in compared.inner:
            yield from self._told(inner, (*where, *inner.where), dirty, counted, within)
        within.discard(key)


def _only_chooses(schema: View) -> bool:
    """Whether a schema says nothing but its alternatives, and texts."""
    return all(
        name in ("oneOf", "anyOf", "discriminator", "$ref", "allOf", "title", "description", "example", "nullable")
        or name.startswith("x-")
        for name in schema.keywords
    )
