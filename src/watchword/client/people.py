"""People of the imitated systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """
    Somebody of an imitated system.

    Args:
        password: None if there is none, or one that is not that of the seed data.
        headers: Ready to send; without the header that names the sandbox.
        situations: What is true of the person, such as ``locked``.
        state: How the person is now: until when locked, tries left, codes, tokens.
    """

    system: str
    name: str
    id: str
    login: str
    password: str | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    situations: tuple[str, ...]
    credentials: Mapping[str, Any] = field(repr=False)
    state: Mapping[str, Any] = field(repr=False)


def read_person(one: Mapping[str, Any]) -> Person:
    """Read a person as the control API writes it."""
    return Person(
        one["system"],
        one["name"],
        one["id"],
        one["login"],
        one["password"],
        one["headers"],
        tuple(one["situations"]),
        one["credentials"],
        one["state"],
    )
