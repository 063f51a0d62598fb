"""What a handler reads of a request: a document that an overlay has changed may no longer have it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

H = TypeVar("H", bound=Callable[..., Any])

_MARK = "__watchword_needs__"


@dataclass(frozen=True, slots=True)
class Needs:
    """
    The parts of a request that a handler reads.

    Args:
        body: Fields that it cannot do without, as ``password.value``.
        optional: Fields that it reads if they are sent.
        parameters: Parameters that it cannot do without, as ``path.user_id``.
    """

    body: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


def needs(*body: str, optional: tuple[str, ...] = (), parameters: tuple[str, ...] = ()) -> Callable[[H], H]:
    """Declare what a handler reads; the arguments are those of `Needs`."""

    def mark(handler: H) -> H:
        setattr(handler, _MARK, Needs(body, optional, parameters))
        return handler

    return mark


def needs_of(handler: Callable[..., Any]) -> Needs:
    """Return what *handler* declares; nothing if it declares nothing."""
    found = getattr(handler, _MARK, None)
    return found if isinstance(found, Needs) else Needs()
