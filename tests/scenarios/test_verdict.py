"""What a run amounts to: a rule counts as kept only if it was shown."""

from dataclasses import replace

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.examination import Played
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge

LENGTH, HISTORY = "weavr.password.length", "weavr.password.history"
TOLD = SUBJECTS["weavr_multi"].tell()


def test_a_rule_behind_a_difference_is_not_kept_unless_another_scenario_shows_it(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.defect = "31 characters are accepted"
    scenario = replace(next(one for one in TOLD if LENGTH in one.proves), proves=(LENGTH, HISTORY))
    run.play([scenario])
    assert [one.rule for one in run.findings] == [LENGTH]
    verdict = judge(run)
    assert (HISTORY in verdict.kept, verdict.untestable[HISTORY]) == (False, "differs before")
    run.played.append(Played(scenario, skipped="no reset"))
    assert judge(run).untestable[HISTORY] == "no reset"
    run.played.append(Played(scenario))
    assert HISTORY in judge(run).kept
