"""The configuration file: finding it, and making its values the defaults of a command."""

import tomllib
from pathlib import Path
from typing import Any

import click

from watchword.cli.flag import Flag

FILE = "watchword.toml"
_SETTINGS = "settings"


def find_config_file(named: Path | None, start: Path) -> tuple[Path | None, dict[str, Any]]:
    """
    Find and read the configuration file.

    Args:
        named: The file that the user named. None to look for ``watchword.toml``, or for ``[tool.watchword]`` in
            ``pyproject.toml``, in *start* and the directories above it.

    Returns:
        Its path, None if there is no file; and its values.

    Raises:
        click.UsageError: The file is missing, or not TOML in UTF-8.
    """
    if named is not None:
        return named, _read_toml(named)
    for folder in (start, *start.parents):
        own, project = folder / FILE, folder / "pyproject.toml"
        if own.is_file():
            return own, _read_toml(own)
        if project.is_file() and (found := _read_toml(project).get("tool", {}).get("watchword")) is not None:
            return project, found
    return None, {}


def use_config_file(context: click.Context, command: click.Command, named: Path | None) -> None:
    """
    Make the values of the configuration file the defaults of *command*.

    Afterwards ``context.obj`` has the path of the ``file`` and its ``settings``.

    Raises:
        click.UsageError: The file cannot be used, or has a name that is not a flag of the command.
    """
    path, values = find_config_file(named, Path.cwd())
    context.obj = {"file": path, _SETTINGS: values.pop(_SETTINGS, {})}
    flags = [option for option in command.params if isinstance(option, Flag)]
    names = sorted(option.name for option in flags if option.name)
    defaults = {name.replace("-", "_"): value for name, value in values.items()}
    unknown = sorted(set(defaults) - set(names))
    if unknown:
        raise click.UsageError(
            f"{path}: {unknown[0]!r} is not a setting. There are: {', '.join(names)}, and tables [settings.SYSTEM]."
        )
    for option in flags:
        if option.multiple and isinstance(defaults.get(option.name or ""), str):
            defaults[option.name or ""] = [defaults[option.name or ""]]
    context.default_map = {command.name or "": defaults}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        # Editors on Windows start a file with a byte order mark.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path}: this is not UTF-8, which TOML is written in; save it as UTF-8") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise click.UsageError(f"{path}: {error}") from error
    except ValueError as error:  # of Python's numbers, which end somewhere; TOML's do not
        raise click.UsageError(f"{path}: a number in it has too many digits") from error
