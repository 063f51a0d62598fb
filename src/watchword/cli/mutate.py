"""``watchword mutate -- COMMAND``: would these tests notice a mistake?"""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from watchword.cli.document import load_api
from watchword.cli.flag import Duration, Percentage, WholeNumber
from watchword.cli.output import write
from watchword.cli.report_files import CannotReport, reading_reports, writing_reports
from watchword.cli.served_tests import ServedTests
from watchword.cli.server_flags import take_server_flags, write_arguments
from watchword.cli.signalled import raising_signals
from watchword.cli.starting import CannotStartCommand
from watchword.cli.suite import Stopped, Suite
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.cli.words import Words, join_words
from watchword.client import WatchwordError
from watchword.contract.mutation.assessing import CannotAssess, Plan, assess
from watchword.contract.mutation.progress_file import ProgressFile, UnusableProgress
from watchword.contract.mutation.reports import REPORTS, tell
from watchword.control.mutants import MutantCatalogue, NoMutantLike
from watchword.domain.chance import MOST_RANDOM_SEED
from watchword.domain.clock import start_timer
from watchword.own_server import CannotStart

_UNNOTICED, _COULD_NOT_RUN = 1, 2


def _read_patterns(context: click.Context, _option: click.Parameter, patterns: Sequence[str]) -> Sequence[str]:
    """
    Read ``--mutants``.

    Raises:
        click.BadParameter: It is there and empty, as if a variable were not set: that would break everything.
    """
    if not patterns and context.get_parameter_source("patterns") is not ParameterSource.DEFAULT:
        raise click.BadParameter("name some, such as 'weavr.nonce.*', or leave it out for all.")
    return patterns


@click.command(context_settings={"allow_interspersed_args": False})
@click.option(
    "--mutants",
    "patterns",
    cls=Words,
    callback=_read_patterns,
    metavar="PATTERNS",
    help="Only these, such as 'weavr.nonce.*'.",
)
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only what operations of this system show.")
@click.option(
    "--operations",
    cls=Words,
    callback=join_words,
    metavar="PATTERNS",
    help="Only what these show, such as 'weavr_multi.*'.",
)
@click.option("--jobs", type=WholeNumber(1, 64), default=1, show_default=True, help="How many runs at a time.")
@click.option(
    "--min-noticed",
    type=Percentage(),
    default=100,
    show_default=True,
    metavar="N",
    help="Exit with 1 if less than N percent are noticed.",
)
@click.option(
    "--max-time",
    type=Duration(least=1),
    help="Start no run that would not end in time; mutants are then drawn, of as many different rules as possible.",
)
@click.option("--random-seed", type=WholeNumber(0, MOST_RANDOM_SEED), help="Repeats the draw of an earlier run.")
@click.option(
    "--resume",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Note in FILE what came of each mutant, and go on from there if it exists.",
)
@click.option(
    "--report",
    "reports",
    cls=Words,
    callback=reading_reports(REPORTS),
    metavar="FORM=FILE",
    help=f"Write {', '.join(REPORTS)}.",
)
@take_server_flags()
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def mutate(
    *,
    patterns: Sequence[str],
    system: str | None,
    operations: str,
    jobs: int,
    min_noticed: float,
    max_time: float | None,
    random_seed: int | None,
    file: Path | None,
    reports: Mapping[str, Path],
    command: Sequence[str],
    **flags: Any,
) -> None:
    """
    Run COMMAND, your tests, against servers with one mistake each: do they notice?

    It runs with a right server (WATCHWORD_URL) first, alone and then --jobs at a time, to see that it passes and which
    rules it asks, and then once for each mutant of these rules. 'watchword mutants' lists them.

    Exits with 0 if all (or --min-noticed percent) are noticed, 1 if not, 2 if it could not run.
    """
    elapsed = start_timer()
    try:
        with raising_signals() as signals:
            arguments = write_arguments(flags)
            tests = ServedTests(Suite(command, os.environ), arguments, operations)  # noqa: TID251  # the environment
            catalogue = MutantCatalogue(load_api())
            catalogue.require_each(patterns, system=system)
            plan = Plan(
                patterns,
                jobs,
                None if max_time is None else lambda: timedelta(seconds=max_time) - elapsed(),
                random_seed,
                None if file is None else ProgressFile(file, [*arguments, "--", *command]),
                elapsed,
            )
            found = assess(tests, catalogue.find(system=system), catalogue.sentences, plan, _say)
            with writing_reports(reports, lambda form: REPORTS[form](found)):
                for line in tell(found):
                    click.echo(line)
    except (
        CannotAssess,
        CannotReport,
        CannotStart,
        CannotStartCommand,
        NoMutantLike,
        Stopped,
        UnusableProgress,
        WatchwordError,
        OSError,
    ) as error:
        _say(str(error))
        sys.exit(_COULD_NOT_RUN)
    if found.ended:
        sys.exit(signals[0].exit_code)
    sys.exit(0 if found.percent >= min_noticed else _UNNOTICED)


def _say(line: str) -> None:
    write(f"watchword: {line}", error=True)
