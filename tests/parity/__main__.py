"""``make parity``: replay everything that was recorded, and say what differs."""

import argparse
import asyncio
import collections
import fnmatch
import sys

from tests.parity.compare import shown
from tests.parity.recordings import RELEASES, all_cases
from tests.parity.replay import Replayed, replay, server


def main() -> int:
    """Replay, and print equal, explained and unexplained per release."""
    parser = argparse.ArgumentParser(prog="make parity", description=__doc__)
    parser.add_argument("--only", default="*", help="replay the cases whose id matches, such as 'v4.6/rest: auth*'")
    parser.add_argument("--show", type=int, default=20, help="how many unequal cases are shown (20)")
    arguments = parser.parse_args()
    built = server()
    done: list[Replayed] = []
    with asyncio.Runner() as runner:
        for case in all_cases():
            if fnmatch.fnmatchcase(case.id, arguments.only):
                done.append(replay(built, runner, case))
    for one in [one for one in done if not one.equal][: arguments.show]:
        print(one.case.id)
        for number, difference in one.differences:
            print(f"    {number} {shown(difference)}")
    for release in RELEASES:
        by_kind: dict[str, list[bool]] = collections.defaultdict(list)
        for one in done:
            if one.case.release == release:
                by_kind[one.case.kind].append(one.equal)
        for kind, results in by_kind.items():
            print(f"{release:6} {kind:16} {sum(results):4} of {len(results):4} equal")
    places = collections.Counter(
        (one.case.release, difference[0].split(".")[0] if "header" not in difference[0] else difference[0])
        for one in done for _, difference in one.differences
    )
    for place, number in places.most_common(40):
        print(number, *place)
    return 0 if all(one.equal for one in done) else 1


if __name__ == "__main__":
    sys.exit(main())
