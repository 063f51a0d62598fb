"""Password policies: what is required, and what a password lacks."""

import pytest

from watchword.domain.hashing import Hasher, Profile
from watchword.domain.policy import (
    CharacterClass,
    Policy,
    PolicyViolation,
    ascii_class,
    character_classes,
    code_points,
    is_reused,
    unicode_class,
    utf8_bytes,
)
from watchword.domain.secret import Secret

LOWER, UPPER, DIGIT, SYMBOL = CharacterClass
V = PolicyViolation
SALT = b"0123456789abcdef"
FAST = Hasher(Profile.FAST)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Abcdef1!", ()),
        ("Abcde1!", (V.TOO_SHORT,)),
        ("Abcdefghij1!", ()),
        ("Abcdefghijk1!", (V.TOO_LONG,)),
        ("ABCDEF1!", (V.NO_LOWER,)),
        ("abcdef1!", (V.NO_UPPER,)),
        ("Abcdefg!", (V.NO_DIGIT,)),
        ("Abcdefg1", (V.NO_SYMBOL,)),
        ("", (V.TOO_SHORT, V.NO_LOWER, V.NO_UPPER, V.NO_DIGIT, V.NO_SYMBOL)),
        ("1234567890123", (V.TOO_LONG, V.NO_LOWER, V.NO_UPPER, V.NO_SYMBOL)),
    ],
    ids=[
        "least length", "too short", "greatest length", "too long", "no lower", "no upper", "no digit", "no symbol",
        "empty", "several",
    ],
)  # fmt: skip
def test_all_violations_are_listed_with_lengths_first(password: str, expected: tuple[V, ...]) -> None:
    assert Policy(8, 12).violations(password) == expected


def test_without_a_maximum_no_password_is_too_long() -> None:
    assert Policy(8, None).violations("Aa1!" * 10_000) == ()


def test_a_class_that_is_not_required_can_be_missing() -> None:
    assert Policy(8, required=frozenset()).violations("        ") == ()
    assert Policy(8, required=frozenset({DIGIT})).violations("abcdefgh") == (V.NO_DIGIT,)


def test_length_is_measured_in_code_points_or_in_bytes() -> None:
    assert code_points("pä🔑") == 3
    assert utf8_bytes("pä🔑") == 7
    assert Policy(1, 3, frozenset(), measure=code_points).violations("pä🔑") == ()
    assert Policy(1, 3, frozenset(), measure=utf8_bytes).violations("pä🔑") == (V.TOO_LONG,)


@pytest.mark.parametrize(
    ("character", "in_ascii", "in_unicode"),
    [
        ("a", LOWER, LOWER),
        ("z", LOWER, LOWER),
        ("A", UPPER, UPPER),
        ("Z", UPPER, UPPER),
        ("0", DIGIT, DIGIT),
        ("9", DIGIT, DIGIT),
        ("!", SYMBOL, SYMBOL),
        (" ", SYMBOL, SYMBOL),
        ("_", SYMBOL, SYMBOL),
        ("ä", SYMBOL, LOWER),
        ("Ω", SYMBOL, UPPER),
        ("٣", SYMBOL, DIGIT),
        ("漢", SYMBOL, None),
        ("🔑", SYMBOL, SYMBOL),
    ],
)
def test_a_character_has_a_class_in_ascii_and_one_in_unicode(
    character: str, in_ascii: CharacterClass, in_unicode: CharacterClass | None
) -> None:
    assert ascii_class(character) is in_ascii
    assert unicode_class(character) is in_unicode


def test_the_classes_of_a_password_are_those_of_its_characters() -> None:
    assert character_classes("ab1") == {LOWER, DIGIT}
    assert character_classes("漢漢", unicode_class) == frozenset()
    assert character_classes("") == frozenset()


def test_a_policy_classifies_characters_with_the_given_function() -> None:
    assert Policy(1, required=frozenset({UPPER})).violations("Ä") == (V.NO_UPPER,)
    assert Policy(1, required=frozenset({UPPER}), classify=unicode_class).violations("Ä") == ()


@pytest.fixture(scope="module")
def history() -> list[str]:
    """Hashes of one person, newest first."""
    return [FAST.candidate(Secret(plain)).make_hash(salt=SALT) for plain in ("Present-1", "Former-1", "Former-2")]


@pytest.mark.parametrize(
    ("plain", "depth", "expected"),
    [
        ("Present-1", 1, True),
        ("Former-1", 1, False),
        ("Former-1", 2, True),
        ("Former-2", 2, False),
        ("Former-2", 3, True),
        ("Former-2", 99, True),
        ("Fresh-1", 99, False),
        ("Present-1", 0, False),
    ],
)
def test_a_password_is_reused_if_it_is_among_the_newest(
    history: list[str], plain: str, depth: int, *, expected: bool
) -> None:
    assert is_reused(FAST.candidate(Secret(plain)), history, depth=depth) is expected


def test_without_a_history_nothing_is_reused() -> None:
    assert not is_reused(FAST.candidate(Secret("Fresh-1")), [], depth=5)
