"""The server as a whole."""

from datetime import timedelta

import pytest

from tests.toy import NOON, toy
from watchword.control.server import Health, ImitatedSystem, Version, check_health, read_version


@pytest.mark.parametrize(
    ("passed", "uptime"),
    [(timedelta(seconds=61.9), timedelta(seconds=61.9)), (timedelta(hours=-1), timedelta(0))],
    ids=["forwards", "the machine's clock was moved back"],
)
def test_the_uptime_is_real_time_and_never_negative(passed: timedelta, uptime: timedelta) -> None:
    assert check_health(version="1", started_at=NOON, now=NOON + passed) == Health("1", uptime)


def test_the_version_names_the_systems() -> None:
    assert read_version([toy()], version="1") == Version("1", (ImitatedSystem("toy", "Toy"),))
