"""Generated passwords meet every policy that can be set."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.outcomes import proves

from watchword.domain.chance import Chance
from watchword.domain.secret import Secret
from watchword.systems.entrust.generation import choose_password
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.policy import find_failures
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import estimate

ADA = User(id="5a0d2f4e", login="ada.byrne", first_name="Ada", last_name="Byrne", aliases=("abyrne",))
REQUIREMENTS = st.sampled_from(["REQUIRED", "ALLOWED", "NOT_ALLOWED"])
NUMBERS = st.integers(0, 6)
POLICIES = st.fixed_dictionaries(
    {
        "minimum_length": st.integers(1, 40),
        "maximum_length": st.integers(1, 255),
        "minimum_strength": st.integers(0, 4),
        "maximum_repeated": st.integers(0, 3),
        "ad_complexity": st.booleans(),
        "include_lowercase": REQUIREMENTS,
        "include_uppercase": REQUIREMENTS,
        "include_number": REQUIREMENTS,
        "include_nonalphanumeric": REQUIREMENTS,
        "number_of_lowercase_required": NUMBERS,
        "number_of_uppercase_required": NUMBERS,
        "number_of_numeric_required": NUMBERS,
        "number_of_nonalphanumeric_required": NUMBERS,
    }
)


DIGITS_ONLY = dict.fromkeys(("include_lowercase", "include_uppercase", "include_nonalphanumeric"), "NOT_ALLOWED")


class Scripted(Chance):
    """A chance that draws these digits, one after the other."""

    def __init__(self, *passwords: str) -> None:
        super().__init__(0)
        self._digits = iter("".join(passwords))

    def choice(self, options: Sequence[Any]) -> Any:
        """Pick the next digit; of anything else the first."""
        return next(self._digits) if isinstance(options, str) else options[0]


def generate(policy: PasswordSettings, chance: Chance, *, user: User = ADA) -> Secret:
    return choose_password(UserPasswordParms(generate_password=True), policy, user=user, chance=chance)


@given(raw=POLICIES, random_seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
@proves("entrust.password.generated")
def test_a_generated_password_meets_any_policy_that_can_be_set(raw: dict[str, object], random_seed: int) -> None:
    try:
        policy = PasswordSettings.model_validate(raw)
    except ValidationError:
        assume(False)  # noqa: FBT003  # Hypothesis' way to give up an example
        raise
    password = generate(policy, Chance(random_seed))
    assert not find_failures(password, user=ADA, policy=policy, strength=estimate(password, user=ADA))


@proves("entrust.password.generated")
def test_generated_passwords_come_from_chance() -> None:
    policy = PasswordSettings()
    first, again, other = (generate(policy, Chance(random_seed)) for random_seed in (1, 1, 2))
    assert first == again != other
    assert len(first.revealed) == 16


@given(random_seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
@proves("entrust.password.generated")
def test_few_estimates_are_enough_for_the_weakest_characters(random_seed: int) -> None:
    """Digits only, and as short as the strength allows: the policy under which most attempts are too weak."""
    raw = {**DIGITS_ONLY, "minimum_length": 1, "maximum_length": 9, "minimum_strength": 3}
    policy, chance = PasswordSettings.model_validate(raw), Chance(random_seed)
    assert all(len(generate(policy, chance).revealed) == 9 for _ in range(10))


@pytest.mark.parametrize(
    "name", ["607", "714", "290", "148", "607148"], ids=["user ID", "last alias", "full name", "other name", "e-mail"]
)
@proves("entrust.password.generated")
def test_a_generated_password_has_nothing_of_the_user_inside(name: str) -> None:
    users = {
        "607": User("1", login=name, first_name="Ada", last_name="Byrne"),
        "714": User("1", login="ada", first_name="Ada", last_name="Byrne", aliases=("abyrne", name)),
        "290": User("1", login="ada", first_name="2", last_name="90"),
        "148": User("1", login="ada", first_name="14", last_name="8"),
        # What an address has in common with a password makes that weaker.
        "607148": User("1", login="ada", first_name="Ada", last_name="Byrne", email=name),
    }
    policy = PasswordSettings.model_validate(
        {**DIGITS_ONLY, "minimum_length": 11, "maximum_length": 11, "minimum_strength": 3}
    )
    chance = Scripted("01290607148", "39518264705")
    assert generate(policy, chance, user=users[name]).revealed == "39518264705"
