"""HEAD as somebody else's server: what differs is told with the rule that BASE keeps, and nothing if nothing does."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import run
from tests.review.test_behaviour_diff import calling
from tests.scenarios.conftest import read_written
from tests.scenarios.other_multi import UNKNOWN_PATH, Multi, serving_other_multi, write_bindings
from tests.serving import serving
from watchword.contract.bindings import Bindings
from watchword.contract.run import Assignment
from watchword.review.behaviour_diff.bound import compare_bound
from watchword.review.behaviour_diff.changed_answer import Behaviour, Means
from watchword.review.behaviour_diff.comparing import Plan, compare_behaviour
from watchword.review.behaviour_diff.served import NotPlayable, served_server
from watchword.review.behaviour_diff.servers import LocalServer, local_server
from watchword.review.level import Level
from watchword.review.sides import opened, unread

MOMENT = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
SYSTEM = "weavr_multi"
FLAGS = ("--bindings", "bindings.toml", "--system", SYSTEM, "--only", "behaviour", "--walks", "0")


@pytest.fixture(scope="module")
def base() -> Iterator[LocalServer]:
    """What this version serves."""
    with opened("current") as side, local_server(side, MOMENT) as server:
        yield server


@contextmanager
def changed(folder: Path, action: Mapping[str, object]) -> Iterator[LocalServer]:
    """What this version serves, with an overlay of one action."""
    overlay = folder / "overlay.json"
    content = {"overlay": "1.0.0", "info": {"title": "One change", "version": "1"}, "actions": [action]}
    overlay.write_text(json.dumps(content), encoding="utf-8")
    with opened("current", [overlay]) as side, local_server(side, MOMENT) as server:
        yield server


@pytest.fixture(scope="module")
def other() -> Iterator[tuple[str, Multi]]:
    """Somebody else's Multi: its address and its state."""
    with serving_other_multi() as other:
        yield other


@pytest.fixture
def head(other: tuple[str, Multi], tmp_path: Path) -> Assignment:
    """That server without a defect, as its owner describes it; only changed passwords are played."""
    return bound(other, read_written(write_bindings(), SYSTEM, tmp_path))


def bound(other: tuple[str, Multi], bindings: Bindings, *, operation: str = "update_password") -> Assignment:
    url, multi = other
    multi.defect, multi.silent, multi.missing = "", "", ""
    multi.unknown_path, multi.unknown_body = 404, UNKNOWN_PATH
    multi.reset()
    at_once = replace(bindings, mail_patience=timedelta())  # it has sent a mail before it answers, or never
    return Assignment(url, calling(SYSTEM, operation), at_once, walks=0)


def compare(base: LocalServer, head: Assignment, say: Callable[[str], None] = lambda _line: None) -> Behaviour:
    return compare_bound(base, head, say)


def test_a_server_that_answers_as_base_differs_in_nothing_on_walks_either(base: LocalServer, head: Assignment) -> None:
    found = compare(base, replace(head, walks=3))
    assert (found.answers, found.is_compared) == ((), True)
    assert "and 3 random walks (--random-seed 0)" in found.notes[0]


@pytest.mark.parametrize(
    ("defect", "difference", "rule", "level"),
    [
        (
            "only four passwords are remembered",
            "409 PASSWORD_ALREADY_USED → 200",
            "weavr.password.history",
            Level.RISKY,
        ),
        ("no mail says that a password has changed", "mails: 1 mail → 0 mails", "weavr.mail.changed", Level.RISKY),
    ],
)
def test_a_defect_is_told_with_the_rule_that_base_keeps(
    base: LocalServer,
    head: Assignment,
    other: tuple[str, Multi],
    *,
    defect: str,
    difference: str,
    rule: str,
    level: Level,
) -> None:
    other[1].defect = defect
    told = {(one.difference, one.cause.means, one.cause.id, one.kind.level) for one in compare(base, head).answers}
    assert (difference, Means.RULE, rule, level) in told


def test_an_operation_that_head_does_not_have_is_told_once(
    base: LocalServer, head: Assignment, other: tuple[str, Multi]
) -> None:
    other[1].missing = "update"
    (told,) = compare(base, head).answers
    assert (told.place, told.kind.level) == ("POST /passwords/update", Level.BREAKING)
    assert told.cause.sentence == "HEAD does not have this operation."


def test_no_code_is_told_of_an_answer_of_head_in_which_none_stands(
    base: LocalServer, other: tuple[str, Multi], tmp_path: Path
) -> None:
    head = bound(other, read_written(write_bindings(), SYSTEM, tmp_path), operation="validate_password")
    other[1].missing, other[1].unknown_path, other[1].unknown_body = "validate", 400, {"message": "nope"}
    told = {one.difference for one in compare(base, head).answers}
    assert "400 REQUIRED → 400 without a code" in told
    assert {one.partition(" → ")[2] for one in told} == {"400 without a code"}


def test_progress_is_told_in_the_words_of_the_report(
    base: LocalServer, head: Assignment, other: tuple[str, Multi]
) -> None:
    said = list[str]()
    other[1].defect = "only four passwords are remembered"
    compare(base, head, said.append)
    assert said == ["risky: POST /passwords/update 409 PASSWORD_ALREADY_USED → 200"]


def test_another_form_of_all_answers_is_told_once_and_blames_no_rule(
    base: LocalServer, head: Assignment, other: tuple[str, Multi]
) -> None:
    other[1].defect = "a header is missing"
    (one,) = compare(base, head).answers
    assert (one.difference, one.cause.means) == ("header request-ref: there → not there", Means.UNKNOWN)
    assert one.cause.sentence == "No rule decides it: answers of HEAD have another form, whatever the operation."
    assert len(one.situations) > 10


def test_a_place_in_the_document_that_only_base_keeps_to_is_named(
    base: LocalServer, other: tuple[str, Multi], tmp_path: Path
) -> None:
    bindings = read_written(write_bindings(), SYSTEM, tmp_path)
    head = bound(other, bindings, operation="validate_password")
    other[1].defect = "a blank password is too short"
    (one,) = compare(base, head).answers
    assert (one.difference, one.cause.means) == ("400 HAS_TEXT → 409 PASSWORD_TOO_SHORT", Means.DOCUMENT)
    assert one.cause.id == "paths/~1passwords~1validate/post/requestBody/password/value/pattern"


def test_a_request_that_head_does_not_answer_is_breaking_where_base_succeeds(
    base: LocalServer, head: Assignment, other: tuple[str, Multi]
) -> None:
    """It answers others, so it is not gone."""
    validating, updating = (calling(SYSTEM, f"{one}_password").tell() for one in ("validate", "update"))
    head = replace(head, subject=replace(head.subject, tell=lambda: [*validating[:2], *updating]))
    other[1].silent = "validate"
    found = compare(base, head)
    assert ("answer", Level.BREAKING) in {(one.where, one.kind.level) for one in found.answers}


def test_what_cannot_be_tested_there_is_counted_with_the_reason(
    base: LocalServer, other: tuple[str, Multi], tmp_path: Path
) -> None:
    written = write_bindings().replace("[hooks.clock]", "[hooks.unused]")
    lines = written.split("[hooks.unused]")
    without_clock = lines[0] + "[hooks.mails]" + lines[1].split("[hooks.mails]")[1]
    head = bound(other, read_written(without_clock, SYSTEM, tmp_path), operation="resume_lost_password")
    (note,) = [one for one in compare(base, head).notes if one.startswith("Not played on HEAD: ")]
    assert "no clock hook: " in note


def test_what_the_bindings_accept_is_counted_and_not_told(
    base: LocalServer, other: tuple[str, Multi], tmp_path: Path
) -> None:
    accepted = '[[accepted]]\nrule = "weavr.password.history"\nreason = "Four are enough for us."'
    head = bound(other, read_written(f"{write_bindings()}\n{accepted}\n", SYSTEM, tmp_path))
    other[1].defect = "only four passwords are remembered"
    found = compare(base, head)
    assert found.answers == ()
    assert any(one.startswith("1 more difference is accepted in ") for one in found.notes)


def test_a_setting_of_the_bindings_counts_where_base_says_nothing_itself(
    base: LocalServer, other: tuple[str, Multi], head: Assignment, tmp_path: Path
) -> None:
    """Somebody who names a BASE with a setting wants to know that HEAD has another one."""
    bindings = read_written(f"{write_bindings()}\n[settings]\nprogramme = {{history = 4}}\n", SYSTEM, tmp_path)
    other[1].defect = "only four passwords are remembered"
    head = replace(head, bindings=bindings)
    five = {"target": "$", "update": {"x-watchword-settings": {SYSTEM: {"programme": {"history": 5}}}}}
    silent = compare(base, head)
    with changed(tmp_path, five) as other_base:
        saying = compare(other_base, head)
    assert silent.answers == ()
    assert f"BASE is set as {bindings.file} says of HEAD: programme." in silent.notes
    assert {one.cause.id for one in saying.answers} == {"weavr.password.history"}


def test_a_running_watchword_can_be_base(head: Assignment, tmp_path: Path) -> None:
    mutant = "weavr.password.history/gone"
    with (
        serving(tmp_path, "--mutant", mutant) as served,
        opened(served.url) as side,
        served_server(side, served.url, token=None) as there,
    ):
        found = compare_bound(there, head, lambda _line: None)
    assert {one.difference for one in found.answers} == {"200 → 409 PASSWORD_ALREADY_USED"}
    assert {one.kind.level for one in found.answers} == {Level.BREAKING}


def test_people_who_are_not_on_head_are_named_before_anything_is_played(
    base: LocalServer, other: tuple[str, Multi], tmp_path: Path
) -> None:
    written = write_bindings().replace('"Teapot-12-blue"', '"Teapot-12-red"')
    with pytest.raises(NotPlayable, match=r"people\.member: log-in was answered"):
        compare(base, bound(other, read_written(written, SYSTEM, tmp_path)))


def test_what_base_does_not_imitate_is_named_and_not_played(head: Assignment, tmp_path: Path) -> None:
    head = replace(head, subject=calling(SYSTEM, "resume_lost_password"))
    with changed(tmp_path, {"target": "$.paths['/passwords/lost_password/resume']", "remove": True}) as base:
        found = compare(base, head)
    assert (found.answers, found.is_compared) == ((), True)
    assert "Not imitated by BASE: resume_lost_password." in found.notes


def test_a_base_on_which_nobody_can_log_in_is_refused(head: Assignment, tmp_path: Path) -> None:
    with (
        changed(tmp_path, {"target": "$.paths['/login_with_password']", "remove": True}) as base,
        pytest.raises(NotPlayable, match=r"does not imitate weavr_multi\.login_with_password, and nobody can log in"),
    ):
        compare(base, head)


def test_a_server_that_is_no_watchword_cannot_be_base(other: tuple[str, Multi], head: Assignment) -> None:
    with opened("current") as side, pytest.raises(NotPlayable, match="name it as HEAD, and say with --bindings"):
        compare_behaviour(unread(other[0], side), unread(other[0], side), Plan(bound=head))


def test_a_report_of_a_server_without_a_document_needs_only_its_address(
    other: tuple[str, Multi], head: Assignment, tmp_path: Path
) -> None:
    assert head.url == other[0]
    other[1].defect = "a code can be used twice"
    ended = run(tmp_path, "diff", "current", other[0], *FLAGS, "--fail-on", "behaviour")
    assert ended.exit_code == 1, ended.output
    assert "The rule weavr.nonce.kept: BASE keeps it, and HEAD answers otherwise." in ended.stdout
    assert "Not played on HEAD: " in ended.stdout


@pytest.mark.parametrize("flags", [FLAGS[:4], ()], ids=["with bindings", "without bindings"])
def test_a_server_without_a_document_is_told_that_its_behaviour_needs_none(
    other: tuple[str, Multi], head: Assignment, flags: Sequence[str], tmp_path: Path
) -> None:
    assert head.url == other[0]
    ended = run(tmp_path, "diff", "current", other[0], *flags)
    said = "write the whole address of the document; with --bindings FILE and --only behaviour, HEAD needs none"
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_server_that_does_not_answer_is_named(head: Assignment, tmp_path: Path) -> None:
    assert head.bindings is not None
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        free = f"http://127.0.0.1:{taken.getsockname()[1]}"
    ended = run(tmp_path, "diff", "current", free, *FLAGS)
    said = f"{free} cannot be reached (Connection refused): check the address"
    assert (ended.exit_code, ended.output.count(free), said in ended.output) == (2, 1, True), ended.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("current", "http://192.0.2.1:9", *FLAGS), "--i-own-this"),
        (("current", "current", *FLAGS), "--bindings is about HEAD, and current is no server"),
        (("current", "http://127.0.0.1:9", *FLAGS[:2]), "--bindings needs --system"),
        (
            ("current", "http://127.0.0.1:9", *FLAGS[:4], "--only", "document"),
            "--bindings is for comparing behaviour, which --only leaves out",
        ),
        (("current", "current", "--system", SYSTEM), "--system is about a HEAD with --bindings FILE"),
        (("current", "current", "--i-own-this"), "--i-own-this is about a HEAD with --bindings FILE"),
    ],
    ids=["another machine", "no server", "no system", "no behaviour", "only a system", "only an owner"],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(
    arguments: Sequence[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "bindings.toml").write_text(write_bindings(), encoding="utf-8")
    ended = run(tmp_path, "diff", *arguments)
    assert (ended.exit_code, said in " ".join(ended.output.split())) == (2, True), ended.output
