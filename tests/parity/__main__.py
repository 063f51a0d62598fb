"""
``make parity``: replay everything that was recorded, over every protocol, and say what differs.

Exits with 1 if a difference is unexplained.
"""

import argparse
import asyncio
import fnmatch
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.parity.compare import Difference, shown
from tests.parity.explained import explanation
from tests.parity.recordings import RELEASES, all_cases
from tests.parity.replay import Replayed, replay, server
from tests.parity.verifying import write


@dataclass(frozen=True)
class Judged:
    """One replayed case, with the differences that nobody has explained."""

    replayed: Replayed
    unexplained: Sequence[tuple[int, Difference]]

    @property
    def verdict(self) -> str:
        """Say how alike the case is: equal, explained or unexplained."""
        if self.replayed.equal:
            return "equal"
        return "unexplained" if self.unexplained else "explained"


def judge(replayed: Replayed) -> Judged:
    """Sort out the differences that are explained."""
    case = replayed.case
    return Judged(replayed, [one for one in replayed.differences if explanation(case, one[1]) is None])


def replay_all(pattern: str = "*") -> Iterable[Judged]:
    """Replay the cases whose ids match *pattern*."""
    built = server()
    with asyncio.Runner() as runner:
        for case in all_cases():
            if fnmatch.fnmatchcase(case.id, pattern):
                yield judge(replay(built, runner, case))


def table(judged: Iterable[Judged]) -> str:
    """Count the cases by release and kind."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in judged:
        case = one.replayed.case
        for kind in (case.kind, "all"):
            counts.setdefault((case.release, kind), Counter())[one.verdict] += 1
    lines = [f"{'':8}{'':18}{'equal':>8}{'explained':>12}{'unexplained':>14}"]
    for release in RELEASES:
        kinds = [kind for found, kind in counts if found == release]
        for kind in sorted(kinds, key=lambda one: (one == "all", one)):
            count = counts[release, kind]
            lines.append(f"{release:8}{kind:18}{count['equal']:8}{count['explained']:12}{count['unexplained']:14}")
    return "\n".join(lines)


def main() -> int:
    """Replay, and print equal, explained and unexplained per release."""
    parser = argparse.ArgumentParser(prog="make parity", description=__doc__)
    parser.add_argument("--only", default="*", help="the cases whose id matches, such as 'v4.6/rest: auth*'")
    parser.add_argument("--show", type=int, default=20, help="how many cases with unexplained differences to show (20)")
    parser.add_argument("--verify", action="store_true", help="find which rules the cases decide, and write it down")
    arguments = parser.parse_args()
    if arguments.verify:
        say(f"{len(write())} rules decide recorded cases")
        return 0
    judged = list(replay_all(arguments.only))
    strange = [one for one in judged if one.unexplained]
    for one in strange[: arguments.show]:
        say(one.replayed.case.id)
        for number, difference in one.unexplained:
            say(f"    step {number}, {shown(difference)}")
    say(table(judged))
    return 1 if strange else 0


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
