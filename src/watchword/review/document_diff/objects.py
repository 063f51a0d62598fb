"""The properties of a schema: which there are, which have to be there, and which go one way only."""

from collections.abc import Callable, Iterator

from watchword.review.document_diff.change import Change, shown
from watchword.review.document_diff.parts import Part
from watchword.review.document_diff.use import Inner, Use
from watchword.review.document_diff.views import Schema, View
from watchword.review.level import Level, Way

Viewer = Callable[[Schema], View]
"""Makes the view of a schema of one document."""


class Objects:
    """
    Compares the properties of two schemas.

    Args:
        base, head: The schemas.
        views: Make views of schemas in BASE and in HEAD.
    """

    def __init__(self, base: View, head: View, use: Use, views: tuple[Viewer, Viewer]) -> None:
        self._base, self._head, self._use = base, head, use
        self._views = views

    def compare(self) -> Iterator[Change | Inner]:
        """Compare everything about properties."""
        base, head = self._base, self._head
        for name in {**base.properties, **head.properties, **base.required, **head.required}:
            if name in base.properties and name in head.properties:
                yield from self._appearing(name) or self._both(name)
            elif name in head.properties:
                yield from self._added(name)
            elif name in base.properties:
                yield from self._removed(name)
            else:
                yield from self._requirement(name, matters=True)
        yield from self._others()
        yield from self._always()

    def _appearing(self, name: str) -> list[Change]:
        """Tell a property that answers do not have any more, or have now, because its schema is ``false``, or was."""
        before, after = self._base.properties[name], self._head.properties[name]
        never = self._views[0](before).is_false, self._views[1](after).is_false
        if self._use.way is Way.REQUEST or never[0] == never[1]:
            return []
        where = ("properties", name)
        if never[0]:
            new = _unvalued(after[0])
            return [self._use.change("property-added-to-closed", f"{name} is new", None, new, where=where)]
        suffix = "required-property-removed" if name in self._base.required else "optional-property-removed"
        return [self._use.change(suffix, f"{name} is gone", _unvalued(before[0]), _unvalued(after[0]), where=where)]

    def _both(self, name: str) -> Iterator[Change | Inner]:
        before, after = self._base.properties[name], self._head.properties[name]
        for keyword, word in (("readOnly", "read-only"), ("writeOnly", "write-only")):
            was, now = (self._flag(side, schema, keyword) for side, schema in ((0, before), (1, after)))
            if (was is None) != (now is None):
                told = f"{name} is {'no longer ' if now is None else ''}{word}{' now' if was is None else ''}"
                suffix = f"property-became-{word if now is not None else f'not-{word}'}"
                yield self._use.change(suffix, told, was or before[0], now or after[0], where=("properties", name))
        hidden = self._hidden(0, before), self._hidden(1, after)
        if hidden == (True, False) and self._use.way is Way.REQUEST and name in self._head.required:
            place = self._head.required[name]
            yield self._use.change(
                "property-became-required", f"{name} is required now", None, place, where=("properties", name)
            )
        else:
            yield from self._requirement(name, matters=not any(hidden))
        yield Inner(("properties", name), before, after, self._use.inner)

    def _requirement(self, name: str, *, matters: bool) -> Iterator[Change]:
        was, now = self._base.required.get(name), self._head.required.get(name)
        if (was is None) != (now is None):
            told = f"{name} is {'no longer required' if now is None else 'required now'}"
            suffix = "property-became-optional" if now is None else "property-became-required"
            level = None if matters else Level.HARMLESS
            yield self._use.change(suffix, told, was, now, where=("properties", name), level=level)

    def _added(self, name: str) -> Iterator[Change | Inner]:
        schema, required = self._head.properties[name], name in self._head.required
        if self._views[1](schema).is_false:
            # Every property was valid that the schema did not name, if it was open.
            if not self._is_closed(self._base):
                yield Inner(("properties", name), (), schema, self._use.inner)
            return
        hidden = self._hidden(1, schema)
        suffix = "required-property-added" if required and not hidden else "optional-property-added"
        if self._use.way is Way.RESPONSE and not hidden and self._is_closed(self._base):
            suffix = "property-added-to-closed"
        # Whether it was required before, without being described, is the same question.
        if required and not hidden and name in self._base.required:
            suffix = "optional-property-added"
        is_needed = suffix == "required-property-added" and self._use.way is Way.REQUEST
        told = f"{name} is new and required" if is_needed else f"{name} is new"
        yield self._use.change(suffix, told, None, _unvalued(schema[0]), where=("properties", name))

    def _removed(self, name: str) -> Iterator[Change | Inner]:
        schema = self._base.properties[name]
        if self._views[0](schema).is_false:
            if not self._is_closed(self._head):
                yield Inner(("properties", name), schema, (), self._use.inner)
            return
        hidden = self._hidden(0, schema)
        suffix = "required-property-removed" if name in self._base.required else "optional-property-removed"
        if self._use.way is Way.REQUEST and self._is_closed(self._head):
            suffix = "property-refused"
        level = Level.HARMLESS if hidden else None
        gone = _unvalued(schema[0])
        yield self._use.change(suffix, f"{name} is gone", gone, None, where=("properties", name), level=level)

    def _others(self) -> Iterator[Change | Inner]:
        """Compare what properties may be that the schemas do not name."""
        was, now = self._is_closed(self._base), self._is_closed(self._head)
        places = self._base.first("additionalProperties"), self._head.first("additionalProperties")
        if was != now:
            suffix = "additional-properties-forbidden" if now else "additional-properties-allowed"
            told = f"further properties are {'refused' if now else 'valid'} now"
            yield self._use.change(suffix, told, *places, where=("additionalProperties",))
        elif not now:
            before, after = (self._further(view) for view in (self._base, self._head))
            yield Inner(("additionalProperties",), before, after, self._use.inner)

    def _always(self) -> Iterator[Change]:
        was, now = (
            {str(one.value): one for found in view.found("x-always") for one in found.entries()}
            for view in (self._base, self._head)
        )
        for name in {**was, **now}:
            if (name in was) != (name in now):
                told = f"{shown(name)} is {'always' if name in now else 'no longer always'} there"
                suffix = f"always-{'added' if name in now else 'removed'}"
                yield self._use.change(suffix, told, was.get(name), now.get(name), where=("x-always", name))

    def _flag(self, side: int, schema: Schema, keyword: str) -> Part | None:
        return next((one for one in self._views[side](schema).found(keyword) if one.value is True), None)

    def _hidden(self, side: int, schema: Schema) -> bool:
        """Whether a property does not go this way."""
        keyword = "readOnly" if self._use.way is Way.REQUEST else "writeOnly"
        return self._flag(side, schema, keyword) is not None

    @staticmethod
    def _is_closed(view: View) -> bool:
        return any(one.value is False for one in view.found("additionalProperties"))

    @staticmethod
    def _further(view: View) -> Schema:
        return tuple(one for one in view.found("additionalProperties") if isinstance(one.value, dict))


def _unvalued(part: Part) -> Part:
    """Leave the value out of the fingerprint: a property that is there or not is the same change whatever it is."""
    return Part(True, part.steps)  # noqa: FBT003  # it is there
