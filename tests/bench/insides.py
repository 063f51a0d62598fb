"""The cost of one hash, one sandbox and one access to the store, without HTTP."""

from collections import defaultdict

from tests.bench.measure import Measure
from tests.bench.run import InsideFailed, Run
from tests.bench.targets import WATCHWORD
from watchword.domain.hashing import Profile

HASHES, SANDBOXES, STORE = "hashes", "sandboxes", "store"
MAKING, CHANGING, MEMORY = "making one", "first change in one", "memory of one after that"


def measure(run: Run) -> None:
    """Measure all three, each in processes of its own."""
    for part, name in ((_hashes, HASHES), (_sandboxes, SANDBOXES), (_store, STORE)):
        run.say(name)
        try:
            part(run)
        except InsideFailed as error:
            run.measures.failed(name, "everything", WATCHWORD, str(error))


def _hashes(run: Run) -> None:
    took: dict[Profile, list[float]] = defaultdict(list)
    for _ in range(run.plan.rounds):
        for profile in Profile:
            took[profile].append(run.inside("hashes", profile.value, 1)["milliseconds"])
    for profile, values in took.items():
        cost = profile.cost
        note = f"{cost.memory} KiB, {cost.time} passes, {cost.lanes} lanes"
        run.measures.add(Measure(HASHES, profile.value, WATCHWORD, "ms", tuple(values), note))


def _sandboxes(run: Run) -> None:
    took: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    few, *more = run.plan.sandboxes
    counts = [(few,)] * (run.plan.rounds - 1) + [(few, *more)]
    for these in counts:
        for found in run.inside("sandboxes", *these):
            took[found["count"]].append((found["making"], found["changing"], found["kib"]))
    for count, values in took.items():
        making, changing, kib = zip(*values, strict=True)
        run.measures.add(
            Measure(SANDBOXES, f"{MAKING}, of {count:,}", WATCHWORD, "ms", making),
            Measure(SANDBOXES, f"{CHANGING}, of {count:,}", WATCHWORD, "ms", changing),
            Measure(SANDBOXES, f"{MEMORY}, of {count:,}", WATCHWORD, "KiB", kib),
        )


def _store(run: Run) -> None:
    for users in run.plan.users:
        found = run.inside("store", users, run.plan.fill_seconds, run.plan.rounds)
        column = f"{users:,} users"
        if "reason" in found:
            run.measures.failed(STORE, "everything", column, found["reason"])
            continue
        for name, values in found.items():
            run.measures.add(Measure(STORE, name, column, "µs", tuple(values)))
