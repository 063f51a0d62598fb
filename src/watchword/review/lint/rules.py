"""Rules: those that the document names exist, and rules and answers belong together."""

from collections.abc import Iterator

from watchword.document.outcomes import named_outcomes
from watchword.review.decided import decided, deciding_rules, outcome_name, outcome_words
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, steps_of, steps_of_outcome

RULE_UNKNOWN = Check(
    "rule-unknown",
    Severity.ERROR,
    "A rule that does not exist decides nothing, so the behaviour that a reader expects is not there.",
)
RULE_UNUSED = Check(
    "rule-unused",
    Severity.WARNING,
    "A rule that no operation names is behaviour that no reader of the document knows of.",
)
RULE_WITHOUT_ANSWER = Check(
    "rule-without-answer",
    Severity.ERROR,
    "A rule whose answer is not declared surprises every client that trusts the document.",
)
ANSWER_WITHOUT_RULE = Check(
    "answer-without-rule",
    Severity.ERROR,
    "A reader of the document has to see which rule decides an answer.",
)
ANSWER_UNDECLARED = Check(
    "answer-undeclared",
    Severity.ERROR,
    "An answer that is given and not declared surprises every client that trusts the document.",
)


def unknown_rules(linted: Linted) -> Iterator[Found]:
    """Look at the rules that operations name."""
    known = {rule.id for system in linted.systems.values() for rule in system.catalogue()}
    for operation in linted.document.operations.values():
        for number, rule in enumerate(operation.rules if operation.system in linted.systems else ()):
            if rule not in known:
                told = f"{operation.id} names {rule}, but there is no such rule (watchword rules lists them)."
                yield Found((*steps_of(operation), "x-rules", str(number)), told)


def unused_rules(linted: Linted) -> Iterator[Found]:
    """Look at the rules of the systems."""
    named = {rule for one in linted.document.operations.values() for rule in one.rules}
    unused = {rule.id for system in linted.systems.values() for rule in system.catalogue()} - named
    yield from (Found(("paths",), f"No operation names the rule {one} in its x-rules.") for one in sorted(unused))


def undeclared_answers(linted: Linted) -> Iterator[Found]:
    """Look at the answers that are given, and that no rule of the operation decides."""
    yield from (found for ruled, found in _undeclared(linted) if not ruled)


def rules_without_answer(linted: Linted) -> Iterator[Found]:
    """Look at the answers that rules of the operation give."""
    yield from (found for ruled, found in _undeclared(linted) if ruled)


def _undeclared(linted: Linted) -> Iterator[tuple[bool, Found]]:
    """Yield the answers that are given and not declared, and whether a rule that the operation names gives it."""
    for operation in linted.imitated():
        declared = {outcome_name(one.status, one.name) for one in named_outcomes(linted.document, operation)}
        for outcome, deciders in decided().get(operation.id, {}).items():
            if outcome not in declared:
                own = [one for one in deciding_rules(deciders) if one in operation.rules]
                by = f"The rule {own[0]}" if own else "The stand-in"
                told = f"{by} answers {operation.id} with {outcome_words(outcome)}, which is not declared."
                status, name = outcome.split(" ", 1)
                yield bool(own), Found(steps_of_outcome(linted, operation, status, name), told)


def answers_without_rule(linted: Linted) -> Iterator[Found]:
    """Look at the answers that rules decide."""
    for operation in linted.imitated():
        deciders = decided().get(operation.id, {})
        for one in named_outcomes(linted.document, operation):
            outcome = outcome_name(one.status, one.name)
            for rule in deciding_rules(deciders.get(outcome, ())):
                if rule not in operation.rules:
                    words = outcome_words(outcome)
                    told = f"The answer {words} of {operation.id} is decided by {rule}, which x-rules does not name."
                    yield Found((*steps_of(operation), "x-rules"), told)
