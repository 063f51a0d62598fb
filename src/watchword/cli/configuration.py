"""Where values come from: flags, then environment, then one file, then defaults."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from click.core import ParameterSource
from pydantic import ValidationError

from watchword.system import System
from watchword.system.settings import SystemSettings, apply_merge_patch

PREFIX = "WATCHWORD_"
FILE = "watchword.toml"
_SETTINGS = "settings"


class Flag(click.Option):
    """
    An option that can also be set by ``WATCHWORD_<NAME>`` and by the configuration file.

    A value that cannot be read is refused with the place it came from.
    """

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        if self.name and self.envvar is None:
            self.envvar = f"{PREFIX}{self.name.upper()}"
            self.show_envvar = True

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """Read the variable; of a flag that may be given several times, one value a line."""
        text = self.resolve_envvar_value(ctx)
        return text.splitlines() if text is not None and self.multiple else super().value_from_envvar(ctx)

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Read the value; name its source if that fails."""
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.BadParameter as error:
            source = source_of(ctx, self)
            if source in self.opts:
                raise
            raise click.BadParameter(f"{error.message} (from {source})", ctx, self, error.param_hint) from error


def source_of(context: click.Context, option: click.Parameter) -> str:
    """Name the flag, the environment variable or the file that *option* has its value from."""
    match context.get_parameter_source(option.name or ""):
        case ParameterSource.ENVIRONMENT:
            return str(option.envvar)
        case ParameterSource.DEFAULT_MAP:
            return str(context.obj["file"])
        case _:
            return max(option.opts, key=len)


def read_file(given: Path | None, start: Path) -> tuple[Path | None, dict[str, Any]]:
    """
    Read the one configuration file.

    Args:
        given: Named by the user; None to look for ``watchword.toml``, or ``[tool.watchword]``
            in ``pyproject.toml``, from *start* upwards.

    Raises:
        click.UsageError: It is missing or no TOML.
    """
    if given is not None:
        return given, _toml(given)
    for folder in (start, *start.parents):
        own, project = folder / FILE, folder / "pyproject.toml"
        if own.is_file():
            return own, _toml(own)
        if project.is_file() and (found := _toml(project).get("tool", {}).get("watchword")) is not None:
            return project, found
    return None, {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.UsageError(f"{path}: {error}") from error


def use_file(context: click.Context, command: click.Command, given: Path | None) -> None:
    """
    Make the file's values the defaults of *command*.

    Raises:
        click.UsageError: It has a name that no flag has.
    """
    path, values = read_file(given, Path.cwd())
    context.obj = {"file": path, _SETTINGS: values.pop(_SETTINGS, {})}
    known = {option.name for option in command.params if isinstance(option, Flag)}
    defaults = {name.replace("-", "_"): value for name, value in values.items()}
    unknown = sorted(set(defaults) - known)
    if unknown:
        raise click.UsageError(
            f"{path}: {unknown[0]!r} is not a setting. There are: {', '.join(sorted(filter(None, known)))},"
            f" and tables [settings.SYSTEM]."
        )
    several = {option.name for option in command.params if isinstance(option, Flag) and option.multiple}
    for name in several & defaults.keys():
        if isinstance(defaults[name], str):
            defaults[name] = [defaults[name]]
    context.default_map = {command.name or "": defaults}


def start_settings(
    systems: Sequence[System], layers: Sequence[tuple[str, Mapping[str, Any]]]
) -> dict[str, SystemSettings]:
    """
    Lay *layers* of settings over the defaults.

    Args:
        layers: Pairs of a source's name and its values by system; later ones win.

    Raises:
        click.UsageError: A system or a setting is unknown, or a value does not fit; says which, and from where.
    """
    settings = {system.name: system.settings() for system in systems}
    for source, values in layers:
        if not isinstance(values, Mapping):
            raise click.UsageError(f"{source}: settings are given by system")
        for name, change in values.items():
            if name not in settings:
                raise click.UsageError(f"{source}: {name!r} is not a system. There are: {', '.join(settings)}.")
            if not isinstance(change, Mapping):
                raise click.UsageError(f"{source}: {name} needs names and values")
            try:
                settings[name] = apply_merge_patch(settings[name], change)
            except ValidationError as error:
                _refuse(source, name, error, settings[name])
    return settings


def _refuse(source: str, system: str, error: ValidationError, settings: SystemSettings) -> NoReturn:
    first = error.errors(include_url=False)[0]
    name = ".".join((system, *(str(step) for step in first["loc"])))
    if first["type"] == "extra_forbidden":
        problem = f"there is no such setting. There are: {', '.join(type(settings).model_fields)}"
    else:
        problem = f"{str(first['input'])[:80]!r} does not fit. {first['msg']}"
    raise click.UsageError(f"{source}: {name}: {problem}.") from None
