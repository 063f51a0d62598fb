"""One test of one server, from the first question to the last walk."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from watchword.contract.accepted import Accepted
from watchword.contract.address import UnusableAddress, read_base_address
from watchword.contract.bindings import Bindings, UnusableBindings
from watchword.contract.by_document import ask_by_document
from watchword.contract.driver import Ability, TargetFailed
from watchword.contract.dry_run import find_problems
from watchword.contract.examination import Examination, TimeLeft, always
from watchword.contract.http_target import HttpTarget
from watchword.contract.in_step import Leader
from watchword.contract.obstacles import lacking
from watchword.contract.oracle import private_oracle
from watchword.contract.progress import Say
from watchword.contract.races import run_races
from watchword.contract.subject import Subject
from watchword.contract.walks import walk
from watchword.contract.watchword_target import Kind, WatchwordTarget, recognise
from watchword.contract.wire import Wire
from watchword.contract.wires import compare_wires
from watchword.control.errors import ContradictorySettings, NoSuchSystem
from watchword.domain.chance import new_random_seed
from watchword.domain.clock import start_timer
from watchword.domain.loopback import is_loopback
from watchword.domain.rule import Grade

Target = HttpTarget | WatchwordTarget
Lead = Callable[[Mapping[str, Any]], AbstractContextManager[Leader]]
"""Makes the server that answers first, set as a JSON merge patch says."""


class CannotRun(Exception):
    """The run could not begin; the message says why."""


@dataclass(frozen=True)
class Assignment:
    """
    What to test, and how.

    Args:
        bindings: None for another Watchword.
        token: The admin token of another Watchword; None if it has none.
        is_owned: Whether the server may be on another machine.
        owning: What the owner of such a server has to say, for the message to whoever has not said it.
        level: Findings of this grade and of surer ones fail the run.
        accepted: Differences that somebody lives with, besides those of the bindings.
        today: For those that are accepted until a day.
        wires: How many scenarios are played over each other protocol of the system.
        document_requests: How many each operation gets that only the document knows.
        limit: No scenario, race, operation of the document or walk begins later than this; None for all of them.
    """

    url: str
    subject: Subject
    bindings: Bindings | None = None
    token: str | None = field(default=None, repr=False)
    is_owned: bool = False
    owning: str = "--i-own-this"
    level: Grade = Grade.VERIFIED
    accepted: Sequence[Accepted] = ()
    today: date = date.max
    wires: int = 20
    document_requests: int = 10
    walks: int = 20
    random_seed: int = 0
    limit: timedelta | None = None


@dataclass(frozen=True)
class Readiness:
    """
    A server on which a run can begin: who is bound, and what it can be made to do.

    Args:
        lacks: What is not there, and how many scenarios and races cannot be played without it; the dearest first.
    """

    people: int
    abilities: frozenset[Ability]
    lacks: Mapping[str, int]


def make_ready(assignment: Assignment, say: Say) -> Readiness:
    """
    Log everybody in, try the hooks, and stop.

    Raises:
        CannotRun: A run could not begin.
    """
    with beginning(assignment, say) as examination:
        _refuse_problems(examination)
        return Readiness(
            len(examination.target.personas), examination.target.abilities, _costs(examination, assignment.subject)
        )


def _costs(examination: Examination, subject: Subject) -> Mapping[str, int]:
    """Count the scenarios and races that cannot be played without something; the dearest first."""
    costs: Counter[str] = Counter()
    told = [(one, 0) for one in subject.tell()]
    told += [(one.scenario, one.failed_log_ins) for one in subject.tell_races()]
    for scenario, failed_log_ins in told:
        lacking = {one.without for one in examination.obstacles(scenario, failed_log_ins=failed_log_ins)}
        if not lacking:
            examination.use(scenario)
        costs.update(lacking)
    return dict(costs.most_common())


def run(assignment: Assignment, say: Say) -> Examination:
    """
    Test a server.

    A server that is lost on the way, and somebody who interrupts, end the run early (`Examination.ended`).

    Args:
        say: Is told what happens.

    Raises:
        CannotRun: The run could not begin.
    """
    time_left = _timer(assignment.limit)
    scenarios, races = assignment.subject.tell(), assignment.subject.tell_races()
    planned = [*scenarios, *(one.scenario for one in races)]
    with beginning(assignment, say) as examination:
        _refuse_problems(examination)
        try:
            examination.planned = len(planned)
            examination.play(scenarios, time_left=time_left)
            run_races(examination, races, time_left=time_left)
            _draw(assignment, examination, time_left)
            examination.settle()
            examination.say_useless()
        except TargetFailed as error:
            examination.end(str(error), planned)
        except KeyboardInterrupt as interrupt:
            examination.interrupt(str(interrupt), planned)
    return examination


def _timer(limit: timedelta | None) -> TimeLeft:
    """Begin to count the time of a run."""
    if limit is None:
        return always
    elapsed = start_timer()
    return lambda: elapsed() < limit


def _draw(assignment: Assignment, examination: Examination, time_left: TimeLeft) -> None:
    """Send what is drawn at random: scenarios over other protocols, requests that the document allows, and walks."""
    compare_wires(examination, scenarios=assignment.wires, random_seed=assignment.random_seed, time_left=time_left)
    ask_by_document(
        examination,
        requests=assignment.document_requests,
        random_seed=assignment.random_seed,
        time_left=time_left,
    )
    if examination.unasked:
        examination.say(f"no requests from the document: {examination.unasked}")
    examination.say(f"{_counted(examination)}; {_walks(assignment, examination)}")
    walk(examination, walks=assignment.walks, random_seed=assignment.random_seed, time_left=time_left)


def _counted(examination: Examination) -> str:
    """Say how much was played."""
    played = sum(not one.skipped for one in examination.played)
    requests = f"{examination.requests} request{'' if examination.requests == 1 else 's'}"
    return f"{played} of {len(examination.played)} scenarios and races, {requests}"


def _walks(assignment: Assignment, examination: Examination) -> str:
    """Say that walks begin, or why there are none."""
    if Ability.RESET not in examination.target.abilities:
        return f"no walks: {lacking(Ability.RESET).reason}"
    return f"walks begin (--random-seed {assignment.random_seed})" if assignment.walks else "no walks: --walks 0"


@contextmanager
def beginning(assignment: Assignment, say: Say, lead: Lead | None = None) -> Iterator[Examination]:
    """
    Make the stand-in, reach the server, and begin with nothing.

    Args:
        say: Is told what happens.
        lead: Makes what stands in, if it is not what this version serves.

    Raises:
        CannotRun: That is not possible.
    """
    _check_address(assignment)
    bindings = assignment.bindings
    tuned = bindings.settings if bindings else {}
    make = lead or partial(private_oracle, assignment.subject, None)
    try:
        with _target(assignment) as target, make(tuned) as oracle:
            yield Examination(
                oracle,
                target,
                assignment.url,
                assignment.level,
                [*(bindings.accepted if bindings else ()), *assignment.accepted],
                assignment.today,
                bindings.mail_patience if bindings else timedelta(),
                say,
                bindings_file=bindings.file if bindings else "",
                is_owned=assignment.is_owned,
            )
    except (UnusableBindings, TargetFailed, ContradictorySettings, NoSuchSystem) as error:
        raise CannotRun(str(error)) from None


def _refuse_problems(examination: Examination) -> None:
    problems = list(find_problems(examination.oracle, examination.target))
    for problem in problems:
        examination.say(problem)
    if problems:
        raise CannotRun(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}: nothing was tested")


def _check_address(assignment: Assignment) -> None:
    try:
        parts = read_base_address(assignment.url)
    except UnusableAddress as error:
        raise CannotRun(f"the address of the server {error}") from None
    if assignment.bindings is None and any(one.startswith("~") for one in parts.path.split("/")):
        raise CannotRun(
            "the address of the server names a sandbox, and a run makes one of its own: leave out /~ and its name"
        )
    if not assignment.is_owned and not is_loopback(parts.hostname or ""):
        raise CannotRun(
            f"{parts.hostname} is not this machine. A test changes passwords and can lock people out:"
            f" say {assignment.owning} if the server is yours"
        )


@contextmanager
def _target(assignment: Assignment) -> Iterator[Target]:
    target = _reach_watchword(assignment) if assignment.bindings is None else assignment.bindings.target(assignment.url)
    try:
        yield target
    finally:
        with suppress(TargetFailed):  # a server that is lost has nothing to clean up
            target.close()


def _reach_watchword(assignment: Assignment) -> WatchwordTarget:
    with ExitStack() as stack:
        wire = stack.enter_context(closing(Wire(assignment.url)))
        wire.reach()
        target = _as_watchword(assignment, wire)
        stack.pop_all()
    return target


def _as_watchword(assignment: Assignment, wire: Wire) -> WatchwordTarget:
    kind = recognise(wire)
    if kind is Kind.FOREIGN:
        raise CannotRun(
            f"{assignment.url} is not a Watchword: say who plays which role with --bindings (--init writes an example)"
        )
    if kind is Kind.GUARDED and not assignment.token:
        raise CannotRun(f"{assignment.url} has an admin token: give it with --token or WATCHWORD_ADMIN_TOKEN")
    token = assignment.token if kind is Kind.GUARDED else None
    return WatchwordTarget(wire, f"contract-{new_random_seed():x}", assignment.subject, token)
