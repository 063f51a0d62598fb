"""
Random sequences on both servers in step.

Hypothesis draws them. It could make them shorter too, but it plays a sequence hundreds of times for that, and every
time is a reset and some dozens of requests of a server; steps are values, so leaving some out is enough.
"""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from watchword.contract.driver import Ability, Driver, TargetFailed
from watchword.contract.examination import TimeLeft, always
from watchword.contract.in_step import Deviation, InStep, Leader, Unplayable
from watchword.contract.obstacles import lacking
from watchword.contract.shortening import shorten
from watchword.contract.steps import Call, Step

_MOST_STEPS = 12
"""Of a walk; each is up to four things that somebody does."""


class Found(Protocol):
    """What a difference means."""

    @property
    def fingerprint(self) -> str:
        """The same for the same difference."""


F = TypeVar("F", bound=Found)


class Walker(Protocol[F]):
    """
    Two servers that are walked on in step, and what was found: an `Examination`, or a comparison of another kind.

    Attributes:
        walks: How many sequences were begun by walks.
        unwalkable: Why there are none; empty if there are.
    """

    walks: int
    unwalkable: str

    @property
    def oracle(self) -> Leader:
        """The one that answers first."""

    @property
    def target(self) -> Driver:
        """The other one."""

    def begin(self) -> InStep:
        """Put both back, and begin a sequence."""

    def is_absent(self, operation: str) -> bool:
        """Whether an operation is not called, by the part of its id after the dot."""

    def make_finding(self, deviation: Deviation, steps: Sequence[Step]) -> F:
        """Say what a deviation from *steps* means."""

    def find_in_sequence(self, finding: F) -> None:
        """Note what a sequence has shown, or hold it back until more is known."""

    def tell_held_back(self) -> None:
        """Note what was held back, after the last walk."""

    def knows(self, finding: F) -> bool:
        """Whether a finding is known already, or held back."""

    def lose_walk(self, error: TargetFailed, steps: Sequence[Step]) -> None:
        """
        Go on after the last of *steps* was not answered, or after a server could not be put back.

        Raises:
            TargetFailed: No other walk would be better.
        """


class _Differs(Exception, Generic[F]):  # what Hypothesis looks for
    """A sequence differs in a way that is not known yet."""

    def __init__(self, steps: Sequence[Step], finding: F) -> None:
        super().__init__(finding.fingerprint)
        self.steps, self.finding = steps, finding


def walk(examination: Walker[F], *, walks: int, random_seed: int, time_left: TimeLeft = always) -> None:
    """
    Play random walks, until there were so many or the time is over.

    Every difference is reported once, with a short sequence that shows it.

    Args:
        time_left: Whether another one may begin.

    Raises:
        TargetFailed: The server cannot be reached, or a hook does not work.
    """
    examination.unwalkable = "" if Ability.RESET in examination.target.abilities else lacking(Ability.RESET).reason
    if examination.unwalkable:
        return
    try:
        _walk(examination, walks, random_seed, time_left)
    finally:
        examination.tell_held_back()


def _walk(examination: Walker[F], walks: int, random_seed: int, time_left: TimeLeft) -> None:
    for number in range(walks):
        if examination.walks >= walks or not time_left():
            return
        try:
            _search(examination, walks - examination.walks, random_seed + number, time_left)
        except _Differs as found:
            try:
                examination.find_in_sequence(_shortest(examination, found))
            except (TargetFailed, KeyboardInterrupt):
                examination.find_in_sequence(found.finding)
                raise
        else:
            return


def _search(examination: Walker[F], walks: int, random_seed: int, time_left: TimeLeft) -> None:
    """
    Look for a difference that is not known yet.

    Raises:
        _Differs: There is one.
        TargetFailed: The server is gone, or a hook does not work.
    """
    from hypothesis import HealthCheck, Phase, Verbosity, seed, settings  # noqa: PLC0415  # only walks need it
    from hypothesis import strategies as st  # noqa: PLC0415
    from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test  # noqa: PLC0415

    found: list[_Differs[F] | TargetFailed] = []  # Hypothesis would play a sequence again that raises
    abilities = examination.target.abilities
    steps = examination.oracle.subject.walk_steps(
        frozenset(examination.target.personas),
        clock=Ability.CLOCK in abilities,
        codes=Ability.CODES in abilities,
    )

    class Walk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.walked: list[Step] = []
            self.over = bool(found) or not time_left()
            if not self.over:
                self.begin()

        def begin(self) -> None:
            try:
                self.both: InStep = examination.begin()
            except TargetFailed as error:
                self.lose(error)
            else:
                examination.walks += 1

        def lose(self, error: TargetFailed) -> None:
            self.over = True
            try:
                examination.lose_walk(error, self.walked)
            except TargetFailed:
                found.append(error)

        @rule(taken=st.lists(steps, min_size=1, max_size=4))
        def go_on(self, taken: list[tuple[Step, ...]]) -> None:
            for step in (step for one in taken for step in one):
                if self.over:
                    return
                if isinstance(step, Call) and examination.is_absent(step.operation.partition(".")[2]):
                    continue
                self.walked.append(step)
                try:
                    deviation = self.both.take(step)
                except Unplayable:
                    self.over = True
                    return
                except TargetFailed as error:
                    self.lose(error)
                    return
                if deviation is not None:
                    self.over = True
                    finding = examination.make_finding(deviation, self.walked)
                    if not examination.knows(finding):
                        found.append(_Differs(tuple(self.walked), finding))

    run_state_machine_as_test(
        seed(random_seed)(Walk),
        settings=settings(
            max_examples=walks,
            stateful_step_count=_MOST_STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    if found:
        raise found[0]


def _shortest(examination: Walker[F], found: _Differs[F]) -> F:
    """Shorten the sequence of a finding; a server that does not repeat itself keeps the long one."""
    newest = found.finding

    def differs(steps: Sequence[Step]) -> bool:
        nonlocal newest
        try:
            deviation = examination.begin().play(steps)
        except Unplayable:
            return False
        except TargetFailed as error:
            examination.lose_walk(error, steps)
            return False
        if deviation is None:
            return False
        finding = examination.make_finding(deviation, steps[: deviation.step + 1])
        if finding.fingerprint != found.finding.fingerprint:
            return False
        newest = finding
        return True

    shorten(found.steps, differs)
    return newest
