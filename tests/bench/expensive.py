"""Updates with real hashes: their time compared with one Argon2 computation, and the delay of other requests."""

import sys
from collections import defaultdict

from tests.bench.load import LoadFailed, begun, ended
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server
from tests.bench.run import InsideFailed, Run
from tests.bench.scenarios import reset
from tests.bench.targets import WATCHWORD, Target
from watchword.domain.hashing import Profile

GROUP = "expensive"
HASH = "one Argon2id computation"
UPDATE, PER_HASH = "one update", "update per computation"
ALONE, BESIDE = "validate alone", "validate while updates run"
WHERE = {"on one core": False, "on all cores": True}
"""Whether the server may also use the core of the client, which mostly waits."""
_FORGETFUL = Target("forgetful", "", lambda port: [sys.executable, "-m", "tests.bench.forgetful", str(port)])
"""A server without a cache of digests, for the longest time that an update takes."""
_OTHERS = 4
"""How many connections send updates while another one validates."""


def measure(run: Run) -> None:
    """Measure with OWASP's cost, round by round: a hash, an update, a validation alone, a validation during updates."""
    try:
        _measure(run)
    except (NotStarted, LoadFailed, InsideFailed) as error:
        run.measures.failed(GROUP, UPDATE, WATCHWORD, str(error))


def _measure(run: Run) -> None:
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    refused: dict[str, int] = defaultdict(int)
    for where, everywhere in WHERE.items():
        with run.serving(_FORGETFUL, everywhere=everywhere) as server:
            for number in range(run.plan.rounds):
                run.say(f"expensive hashes {where}: round {number + 1} of {run.plan.rounds}")
                if not everywhere:
                    hashing = run.inside("hashes", Profile.OWASP.value, run.plan.seconds)
                    values[HASH, "ms"].append(hashing["milliseconds"])
                refused[f"{UPDATE} {where}"] += _round(run, server, where, values)
    for (what, unit), these in values.items():
        note = f"{refused[what]} refused" if refused.get(what) else ""
        run.measures.add(Measure(GROUP, what, WATCHWORD, unit, tuple(these), note))
    for where in WHERE:
        hashing, updating = (run.measures.find(GROUP, what, WATCHWORD) for what in (HASH, f"{UPDATE} {where}"))
        if hashing and updating:
            run.measures.add(updating.per(hashing, what=f"{PER_HASH} {where}"))


def _round(run: Run, server: Server, where: str, values: dict[tuple[str, str], list[float]]) -> int:
    """Measure one round; return how many updates were refused, which should be none."""
    target, seconds = run.targets[0], run.plan.seconds
    validate, update = run.scenarios["validate"].script, run.scenarios["update"].script
    updates = run.load(target, server, update, seconds=2 * seconds, connections=1)
    values[f"{UPDATE} {where}", "ms"].append(updates.p50)
    alone = run.load(target, server, validate, seconds=seconds, connections=1)
    reset(server.port, update.sandboxes)
    core = run.cores.client
    others = begun(server, update, core=core, seconds=seconds + 1, folder=run.folder, connections=_OTHERS)
    try:
        beside = run.load(target, server, validate, seconds=seconds, connections=1)
    finally:
        busy = ended(others, seconds=seconds + 1)
    for what, found in ((ALONE, alone), (BESIDE, beside)):
        values[f"{what} {where}, p50", "ms"].append(found.p50)
        values[f"{what} {where}, p99", "ms"].append(found.p99)
    return updates.refused + busy.refused
