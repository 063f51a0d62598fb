"""What a difference is blamed on: a rule of the vendor's, or what the document says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watchword.contract.comparison import Difference
from watchword.contract.evidence import GRADES, grade_of_code, grade_of_status
from watchword.contract.in_step import Deviation, Leader
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, LookAtMails, Step
from watchword.contract.subject import Subject
from watchword.domain.order import Step as OrderStep
from watchword.domain.rule import Grade, Rule
from watchword.system import System

_INDEX = re.compile(r"/\d+(?=/|$)")
"""The place of a member in a list."""


@dataclass(frozen=True)
class Blame:
    """
    What a difference is blamed on.

    Args:
        id: Of the rule; or the place in the document, or the operation.
        is_titled: Whether the sentence of the scenario says what was found; otherwise *sentence* does.
        is_own: Whether the scenario states just this: a refusal as its point, or a part of the body.
        is_stated: Whether a rule, the document or the step says anything of what differs.
        maker: The id of the rule that makes what differs; empty for none.
        shown: What the sequence shows not to be kept, by id; the same as *id* unless that makes what differs.
    """

    id: str
    grade: Grade
    sentence: str
    source: str
    is_titled: bool
    is_own: bool
    is_stated: bool
    maker: str
    shown: str


def find_blame(deviation: Deviation, operation: str, step: Step, oracle: Leader, scenario: Scenario | None) -> Blame:
    """
    Find what is to blame if a *step*, with an *operation*, was answered otherwise.

    It is what decided in the stand-in; but a scenario says better what its own last step shows. A mail is blamed on the
    rule that makes it, whatever the scenario is about. Of a success a scenario is about no more than it states: a
    value that it does not state is blamed on the rule that makes it, and anything else on no rule.
    """
    place, decided, own = deviation.difference.place, deviation.decided.id, _own_rules(oracle, scenario)
    is_point, states = _is_point(deviation, scenario), bool(decided) or _states(step, place)
    maker = find_maker(deviation.difference, deviation.decided.rules, oracle.subject, own)
    shown = _shown(deviation, own, step, is_point=is_point)
    by_maker = place == "mails" or not states
    rule = (maker or (shown if states else None)) if by_maker else (shown or maker)
    identifier, grade, sentence, source = _of_rule(rule, deviation, operation, oracle)
    is_titled = scenario is not None and (rule in own if rule else is_point and states)
    last = shown or maker
    return Blame(
        identifier,
        max(grade, _documented(deviation.difference, oracle, operation), key=GRADES.index),
        scenario.sentence if scenario is not None and is_titled and rule is None else sentence,
        source,
        is_titled,
        is_own=(is_point and bool(decided) and place in ("status", "code")) or (states and place.startswith("body")),
        is_stated=states or maker is not None,
        maker=maker.id if maker else "",
        shown=last.id if last else decided or operation,
    )


def _of_rule(rule: Rule | None, deviation: Deviation, operation: str, oracle: Leader) -> tuple[str, Grade, str, str]:
    """Say what a rule is, how sure, in a sentence, and from where; None for the document."""
    if rule is None:
        grade = Grade.OBSERVED if deviation.difference.place.startswith("body") else Grade.DOCUMENTED
        described = f"{oracle.operations[operation].method} {oracle.operations[operation].path}"
        sentence = f"{described} is answered as the document says."
        return deviation.decided.id or operation, grade, sentence, "The document"
    place = _place_in_order(oracle.system, operation, rule)
    if place is not None and _refused_otherwise(deviation) and GRADES.index(place.grade) > GRADES.index(rule.grade):
        return rule.id, place.grade, rule.sentence, f"The order of the checks: {place.source}"
    return rule.id, rule.grade, rule.sentence, rule.source


def _own_rules(oracle: Leader, scenario: Scenario | None) -> Sequence[Rule]:
    """List the rules that a scenario is about, in its order."""
    catalogue = {one.id: one for one in oracle.system.catalogue()}
    about = () if scenario is None else (*scenario.proves, *scenario.shows)
    return [catalogue[one] for one in about if one in catalogue]


def _shown(deviation: Deviation, own: Sequence[Rule], step: Step, *, is_point: bool) -> Rule | None:
    """Find the rule that a sequence shows not to be kept."""
    decided = deviation.decided.rule
    if decided is not None and (decided in own or not own or not is_point):
        return decided
    return own[0] if own and (is_point or _is_stated(step)) else None


def _is_point(deviation: Deviation, scenario: Scenario | None) -> bool:
    """Whether a scenario was told for what differs: its last step, or its mails."""
    return scenario is not None and (deviation.step == len(scenario.steps) - 1 or deviation.difference.place == "mails")


def _is_stated(step: Step) -> bool:
    return isinstance(step, LookAtMails) or (
        isinstance(step, Call) and step.expected is not None and step.expected.is_stated
    )


def _states(step: Step, place: str) -> bool:
    """Whether a step says something of a place of the answer: of its status, or of that part of its body."""
    part, _, pointer = place.partition("/")
    if part != "body":
        return part != "secret" and not part.startswith("header ")
    shows = step.expected.shows if isinstance(step, Call) and step.expected is not None else ()
    stated = [f"{_INDEX.sub('/*', one)}/" for one in shows]
    return any(one.startswith(f"/{pointer}/") or f"/{pointer}/".startswith(one) for one in stated)


def find_maker(
    difference: Difference, asked: Sequence[Rule], subject: Subject, own: Sequence[Rule] = ()
) -> Rule | None:
    """Find the rule that makes a mail or a value, among those that were *asked*: a scenario's *own*, or the surest."""
    words = subject.makers(difference.place, difference.change)
    makers = [one for word in words for one in asked if word in one.id.split(".")]
    return next((one for one in makers if one in own), makers[0] if makers else None)


def _documented(difference: Difference, oracle: Leader, operation: str) -> Grade:
    """How sure the document is of the status or the code that should have come."""
    status, *codes = difference.should.split()
    about = oracle.document, oracle.operations[operation], int(status) if status.isdigit() else 0
    match difference.place:
        case "status":
            return grade_of_status(*about)
        case "code":
            return max((grade_of_code(*about, code) for code in codes), key=GRADES.index, default=Grade.DOCUMENTED)
        case _:
            return Grade.DOCUMENTED


def _refused_otherwise(deviation: Deviation) -> bool:
    """Whether both refused, for different reasons: then it is about the order."""
    difference = deviation.difference
    return difference.place in ("status", "code") and difference.was[:1] == difference.should[:1] == "4"


def _place_in_order(system: System, operation: str, rule: Rule) -> OrderStep | None:
    """Find where a rule is asked, and how sure that is; None if its operation has no order of checks."""
    name = operation.partition(".")[2]
    steps = [step for order in system.orders if order.operation == name for step in order.steps]
    return next((step for step in steps if step.rule == rule.id), None)
