"""The shell script of a finding does what was done: with what was gained, and without what was refused."""

from pathlib import Path

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi, write_bindings
from watchword.contract.bindings import read_bindings
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.contract.values import Joined, Shortened
from watchword.contract.weavr.story import GOOD, SECOND, Story

SILENT = "no mail says that a password has changed"
HEADERS = """
[server.headers]
X-Gateway = "$GATEWAY"
X-Tier = "test"
"""


def replay(examine: Examine, story: Story) -> list[str]:
    """Play a story whose last step differs, and read the calls of its script."""
    run = examine()
    run.play([Scenario("weavr_multi", "a_story", "Replay", (), (), tuple(story.steps))])
    (found,) = run.findings
    assert len(found.steps) == len(story.steps)
    return [line for line in found.replay if "curl" in line]


def test_what_was_refused_gives_no_token_and_no_password(examine: Examine, multi: Multi) -> None:
    story = Story("weavr_multi")
    member = story.person("member")
    member.logs_in()
    member.enters_wrong_password()
    member.updates("short").is_refused("PASSWORD_TOO_SHORT")
    member.updates(GOOD)
    multi.defect = SILENT
    logs_in, refused, short, updates = replay(examine, story)
    assert "TOKEN_OF_MEMBER_0=$(" in logs_in
    assert "TOKEN_OF_MEMBER" not in refused
    assert (short.count("${TOKEN_OF_MEMBER_0}"), updates.count("${TOKEN_OF_MEMBER_0}")) == (1, 1)
    assert (short.count("Teapot-12-blue"), updates.count("Teapot-12-blue")) == (1, 1)


def test_a_password_that_was_set_is_the_old_one_of_the_next_update(examine: Examine, multi: Multi) -> None:
    story = Story("weavr_multi")
    newcomer = story.person("newcomer")
    newcomer.creates(GOOD)
    newcomer.updates(SECOND)
    multi.defect = SILENT
    creates, updates = replay(examine, story)
    assert "TOKEN_OF_NEWCOMER_0=$(" in creates
    assert updates.index(GOOD) < updates.index(SECOND)


def test_a_dollar_sign_in_a_password_is_no_variable(examine: Examine, multi: Multi) -> None:
    story = Story("weavr_multi")
    newcomer = story.person("newcomer")
    newcomer.creates("Dollar-$HOME-1")
    newcomer.updates("Dollar-$HOME-2")
    multi.defect = SILENT
    creates, updates = replay(examine, story)
    assert """-d '{"password":{"value":"Dollar-$HOME-1"}}'""" in creates
    assert """-d '{"oldPassword":{"value":"Dollar-$HOME-1"},"newPassword":{"value":"Dollar-$HOME-2"}}'""" in updates


def test_a_value_without_its_last_character_is_written_so_whether_it_is_known_or_a_variable(
    examine: Examine, multi: Multi
) -> None:
    story = Story("weavr_multi")
    member = story.person("member")
    member.logs_in()
    member.validates(Shortened(member.login))
    member.logs_out(headers={"Authorization": Joined(("Bearer ", Shortened(member.token())))})
    member.updates(GOOD)
    multi.defect = SILENT
    _, known, variable, _ = replay(examine, story)
    assert '"member@other.exampl"' in known
    assert "Bearer ${TOKEN_OF_MEMBER_0%?}" in variable


def test_headers_of_the_bindings_are_sent_with_the_names_of_their_variables(
    examine: Examine, multi: Multi, tmp_path: Path
) -> None:
    file, subject = tmp_path / "bindings.toml", SUBJECTS["weavr_multi"]
    file.write_text(write_bindings() + HEADERS, encoding="utf-8")
    run = examine()
    run.target = target = read_bindings(file, subject, {"GATEWAY": "Nutmeg-7"}).target(run.url)
    multi.defect = "a code can be used twice"
    run.play([one for one in subject.tell() if one.name == "a_code_is_used_up_by_the_password_that_it_sets"])
    target.close()
    calls = [line for line in run.findings[0].replay if "curl" in line]
    assert len(calls) == 3
    assert all('-H "X-Gateway: ${GATEWAY}"' in one and "-H 'X-Tier: test'" in one for one in calls)
