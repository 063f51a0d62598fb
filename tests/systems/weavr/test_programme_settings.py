"""Settings for all programmes, and for one of them."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from watchword.resources import folder
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import IN_SANDBOX, STORED, apply_merge_patch
from watchword.systems.weavr.settings import PROGRAMMES, ProgrammeSettings, WeavrSettings


def test_a_setting_of_one_programme_leaves_the_others_alone() -> None:
    settings = WeavrSettings.model_validate(
        {"programme": {"history": 3}, "programmes": {"main": {"lock_after": 2}, "vault": {"history": 1}}}
    )
    assert (settings.of("main").history, settings.of("main").lock_after) == (3, 2)
    assert (settings.of("vault").history, settings.of("vault").tokenised) == (1, True)
    assert settings.of("suspended").suspended
    assert settings.of("unheard of") == settings.programme


def test_a_setting_of_one_profile_leaves_the_others_alone() -> None:
    settings = WeavrSettings.model_validate(
        {
            "programme": {"root_profile": {"minimum": 20}, "user_profile": {"minimum": 10, "maximum": 40}},
            "programmes": {
                "quarterly": {"user_profile": {"maximum": 50}},
                "main": {"root_profile": {"expires_after": None, "minimum": 9}},
            },
        }
    )
    quarterly, main = settings.of("quarterly"), settings.of("main")
    assert (quarterly.root_profile.minimum, quarterly.root_profile.expires_after) == (20, timedelta(days=90))
    assert (quarterly.user_profile.minimum, quarterly.user_profile.maximum) == (10, 50)
    assert quarterly.user_profile.expires_after == timedelta(days=90)
    assert (settings.of("users-only").root_profile.minimum, main.root_profile.minimum) == (20, 9)
    assert not settings.of("users-only").root_profile.configured


def test_a_change_for_all_programmes_reaches_those_that_differ_elsewhere() -> None:
    before = WeavrSettings()
    assert before.of("vault") is before.of("vault")
    after = apply_merge_patch(before, {"programme": {"root_profile": {"minimum": 20}}})
    assert (before.of("vault").root_profile.minimum, after.of("vault").root_profile.minimum) == (8, 20)
    assert apply_merge_patch(after, {"programme": {"root_profile": {"minimum": None}}}) == before


def test_an_unknown_programme_is_refused() -> None:
    with pytest.raises(ValidationError, match="there is no programme nope; there are: main, neighbour, vault"):
        WeavrSettings.model_validate({"programmes": {"nope": {"history": 1}}})


@pytest.mark.parametrize("system", ["weavr_multi", "weavr_payment_run"])
def test_the_programmes_in_the_settings_are_those_of_the_seed_data(system: str) -> None:
    programmes = orjson.loads((folder("fixtures") / system / "programmes.json").read_bytes())
    assert sorted(one["name"] for one in programmes) == sorted(PROGRAMMES)


def test_every_setting_says_what_it_does() -> None:
    for model in (WeavrSettings, ProgrammeSettings):
        assert [name for name, one in model.model_fields.items() if not one.description] == []


def wrong(change: dict[str, Any], context: Any = None) -> list[tuple[str, str]]:
    try:
        apply_merge_patch(WeavrSettings(), change, context=context)
    except InvalidSettings as error:
        return [(".".join(one.path), one.shown) for one in error.faults]
    return []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            {"programme": {"root_profile": {"minimum": 40}}},
            [
                (
                    "programme.root_profile.minimum",
                    "'40' must not be greater than maximum, which is 30 unless it is set",
                )
            ],
        ),
        (
            {"programme": {"user_profile": {"maximum": 7}}},
            [("programme.user_profile.maximum", "'7' must not be less than minimum, which is 8 unless it is set")],
        ),
        (
            {
                "programme": {"root_profile": {"minimum": 9, "maximum": 9}},
                "programmes": {"main": {"root_profile": {"minimum": 10}}},
            },
            [("programmes.main.root_profile.minimum", "'10' must not be greater than maximum")],
        ),
    ],
)
def test_a_profile_that_no_password_can_meet_is_refused(change: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert wrong(change) == found
    assert wrong(change, IN_SANDBOX) == found


def test_a_programme_may_have_a_minimum_above_the_usual_maximum_if_its_maximum_is_greater() -> None:
    changed = {
        "programme": {"root_profile": {"maximum": 60}},
        "programmes": {"main": {"root_profile": {"minimum": 40}}},
    }
    assert wrong(changed) == []


def test_a_profile_that_is_not_configured_has_no_bounds_that_count() -> None:
    assert wrong({"programme": {"root_profile": {"configured": False, "minimum": 40}}}) == []


def test_a_profile_that_an_earlier_release_let_through_is_still_read() -> None:
    written = {"programme": {"root_profile": {"minimum": 40}}}
    assert WeavrSettings.model_validate(written, context=STORED).programme.root_profile.minimum == 40
