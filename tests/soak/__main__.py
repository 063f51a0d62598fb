"""``python -m tests.soak``: hundreds of kills; 1 if anything that was acknowledged is lost."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.run import soak
from tests.soak.stories import Broken


def main() -> int:
    """Run it and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats the same choices")  # noqa: S311
    wanted = parser.parse_args()
    sys.stdout.write(f"seed {wanted.seed}\n")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        try:
            report = soak(Path(name), kills=wanted.kills, seed=wanted.seed, say=_say)
        except Broken as broken:
            sys.stdout.write(f"\nBROKEN (seed {wanted.seed}): {broken}\n")
            return 1
    sys.stdout.write(
        f"\n{report.kills} kills, {report.acknowledged} acknowledged writes, none lost,"
        f" {report.torn} torn last writes noticed, {time.monotonic() - began:.0f} s\n"
    )
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"\r{line}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
