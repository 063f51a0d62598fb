"""The option ``--report FORM=FILE``."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import click

Reader = Callable[[click.Context, click.Parameter, Sequence[str]], Mapping[str, Path]]


def reading_reports(forms: Collection[str]) -> Reader:
    """Make the callback of an option that names files, by form; several in one value have commas between them."""

    def read(_context: click.Context, _option: click.Parameter, texts: Sequence[str]) -> Mapping[str, Path]:
        """
        Read the files.

        Raises:
            click.BadParameter: A part is not ``FORM=FILE``, or the directory is not there.
        """
        files: dict[str, Path] = {}
        for part in (part for text in texts for part in text.split(",") if part):
            form, _, name = part.partition("=")
            file = Path(name)
            if form not in forms or not name:
                raise click.BadParameter(f"{part!r}: write FORM=FILE; the forms are {', '.join(forms)}.")
            if file.is_dir():
                raise click.BadParameter(f"{part!r}: {name!r} is a directory.")
            if not file.absolute().parent.is_dir():
                raise click.BadParameter(f"{part!r}: {str(file.parent)!r} is not a directory.")
            files[form] = file
        return files

    return read
