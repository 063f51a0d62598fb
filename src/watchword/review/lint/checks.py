"""All checks of ours, and what looks for each."""

from collections.abc import Callable, Iterator, Mapping

from watchword.review.finding import Check
from watchword.review.lint import (
    bounds,
    envelopes,
    examples,
    handlers,
    outcomes,
    overlays,
    paths,
    references,
    rules,
    secrets,
)
from watchword.review.lint.linted import Found, Linted
from watchword.review.lint.silencing import IGNORE_UNUSED, IGNORE_WITHOUT_REASON

LOOKS: Mapping[Check, Callable[[Linted], Iterator[Found]]] = {
    outcomes.CODE_WITHOUT_EXAMPLE: outcomes.codes_without_example,
    outcomes.ANSWER_WITHOUT_EXAMPLE: outcomes.answers_without_example,
    outcomes.ANSWER_UNREACHED: outcomes.answers_unreached,
    rules.ANSWER_UNDECLARED: rules.undeclared_answers,
    rules.ANSWER_WITHOUT_RULE: rules.answers_without_rule,
    rules.RULE_WITHOUT_ANSWER: rules.rules_without_answer,
    rules.RULE_UNKNOWN: rules.unknown_rules,
    rules.RULE_UNUSED: rules.unused_rules,
    bounds.BOUND_CONTRADICTS_RULE: bounds.contradicting_bounds,
    bounds.SETTING_CONTRADICTS_BOUND: bounds.contradicting_settings,
    handlers.HANDLER_LOST: handlers.handlers_lost,
    handlers.HANDLER_UNFIT: handlers.handlers_unfit,
    secrets.SECRET_NOT_MARKED: secrets.secrets_not_marked,
    envelopes.SEVERAL_ENVELOPES: envelopes.several_envelopes,
    examples.EXAMPLE_UNFIT: examples.examples_unfit,
    examples.DEFAULT_UNFIT: examples.defaults_unfit,
    paths.PATHS_ALIKE: paths.paths_alike,
    paths.PATHS_OVERLAP: paths.paths_overlap,
    references.FIELD_BESIDE_REFERENCE: references.fields_beside_references,
    overlays.TARGET_WITHOUT_MATCH: overlays.targets_without_match,
    overlays.FIELD_UNKNOWN: overlays.unknown_fields,
}
"""By check, in the order in which they are listed."""
CHECKS: tuple[Check, ...] = (*LOOKS, IGNORE_WITHOUT_REASON, IGNORE_UNUSED)
