"""The people of a sandbox: found, made, changed, removed, each by the rules of the system."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from watchword.control.errors import NoSuchPerson, NoSuchSystem, PersonExists, PersonNotPossible, storing
from watchword.domain.rule import recording
from watchword.domain.secret import Secret
from watchword.sandbox import Sandbox, Sandboxes
from watchword.sandbox.unit_of_work import UnitOfWork
from watchword.system import Call, System
from watchword.system.people import GROUPS, Change, ImpossiblePerson, MakesCandidates, People, Roster, Wish
from watchword.system.seed_data import Person

T = TypeVar("T")


def find_people(
    sandboxes: Sandboxes, name: str, *, system: str | None = None, situation: str | None = None
) -> tuple[Person, ...]:
    """
    Find the people of the sandbox called *name*, as they are now.

    Args:
        system: Leaves out the people of other systems.
        situation: Leaves out people without this word among their situations.
    """
    return tuple(
        one
        for one in sandboxes.people(name)
        if system in (None, one.system) and (situation is None or situation in one.situations)
    )


def find_person(sandboxes: Sandboxes, sandbox: Sandbox, system: str, name: str) -> Person:
    """
    Find one person as he or she is now.

    Raises:
        NoSuchSystem, NoSuchPerson: There is none.
    """
    found, roster = _require_system(sandboxes, system)
    return _require_person(roster, sandboxes.population.of_system(found, sandbox), name)


async def make_person(sandboxes: Sandboxes, sandbox: Sandbox, system: str, wish: Wish) -> Person:
    """
    Make a person.

    Raises:
        NoSuchSystem: There is no such system.
        PersonExists: Somebody has this name.
        PersonNotPossible: Nobody can be so; it says what would be possible.
        ChangeNotStored: The disk refused.
    """

    def make(roster: Roster, people: People, hasher: MakesCandidates) -> None:
        check_group(roster, wish)
        if any(one.name == wish.name for one in roster.read(people)):
            raise PersonExists(system, wish.name)
        roster.write(roster.plan(wish, people, hasher), people)

    await _run(sandboxes, sandbox, system, make)
    return find_person(sandboxes, sandbox, system, wish.name)


async def change_person(sandboxes: Sandboxes, sandbox: Sandbox, system: str, name: str, change: Change) -> Person:
    """
    Change a person: login, password, situations.

    Raises:
        NoSuchSystem, NoSuchPerson: There is none.
        PersonNotPossible: Nobody can be so; it says what would be possible.
        ChangeNotStored: The disk refused.
    """

    def act(roster: Roster, people: People, hasher: MakesCandidates) -> None:
        roster.change(_require_person(roster, people, name), change, people, hasher)

    await _run(sandboxes, sandbox, system, act)
    return find_person(sandboxes, sandbox, system, name)


async def remove_person(sandboxes: Sandboxes, sandbox: Sandbox, system: str, name: str) -> None:
    """
    Delete a person, with everything that belongs to no one else.

    Raises:
        NoSuchSystem, NoSuchPerson: There is none.
        ChangeNotStored: The disk refused.
    """

    def act(roster: Roster, people: People, _hasher: MakesCandidates) -> None:
        roster.remove(_require_person(roster, people, name), people)

    await _run(sandboxes, sandbox, system, act)


def read_wish(given: Mapping[str, Any]) -> Wish:
    """Read a wish in JSON that fits the document of the control API."""
    return Wish(
        given["name"],
        like=given.get("like"),
        login=given.get("login"),
        password=Secret(given["password"]) if "password" in given else None,
        situations=tuple(given.get("situations", ())),
        group={name: given[name] for name in GROUPS if name in given},
        why=given.get("why"),
    )


def read_change(given: Mapping[str, Any]) -> Change:
    """Read a change in JSON that fits the document of the control API."""
    words = given.get("situations")
    return Change(
        given.get("login"),
        Secret(given["password"]) if "password" in given else None,
        None if words is None else tuple(words),
    )


def check_group(roster: Roster, wish: Wish) -> None:
    """
    Refuse a programme where there are organisations, and the other way round.

    Raises:
        ImpossiblePerson: *wish* has one that the system does not know.
    """
    for name in wish.group:
        if name not in roster.groups:
            raise ImpossiblePerson(name, f"people of this system have none; they have: {_or_nothing(roster)}")


def _or_nothing(roster: Roster) -> str:
    return ", ".join(roster.groups) or "neither programme nor organisation"


async def _run(
    sandboxes: Sandboxes, sandbox: Sandbox, system: str, act: Callable[[Roster, People, MakesCandidates], None]
) -> None:
    """Run *act* as a request of the system's own would be run: hashes in threads, all or nothing, persisted."""
    found, roster = _require_system(sandboxes, system)
    unit = UnitOfWork(sandbox, system, sandboxes=sandboxes)

    def new_call() -> Call:
        settings, now = sandbox.settings[system], sandbox.clock.now()
        return Call(sandbox.store.transaction(), now, unit.chance, unit.hasher, settings, sandbox=sandbox.name)

    def step(call: Call) -> None:
        # Rules judge the password, but no client has asked for anything.
        with recording(None):
            act(roster, sandboxes.population.of_system(found, sandbox, call.tx), call.hasher)

    try:
        with storing():
            await unit.run_with_hashing(step, new_call)
    except ImpossiblePerson as error:
        raise PersonNotPossible(error.field, error.problem) from None
    sandbox.note_people_change()


def _require_system(sandboxes: Sandboxes, name: str) -> tuple[System, Roster]:
    known = {one.name: (one, one.roster) for one in sandboxes.systems if one.roster is not None}
    if name not in known:
        raise NoSuchSystem(name, list(known))
    system, roster = known[name]
    assert roster is not None  # noqa: S101  # or it would not be known
    return system, roster


def _require_person(roster: Roster, people: People, name: str) -> Person:
    everybody = list(roster.read(people))
    found = next((one for one in everybody if one.name == name), None)
    if found is None:
        raise NoSuchPerson(people.seed_data.system, name, [one.name for one in everybody])
    return found
