"""The armed faults of a sandbox: listed, armed, changed, disarmed."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from watchword.control.errors import ImpossibleFault, NoSuchFault, SettingViolation, TooManyFaults, storing
from watchword.control.possible_faults import find_impossible
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox
from watchword.sandbox.faults import MOST_FAULTS, ArmedFault, FaultPlan
from watchword.system.setting_faults import InvalidSettings, invalid_settings
from watchword.system.settings import apply_merge_patch

Change = Mapping[str, Any]
"""A JSON merge patch (RFC 7396) of a plan: null takes a part back to its default."""


def list_faults(sandbox: Sandbox) -> tuple[ArmedFault, ...]:
    """List what is armed, oldest first."""
    return sandbox.faults


def look_at_fault(sandbox: Sandbox, identifier: str) -> ArmedFault:
    """
    Look at one armed fault.

    Raises:
        NoSuchFault: There is none of this id.
    """
    return sandbox.faults[_place(sandbox, identifier)]


def arm_fault(api: ServedApi, sandbox: Sandbox, plan: Mapping[str, Any]) -> ArmedFault:
    """
    Arm a fault.

    Args:
        api: Has the operations that it may be for, unless the sandbox has chosen a proposal.
        plan: As JSON values, by the names of `FaultPlan`.

    Raises:
        ImpossibleFault: It names something that does not exist, or its parts contradict each other.
        TooManyFaults: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    try:
        read = FaultPlan.model_validate(plan)
    except ValidationError as error:
        raise _impossible(invalid_settings(FaultPlan, error)) from None
    _check(api, sandbox, read)
    if len(sandbox.faults) >= MOST_FAULTS:
        raise TooManyFaults(MOST_FAULTS)
    number = sandbox.fault_count + 1
    armed = ArmedFault(id=f"fault-{number}", plan=read)
    with storing():
        sandbox.set_faults((*sandbox.faults, armed), number)
    return armed


def change_fault(api: ServedApi, sandbox: Sandbox, identifier: str, change: Change) -> ArmedFault:
    """
    Change one armed fault; its counters stay.

    Raises:
        NoSuchFault: There is none of this id.
        ImpossibleFault: As in `arm_fault`; nothing is changed.
        ChangeNotStored: The disk refused.
    """
    place = _place(sandbox, identifier)
    changed = _changed(api, sandbox, sandbox.faults[place], change)
    with storing():
        sandbox.set_faults((*sandbox.faults[:place], changed, *sandbox.faults[place + 1 :]))
    return changed


def change_faults(api: ServedApi, sandbox: Sandbox, change: Change) -> tuple[ArmedFault, ...]:
    """
    Change every armed fault in the same way, for example to pause them; all or nothing.

    Raises:
        ImpossibleFault: As in `arm_fault`; nothing is changed.
        ChangeNotStored: The disk refused.
    """
    changed = tuple(_changed(api, sandbox, one, change) for one in sandbox.faults)
    with storing():
        sandbox.set_faults(changed)
    return changed


def disarm_fault(sandbox: Sandbox, identifier: str) -> None:
    """
    Disarm one fault.

    Raises:
        NoSuchFault: There is none of this id.
        ChangeNotStored: The disk refused.
    """
    place = _place(sandbox, identifier)
    with storing():
        sandbox.set_faults((*sandbox.faults[:place], *sandbox.faults[place + 1 :]))


def disarm_faults(sandbox: Sandbox) -> None:
    """
    Disarm every fault.

    Raises:
        ChangeNotStored: The disk refused.
    """
    with storing():
        sandbox.set_faults(())


def _place(sandbox: Sandbox, identifier: str) -> int:
    known = [one.id for one in sandbox.faults]
    if identifier not in known:
        raise NoSuchFault(known)
    return known.index(identifier)


def _changed(api: ServedApi, sandbox: Sandbox, one: ArmedFault, change: Change) -> ArmedFault:
    try:
        plan = apply_merge_patch(one.plan, change)
    except InvalidSettings as error:
        raise _impossible(error) from None
    # What is not changed was possible when it was armed; the document may have gone since.
    if (plan.match, plan.fault) != (one.plan.match, one.plan.fault):
        _check(api, sandbox, plan)
    return one.model_copy(update={"plan": plan, "brought_by": one.brought_by if plan == one.plan else None})


def _check(api: ServedApi, sandbox: Sandbox, plan: FaultPlan) -> None:
    violations = find_impossible(
        api.of(sandbox), lambda system: api.sandboxes.population.read(sandbox, system=system), plan
    )
    if violations:
        raise ImpossibleFault(violations)


def _impossible(error: InvalidSettings) -> ImpossibleFault:
    return ImpossibleFault([SettingViolation(one.path, one.detail) for one in error.faults])
