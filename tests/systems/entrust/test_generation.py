"""Generated passwords meet every policy that can be set."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.outcomes import proves

from watchword.domain.chance import Chance
from watchword.systems.entrust.generation import generated
from watchword.systems.entrust.policy import failures
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


@given(raw=POLICIES, seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
@proves("entrust.password.generated")
def test_a_generated_password_meets_any_policy_that_can_be_set(raw: dict[str, object], seed: int) -> None:
    try:
        policy = PasswordSettings.model_validate(raw)
    except ValidationError:
        assume(False)  # noqa: FBT003  # Hypothesis' own way to give an example up
        raise
    password = generated(policy, user=ADA, chance=Chance(seed))
    assert not failures(password, user=ADA, policy=policy, strength=estimate(password, user=ADA))


@proves("entrust.password.generated")
def test_generated_passwords_come_from_chance() -> None:
    policy = PasswordSettings()
    first, again, other = (generated(policy, user=ADA, chance=Chance(seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == 16


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
@proves("entrust.password.generated")
def test_few_estimates_are_enough_for_the_weakest_characters(seed: int) -> None:
    """Only digits, and no longer than the strength needs: what most often is not strong enough."""
    others = dict.fromkeys(("include_lowercase", "include_uppercase", "include_nonalphanumeric"), "NOT_ALLOWED")
    raw = {**others, "minimum_length": 1, "maximum_length": 9, "minimum_strength": 3}
    chance = Chance(seed)
    assert all(len(generated(PasswordSettings.model_validate(raw), user=ADA, chance=chance)) == 9 for _ in range(10))
