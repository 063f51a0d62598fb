"""Start the server, send load, kill it, start it again and check its data, many times with the same directory."""

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
    The result.

    Args:
        acknowledged: How many writes were acknowledged.
        unfinished: How many starts dropped a last write that was not finished.
    """

    kills: int
    acknowledged: int
    unfinished: int


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
                    return  # no answer: `check` finds out whether the write has happened
        except Exception as error:  # noqa: BLE001  # the main thread raises it
            self.failure = error
        finally:
            self.client.close()


def soak(folder: Path, *, kills: int, random_seed: int, report: Callable[[str], None] = lambda _line: None) -> Report:
    """
    Kill the server *kills* times.

    Args:
        folder: An empty directory for data, logs and ports.
        report: Called with a line about the progress.

    Raises:
        Broken: An acknowledged write is lost, or something has changed that no client asked for.
    """
    chance = Random(random_seed)  # noqa: S311  # repeatable, not secret
    with _serve(folder) as first:
        cast = people(first.port)
    clients, unfinished = stories(cast, chance), 0
    for number in range(1, kills + 1):
        with _serve(folder) as served:
            unfinished += "was not finished" in served.log.read_text()
            _check(clients, served)
            _load_and_kill(clients, served, chance.uniform(SHORTEST, LONGEST))
        report(
            f"kill {number}: {sum(one.acknowledged for one in clients)} writes acknowledged, {unfinished} unfinished"
        )
    with _serve(folder) as served:
        _check(clients, served)
    return Report(kills, sum(one.acknowledged for one in clients), unfinished)


def _serve(folder: Path) -> AbstractContextManager[Served]:
    (folder / "port").unlink(missing_ok=True)
    return serving(folder, "--data", str(folder / "data"))


def _check(clients: list[Story], served: Served) -> None:
    for one in clients:
        client = Client(served.port, one.sandbox)
        try:
            one.check(client)
        except Broken as broken:
            raise Broken(f"{type(one).__name__}: {broken}") from broken
        finally:
            client.close()


def _load_and_kill(clients: list[Story], served: Served, seconds: float) -> None:
    stop = Event()
    workers = [_Worker(one, served.port, stop) for one in clients]
    for worker in workers:
        worker.start()
    time.sleep(seconds)
    served.process.kill()
    for worker in workers:
        worker.join()
        if worker.failure is not None:
            raise worker.failure
