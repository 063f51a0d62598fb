"""How two sides answer: what differs, what makes it differ, and that equal sides differ in nothing."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.cli.commands import run, write
from tests.review.equal_sides import compare_equal
from tests.review.seeded_answers import CHANGES, Change
from tests.serving import serving
from watchword.client import Watchword
from watchword.contract.driver import Reply, TargetFailed
from watchword.contract.oracle import Decided
from watchword.contract.progress import Progress
from watchword.contract.scenario import Scenario
from watchword.contract.subject import Subject
from watchword.contract.subjects import SUBJECTS
from watchword.contract.watchword_target import WatchwordTarget
from watchword.contract.wire import Wire
from watchword.document import Document
from watchword.review.behaviour_diff.changed_answer import Behaviour, Means
from watchword.review.behaviour_diff.comparing import Plan, compare_behaviour, compare_servers
from watchword.review.behaviour_diff.served import ServedPlayer, served_server
from watchword.review.behaviour_diff.servers import Broken, Json, LocalPlayer, LocalServer, local_server
from watchword.review.level import Level
from watchword.review.sides import Side, opened
from watchword.systems import SYSTEMS

MOMENT = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
PLAN = Plan(walks=0, moment=MOMENT)
NOT_REPEATED = "weavr.password.history/gone"


@pytest.fixture(scope="module")
def current() -> Iterator[Side]:
    with opened("current") as side:
        yield side


@pytest.fixture(scope="module")
def base(current: Side) -> Iterator[LocalServer]:
    """BASE of most comparisons: what this version serves."""
    with local_server(current, MOMENT) as server:
        yield server


def overlay(folder: Path, *actions: object) -> Path:
    file = folder / "proposal.yaml"
    write(file, json.dumps({"overlay": "1.0.0", "info": {"title": "Proposal", "version": "1"}, "actions": actions}))
    return file


def setting(system: str, **values: object) -> dict[str, object]:
    return {"target": "$", "update": {"x-watchword-settings": {system: values}}}


def calling(system: str, operation: str) -> Subject:
    """The system, with the scenarios that call an operation, which is several times as quick."""
    subject = SUBJECTS[system]

    def tell() -> Sequence[Scenario]:
        return [one for one in subject.tell() if operation in one.operations]

    return replace(subject, tell=tell)


def named(behaviour: Behaviour) -> set[tuple[str, str, str]]:
    return {(one.operation, one.difference, one.cause.id) for one in behaviour.answers}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name[:100])
def test_a_change_is_named_and_nothing_else(base: LocalServer, change: Change, tmp_path: Path) -> None:
    overlays = [overlay(tmp_path, *change.actions)] if change.actions else []
    with opened("current", overlays) as side, local_server(side, MOMENT, mutants=change.mutants) as head:
        found = compare_servers(base, head, [calling(change.system, change.operation)], PLAN)
    expected = (f"{change.system}.{change.operation}", change.difference, change.cause)
    assert expected in named(found)
    assert {one.cause.means for one in found.answers} == {change.means}
    here = {one.cause.id for one in found.answers if one.operation == expected[0]}
    assert here == {change.cause}


def test_there_are_fifty_changes_and_twenty_of_them_are_in_no_document() -> None:
    assert len(CHANGES) >= 50
    assert sum(not one.is_visible for one in CHANGES) >= 20


def test_equal_sides_answer_alike() -> None:
    """``make equal-sides`` walks a thousand times."""
    assert compare_equal(walks=10, random_seed=1).answers == ()


def test_each_of_several_changes_is_told_apart(base: LocalServer, tmp_path: Path) -> None:
    """One setting lengthens a password, the other one remembers fewer; the third changes nothing here."""
    programme = {"history": 3, "root_profile": {"minimum": 10}, "locked_for": "PT1H"}
    with (
        opened("current", [overlay(tmp_path, setting("weavr_multi", programme=programme))]) as side,
        local_server(side, MOMENT) as head,
    ):
        found = compare_servers(base, head, [calling("weavr_multi", "update_password")], PLAN)
    causes = {one.difference: one.cause.id for one in found.answers if one.operation == "weavr_multi.update_password"}
    assert causes["409 PASSWORD_ALREADY_USED → 200"] == "weavr_multi.programme.history"
    assert set(causes.values()) <= {"weavr_multi.programme.history", "weavr_multi.programme.root_profile.minimum"}


def test_two_settings_that_only_together_make_an_answer_differ_are_named_together(
    base: LocalServer, tmp_path: Path
) -> None:
    """Each alone refuses three letters, too."""
    profile = {"minimum": 3, "classes": 1}
    with (
        opened("current", [overlay(tmp_path, setting("weavr_multi", programme={"root_profile": profile}))]) as side,
        local_server(side, MOMENT) as head,
    ):
        found = compare_servers(base, head, [calling("weavr_multi", "validate_password")], PLAN)
    causes = {one.cause.id for one in found.answers}
    names = [f"weavr_multi.programme.root_profile.{one}" for one in ("minimum", "classes")]
    assert causes & {" ".join(names), names[0], names[1]}
    assert causes <= {" ".join(names), *names}


def test_an_answer_that_differs_only_in_what_a_header_says_is_told_with_its_setting(tmp_path: Path) -> None:
    """Both sides refuse the second request of a caller, and say for how long."""

    def limited(name: str, seconds: int) -> Path:
        (tmp_path / name).mkdir()
        return overlay(tmp_path / name, setting("weavr_multi", rate_limits=[{"requests": 1, "seconds": seconds}]))

    with (
        opened("current", [limited("base", 60)]) as before,
        opened("current", [limited("head", 90)]) as after,
        local_server(before, MOMENT) as one,
        local_server(after, MOMENT) as other,
    ):
        found = compare_servers(one, other, [calling("weavr_multi", "list_users")], PLAN)
    told = {(one.difference, one.cause.id, one.kind.level) for one in found.answers}
    assert told == {
        ("header x-ratelimit-limit: '1, 1;w=60' → '1, 1;w=90'", "weavr_multi.rate_limits", Level.RISKY),
        ("header x-ratelimit-reset: 60 seconds → 90 seconds", "weavr_multi.rate_limits", Level.RISKY),
    }


def test_a_lifted_refusal_is_risky_and_a_refused_success_breaking(base: LocalServer, current: Side) -> None:
    update = [calling("weavr_multi", "update_password")]
    with local_server(current, MOMENT, mutants=[NOT_REPEATED]) as other:
        lifted = compare_servers(base, other, update, PLAN)
        refused = compare_servers(other, base, update, PLAN)
    assert {one.kind.level for one in lifted.answers} == {Level.RISKY}
    assert {one.kind.level for one in refused.answers} == {Level.BREAKING}
    assert {one.cause.sentence for one in refused.answers} == {f"BASE has the mutant {NOT_REPEATED}: The rule is gone."}


def test_a_fingerprint_is_the_same_in_every_run_and_another_for_another_cause(base: LocalServer, current: Side) -> None:
    def fingerprints(mutant: str, random_seed: int) -> set[str]:
        with local_server(current, MOMENT, mutants=[mutant], random_seed=random_seed) as head:
            found = compare_servers(base, head, [calling("weavr_multi", "resume_lost_password")], PLAN)
        return {one.fingerprint for one in found.answers}

    assert fingerprints("weavr.nonce.redeemed/gone", 1) == fingerprints("weavr.nonce.redeemed/gone", 2)
    assert not fingerprints("weavr.nonce.redeemed/gone", 1) & fingerprints("weavr.nonce.lifetime/gone", 1)


@dataclass(frozen=True)
class _Silent(LocalPlayer):
    """It does not tell its mutants, as a server of another version whose code is another."""

    def mutants(self) -> Sequence[Broken]:
        return ()


@dataclass(frozen=True)
class _Other(LocalServer):
    """A server of another version."""

    is_here: bool = False

    def player(self, subject: Subject, tuned: Json | None = None) -> LocalPlayer:
        player = super().player(subject, tuned)
        return _Silent(player.leader, player._catalogue)


@contextmanager
def another_version(side: Side, mutant: str) -> Iterator[LocalServer]:
    with local_server(side, MOMENT, mutants=[mutant]) as server:
        yield _Other(server.side, server.handled, server._stand_in)


@pytest.mark.parametrize(
    ("mutant", "operation", "difference", "means", "cause"),
    [
        (
            NOT_REPEATED,
            "update_password",
            "409 PASSWORD_ALREADY_USED → 200",
            Means.RULE,
            "weavr.password.history",
        ),
        (
            "weavr.password.length/requirements.maximum-minus-1",
            "validate_password",
            "204 without a body → 409 PASSWORD_TOO_LONG",
            Means.RULE,
            "weavr.password.length",
        ),
        (
            "weavr.password.length/after-weavr.password.complexity",
            "update_password",
            "409 PASSWORD_TOO_SHORT → 409 PASSWORD_TOO_SIMPLE",
            Means.ORDER,
            "weavr.password.length weavr.password.complexity",
        ),
        (
            "weavr_multi.logout/unsaved",
            "update_password",
            "401 without a body → 200",
            Means.RULE,
            "weavr.session.known",
        ),
    ],
)
def test_without_a_setting_or_a_mutant_the_rule_or_the_order_that_decided_is_named(
    base: LocalServer, current: Side, *, mutant: str, operation: str, difference: str, means: Means, cause: str
) -> None:
    with another_version(current, mutant) as head:
        found = compare_servers(base, head, [calling("weavr_multi", operation)], PLAN)
    told = {(one.difference, one.cause.means, one.cause.id) for one in found.answers}
    assert (difference, means, cause) in told


def test_a_mail_that_differs_is_told_once_with_the_rule_that_decides_about_it(base: LocalServer, current: Side) -> None:
    with another_version(current, "weavr.mail.changed/gone") as head:
        found = compare_servers(base, head, [calling("weavr_multi", "resume_lost_password")], PLAN)
    mails = [one for one in found.answers if one.where == "mails"]
    told = [one.cause.sentence for one in mails if one.operation == "weavr_multi.resume_lost_password"]
    assert told == ["The rule weavr.mail.changed: it decides about the mail."]


def test_what_cannot_differ_is_not_played(tmp_path: Path) -> None:
    """A proposal about ZITADEL is not played on the others, and one without a behaviour on nobody."""
    text = {"target": "$.info", "update": {"description": "Other words."}}
    with opened("current") as side, opened("current", [overlay(tmp_path, text)]) as head:
        assert compare_behaviour(side, head, PLAN).notes == (
            "Nothing was played: documents and settings of the imitated systems are equal.",
        )
    with opened("current") as side, opened("current", [overlay(tmp_path, setting("entrust", failing=True))]) as head:
        (first, *_) = compare_behaviour(side, head, PLAN).notes
    assert first.startswith("Played on both sides: scenarios (entrust ")


def test_an_operation_at_a_path_that_another_system_answers_has_that_system_played(tmp_path: Path) -> None:
    anybody = {"name": "anybody", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {
        "operationId": "shop.look",
        "tags": ["shop"],
        "parameters": [anybody],
        "responses": {"200": {"description": "Here."}},
    }
    action = {"target": "$.paths", "update": {"/v2/{anybody}": {"post": operation}}}
    added = {"target": "$.tags", "update": {"name": "shop"}}
    with opened("current") as side, opened("current", [overlay(tmp_path, action, added)]) as head:
        (first, *_) = compare_behaviour(side, head, PLAN).notes
    assert first.startswith("Played on both sides: scenarios (zitadel ")


def test_an_operation_that_is_gone_is_told_once(tmp_path: Path) -> None:
    gone = {"target": "$.paths['/passwords/validate']", "remove": True}
    with opened("current") as side, opened("current", [overlay(tmp_path, gone)]) as head:
        found = compare_behaviour(side, head, PLAN)
        named_in = side.content["paths"]["/passwords/validate"]["post"]["operationId"]
    assert [(one.operation, one.difference, one.kind.level) for one in found.answers] == [
        (named_in, "204 without a body → 404 UNKNOWN_PATH", Level.BREAKING)
    ]
    (answer,) = found.answers
    assert (answer.cause.means, answer.cause.sentence) == (Means.DOCUMENT, "The document, the operation is gone.")


def test_an_operation_that_another_version_does_not_have_is_not_blamed_on_a_rule(
    base: LocalServer, tmp_path: Path
) -> None:
    gone = {"target": "$.paths['/passwords/validate']", "remove": True}
    with opened("current", [overlay(tmp_path, gone)]) as side, another_version(side, NOT_REPEATED) as head:
        found = compare_servers(base, head, [calling("weavr_multi", "validate_password")], PLAN)
    (cause,) = [one.cause for one in found.answers if one.operation == "weavr_multi.validate_password"]
    assert (cause.means, cause.sentence) == (Means.DOCUMENT, "The document, the operation is gone.")


def test_a_scenario_ends_at_an_operation_that_only_head_has(tmp_path: Path) -> None:
    gone = {"target": "$.paths['/passwords/validate']", "remove": True}
    with opened("current", [overlay(tmp_path, gone)]) as side, opened("current") as head:
        found = compare_behaviour(side, head, PLAN)
    assert found.answers == ()
    assert any("scenarios end early" in one for one in found.notes)


def test_faults_of_a_document_are_not_its_behaviour(tmp_path: Path) -> None:
    """Clients of the real service never see them."""
    fault = {"match": {"system": "entrust"}, "fault": {"answer": {"status": 503}}}
    action = {"target": "$", "update": {"x-watchword-faults": [fault]}}
    with (
        opened("current") as side,
        opened("current", [overlay(tmp_path, action, setting("entrust", failing=False))]) as head,
    ):
        assert compare_behaviour(side, head, PLAN).answers == ()


def test_documents_that_nobody_imitates_have_no_behaviour(tmp_path: Path) -> None:
    write(tmp_path / "doors.yaml", 'openapi: 3.0.3\ninfo: {title: Doors, version: "1"}\npaths: {}\n')
    ended = run(tmp_path, "diff", "doors.yaml", "doors.yaml")
    said = "No behaviour to compare: BASE and HEAD have no operation that is imitated here."
    assert (ended.exit_code, said in ended.stdout) == (0, True), ended.output
    ended = run(tmp_path, "diff", "doors.yaml", "doors.yaml", "--fail-on", "behaviour")
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_report_names_the_answer_its_cause_and_the_line(tmp_path: Path) -> None:
    overlay(tmp_path, setting("weavr_multi", programme={"history": 3}))
    flags = ("--only", "behaviour", "--walks", "0", "--report", "json=known.json", "--fail-on", "behaviour")
    ended = run(tmp_path, "diff", "+proposal.yaml", *flags)
    assert (ended.exit_code, ended.stderr) == (1, ""), ended.output  # nobody waits at a terminal
    assert ended.stdout.splitlines()[0] == "1 risky: current → +proposal.yaml"
    assert "409 PASSWORD_ALREADY_USED → 200" in ended.stdout
    assert "The setting weavr_multi.programme.history, 5 → 3." in ended.stdout
    (found,) = json.loads((tmp_path / "known.json").read_text())["findings"]
    assert (found["section"], found["operation"], found["head"]["file"]) == (
        "behaviour",
        "POST /passwords/update",
        "proposal.yaml",
    )
    ended = run(tmp_path, "diff", "+proposal.yaml", *flags, "--baseline", "known.json")
    assert (ended.exit_code, "1 accepted" in ended.stdout) == (0, True), ended.output


def test_people_at_a_terminal_are_told_that_it_takes_long(tmp_path: Path) -> None:
    overlay(tmp_path, setting("entrust", failing=True))
    flags = ("--overlay", "proposal.yaml", "--only", "behaviour", "--walks", "0")
    ours, theirs = pty.openpty()
    try:
        ended = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "watchword", "diff", *flags],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            check=False,
        )
        assert os.read(ours, 1000).decode().startswith("The behaviour of entrust is compared …\r\n")
    finally:
        os.close(theirs)
        os.close(ours)
    assert "is compared" not in ended.stdout


def test_a_comparison_that_takes_long_says_how_far_it_is(base: LocalServer, tmp_path: Path) -> None:
    said = list[str]()
    plan = replace(PLAN, walks=1, progress=Progress(said.append, start=lambda: lambda: timedelta(seconds=10)))
    programme = {"history": 3, "root_profile": {"minimum": 10}}
    with (
        opened("current", [overlay(tmp_path, setting("weavr_multi", programme=programme))]) as side,
        local_server(side, MOMENT) as head,
    ):
        compare_servers(base, head, [calling("weavr_multi", "update_password")], plan)
    assert said[0] == "The behaviour of weavr_multi is compared …"
    assert said[1].startswith("weavr_multi: scenario 1 of ")
    assert "weavr_multi: random walks, 0 so far" in said
    assert any(one.startswith("weavr_multi: what makes answers differ, 1 of ") for one in said)


def test_every_run_plays_the_same_walks(tmp_path: Path) -> None:
    """Otherwise a baseline would not hold."""
    overlay(tmp_path, setting("entrust", failing=True))
    flags = ("--only", "behaviour", "--walks", "1", "--fail-on", "never")
    first, second = (run(tmp_path, "diff", "+proposal.yaml", *flags).stdout for _ in range(2))
    assert "1 random walks (--random-seed 0)" in first
    assert first == second


def test_a_running_watchword_shows_another_behaviour_of_the_same_document(current: Side, tmp_path: Path) -> None:
    """On either side; the sandboxes that were made there are gone afterwards."""
    subjects = [calling("weavr_multi", "update_password")]
    with (
        serving(tmp_path, "--mutant", NOT_REPEATED, "--admin-token", "Kettle-34") as served,
        opened(served.url) as side,
        local_server(current, MOMENT) as here,
    ):
        with served_server(side, served.url, token="Kettle-34") as there:  # of this test
            ahead, behind = compare_servers(here, there, subjects, PLAN), compare_servers(there, here, subjects, PLAN)
        left = Watchword(served.url, token="Kettle-34").ask("GET", "/sandboxes")["sandboxes"]
    expected = ("weavr_multi.update_password", "409 PASSWORD_ALREADY_USED → 200", NOT_REPEATED)
    assert expected in named(ahead)
    assert {one.cause.id for one in ahead.answers} == {NOT_REPEATED}
    assert {one.kind.level for one in behind.answers} == {Level.BREAKING}
    assert [one["name"] for one in left] == ["default"]


def test_a_running_watchword_of_this_version_answers_alike(current: Side, tmp_path: Path) -> None:
    subjects = [calling("weavr_multi", "update_password"), calling("entrust", "set_password")]
    with (
        serving(tmp_path) as served,
        opened(served.url) as side,
        local_server(current, MOMENT) as here,
        served_server(side, served.url, token=None) as there,
    ):
        found = compare_servers(here, there, subjects, PLAN)
    assert (found.answers, found.is_compared) == ((), True)


def test_a_running_server_is_not_played_for_an_overlay_that_it_does_not_serve(tmp_path: Path) -> None:
    overlay(tmp_path, setting("weavr_multi", programme={"root_profile": {"minimum": 12}}))
    flags = ("--overlay", "proposal.yaml", "--only", "behaviour", "--walks", "0", "--fail-on", "behaviour")
    with serving(tmp_path) as served:
        ended = run(tmp_path, "diff", served.url, *flags)
    said = f"{served.url} is a running server, which does not serve --overlay proposal.yaml: start one that does"
    assert (ended.exit_code, said in ended.output) == (2, True), ended.output


def test_a_setting_that_a_running_server_cannot_have_alone_is_no_cause_and_ends_nothing(
    current: Side, tmp_path: Path
) -> None:
    """A maximum of 30 contradicts a minimum of 40."""
    profile = "weavr_multi.programme.root_profile"
    flags = ("--set", f"{profile}.minimum=40", "--set", f"{profile}.maximum=50")
    subjects = [calling("weavr_multi", "validate_password")]
    with (
        serving(tmp_path, *flags) as served,
        opened(served.url) as side,
        local_server(current, MOMENT) as here,
        served_server(side, served.url, token=None) as there,
    ):
        found = compare_servers(here, there, subjects, PLAN)
    assert f"{profile}.minimum" in {one.cause.id for one in found.answers}


@dataclass(frozen=True)
class _Answering:
    """A wire to a server that answers everything alike."""

    body: object
    url: str = "http://127.0.0.1:7070"

    def send(self, *_request: object) -> Reply:
        return Reply(200, {}, b"", self.body)


def answered_with(body: Mapping[str, object], document: Document) -> ServedPlayer:
    """A system of another Watchword that answers its control API so."""
    subject = SUBJECTS["entrust"]
    wire = cast("Wire", _Answering({"people": [], **body}))
    system = next(one for one in SYSTEMS if one.name == "entrust")
    return ServedPlayer(subject, system, document, WatchwordTarget(wire, "box", subject))


def test_another_release_that_says_something_else_is_told_as_such(current: Side) -> None:
    player = answered_with({"mutants": [{"id": "a"}]}, Document(dict(current.content), ("entrust",)))
    said = "is a Watchword of another release: it answers GET /__admin/{} in a form that this one does not know"
    with pytest.raises(TargetFailed, match=said.format("settings")):
        player.settings()
    with pytest.raises(TargetFailed, match=said.format("mutants")):
        player.mutants()


@pytest.mark.parametrize(
    "entry",
    [
        {"rules": [], "system": "entrust", "decidedBy": {"kind": "oracle", "id": "entrust.owner"}},
        {"rules": [{}], "system": "entrust", "decidedBy": None},
        {"system": "entrust"},
    ],
    ids=["an unknown kind", "a rule without an id", "no rules"],
)
def test_nothing_is_known_of_what_decided_in_another_release_that_says_it_otherwise(
    current: Side, entry: Mapping[str, object]
) -> None:
    player = answered_with({"entries": [entry]}, Document(dict(current.content), ("entrust",)))
    assert player.decided() == Decided("", None, ())


def test_a_guarded_watchword_is_not_played_on_without_its_token(tmp_path: Path) -> None:
    flags = ("--only", "behaviour", "--fail-on", "behaviour")
    with serving(tmp_path, "--admin-token", "Kettle-34") as served:
        refused = run(tmp_path, "diff", "current", served.url, *flags)
        wrong = run(tmp_path, "diff", "current", served.url, *flags, "--token", "Lantern-42")
    assert (refused.exit_code, wrong.exit_code) == (2, 2), refused.output + wrong.output
    assert "has an admin token: give it with --token or WATCHWORD_ADMIN_TOKEN" in refused.output
    assert "was answered 401" in wrong.output
    assert "Lantern" not in wrong.output
