"""How the calls of a story are told."""

from datetime import timedelta

import pytest

from watchword.contract.entrust.story import GOOD, Story
from watchword.contract.steps import Call


def test_a_status_that_is_told_after_what_the_answer_shows_is_refused() -> None:
    story = Story("entrust")
    asked = story.administrator.sets(story.user("member"), GOOD).showing("/parameters", None)
    with pytest.raises(AssertionError, match="say the status first"):
        asked.is_refused(400, "invalid_password")


def test_an_application_of_entrust_whose_secret_was_refused_has_no_token_yet() -> None:
    story = Story("entrust")
    administrator, member = story.administrator, story.user("member")
    administrator.authenticates(sharedSecret="wrong").is_refused(401, "invalid_credentials")
    administrator.reads(member)
    story.wait(timedelta(hours=1))
    administrator.reads(member)
    assert [step.operation.partition(".")[2] for step in story.steps if isinstance(step, Call)] == [
        *("authenticate", "authenticate", "get_password"),
        *("authenticate", "get_password"),
    ]
