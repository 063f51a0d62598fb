"""Scenarios without the steps that set what differs."""

from datetime import timedelta

from watchword.contract.scenario import Scenario
from watchword.contract.steps import Step, Tune, Wait
from watchword.review.behaviour_diff.knobs import Setting
from watchword.review.behaviour_diff.untuned import AS_SET, untuned

LOCKOUT = Setting("zitadel", ("lockout", "max_password_attempts"), 0, 3)
WAIT = Wait(timedelta(minutes=1))


def scenario(*steps: Step, variant: str = "") -> Scenario:
    return Scenario("zitadel", "wrong_passwords_lock", "lockout", (), (), steps, variant)


def test_a_scenario_is_played_without_the_step_that_sets_what_differs() -> None:
    (one,) = untuned([scenario(Tune({"lockout": {"max_password_attempts": 5}}), WAIT)], [LOCKOUT])
    assert (one.steps, one.variant) == ((WAIT,), AS_SET)


def test_a_scenario_that_sets_something_else_is_not_played_again() -> None:
    assert not list(untuned([scenario(Tune({"lockout": {"show_failures": True}}), WAIT)], [LOCKOUT]))


def test_what_is_told_of_several_releases_is_played_once_if_it_is_the_same_without_them() -> None:
    told = [
        scenario(Tune({"lockout": {"max_password_attempts": number}}), WAIT, variant=variant)
        for number, variant in ((3, "v4.2"), (5, "v4.6"))
    ]
    assert len(list(untuned(told, [LOCKOUT]))) == 1
