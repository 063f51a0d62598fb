"""``watchword data``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson

from watchword.cli.data_report import as_json, say_condition, say_saved
from watchword.domain.hashing import Hasher, Profile
from watchword.sandbox.shared_seed_data import SeedDataWriter
from watchword.sandbox.stored_state import is_readable
from watchword.store import SharedTables, UnusableData
from watchword.store.examination import Examination, examine
from watchword.store.lock import keep_servers_out
from watchword.store.salvage import save
from watchword.store.sqlite import FILE
from watchword.systems import SYSTEMS

NOT_SOUND = 1
_folder = click.Path(path_type=Path)
_json = click.option("--json", "json", is_flag=True, help="Write JSON, for programs.")


@click.group()
def data() -> None:
    """Check a data directory (serve --data), and save what can be read of a damaged one."""


@data.command()
@click.argument("folder", metavar="DIR", type=_folder)
@_json
@click.pass_context
def check(context: click.Context, folder: Path, *, json: bool) -> None:
    """
    Say whether a data directory is sound, and change nothing in it.

    Exit codes: 0, it is sound; 1, it is damaged, or acknowledged writes are missing; 2, it cannot be checked.
    """
    with _examined(folder) as found:
        _write(as_json(folder, found) if json else say_condition(folder, found))
    context.exit(0 if found.sound else NOT_SOUND)


@data.command()
@click.argument("folder", metavar="DIR", type=_folder)
@click.argument("into", metavar="INTO", type=_folder)
@_json
@click.pass_context
def salvage(context: click.Context, folder: Path, into: Path, *, json: bool) -> None:
    """
    Copy everything that can be read in DIR into the new directory INTO, and change nothing in DIR.

    Exit codes: 0, everything was saved; 1, something was lost; 2, nothing was written.
    """
    with _examined(folder) as found:
        if into.resolve().is_relative_to(folder.resolve()):
            raise click.UsageError(f"{into} is in {folder}, which is left unchanged; name a directory elsewhere.")
        if found.loses and not found.saved:
            raise click.UsageError(f"No sandbox in {folder} can be read, so nothing was written.")
        save(found, into, _new_seed, file=FILE)
        _write({**as_json(folder, found), "into": str(into)} if json else say_saved(folder, into, found))
    context.exit(NOT_SOUND if found.loses else 0)


@contextmanager
def _examined(folder: Path) -> Iterator[Examination]:
    """Examine a directory, and keep servers out of it meanwhile."""
    if not folder.is_dir():
        raise click.UsageError(f"{folder} is not a directory.")
    try:
        with keep_servers_out(folder):
            yield examine(folder / FILE, _is_readable)
    except UnusableData as error:
        raise click.UsageError(f"{error}.") from error


def _is_readable(place: str, key: str, document: Any) -> bool:
    return is_readable(place, key, document, _SETTINGS)


def _new_seed(now: datetime) -> SharedTables:
    """Write the seed data of this release."""
    return SeedDataWriter(SYSTEMS, {}, Hasher(Profile.FAST), None).write(now).tables


_SETTINGS = {system.name: system.settings_model() for system in SYSTEMS}


def _write(report: dict[str, Any] | list[str]) -> None:
    lines = report if isinstance(report, list) else [orjson.dumps(report, option=orjson.OPT_INDENT_2).decode()]
    click.echo("\n".join(lines))
