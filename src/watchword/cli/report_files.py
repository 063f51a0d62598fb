"""The option ``--report FORM=FILE``."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from watchword.file_to_write import find_obstacle

Reader = Callable[[click.Context, click.Parameter, Sequence[str]], Mapping[str, Path]]


class CannotReport(Exception):
    """A report cannot be written; the message says which and why."""


def reading_reports(forms: Collection[str]) -> Reader:
    """Make the callback of an option that names files, by form; each of its `Words` is ``FORM=FILE``."""

    def read(_context: click.Context, _option: click.Parameter, parts: Sequence[str]) -> Mapping[str, Path]:
        """
        Read the files.

        Raises:
            click.BadParameter: A part is not ``FORM=FILE``, no file can be there, or a form or a file is named twice.
        """
        files: dict[str, Path] = {}
        for part in parts:
            form, _, name = part.partition("=")
            file = Path(name)
            if form not in forms or not name:
                raise click.BadParameter(f"{part!r}: write FORM=FILE; the forms are {', '.join(forms)}.")
            if problem := find_obstacle(file) or _taken(form, file, files):
                raise click.BadParameter(f"{part!r}: {problem}.")
            files[form] = file
        return files

    return read


def read_report_file(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    """
    Read the value of an option that names one file to write.

    Raises:
        click.BadParameter: No file can be there.
    """
    if file is not None and (problem := find_obstacle(file)):
        raise click.BadParameter(f"{problem}.")
    return file


def _taken(form: str, file: Path, files: Mapping[str, Path]) -> str:
    """Say what has the *form* or the *file* already; empty if nothing has."""
    if form in files:
        return f"{form} has a file already, {str(files[form])!r}"
    other = next((one for one, path in files.items() if path.resolve() == file.resolve()), None)
    return "" if other is None else f"{other} is written to {str(files[other])!r} already; each form needs its own file"


@contextmanager
def writing_reports(files: Mapping[str, Path], write: Callable[[str], str]) -> Iterator[None]:
    """
    Write reports at the end of a ``with`` block that tells the same, also if nobody reads that to its end.

    Raises:
        CannotReport: A file cannot be written.
    """
    try:
        yield
    finally:
        write_reports(files, write)


def write_reports(files: Mapping[str, Path], write: Callable[[str], str]) -> None:
    """
    Write reports; *write* makes one of a form.

    Raises:
        CannotReport: A file cannot be written.
    """
    for form, path in files.items():
        write_report(path, write(form), called=f"the report {form}={path}")


def write_report(path: Path, text: str, *, called: str) -> None:
    """
    Write one report.

    Args:
        called: What it is to the user.

    Raises:
        CannotReport: The file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotReport(f"{called} cannot be written: {error.strerror}") from None
