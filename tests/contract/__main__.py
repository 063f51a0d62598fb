"""
``python -m tests.contract``: fuzz the server for some minutes and say what was reached.

Exit code 1 if a check failed, or if an operation never gave its 2xx, 409 or 410.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Collection

from tests.contract.run import Result, fuzz, table
from tests.contract.wanted import missing

_ATTEMPTS = 4
_SECONDS_ALONE = 20


def _fuzz_alone(operations: Collection[str], document: str, seed: int, examples: int) -> Result:
    """Fuzz a few *operations*: with many of them chance may leave a status out, and time is better spent on those."""
    chosen = (part for name in sorted(operations) for part in ("--include-operation-id", name))
    # Without links between them there is nothing to do in the stateful phase.
    phases = "examples,coverage,fuzzing"
    return fuzz(document, seed=seed, examples=examples, phases=phases, seconds=_SECONDS_ALONE, more=tuple(chosen))


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeat a run; by default every run has another")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to go on (default: 10)")
    parser.add_argument("--examples", type=int, default=100, help="test cases per operation and round (default: 100)")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**31)
    sys.stdout.write(f"seed {seed} (make fuzz SEED={seed} repeats this run)\n")
    failed = unreached = False
    seconds = int(arguments.minutes * 60)
    for document, share in (("/openapi.json", 0.85), ("/__admin/openapi.json", 0.15)):
        result = fuzz(document, seed=seed, examples=arguments.examples, seconds=max(int(seconds * share), 1))
        sys.stdout.write(f"{result.output}\nstatuses reached in {document}:\n{table(result.reached)}\n")
        reached = {name: Counter(statuses) for name, statuses in result.reached.items()}
        failed = failed or result.code != 0
        for attempt in range(1, _ATTEMPTS + 1):
            gaps = missing(document, reached)
            if not gaps:
                break
            sys.stdout.write("not reached yet: " + ", ".join(gaps) + "\n")
            again = _fuzz_alone({one.partition(" ")[0] for one in gaps}, document, seed + attempt, arguments.examples)
            failed = failed or again.code != 0
            if again.code != 0:
                sys.stdout.write(f"{again.output}\n")
            for name, statuses in again.reached.items():
                reached.setdefault(name, Counter()).update(statuses)
        gaps = missing(document, reached)
        if gaps:
            sys.stdout.write("never reached: " + ", ".join(gaps) + "\n")
        unreached = unreached or bool(gaps)
    sys.stdout.write("fuzzing found failures\n" if failed else "fuzzing found no failures\n")
    if unreached:
        sys.stdout.write("but statuses were never reached: see above\n")
    return 1 if failed or unreached else 0


if __name__ == "__main__":
    sys.exit(main())
