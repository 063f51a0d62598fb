"""The seed people of a sandbox."""

from watchword.sandbox import Sandboxes
from watchword.system.seed_data import Person


def find_people(
    sandboxes: Sandboxes, name: str, *, system: str | None = None, situation: str | None = None
) -> tuple[Person, ...]:
    """
    Find the people that the sandbox called *name* starts with; what happened to them since is not shown.

    Args:
        system: Leaves out the people of other systems.
        situation: Leaves out people without this word among their situations.
    """
    return tuple(
        one
        for one in sandboxes.people(name)
        if system in (None, one.system) and (situation is None or situation in one.situations)
    )
