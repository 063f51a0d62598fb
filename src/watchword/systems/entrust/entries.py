"""Users and applications as the fixtures have them: those of the seed data, and those who are made after them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from watchword.system.people import ImpossiblePerson, MadePerson, People, Wish, derive
from watchword.systems.entrust.records import User

Entry = Mapping[str, Any]
"""A user or an application of the fixtures; an application has ``permissions``."""


def of_seed(people: People) -> list[Entry]:
    """List the applications, then the users."""
    return [*people.seed_data.fixture("applications"), *people.seed_data.fixture("people")]


def is_application(entry: Entry) -> bool:
    """Whether an entry is an application."""
    return "permissions" in entry


def make(template: Entry, words: Sequence[str], wish: Wish, people: People) -> MadePerson:
    """
    Make a person after *template*.

    Raises:
        ImpossiblePerson: Somebody has the login already.
    """
    system, login = people.seed_data.system, wish.login or wish.name
    if not is_application(template):
        check_login(login, people)
    return MadePerson(
        key=MadePerson.key_of(system, wish.name),
        system=system,
        name=wish.name,
        id=str(UUID(bytes=bytes.fromhex(derive(system, wish.name)[:32]), version=4)),
        login=login,
        like=template["name"],
        why=wish.why or f"Made after {template['name']}.",
        situations=tuple(words),
    )


def check_login(login: str, people: People, *, besides: str = "") -> None:
    """
    Refuse the login of somebody else.

    Args:
        besides: The id of a user who may have it.

    Raises:
        ImpossiblePerson: It is refused.
    """
    if not login.isprintable():
        raise ImpossiblePerson("login", "must be printable, for example ada.byrne")
    if any(one.id != besides and one.login.casefold() == login.casefold() for one in people.tx.find(User)):
        raise ImpossiblePerson("login", "somebody has this user ID already: choose another")


def of_made(made: MadePerson, people: People) -> Entry:
    """Give a person who was made as an entry."""
    template = next(one for one in of_seed(people) if one["name"] == made.like)
    entry = {**template, "id": made.id, "login": made.login, "why": made.why, "situations": made.situations}
    if is_application(template):
        own = {"token": f"watchword-{derive(made.system, made.name, 'token')[:40]}"}
        own["sharedSecret"] = f"watchword-{derive(made.system, made.name, 'secret')[:40]}"
        return {**entry, **own}
    first, _, last = made.name.partition(".")
    email = None if template["email"] is None else f"{made.name}@example.com"
    return {**entry, "firstName": first.capitalize(), "lastName": last.capitalize(), "email": email, "aliases": []}
