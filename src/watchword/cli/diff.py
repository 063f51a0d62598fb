"""``watchword diff``."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from watchword.cli.diff_bindings import open_head, read_bound
from watchword.cli.diff_flags import FAILS, Gate, plan_parts, read_consumer_rule, read_gate, read_parts
from watchword.cli.flag import WholeNumber
from watchword.cli.impossible import Impossible
from watchword.cli.input_file import INPUT_FILE
from watchword.cli.output import is_terminal
from watchword.cli.report_files import CannotReport, reading_reports, writing_reports
from watchword.cli.signalled import raising_signals
from watchword.cli.words import Words
from watchword.contract.baseline import UnusableBaseline, read_fingerprints
from watchword.contract.bindings import UnusableBindings
from watchword.contract.driver import TargetFailed
from watchword.contract.progress import Progress
from watchword.contract.run import CannotRun
from watchword.contract.subjects import SUBJECTS
from watchword.domain.chance import MOST_RANDOM_SEED
from watchword.review.behaviour_diff.comparing import Plan
from watchword.review.behaviour_diff.section import compare_answers
from watchword.review.behaviour_diff.served import NotPlayable
from watchword.review.difference import Comparison, Part, Section
from watchword.review.difference_reports import REPORTS, as_annotations, as_text
from watchword.review.document_diff.section import compare_sides
from watchword.review.level import Level
from watchword.review.sides import CURRENT, FORMS, Side, UnusableSide, opened
from watchword.review.use_diff.consumers import Rule, UnusableRule, find_consumers
from watchword.review.use_diff.journals import UnusableJournal, read_journal
from watchword.review.use_diff.section import compare_use
from watchword.review.use_diff.state import read_state

Compare = Callable[[Side, Side], Section]
_IMPOSSIBLE = (
    UnusableSide,
    UnusableBaseline,
    UnusableBindings,
    UnusableJournal,
    UnusableRule,
    CannotReport,
    CannotRun,
    NotPlayable,
    TargetFailed,
)
"""Why nothing is compared."""


@click.command()
@click.argument("sides", nargs=-1, metavar="[BASE] [HEAD]")
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=INPUT_FILE,
    help="Overlay that is applied to HEAD; several are applied in order. Without HEAD, it is BASE with them.",
)
@click.option(
    "--report",
    cls=Words,
    callback=reading_reports(REPORTS),
    metavar="FORM=FILE",
    help="Write json, md, html or sarif.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
    help="For people, or as annotations of a GitHub workflow.",
)
@click.option("--all", "everything", is_flag=True, help="List what is harmless, too.")
@click.option(
    "--fail-on",
    cls=Words,
    callback=read_gate,
    default=[Level.BREAKING.value],
    show_default=True,
    metavar="|".join(FAILS),
    help="Exit with 1 if anything matters so much or more, if any answer differs, or if a consumer notices.",
)
@click.option(
    "--only",
    cls=Words,
    callback=read_parts,
    metavar="|".join(Part),
    help="Compare nothing else. All that can be had if left out.",
)
@click.option(
    "--journal",
    "journals",
    multiple=True,
    type=INPUT_FILE,
    help="Requests of a consumer, as --journal-file of exec and serve writes them: which would be refused, or answered"
    " otherwise? One of each consumer, repeatable.",
)
@click.option(
    "--consumer-by",
    callback=read_consumer_rule,
    default="file",
    show_default=True,
    metavar="RULE",
    help="How consumers are told apart: file (its name up to the first dot), header:NAME, sandbox (its name up to the"
    " first hyphen) or sandbox:PATTERN (what a regular expression finds, or its first group).",
)
@click.option(
    "--walks",
    type=WholeNumber(0, 100_000),
    default=20,
    show_default=True,
    help="Random sequences that are played on each system, besides all scenarios.",
)
@click.option(
    "--random-seed",
    type=WholeNumber(0, MOST_RANDOM_SEED),
    default=0,
    show_default=True,
    help="Which random sequences are played: every run plays the same ones, another number plays others.",
)
@click.option(
    "--token",
    envvar="WATCHWORD_ADMIN_TOKEN",
    show_envvar=True,
    help="The --admin-token of running Watchwords: a sandbox of its own is made there.",
)
@click.option(
    "--bindings",
    "file",
    type=INPUT_FILE,
    help="File (TOML) with the people and hooks of HEAD, a server that is no Watchword, as 'watchword test' takes it"
    " (its --init writes an example): how HEAD answers is compared, too.",
)
@click.option("--system", type=click.Choice(list(SUBJECTS)), help="With --bindings: the system that HEAD should be.")
@click.option("--i-own-this", is_flag=True, help="With --bindings: HEAD may be on another machine.")
@click.option(
    "--baseline",
    type=INPUT_FILE,
    help="JSON report of an earlier run: what it found is accepted.",
)
def diff(  # noqa: PLR0917  # click gives them by name
    sides: tuple[str, ...],
    overlays: tuple[Path, ...],
    report: Mapping[str, Path],
    form: str,
    fail_on: Gate,
    only: frozenset[Part] | None,
    journals: tuple[Path, ...],
    consumer_by: Rule,
    walks: int,
    random_seed: int,
    token: str | None,
    file: Path | None,
    system: str | None,
    baseline: Path | None,
    *,
    i_own_this: bool,
    everything: bool,
) -> None:
    """
    Compare two sides: what does HEAD break for clients of BASE?

    \b
    A side is one of
      FILE              an OpenAPI document, in YAML or JSON
      FILE+OVERLAY      a document with an overlay, and the settings that it
                        carries; more with further plus signs
      +OVERLAY          what this version serves, with an overlay
      current           what this version serves
      zitadel:PROFILE   what this version serves, with a profile of ZITADEL
      git:REV           openapi/openapi.yaml of a git revision
      REV:FILE          another file of a git revision
      http://…          a running server, or its document

    With one side that is HEAD, and BASE is what this version serves; with one side and --overlay that is BASE.

    Every difference is breaking, risky or harmless. HEAD may accept more requests than BASE, and promise more about its
    answers; a request that it no longer accepts, or an answer that was not possible before, can break a client.

    How the sides answer is found by playing all scenarios and random walks of the imitated systems on both, where
    these can differ; every answer that does is told with the rule, the setting or the place in the document that makes
    it so. With --bindings, HEAD can be any server of yours: then it is told with the rule that BASE keeps.

    Exits with 0 if there is nothing that --fail-on forbids, 1 if there is, 2 if the sides cannot be compared.
    """  # \b is click's
    base, head = _chosen(sides, overlays)
    wanted = plan_parts(only, fail_on, has_journal=bool(journals))
    try:
        with raising_signals():  # whatever ends the run, HEAD is put back
            bound = read_bound(head, overlays, file=file, system=system, is_owned=i_own_this)
            plan = Plan(walks, random_seed, token=token, progress=Progress(_say), bound=bound)
            known = _accepted(baseline)
            parts = _parts(plan, journals, consumer_by)
            with ExitStack() as stack:
                before = stack.enter_context(opened(base))
                after = open_head(stack, head, overlays, wanted, base=before, is_bound=bound is not None)
                sections = tuple(parts[part](before, after) for part in Part if part in wanted)
                comparison = Comparison(_shown(before, ()), _shown(after, overlays), sections).accept(known)
            write = as_annotations if form == "github" else as_text
            with writing_reports(report, lambda name: REPORTS[name](comparison)):
                click.echo(write(comparison, everything=everything), nl=False)
    except _IMPOSSIBLE as error:
        raise Impossible(str(error)) from None
    if unanswered := fail_on.unanswered(comparison):
        raise Impossible(unanswered)
    sys.exit(int(fail_on.is_closed(comparison)))


def _accepted(baseline: Path | None) -> Mapping[str, str]:
    """
    Read what is accepted, and why, by fingerprint.

    Raises:
        UnusableBaseline: It is no report of an earlier run.
    """
    return {} if baseline is None else dict.fromkeys(read_fingerprints(baseline, "diff"), f"in {baseline.name}")


def _parts(plan: Plan, journals: Sequence[Path], consumer_by: Rule) -> Mapping[Part, Compare]:
    """
    Find what can be compared; each makes a section of the report.

    Raises:
        UnusableJournal: One cannot be read.
        UnusableRule: It names the consumer of no request.
    """
    parts: dict[Part, Compare] = {Part.DOCUMENT: compare_sides, Part.BEHAVIOUR: partial(compare_answers, plan=plan)}
    if journals:
        consumers = find_consumers({one: read_journal(one) for one in journals}, consumer_by)
        parts[Part.CONSUMERS] = partial(
            compare_use, consumers=consumers, state_of=partial(read_state, token=plan.token), progress=plan.progress
        )
    return parts


def _say(line: str) -> None:
    """Say how far a comparison is, to people who wait for it."""
    if is_terminal(sys.stderr):
        click.echo(line, err=True)  # progress is not the result


def _chosen(sides: Sequence[str], overlays: Sequence[Path]) -> tuple[str, str]:
    """
    Find out which side is which.

    Raises:
        click.UsageError: There are too many, or too few.
    """
    match list(sides), bool(overlays):
        case [base, head], _:
            return base, head
        case [base], True:
            return base, base
        case [head], False:
            return CURRENT, head
        case [], True:
            return CURRENT, CURRENT
        case [], False:
            raise click.UsageError(f"Name what is proposed: HEAD, or --overlay FILE. A side is {FORMS}.")
    raise click.UsageError(f"There are {len(sides)} sides, but two can be compared: BASE and HEAD.")


def _shown(side: Side, overlays: Sequence[Path]) -> str:
    return "+".join((side.name, *map(str, overlays)))
