"""
``python -m tests.league``: let testers find mutants, ours and those of others, and write down how many they notice.

What was tried before is not tried again: results are kept in ``tests/league/results`` after each trial, a file for each
tester. Who wants to try one anew removes its file.
"""

import argparse
import sys
from collections.abc import Callable, Mapping

from tests.league.broken import BrokenServers
from tests.league.contracted import Specmatic
from tests.league.drawing import draw_by_kind
from tests.league.fuzzed import Schemathesis
from tests.league.ours import Watchword
from tests.league.ourselves import walk_on
from tests.league.proxied import Prism
from tests.league.results import KEPT, Files
from tests.league.run import League, chosen
from tests.league.tester import Tester
from tests.league.written import PASSING, write

OURS, OURSELVES = "ours", "ourselves"
PEERS: Mapping[str, Callable[[], Tester]] = {"prism": Prism, "specmatic": Specmatic, "schemathesis": Schemathesis}


def main() -> int:
    """Try, write, print."""
    parser = argparse.ArgumentParser(prog="make league", description=__doc__)
    parser.add_argument("--only", action="append", choices=[OURS, *PEERS, OURSELVES], help="only this; repeatable")
    parser.add_argument(
        "--mutants",
        action="append",
        metavar="ID",
        help="only ids that begin so; into reports/league, unless tried again",
    )
    parser.add_argument("--ours", type=int, default=200, help="so many mutants for us (default: 200)")
    parser.add_argument("--peers", type=int, default=40, help="so many for each of the others (default: 40)")
    parser.add_argument("--all", action="store_true", help="all mutants for us")
    parser.add_argument("--walks", type=int, default=10_000, help="sequences against ourselves (default: 10000)")
    parser.add_argument("--again", action="store_true", help="try once more what was not noticed")
    parser.add_argument("--render", action="store_true", help="try nothing, write the last results again")
    given = parser.parse_args()
    files = Files(PASSING if given.mutants and not given.again else KEPT)
    if not given.render:
        _play(given, files)
    for path in write(files):
        sys.stderr.write(f"wrote {path}\n")
    return 0


def _play(given: argparse.Namespace, files: Files) -> None:
    servers = BrokenServers()
    league = League(servers, _say, files, again=given.again)
    drawn = draw_by_kind(servers.mutants)
    wanted = set(given.only or (OURS, *PEERS, OURSELVES))
    players: list[tuple[Tester, int]] = []
    if OURS in wanted:
        players.append((Watchword(), len(drawn) if given.all else given.ours))
    players += [(peer(), given.peers) for name, peer in PEERS.items() if name in wanted]
    for tester, number in players:
        league.let_play(tester, chosen(drawn, given.mutants) if given.mutants else drawn[:number])
    if OURSELVES in wanted and not given.mutants:
        walk_on(servers, files, walks=given.walks, say=_say)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
