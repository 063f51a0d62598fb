"""People of both products as the fixtures have them: those of the seed data, and those who are made after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.document.definitions import Definitions
from watchword.document.validator import Validator
from watchword.domain.tokens import digest
from watchword.system.people import ImpossiblePerson, MadePerson, People, Wish, derive, derive_number
from watchword.systems.weavr.records import CredentialType, Identity, Programme

Entry = Mapping[str, Any]
"""A person of the fixtures, with the type of the ``identity``: None if it cannot be found."""
_MAIL_ADDRESS = Validator({"type": "string", "format": "email"}, Definitions({}), answer=False)
_TOKEN_LENGTH, _KEY_LENGTH = 43, 26
_BOUND = ("tokenised", "no-profile", "no-permission")


def of_seed(people: People) -> list[Entry]:
    """List the people of the seed data."""
    types = {one["id"]: one["type"] for one in people.seed_data.fixture("identities")}
    return [{**one, "identity": types.get(one["identityId"])} for one in people.seed_data.fixture("people")]


def make(template: Entry, words: Sequence[str], wish: Wish, people: People) -> MadePerson:
    """
    Make a person after *template*.

    Raises:
        ImpossiblePerson: The login is not a mail address, or the programme does not fit.
    """
    system = people.seed_data.system
    domain = template["login"].partition("@")[2]
    login = wish.login or (template["login"] if "shared-email" in words else f"{wish.name.lower()}@{domain}")
    first = max(int(one["id"]) for one in people.seed_data.fixture("people"))
    return MadePerson(
        key=MadePerson.key_of(system, wish.name),
        system=system,
        name=wish.name,
        id=str(first + 1 + derive_number(system, wish.name)),
        login=read_login(login),
        like=template["name"],
        why=wish.why or f"Made after {template['name']}.",
        situations=tuple(words),
        group={"programme": _choose_programme(template, wish, people)},
    )


def read_login(login: str) -> str:
    """
    Read a login, which is a mail address, in lower case.

    Raises:
        ImpossiblePerson: It is not one that the document's ``format: email`` takes.
    """
    if not _MAIL_ADDRESS.accepts(login):
        raise ImpossiblePerson("login", "must be a mail address that the API takes, for example ada@multi.example")
    return login.lower()


def of_made(made: MadePerson, people: People) -> Entry:
    """Give a person who was made as an entry; without a lock, whose length the settings say."""
    template = next(one for one in of_seed(people) if one["name"] == made.like)
    own_identity = template["credential"] == CredentialType.ROOT
    entry = {
        **template,
        "id": made.id,
        "identityId": made.id if own_identity else template["identityId"],
        "identity": template["identity"] if own_identity else None,
        "login": made.login,
        "why": made.why,
        "situations": made.situations,
        "programme": made.group["programme"],
        "token": derive(made.system, made.name, "token")[:_TOKEN_LENGTH] if template["token"] else None,
    }
    entry.pop("lockedFor", None)
    return entry


def find_programme(people: People, name: str) -> Programme | None:
    """Find a programme of the product by its name."""
    found = (one for one in people.tx.find(Programme) if one.product == people.seed_data.system)
    return next((one for one in found if one.name == name), None)


def new_programme(people: People, name: str) -> Programme:
    """Make a programme that the seed data do not have; it begins with the settings of all programmes."""
    system = people.seed_data.system
    first = max(int(one["id"]) for one in people.seed_data.fixture("programmes"))
    identifier = str(first + 1 + derive_number(system, "programme", name))
    return Programme(identifier, system, name, digest(api_key(people, name)), _key(system, name, "pk"))


def api_key(people: People, programme: str) -> str:
    """Find the api-key of a programme."""
    known = {one["name"]: one["apiKey"] for one in people.seed_data.fixture("programmes")}
    return known.get(programme) or _key(people.seed_data.system, programme, "sk")


def _key(system: str, programme: str, kind: str) -> str:
    return f"{kind}{derive(system, 'programme', programme, kind)[:_KEY_LENGTH]}=="


def _choose_programme(template: Entry, wish: Wish, people: People) -> str:
    """
    Choose the programme, which exists already or is described.

    Raises:
        ImpossiblePerson: There is none of this name, or the person cannot be in it.
    """
    wanted = wish.group.get("programme", template["programme"])
    name = wanted if isinstance(wanted, str) else str(wanted["name"])
    if isinstance(wanted, str) and find_programme(people, name) is None:
        names = sorted(one.name for one in people.tx.find(Programme) if one.product == people.seed_data.system)
        raise ImpossiblePerson(
            "programme", f'there is none of this name; there are: {", ".join(names)}; for a new one: {{"name": "…"}}'
        )
    if not isinstance(wanted, str) and find_programme(people, name) is not None:
        raise ImpossiblePerson("programme", f"there is one of this name already: write {name!r} alone")
    if name == template["programme"]:
        return name
    if bound := [one for one in _BOUND if one in template["situations"]]:
        raise ImpossiblePerson("programme", f"who is {bound[0]!r} belongs to the programme {template['programme']}")
    if template["credential"] != CredentialType.ROOT or people.tx.get(Identity, template["identityId"]) is None:
        raise ImpossiblePerson(
            "programme", f"{template['name']} and people like that belong to the programme {template['programme']}"
        )
    return name
