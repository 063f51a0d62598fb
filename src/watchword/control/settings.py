"""The settings of a sandbox: read, described, replaced, changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from watchword.control.errors import ContradictorySettings, NoSuchSystem, SettingViolation, storing
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import IN_SANDBOX, SettingsBySystem, SystemSettings, apply_merge_patch

Change = Mapping[str, Any]
"""A JSON merge patch (RFC 7396) of one system's settings: null takes a setting back to its default."""
_NOTHING: Change = MappingProxyType({})


def read_settings(sandbox: Sandbox) -> SettingsBySystem:
    """Read the settings of all systems."""
    return dict(sandbox.settings)


def describe_settings(sandboxes: Sandboxes) -> Mapping[str, Mapping[str, Any]]:
    """Give a JSON schema of each system's settings, by its name."""
    return {one.name: one.settings_model.model_json_schema() for one in sandboxes.systems}


def replace_settings(sandbox: Sandbox, settings: Mapping[str, Change]) -> SettingsBySystem:
    """
    Set what *settings* name, by system, and take everything else back to its default; all or nothing.

    Raises:
        NoSuchSystem: A system does not exist.
        ContradictorySettings: A value is invalid, or values contradict each other.
        ChangeNotStored: The disk refused.
    """
    _check_systems(sandbox, settings)
    defaults = {name: type(old)() for name, old in sandbox.settings.items()}
    return _store(sandbox, {name: (old, settings.get(name, _NOTHING)) for name, old in defaults.items()})


def change_settings(sandbox: Sandbox, changes: Mapping[str, Change | None]) -> SettingsBySystem:
    """
    Set what *changes* name, by system; all or nothing.

    Args:
        changes: None takes a whole system back to its defaults.

    Raises:
        NoSuchSystem: A system does not exist.
        ContradictorySettings: A value is invalid, or values contradict each other.
        ChangeNotStored: The disk refused.
    """
    _check_systems(sandbox, changes)
    olds = sandbox.settings
    return _store(
        sandbox,
        {
            name: (type(olds[name])(), _NOTHING) if change is None else (olds[name], change)
            for name, change in changes.items()
        },
    )


def _check_systems(sandbox: Sandbox, named: Mapping[str, object]) -> None:
    for name in named:
        if name not in sandbox.settings:
            raise NoSuchSystem(name, list(sandbox.settings))


def _store(sandbox: Sandbox, changes: Mapping[str, tuple[SystemSettings, Change]]) -> SettingsBySystem:
    """Store settings, given by system what to start from and what to change of it."""
    new: dict[str, SystemSettings] = {}
    violations: list[SettingViolation] = []
    for name, (old, change) in changes.items():
        try:
            new[name] = apply_merge_patch(old, change, context=IN_SANDBOX)
            faults = new[name].misnamed(sandbox.store.transaction(), name)
        except InvalidSettings as error:
            faults = error.faults
        violations += (SettingViolation((name, *one.path), one.detail) for one in faults)
    if violations:
        raise ContradictorySettings(violations)
    with storing():
        sandbox.set_settings(new)
    return read_settings(sandbox)
