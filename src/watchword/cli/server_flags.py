"""The flags of ``serve`` that commands with a server of their own take too, and hand on to it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from watchword.cli.options import list_options

_HANDED_ON = frozenset(
    (
        *("document", "hashing", "overlay", "people", "portal_url", "proposal", "random_codes", "seed", "set"),
        "zitadel_profile",
    )
)
"""Those that say what the server imitates; it reads variables and the configuration file itself."""


def take_server_flags(*more: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Add the flags that are handed on to the server, which judges their values.

    Args:
        more: The names of further ones, which not every such command can take.
    """

    def take(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(list_options()):
            if option.name in _HANDED_ON or option.name in more:
                kind = {"is_flag": True} if option.is_flag else {"multiple": True, "metavar": option.metavar or "VALUE"}
                told = f"As for serve. {option.help}"
                function = click.option(option.opts[0], option.name, help=told, **kind)(function)
        return function

    return take


def write_arguments(flags: Mapping[str, Any]) -> list[str]:
    """Write *flags* for the server."""
    return list(_write(flags))


def _write(flags: Mapping[str, Any]) -> Iterator[str]:
    for name, value in flags.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            yield flag
        elif value:
            yield from (f"{flag}={one}" for one in value)
