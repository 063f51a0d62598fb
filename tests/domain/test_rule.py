"""The rule catalogue: every sentence of business behaviour has an id, a source and a switch."""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from watchword.domain.refusal import Refusal
from watchword.domain.rule import (
    ASSUMED,
    DOCUMENTED,
    OBSERVED,
    Rule,
    RuleRecord,
    RuleSwitches,
    Verdict,
    catalogue,
    recording,
    returns,
    returns_argument,
    rule,
)
from watchword.domain.secret import Secret


class TooShort(Refusal):
    """409."""

    status, code = 409, "TOO_SHORT"


@rule(
    "toy.password.length",
    DOCUMENTED,
    "seed 1",
    compares=lambda password, minimum: {"length": len(password.revealed), "minimum": minimum},
)
def check_length(password: Secret, *, minimum: int = 8) -> None:
    """
    A password has
    at least eight characters.

    This is not part of the sentence.
    """
    if len(password.revealed) < minimum:
        raise TooShort


@rule("toy.token.lifetime", OBSERVED, "seen", without=returns(None))
def lifetime(token: Secret, hours: timedelta, *, label: str = "") -> timedelta | None:
    """A token is good for some hours."""
    return hours if token and label != "none" else None


@rule("toy.name.case", ASSUMED, "nobody says so", without=returns_argument("name"))
def fold_case(name: str) -> str:
    """Case does not matter."""
    return name.lower()


@rule("toy.password.digits", ASSUMED, "nobody says so", reports=True)
def find_missing_digit(password: Secret) -> str | None:
    """A password has a digit."""
    return None if any(one.isdigit() for one in password.revealed) else "must have a digit"


@rule("toy.name.label", ASSUMED, "nobody says so", without=returns(""))
def label(name: str, hours: timedelta) -> str:
    """A label is the name in small letters, and how long its token is good."""
    lasts = lifetime(Secret("t"), hours, label=name)
    return f"{fold_case(name)} {lasts}"


def module(**members: object) -> ModuleType:
    made = ModuleType("rules")
    vars(made).update(members)
    return made


def asked_of(*rules: Any, altered: RuleSwitches | None = None) -> RuleRecord:
    """Run *rules*, which are functions without arguments, with a record in force."""
    record = RuleRecord({} if altered is None else altered.altered)
    with recording(record):
        for one in rules:
            one()
    return record


def test_the_first_paragraph_of_the_docstring_is_the_sentence() -> None:
    (found,) = catalogue([module(check_length=check_length)])
    assert found == Rule("toy.password.length", DOCUMENTED, "seed 1", "A password has at least eight characters.")


def test_a_rule_still_decides_and_keeps_its_name_and_defaults() -> None:
    check_length(Secret("12345678"))
    with pytest.raises(TooShort):
        check_length(Secret("1234567"))
    check_length(Secret("1234567"), minimum=7)
    assert check_length.__name__ == "check_length"


def test_all_rules_come_sorted_by_id_and_once_although_they_are_imported_elsewhere() -> None:
    found = catalogue([module(one=check_length, other=lifetime), module(again=check_length, third=fold_case)])
    assert [one.id for one in found] == ["toy.name.case", "toy.password.length", "toy.token.lifetime"]


def test_other_members_of_a_module_are_left_out() -> None:
    assert catalogue([module(LIMIT=5, text="x", function=lambda: None, module=module())]) == ()


def test_two_rules_with_one_id_are_refused() -> None:
    def other(name: str) -> None:
        """Ten characters."""

    with pytest.raises(ValueError, match=r"two rules are called toy\.password\.length"):
        rule("toy.password.length", OBSERVED, "seen")(other)


def test_a_function_without_a_docstring_is_refused() -> None:
    def silent() -> None:
        pass

    with pytest.raises(ValueError, match=r"rule toy\.silent has no sentence: its function needs a docstring"):
        rule("toy.silent", ASSUMED, "nobody")(silent)


def test_a_rule_that_computes_something_says_what_holds_without_it() -> None:
    def compute() -> int:
        """Compute."""
        return 1

    with pytest.raises(ValueError, match=r"rule toy\.compute does not say what holds without it"):
        rule("toy.compute", ASSUMED, "nobody")(compute)


def test_a_rule_needs_named_parameters() -> None:
    def anything(*_names: str) -> None:
        """Anything goes."""

    with pytest.raises(ValueError, match=r"rule toy\.anything: a rule has parameters with names"):
        rule("toy.anything", ASSUMED, "nobody")(anything)


def test_a_record_notes_in_order_what_was_asked_and_what_each_rule_said() -> None:
    hours = timedelta(hours=1)
    record = asked_of(
        lambda: check_length(Secret("12345678")),
        lambda: lifetime(Secret("t"), hours),
        lambda: find_missing_digit(Secret("abc")),
        lambda: find_missing_digit(Secret("abc1")),
    )
    assert [(one.rule.id, one.verdict, one.code) for one in record.asked] == [
        ("toy.password.length", Verdict.HELD, ""),
        ("toy.token.lifetime", Verdict.COMPUTED, ""),
        ("toy.password.digits", Verdict.REFUSED, ""),
        ("toy.password.digits", Verdict.HELD, ""),
    ]


def test_a_refusal_is_noted_with_its_code_and_still_raised() -> None:
    record = RuleRecord()
    with pytest.raises(TooShort), recording(record):
        check_length(Secret("short"))
    (noted,) = record.asked
    assert (noted.verdict, noted.code) == (Verdict.REFUSED, "TOO_SHORT")


@pytest.mark.parametrize("name", ["Ada", "none"], ids=["both say something", "one of those says nothing"])
def test_what_a_rule_says_that_has_asked_others_is_not_taken_for_what_they_said(name: str) -> None:
    hours = timedelta(hours=1)
    record = asked_of(lambda: label(name, hours))
    lasts = None if name == "none" else hours
    assert [(one.rule.id, one.said) for one in record.asked] == [
        ("toy.name.label", f"{name.lower()} {lasts}"),
        ("toy.token.lifetime", lasts),
        ("toy.name.case", name.lower()),
    ]


def test_what_a_rule_says_is_not_taken_for_an_earlier_answer_of_the_same_rule() -> None:
    record = asked_of(lambda: find_missing_digit(Secret("abc1")), lambda: find_missing_digit(Secret("abc")))
    assert [one.said for one in record.asked] == [None, "must have a digit"]


def test_a_record_tells_the_values_that_were_compared_and_no_secret() -> None:
    record = asked_of(lambda: check_length(Secret("Lantern-42")), lambda: lifetime(Secret("t"), timedelta(hours=1)))
    length, computed = record.asked
    assert length.values == {"length": 10, "minimum": 8}
    assert computed.values == {"hours": timedelta(hours=1)}, "texts and secrets do not show by themselves"
    assert "Lantern" not in repr(record.asked)


def test_what_was_asked_in_an_attempt_that_did_not_count_is_forgotten() -> None:
    record = asked_of(lambda: fold_case("A"), lambda: fold_case("B"), lambda: fold_case("C"))
    record.forget_after(1)
    assert len(record.asked) == 1


def test_nothing_is_noted_without_a_record_in_force() -> None:
    record = asked_of(lambda: fold_case("A"))
    fold_case("B")
    with recording(None):
        fold_case("C")
    assert len(record.asked) == 1


def test_a_rule_that_is_switched_off_lets_pass_or_gives_its_neutral_value() -> None:
    switches = RuleSwitches()
    for one in ("toy.password.length", "toy.token.lifetime", "toy.name.case", "toy.password.digits"):
        switches.switch_off(one)
    given: list[object] = []
    record = asked_of(
        lambda: given.append(check_length(Secret("x"))),
        lambda: given.append(lifetime(Secret("t"), timedelta(hours=1))),
        lambda: given.append(fold_case("Ada")),
        lambda: given.append(find_missing_digit(Secret("abc"))),
        altered=switches,
    )
    assert given == [None, None, "Ada", None]
    assert len(record.asked) == 4, "it is still asked"


def test_a_rule_can_be_altered_and_restored() -> None:
    switches = RuleSwitches()
    switches.alter("toy.name.case", lambda name: name.upper())
    given: list[str] = []
    asked_of(lambda: given.append(fold_case("Ada")), altered=switches)
    switches.restore()
    asked_of(lambda: given.append(fold_case("Ada")), altered=switches)
    assert given == ["ADA", "ada"]


def test_an_unknown_rule_cannot_be_switched() -> None:
    with pytest.raises(KeyError, match=r"toy\.nothing"):
        RuleSwitches().switch_off("toy.nothing")
    with pytest.raises(KeyError, match=r"toy\.nothing"):
        RuleSwitches().alter("toy.nothing", lambda: None)
