"""What a test of a server amounts to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from watchword.contract.examination import Examination
from watchword.contract.scenario import Outcome
from watchword.document.outcomes import named_outcomes

_OUTAGES = (429, 500, 503)
"""Nobody asks a server to fail."""
_DIFFERS = "differs before"
"""Why a rule is not shown: something else is answered otherwise in all its scenarios."""


@dataclass(frozen=True)
class Verdict:
    """
    What a test of a server amounts to.

    Args:
        kept: Ids of rules that were shown and kept, each by a scenario in which nothing differs.
        broken: Ids of rules, or places of the document, that were not kept.
        differing: The same, of grades that do not fail the run, or accepted.
        untestable: Reasons by the ids of rules that no scenario could show here.
        answers: How many documented answers were reached, and how many can be.
        ended: Why the run ended early; empty if it did not.
    """

    kept: frozenset[str]
    broken: frozenset[str]
    differing: frozenset[str]
    untestable: Mapping[str, str]
    skipped: int
    answers: tuple[int, int]
    ended: str = ""

    @property
    def line(self) -> str:
        """The last line of a run."""
        parts = [f"{len(self.kept)} rules kept", f"{len(self.broken)} broken"]
        if self.differing:
            parts.append(f"{len(self.differing)} differing")
        reasons = Counter(self.untestable.values())
        told = ", ".join(reason for reason, _ in reasons.most_common())
        parts.append(f"{len(self.untestable)} not testable{f' ({told})' if told else ''}")
        line = f"{', '.join(parts)}; {self.answers[0]} of {self.answers[1]} answers reached"
        return f"{line}; ended early: {self.ended}" if self.ended else line

    def exit_code(self, *, max_skipped: int | None) -> int:
        """0: kept, 1: broken, 2: ended early, 4: more scenarios than *max_skipped* could not be played."""
        if self.ended:
            return 2
        if self.broken:
            return 1
        return 4 if max_skipped is not None and self.skipped > max_skipped else 0


def judge(examination: Examination) -> Verdict:
    """Sum a test up."""
    failing = {one.rule for one in examination.findings if examination.fails(one)}
    others = {one.rule for one in examination.findings if not one.is_passed} - failing
    kept: set[str] = set()
    untestable: dict[str, str] = {}
    for rule in examination.oracle.system.catalogue():
        about = [one for one in examination.played if rule.id in (*one.scenario.proves, *one.scenario.shows)]
        if rule.id in failing | others or not about:
            continue
        if any(not one.skipped and not one.findings for one in about):
            kept.add(rule.id)
        else:
            untestable[rule.id] = next((one.skipped for one in about if one.skipped), _DIFFERS)
    wanted = _reachable(examination)
    skipped = sum(bool(one.skipped) for one in examination.played)
    answers = len(examination.reached & wanted), len(wanted)
    return Verdict(
        frozenset(kept), frozenset(failing), frozenset(others), untestable, skipped, answers, examination.ended
    )


def _reachable(examination: Examination) -> set[Outcome]:
    """List the documented answers of the operations that scenarios are about, but for those of outages."""
    name = examination.oracle.system.name
    return {
        (operation.id, one.status, one.name)
        for operation in examination.oracle.operations.values()
        if operation.system == name
        for one in named_outcomes(examination.oracle.document, operation)
        if not one.unreachable and one.status not in _OUTAGES
    }
