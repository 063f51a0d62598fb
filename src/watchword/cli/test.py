"""``watchword test``."""

import os
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import click

from watchword.cli.flag import Duration, WholeNumber
from watchword.cli.impossible import Impossible
from watchword.cli.input_file import INPUT_FILE
from watchword.cli.report_files import CannotReport, reading_reports, writing_reports
from watchword.cli.signalled import raising_signals
from watchword.cli.words import Words
from watchword.contract.baseline import UnusableBaseline, read_baseline
from watchword.contract.bindings import UnusableBindings, read_bindings
from watchword.contract.bindings_template import write_bindings
from watchword.contract.driver import Ability
from watchword.contract.evidence import GRADES
from watchword.contract.examination import Examination
from watchword.contract.reports import REPORTS, tell
from watchword.contract.run import Assignment, CannotRun, Readiness, make_ready, run
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import Verdict, judge
from watchword.domain.chance import MOST_RANDOM_SEED, new_random_seed
from watchword.domain.rule import Grade


@click.command()
@click.argument("url", required=False)
@click.option(
    "--system", type=click.Choice(list(SUBJECTS)), required=True, help="The system that the server should be."
)
@click.option(
    "--bindings",
    "file",
    type=INPUT_FILE,
    help="File (TOML) with the server's people and hooks; not needed for another Watchword.",
)
@click.option("--init", is_flag=True, help="Write a bindings file to begin with, every line explained, and stop.")
@click.option("--dry-run", is_flag=True, help="Only log everybody in, try the hooks, and say what is missing.")
@click.option(
    "--level",
    type=click.Choice([one.value for one in GRADES]),
    default=Grade.VERIFIED.value,
    show_default=True,
    help="How sure a rule has to be at least, so that breaking it fails the run.",
)
@click.option(
    "--random-seed",
    type=WholeNumber(0, MOST_RANDOM_SEED),
    help="Repeats the random requests and walks of an earlier run.",
)
@click.option(
    "--document-requests",
    type=WholeNumber(0, 10_000),
    default=10,
    show_default=True,
    help="Requests that the document allows, to each operation.",
)
@click.option(
    "--wires",
    type=WholeNumber(0, 10_000),
    default=20,
    show_default=True,
    help="Scenarios over each other protocol of the system (ZITADEL's Connect, gRPC, gRPC-Web).",
)
@click.option("--walks", type=WholeNumber(0, 100_000), default=20, show_default=True, help="Random sequences.")
@click.option(
    "--for",
    "limit",
    type=Duration(least=1),
    help="Begin no scenario, no race, no operation of the document and no walk once the run has taken this long.",
)
@click.option(
    "--report",
    cls=Words,
    callback=reading_reports(REPORTS),
    metavar="FORM=FILE",
    help="Write junit, json, md, sarif, html or pytest (findings as tests).",
)
@click.option(
    "--baseline",
    type=INPUT_FILE,
    help="JSON report of an earlier run: what it found is accepted.",
)
@click.option("--max-skipped", type=WholeNumber(0), help="Exit with 4 if more scenarios cannot be played here.")
@click.option("--i-own-this", is_flag=True, help="Test a server that is not on this machine.")
@click.option(
    "--token", envvar="WATCHWORD_ADMIN_TOKEN", show_envvar=True, help="The --admin-token of another Watchword."
)
def test(  # noqa: PLR0917  # click gives them by name
    url: str | None,
    system: str,
    file: Path | None,
    level: str,
    random_seed: int | None,
    document_requests: int,
    wires: int,
    walks: int,
    limit: float | None,
    report: Mapping[str, Path],
    baseline: Path | None,
    max_skipped: int | None,
    token: str | None,
    *,
    init: bool,
    dry_run: bool,
    i_own_this: bool,
) -> None:
    """
    Test the server at URL: does it keep the rules of the system?

    Scenarios, races and random walks are played on the server and on a private stand-in in step, and every answer is
    compared; requests that the document allows have to be answered as it says.

    Exits with 0 if the rules are kept, 1 if one is broken, 2 if the run was not possible or ended early, 4 with
    --max-skipped, 130 if somebody interrupts it (143 for SIGTERM); reports are written then, too.
    """
    subject = SUBJECTS[system]
    if init:
        click.echo(write_bindings(subject), nl=False)
        return
    if url is None:
        raise click.UsageError("Name the address of the server, or --init.")
    try:
        with raising_signals() as signals:
            assignment = Assignment(
                url,
                subject,
                bindings=None if file is None else read_bindings(file, subject, os.environ),  # noqa: TID251  # the environment
                token=token,
                is_owned=i_own_this,
                level=Grade(level),
                accepted=() if baseline is None else read_baseline(baseline),
                today=date.today(),  # noqa: DTZ011  # of the person who accepted something until a day
                wires=wires,
                document_requests=document_requests,
                walks=walks,
                random_seed=new_random_seed() if random_seed is None else random_seed,
                limit=None if limit is None else timedelta(seconds=limit),
            )
            if dry_run:
                _tell_ready(make_ready(assignment, _say))
                return
            examination = run(assignment, _say)
            verdict = judge(examination)
            with writing_reports(report, lambda form: REPORTS[form](examination, verdict)):
                _tell(examination, verdict)
    except (UnusableBindings, UnusableBaseline, CannotRun, CannotReport) as error:
        raise Impossible(str(error)) from None
    sys.exit(signals[0].exit_code if examination.interrupted else verdict.exit_code(max_skipped=max_skipped))


def _say(line: str) -> None:
    click.echo(line, err=True)  # progress is not the result


def _tell(examination: Examination, verdict: Verdict) -> None:
    for finding in examination.findings:
        click.echo("\n".join(tell(examination, finding)) + "\n")
    click.echo(verdict.line)
    if verdict.advice:
        _say(verdict.advice)


def _tell_ready(ready: Readiness) -> None:
    abilities = ", ".join(sorted(one.value for one in ready.abilities)) or "nothing"
    bound = "1 person is" if ready.people == 1 else f"{ready.people} people are"
    click.echo(f"{bound} bound; what the server can be made to do: {abilities}")
    if ready.lacks:
        costs = [f"{name} ({number})" for name, number in ready.lacks.items()]
        costs[0] = f"{costs[0][:-1]} scenario{'' if next(iter(ready.lacks.values())) == 1 else 's'})"
        click.echo(f"not testable without: {', '.join(costs)}")
    if Ability.RESET not in ready.abilities:
        click.echo("without a reset hook there are no walks and no requests from the document")
