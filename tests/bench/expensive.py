"""Updates with real hashes: what one takes beside a bare Argon2 computation, and what others notice of it."""

from collections import defaultdict

from tests.bench.load import LoadFailed, begun, ended
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted
from tests.bench.run import InsideFailed, Run
from tests.bench.scenarios import reset
from tests.bench.targets import WATCHWORD, watchword
from watchword.domain.hashing import Profile

GROUP = "expensive"
HASH, UPDATE, PER_HASH = "one Argon2id computation", "one update", "update per computation"
ALONE, BESIDE = "validate alone", "validate while updates run"
_OTHERS = 4
"""Connections that update all the time while others validate over a single one."""


def measure(run: Run) -> None:
    """Measure with OWASP's cost, round by round: a hash, an update, a validation alone, a validation beside updates."""
    try:
        _measure(run)
    except (NotStarted, LoadFailed, InsideFailed) as error:
        run.measures.failed(GROUP, UPDATE, WATCHWORD, str(error))


def _measure(run: Run) -> None:
    target = watchword(Profile.OWASP)
    validate, update = run.scenarios["validate"].script, run.scenarios["update"].script
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    refused = total = 0
    with run.serving(target) as server:
        for number in range(run.plan.rounds):
            run.say(f"expensive hashes: round {number + 1} of {run.plan.rounds}")
            values[HASH, "ms"].append(run.inside("hashes", Profile.OWASP.value, run.plan.seconds)["milliseconds"])
            found = run.load(target, server, update, seconds=2 * run.plan.seconds, connections=1)
            refused, total = refused + found.refused, total + found.requests
            values[UPDATE, "ms"].append(found.p50)
            alone = run.load(target, server, validate, seconds=run.plan.seconds, connections=1)
            reset(server.port, update.sandboxes)
            core, folder = run.cores.client, run.folder
            seconds = run.plan.seconds + 1
            others = begun(server, update, core=core, seconds=seconds, folder=folder, connections=_OTHERS)
            try:
                beside = run.load(target, server, validate, seconds=run.plan.seconds, connections=1)
            finally:
                busy = ended(others, seconds=seconds)
            refused, total = refused + busy.refused, total + busy.requests
            for what, found in ((ALONE, alone), (BESIDE, beside)):
                values[f"{what}, p50", "ms"].append(found.p50)
                values[f"{what}, p99", "ms"].append(found.p99)
    note = f"{refused} of {total} updates refused" if refused else ""
    for (what, unit), these in values.items():
        run.measures.add(Measure(GROUP, what, WATCHWORD, unit, tuple(these), note if what == UPDATE else ""))
    hashing = run.measures.find(GROUP, HASH, WATCHWORD)
    updating = run.measures.find(GROUP, UPDATE, WATCHWORD)
    if hashing and updating:
        run.measures.add(updating.per(hashing, what=PER_HASH))
