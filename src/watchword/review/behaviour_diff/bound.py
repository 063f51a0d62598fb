"""HEAD as a server that is no Watchword: it is played as ``watchword test`` plays it, with BASE as the stand-in."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

from watchword.contract.comparison import Difference
from watchword.contract.dry_run import find_problems
from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.in_step import Leader
from watchword.contract.missing_operations import PLACE
from watchword.contract.oracle import Decided
from watchword.contract.run import Assignment, beginning
from watchword.contract.shown_names import without_guesses
from watchword.contract.steps import Call
from watchword.contract.subject import Subject
from watchword.contract.walks import walk
from watchword.domain.rule import Rule
from watchword.review.behaviour_diff.answers import changed_answer
from watchword.review.behaviour_diff.changed_answer import Behaviour, Cause, ChangedAnswer, Means
from watchword.review.behaviour_diff.playing import Observation, tell_played
from watchword.review.behaviour_diff.served import NotPlayable
from watchword.review.behaviour_diff.servers import Json, Server
from watchword.system.settings import list_differences, merge_patch

_NOTHING = Decided("", None, ())
_CODES = "random_codes"
"""The setting that bindings bring even if they say nothing of settings."""


def compare_bound(base: Server, assignment: Assignment, say: Callable[[str], None]) -> Behaviour:
    """
    Play one system on BASE and on a server that bindings describe.

    Args:
        assignment: What HEAD is.
        say: Is told how far it is.

    Raises:
        NotPlayable: BASE does not imitate the system, or somebody is not on HEAD, or a hook of HEAD does not work.
        CannotRun: The address of HEAD cannot be used, or its bindings cannot, or a server is lost on the way.
    """
    subject = assignment.subject
    _check_log_ins(base, subject)
    scenarios, missing = subject.tell(), _missing(base, subject)
    with beginning(assignment, say, partial(_lead, base, subject)) as examination:
        examination.words = lambda finding: _progress(finding, examination)
        if problems := list(find_problems(examination.oracle, examination.target)):
            raise NotPlayable("\n".join(problems))
        examination.target.lacks |= missing
        examination.planned = len(scenarios)
        examination.play(scenarios)
        walk(examination, walks=assignment.walks, random_seed=assignment.random_seed)
        examination.settle()
    told = [one for one in examination.findings if not one.accepted]
    answers = sorted((_answer(one, examination) for one in told), key=lambda one: one.kind.level.rank)
    return Behaviour(tuple(answers), tuple(_notes(examination, assignment, base, sorted(missing))))


def _check_log_ins(base: Server, subject: Subject) -> None:
    """
    Refuse a BASE on which nobody can log in.

    Raises:
        NotPlayable: It does not imitate what that takes.
    """
    calls = [step for steps in subject.log_ins.values() for step in steps if isinstance(step, Call)]
    missing = sorted({one.operation for one in calls} - base.handled)
    if missing:
        told = f"BASE, {base.side.name}, does not imitate {', '.join(missing)}, and nobody can log in without"
        raise NotPlayable(f"{told}: name a document that has it, such as 'current'")


def _missing(base: Server, subject: Subject) -> frozenset[str]:
    """List the operations that BASE does not imitate, by the part of their ids after the dot."""
    called = {one for scenario in subject.tell() for one in scenario.operations}
    return frozenset(called - {one.partition(".")[2] for one in base.handled if one.startswith(f"{subject.system}.")})


def _lead(base: Server, subject: Subject, bound: Json) -> AbstractContextManager[Leader]:
    """Let BASE answer first, set as the bindings say of HEAD, but for what BASE says itself."""
    if base.is_here:
        tuned = merge_patch(bound, _own_settings(base, subject))
    else:  # whoever runs it has set it
        tuned = {name: value for name, value in bound.items() if name == _CODES}
    return nullcontext(base.player(subject, tuned).leader)


def _own_settings(base: Server, subject: Subject) -> Json:
    return base.side.settings.get(subject.system, {})


def _progress(finding: Finding, examination: Examination) -> str:
    one = _answer(finding, examination)
    return f"{'accepted' if finding.accepted else one.kind.level}: {one.place} {one.difference}"


def _answer(finding: Finding, examination: Examination) -> ChangedAnswer:
    """Tell a finding as an answer that differs: what decides on HEAD is not known."""
    rule = next((one for one in examination.oracle.system.catalogue() if one.id == finding.rule), None)
    cause = _cause(finding, rule)
    difference = Difference(finding.place, finding.was, finding.should, finding.is_form)
    replies = None if finding.answers is None else (finding.answers[1], finding.answers[0])
    decided = Decided(cause.id, rule, ())
    observed = Observation(None, finding.played, finding.operation, difference, decided, _NOTHING, replies)
    situations = [finding.title, *sorted(finding.scenarios)] if finding.scenarios else []
    told = changed_answer(observed, cause, examination.oracle)
    return replace(
        told,
        head=replace(told.head, told=_shown(told.head.told, finding, examination.oracle)),
        steps=finding.steps,
        situations=tuple(dict.fromkeys(one.removesuffix(".") for one in situations)),
    )


def _shown(words: str, finding: Finding, oracle: Leader) -> str:
    """Leave out of the *words* about HEAD's answer those names that only the document has for it."""
    if finding.answers is None:
        return words
    return without_guesses(words, finding.answers[0], oracle.operations[finding.operation], oracle)


def _cause(finding: Finding, rule: Rule | None) -> Cause:
    if rule is not None:
        return Cause(Means.RULE, rule.id, f"The rule {rule.id}: BASE keeps it, and HEAD answers otherwise.")
    if finding.place == PLACE:
        return Cause(Means.UNKNOWN, "", "HEAD does not have this operation.")
    if finding.rule == finding.place:
        return Cause(
            Means.UNKNOWN, "", "No rule decides it: answers of HEAD have another form, whatever the operation."
        )
    if finding.rule != finding.operation:
        told = f"The document, at {finding.rule}: BASE keeps to it, and HEAD answers otherwise."
        return Cause(Means.DOCUMENT, finding.rule, told)
    return Cause(Means.UNKNOWN, "", "No rule decides it on BASE; why HEAD answers otherwise is not known.")


def _notes(examination: Examination, assignment: Assignment, base: Server, missing: Sequence[str]) -> Iterator[str]:
    """
    Say what was played, what was not, and why.

    Args:
        missing: Operations that BASE does not imitate.
    """
    subject = assignment.subject
    played = sum(not one.skipped for one in examination.played)
    yield tell_played({subject.system: played}, examination.walks, assignment.random_seed)
    skipped = Counter(one.skipped for one in examination.played if one.skipped)
    if skipped:
        yield f"Not played on HEAD: {_counted(skipped)}."
    if missing:
        yield f"Not imitated by BASE: {', '.join(missing)}."
    if examination.unwalkable and assignment.walks:
        yield f"There were no random walks: {examination.unwalkable}."
    file, accepted = examination.bindings_file, sum(bool(one.accepted) for one in examination.findings)
    if accepted:
        yield f"{accepted} more difference{' is' if accepted == 1 else 's are'} accepted in {file}."
    settings = list_differences(_own_settings(base, subject), examination.oracle.tuned) if base.is_here else ()
    brought = [".".join(path) for path, _, _ in settings if path != (_CODES,)]
    if brought:
        yield f"BASE is set as {file} says of HEAD: {', '.join(brought)}."


def _counted(reasons: Counter[str]) -> str:
    """Count the scenarios that were not played, with the reasons, the most frequent first."""
    number = reasons.total()
    listed = ", ".join(f"{reason}: {count}" for reason, count in reasons.most_common())
    return f"{number} scenario{'' if number == 1 else 's'} ({listed})"
