"""The settings that sandboxes start with: layers from the configuration file and from flags, over the defaults."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import click
import orjson

from watchword.cli.flag import sources
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.system import System
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import SystemSettings, apply_merge_patch

Layer = tuple[str, Any]
"""The name of a source, and its settings by system."""


def collect_layers(context: click.Context, flags: Mapping[str, Any]) -> list[Layer]:
    """
    List the settings of the configuration file and of *flags*, the latter last.

    Raises:
        click.UsageError: A value of ``--set`` does not have the form ``SYSTEM.NAME=VALUE``.
    """
    source = sources(context)
    layers: list[Layer] = [(str(context.obj["file"]), context.obj["settings"])]
    if flags["random_codes"]:
        layers.append((source["random_codes"], {name: {"random_codes": True} for name in SYSTEM_NAMES}))
    if flags["zitadel_profile"]:
        layers.append((source["zitadel_profile"], {"zitadel": {"zitadel_profile": flags["zitadel_profile"]}}))
    for text in flags["portal_url"]:
        system, equals, url = text.partition("=")
        if equals and "://" not in system:
            layers.append((source["portal_url"], {system: {"portal_url": url}}))
        else:
            layers.append((source["portal_url"], {name: {"portal_url": text} for name in SYSTEM_NAMES}))
    # They are one layer, because two of them may fit only together.
    chosen = (_parse_set(text, source["set"]) for text in flags["set"])
    return [*layers, (source["set"], reduce(_join, chosen, {}))]


def _parse_set(text: str, source: str) -> dict[str, Any]:
    path, equals, value = text.partition("=")
    system, *names = path.split(".")
    if not equals or not names:
        raise click.UsageError(f"{source}: {text!r}: write SYSTEM.NAME=VALUE, for example zitadel.maintenance=true")
    try:
        change: Any = orjson.loads(value)
    except orjson.JSONDecodeError:
        change = value  # a word without quotes is a string
    for name in reversed(names):
        change = {name: change}
    return {system: change}


def _join(change: Any, other: Any) -> Any:
    """Join two merge patches: of what both set, *other* counts."""
    if not (isinstance(change, Mapping) and isinstance(other, Mapping)):
        return other
    return {**change, **{name: _join(change[name], one) if name in change else one for name, one in other.items()}}


def apply_layers(systems: Sequence[System], layers: Sequence[Layer]) -> dict[str, SystemSettings]:
    """
    Apply *layers* to the default settings of *systems*, one after the other: later ones win.

    Raises:
        click.UsageError: A system or a setting is unknown, or a value is invalid; the message names the source.
    """
    settings = {system.name: system.settings_model() for system in systems}
    for source, by_system in layers:
        if not isinstance(by_system, Mapping):
            raise click.UsageError(f"{source}: settings must be tables, one for each system")
        for system, change in by_system.items():
            if system not in settings:
                raise click.UsageError(f"{source}: {system!r} is not a system. There are: {', '.join(settings)}.")
            if not isinstance(change, Mapping):
                raise click.UsageError(f"{source}: the settings of {system} must be a table of names and values")
            try:
                settings[system] = apply_merge_patch(settings[system], change)
            except InvalidSettings as error:
                first = error.faults[0]
                place = ".".join((system, *first.path))
                raise click.UsageError(f"{source}: {place}: {first.shown}.") from None
    return settings
