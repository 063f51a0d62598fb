"""Serve, load, kill, serve again, compare; over and over with the same directory."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread

from tests.serving import Served, serving
from tests.soak.client import Client, people
from tests.soak.stories import Broken, Story, stories

SHORTEST, LONGEST = 0.02, 0.5
"""Seconds of load before a kill."""


@dataclass(frozen=True)
class Report:
    """
    What came of it.

    Args:
        acknowledged: How many writes were.
        torn: How many starts found a last write that was not finished.
    """

    kills: int
    acknowledged: int
    torn: int


class _Worker(Thread):
    def __init__(self, story: Story, port: int, stop: Event) -> None:
        super().__init__(daemon=True)
        self.story, self.client, self.stop = story, Client(port, story.sandbox), stop
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                before = self.story.acknowledged
                self.story.step(self.client)
                if self.story.acknowledged == before:
                    return  # Not answered: from here on there is a doubt, which `check` settles.
        except Exception as error:  # noqa: BLE001  # told by the main thread
            self.failure = error
        finally:
            self.client.close()


def soak(folder: Path, *, kills: int, seed: int, say: Callable[[str], None] = lambda _line: None) -> Report:
    """
    Kill the server *kills* times.

    Args:
        folder: For data, logs and ports; empty.
        say: Is told how it goes.

    Raises:
        Broken: Something that was acknowledged is not so, or something happened that was not asked for.
    """
    chance = Random(seed)  # noqa: S311  # repeatable, not secret
    with _served(folder) as first:
        cast = people(first.port)
    told, torn = stories(cast, chance), 0
    for number in range(1, kills + 1):
        with _served(folder) as served:
            torn += "was not finished" in served.log.read_text()
            _checked(told, served)
            _loaded_and_killed(told, served, chance.uniform(SHORTEST, LONGEST))
        say(f"kill {number}: {sum(one.acknowledged for one in told)} writes acknowledged, {torn} torn")
    with _served(folder) as served:
        _checked(told, served)
    return Report(kills, sum(one.acknowledged for one in told), torn)


def _served(folder: Path) -> AbstractContextManager[Served]:
    (folder / "port").unlink(missing_ok=True)
    return serving(folder, "--data", str(folder / "data"))


def _checked(told: list[Story], served: Served) -> None:
    for one in told:
        client = Client(served.port, one.sandbox)
        try:
            one.check(client)
        except Broken as broken:
            raise Broken(f"{type(one).__name__}: {broken}") from broken
        finally:
            client.close()


def _loaded_and_killed(told: list[Story], served: Served, seconds: float) -> None:
    stop = Event()
    workers = [_Worker(one, served.port, stop) for one in told]
    for worker in workers:
        worker.start()
    time.sleep(seconds)
    served.process.kill()
    for worker in workers:
        worker.join()
        if worker.failure is not None:
            raise worker.failure
