"""What a test of a server amounts to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from watchword.contract.examination import Examination
from watchword.contract.scenario import Outcome
from watchword.document.outcomes import named_outcomes

_OUTAGES = (429, 500, 503)
"""Nobody asks a server to fail."""
_SHOWN_REASONS = 3
_DIFFERS = "something before it differs"
"""Why a rule is not shown: something else is answered otherwise in the scenarios of it that were played."""


@dataclass(frozen=True)
class Verdict:
    """
    What a test of a server amounts to.

    Args:
        kept: Ids of rules that were shown and kept, each by a scenario in which nothing differs.
        broken: Ids of rules, or places of the document, that were not kept.
        differing: The same, observed ones that do not fail the run.
        noted: The same, assumed ones.
        accepted: The same, with which somebody lives.
        untestable: Reasons by the ids of rules that no scenario could show here.
        answers: How many documented answers were reached, and how many can be.
        ended: Why the run ended early; empty if it did not.
    """

    kept: frozenset[str]
    broken: frozenset[str]
    differing: frozenset[str]
    noted: frozenset[str]
    accepted: frozenset[str]
    untestable: Mapping[str, str]
    skipped: int
    answers: tuple[int, int]
    ended: str = ""

    @property
    def line(self) -> str:
        """The last line of a run."""
        parts = [f"{len(self.kept)} rules kept", f"{len(self.broken)} broken"]
        lighter = {"differing": self.differing, "noted": self.noted, "accepted": self.accepted}
        parts += [f"{len(some)} {word}" for word, some in lighter.items() if some]
        parts.append(f"{len(self.untestable)} not testable{f' ({self._reasons})' if self.untestable else ''}")
        line = f"{', '.join(parts)}; {self.answers[0]} of {self.answers[1]} answers reached"
        return f"{line}; ended early: {self.ended}" if self.ended else line

    @property
    def _reasons(self) -> str:
        """The dearest reasons for which rules could not be tested, and how many rules each is about."""
        reasons = Counter(self.untestable.values()).most_common()
        told = [f"{reason}: {number}" for reason, number in reasons[:_SHOWN_REASONS]]
        left = len(reasons) - len(told)
        return ", ".join(told) + (f", and {left} more, in the reports" if left else "")

    @property
    def advice(self) -> str:
        """What somebody should know who sees only that the run has not failed; empty for nothing."""
        if not self.differing or self.broken or self.ended:
            return ""
        return "Differing findings do not fail the run; with --level observed they do."

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
    lighter: dict[str, frozenset[str]] = {}
    counted = set(failing)
    for word in ("differs", "note", "accepted"):
        some = {one.rule for one in examination.findings if examination.verdict_of(one) == word and not one.is_passed}
        lighter[word] = frozenset(some - counted)
        counted |= some
    kept: set[str] = set()
    untestable: dict[str, str] = {}
    for rule in examination.oracle.system.catalogue():
        # Without the rule, a scenario that shows it may be answered the same.
        about = [one for one in examination.played if rule.id in one.scenario.proves] or [
            one for one in examination.played if rule.id in one.scenario.shows
        ]
        if rule.id in failing | others or not about:
            continue
        if any(not one.skipped and not one.findings for one in about):
            kept.add(rule.id)
        else:
            is_other = any(one.findings and not one.skipped for one in about)
            untestable[rule.id] = _DIFFERS if is_other else about[0].skipped
    wanted = _reachable(examination)
    skipped = sum(bool(one.skipped) for one in examination.played)
    answers = len(examination.reached & wanted), len(wanted)
    return Verdict(
        kept=frozenset(kept),
        broken=frozenset(failing),
        differing=lighter["differs"],
        noted=lighter["note"],
        accepted=lighter["accepted"],
        untestable=untestable,
        skipped=skipped,
        answers=answers,
        ended=examination.ended,
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
