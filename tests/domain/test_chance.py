"""Chance that can be repeated."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from watchword.domain.chance import ALPHANUMERIC, Chance

DRAWS: dict[str, Callable[[Chance], object]] = {
    "choice": lambda chance: chance.choice(range(10**9)),
    "shuffled": lambda chance: chance.shuffled(range(50)),
    "text": lambda chance: chance.text(24),
    "digits": lambda chance: chance.digits(24),
    "numeric_id": lambda chance: chance.numeric_id(),
    "token": lambda chance: chance.token(),
    "salt": lambda chance: chance.salt(),
    "uuid": lambda chance: chance.uuid(),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_same_seed_gives_the_same_sequence(draw: Callable[[Chance], object]) -> None:
    one, other = Chance(7), Chance(7)
    assert [draw(one) for _ in range(5)] == [draw(other) for _ in range(5)]


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_another_seed_gives_another_sequence(draw: Callable[[Chance], object]) -> None:
    assert draw(Chance(7)) != draw(Chance(8))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_without_a_seed_no_two_sequences_are_alike(draw: Callable[[Chance], object]) -> None:
    assert draw(Chance()) != draw(Chance())


def test_the_seed_zero_is_a_seed() -> None:
    assert Chance(0).token() == Chance(0).token()


def test_a_sequence_does_not_repeat_itself() -> None:
    chance = Chance(7)
    assert len({chance.uuid() for _ in range(1000)}) == 1000


def test_text_has_its_length_and_its_alphabet() -> None:
    assert re.fullmatch("[ab]{200}", Chance(7).text(200, "ab"))
    assert set(Chance(7).text(5000)) == set(ALPHANUMERIC)


def test_digits_may_start_with_zero() -> None:
    chance = Chance(7)
    codes = [chance.digits(6) for _ in range(200)]
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)


def test_a_numeric_id_never_starts_with_zero() -> None:
    chance = Chance(7)
    assert all(re.fullmatch("[1-9][0-9]{17}", chance.numeric_id()) for _ in range(200))


def test_a_token_is_43_url_safe_characters() -> None:
    assert re.fullmatch("[A-Za-z0-9_-]{43}", Chance(7).token())


def test_a_salt_has_the_size_that_was_asked_for() -> None:
    assert len(Chance(7).salt()) == 16
    assert len(Chance(7).salt(24)) == 24


def test_a_uuid_is_of_version_4_in_its_usual_form() -> None:
    text = Chance(7).uuid()
    assert UUID(text).version == 4
    assert text == str(UUID(text))


def test_shuffling_keeps_every_option_and_leaves_the_original_alone() -> None:
    options = ["a", "b", "c", "d"]
    assert sorted(Chance(7).shuffled(options)) == ["a", "b", "c", "d"]
    assert options == ["a", "b", "c", "d"]


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_what_was_told_is_told_again_after_a_rewind(draw: Callable[[Chance], object]) -> None:
    replayable = Chance(7).replayable()
    first = [draw(replayable) for _ in range(3)]
    replayable.replay()
    assert [draw(replayable) for _ in range(3)] == first
    assert draw(replayable) not in first


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_retelling_takes_no_more_from_the_source_than_telling_once(draw: Callable[[Chance], object]) -> None:
    source = Chance(7)
    replayable = source.replayable()
    for _ in range(3):
        replayable.replay()
        draw(replayable)
    plain = Chance(7)
    draw(plain)
    assert source.token() == plain.token()


def test_another_question_than_the_last_time_is_answered_anew() -> None:
    replayable = Chance(7).replayable()
    code, salt = replayable.digits(6), replayable.salt()
    replayable.replay()
    other = replayable.digits(8)
    assert len(other) == 8
    assert replayable.salt() != salt
    assert not other.startswith(code)


def test_what_is_settled_is_not_told_again() -> None:
    replayable = Chance(7).replayable()
    first = replayable.token()
    replayable.confirm()
    second = replayable.token()
    replayable.replay()
    assert replayable.token() == second != first
