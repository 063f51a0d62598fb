"""The people of a sandbox as personas."""

from collections.abc import Iterable, Mapping

from watchword.contract.driver import Persona
from watchword.contract.weavr.cast import ROLES
from watchword.system.seed_data import Person


def personas_of(system: str, people: Iterable[Person]) -> Mapping[str, Persona]:
    """Cast the seed people."""
    by_name = {one.name: one for one in people if one.system == system}
    found = {}
    for role in ROLES.values():
        person = by_name.get(role.names.get(system, ""))
        if person is None:
            continue
        known = {"id": person.id, "login": person.login, "key": person.headers["api-key"]}
        if person.password is not None:
            known["password"] = person.password
        found[role.name] = Persona(role.name, known)
    return found
