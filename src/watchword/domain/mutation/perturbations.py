"""Small falsehoods about a value, by its type."""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Union, get_args, get_origin

from watchword.domain.mutation.mutant import Kind
from watchword.domain.secret import Secret

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Perturbation:
    """
    A falsehood about one value.

    Args:
        suffix: Of a mutant's id.
        says: What is wrong, after the name of the value.
        change: Makes the false value of the right one.
    """

    suffix: str
    kind: Kind
    says: str
    change: Callable[[Any], Any] = field(repr=False)


def _of_enum(kind: type[Enum]) -> tuple[Perturbation, ...]:
    members = list(kind)

    def change(value: Enum) -> Enum:
        return members[(members.index(value) + 1) % len(members)]

    return (Perturbation("other", Kind.RELEASE, "is taken for another one", change),)


_UNSEEN = Perturbation("unseen", Kind.UNSEEN, "is not seen", lambda _: None)
_SEQUENCE = (Perturbation("but-last", Kind.UNSEEN, "lacks its last one", lambda value: value[:-1]),)
_BY_TYPE: Mapping[type, tuple[Perturbation, ...]] = {
    bool: (Perturbation("not", Kind.REVERSED, "is taken for its opposite", lambda value: not value),),
    int: (
        Perturbation("plus-1", Kind.BOUND, "is one too many", lambda value: value + 1),
        Perturbation("minus-1", Kind.BOUND, "is one too few", lambda value: value - 1),
    ),
    timedelta: (
        Perturbation("twice", Kind.LIFETIME, "is twice as long", lambda value: 2 * value),
        Perturbation("half", Kind.LIFETIME, "is half as long", lambda value: value / 2),
    ),
    datetime: (
        Perturbation("plus-minute", Kind.LIFETIME, "is a minute too late", lambda value: value + _MINUTE),
        Perturbation("minus-minute", Kind.LIFETIME, "is a minute too early", lambda value: value - _MINUTE),
    ),
    str: (Perturbation("cut", Kind.TEXT, "loses its last character", lambda value: value[:-1]),),
    Secret: (Perturbation("cut", Kind.TEXT, "loses its last character", lambda value: Secret(value.revealed[:-1])),),
}


def perturbations_of(annotation: Any) -> Iterator[Perturbation]:
    """
    List falsehoods about values of a type; about None there are none.

    Args:
        annotation: The type as it was annotated, resolved.
    """
    if get_origin(annotation) in (Union, types.UnionType):
        choices = get_args(annotation)
        if type(None) in choices:
            yield _UNSEEN
        (only, *others) = [one for one in choices if one is not type(None)]
        if not others:
            yield from perturbations_of(only)
    elif get_origin(annotation) in (Sequence, tuple, list):
        yield from _SEQUENCE
    elif isinstance(annotation, type):
        if issubclass(annotation, Enum):
            yield from _of_enum(annotation) if len(annotation) > 1 else ()
        else:
            yield from _BY_TYPE.get(annotation, ())


def perturb(value: Any, change: Callable[[Any], Any]) -> Any:
    """Make the false value; None stays None."""
    return None if value is None else change(value)
