"""``watchword test``."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from watchword.cli.flag import Duration
from watchword.cli.report_files import reading_reports
from watchword.contract.bindings import Accepted, Bindings, UnusableBindings, read_bindings
from watchword.contract.bindings_template import write_bindings
from watchword.contract.driver import TargetFailed
from watchword.contract.dry_run import find_problems
from watchword.contract.examination import Examination, judge
from watchword.contract.finding import GRADES
from watchword.contract.http_target import HttpTarget, Wire
from watchword.contract.oracle import private_oracle
from watchword.contract.reports import REPORTS, tell
from watchword.contract.subject import Subject
from watchword.contract.subjects import SUBJECTS
from watchword.contract.walks import walk
from watchword.contract.watchword_target import WatchwordTarget, is_watchword
from watchword.control.errors import ContradictorySettings, NoSuchSystem
from watchword.domain.chance import new_random_seed
from watchword.domain.loopback import is_loopback
from watchword.domain.rule import Grade

_INTERRUPTED = 130
_MOST_SEED = 2**53 - 1
Target = HttpTarget | WatchwordTarget


class CannotRun(click.ClickException):
    """The run could not begin, or not go on; the message says why."""

    exit_code = 2


@click.command()
@click.argument("url", required=False)
@click.option(
    "--system", type=click.Choice(list(SUBJECTS)), required=True, help="The system that the server should be."
)
@click.option(
    "--bindings",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File (TOML) with the server's people and hooks; not needed for another Watchword.",
)
@click.option("--init", is_flag=True, help="Write a bindings file to begin with, every line explained, and stop.")
@click.option("--dry-run", is_flag=True, help="Only log everybody in, and say what is missing.")
@click.option(
    "--level",
    type=click.Choice([one.value for one in GRADES]),
    default=Grade.VERIFIED.value,
    show_default=True,
    help="How sure a rule has to be at least, so that breaking it fails the run.",
)
@click.option("--random-seed", type=click.IntRange(0, _MOST_SEED), help="Repeats the random walks of an earlier run.")
@click.option("--walks", type=click.IntRange(0, 100_000), default=20, show_default=True, help="Random sequences.")
@click.option("--for", "limit", type=Duration(least=1), help="Stop walking when the run has taken so long.")
@click.option(
    "--report",
    multiple=True,
    callback=reading_reports(REPORTS),
    metavar="FORM=FILE",
    help="Write junit, json, md, sarif or html; several with commas.",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON report of an earlier run: what it found is accepted.",
)
@click.option("--max-skipped", type=click.IntRange(0), help="Exit with 4 if more scenarios cannot be played here.")
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

    Scenarios and random walks are played on the server and on a private stand-in in step, and every answer is compared.
    Exits with 0 if the rules are kept, 1 if one is broken, 2 if the run was not possible, 4 with --max-skipped.
    """
    subject = SUBJECTS[system]
    if init:
        click.echo(write_bindings(subject), nl=False)
        return
    if url is None:
        raise click.UsageError("Name the address of the server, or --init.")
    _check_address(url, i_own_this=i_own_this)
    began = time.perf_counter()
    say: Callable[[str], None] = lambda line: click.echo(line, err=True)  # noqa: E731  # progress is not the result
    seed = new_random_seed() if random_seed is None else random_seed
    try:
        bindings = None if file is None else read_bindings(file, subject, os.environ)
        accepted = [*(bindings.accepted if bindings else ()), *_read_baseline(baseline)]
        with (
            _target(url, subject, bindings, token) as target,
            private_oracle(subject, tuned=bindings.settings if bindings else None) as oracle,
        ):
            problems = list(find_problems(oracle, target))
            for problem in problems:
                say(problem)
            if problems:
                raise CannotRun(f"{len(problems)} problems: nothing was tested")
            if dry_run:
                click.echo(
                    f"{len(target.personas)} people are bound; what the server can be made to do: {_abilities(target)}"
                )
                return
            patience = bindings.mail_patience if bindings else timedelta()
            run = Examination(oracle, target, url, Grade(level), accepted, date.today(), patience, say)  # noqa: DTZ011  # the day of the person who accepted
            run.play(subject.tell())
            say(f"{len(run.played)} scenarios, {run.requests} requests; walks begin (--random-seed {seed})")
            elapsed = lambda: timedelta(seconds=time.perf_counter() - began)  # noqa: E731
            walk(
                run,
                walks=walks,
                random_seed=seed,
                elapsed=elapsed,
                limit=None if limit is None else timedelta(seconds=limit),
            )
    except (UnusableBindings, TargetFailed, ContradictorySettings, NoSuchSystem) as error:
        raise CannotRun(str(error)) from None
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    verdict = judge(run)
    for finding in run.findings:
        click.echo("\n".join(tell(run, finding)) + "\n")
    for form, path in report.items():
        path.write_text(REPORTS[form](run, verdict), encoding="utf-8")
    click.echo(verdict.line)
    sys.exit(verdict.exit_code(max_skipped=max_skipped))


def _check_address(url: str, *, i_own_this: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"{url!r} is not an address that begins with http:// or https://.", param_hint="URL")
    if not i_own_this and not is_loopback(parts.hostname):
        raise CannotRun(
            f"{parts.hostname} is not this machine. A test changes passwords and can lock people out:"
            " say --i-own-this if the server is yours."
        )


@contextmanager
def _target(url: str, subject: Subject, bindings: Bindings | None, token: str | None) -> Iterator[Target]:
    target: Target
    if bindings is not None:
        target = bindings.target(url)
    else:
        wire = Wire(url)
        if not is_watchword(wire):
            raise CannotRun(
                f"{url} is no Watchword: say who plays which role with --bindings (--init writes an example)"
            )
        target = WatchwordTarget(wire, f"contract-{new_random_seed():x}", subject, token)
    try:
        yield target
    finally:
        target.close()


def _abilities(target: Target) -> str:
    return ", ".join(sorted(one.value for one in target.abilities)) or "nothing"


def _read_baseline(path: Path | None) -> Sequence[Accepted]:
    import orjson  # noqa: PLC0415  # only with --baseline

    if path is None:
        return ()
    try:
        findings = orjson.loads(path.read_bytes())["findings"]
        return [Accepted(one["fingerprint"], f"in {path.name}", None) for one in findings]
    except (ValueError, KeyError, TypeError):
        raise CannotRun(f"{path} is no JSON report of watchword test") from None
