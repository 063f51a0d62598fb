"""How the calls of a story are told."""

import pytest

from watchword.contract.entrust.story import GOOD, Story


def test_a_status_that_is_told_after_what_the_answer_shows_is_refused() -> None:
    story = Story("entrust")
    asked = story.administrator.sets(story.user("member"), GOOD).showing("/parameters", None)
    with pytest.raises(AssertionError, match="say the status first"):
        asked.is_refused(400, "invalid_password")
