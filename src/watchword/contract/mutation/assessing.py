"""How mutants are tried: the tests on a right server first, then one mutant after the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any, Protocol

from watchword.contract.mutation.at_a_time import do_all
from watchword.contract.mutation.choice import Choice, choose, draw_order
from watchword.contract.mutation.effort import Effort, estimate
from watchword.contract.mutation.progress_file import ProgressFile
from watchword.contract.mutation.trials import Assessment, Trial, Verdict
from watchword.control.mutants import ListedMutant
from watchword.domain.chance import new_random_seed
from watchword.domain.clock import Elapsed, start_timer

_PATIENCE_TIMES, _PATIENCE = 4, timedelta(seconds=5)
_INTERRUPTED = "somebody interrupted it"


class CannotAssess(Exception):
    """The tests say nothing about mutants; the message says why."""


@dataclass(frozen=True)
class TestRun:
    """
    How the tests ended.

    Args:
        passed: None if they took too long, and were ended.
        told: Why they failed, for people.
        coverage: What they have reached, as the control API writes it; of the operations that count.
    """

    passed: bool | None
    seconds: float
    told: str = field(default="", repr=False)
    coverage: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Tests(Protocol):
    """A team's tests, each time with a server of their own."""

    def run(self, mutant: str | None, *, limit: timedelta | None = None) -> TestRun:
        """
        Run them against a server with a mutant; None for a right server, after which their coverage is known.

        Args:
            limit: How long they may take.
        """

    def prepare(self, mutant: str | None) -> None:
        """Make the server of a run to come ready, while others go on."""

    def stop(self) -> None:
        """End all runs, and the servers that no run has used."""


@dataclass(frozen=True)
class Plan:
    """
    What is to be tried.

    Args:
        patterns: Which mutants are wanted, by the beginnings of their ids or with stars; empty for all.
        jobs: How many runs at a time; on a right server, too.
        time_left: Tells how long is left; None if there is no limit. With one, mutants are drawn.
        random_seed: Of the draw; None for another one each time.
        progress: Where a run that was stopped goes on.
        elapsed: How long it has taken so far.
    """

    patterns: Sequence[str] = ()
    jobs: int = 1
    time_left: Callable[[], timedelta] | None = None
    random_seed: int | None = None
    progress: ProgressFile | None = None
    elapsed: Elapsed = field(default_factory=start_timer)


def assess(
    tests: Tests,
    mutants: Iterable[ListedMutant],
    sentences: Mapping[str, str],
    plan: Plan,
    say: Callable[[str], None],
) -> Assessment:
    """
    Find out which mutants the tests notice.

    Args:
        sentences: What holds, by the id of a rule or an operation.
        say: Is told how far it is.

    Raises:
        CannotAssess: The tests fail on a right server, or ask none of the rules; or the time was over before anything
            was tried.
        UnusableProgress: The plan's file cannot be used.
        OSError: It cannot be written.
        KeyboardInterrupt: Somebody ended it before anything was tried; later, the assessment says so (`ended`).
    """
    try:
        return _assess(tests, tuple(mutants), sentences, plan, say)
    finally:
        tests.stop()


def _tell_no_choice(coverage: Mapping[str, Any]) -> str:
    """Say why no mutant can be tried, by what the tests have reached on a right server."""
    if any(one["requests"] for one in coverage["operations"]):
        return "the tests ask none of the rules that these mutants break: nothing was tried"
    told = "the tests called no operation of these mutants: nothing was tried"
    return f"{told}. Do they take the address of the server from WATCHWORD_URL?"


def _assess(
    tests: Tests,
    wanted: Sequence[ListedMutant],
    sentences: Mapping[str, str],
    plan: Plan,
    say: Callable[[str], None],
) -> Assessment:
    known = plan.progress.read(wanted) if plan.progress else {}
    began = plan.elapsed()
    right = _prove(tests, plan.jobs, say)
    with_server = (plan.elapsed() - began) / 2  # alone, and then all at a time: each time servers start, too
    choice = choose(wanted, right[-1].coverage, plan.patterns)
    if not choice.tried:
        raise CannotAssess(_tell_no_choice(right[-1].coverage))
    chosen, seed = choice.tried, plan.random_seed
    if plan.time_left is not None:
        seed = new_random_seed() if seed is None else seed
        chosen = draw_order(chosen, seed)
    say(_announce(choice))
    trials = {one.mutant.id: known[one.mutant.id] for one in chosen if one.mutant.id in known}
    if trials:
        say(f"{len(trials)} of them were tried before")
    limit = timedelta(seconds=_PATIENCE_TIMES * max(one.seconds for one in right)) + _PATIENCE

    def attempt(number: int) -> Trial:
        one = left[number]
        if number + plan.jobs < len(left) and goes_on():
            tests.prepare(left[number + plan.jobs].mutant.id)
        run = tests.run(one.mutant.id, limit=limit)
        verdict = {None: Verdict.HUNG, True: Verdict.UNNOTICED, False: Verdict.NOTICED}[run.passed]
        return Trial(one, verdict, run.seconds)

    def note(trial: Trial) -> None:
        trials[trial.listed.mutant.id] = trial
        if plan.progress:
            plan.progress.write(trials.values())
        say(f"[{len(trials)}/{len(chosen)}] {trial.verdict:9}  {trial.listed.mutant.id} ({trial.seconds:.1f} s)")

    def usual() -> timedelta:
        """Tell how long most runs take."""
        seconds = [*(one.seconds for one in right), *(one.seconds for one in list(trials.values()))]
        return timedelta(seconds=median(seconds))

    def goes_on() -> bool:
        """Whether there is time for another run, if it takes as long as most."""
        return plan.time_left is None or plan.time_left() > usual()

    left = [one for one in chosen if one.mutant.id not in trials]
    time_left = None if plan.time_left is None else plan.time_left()
    say(estimate(len(left), max(usual(), with_server), jobs=plan.jobs, time_left=time_left))
    before, ended = len(trials), ""
    try:
        do_all(range(len(left)), attempt, note, jobs=plan.jobs, stop=tests.stop, goes_on=goes_on)
    except KeyboardInterrupt as interrupt:
        if not trials:
            raise
        ended = str(interrupt) or _INTERRUPTED
    if not trials:
        raise CannotAssess("the time was over before a mutant was tried: give --max-time more")
    found = [*trials.values(), *(Trial(one, Verdict.UNREACHED) for one in choice.unreached)]
    return Assessment(
        trials=tuple(sorted(found, key=lambda one: one.listed.mutant.id)),
        untried=len(chosen) - len(trials),
        unasked=choice.unasked,
        sentences=sentences,
        effort=Effort(timedelta(seconds=right[0].seconds), len(right) + len(trials) - before, plan.elapsed()),
        random_seed=None if plan.time_left is None else seed,
        ended=ended,
    )


def _prove(tests: Tests, jobs: int, say: Callable[[str], None]) -> list[TestRun]:
    """
    Run the tests on right servers, alone and then as mutants are tried.

    What they say of a wrong one means nothing unless they pass, also beside each other.
    """
    tests.prepare(None)  # for the second
    alone = tests.run(None)
    if not alone.passed:
        raise CannotAssess(
            f"the tests fail on a right server, so nothing was tried. This is how they ended:\n{alone.told}"
        )
    found = [alone]
    again = "once more" if jobs == 1 else f"now {jobs} at a time"
    say(f"the tests pass on a right server ({alone.seconds:.1f} s); {again}, to see that they always do")

    def note(run: TestRun) -> None:
        if not run.passed:
            raise CannotAssess(f"{_tell_flaky(jobs)}. Nothing was tried. This is how they ended:\n{run.told}")
        found.append(run)

    do_all(range(jobs), lambda _: tests.run(None), note, jobs=jobs, stop=tests.stop)
    return found


def _tell_flaky(jobs: int) -> str:
    if jobs == 1:
        return "The tests are flaky: they pass on a right server, and fail on it"
    return f"The tests pass alone and fail {jobs} at a time: use --jobs 1, or they are flaky"


def _announce(choice: Choice) -> str:
    tried = len(choice.tried)
    return (
        f"{tried} {'mutant' if tried == 1 else 'mutants'} of what the tests ask;"
        f" {len(choice.unreached)} more change refusals of rules that never refused,"
        f" {choice.unasked} are of rules that they do not ask"
    )
