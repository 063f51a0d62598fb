"""
Values that differ from server to server.

A step of a scenario says "the token of the member" and not which token: each server puts its own in its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

Template = Any
"""JSON with values in it."""


@dataclass(frozen=True, slots=True)
class Of:
    """
    What is known of a person beforehand.

    Args:
        what: ``id``, ``login``, ``password``, ``key`` or another word of the system's cast.
    """

    person: str
    what: str

    def __str__(self) -> str:
        return f"the {self.what} of {self.person}"


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What an earlier step kept under a name.

    Args:
        back: 0 for the newest value of that name, 1 for the one before it.
    """

    name: str
    back: int = 0

    def __str__(self) -> str:
        return self.name if not self.back else f"{self.name}, {self.back} before the newest"


@dataclass(frozen=True, slots=True)
class Code:
    """The code in a mail to a person; *back* is 0 for the newest mail."""

    person: str
    back: int = 0

    def __str__(self) -> str:
        return f"the code in {'the newest' if not self.back else 'an earlier'} mail to {self.person}"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A moment ahead of the server's clock, in milliseconds since 1970."""

    by: timedelta

    def __str__(self) -> str:
        return f"{self.by} from now"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment ahead of the server's clock, or before it, as a text: UTC, to the second."""

    by: timedelta = timedelta()

    def __str__(self) -> str:
        return f"{self.by} from now" if self.by else "now"


@dataclass(frozen=True, slots=True)
class ClientTime:
    """A moment ahead of the clock of whoever calls, or before it, in seconds since 1970: clients sign with it."""

    by: timedelta = timedelta()

    def __str__(self) -> str:
        return f"{self.by} from now" if self.by else "now"


@dataclass(frozen=True, slots=True)
class Made:
    """
    A text that is made of values, such as a signature.

    Args:
        what: It is, in words.
        how: It is made, as `MAKERS` names it.
        of: What it is made of.
    """

    what: str
    how: str
    of: Mapping[str, Template]

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class Capitals:
    """A value in upper case."""

    of: Of | Kept

    def __str__(self) -> str:
        return f"{self.of} in capitals"


@dataclass(frozen=True, slots=True)
class Shortened:
    """A value without its last character."""

    of: Of | Kept

    def __str__(self) -> str:
        return f"{self.of} without its last character"


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts and values, joined."""

    parts: tuple[Any, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


Simple = Of | Kept | Code | Ahead | Timestamp | ClientTime | Made
Value = Simple | Joined | Capitals | Shortened


class Unknown(LookupError):
    """This server has nothing in the place of a value."""

    def __init__(self, value: Value) -> None:
        super().__init__(str(value))
        self.value = value


class SameCode(Unknown):
    """This server has sent the same code twice, so that an earlier one cannot be told from a later one."""


def fill(template: Template, known: Callable[[Simple], Any]) -> Any:
    """
    Put what *known* gives in the place of every value.

    Raises:
        Unknown: *known* has nothing for one of them.
    """
    match template:
        case Of() | Kept() | Code() | Ahead() | Timestamp() | ClientTime():
            return known(template)
        case Made(of=of):
            return known(replace(template, of=fill(of, known)))
        case Capitals(of=of):
            return str(known(of)).upper()
        case Shortened(of=of):
            return str(known(of))[:-1]
        case Joined(parts=parts):
            return "".join(str(fill(one, known)) for one in parts)
        case Mapping():
            return {name: fill(member, known) for name, member in template.items()}
        case list() | tuple():
            return [fill(member, known) for member in template]
        case _:
            return template


def at(body: Any, pointer: str) -> Any:
    """
    Read the place that a JSON pointer names.

    Raises:
        LookupError: There is no such place.
    """
    for step in pointer.split("/")[1:]:
        if isinstance(body, list):
            body = body[int(step)] if step.isdigit() and int(step) < len(body) else _nothing(pointer)
        elif isinstance(body, Mapping) and step in body:
            body = body[step]
        else:
            _nothing(pointer)
    return body


def _nothing(pointer: str) -> Any:
    raise LookupError(pointer)
