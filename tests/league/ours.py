"""Watchword as a tester: ``watchword test URL --system NAME --level assumed``, up to its first finding."""

from dataclasses import replace
from datetime import timedelta

from tests.league.drawing import RANDOM_SEED
from tests.league.effort import stretched
from tests.league.tester import CannotTest, Task
from watchword import __version__
from watchword.contract.run import Assignment, CannotRun, run
from watchword.contract.scenario import Scenario
from watchword.contract.subject import Subject
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade

NAME = "Watchword"
_FINDINGS = ("broken", "differs", "note")


class _Noticed(Exception):
    """There is a finding, which ends the run."""


class Watchword:
    """All phases, with the default numbers of requests and walks."""

    name, version, lacking = NAME, __version__, ""
    wavers = False

    def alarms(self, task: Task) -> frozenset[str]:
        """
        Tell the first finding, or who cannot log in as they can to the right server.

        Raises:
            CannotTest: The server was lost on the way.
        """
        assignment = Assignment(
            task.url,
            _told_first(SUBJECTS[task.system], task.broken),
            level=Grade.ASSUMED,
            random_seed=RANDOM_SEED,
            limit=timedelta(seconds=stretched(task.seconds)),
        )
        said, noticed = list[str](), list[str]()

        def listen(line: str) -> None:
            said.append(line)
            if line.partition(":")[0] in _FINDINGS:
                noticed.append(line)
                raise _Noticed

        try:
            examination = run(assignment, listen)
        except (_Noticed, ExceptionGroup):  # a group if Hypothesis has seen other findings on the way to this one
            if not noticed:
                raise
            return frozenset(noticed[:1])
        except CannotRun as reason:
            return frozenset(said or (str(reason),))
        if examination.ended:
            raise CannotTest(examination.ended)
        return frozenset()


def _told_first(subject: Subject, broken: str) -> Subject:
    """
    Tell the scenarios about what is broken before the others.

    All of them are played unless there is a finding, and each begins anew, so it only ends earlier if there is one.
    """

    def is_about(scenario: Scenario) -> bool:
        return broken in scenario.proves or broken.partition(".")[2] in scenario.operations

    return replace(subject, tell=lambda: sorted(subject.tell(), key=lambda one: not is_about(one)))
