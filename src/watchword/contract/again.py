"""What was found, played once more: for the tests that a report writes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import SkipTest

from watchword.contract.bindings import read_bindings
from watchword.contract.by_document import ask_again, find_obstacle
from watchword.contract.examination import Examination
from watchword.contract.in_step import Unplayable
from watchword.contract.race import Race
from watchword.contract.races import run_races
from watchword.contract.run import Assignment, beginning
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Step
from watchword.contract.subjects import SUBJECTS
from watchword.contract.values import Unknown


class NotKept(AssertionError):
    """The server still answers otherwise; the message says where, what it was, and what it should be."""


@dataclass(frozen=True)
class Server:
    """
    A server that is tested again.

    Every check raises `NotKept` if the server answers otherwise, `unittest.SkipTest` if that cannot be found out here,
    and `CannotRun` if the server cannot be tested at all.

    Args:
        bindings: The bindings file; empty for another Watchword.
        environment: For values that are written as ``$NAME``, and ``WATCHWORD_ADMIN_TOKEN``.
        is_owned: Whether the server may be on another machine: a test changes passwords and can lock people out.
    """

    url: str
    system: str
    bindings: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_owned: bool = False

    def play(self, *steps: Step, over: str = "") -> None:
        """Take steps on the server and on a private stand-in, *over* a protocol: the answers have to be alike."""
        wire = next((one for one in SUBJECTS[self.system].wires if one.name == over), None)
        with self._examination() as examination:
            try:
                deviation = examination.begin(wire=wire).play(steps)
            except Unplayable as reason:
                raise SkipTest(str(reason)) from None
            if deviation is not None:
                found = examination.make_finding(deviation, steps, wire=wire)
                raise NotKept(f"{found.place}: {found.contrast}")

    def race(self, *steps: Step, contenders: int) -> None:
        """Do the last *contenders* of the steps at once, many times: some order has to explain the answers."""
        scenario = Scenario(self.system, "many_at_once", "Many at once", (), (), steps)
        with self._examination() as examination:
            run_races(examination, [Race(scenario, contenders)])
            (played,) = examination.played
            if played.skipped:
                raise SkipTest(played.skipped)
            for one in played.findings:
                raise NotKept(f"{one.place}: {one.contrast}")

    def ask(self, *calls: Call) -> None:
        """Make calls: the last has to be answered as the document says."""
        with self._examination() as examination:
            if obstacle := find_obstacle(examination):
                raise SkipTest(obstacle)
            try:
                wrong = ask_again(examination, calls)
            except Unknown as unknown:
                raise SkipTest(f"{unknown} is not known") from None
        if wrong:
            raise NotKept(wrong)

    @contextmanager
    def _examination(self) -> Iterator[Examination]:
        subject = SUBJECTS[self.system]
        bindings = read_bindings(Path(self.bindings), subject, self.environment) if self.bindings else None
        token = self.environment.get("WATCHWORD_ADMIN_TOKEN")
        owning = "is_owned=True where SERVER is made"
        assignment = Assignment(self.url, subject, bindings, token=token, is_owned=self.is_owned, owning=owning)
        with beginning(assignment, lambda _line: None) as examination:
            yield examination
