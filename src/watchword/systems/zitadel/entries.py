"""People as the fixtures have them: those of the seed data, and those who are made after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.system.people import ImpossiblePerson, MadePerson, People, Wish, derive, derive_number
from watchword.systems.zitadel.records import ComplexityPolicy, Organisation, User, UserKind
from watchword.systems.zitadel.settings import Complexity

Entry = Mapping[str, Any]
"""A person of the fixtures."""


def of_seed(people: People) -> list[Entry]:
    """List the people of the seed data."""
    return list(people.seed_data.fixture("people"))


def make(template: Entry, words: Sequence[str], wish: Wish, people: People) -> MadePerson:
    """
    Make a person after *template*.

    Raises:
        ImpossiblePerson: Somebody has the login already, or the organisation does not fit.
    """
    system = people.seed_data.system
    _, at, domain = template["login"].partition("@")
    login = wish.login or (f"{wish.name}@{domain}" if at else f"{wish.name}-service")
    check_login(login, people)
    first = max(int(one["id"]) for one in of_seed(people))
    return MadePerson(
        key=MadePerson.key_of(system, wish.name),
        system=system,
        name=wish.name,
        id=str(first + 1 + derive_number(system, wish.name)),
        login=login.lower(),
        like=template["name"],
        why=wish.why or f"Made after {template['name']}.",
        situations=tuple(words),
        group={"organisation": _choose_organisation(template, wish, people)},
    )


def check_login(login: str, people: People, *, besides: str = "") -> None:
    """
    Refuse a login that is none, or that somebody has.

    Args:
        besides: The id of a user who may have it.

    Raises:
        ImpossiblePerson: It is refused.
    """
    if not login.isprintable() or " " in login:
        raise ImpossiblePerson("login", "must have no blanks, for example ada@mouse.example")
    if any(one.id != besides for one in people.tx.find(User, login_name=login.lower())):
        raise ImpossiblePerson("login", "somebody signs in with it already: choose another")


def of_made(made: MadePerson, people: People) -> Entry:
    """Give a person who was made as an entry."""
    template = next(one for one in of_seed(people) if one["name"] == made.like)
    home, organisation = template["organisation"], made.group["organisation"]["id"]
    address = made.login if "@" in made.login else f"{made.name}@mouse.example"
    return {
        **template,
        "id": made.id,
        "login": made.login,
        "why": made.why,
        "situations": made.situations,
        "organisation": organisation,
        "memberships": [
            {**one, "organisation": organisation} if one["organisation"] == home else one
            for one in template["memberships"]
        ],
        "email": address if template["email"] else None,
        "token": f"watchword-{derive(made.system, made.name, 'token')[:40]}",
    }


def new_organisation(made: MadePerson, people: People) -> Organisation | None:
    """Make the organisation of a person if it is a new one."""
    described = made.group["organisation"]
    if "name" not in described or people.tx.get(Organisation, described["id"]) is not None:
        return None
    complexity = described.get("complexity")
    return Organisation(
        described["id"],
        described["name"],
        complexity=ComplexityPolicy(**complexity) if complexity else None,
        max_password_attempts=described.get("lockout", {}).get("max_password_attempts"),
        created_at=people.now,
    )


def machine_of(made: MadePerson, people: People) -> Mapping[str, Any]:
    """Make the credentials of a machine; all machines share the key pair of the seed data, under ids of their own."""
    seed = people.seed_data.fixture("machines")[0]
    return {
        **seed,
        "person": made.name,
        "clientId": made.login,
        "clientSecret": f"watchword-{derive(made.system, made.name, 'secret')[:40]}",
        "keyId": str(int(seed["keyId"]) + 1 + derive_number(made.system, made.name, "key")),
    }


def is_machine(entry: Entry) -> bool:
    """Whether a person is a machine."""
    return bool(entry["kind"] == UserKind.MACHINE)


def _choose_organisation(template: Entry, wish: Wish, people: People) -> dict[str, Any]:
    """
    Choose the organisation, which exists already or is described.

    Raises:
        ImpossiblePerson: There is none of this name, or there is one and it is described differently.
    """
    wanted = wish.group.get("organisation")
    if wanted is None:
        return {"id": template["organisation"]}
    known = {one.name: one for one in people.tx.find(Organisation)}
    if isinstance(wanted, str):
        if wanted not in known:
            raise ImpossiblePerson(
                "organisation",
                f'there is none of this name; there are: {", ".join(sorted(known))}; for a new one: {{"name": "…"}}',
            )
        return {"id": known[wanted].id}
    described = dict(wanted)
    if described["name"] in known:
        raise ImpossiblePerson("organisation", f"there is one of this name already: write {described['name']!r} alone")
    if "complexity" in described:
        described["complexity"] = Complexity(**described["complexity"]).model_dump()
    identifier = str(max(int(one.id) for one in known.values()) + 1 + derive_number("zitadel", described["name"]))
    return {**described, "id": identifier}
