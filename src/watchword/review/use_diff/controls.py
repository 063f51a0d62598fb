"""Calls of the control API between recorded requests: what tests make of a sandbox, both sides get, too."""

from collections.abc import Mapping
from typing import Any

from watchword.control.errors import ControlError
from watchword.review.use_diff.filling import Literal
from watchword.review.use_diff.recorded import Recorded, is_hidden
from watchword.review.use_diff.stage import Stage
from watchword.sandbox import Sandbox
from watchword.system.setting_faults import InvalidSettings

RESET = "admin.reset"
_SETTINGS, _PEOPLE = "admin.change_settings", "admin.make_person"
PASSWORD = Literal("Made-4-the-day", is_made_up=True, has_length=False)
"""Of everybody whom tests make with a password of their own, which is not shown."""


def is_control(entry: Recorded) -> bool:
    """Whether an entry is a call that changes what later requests meet."""
    return entry.is_success and entry.operation in (RESET, _SETTINGS, _PEOPLE)


def apply(stage: Stage, sandbox: Sandbox, entry: Recorded) -> Sandbox:
    """Make a call once more, in a copy of a sandbox; where it is not possible, nothing happens."""
    body: Mapping[str, Any] = entry.sent.body or {}
    try:
        if entry.operation == _PEOPLE:
            given = {"password": PASSWORD.text} if is_hidden(body.get("password")) else {}
            return stage.make_person(sandbox, {**body, **given}, (entry.sandbox_time, entry.received_at))
        for system, patch in body.items():
            sandbox = stage.tune(sandbox, system, patch)
    except (ControlError, InvalidSettings):
        return sandbox
    return sandbox
