"""Random values in a repeatable order."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from watchword.domain.chance import ALPHANUMERIC, Chance

DRAWS: dict[str, Callable[[Chance], object]] = {
    "choice": lambda chance: chance.choice(range(10**9)),
    "shuffle": lambda chance: chance.shuffle(range(50)),
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
def test_a_different_seed_gives_a_different_sequence(draw: Callable[[Chance], object]) -> None:
    assert draw(Chance(7)) != draw(Chance(8))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_without_a_seed_two_sequences_differ(draw: Callable[[Chance], object]) -> None:
    assert draw(Chance()) != draw(Chance())


def test_zero_is_a_valid_seed() -> None:
    assert Chance(0).token() == Chance(0).token()


def test_a_sequence_does_not_repeat_itself() -> None:
    chance = Chance(7)
    assert len({chance.uuid() for _ in range(1000)}) == 1000


def test_text_has_its_length_and_its_alphabet() -> None:
    assert re.fullmatch("[ab]{200}", Chance(7).text(200, "ab"))
    assert set(Chance(7).text(5000)) == set(ALPHANUMERIC)


def test_digits_can_start_with_zero() -> None:
    chance = Chance(7)
    codes = [chance.digits(6) for _ in range(200)]
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)


def test_a_numeric_id_never_starts_with_zero() -> None:
    chance = Chance(7)
    assert all(re.fullmatch("[1-9][0-9]{17}", chance.numeric_id()) for _ in range(200))


def test_a_token_is_43_url_safe_characters() -> None:
    assert re.fullmatch("[A-Za-z0-9_-]{43}", Chance(7).token())


def test_a_salt_has_the_requested_size() -> None:
    assert len(Chance(7).salt()) == 16
    assert len(Chance(7).salt(24)) == 24


def test_a_uuid_has_version_4_and_the_usual_form() -> None:
    text = Chance(7).uuid()
    assert UUID(text).version == 4
    assert text == str(UUID(text))


def test_shuffling_returns_all_options_and_does_not_change_the_original() -> None:
    options = ["a", "b", "c", "d"]
    assert sorted(Chance(7).shuffle(options)) == ["a", "b", "c", "d"]
    assert options == ["a", "b", "c", "d"]


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_replay_repeats_the_recorded_draws(draw: Callable[[Chance], object]) -> None:
    replayable = Chance(7).replayable()
    first = [draw(replayable) for _ in range(3)]
    replayable.replay()
    assert [draw(replayable) for _ in range(3)] == first
    assert draw(replayable) not in first


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_replay_draws_nothing_from_the_source(draw: Callable[[Chance], object]) -> None:
    source = Chance(7)
    replayable = source.replayable()
    for _ in range(3):
        replayable.replay()
        draw(replayable)
    plain = Chance(7)
    draw(plain)
    assert source.token() == plain.token()


def test_a_replay_that_asks_for_something_else_draws_new_values() -> None:
    replayable = Chance(7).replayable()
    code, salt = replayable.digits(6), replayable.salt()
    replayable.replay()
    other = replayable.digits(8)
    assert len(other) == 8
    assert replayable.salt() != salt
    assert not other.startswith(code)


def test_confirmed_draws_are_not_repeated() -> None:
    replayable = Chance(7).replayable()
    first = replayable.token()
    replayable.confirm()
    second = replayable.token()
    replayable.replay()
    assert replayable.token() == second != first


def test_an_owner_gets_another_token_every_time() -> None:
    source, again = Chance(7).of("ada"), Chance(7).of("ada")
    drawn = [source.token() for _ in range(3)]
    assert len(set(drawn)) == 3
    assert [again.token() for _ in range(3)] == drawn
    assert Chance(7).of("ben").token() not in drawn


def test_names_of_a_purpose_are_not_joined() -> None:
    assert Chance(1, "ab", "c").token() != Chance(1, "a", "bc").token()


def test_fractions_lie_between_0_and_1_and_are_repeatable() -> None:
    drawn = [Chance(7).fraction() for _ in range(2)]
    assert drawn[0] == drawn[1]
    many = Chance(7)
    fractions = [many.fraction() for _ in range(1000)]
    assert all(0 < one < 1 for one in fractions)
    assert 400 < sum(one < 0.5 for one in fractions) < 600


def test_half_of_lognormal_numbers_are_below_the_median_and_a_few_far_above_it() -> None:
    chance = Chance(7)
    numbers = sorted(chance.lognormal(3, 0.5) for _ in range(1001))
    assert 2.7 < numbers[500] < 3.3
    assert numbers[0] > 0
    assert numbers[-1] > 9
    assert chance.lognormal(3, 0) == 3


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_sequence_can_be_gone_back_to_at_any_position(draw: Callable[[Chance], object]) -> None:
    chance, positions, drawn = Chance(7), [], []
    for _ in range(60):
        positions.append(chance.source.position)
        drawn.append(draw(chance))
    for place in (0, 1, 30, 59):
        again = chance.at(positions[place])
        assert [draw(again) for _ in range(60 - place)] == drawn[place:]
        assert again.source.position == chance.source.position


def test_a_sequence_that_has_come_far_goes_back_to_where_it_was() -> None:
    chance, positions, drawn = Chance(7), [], []
    for _ in range(9000):
        positions.append(chance.source.position)
        drawn.append((chance.token(), chance.text(24), chance.choice("abc")))
    for place in (0, 4000, 8999):
        again = chance.at(positions[place])
        assert (again.token(), again.text(24), again.choice("abc")) == drawn[place]


def test_going_back_leaves_the_sequence_where_it_is() -> None:
    chance, other = Chance(7), Chance(7)
    chance.token(), other.token()
    chance.at(0).token()
    assert chance.token() == other.token()


def test_a_source_that_went_back_can_go_back_again() -> None:
    chance = Chance(7)
    first, second = chance.token(), chance.token()
    again = chance.at(8)
    assert again.token() == second
    assert again.at(8).token() == second != first


def test_a_replayable_source_knows_where_its_draws_began() -> None:
    source = Chance(7)
    source.token()
    replayable = source.replayable()
    drawn = replayable.token()
    replayable.replay()
    replayable.token()
    replayable.token()
    assert source.at(replayable.source.began_at).token() == drawn
