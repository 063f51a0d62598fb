"""The rule catalogue: every rule has an id, a grade, a source and a sentence."""

from types import ModuleType

import pytest

from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, Rule, catalogue, rule


def module(**members: object) -> ModuleType:
    made = ModuleType("rules")
    vars(made).update(members)
    return made


@rule("toy.password.length", DOCUMENTED, "seed 1")
def long_enough(password: str) -> bool:
    """
    A password has
    at least eight characters.

    This is not part of the sentence.
    """
    return len(password) >= 8


CASE = Rule("toy.password.case", ASSUMED, "nobody says so", "Case matters.")


def test_the_first_paragraph_of_the_docstring_is_the_sentence() -> None:
    (found,) = catalogue([module(long_enough=long_enough)])
    assert found == Rule("toy.password.length", DOCUMENTED, "seed 1", "A password has at least eight characters.")


def test_a_marked_function_still_decides() -> None:
    assert long_enough("12345678")
    assert not long_enough("1234567")


def test_a_constant_is_a_rule_too_and_rules_are_sorted_by_id() -> None:
    found = catalogue([module(long_enough=long_enough), module(CASE=CASE)])
    assert [one.id for one in found] == ["toy.password.case", "toy.password.length"]


def test_a_rule_that_several_modules_import_is_listed_once() -> None:
    assert len(catalogue([module(long_enough=long_enough), module(again=long_enough, CASE=CASE, also=CASE)])) == 2


def test_other_members_of_a_module_are_not_listed() -> None:
    assert catalogue([module(LIMIT=5, text="x", function=lambda: None, module=module())]) == ()


def test_two_rules_with_one_id_are_refused() -> None:
    other = Rule("toy.password.length", OBSERVED, "seen", "Ten characters.")
    with pytest.raises(ValueError, match=r"two rules are called toy\.password\.length"):
        catalogue([module(long_enough=long_enough), module(OTHER=other)])


def test_a_rule_without_a_docstring_is_refused() -> None:
    def silent() -> None:
        pass

    with pytest.raises(ValueError, match=r"rule toy\.silent has no sentence: its function needs a docstring"):
        rule("toy.silent", ASSUMED, "nobody")(silent)
