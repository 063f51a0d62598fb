"""``watchword lint``."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from watchword.cli.impossible import Impossible
from watchword.cli.input_file import INPUT_FILE
from watchword.cli.report_files import CannotReport, read_report_file, reading_reports, write_report, writing_reports
from watchword.cli.words import Words
from watchword.contract.baseline import UnusableBaseline
from watchword.control.people_file import UnusablePeople
from watchword.document import DocumentError
from watchword.review.baseline import accept
from watchword.review.finding import Review, Severity
from watchword.review.lint.checks import CHECKS
from watchword.review.lint.linting import lint as look
from watchword.review.lint.linting import read
from watchword.review.lint.spectral import CannotAsk, ask_spectral, find_spectral
from watchword.review.reports import FORMATS, REPORTS

_NO_SPECTRAL = "Spectral is not installed here, so its general checks were left out."


@click.command()
@click.argument("document", type=INPUT_FILE, required=False)
@click.option(
    "--overlay", "overlays", type=INPUT_FILE, multiple=True, metavar="FILE", help="Look at what it makes of that."
)
@click.option(
    "--people",
    type=INPUT_FILE,
    multiple=True,
    metavar="FILE",
    help="People whom the server is started with (serve --people): faults for anybody else are refused.",
)
@click.option("--list", "listing", is_flag=True, help="List the checks: id, severity and why, and stop.")
@click.option(
    "--fail-on",
    type=click.Choice([one.value for one in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that exits with 1.",
)
@click.option("--baseline", type=INPUT_FILE, metavar="FILE", help="What an earlier run has found is accepted.")
@click.option(
    "--write-baseline",
    "written",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=read_report_file,
    metavar="FILE",
    help="Write what is found as a baseline, and exit with 0.",
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="What is printed."
)
@click.option(
    "--report",
    cls=Words,
    callback=reading_reports(REPORTS),
    metavar="FORM=FILE",
    help=f"Write {', '.join(REPORTS)}.",
)
@click.option(
    "--spectral/--no-spectral",
    default=None,
    help="Demand, or leave out, Spectral's ruleset; it is used if it is there.",
)
def lint(
    *,
    document: Path | None,
    overlays: tuple[Path, ...],
    people: tuple[Path, ...],
    listing: bool,
    fail_on: str,
    baseline: Path | None,
    written: Path | None,
    form: str,
    report: Mapping[str, Path],
    spectral: bool | None,
) -> None:
    """
    Is DOCUMENT well made? Without one: the document of the imitated systems, and what overlays make of it.

    A finding is silenced beside its place, with a reason (x-lint-ignore: {CHECK: REASON}), or by a baseline.

    Exits with 0 if nothing is as grave as --fail-on, 1 if something is, 2 if the document cannot be looked at.
    """
    if listing:
        for one in CHECKS:
            click.echo(f"{one.id}  ({one.severity})\n    {one.why}")
        return
    try:
        review = _review(document, overlays, people, spectral=spectral)
        if baseline is not None:
            review = accept(review, baseline)
        with writing_reports(report, lambda name: REPORTS[name](review)):
            click.echo(FORMATS[form](review), nl=False)
        if written is not None:
            write_report(written, REPORTS["json"](review), called=f"the baseline {written}")
    except UnusablePeople as error:
        raise Impossible(f"--people: {error}.") from None
    except (CannotAsk, CannotReport, DocumentError, UnusableBaseline) as error:
        raise Impossible(str(error)) from None
    sys.exit(1 if review.fails(Severity(fail_on)) and written is None else 0)


def _review(
    document: Path | None, overlays: tuple[Path, ...], people: tuple[Path, ...], *, spectral: bool | None
) -> Review:
    """Look at a document with our checks, and with Spectral if that is wanted or there."""
    names = ("the document of the imitated systems" if document is None else str(document), *map(str, overlays))
    linted, here = read(document, overlays, people), Path.cwd()
    command = None if spectral is False else find_spectral(here)
    if command is None and spectral:
        raise CannotAsk("Spectral is not installed here: npm install --save-dev @stoplight/spectral-cli")
    found = () if command is None else ask_spectral(command, linted.document)
    notes = [_NO_SPECTRAL] if command is None and spectral is None else []
    return replace(look(linted, " with ".join(names), here, found), notes=tuple(notes))
