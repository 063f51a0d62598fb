"""Random sequences on a right server of ours, over HTTP: nothing may differ."""

from collections.abc import Callable

from tests.league.broken import BrokenServers
from tests.league.results import Files, Walked
from watchword.contract.run import Assignment, beginning
from watchword.contract.subjects import SUBJECTS
from watchword.contract.walks import walk
from watchword.domain.rule import Grade

_AT_ONCE = 100
"""How many walks are noted at a time."""


def walk_on(servers: BrokenServers, files: Files, *, walks: int, say: Callable[[str], None]) -> None:
    """Walk until there are *walks* sequences, as many with each system, besides those of earlier runs."""
    found = files.walked()
    for name, subject in SUBJECTS.items():
        walked = found.setdefault(name, Walked())
        wanted = -(-walks // len(SUBJECTS))
        while walked.sequences < wanted:
            with servers.serving(None) as url:
                assignment = Assignment(url, subject, level=Grade.ASSUMED)
                with beginning(assignment, say) as examination:
                    walk(
                        examination,
                        walks=min(_AT_ONCE, wanted - walked.sequences),
                        random_seed=walked.random_seed,
                    )
            walked.sequences += examination.walks
            walked.requests += examination.requests
            walked.random_seed += 1
            walked.alarms += [one.sentence for one in examination.findings]
            files.keep_walked(found)
            say(f"{name}: {walked.sequences} of {wanted} sequences, {len(walked.alarms)} differences")
