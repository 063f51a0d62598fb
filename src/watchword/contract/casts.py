"""The roles, the likenesses and the seed people of each system that has scenarios."""

from collections.abc import Iterable, Mapping

from watchword.contract.comparison import Likenesses
from watchword.contract.driver import Persona
from watchword.contract.weavr.cast import PRODUCTS, ROLES, Role
from watchword.contract.weavr.likenesses import LIKENESSES
from watchword.contract.weavr.people import personas_of
from watchword.system.seed_data import Person

TESTABLE = PRODUCTS
"""The systems that have scenarios."""


def cast_of(_system: str, people: Iterable[Person]) -> Mapping[str, Persona]:
    """Cast the seed people of a system."""
    return personas_of(_system, people)


def roles_of(system: str) -> Mapping[str, Role]:
    """List the roles in the scenarios of a system."""
    return {name: role for name, role in ROLES.items() if system in role.names}


def likenesses_of(_system: str) -> Likenesses:
    """Say how the fields of a system's answers have to be alike."""
    return LIKENESSES
