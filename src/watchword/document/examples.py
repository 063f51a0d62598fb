"""Example values made from schemas, for what the document has no example of."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from watchword.document.example_depth import usual_depth
from watchword.document.merging import Flat, discriminate, flatten, merge
from watchword.document.numbers import make_number
from watchword.document.texts import make_text

_VARIANTS = 6
"""How many values are made before a schema counts as one that no value can be made for."""
_DEEPEST = 8
"""References, one within the other, below which only what is required is made."""
_MOST_PARTS = 2_000
"""Parts of one value: schemas that refer to each other could make one without end."""
_HINTS = (
    ("object", ("properties", "additionalProperties", "required", "minProperties")),
    ("array", ("items", "prefixItems", "minItems", "uniqueItems")),
    ("string", ("patterns", "minLength", "maxLength", "format")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)
"""Types that keywords speak of, for schemas that name no type."""


class _ImpossibleError(Exception):
    """There is no finite value, or none was found; an optional part that raises this is left out."""


def make_example(document: Mapping[str, Any], schema: Any, fits: Callable[[Any], bool] = lambda _value: True) -> Any:
    """
    Make a value that fits *schema*: its example or its default if it has one, else a small value.

    The same schema always gives the same value.

    Args:
        document: What references in *schema* lead into.
        schema: An optional part that would contain itself is left out.
        fits: Whether a value is right: the schema's validator, which understands every keyword. Several values are
            made until one is.

    Returns:
        An unfit value, or an empty object, if no fit one was found.
    """
    found: list[Any] = []
    for maker in _makers(document, usual_depth(document, schema, deepest=_DEEPEST)):
        try:
            found.append(maker.value(schema, ()))
        except (_ImpossibleError, RecursionError):
            continue
        if fits(found[-1]):
            return found[-1]
    return found[0] if found else {}


def schema_examples(document: Mapping[str, Any], schema: Any) -> Sequence[Any]:
    """Give the examples that *schema* writes itself, also by what it refers to or is composed of."""
    try:
        flat, _ = flatten(document, schema, ())
    except RecursionError:
        return ()
    examples: Sequence[Any] = flat.get("examples", ())
    return examples


def _makers(document: Mapping[str, Any], depth: int) -> Iterator["_ExampleMaker"]:
    """Yield makers, the ones of the fullest and plainest values first; the last one's value shows what is wrong."""
    for variant in range(_VARIANTS):
        yield _ExampleMaker(document, variant, choice=variant, depth=depth)
        yield _ExampleMaker(document, variant, choice=variant, depth=0)
    for variant in range(1, _VARIANTS):
        yield _ExampleMaker(document, variant, depth=depth)
    yield _ExampleMaker(document, strict=False, depth=depth)


class _ExampleMaker:
    """
    Makes one value.

    Args:
        variant: 0 for the first value. Other numbers make other values, if the schema allows several.
        choice: Which part of a ``oneOf`` or ``anyOf`` is tried first.
        depth: How many references, one within the other, properties that are not required are made below; 0 makes
            none.
        strict: Whether a text must match its patterns.
        made: How many parts were made so far, shared with the makers of parts.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        variant: int = 0,
        *,
        choice: int = 0,
        depth: int = _DEEPEST,
        strict: bool = True,
        made: Counter[str] | None = None,
    ) -> None:
        self._document, self._variant, self._choice, self._depth = document, variant, choice, depth
        self._strict, self._made = strict, Counter() if made is None else made

    def value(self, schema: Any, within: tuple[str, ...]) -> Any:
        return self._of(*self._flat(schema, within))

    def _flat(self, schema: Any, within: tuple[str, ...]) -> tuple[Flat, tuple[str, ...]]:
        try:
            flat, followed = flatten(self._document, schema, within)
        except RecursionError:
            raise _ImpossibleError from None
        return discriminate(flat, schema), followed

    def _of(self, flat: Flat, within: tuple[str, ...]) -> Any:
        self._made["parts"] += 1
        if self._made["parts"] > _MOST_PARTS:
            raise _ImpossibleError
        for given in self._written(flat):
            if not (len(flat.get("given", ())) > 1 or _extends(flat, given)):
                return given
        if "enum" in flat:
            if not flat["enum"]:
                raise _ImpossibleError
            return flat["enum"][self._variant % len(flat["enum"])]
        if "const" in flat:
            return flat["const"]
        for key in ("oneOf", "anyOf"):
            if flat.get(key):
                return self._chosen(flat, key, within)
        return self._of_type(flat, within)

    def _written(self, flat: Flat) -> Iterator[Any]:
        """Yield what the document itself writes for this variant: another example for each, or else its default."""
        yield from flat.get("examples", ())[self._variant : self._variant + 1]
        if self._variant == 0 and "default" in flat:
            yield flat["default"]

    def _chosen(self, flat: Flat, key: str, within: tuple[str, ...]) -> Any:
        """Make a value of the first choice that has one, together with what stands beside the choices."""
        beside = {name: value for name, value in flat.items() if name not in (key, "examples", "default")}
        choices: Sequence[Any] = flat[key]
        for number in range(len(choices)):
            choice = choices[(number + self._choice) % len(choices)]
            try:
                part, followed = self._flat(choice, within)
                return self._of(discriminate(merge(beside, part), choice, flat.get("discriminator")), followed)
            except _ImpossibleError:
                continue
        raise _ImpossibleError

    def _of_type(self, flat: Flat, within: tuple[str, ...]) -> Any:
        kinds = flat.get("type")
        kind = kinds[self._variant % len(kinds)] if isinstance(kinds, list) else kinds
        match kind or next((kind for kind, keys in _HINTS if any(key in flat for key in keys)), None):
            case "object":
                return self._object(flat, within)
            case "array":
                return self._array(flat, within)
            case "string":
                text = make_text(flat, flat.get("patterns", ()), self._variant)
                if text is None and self._strict:
                    raise _ImpossibleError
                return "string" if text is None else text
            case "integer" | "number" as numeric:
                number = make_number(flat, self._variant, whole=numeric == "integer")
                if number is None:
                    raise _ImpossibleError
                return number
            case "boolean":
                return self._variant % 2 == 0
            case "null":
                return None
            case _:
                return {"number": self._variant} if self._variant else {}

    def _object(self, flat: Flat, within: tuple[str, ...]) -> dict[str, Any]:
        required, properties = flat.get("required", ()), flat.get("properties") or {}
        most = flat.get("maxProperties", len(properties))
        optional = len(properties) <= most and len(within) < self._depth
        made: dict[str, Any] = {}
        for name, part in properties.items():
            if name not in required and not optional:
                continue
            try:
                member, followed = self._flat(part, within)
                if not member.get("writeOnly"):
                    made[name] = self._of(member, followed)
            except _ImpossibleError:
                if name in required:
                    raise
        if self._variant == 0:
            for given in flat.get("given", ()):
                made.update(given)
        additional = flat.get("additionalProperties", True)
        if additional is not False:
            names = [name for name in required if name not in properties and name not in made]
            missing = flat.get("minProperties", 0) - len(made) - len(names)
            names += [f"name{number}" for number in range(1, missing + 1)]
            part = additional if isinstance(additional, dict) else {"type": "string"}
            made.update({name: self.value(part, within) for name in names})
        return made

    def _array(self, flat: Flat, within: tuple[str, ...]) -> list[Any]:
        least, positions = flat.get("minItems", 0), flat.get("prefixItems") or ()
        count = min(max(least, len(positions), 1), flat.get("maxItems", max(least, len(positions)) + 1))
        if flat.get("items") is False:
            count = min(count, len(positions))
        made: list[Any] = []
        try:
            for place in range(count):
                variant = place if flat.get("uniqueItems") else self._variant
                maker = _ExampleMaker(self._document, variant, choice=self._choice, depth=self._depth, made=self._made)
                made.append(maker.value(positions[place] if place < len(positions) else flat.get("items", {}), within))
        except _ImpossibleError:
            if len(made) < least:
                raise
        return made


def _extends(flat: Flat, given: Any) -> bool:
    """Whether *given* is the example of a part only: it lacks properties that the whole requires."""
    return isinstance(given, dict) and any(name not in given for name in flat.get("required", ()))
