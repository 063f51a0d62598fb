"""One sandbox as one document: exported, and imported in the place of a sandbox."""

from typing import Any

from watchword import __version__
from watchword.control.errors import ImpossibleState, NewerState, SettingViolation, storing
from watchword.control.possible_faults import find_impossible
from watchword.control.sandboxes import SandboxSummary, entering, summarise
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox
from watchword.sandbox.exporting import export
from watchword.sandbox.importing import Content, NewerFormat, UnusableState, read_content
from watchword.sandbox.restoring import made_of
from watchword.sandbox.state_file import FORMAT


def export_state(api: ServedApi, sandbox: Sandbox, *, version: str = __version__) -> dict[str, Any]:
    """
    Write *sandbox* as JSON values: people, records, clock, chance, settings, rules, limits, faults, messages.

    Its snapshots and its journal are not in it.
    """
    described = api.of(sandbox)
    return export(
        sandbox,
        version=version,
        exported_at=api.sandboxes.wall_clock(),
        is_idle=lambda one: bool(find_impossible(described, None, one.plan)),
    )


def import_state(api: ServedApi, name: str, written: Any) -> SandboxSummary:
    """
    Put what `export_state` wrote in the place of the sandbox called *name*, which is made if there is none.

    From there on it answers as the exported one would have. Its snapshots stay, and its journal is cleared.

    Args:
        written: JSON values; a journal among them is not read.

    Raises:
        NewerState: A later release wrote it.
        ImpossibleState: It is no sandbox of this server; it says where, and what would be right.
        InvalidSandboxName: No sandbox can be called so.
        TooManySandboxes: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    sandboxes = api.sandboxes
    defaults = {one.name: one.settings_model() for one in sandboxes.systems}
    try:
        content = read_content(written, defaults, sandboxes.find_mutant, tuple(sandboxes.proposals))
    except NewerFormat as newer:
        raise NewerState(newer.number, newer.version, FORMAT) from None
    except UnusableState as error:
        raise ImpossibleState([SettingViolation(one.path, one.detail) for one in error.wrong]) from None
    made = made_of(content, sandboxes.new_chances, sandboxes.retention, sandboxes.wall_clock)
    violations = [*_impossible_faults(api.of(made), content), *_misnamed_settings(made), *_unreadable_people(api, made)]
    if violations:
        raise ImpossibleState(violations)
    with storing(), entering():
        return summarise(sandboxes.replace(name, made))


def _impossible_faults(api: ServedApi, content: Content) -> list[SettingViolation]:
    return [
        SettingViolation(("faults", "armed", str(number), "plan", *violation.path), violation.detail)
        for number, armed in enumerate(content.faults)
        if armed.id not in content.idle_faults
        for violation in find_impossible(api, None, armed.plan)
    ]


def _misnamed_settings(made: Sandbox) -> list[SettingViolation]:
    return [
        SettingViolation(("settings", name, *fault.path), fault.detail)
        for name, one in made.settings.items()
        for fault in one.misnamed(made.store.transaction(), name)
    ]


def _unreadable_people(api: ServedApi, made: Sandbox) -> list[SettingViolation]:
    """Try whether the records fit each other; each was judged alone before."""
    found = []
    for system in api.sandboxes.systems:
        if system.roster is not None:
            people = api.sandboxes.population.of_system(system, made)
            try:
                system.roster.read(people)
                system.roster.agenda(people)
            except Exception:  # noqa: BLE001  # whatever goes wrong in code that trusts its records
                found.append(
                    SettingViolation(
                        ("records",), f"do not fit each other: the people of {system.name} cannot be read from them"
                    )
                )
    return found
