"""What a schema combines in place, with ``allOf`` and references: which properties it hides, which it requires."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from watchword.document.references import pointer_steps
from watchword.document.structure import Place, walk

Schema = Any
COMPOSITIONS = ("allOf", "anyOf", "oneOf")
IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_ADDING = (
    *("anyOf", "oneOf", "if", "then", "else", "dependentSchemas"),
    *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"),
)
"""Keywords that say which properties there are."""
_NOTHING: Mapping[str, Any] = {}


class Composition:
    """
    Looks through the schemas of one document.

    Args:
        document: Every reference in it leads to a component.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    @cached_property
    def composed(self) -> frozenset[str]:
        """The references that are part of a composition: alone they do not say which properties there are."""
        return frozenset(
            item["$ref"]
            for place, kind, node in walk(self._document)
            if kind == "schema" and not _only_refers(place, node)
            for key in COMPOSITIONS
            if isinstance(node.get(key), list)
            for item in node[key]
            if isinstance(item, dict) and isinstance(item.get("$ref"), str)
        )

    def target(self, reference: str) -> Schema:
        """Give the component that *reference* leads to."""
        schemas = (self._document.get("components") or _NOTHING).get("schemas") or _NOTHING
        return schemas[pointer_steps(reference)[-1]]

    def is_hidden(self, member: Schema, *, answer: bool) -> bool:
        """Whether a property is ``readOnly`` (in an answer: ``writeOnly``), directly or by what it refers to."""
        return any(one.get("writeOnly" if answer else "readOnly") is True for one in self._parts_of(member, ()))

    def hidden(self, schema: Schema, *, answer: bool) -> frozenset[str]:
        """Name the hidden properties of *schema*."""
        return frozenset(
            name
            for one in self._parts_of(schema, ())
            for name, member in (one.get("properties") or _NOTHING).items()
            if self.is_hidden(member, answer=answer)
        )

    def required(self, schema: Schema) -> frozenset[str]:
        """Name the properties that *schema* requires."""
        return frozenset(name for one in self._parts_of(schema, ()) for name in one.get("required") or ())

    def _parts_of(self, schema: Schema, within: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
        """Yield *schema* and all that it combines."""
        if not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference not in within:
                yield from self._parts_of(self.target(reference), (*within, reference))
            return
        yield schema
        for part in schema.get("allOf") or ():
            yield from self._parts_of(part, within)

    def circles(self) -> Iterator[tuple[str, ...]]:
        """Yield the names of schemas that contain themselves in place, so that no value can be judged by them."""
        schemas = (self._document.get("components") or _NOTHING).get("schemas") or _NOTHING
        done: set[str] = set()
        for start in schemas:
            path = [start]
            waiting = [iter(self._next(schemas[start]))]
            while waiting:
                name = next(waiting[-1], None)
                if name is None:
                    waiting.pop()
                    done.add(path.pop())
                elif name in path:
                    yield (*path[path.index(name) :], name)
                    return
                elif name not in done and name in schemas:
                    path.append(name)
                    waiting.append(iter(self._next(schemas[name])))

    def _next(self, schema: Schema) -> set[str]:
        """Name the components that *schema* combines in place."""
        found: set[str] = set()
        waiting = [schema]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                if isinstance(node.get("$ref"), str):
                    found.add(pointer_steps(node["$ref"])[-1])
                waiting.extend(node[key] for key in IN_PLACE if key in node)
        return found


def _only_refers(place: Place, schema: Mapping[str, Any]) -> bool:
    """Whether *schema* has the properties of the one that its ``allOf`` refers to, and is no part of a composition."""
    # A component may be part of a composition.
    within = place[:-1] == ("components", "schemas") or {*IN_PLACE, "dependentSchemas"} & set(place[-2:])
    return not within and adds_nothing(schema)


def adds_nothing(schema: Mapping[str, Any]) -> bool:
    """Whether *schema* has the properties of the one part of its ``allOf``, and no others."""
    return len(schema.get("allOf") or ()) == 1 and schema.keys().isdisjoint(_ADDING)
