"""``python -m tests.soak``: hundreds of kills; exits with 1 if an acknowledged write is lost."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.run import soak
from tests.soak.stories import Broken


def main() -> int:
    """Run the soak test and report the result."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--kills", type=int, default=500)
    chosen = random.randrange(10**6)  # noqa: S311  # not a secret
    parser.add_argument("--seed", type=int, default=chosen, help="random seed, to repeat the same choices")
    arguments = parser.parse_args()
    sys.stdout.write(f"random seed {arguments.seed}\n")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        try:
            result = soak(Path(name), kills=arguments.kills, random_seed=arguments.seed, report=_report)
        except Broken as broken:
            sys.stdout.write(f"\nBROKEN (random seed {arguments.seed}): {broken}\n")
            return 1
    sys.stdout.write(
        f"\n{result.kills} kills, {result.acknowledged} acknowledged writes, none lost,"
        f" {result.unfinished} unfinished last writes dropped, {time.monotonic() - began:.0f} s\n"
    )
    return 0


def _report(line: str) -> None:
    sys.stdout.write(f"\r{line}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
