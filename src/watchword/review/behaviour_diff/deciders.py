"""What makes an answer differ, as far as the rules say that decided on both sides."""

from watchword.contract.blame import find_maker
from watchword.domain.rule import Rule
from watchword.review.behaviour_diff.changed_answer import Cause, Means
from watchword.review.behaviour_diff.playing import Observation, Playing


def cause_of_rules(observed: Observation, playing: Playing) -> Cause | None:
    """
    Name the rule that only one side keeps, or the checks that the sides make in another order.

    Returns:
        None if no rule decided on either side, and the scenario is not about one.
    """
    one, other = observed.base.rule, observed.head.rule
    if one is not None and other is not None and one.id != other.id:
        if _is_order(one, other, observed, playing):
            told = f"The order of checks: BASE asks {one.id} first, HEAD {other.id}."
            return Cause(Means.ORDER, f"{one.id} {other.id}", told)
        return _broken(one, "BASE refuses by it, and HEAD by another one")
    if one is not None and other is None:
        return _broken(one, "BASE refuses by it, and HEAD does not")
    if other is not None and one is None:
        return _broken(other, "HEAD refuses by it, and BASE does not")
    if one is not None:
        return _broken(one, "both refuse by it, with different answers")
    if observed.difference.place == "mails" and (maker := _maker(observed, playing)) is not None:
        return _broken(maker, "it decides about the mail")
    shown = _shown(observed, playing)
    return None if shown is None else _broken(shown, "the scenario shows it")


def _broken(rule: Rule, how: str) -> Cause:
    return Cause(Means.RULE, rule.id, f"The rule {rule.id}: {how}.")


def _is_order(one: Rule, other: Rule, observed: Observation, playing: Playing) -> bool:
    """Whether both sides make both checks, as far as HEAD is seen to keep BASE's rule elsewhere."""
    name = observed.operation.partition(".")[2]
    checks = {step.rule for order in playing.oracle.system.orders if order.operation == name for step in order.steps}
    return {one.id, other.id} <= checks and one.id in playing.kept


def _shown(observed: Observation, playing: Playing) -> Rule | None:
    """Find the rule that a scenario was told for, if its last step is the one that differs; or that makes a value."""
    known = {one.id: one for one in playing.oracle.system.catalogue()}
    scenario = observed.scenario
    if scenario is not None and len(observed.steps) == len(scenario.steps):
        about = [known[one] for one in (*scenario.proves, *scenario.shows) if one in known]
        if about:
            return about[0]
    return _maker(observed, playing)


def _maker(observed: Observation, playing: Playing) -> Rule | None:
    return find_maker(observed.difference, observed.base.rules, playing.oracle.subject)
