"""Values between two bounds: which numbers, and what a scenario has instead."""

from collections.abc import Mapping
from typing import Any

import pytest

from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Expected
from watchword.contract.values import Kept
from watchword.document import Document, Operation
from watchword.review.behaviour_diff.between import Bound, between
from watchword.review.behaviour_diff.knobs import Setting


@pytest.mark.parametrize(
    ("keyword", "base", "head", "numbers"),
    [
        ("minLength", 8, 12, (8, 11)),
        ("minLength", 12, 8, (8, 11)),
        ("minLength", 8, 9, (8,)),
        ("minLength", None, 3, (0, 2)),
        ("maxLength", 30, 64, (31,)),
        ("maxLength", None, 64, (65,)),
        ("minimum", -5, 5, (-5, 4)),
    ],
)
def test_numbers_between_are_those_that_only_one_side_accepts(
    keyword: str, base: int | None, head: int | None, numbers: tuple[int, ...]
) -> None:
    assert Bound(keyword, base, head).between == numbers


def operations(**properties: Mapping[str, Any]) -> Mapping[str, Operation]:
    schema = {"type": "object", "properties": properties}
    operation = {
        "operationId": "shop.paint",
        "tags": ["shop"],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Painted."}},
    }
    content = {
        "openapi": "3.0.3",
        "info": {"title": "Doors", "version": "1"},
        "tags": [{"name": "shop"}],
        "paths": {"/doors": {"post": operation}},
    }
    return Document(content, ("shop",)).operations


def paints(status: int = 200, **body: Any) -> Call:
    return Call("somebody paints a door", "shop.paint", body=body, expected=Expected((status,)))


def scenario(*steps: Call) -> Scenario:
    return Scenario("shop", "a_door_is_painted", "doors", ("shop.colour",), (), steps)


@pytest.mark.parametrize(
    ("keywords", "sent", "instead", "sentence"),
    [
        (("maxLength", 4, 2), "teal", "tea", "A door is painted (with 3 characters)."),
        (("minLength", 4, 6), "Teal-7-blue", "Te-7", "A door is painted (with 4 characters)."),
        (("minLength", 0, 3), "teal", "", "A door is painted (with 0 characters)."),
        (("maxLength", 2, 9), "", "xxx", "A door is painted (with 3 characters)."),
        (("maximum", 9, 5), 3, 6, "A door is painted (with 6)."),
        (("maxItems", 3, 1), ["red"], ["red", "red"], "A door is painted (with 2 items)."),
    ],
    ids=["a text", "a text of several kinds of characters", "a text of none", "an empty text", "a number", "a list"],
)
def test_a_scenario_has_a_value_between_both_bounds(
    keywords: tuple[str, int, int], sent: object, instead: object, sentence: str
) -> None:
    keyword, base, head = keywords
    sides = operations(colour={keyword: base}), operations(colour={keyword: head})
    first, *_ = between([scenario(paints(colour=sent))], [], *sides)
    (call,) = first.steps
    assert isinstance(call, Call)
    assert (call.body, first.sentence, first.proves) == ({"colour": instead}, sentence, ())


@pytest.mark.parametrize(
    ("keyword", "base", "head", "instead", "words"),
    [
        ("minLowercase", 1, 3, "TeXX-7-XXXX", "with 1 lower-case letter"),
        ("minUppercase", 0, 1, "xeal-7-blue", "with 0 upper-case letters"),
        ("minDigits", 0, 1, "Teal-x-blue", "with 0 digits"),
        ("minOthers", 1, 2, "Teal-7xblue", "with 1 special character"),
        ("kindsOfCharacters", 3, 4, "Tealx7xblue", "with 3 character types"),
        ("kindsOfCharacters", 3, 2, "Tealxxxblue", "with 2 character types"),
    ],
)
def test_a_password_has_characters_of_a_kind_between_both_bounds(
    keyword: str, base: int, head: int, instead: str, words: str
) -> None:
    side = operations(colour={"x-bounds": [{"rule": "shop.colour", keyword: base, "setting": "kinds"}]})
    found, *_ = between([scenario(paints(colour="Teal-7-blue"))], [Setting("shop", ("kinds",), base, head)], side, side)
    assert (found.steps, found.variant) == ((paints(colour=instead),), words)


def test_a_setting_bounds_the_values_of_which_the_document_says_so() -> None:
    mark = {"rule": "shop.colour", "maxLength": 9, "setting": "colours.longest"}
    side = operations(colour={"x-bounds": [mark]}, name={})
    setting = Setting("shop", ("colours", "longest"), 9, 2)
    (found,) = between([scenario(paints(colour="teal", name="teal door"))], [setting], side, side)
    assert found.steps == (paints(colour="tea", name="teal door"),)


def test_a_text_is_another_wherever_it_stands_and_no_step_follows() -> None:
    sides = operations(colour={"maxLength": 9}), operations(colour={"maxLength": 2})
    first = paints(400, colour="teal")
    (found,) = between([scenario(first, paints(colour="teal"), paints(400, colour="blue"))], [], *sides)
    assert found.steps == (paints(400, colour="tea"), paints(colour="tea"))


@pytest.mark.parametrize(
    "call",
    [paints(409, colour="teal"), paints(colour=Kept("the colour")), paints(colour=7), paints(colour="tea")],
    ids=["refused anyway", "known to the servers only", "of another type", "between already"],
)
def test_nothing_is_told_anew_of_a_call_that_would_say_nothing(call: Call) -> None:
    sides = operations(colour={"maxLength": 9}), operations(colour={"maxLength": 2})
    assert list(between([scenario(call)], [], *sides)) == []
