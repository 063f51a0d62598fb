"""Flags that can also be set by an environment variable or by the configuration file."""

import re
from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

import click
from click.core import ParameterSource

from watchword.domain.durations import read_duration

PREFIX = "WATCHWORD_"
"""What the names of environment variables start with."""
_SHOWN = 80
"""How much of a wrong value is shown."""
_IGNORING = "ignore_deployment"

_SIZE = re.compile(r"(?P<number>\d{1,12}(?:\.\d{1,6})?)\s*(?P<unit>[kKmMgG]i?[bB]?|[bB]?)", re.ASCII)
_UNITS = {"": 1, "b": 1} | {
    f"{letter}{ending}": (1024 if "i" in ending else 1000) ** power
    for power, letter in enumerate("kmg", 1)
    for ending in ("", "b", "i", "ib")
}


class Duration(click.ParamType[float]):
    """
    A duration, with a unit or as a number of seconds; its value is in seconds.

    Args:
        least: The shortest that is allowed, in seconds.
    """

    name = "duration"

    def __init__(self, *, least: float) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text of a flag or variable, or the number or text of a file."""
        try:
            seconds = read_duration(str(value)).total_seconds()
        except ValueError as error:
            self.fail(f"{str(value)[:_SHOWN]!r} {error}.", param, ctx)
        if seconds < self._least:
            unit = "second" if self._least == 1 else "seconds"
            self.fail(f"{value!r} is too short: at least {self._least:g} {unit}.", param, ctx)
        return seconds


class WholeNumber(click.IntRange):
    """A whole number."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text of a flag or variable, or the number or text of a file."""
        try:
            return super().convert(int(str(value)), param, ctx)  # not 1 for 1.5, nor for true
        except ValueError:
            self.fail(f"{str(value)[:_SHOWN]!r} is not a whole number.", param, ctx)


class Percentage(click.FloatRange):
    """A number from 0 to 100."""

    name = "percentage"

    def __init__(self) -> None:
        super().__init__(0, 100)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number; what is none (``nan``) is neither too small nor too big."""
        found = float(super().convert(value, param, ctx))
        return self.fail(f"{value!r} is not a number from 0 to 100.", param, ctx) if isnan(found) else found


class Size(click.ParamType[int]):
    """
    A number of bytes, with a unit (``64MiB``, ``500kB``) or alone.

    Args:
        least: The smallest that is allowed, in bytes.
    """

    name = "size"

    def __init__(self, *, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the text of a flag or variable, or the number or text of a file."""
        found = _SIZE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{str(value)[:_SHOWN]!r} is not a size: write 64MiB, 500kB or a number of bytes.", param, ctx)
        size = int(float(found["number"]) * _UNITS[found["unit"].lower()])
        if size < self._least:
            self.fail(f"{value!r} is too small: at least {self._least} bytes.", param, ctx)
        return size


class Flag(click.Option):
    """
    An option that can also be set by ``WATCHWORD_<NAME>`` and by the configuration file.

    The error about an invalid value names its source.

    Args:
        deployment: Whether it says where and how one server runs, or what is broken in it, and not what is imitated: a
            server that ignores its deployment (`ignore_deployment`) takes it from its command line alone.
    """

    def __init__(self, *arguments: Any, deployment: bool = False, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.deployment = deployment
        if self.name and self.envvar is None:
            self.envvar = f"{PREFIX}{self.name.upper()}"
            self.show_envvar = True

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Find the text of the variable; None if it is ignored."""
        return None if self.deployment and ctx.params.get(_IGNORING) else super().resolve_envvar_value(ctx)

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """Read the variable; for a flag that can be given several times, each line is one value."""
        text = self.resolve_envvar_value(ctx)
        return text.splitlines() if text is not None and self.multiple else super().value_from_envvar(ctx)

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Read the value; if it is invalid, name its source."""
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.BadParameter as error:
            source = source_of(ctx, self)
            if source in self.opts:
                raise
            raise click.BadParameter(f"{error.message} (from {source})", ctx, self, error.param_hint) from error


def ignore_deployment(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flag of a server that somebody starts for one run: it is not the one that variables and files deploy."""
    return click.option(
        f"--{_IGNORING.replace('_', '-')}",
        is_flag=True,
        is_eager=True,
        hidden=True,
        callback=_leave_deployment_out,
        help="Take nothing that belongs to a deployment from variables and the configuration file.",
    )(function)


def _leave_deployment_out(context: click.Context, _option: click.Parameter, wanted: bool) -> bool:  # noqa: FBT001  # click's
    if wanted:
        left_out = {one.name for one in context.command.params if isinstance(one, Flag) and one.deployment}
        context.default_map = {name: one for name, one in (context.default_map or {}).items() if name not in left_out}
    return wanted


def source_of(context: click.Context, option: click.Parameter) -> str:
    """Name the flag, the environment variable or the file that the value of *option* comes from."""
    match context.get_parameter_source(option.name or ""):
        case ParameterSource.ENVIRONMENT:
            return str(option.envvar)
        case ParameterSource.DEFAULT_MAP:
            return str(context.obj["file"])
        case _:
            return max(option.opts, key=len)


def sources(context: click.Context) -> dict[str, str]:
    """Name the source of the value of every option of the present command, by the name of the option."""
    return {option.name or "": source_of(context, option) for option in context.command.params}
