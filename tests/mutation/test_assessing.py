"""How mutants are chosen and tried, with tests that only say what they would notice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from watchword.build import Built
from watchword.contract.mutation.assessing import CannotAssess, Plan, assess
from watchword.contract.mutation.assessing import TestRun as Run  # a name that pytest does not collect
from watchword.contract.mutation.effort import estimate
from watchword.contract.mutation.progress_file import ProgressFile, UnusableProgress
from watchword.contract.mutation.reports import tell
from watchword.contract.mutation.trials import Assessment, Verdict
from watchword.control.mutants import MutantCatalogue

LOG_IN = "weavr_multi.login_with_password"
ASKED = {"id": "weavr.login.locked", "held": 4, "refused": 1, "changed": 0}
NEVER_REFUSED = {"id": "weavr.key.known", "held": 5, "refused": 0, "changed": 0}


def coverage(*rules: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"operations": [{"id": LOG_IN, "requests": 5, "rules": list(rules)}]}


@dataclass
class FakeTests:
    """Tests that notice what is said here; any other mutant passes."""

    notices: frozenset[str] = frozenset()
    hangs: frozenset[str] = frozenset()
    right: list[Run] = field(
        default_factory=lambda: [
            Run(passed=True, seconds=2.0),
            Run(passed=True, seconds=3.0, coverage=coverage(ASKED)),
        ]
    )
    ran: list[str] = field(default_factory=list)
    prepared: list[str | None] = field(default_factory=list)
    limits: set[timedelta | None] = field(default_factory=set)
    stopped: bool = False

    def run(self, mutant: str | None, *, limit: timedelta | None = None) -> Run:
        """Say how they end."""
        if mutant is None:
            return self.right.pop(0) if len(self.right) > 1 else self.right[0]
        self.ran.append(mutant)
        self.limits.add(limit)
        return Run(None if mutant in self.hangs else mutant not in self.notices, 1.0)

    def prepare(self, mutant: str | None) -> None:
        """Remember it."""
        self.prepared.append(mutant)

    def stop(self) -> None:
        """Remember it."""
        self.stopped = True


def time_for(runs: int) -> Callable[[], timedelta]:
    """Tell that there is time for so many runs, and then for half a run; each is asked for once or twice."""
    asked: list[None] = []

    def left() -> timedelta:
        asked.append(None)
        return timedelta(hours=1) if len(asked) <= runs * 2 else timedelta(seconds=0.5)

    return left


@pytest.fixture(scope="module")
def catalogue(built: Built) -> MutantCatalogue:
    return MutantCatalogue(built.imitated)


@dataclass
class Try:
    """Assesses tests, and remembers what was said meanwhile."""

    catalogue: MutantCatalogue
    said: list[str] = field(default_factory=list)

    def __call__(self, tests: FakeTests, plan: Plan) -> Assessment:
        """Assess *tests*."""
        return assess(tests, self.catalogue.find(), self.catalogue.sentences, plan, self.said.append)


@pytest.fixture
def judge(catalogue: MutantCatalogue) -> Try:
    return Try(catalogue)


def test_only_mutants_of_what_was_asked_are_tried(judge: Try) -> None:
    tests = FakeTests()
    judge(tests, Plan())
    assert {one.partition("/")[0] for one in tests.ran} == {"weavr.login.locked", LOG_IN}


def test_mutants_that_change_refusals_of_a_rule_that_never_refused_are_not_tried_and_do_not_count(judge: Try) -> None:
    tests = FakeTests(
        right=[Run(passed=True, seconds=1), Run(passed=True, seconds=1, coverage=coverage(NEVER_REFUSED))]
    )
    found = judge(tests, Plan(["weavr.key.known/*"]))
    unreached = {one.listed.mutant.id for one in found.trials if one.verdict is Verdict.UNREACHED}
    assert {"weavr.key.known/Unauthorized-status"} <= unreached
    assert not unreached.intersection(tests.ran)
    assert "weavr.key.known/gone" in tests.ran
    assert len(found.tried) == len(tests.ran)
    assert f"; {len(unreached)} more change refusals of rules that never refused." in found.line


def test_tests_that_take_too_long_have_noticed_and_get_several_times_what_they_took(judge: Try) -> None:
    tests = FakeTests(hangs=frozenset({"weavr.login.locked/gone"}))
    found = judge(tests, Plan(["weavr.login.locked/gone"]))
    assert [(one.verdict, one.noticed) for one in found.trials] == [(Verdict.HUNG, True)]
    assert tests.limits == {timedelta(seconds=17)}


def test_the_slowest_of_those_that_ran_at_a_time_says_what_takes_too_long(judge: Try) -> None:
    asked = coverage(ASKED)
    right = [Run(passed=True, seconds=seconds, coverage=asked) for seconds in (2.0, 6.0, 3.0)]
    tests = FakeTests(right=right)
    judge(tests, Plan(["weavr.login.locked/gone"], jobs=2))
    assert tests.limits == {timedelta(seconds=29)}


def test_tests_that_fail_beside_each_other_do_not_count_as_noticing(judge: Try) -> None:
    passed, failed = Run(passed=True, seconds=1, coverage=coverage(ASKED)), Run(passed=False, seconds=1)
    tests = FakeTests(right=[passed, passed, failed])
    with pytest.raises(CannotAssess, match="The tests pass alone and fail 2 at a time: use --jobs 1, or they are"):
        judge(tests, Plan(jobs=2))
    assert tests.ran == []
    assert tests.stopped


def test_what_does_not_hold_without_notice_is_said_first(judge: Try) -> None:
    tests = FakeTests(notices=frozenset({"weavr.login.locked/AccountLocked-status"}))
    found = judge(tests, Plan(["weavr.login.locked/gone", "weavr.login.locked/AccountLocked-*"]))
    assert found.line.startswith("1 of 3 mistakes noticed (33.3 %); no test notices that “Too many ")


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (
            [Run(passed=False, seconds=1, told="boom")],
            "the tests fail on a right server, so nothing was tried. This is how they ended:\nboom",
        ),
        (
            [Run(passed=True, seconds=1), Run(passed=False, seconds=1, told="boom")],
            "The tests are flaky: they pass on a right server, and fail on it. Nothing was tried. This is how they",
        ),
        (
            [Run(passed=True, seconds=1), Run(passed=True, seconds=1, coverage=coverage())],
            "the tests ask none of the rules",
        ),
        (
            [Run(passed=True, seconds=1), Run(passed=True, seconds=1, coverage={"operations": []})],
            "the tests called no operation of these mutants: nothing was tried. Do they take the address of the server",
        ),
    ],
    ids=["red", "flaky", "without a rule", "elsewhere"],
)
def test_tests_that_say_nothing_about_mutants_are_left(judge: Try, right: list[Run], said: str) -> None:
    tests = FakeTests(right=right)
    with pytest.raises(CannotAssess) as refused:
        judge(tests, Plan(["weavr.*"]))
    assert str(refused.value).startswith(said)
    assert tests.ran == []


def test_when_time_is_short_mutants_are_drawn_of_many_rules_and_a_seed_repeats_the_draw(judge: Try) -> None:
    def drawn(seed: int | None) -> tuple[list[str], Assessment]:
        tests, left = FakeTests(), time_for(2)
        found = judge(tests, Plan(time_left=left, random_seed=seed))
        return tests.ran, found

    ran, found = drawn(None)
    assert {one.partition("/")[0] for one in ran} == {"weavr.login.locked", LOG_IN}
    assert found.untried > 5
    assert f"{found.untried} not tried (--random-seed {found.random_seed})" in found.line
    assert drawn(found.random_seed)[0] == ran
    assert len({tuple(drawn(seed)[0]) for seed in range(9)}) > 1


def test_no_time_for_a_single_mutant_is_no_success(judge: Try) -> None:
    tests = FakeTests()
    with pytest.raises(CannotAssess, match="the time was over before a mutant was tried: give --max-time more"):
        judge(tests, Plan(time_left=time_for(0)))


def test_a_run_goes_on_where_another_one_stopped(judge: Try, tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "so-far.json", ["npm", "test"])
    tests = FakeTests()
    judge(tests, Plan(["weavr.login.locked/*"], time_left=time_for(1), progress=file))
    rest = FakeTests(notices=frozenset(tests.ran))
    found = judge(rest, Plan(["weavr.login.locked/*"], jobs=3, progress=file))
    assert set(tests.ran).isdisjoint(rest.ran)
    assert found.noticed == 0
    assert len(found.trials) == len(tests.ran) + len(rest.ran)


def test_a_run_keeps_what_came_of_the_mutants_of_other_runs(judge: Try, tmp_path: Path) -> None:
    path, command = tmp_path / "so-far.json", ["npm", "test"]
    for pattern in ("weavr.login.locked/gone", "weavr.login.locked/AccountLocked-*"):
        judge(FakeTests(), Plan([pattern], progress=ProgressFile(path, command)))
    rest = FakeTests()
    found = judge(rest, Plan(["weavr.login.locked/gone"], progress=ProgressFile(path, command)))
    assert rest.ran == []
    assert len(found.trials) == 1


def test_a_file_in_no_directory_is_refused_before_anything_runs(judge: Try, tmp_path: Path) -> None:
    tests = FakeTests()
    with pytest.raises(UnusableProgress, match="is not a directory"):
        judge(tests, Plan(progress=ProgressFile(tmp_path / "nowhere" / "so-far.json", ["npm", "test"])))
    assert len(tests.right) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "was not written by --resume, or belongs"), (None, "is of another command")],
)
def test_a_file_that_is_not_of_this_run_is_refused_before_anything_runs(
    judge: Try, tmp_path: Path, content: str | None, said: str
) -> None:
    path, tests = tmp_path / "so-far.json", FakeTests()
    if content is None:
        ProgressFile(path, ["npm", "test"]).write([])
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableProgress, match=said):
        judge(tests, Plan(progress=ProgressFile(path, ["npm", "run", "test"])))
    assert len(tests.right) == 2


def test_what_was_tried_is_told_when_somebody_ends_the_run(judge: Try) -> None:
    class Interrupted(FakeTests):
        def run(self, mutant: str | None, *, limit: timedelta | None = None) -> Run:
            if len(self.ran) == 2:
                raise KeyboardInterrupt("it was ended by SIGTERM")
            return super().run(mutant, limit=limit)

    tests = Interrupted()
    found = judge(tests, Plan())
    assert (len(found.tried), tests.stopped, found.untried > 0) == (2, True, True)
    assert found.line.endswith(f"; {found.untried} not tried; ended early: it was ended by SIGTERM.")


def test_an_estimate_comes_before_the_first_mutant_and_the_times_behind_the_last(judge: Try) -> None:
    times = Plan(["weavr.login.locked/AccountLocked-*"], elapsed=lambda: timedelta(minutes=4))
    found = judge(FakeTests(), times)
    first = next(number for number, line in enumerate(judge.said) if line.startswith("[1/2]"))
    assert judge.said[first - 1] == "2 mutants to try, about 5 seconds"
    assert found.effort.line == "The tests took 2 seconds on a right server, and all 4 runs 4 minutes."
    assert [found.effort.line, found.line] == list(tell(found))[-2:]


def test_an_estimate_has_room_for_the_start_of_the_servers(judge: Try) -> None:
    passing = iter([timedelta(), timedelta(seconds=20)])
    times = Plan(["weavr.login.locked/AccountLocked-*"], elapsed=lambda: next(passing, timedelta(minutes=1)))
    judge(FakeTests(), times)
    assert "2 mutants to try, about 20 seconds" in judge.said


@pytest.mark.parametrize(
    ("mutants", "jobs", "time_left", "told"),
    [
        (41, 1, None, "41 mutants to try, about 12 minutes"),
        (1, 1, None, "1 mutant to try, about 18 seconds"),
        (41, 2, timedelta(minutes=7), "41 mutants to try, about 6.2 minutes"),
        (41, 2, timedelta(minutes=3), "41 mutants to try, about 6.2 minutes; --max-time is enough for about 20"),
        (900, 1, timedelta(), "900 mutants to try, about 4.5 hours; --max-time is enough for about 0"),
    ],
)
def test_an_estimate_counts_the_runs_at_a_time_and_the_time_that_is_left(
    mutants: int, jobs: int, time_left: timedelta | None, told: str
) -> None:
    assert estimate(mutants, timedelta(seconds=18), jobs=jobs, time_left=time_left) == told
