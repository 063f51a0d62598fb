"""Findings as tests: each fails as long as the server answers otherwise, and then no longer."""

import runpy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi, write_bindings
from watchword.contract.accepted import Accepted
from watchword.contract.again import NotKept
from watchword.contract.by_document import ask_by_document
from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.races import run_races
from watchword.contract.reports import REPORTS
from watchword.contract.run import CannotRun
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Step
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.walks import walk
from watchword.domain.rule import Grade

MULTI = SUBJECTS["weavr_multi"]


def play(run: Examination) -> None:
    """Play a scenario of a code."""
    run.play([one for one in MULTI.tell() if one.name == "a_code_is_used_up_by_the_password_that_it_sets"])


def race(run: Examination) -> None:
    """Let many create a password."""
    races = [one for one in MULTI.tell_races() if "create" in one.scenario.name]
    run_races(run, races)


def go(run: Examination) -> None:
    """Walk."""
    walk(run, walks=3, random_seed=7)


def ask(run: Examination) -> None:
    """Ask about the document."""
    ask_by_document(run, requests=3, random_seed=1)


def written(run: Examination, folder: Path) -> Mapping[str, Callable[[], None]]:
    """Write the tests, and import them."""
    return {name: one for name, one in load(run, folder).items() if name.startswith("test_")}


def load(run: Examination, folder: Path) -> Mapping[str, Any]:
    """Write the file of the tests, and import it."""
    bindings, file = folder / "bindings.toml", folder / "test_findings.py"
    bindings.write_text(write_bindings(), encoding="utf-8")
    run.bindings_file = str(bindings)
    file.write_text(REPORTS["pytest"](run, judge(run)), encoding="utf-8")
    return runpy.run_path(str(file))


@pytest.mark.parametrize(
    ("phase", "defect"),
    [
        (play, "a code can be used twice"),
        (race, "two who come at once create a password"),
        (go, "an answer has one member more"),
        (ask, "a password beyond ASCII fails"),
    ],
)
def test_the_test_of_a_finding_fails_until_it_is_mended(
    examine: Examine, multi: Multi, tmp_path: Path, phase: Callable[[Examination], None], defect: str
) -> None:
    run = examine()
    multi.defect = defect
    phase(run)
    tests = written(run, tmp_path)
    assert len(tests) == len(run.findings) > 0
    name, test = next(iter(tests.items()))
    assert name.endswith(run.findings[0].fingerprint)
    with pytest.raises(NotKept):
        test()
    multi.defect = ""
    test()


def test_what_somebody_lives_with_is_no_test(examine: Examine, multi: Multi, tmp_path: Path) -> None:
    first, second = examine(), examine()
    multi.defect = "a code can be used twice"
    play(first)
    second.accepted = [
        Accepted({"fingerprint": one.fingerprint}, "fixed in the next release") for one in first.findings
    ]
    play(second)
    assert (len(written(first, tmp_path)), len(written(second, tmp_path))) == (1, 0)


def test_a_test_of_what_cannot_be_asked_here_is_skipped(examine: Examine, multi: Multi, tmp_path: Path) -> None:
    run = examine()
    multi.defect = "a password beyond ASCII fails"
    ask(run)
    (test, *_) = written(run, tmp_path).values()
    text = write_bindings()
    start = text.index("[people.member]")
    without = text[:start] + text[text.index("[", start + 1) :]
    (tmp_path / "bindings.toml").write_text(without, encoding="utf-8")
    with pytest.raises(SkipTest, match="nobody plays member"):
        test()


def test_nobody_has_said_that_another_server_is_his_own(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = examine()
    run.url = "http://192.0.2.1"
    owned = []
    for is_owned, address in ((False, run.url), (True, run.url), (True, "http://192.0.2.2")):
        run.is_owned = is_owned
        monkeypatch.setenv("SERVER_URL", address)
        owned.append(load(run, tmp_path)["SERVER"])
    assert [one.is_owned for one in owned] == [False, True, False]
    with pytest.raises(CannotRun, match="say is_owned=True where SERVER is made if the server is yours"):
        owned[2].play()


class Recorder:
    """Takes the place of the server in written tests, and remembers the steps that it is given."""

    def __init__(self) -> None:
        self.given: list[tuple[Step, ...]] = []

    def play(self, *steps: Step) -> None:
        """Remember the steps of a test."""
        self.given.append(steps)


@pytest.mark.parametrize("system", SUBJECTS)
def test_the_test_of_every_scenario_can_be_read_and_has_its_steps(examine: Examine, system: str) -> None:
    subject, run = SUBJECTS[system], examine()
    told = [*subject.tell(), *(one.scenario for one in subject.tell_races())]
    run.findings = [found_by(one, number) for number, one in enumerate(told)]
    content: dict[str, Any] = {}
    exec(compile(REPORTS["pytest"](run, judge(run)), "test_findings.py", "exec"), content)  # noqa: S102  # our own file
    content["SERVER"] = recorder = Recorder()
    for name, one in content.items():
        if name.startswith("test_"):
            one()
    assert recorder.given == [tuple(map(without_statement, one.steps)) for one in told]


def found_by(scenario: Scenario, number: int) -> Finding:
    """Make a finding of a scenario."""
    words = ("operation", "rule", Grade.VERIFIED, "It holds.", "source", "status", "200", "409", (), ())
    return Finding("rules", scenario.sentence, *words, fingerprint=str(number), played=scenario.steps)


def without_statement(step: Step) -> Step:
    """Leave out what a scenario states of an answer."""
    return replace(step, expected=None) if isinstance(step, Call) else step
