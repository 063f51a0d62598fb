"""Somebody else's ZITADEL: nothing is found if it is right, and every defect is."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.scenarios.conftest import Examine, begin, play_until_blamed, read_written
from tests.scenarios.other_zitadel import DEFECTS, Zitadel, serving_other_zitadel, write_bindings
from watchword.contract.bindings import Bindings
from watchword.contract.driver import Persona
from watchword.contract.dry_run import find_problems
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.races import run_races
from watchword.contract.serial_order import SerialOrders
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.walks import walk
from watchword.domain.rule import Grade
from watchword.edge.sending import delay_of
from watchword.system import Answer

SUBJECT = SUBJECTS["zitadel"]
ALL, RACES = SUBJECT.tell(), SUBJECT.tell_races()


@pytest.fixture(scope="module")
def zitadel_oracle() -> Iterator[Oracle]:
    """The stand-in that knows every answer of that release."""
    with private_oracle(SUBJECT, tuned={"random_codes": True, "zitadel_profile": "v4.6"}) as oracle:
        yield oracle


@pytest.fixture(scope="module")
def other_zitadel() -> Iterator[tuple[str, Zitadel]]:
    """Somebody else's ZITADEL: its address and its state."""
    with serving_other_zitadel() as other:
        yield other


@pytest.fixture
def zitadel(other_zitadel: tuple[str, Zitadel]) -> Zitadel:
    """The state of somebody else's ZITADEL, without a defect."""
    other_zitadel[1].defect = ""
    other_zitadel[1].reset()
    return other_zitadel[1]


@pytest.fixture(scope="module")
def zitadel_bindings(tmp_path_factory: pytest.TempPathFactory) -> Bindings:
    """What the owner of that server has written down."""
    return read_written(write_bindings(), SUBJECT.system, tmp_path_factory.mktemp("bindings"))


@pytest.fixture
def examine_zitadel(
    zitadel_oracle: Oracle, other_zitadel: tuple[str, Zitadel], zitadel: Zitadel, zitadel_bindings: Bindings
) -> Iterator[Examine]:
    """Begin a test of that server."""
    with begin(zitadel_oracle, other_zitadel[0], zitadel_bindings, Grade.VERIFIED) as examine:
        yield examine


def test_nothing_is_found_on_a_zitadel_that_is_right(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    assert list(find_problems(run.oracle, run.target)) == []
    run.play(ALL)
    walk(run, walks=3, random_seed=1)
    assert run.findings == []
    assert (run.walks, run.unwalkable) == (3, "")
    assert "its settings cannot be changed" in {one.skipped for one in run.played}
    assert judge(run).line.startswith("41 rules kept, 0 broken, 26 not testable (")


def test_the_fields_of_a_form_are_sent_again_one_by_one_and_a_secret_by_its_name(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    known = {"id": "1", "client": "till & co", "secret": "Walnut-77-plum"}
    run.target.personas = {**run.target.personas, "machine": Persona("machine", known, {"secret": "$TILL_SECRET"})}
    run.target.lacks = frozenset()
    run.play([one for one in ALL if one.name == "a_scope_is_needed_and_may_be_empty"])
    (found,) = run.findings
    (line,) = (one for one in found.replay if "curl" in one)
    assert "--data-urlencode 'client_id=till & co'" in line
    assert '--data-urlencode "client_secret=${TILL_SECRET}"' in line
    assert "Walnut" not in line


def test_what_is_made_of_a_secret_is_a_variable_that_somebody_sets_first(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    known = {"id": "1", "client": "till", "secret": "Walnut-77-plum"}
    run.target.personas = {**run.target.personas, "machine": Persona("machine", known)}
    run.target.lacks = frozenset()
    run.play([one for one in ALL if one.name == "a_client_may_name_itself_in_the_header_which_wins"])
    (found,) = run.findings
    assert "# THE_HEADER_OF_MACHINE is the header of machine: set it first" in found.replay
    (line,) = (one for one in found.replay if "curl" in one)
    assert '-H "Authorization: ${THE_HEADER_OF_MACHINE}"' in line
    assert "Walnut" not in line


def test_scenarios_of_the_release_that_the_bindings_name_are_played(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    name = "a_change_of_the_password_takes_the_check_from_the_sessions_of_the_user"
    run.play([one for one in ALL if one.name == name])
    played = {one.scenario.variant: one.skipped for one in run.played}
    assert played["v4.6"] == ""
    assert (played["v4.2"], played["documented, v2beta"]) == (
        "its settings cannot be changed",
        "no operation create_session_v2beta",
    )


def test_nobody_enters_more_wrong_passwords_than_asked(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    run.target.failed_log_ins = 1
    run.play([one for one in ALL if one.name == "equal_passwords_are_an_internal_error_and_count_as_wrong"])
    assert {one.scenario.variant: one.skipped for one in run.played}["v4.6"] == "[server] failed_log_ins = 1"


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_of_a_zitadel_is_found_and_blamed_on_its_rule(
    examine_zitadel: Examine, zitadel: Zitadel, defect: str
) -> None:
    rule = DEFECTS[defect]
    run = examine_zitadel()
    zitadel.defect = defect
    play_until_blamed(run, [one for one in ALL if rule in one.proves] if rule else ALL, rule)


def test_every_race_on_a_zitadel_that_is_right_is_explained_by_an_order(examine_zitadel: Examine) -> None:
    run = examine_zitadel()
    run_races(run, RACES)
    assert {one.scenario.name: one.skipped for one in run.played if one.skipped} == {
        "a_user_is_locked_once_however_many_lock_it": "no operation lock_user"
    }
    assert run.findings == []


def test_calls_that_all_leave_a_mark_are_put_in_order_without_beginning_again_for_each(zitadel_oracle: Oracle) -> None:
    spent: list[None] = []

    def elapsed() -> timedelta:
        spent.append(None)
        return timedelta()

    (race,) = (one for one in RACES if one.scenario.name.startswith("one_of_many_changes"))
    orders = SerialOrders(zitadel_oracle, race.prepared, race.calls, lambda reply: str(reply.status), elapsed=elapsed)
    found = orders.find(Counter({(0, "200"): 1, (0, "400"): 9, (1, "400"): 10}))
    assert found is not None
    assert (found[0], Counter(found)) == (0, {0: 10, 1: 10})
    assert len(spent) < 100


def test_of_many_who_redeem_a_code_of_a_zitadel_at_once_one_sets_a_password(
    examine_zitadel: Examine, zitadel: Zitadel
) -> None:
    run = examine_zitadel()
    zitadel.defect = "a code can be used twice"
    run_races(run, RACES[:1])
    assert [one.skipped for one in run.played] == [""]
    assert {one.rule for one in run.findings} == {"zitadel.code.single_use"}


def test_the_stand_in_delays_no_answer(zitadel_oracle: Oracle) -> None:
    zitadel_oracle.begin()
    assert delay_of(Answer(400, None, delay=timedelta(seconds=10)), zitadel_oracle.driver.sandbox.clock) == timedelta(0)
