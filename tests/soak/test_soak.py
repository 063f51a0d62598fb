"""A few random kills; ``make soak`` makes hundreds."""

import random
from pathlib import Path

import pytest

from tests.soak.run import soak
from tests.soak.stories import Broken, Doubtful

KILLS = 8


def test_acknowledged_writes_survive_kills(tmp_path: Path) -> None:
    report = soak(tmp_path, kills=KILLS, random_seed=random.randrange(10**6))  # noqa: S311
    assert report.kills == KILLS
    assert report.acknowledged > KILLS * 10


def test_a_lost_write_is_noticed() -> None:
    """The check itself can fail."""
    one = Doubtful(3, 4)
    one.confirm(4, "it")
    assert (one.known, one.doubt) == (4, None)
    with pytest.raises(Broken, match="it is 3 instead of 4 or None"):
        one.confirm(3, "it")
