"""The time from the start of a process to its first answer, and its memory at that moment."""

from tests.bench.measure import Measure
from tests.bench.processes import NotStarted
from tests.bench.run import Run
from tests.bench.throughput import MEMORY

START, FIRST, AFTER_START = "start", "start to first answer", "after start"


def measure(run: Run) -> None:
    """Start and stop all targets in turns, several times."""
    able = [target for target in run.targets if not target.lacking]
    seconds: dict[str, list[float]] = {target.name: [] for target in able}
    memory: dict[str, list[float]] = {target.name: [] for target in able}
    for number in range(run.plan.starts):
        run.say(f"starts: {number + 1} of {run.plan.starts}")
        for target in able:
            try:
                with run.serving(target) as server:
                    seconds[target.name].append(server.seconds)
                    memory[target.name].append(server.resident())
            except NotStarted as error:
                run.say(f"{target.name}: {error}")
    for target in run.targets:
        name = target.name
        if seconds.get(name):
            run.measures.add(
                Measure(START, FIRST, name, "s", tuple(seconds[name])),
                Measure(MEMORY, AFTER_START, name, "MiB", tuple(memory[name])),
            )
        else:
            run.measures.failed(START, FIRST, name, target.lacking or "it did not start")
