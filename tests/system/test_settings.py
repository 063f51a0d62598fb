"""Settings, and how a change to them is validated."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import Field, ValidationError

from watchword.domain.limits import Limit
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import STORED, RateLimit, StrictModel, SystemSettings, apply_merge_patch, follow


class Policy(StrictModel):
    """A group of settings."""

    minimum: int = 8
    maximum: int | None = 30


class ToySettings(SystemSettings):
    """Settings with a group and a table."""

    policy: Policy = Field(default_factory=Policy)
    colors: dict[str, str] = Field(default_factory=dict)


def test_every_setting_has_a_default() -> None:
    assert not SystemSettings().maintenance
    assert not SystemSettings().failing
    assert SystemSettings().rate_limits == ()
    assert SystemSettings().portal_url == "http://localhost:3000"


def test_every_setting_has_a_description() -> None:
    for model in (SystemSettings, RateLimit):
        assert [name for name, one in model.model_fields.items() if not one.description] == []


def test_a_change_affects_neither_other_settings_nor_the_old_model() -> None:
    before = ToySettings(maintenance=True)
    after = apply_merge_patch(before, {"failing": True})
    assert after == ToySettings(maintenance=True, failing=True)
    assert before == ToySettings(maintenance=True)


def test_a_change_to_a_group_is_merged_into_it() -> None:
    settings = apply_merge_patch(ToySettings(), {"policy": {"minimum": 10}})
    settings = apply_merge_patch(settings, {"policy": {"maximum": 20}})
    assert settings.policy == Policy(minimum=10, maximum=20)


def test_null_resets_a_value_to_its_default() -> None:
    settings = apply_merge_patch(ToySettings(), {"maintenance": True, "policy": {"minimum": 10, "maximum": 20}})
    assert apply_merge_patch(settings, {"policy": {"minimum": None}}).policy == Policy(minimum=8, maximum=20)
    assert apply_merge_patch(settings, {"policy": None}) == ToySettings(maintenance=True)
    assert apply_merge_patch(settings, {"maintenance": None}).maintenance is False


def test_entries_of_a_table_are_merged_and_removed() -> None:
    settings = apply_merge_patch(ToySettings(), {"colors": {"a": "red", "b": "blue"}})
    assert apply_merge_patch(settings, {"colors": {"a": None, "c": "green"}}).colors == {"b": "blue", "c": "green"}


def test_a_list_is_replaced() -> None:
    settings = apply_merge_patch(
        SystemSettings(), {"rate_limits": [{"requests": 1, "seconds": 1}, {"requests": 2, "seconds": 2}]}
    )
    assert apply_merge_patch(settings, {"rate_limits": [{"requests": 3, "seconds": 3}]}).rate_limits == (
        RateLimit(requests=3, seconds=3),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"maintainance": True},
        {"maintenance": "perhaps"},
        {"policy": {"least": 1}},
        {"policy": 5},
        {"rate_limits": [{"requests": 0, "seconds": 1}]},
        {"rate_limits": [{"requests": 1, "seconds": 0}]},
        {"rate_limits": [{"requests": 1}]},
        {"portal_url": "localhost:3000"},
        {"portal_url": "http://localhost:3000/?x"},
        {"portal_url": "http://localhost/?token="},
        {"portal_url": "http://local host"},
        {"portal_url": "http://ü.example/"},
        {"portal_url": "http://shop.example/<b>"},
        {"portal_url": "http://shop.example/50%"},
        {"portal_url": "http:///app"},
    ],
    ids=str,
)
def test_an_unknown_or_invalid_setting_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettings):
        apply_merge_patch(ToySettings(), change)


@pytest.mark.parametrize(
    "url",
    [
        "http://xn--tda.example/%3Cb%3E",
        "https://[::1]:3000/app/",
        "http://me@shop.example/a(1)/~b?c=d/e?f#/g",
    ],
)
def test_an_address_of_a_front_end_is_one_by_rfc_3986(url: str) -> None:
    assert apply_merge_patch(ToySettings(), {"portal_url": url}).portal_url == url


def test_an_address_that_an_earlier_release_has_accepted_is_kept_where_it_is_stored() -> None:
    former = {"portal_url": "http://ü.example"}
    assert ToySettings.model_validate(former, context=STORED).portal_url == former["portal_url"]


def test_settings_cannot_be_changed_in_place() -> None:
    settings = ToySettings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.maintenance = True  # type: ignore[misc]  # that is the point


def test_a_rate_limit_is_a_limit_of_the_domain() -> None:
    assert RateLimit(requests=5, seconds=60).limit == Limit(5, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ({}, {"portal_url": "http://new", "policy": {"minimum": 12, "maximum": 60}}),
        ({"failing": True}, {"failing": True, "portal_url": "http://new", "policy": {"minimum": 12, "maximum": 60}}),
        ({"portal_url": "http://own"}, {"portal_url": "http://own", "policy": {"minimum": 12, "maximum": 60}}),
        ({"policy": {"minimum": 3}}, {"portal_url": "http://new", "policy": {"minimum": 3, "maximum": 60}}),
        ({"policy": None}, {"portal_url": "http://new"}),
    ],
    ids=["nothing", "one", "one that the new ones set too", "one of a group", "a group taken back to its defaults"],
)
def test_changed_settings_stay_when_those_that_they_began_with_are_others(
    current: dict[str, Any], expected: dict[str, Any]
) -> None:
    former = ToySettings.model_validate({"portal_url": "http://old", "policy": {"minimum": 8}})
    new = ToySettings.model_validate({"portal_url": "http://new", "policy": {"minimum": 12, "maximum": 60}})
    changed = apply_merge_patch(former, current)
    assert follow(changed, former=former, new=new).model_dump(exclude_unset=True) == expected


def test_changed_settings_that_do_not_fit_the_new_ones_are_refused() -> None:
    former, new = ToySettings(), ToySettings()
    changed = ToySettings.model_construct(portal_url="nowhere", _fields_set={"portal_url"})
    with pytest.raises(InvalidSettings):
        follow(changed, former=former, new=new)
