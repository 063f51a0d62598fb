"""One system on both sides in step: what was played, and every answer that differed."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from watchword.contract.comparison import Difference
from watchword.contract.driver import Driver, Mail, Reply, TargetFailed
from watchword.contract.in_step import Deviation, InStep, Leader, Unplayable
from watchword.contract.lane import SUCCESS
from watchword.contract.oracle import Decided
from watchword.contract.progress import Progress
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Step
from watchword.contract.watchword_target import Refused
from watchword.control.errors import ControlError
from watchword.review.behaviour_diff.servers import Player

_ENDING = ("status", "code", "mails", "value", "answer")
_STABLE = ("status", "code", "mails")
"""Places at which the words of a difference say what differs; elsewhere they may hold moments and counts."""


@dataclass(frozen=True)
class Observation:
    """
    An answer that differed once.

    Args:
        scenario: None for a walk.
        steps: Up to the one that was answered otherwise.
        operation: The id of the operation that was called last.
        base, head: What decided on the sides.
        replies: Of BASE and of HEAD; None if the difference is in no answer.
    """

    scenario: Scenario | None
    steps: tuple[Step, ...]
    operation: str
    difference: Difference
    base: Decided
    head: Decided
    replies: tuple[Reply, Reply] | None

    @property
    def successes(self) -> tuple[bool, bool]:
        """Whether BASE and HEAD did what was asked."""
        if self.replies is None:
            return False, False
        base, head = self.replies
        return base.status in SUCCESS, head.status in SUCCESS

    @property
    def fingerprint(self) -> str:
        """The same for answers that differ in the same way, for the same reason as far as that is known."""
        return "\0".join((self.operation, *self.words, self.base.id, self.head.id))

    @property
    def words(self) -> tuple[str, ...]:
        """What differs, the same in every run."""
        return words_of(self.difference)


def tell_played(scenarios: Mapping[str, int], walks: int, random_seed: int) -> str:
    """Say how much was played: how many scenarios of each system, and random walks."""
    counted = ", ".join(f"{system} {number}" for system, number in scenarios.items())
    drawn = f" and {walks} random walks (--random-seed {random_seed})" if walks else ""
    return f"Played on both sides: scenarios ({counted}){drawn}; what none of them asks was not seen."


def words_of(difference: Difference) -> tuple[str, ...]:
    """Say what differs, the same in every run."""
    stable = difference.place in _STABLE or difference.is_form
    return (difference.place, *((difference.should, difference.was) if stable else ()))


def is_ending(difference: Difference) -> bool:
    """Whether a difference is of what a side did, and not only of what it says."""
    return difference.place in _ENDING


def _ends(deviation: Deviation) -> bool:
    """
    Whether a sequence has nothing more to say after a difference, because one side did something else.

    Where both refuse, neither did what was asked: the rest shows what follows, such as a lock.
    """
    both_refuse = deviation.answers is not None and all(one.status not in SUCCESS for one in deviation.answers)
    return is_ending(deviation.difference) and not both_refuse


class Playing:
    """
    One system on both sides.

    Args:
        absent: Whether an operation is not called, by its id.
        gone: The ids of operations that HEAD does not have: they are called, and end a sequence.
        words: What a mail has to say alike.
        progress: Is told how far it is.

    Attributes:
        doing: What is done at present, for people.
        findings: The answers that differed, each time that they did.
        kept: The ids of rules that a scenario proves in which no answer differed.
        scenarios: Those that were played.
        cut: How many of them end early, because an operation is not on both sides.
        walks, unwalkable: As of `Walker`.
    """

    def __init__(
        self,
        base: Player,
        head: Player,
        *,
        absent: Callable[[str], bool],
        gone: Collection[str],
        words: Callable[[Mail], str],
        progress: Progress,
    ) -> None:
        self.base, self.head, self._absent, self._gone, self._words = base, head, absent, gone, words
        self._progress, self.doing = progress, "the beginning"
        self.findings: list[Observation] = []
        self.kept: set[str] = set()
        self.scenarios: list[Scenario] = []
        self.cut, self.walks = 0, 0
        self.unwalkable = ""

    @property
    def oracle(self) -> Leader:
        """BASE."""
        return self.base.leader

    @property
    def target(self) -> Driver:
        """HEAD."""
        return self.head.driver

    def play(self, scenarios: Sequence[Scenario]) -> None:
        """
        Play scenarios, each as far as its operations are on both sides.

        Raises:
            TargetFailed: A side cannot be reached.
        """
        for number, scenario in enumerate(scenarios, 1):
            self.doing = f"scenario {number} of {len(scenarios)}"
            steps = tuple(self._playable(scenario.steps))
            self.cut += len(steps) < len(scenario.steps)
            self.scenarios.append(scenario)
            self._play(scenario, steps)

    def _play(self, scenario: Scenario, steps: Sequence[Step]) -> None:
        soft: list[Observation] = []

        def accepts(deviation: Deviation, taken: Sequence[Step]) -> bool:
            if _ends(deviation):
                return False
            soft.append(self._observe(deviation, taken, scenario))
            return True

        try:
            deviation = self._begin(accepts).play(steps)
        except Unplayable:
            deviation = None
        for one in soft:
            self._note(one)
        if deviation is None and not soft and len(steps) == len(scenario.steps):
            self.kept.update(scenario.proves)
        if deviation is not None and not (soft and deviation.difference.place == "value"):
            self._note(self._observe(deviation, steps, scenario))

    def _note(self, observed: Observation) -> None:
        """Note an answer that differs; one is enough of an operation that is gone, and a success says most."""
        known = next((place for place, one in enumerate(self.findings) if one.operation == observed.operation), None)
        if known is None or observed.operation not in self._gone:
            self.findings.append(observed)
        elif observed.successes > self.findings[known].successes:
            self.findings[known] = observed

    def again(self, steps: Sequence[Step], prepare: Callable[[Player], None]) -> Sequence[Difference] | None:
        """
        Play steps once more.

        Args:
            prepare: Changes HEAD before the first.

        Returns:
            In what the answers to the last one differ; None if it is not reached, or HEAD cannot be changed so.

        Raises:
            Unplayable: They cannot be played.
            TargetFailed: A side cannot be reached.
        """
        met: list[Deviation] = []

        def accepts(deviation: Deviation, _taken: Sequence[Step]) -> bool:
            met.append(deviation)
            return not _ends(deviation)

        in_step = self._begin(accepts)
        try:
            prepare(self.head)
        except (ControlError, Refused):
            return None  # with what HEAD has besides, it contradicts itself
        deviation = in_step.play(steps)
        met += [] if deviation is None else [deviation]
        if len(in_step.steps) < len(steps):
            return None
        return [one.difference for one in met if one.step == len(steps) - 1]

    def _playable(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Give steps up to the first that cannot be taken on both sides."""
        for step in steps:
            if isinstance(step, Call) and step.operation in self._gone:
                yield step
                return
            if isinstance(step, Call) and self._absent(step.operation):
                return
            yield step

    def begin(self) -> InStep:
        """Put both sides back, and begin a sequence that passes what is known and ends nothing."""

        def accepts(deviation: Deviation, taken: Sequence[Step]) -> bool:
            if _ends(deviation):
                return False
            found = self.make_finding(deviation, taken)
            return self.knows(found)

        self.doing = f"random walks, {self.walks} so far"
        return self._begin(accepts)

    def _begin(self, accepts: Callable[[Deviation, Sequence[Step]], bool]) -> InStep:
        """Put both sides back, and begin a sequence; what two other refusals have in them is not told besides."""
        refused = -1

        def passes(deviation: Deviation, taken: Sequence[Step]) -> bool:
            nonlocal refused
            if deviation.step == refused and not _ends(deviation):
                return True
            is_accepted = accepts(deviation, taken)
            if is_accepted and is_ending(deviation.difference):
                refused = deviation.step
            return is_accepted

        self.base.leader.begin()
        self.head.leader.begin()
        return InStep(
            self.oracle,
            self.target,
            noted=lambda _call, _theirs, _mine: self._progress.go_on(self._how_far),
            accepts=passes,
            mail_words=self._words,
            reads_headers=True,
        )

    def _how_far(self) -> str:
        return f"{self.oracle.system.name}: {self.doing}"

    def is_absent(self, operation: str) -> bool:
        """Whether an operation is not called, by the part of its id after the dot."""
        return self._absent(f"{self.oracle.system.name}.{operation}")

    def make_finding(self, deviation: Deviation, steps: Sequence[Step]) -> Observation:
        """Note how a walk was answered."""
        return self._observe(deviation, steps, None)

    def find_in_sequence(self, finding: Observation) -> None:
        """Note an answer that differs."""
        self.findings.append(finding)

    def tell_held_back(self) -> None:
        """Note nothing more: which operations a side does not have is known from the beginning."""

    def knows(self, finding: Observation) -> bool:
        """Whether an answer that differs in the same way is known."""
        return any(one.fingerprint == finding.fingerprint for one in self.findings)

    def lose_walk(self, error: TargetFailed, _steps: Sequence[Step]) -> None:
        """End a comparison whose server is gone: a Watchword answers everything."""
        raise error

    def _observe(self, deviation: Deviation, steps: Sequence[Step], scenario: Scenario | None) -> Observation:
        taken = tuple(steps[: deviation.step + 1])
        called = next((one.operation for one in reversed(taken) if isinstance(one, Call)), "")
        replies = None if deviation.answers is None else (deviation.answers[1], deviation.answers[0])
        decided = Decided("", None, ()) if called in self._gone else self.head.leader.decided()
        return Observation(scenario, taken, called, deviation.difference, deviation.decided, decided, replies)
