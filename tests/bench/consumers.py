"""What a consumer's test pays for a sandbox of its own: set up before it, dropped after it."""

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import httpx

from tests.bench.measure import Measure
from tests.bench.processes import NotStarted
from tests.bench.run import Run
from tests.bench.targets import WATCHWORD
from watchword.client import Watchword, WatchwordError
from watchword.own_server import CannotStart, OwnServer

GROUP = "consumers"
SETTING_UP = "set-up of a test's sandbox"
FINDING, DROPPING = "finding somebody there, which makes it", "dropping it, when it has sent a mail"
T = TypeVar("T")
_TESTS = 50
"""How many there are in each round."""
_FORGET = "/multi/passwords/lost_password/start"


def measure(run: Run) -> None:
    """Set sandboxes up and drop them, as the pytest plugin does for each test."""
    run.say(GROUP)
    try:
        server = OwnServer()
    except (CannotStart, NotStarted) as error:
        run.measures.failed(GROUP, "everything", WATCHWORD, str(error))
        return
    try:
        client = Watchword(server.url)
        rounds = [_round(client, number) for number in range(run.plan.rounds)]
        client.close()
    except WatchwordError as error:
        run.measures.failed(GROUP, "everything", WATCHWORD, str(error))
        return
    finally:
        server.stop()
    for what, values in zip((SETTING_UP, FINDING, DROPPING), zip(*rounds, strict=True), strict=True):
        run.measures.add(Measure(GROUP, what, WATCHWORD, "ms", values))


def _round(client: Watchword, number: int) -> tuple[float, float, float]:
    """Give the medians of setting up, finding and dropping, in milliseconds."""
    took: tuple[list[float], list[float], list[float]] = ([], [], [])
    with httpx.Client(base_url=client.url) as sending:
        for test in range(_TESTS):
            name = f"tests/test_round_{number}.py::test_{test}"
            box = _timed(lambda name=name: client.sandbox(name), took[0])  # type: ignore[misc]  # bound at once
            ada = _timed(lambda box=box: box.person_named("weavr_multi", "ada"), took[1])  # type: ignore[misc]  # as above
            sending.post(_FORGET, json={"email": ada.login}, headers={**ada.headers, **box.headers})
            _timed(box.drop, took[2])
    return median(took[0]), median(took[1]), median(took[2])


def _timed(do: Callable[[], T], took: list[float]) -> T:
    began = time.perf_counter()
    done = do()
    took.append((time.perf_counter() - began) * 1000)
    return done
