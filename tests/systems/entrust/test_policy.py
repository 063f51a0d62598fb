"""The checks of the policy one by one, and the settings that they read."""

import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.outcomes import proves

from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.systems.entrust import characters, history, names, policy
from watchword.systems.entrust.checks import Check
from watchword.systems.entrust.guessing import MOST_READINGS, choose_readable, count_readings
from watchword.systems.entrust.records import Password, User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import Strength, estimate, is_compromised

ADA = User(id="5a0d2f4e", login="ada.byrne", first_name="Ada", last_name="Byrne", aliases=("abyrne",))
AL = User(id="1", login="al", first_name="Al", last_name="", aliases=("al",))
ALI = User(id="2", login="ali", first_name="Ali", last_name="", aliases=("ali",))


def allowing(**settings: Any) -> PasswordSettings:
    """A policy in which every kind of character is allowed and none is required."""
    everything = dict.fromkeys(
        ("include_lowercase", "include_uppercase", "include_number", "include_nonalphanumeric"), "ALLOWED"
    )
    return PasswordSettings.model_validate({**everything, **settings})


@pytest.mark.parametrize(
    ("password", "met"), [("1234567", False), ("12345678", True), ("1" * 20, True), ("1" * 21, False), ("😀" * 8, True)]
)
@proves("entrust.policy.length")
def test_both_ends_of_the_length_are_acceptable(*, password: str, met: bool) -> None:
    assert (policy.check_length(Secret(password), allowing(minimum_length=8, maximum_length=20)) is None) is met


@proves("entrust.policy.length")
def test_only_the_beginning_of_a_very_long_password_is_read() -> None:
    settings = allowing(include_number="NOT_ALLOWED", minimum_strength=0)
    found = policy.find_failures(Secret("aB" * 100_000 + "1"), user=ADA, policy=settings, strength=Strength(4))
    assert set(found) == {Check.LENGTH}


@pytest.mark.parametrize(
    ("password", "failed"),
    [
        pytest.param(
            "x-z",
            {
                "length": "must have between 8 and 255 characters",
                "upperCase": "must have at least 1 upper-case letter",
                "numeric": "must have at least 1 digit",
                "strength": "must have a strength of at least 3, has 0",
            },
            id="poor",
        ),
        pytest.param(
            "Copper-Ada Byrne-58-Harbour", {"fullName": "must not have the full name of the user inside"}, id="names"
        ),
        pytest.param("Copper-ADA.byrne-58-Harbour", {"userID": "must not have the user ID inside"}, id="user ID"),
        pytest.param("Copper-ABYRNE-58-harbour", {"alias": "must not have an alias of the user inside"}, id="alias"),
    ],
)
@proves("entrust.policy.user-id", "entrust.policy.alias", "entrust.policy.full-name")
def test_each_failed_check_says_what_a_password_must_have_or_not(password: str, failed: dict[str, str]) -> None:
    strength = estimate(Secret(password), user=ADA)
    assert policy.find_failures(Secret(password), user=ADA, policy=PasswordSettings(), strength=strength) == failed


@pytest.mark.parametrize(
    ("check", "setting", "number", "without", "with_one", "with_two"),
    [
        (Check.LOWER_CASE, "include_lowercase", "number_of_lowercase_required", "AB1-", "aB1-", "aBß-"),
        (Check.UPPER_CASE, "include_uppercase", "number_of_uppercase_required", "ab1-", "Ab1-", "AbÄ-"),
        (Check.NUMERIC, "include_number", "number_of_numeric_required", "aB--", "aB1-", "aB17"),
        (
            Check.ALPHANUMERIC,
            "include_nonalphanumeric",
            "number_of_nonalphanumeric_required",
            "aB12",
            "aB1 ",
            "a-1€",
        ),
    ],
    ids=lambda value: value if isinstance(value, Check) else "",
)
@proves("entrust.policy.characters")
def test_a_kind_of_character_is_required_allowed_or_not_allowed(
    *, check: Check, setting: str, number: str, without: str, with_one: str, with_two: str
) -> None:
    def met(password: str, **settings: Any) -> bool:
        return (
            characters.check_characters(characters.count_kinds(Secret(password)), allowing(**settings), check) is None
        )

    assert [met(one, **{setting: "NOT_ALLOWED"}) for one in (without, with_one, with_two)] == [True, False, False]
    assert [met(one, **{setting: "ALLOWED", number: 9}) for one in (without, with_one, with_two)] == [True] * 3
    for fewest, expected in ((0, [False, True, True]), (1, [False, True, True]), (2, [False, False, True])):
        assert [met(one, **{setting: "REQUIRED", number: fewest}) for one in (without, with_one, with_two)] == expected


@pytest.mark.parametrize(
    ("password", "most", "met"),
    [("aaaa", 0, True), ("aab", 2, True), ("aaab", 2, False), ("abab", 1, True), ("abb", 1, False), ("", 1, True)],
)
@proves("entrust.policy.repeated")
def test_a_character_is_repeated_at_most_so_many_times(*, password: str, most: int, met: bool) -> None:
    assert (characters.check_repetition(Secret(password), allowing(maximum_repeated=most)) is None) is met


@pytest.mark.parametrize(
    ("password", "met"),
    [
        pytest.param("lowerUPPER", False, id="two kinds"),
        pytest.param("lowerUPPER1", True, id="three kinds"),
        pytest.param("lower-1", True, id="without upper case"),
        pytest.param("lowerUPPER文", True, id="a letter without case is a kind"),
        pytest.param("Zz1-BYRNE", False, id="last name"),
        pytest.param("Zz1-ada", False, id="first name"),
        pytest.param("Zz1-ad", True, id="part of a name"),
        pytest.param("Zz1-Ada.Byrne", False, id="user ID"),
    ],
)
@proves("entrust.policy.ad-complexity")
def test_the_complexity_of_active_directory(*, password: str, met: bool) -> None:
    assert (names.check_complexity(Secret(password), ADA, allowing(ad_complexity=True)) is None) is met
    assert names.check_complexity(Secret(password), ADA, allowing()) is None


@pytest.mark.parametrize(
    ("check", "inside", "apart"),
    [
        (names.check_user_id, "x-ADA.byrne-x", "x-ada-byrne-x"),
        (names.check_aliases, "xAByrnex", "x-a-byrne-x"),
        (names.check_full_name, "x ada byrne x", "x ada  byrne x"),
        (names.check_full_name, "xAdaByrnex", "x-ada-x-byrne-x"),
    ],
)
@proves("entrust.policy.user-id", "entrust.policy.alias", "entrust.policy.full-name")
def test_names_of_the_user_are_not_inside(check: Any, inside: str, apart: str) -> None:
    assert check(Secret(inside), ADA) is not None
    assert check(Secret(apart), ADA) is None


@pytest.mark.parametrize("check", [names.check_user_id, names.check_aliases, names.check_full_name])
@proves("entrust.policy.user-id", "entrust.policy.alias", "entrust.policy.full-name")
def test_names_of_one_or_two_characters_do_not_count(check: Any) -> None:
    assert check(Secret("ali-x"), AL) is None
    assert check(Secret("ali-x"), ALI) is not None


@proves("entrust.policy.blacklist")
def test_listed_and_compromised_passwords_are_different_lists() -> None:
    assert policy.check_blacklist(Secret("Company2026"), allowing(blacklist=("company2026",))) is not None
    assert policy.check_blacklist(Secret("Company2026!"), allowing(blacklist=("company2026",))) is None
    assert policy.check_blacklist(Secret("QWERTY"), allowing()) is not None
    assert policy.check_blacklist(Secret("QWERTY"), allowing(allow_compromised_passwords=True)) is None
    assert is_compromised(Secret("letmein"))
    assert not is_compromised(Secret("Copper-Lantern-58-Harbour"))


@pytest.mark.parametrize(("score", "least", "met"), [(0, 0, True), (2, 3, False), (3, 3, True), (4, 3, True)])
@proves("entrust.policy.strength")
def test_a_password_is_strong_enough(*, score: int, least: int, met: bool) -> None:
    assert (policy.check_strength(Strength(score), allowing(minimum_strength=least)) is None) is met


def test_an_estimate_knows_the_names_of_this_user_only() -> None:
    other = User(id="2", login="quetzalcoatlus", first_name="Zed", last_name="Q")
    alone = estimate(Secret("quetzalcoatlus"), user=ADA).score
    assert estimate(Secret("quetzalcoatlus"), user=other).score == 0
    assert estimate(Secret("quetzalcoatlus"), user=ADA).score == alone > 0


def test_an_estimate_suggests_something_better() -> None:
    weak = estimate(Secret("password"), user=ADA)
    assert (weak.score, len(weak.suggestions) > 0) == (0, True)
    assert estimate(Secret(""), user=ADA) == Strength(0)
    assert estimate(Secret("Copper-Lantern-58-Harbour" * 10), user=ADA).score == 4


SYMBOLS = "4@8({[<3691!|0$5+7%2"
"""Every character that zxcvbn reads as a letter: together in a thousand ways."""


def searches(password: str) -> int:
    """Count how often zxcvbn goes through its dictionaries to estimate *password*."""
    found = 0

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal found
        found += event == "call" and frame.f_code.co_name == "dictionary_match"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        estimate(Secret(password), user=ADA)
    finally:
        sys.setprofile(before)
    return found


@pytest.mark.parametrize(
    "password", [SYMBOLS, SYMBOLS * 50, "password" + SYMBOLS, "4@8" * 100, "aA" * 100 + SYMBOLS, (SYMBOLS + "q") * 9]
)
def test_no_password_makes_an_estimate_slow(password: str) -> None:
    """A search takes about a millisecond; there is one per reading, one forwards and one backwards."""
    assert 2 < searches(password) <= 3 * (MOST_READINGS + 2)


@given(password=st.text(alphabet=SYMBOLS + "ab", max_size=60))
def test_symbols_are_read_as_letters_within_a_bound(password: str) -> None:
    chosen = choose_readable(password)
    assert count_readings(chosen) <= MOST_READINGS
    assert set(chosen) <= set(password)


def test_a_word_in_symbols_is_still_a_word() -> None:
    assert estimate(Secret("p455w0rd"), user=ADA).score == 0
    assert estimate(Secret("p455w0rd" * 5), user=ADA).score <= 1


@pytest.mark.parametrize(
    ("size", "refused"),
    [(0, set()), (1, {"now"}), (2, {"now", "before"}), (255, {"now", "before", "first"})],
)
@proves("entrust.history.size")
def test_the_history_is_as_long_as_the_setting_says(size: int, refused: set[str]) -> None:
    hasher = Hasher(Profile.FAST)
    salt = b"0123456789abcdef"
    now, before, first = (hasher.candidate(Secret(one)).make_hash(salt=salt) for one in ("now", "before", "first"))
    changed_at = datetime(2026, 1, 1, tzinfo=UTC)
    user = User("1", "ada", "Ada", "B", password=Password(now, changed_at), former=(before, first))
    settings = allowing(password_history_size=size)
    found = {
        one
        for one in ("now", "before", "first", "new")
        if history.check_history(hasher.candidate(Secret(one)), history.choose_compared(user, settings), settings)
    }
    assert found == refused


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"minimum_length": 9, "maximum_length": 8}, id="lengths"),
        pytest.param({"lifetime_days": 2, "minimum_lifetime": 3}, id="lifetimes"),
        pytest.param(
            {
                "include_lowercase": "NOT_ALLOWED",
                "include_uppercase": "NOT_ALLOWED",
                "include_number": "NOT_ALLOWED",
                "include_nonalphanumeric": "NOT_ALLOWED",
            },
            id="no characters",
        ),
        pytest.param(
            {"ad_complexity": True, "include_number": "NOT_ALLOWED", "include_nonalphanumeric": "NOT_ALLOWED"},
            id="complexity of two kinds",
        ),
        pytest.param({"maximum_length": 20, "number_of_numeric_required": 19}, id="no room"),
        pytest.param(
            {
                "ad_complexity": True,
                "maximum_length": 9,
                "include_lowercase": "ALLOWED",
                "include_uppercase": "ALLOWED",
                "number_of_numeric_required": 8,
            },
            id="no room for complexity",
        ),
        pytest.param({"maximum_length": 11, "minimum_strength": 4}, id="too short to be strong"),
        pytest.param({"lifetime_days": 36_501}, id="lifetime"),
        pytest.param({"password_history_size": 256}, id="history"),
        pytest.param({"minimum_strength": 5}, id="strength"),
    ],
)
def test_a_policy_that_no_password_meets_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PasswordSettings.model_validate(settings)
