"""The users and applications of the scenarios, by their roles: only the situation matters."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson

from watchword.contract.subject import Role
from watchword.resources import folder
from watchword.system.seed_data import Person
from watchword.systems.entrust.seed_data import SYSTEM

_APPLICATION = ("id", "secret")
_USER = ("id", "login", "email")
_NAMES = ("first_name", "last_name", "alias")

ROLES: Mapping[str, Role] = {
    one.name: one
    for one in (
        Role(
            "administrator",
            "An administration application whose role may view, edit and remove passwords.",
            "console",
            _APPLICATION,
        ),
        Role(
            "newcomer",
            "A local user in good order without a password.",
            "ben",
            _USER,
        ),
        Role(
            "member",
            "A local user who must change the password at the next use, with an alias that is no part of the name.",
            "finn",
            (*_USER, "password", *_NAMES),
        ),
        Role("viewer", "An application whose role may only view passwords.", "auditor", _APPLICATION),
        Role("editor", "An application whose role may only edit passwords.", "helpdesk", _APPLICATION),
        Role("disabled", "A disabled application whose role may do something.", "retired", _APPLICATION),
        Role("late", "A disabled application one of whose tokens has expired.", "retired", ("id", "token")),
        Role("locked", "A local user who is locked.", "dmitri", _USER),
        Role("inactive", "A local user who is INACTIVE.", "eva", _USER),
        Role("directory", "A user from Active Directory, with a password.", "greta", (*_USER, "password")),
        Role("external", "A user of another identity provider.", "hugo", _USER),
        Role("external-inactive", "A user of another identity provider who is INACTIVE.", "hilde", ("id",)),
        Role("numbered", "A local user without a password whose user ID has no name in it.", "kim", ("id", "login")),
        Role("unreachable", "A local user in good order without an e-mail address.", "ines", ("id", "login")),
    )
}
"""By name; the administrator calls in nearly every scenario."""


def known_of(person: Person) -> Mapping[str, str]:
    """Tell what scenarios may use of a seed user or application."""
    entry = _fixture("people").get(person.name)
    if entry is None:
        return {"id": person.id, "secret": person.password or "", **_expired_token(person)}
    known = {"id": person.id, "login": person.login, **dict(_written(entry))}
    return known if person.password is None else {**known, "password": person.password}


def _expired_token(application: Person) -> Mapping[str, str]:
    found = _fixture("applications").get(application.name, {}).get("expiredToken")
    return {"token": found} if found else {}


def _written(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Tell what only the fixtures say of a user."""
    for word, name in (("email", "email"), ("first_name", "firstName"), ("last_name", "lastName")):
        if entry.get(name):
            yield word, entry[name]
    for alias in entry.get("aliases", [])[:1]:
        yield "alias", alias


@cache
def _fixture(name: str) -> Mapping[str, Mapping[str, Any]]:
    found = orjson.loads((folder("fixtures") / SYSTEM / f"{name}.json").read_bytes())
    return {one["name"]: one for one in found}
