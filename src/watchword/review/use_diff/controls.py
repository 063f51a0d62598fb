"""Calls of the control API between recorded requests: what tests make of a sandbox, both sides get, too."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import unquote

from watchword.control.errors import ControlError
from watchword.control.faults import arm_fault, change_fault, change_faults, disarm_fault, disarm_faults
from watchword.control.people import change_person, make_person, read_change, read_wish, remove_person
from watchword.control.settings import change_settings, replace_settings
from watchword.edge.served_api import ServedApi
from watchword.review.use_diff.filling import Literal
from watchword.review.use_diff.recorded import Recorded, is_hidden
from watchword.review.use_diff.stage import Stage
from watchword.sandbox import Sandbox

RESET = "admin.reset"
PASSWORD = Literal("Made-4-the-day", is_made_up=True, has_length=False)
"""Of everybody to whom tests give a password of their own, which is not shown."""
LEFT_OUT: Mapping[str, str] = {
    "admin.import_state": "PUT /__admin/state",
    "admin.restore_snapshot": "POST /__admin/snapshots/{name}/restore",
    "admin.set_mutants": "PUT /__admin/mutants",
}
"""Calls that change what later requests meet, and are not made again."""


async def _make_person(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    body = _with_password(call)
    await make_person(api.sandboxes, sandbox, body["system"], read_wish(body))


async def _change_person(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    system, name = _path(call)[-2:]
    await change_person(api.sandboxes, sandbox, system, name, read_change(_with_password(call)))


async def _remove_person(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    system, name = _path(call)[-2:]
    await remove_person(api.sandboxes, sandbox, system, name)


async def _change_settings(_api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    change_settings(sandbox, call.sent.body)


async def _replace_settings(_api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    replace_settings(sandbox, call.sent.body)


async def _arm_fault(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    arm_fault(api, sandbox, call.sent.body)


async def _change_faults(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    change_faults(api, sandbox, call.sent.body)


async def _change_fault(api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    change_fault(api, sandbox, _path(call)[-1], call.sent.body)


async def _disarm_faults(_api: ServedApi, sandbox: Sandbox, _call: Recorded) -> None:
    disarm_faults(sandbox)


async def _disarm_fault(_api: ServedApi, sandbox: Sandbox, call: Recorded) -> None:
    disarm_fault(sandbox, _path(call)[-1])


Control = Callable[[ServedApi, Sandbox, Recorded], Coroutine[Any, Any, None]]
_CONTROLS: Mapping[str, Control] = {
    "admin.make_person": _make_person,
    "admin.change_person": _change_person,
    "admin.remove_person": _remove_person,
    "admin.change_settings": _change_settings,
    "admin.replace_settings": _replace_settings,
    "admin.arm_fault": _arm_fault,
    "admin.change_faults": _change_faults,
    "admin.change_fault": _change_fault,
    "admin.disarm_faults": _disarm_faults,
    "admin.disarm_fault": _disarm_fault,
}


def _path(call: Recorded) -> list[str]:
    return [unquote(one) for one in call.sent.path.split("/")]


def _with_password(call: Recorded) -> Mapping[str, Any]:
    """Give the body of a call, with a password in the place of one that is not shown."""
    body: Mapping[str, Any] = call.sent.body
    return {**body, "password": PASSWORD.text} if is_hidden(body.get("password")) else body


def is_control(entry: Recorded) -> bool:
    """Whether an entry is a call that changes what later requests meet."""
    return entry.is_success and (entry.operation in (RESET, *_CONTROLS) or entry.operation in LEFT_OUT)


def apply(stage: Stage, sandbox: Sandbox, entry: Recorded) -> Sandbox:
    """Make a call once more, in a copy of a sandbox; where it is not possible, nothing happens."""
    control = _CONTROLS[entry.operation]
    try:
        return stage.control(
            sandbox, (entry.sandbox_time, entry.received_at), lambda api, place: control(api, place, entry)
        )
    except ControlError:
        return sandbox
