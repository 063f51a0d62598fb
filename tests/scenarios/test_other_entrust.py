"""Somebody else's Entrust: nothing is found if it is right, and every defect is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.conftest import Examine, begin, play_until_blamed, read_written
from tests.scenarios.other_entrust import DEFECTS, Entrust, serving_other_entrust, uuid, write_bindings
from watchword.contract.bindings import Bindings, with_codes
from watchword.contract.dry_run import find_problems
from watchword.contract.entrust.hashes import HASHES
from watchword.contract.entrust.story import GOOD, Story
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.races import run_races
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call
from watchword.contract.subjects import SUBJECTS
from watchword.contract.values import Capitals, Of, Timestamp
from watchword.contract.verdict import judge
from watchword.contract.walks import walk
from watchword.domain.rule import Grade

SUBJECT = SUBJECTS["entrust"]
ALL, RACES = SUBJECT.tell(), SUBJECT.tell_races()
AT_ONCE_ONLY = [one for one in DEFECTS if "at once" in one]
"""Defects that nobody sees who calls alone."""


@pytest.fixture(scope="module")
def entrust_oracle() -> Iterator[Oracle]:
    """The stand-in that knows every answer of Entrust."""
    with private_oracle(SUBJECT, tuned=with_codes(None, {})) as oracle:
        yield oracle


@pytest.fixture(scope="module")
def other_entrust() -> Iterator[tuple[str, Entrust]]:
    """Somebody else's Entrust: its address and its state."""
    with serving_other_entrust() as other:
        yield other


@pytest.fixture
def entrust(other_entrust: tuple[str, Entrust]) -> Entrust:
    """The state of somebody else's Entrust, without a defect."""
    other_entrust[1].defect, other_entrust[1].own_words = "", False
    other_entrust[1].reset()
    return other_entrust[1]


@pytest.fixture(scope="module")
def entrust_bindings(tmp_path_factory: pytest.TempPathFactory) -> Bindings:
    """What the owner of that server has written down."""
    return read_written(write_bindings(), SUBJECT.system, tmp_path_factory.mktemp("bindings"))


@pytest.fixture
def examine_entrust(
    entrust_oracle: Oracle, other_entrust: tuple[str, Entrust], entrust: Entrust, entrust_bindings: Bindings
) -> Iterator[Examine]:
    """Begin a test of that server."""
    with begin(entrust_oracle, other_entrust[0], entrust_bindings, Grade.ASSUMED) as examine:
        yield examine


def test_nothing_is_found_on_an_entrust_that_is_right(examine_entrust: Examine) -> None:
    run = examine_entrust()
    run.play(ALL)
    run_races(run, RACES)
    walk(run, walks=20, random_seed=1)
    assert [(one.title, one.place, one.was, one.should) for one in run.findings] == []
    assert (run.walks, run.unwalkable) == (20, "")
    nobody = {f"nobody plays {role}" for role in ("late", "unreachable")}
    assert {one.skipped for one in run.played} == {"", "its settings cannot be changed", *nobody}
    assert judge(run).line.startswith("38 rules kept, 0 broken, 3 not testable (its settings cannot be changed: ")


def test_nobody_enters_a_wrong_current_password_unasked(examine_entrust: Examine) -> None:
    run = examine_entrust()
    run.target.failed_log_ins = 0
    playable = [one for one in ALL if not run.obstacle(one)]
    bodies = [step.body for one in playable for step in one.steps if isinstance(step, Call)]
    sent = {body.get("currentPassword") for body in bodies if isinstance(body, dict)}
    assert sent == {None, Of("directory", "password")}


@pytest.mark.parametrize("defect", [one for one in DEFECTS if one not in AT_ONCE_ONLY])
def test_every_defect_of_an_entrust_is_found_and_blamed_on_its_rule(
    examine_entrust: Examine, entrust: Entrust, defect: str
) -> None:
    rule = DEFECTS[defect]
    about = [one for one in ALL if not rule or rule in (*one.proves, *one.shows)]
    run = examine_entrust()
    entrust.defect = defect
    play_until_blamed(run, about, rule)


@pytest.mark.parametrize("defect", AT_ONCE_ONLY)
def test_a_defect_that_shows_only_at_once_is_blamed_on_its_rule(
    examine_entrust: Examine, entrust: Entrust, defect: str
) -> None:
    run = examine_entrust()
    entrust.defect = defect
    run_races(run, RACES)
    assert {one.rule for one in run.findings} == {DEFECTS[defect]}


def test_codes_and_statuses_of_which_nothing_is_public_fail_nobody(examine_entrust: Examine, entrust: Entrust) -> None:
    run = examine_entrust()
    run.level, entrust.own_words = Grade.VERIFIED, True
    run.play([one for one in ALL if one.topic in ("Access of applications", "The shape of requests")])
    assert {one.place for one in run.findings} == {"status", "code"}
    assert {one.grade for one in run.findings} == {Grade.ASSUMED}
    assert judge(run).broken == frozenset()


def test_a_dry_run_says_whose_secret_or_password_is_wrong(
    entrust_oracle: Oracle, other_entrust: tuple[str, Entrust], entrust: Entrust, tmp_path: Path
) -> None:
    wrong = write_bindings().replace("secret-of-viewer", "another").replace("Brook~Saddle~1188", "Another~One~1188")
    bindings = read_written(wrong.replace(uuid("52001"), uuid("52004")), SUBJECT.system, tmp_path)
    target = bindings.target(other_entrust[0])
    found = list(find_problems(entrust_oracle, target))
    target.close()
    assert [one.partition(". ")[0] for one in found] == [
        "people.newcomer: log-in was answered 200, but /present is not false",
        "people.member: log-in was answered 200, but /passwordHistory is not false",
        "people.viewer: log-in was answered 401, not 200",
    ]


def test_a_script_has_moments_of_its_own_and_leaves_dollar_signs_of_hashes_alone(
    examine_entrust: Examine, entrust: Entrust
) -> None:
    story = Story(SUBJECT.system)
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.authenticates(applicationId=Capitals(administrator.id))
    story.wait(timedelta(days=1))
    administrator.imports(newcomer, GOOD, expiryTime=Timestamp(timedelta(days=5)))
    run = examine_entrust()
    entrust.defect = "an expiry time that is sent is ignored"
    run.play([Scenario(SUBJECT.system, "a_story", "Replay", (), (), tuple(story.steps))])
    (found,) = run.findings
    capitals, _, imported = (line for line in found.replay if "curl" in line)
    assert uuid("51001").upper() in capitals
    assert "MOMENT_1=$(jq -nr 'now + 518400 | floor | todate'); curl " in imported
    assert '\\"${MOMENT_1}\\"' in imported
    assert HASHES[GOOD].replace("$", "\\$") in imported
