"""The settings that sandboxes start with: layers from the configuration file and from flags, over the defaults."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
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
    return [*layers, *((source["set"], _parse_set(text, source["set"])) for text in flags["set"])]


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


def apply_layers(systems: Sequence[System], layers: Sequence[Layer]) -> dict[str, SystemSettings]:
    """
    Apply *layers* to the default settings of *systems*, one after the other: later ones win.

    Those of one source are judged together, because two settings may fit only together.

    Raises:
        click.UsageError: A system or a setting is unknown, or a value is invalid; the message names the source.
    """
    settings = {system.name: system.settings_model() for system in systems}
    for source, alike in groupby(layers, itemgetter(0)):
        for system, changes in _by_system(source, [one for _, one in alike], settings).items():
            try:
                settings[system] = apply_merge_patch(settings[system], *changes)
            except InvalidSettings as error:
                first = error.faults[0]
                place = ".".join((system, *first.path))
                raise click.UsageError(f"{source}: {place}: {first.shown}.") from None
    return settings


def _by_system(
    source: str, layers: Sequence[Any], systems: Collection[str]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """
    List what *layers* change, in their order, by system.

    Raises:
        click.UsageError: That is no table, or there is no such system.
    """
    changes: dict[str, list[Mapping[str, Any]]] = {}
    for layer in layers:
        if not isinstance(layer, Mapping):
            raise click.UsageError(f"{source}: settings must be tables, one for each system")
        for system, change in layer.items():
            if system not in systems:
                raise click.UsageError(f"{source}: {system!r} is not a system. There are: {', '.join(systems)}.")
            if not isinstance(change, Mapping):
                raise click.UsageError(f"{source}: the settings of {system} must be a table of names and values")
            changes.setdefault(system, []).append(change)
    return changes
