"""
Two equal sides answer alike: ``python -m tests.review.equal_sides`` walks on them a thousand times.

Whatever it finds would be a finding of ``watchword diff`` about a proposal that changes nothing.
"""

import argparse
import sys

from watchword.contract.subjects import SUBJECTS
from watchword.domain.chance import new_random_seed
from watchword.review.behaviour_diff.changed_answer import Behaviour
from watchword.review.behaviour_diff.comparing import Plan, compare_servers
from watchword.review.behaviour_diff.servers import local_server
from watchword.review.sides import opened


def compare_equal(*, walks: int, random_seed: int) -> Behaviour:
    """Play all scenarios of all systems, and walks, on two servers of this version."""
    plan = Plan(walks, random_seed)
    with (
        opened("current") as side,
        local_server(side, plan.moment, random_seed=random_seed) as base,
        local_server(side, plan.moment, random_seed=random_seed + 1) as head,
    ):
        return compare_servers(base, head, list(SUBJECTS.values()), plan)


def main() -> int:
    """Compare, and tell what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=1_000, help="of each system")
    parser.add_argument("--random-seed", type=int, default=new_random_seed())
    chosen = parser.parse_args()
    found = compare_equal(walks=chosen.walks, random_seed=chosen.random_seed)
    for one in found.answers:
        sys.stdout.write(f"{one.place}: {one.difference}; {'; '.join(one.steps)}\n")
    told = " ".join(found.notes)
    sys.stdout.write(f"{len(found.answers)} answers differ (--random-seed {chosen.random_seed}). {told}\n")
    return int(bool(found.answers))


if __name__ == "__main__":
    sys.exit(main())
