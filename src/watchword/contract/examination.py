"""All phases of a test of one server, and what they found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from types import MappingProxyType

from watchword.contract.accepted import Accepted
from watchword.contract.driver import Ability, Driver, Reply, TargetFailed
from watchword.contract.evidence import GRADES, name_variables
from watchword.contract.finding import Finding, make_finding
from watchword.contract.in_step import Deviation, InStep, Leader, Unanswered, Unplayable
from watchword.contract.losses import Losses
from watchword.contract.missing_operations import MissingOperations, Told
from watchword.contract.obstacles import Obstacle, find_obstacles, is_absent, lacking, no_operation
from watchword.contract.oracle import Oracle
from watchword.contract.other_wire import OtherWire
from watchword.contract.own_ways import OwnWays
from watchword.contract.progress import Progress, Say
from watchword.contract.replay import Gained, write_replay
from watchword.contract.scenario import Outcome, Scenario
from watchword.contract.shown_names import name_shown
from watchword.contract.steps import Call, Step
from watchword.domain.rule import Grade
from watchword.journal.outcomes import name_outcome
from watchword.system import Answer

TimeLeft = Callable[[], bool]
"""Whether the run has time to begin something more."""
_INTERRUPTED = "somebody interrupted it"
NO_TIME = "no time"
_ENDED = "the run ended early"


def always() -> bool:
    """Say that there is time left, in a run without a limit."""
    return True


@dataclass(frozen=True)
class Played:
    """A scenario, and what became of it: *skipped* says why it could not be played here."""

    scenario: Scenario
    findings: tuple[Finding, ...] = ()
    skipped: str = ""


@dataclass
class Examination:
    """
    The test of one server.

    Args:
        level: Findings of this grade and of surer ones fail; the others are told.
        url: Of the server, for people.
        accepted: Differences that somebody lives with.
        today: For those that are accepted until a day.
        patience: How long a mail may take.
        say: Is told what happens.
        words: What is said of a new finding; None for its verdict, and what should be.
        bindings_file: Where the bindings stand; empty without any.
        is_owned: Whether the server may be on another machine.

    Attributes:
        reached: Documented answers that the server gave.
        requests: How many there were.
        planned: How many scenarios and races there are to play.
        progress: What is said goes through it.
        walks: How many random sequences were played.
        unwalkable: Why there were no walks; empty if there were.
        unasked: Why the document was not asked about; empty if it was.
        ended: Why the run ended early; empty if it did not.
        interrupted: Whether that was because somebody interrupted it.
    """

    oracle: Leader
    target: Driver
    url: str
    level: Grade
    accepted: Sequence[Accepted]
    today: date
    patience: timedelta
    say: Say
    words: Callable[[Finding], str] | None = None
    bindings_file: str = ""
    is_owned: bool = False
    played: list[Played] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    reached: set[Outcome] = field(default_factory=set)
    requests: int = 0
    walks: int = 0
    unwalkable: str = _ENDED
    unasked: str = _ENDED
    ended: str = ""
    interrupted: bool = False
    planned: int = 0
    progress: Progress = field(init=False)
    _used: set[str] = field(default_factory=set)
    _losses: Losses = field(default_factory=Losses)
    _missing: MissingOperations = field(default_factory=MissingOperations)
    _covering: list[Accepted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.progress = Progress(self.say)
        self.say = self.progress.say

    @property
    def stand_in(self) -> Oracle:
        """The stand-in, in this process: another Watchword in its place does not show all that it does."""
        assert isinstance(self.oracle, Oracle)  # noqa: S101  # who lets another one lead only plays and walks
        return self.oracle

    def play(
        self, scenarios: Sequence[Scenario], *, time_left: TimeLeft = always, wire: OtherWire | None = None
    ) -> None:
        """
        Play scenarios, each after a reset.

        Args:
            time_left: Whether another one may begin.
            wire: The protocol that they are told for, if it is not the document's.

        Raises:
            TargetFailed: The server cannot be reached, or a hook does not work.
        """
        try:
            for scenario in scenarios:
                skipped = self.obstacle(scenario) or ("" if time_left() else NO_TIME)
                found: tuple[Finding, ...] = ()
                if not skipped:
                    found, skipped = self._play_on(scenario, wire)
                self.played.append(Played(scenario, found, skipped))
        finally:
            self.tell_held_back()

    def end(self, reason: str, planned: Sequence[Scenario]) -> None:
        """Note that the run ends early; what it has found stays, and the rest of what was *planned* is skipped."""
        self.ended = reason
        self.played += [Played(one, skipped=_ENDED) for one in planned[len(self.played) :]]
        if not self.walks and not self.unwalkable:
            self.unwalkable = _ENDED
        self.say(f"the run ends early: {reason}")

    def interrupt(self, how: str, planned: Sequence[Scenario]) -> None:
        """Note that somebody ends the run early, as `end` does; *how* may be empty."""
        self.interrupted = True
        self.end(how or _INTERRUPTED, planned)

    def begin(self, scenario: Scenario | None = None, wire: OtherWire | None = None) -> InStep:
        """Put both servers back, as far as they can be, and begin a sequence: of *scenario*, or a walk."""
        if scenario is not None:
            self.use(scenario)
        self.oracle.begin()
        self.target.begin()

        def accepts(deviation: Deviation, steps: Sequence[Step]) -> bool:
            finding = self.make_finding(deviation, steps, scenario, wire)
            if self._accepted(finding, goes_on=True) is None:
                return False
            self.find(replace(finding, is_passed=True))
            return True

        return InStep(self.oracle, self.target, patience=self.patience, wire=wire, noted=self.note, accepts=accepts)

    def _how_far(self) -> str:
        if len(self.played) < self.planned:
            return f"scenario {len(self.played) + 1} of {self.planned}"
        return f"{self.requests} requests so far"

    def is_absent(self, operation: str) -> bool:
        """Whether an operation, by the part of its id after the dot, is not there, or answers nobody."""
        silent = self._losses.is_silent(operation)
        return silent or is_absent(self.target, operation) or self._missing.has(operation)

    def find(self, finding: Finding) -> Finding | None:
        """Note a finding; None if it is known already, or one that is known explains it."""
        accepted = self._accepted(finding)
        if accepted is not None:
            finding = replace(finding, accepted=accepted.reason)
        known = self._telling(finding)
        if known is None:
            self.findings.append(finding)
            self._gather(finding)
            self.say((self.words or self._judged)(finding))
            return finding
        seen = known.seen_again(finding) if known.fingerprint == finding.fingerprint else known.counting(finding)
        self.findings[self.findings.index(known)] = seen
        self._gather(seen)
        return None

    def knows(self, finding: Finding) -> bool:
        """Whether a finding has the fingerprint of one that is known or held back, or of one that is told with it."""
        noted = [*self.findings, *self._missing.held_back]
        return any(finding.fingerprint in one.fingerprints for one in noted)

    def told_in(self, finding: Finding) -> Finding:
        """Find what tells a finding that was noted: it as it is by now, or the one that explains it."""
        return self._telling(finding) or finding

    def _telling(self, finding: Finding) -> Finding | None:
        noted = (one for one in self.findings if finding.fingerprint in one.fingerprints)
        return next(noted, None) or next((one for one in self.findings if one.explains(finding)), None)

    def _gather(self, finding: Finding) -> None:
        """Count with a finding of the list those others that it explains."""
        explained = [one for one in self.findings if one is not finding and finding.explains(one)]
        told = reduce(Finding.counting, explained, finding)
        self.findings = [told if one is finding else one for one in self.findings if one not in explained]

    def _judged(self, finding: Finding) -> str:
        """Say of a finding what it counts, and what was and should be."""
        told = f"{finding.operation}: {finding.place} {finding.contrast}"
        return f"{self.verdict_of(finding)}: {finding.headline} ({told})"

    def make_finding(
        self,
        deviation: Deviation,
        steps: Sequence[Step],
        scenario: Scenario | None = None,
        wire: OtherWire | None = None,
    ) -> Finding:
        """Say what a deviation from *steps* means; *scenario* is None for a walk."""
        operations, program, phase, over = self.oracle.operations, "", "rules", ""
        if wire is not None:
            operations, program, phase, over = wire.operations(operations), wire.program, "wires", wire.name
        replay = write_replay(steps, deviation.gained, self.target, operations, self.url, program=program)
        found = make_finding(deviation, steps, self.oracle, replay=replay, scenario=scenario, phase=phase)
        found = replace(found, over=over)
        if found.bodies is None:
            return found
        was, should = (name_variables(one, self.target) for one in found.bodies)
        return replace(found, bodies=(was, should))

    def _accepted(self, finding: Finding, *, goes_on: bool = False) -> Accepted | None:
        """Find what covers a finding: any entry, or one after which a sequence goes on."""
        covering = [one for one in self.accepted if one.covers(finding, self.today)]
        self._covering += [one for one in covering if one not in self._covering]
        return next((one for one in covering if one.goes_on or not goes_on), None)

    def say_useless(self) -> None:
        """Name the entries of the bindings that covered nothing: a word in one may be wrong, or the server mended."""
        for one in self.accepted:
            if one.goes_on and one not in self._covering:
                told = ", ".join(f"{name} {text}" for name, text in one.marks.items())
                self.say(f"nothing was found that [[accepted]] with {told} covers")

    @property
    def own_ways(self) -> OwnWays:
        """What the server says in ways of its own that somebody lives with, as far as that was seen."""
        return OwnWays(self.findings)

    def replay(
        self, steps: Sequence[Step], gained: Gained, racers: Mapping[int, int] = MappingProxyType({})
    ) -> tuple[str, ...]:
        """Write steps as a shell script, as `write_replay` does."""
        return write_replay(steps, gained, self.target, self.oracle.operations, self.url, racers=racers)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the run."""
        return not finding.accepted and GRADES.index(finding.grade) <= GRADES.index(self.level)

    def verdict_of(self, finding: Finding) -> str:
        """Say in a word what a finding counts."""
        if finding.accepted:
            return "accepted"
        if self.fails(finding):
            return "broken"
        return "differs" if finding.grade is Grade.OBSERVED else "note"

    def lose(self, error: TargetFailed, finding: Finding | None, *, is_played: bool = False) -> None:
        """
        Go on after a sequence in which the server did not answer, or could not be put back.

        Args:
            finding: What that means, as soon as the server answers anything else.
            is_played: Whether the sequence is the next one that counts as played.

        Raises:
            TargetFailed: It has answered nothing in several sequences in a row.
        """
        number = len(self.played)

        def tell(found: Finding) -> None:
            self.find(found)
            if is_played:
                self.played[number] = Played(self.played[number].scenario, (found,))

        self._losses.add(error, finding, tell)

    def lose_walk(self, error: TargetFailed, steps: Sequence[Step]) -> None:
        """Go on after a walk in which the server did not answer the last of *steps*; raises what `lose` does."""
        self.lose(error, self.unanswered(error, steps))

    def settle(self) -> None:
        """Tell what the server has not answered, after the last sequence of a run."""
        self._losses.settle()

    def unanswered(
        self,
        error: TargetFailed,
        steps: Sequence[Step],
        scenario: Scenario | None = None,
        wire: OtherWire | None = None,
    ) -> Finding | None:
        """Say what it means that one of *steps* was not answered; None if it was something else that failed."""
        return self.make_finding(error.deviation, steps, scenario, wire) if isinstance(error, Unanswered) else None

    def _play_on(self, scenario: Scenario, wire: OtherWire | None) -> tuple[tuple[Finding, ...], str]:
        """Play a scenario, and go on if the server does not answer one of its requests; raises what `lose` does."""
        try:
            return self._play_twice(scenario, wire)
        except TargetFailed as error:
            self.lose(error, self.unanswered(error, scenario.steps, scenario, wire), is_played=True)
            return (), str(error)

    def _play_twice(self, scenario: Scenario, wire: OtherWire | None) -> tuple[tuple[Finding, ...], str]:
        """Play a scenario; once more from its beginning if the server closes a connection that it had kept open."""
        try:
            return self._play(scenario, wire)
        except Unanswered as error:
            if error.hung or Ability.RESET not in self.target.abilities:
                raise
            return self._play(scenario, wire)

    def _play(self, scenario: Scenario, wire: OtherWire | None) -> tuple[tuple[Finding, ...], str]:
        try:
            deviation = self.begin(scenario, wire).play(scenario.steps)
        except Unplayable as reason:
            return (), str(reason)
        if deviation is None:
            return (), ""
        finding = self.make_finding(deviation, scenario.steps, scenario, wire)
        if wire is None:
            self.find_in_sequence(finding)
        else:
            self.find(finding)
        return (finding,), ""

    def find_in_sequence(self, finding: Finding) -> None:
        """Note what a scenario or a walk has shown, as `find_or_hold_back` does if it is about an answer."""
        if finding.answers is None:
            self.find(finding)
        else:
            self.find_or_hold_back(finding, finding.answers[0].status)

    def find_or_hold_back(self, finding: Finding, status: int) -> None:
        """
        Note a finding; one that nobody accepts waits if its operation may be missing.

        Args:
            status: Of the answer that it is about, which was noted.
        """
        if self._accepted(finding) is not None or not self._missing.holds_back(finding, status):
            self.find(finding)

    def tell_held_back(self) -> None:
        """Tell what was held back because an operation may be missing: by now all its answers are known."""
        for one in self._missing.settle(self.oracle.system.name, self.oracle.operations):
            if not isinstance(one, Told):
                self.find(one)
                continue
            self.find(one.finding)
            for number, played in enumerate(self.played):
                if any(found in one.instead_of for found in played.findings):
                    self.played[number] = Played(played.scenario, (one.finding,), one.reason)

    def obstacle(self, scenario: Scenario, *, failed_log_ins: int = 0) -> str:
        """Say why a scenario cannot be played here; empty if it can."""
        return next((one.reason for one in self.obstacles(scenario, failed_log_ins=failed_log_ins)), "")

    def obstacles(self, scenario: Scenario, *, failed_log_ins: int = 0) -> Iterator[Obstacle]:
        """
        Say all that is in the way of a scenario here, and now.

        Args:
            failed_log_ins: How many wrong passwords one person enters, if these are more than its steps say.
        """
        wrong = max(scenario.failed_log_ins, failed_log_ins)
        yield from find_obstacles(scenario, self.target, self.oracle.tuned, failed_log_ins=wrong)
        if Ability.RESET not in self.target.abilities and scenario.roles & self._used:
            yield lacking(Ability.RESET)
        for operation in sorted(filter(self._losses.is_silent, scenario.operations)):
            yield Obstacle(f"{operation} does not answer", f"answers of {operation}")
        yield from map(no_operation, sorted(filter(self._missing.has, scenario.operations)))

    def use(self, scenario: Scenario) -> None:
        """Note whom a scenario leaves in another situation."""
        if not scenario.operations <= self.oracle.subject.reads:
            self._used |= scenario.roles

    def note(self, call: Call, reply: Reply, right: Reply | None = None) -> None:
        """
        Count an answer of the server, and say how far the run is if nothing was said for a while.

        Args:
            right: What the stand-in answered; None if it was not asked. It is the *reply* itself where both are alike.
        """
        self.requests += 1
        self.settle()
        right_status = 0 if right is None else right.status
        for one in self._missing.note(call, reply.status, right_status, self.oracle.document):
            self.find(one)
        self.progress.go_on(self._how_far)
        operation = self.oracle.operations[call.operation]
        if reply is right:
            name = name_outcome(operation, self.oracle.system, Answer(reply.status, reply.body))
        else:
            name = name_shown(reply, operation, self.oracle)
        if name and str(reply.status) in operation.responses:
            self.reached.add((operation.id, reply.status, name))
