"""The option ``--report FORM=FILE``."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import click

Reader = Callable[[click.Context, click.Parameter, Sequence[str]], Mapping[str, Path]]


class CannotReport(Exception):
    """A report cannot be written; the message says which and why."""


def reading_reports(forms: Collection[str]) -> Reader:
    """Make the callback of an option that names files, by form; several in one value have commas between them."""

    def read(_context: click.Context, _option: click.Parameter, texts: Sequence[str]) -> Mapping[str, Path]:
        """
        Read the files.

        Raises:
            click.BadParameter: A part is not ``FORM=FILE``, the directory is not there, or a form has two files.
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
            if form in files:
                raise click.BadParameter(f"{part!r}: {form} has a file already, {str(files[form])!r}.")
            files[form] = file
        return files

    return read


def write_reports(files: Mapping[str, Path], write: Callable[[str], str]) -> None:
    """
    Write reports; *write* makes one of a form.

    Raises:
        CannotReport: A file cannot be written.
    """
    for form, path in files.items():
        text = write(form)
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CannotReport(f"the report {form}={path} cannot be written: {error.strerror}") from None
