"""A few random kills; ``make soak`` has hundreds."""

import random
from pathlib import Path

import pytest

from tests.soak.run import soak
from tests.soak.stories import Broken, Doubtful

KILLS = 8


def test_everything_that_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    report = soak(tmp_path, kills=KILLS, seed=random.randrange(10**6))  # noqa: S311
    assert report.kills == KILLS
    assert report.acknowledged > KILLS * 10


def test_the_ledger_notices_what_is_lost() -> None:
    """The proof itself can fail."""
    one = Doubtful(3, 4)
    one.confirm(4, "it")
    assert (one.known, one.doubt) == (4, None)
    with pytest.raises(Broken, match="it is 3, and should be 4 or None"):
        one.confirm(3, "it")
