"""The settings of a sandbox."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from watchword.control.errors import ChangeNotStored, ContradictorySettings, NoSuchSystem, SettingViolation
from watchword.control.settings import (
    change_settings,
    describe_settings,
    read_settings,
    replace_settings,
)
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system.settings import SettingsBySystem

FindSandbox = Callable[[], Sandbox]
Changing = Callable[[Sandbox, Mapping[str, Any]], SettingsBySystem]

both = pytest.mark.parametrize("change", [change_settings, replace_settings], ids=["change", "replace"])


def test_every_system_has_settings(sandbox: FindSandbox) -> None:
    assert list(read_settings(sandbox())) == ["weavr_multi", "weavr_payment_run", "zitadel", "entrust"]


def test_a_change_leaves_what_it_does_not_name(sandbox: FindSandbox) -> None:
    change_settings(sandbox(), {"zitadel": {"complexity": {"min_length": 12}}, "entrust": {"maintenance": True}})
    found: Mapping[str, Any] = change_settings(sandbox(), {"zitadel": {"complexity": {"symbol": False}}})
    assert (found["zitadel"].complexity.min_length, found["zitadel"].complexity.symbol) == (12, False)
    assert found["entrust"].maintenance
    assert read_settings(sandbox()) == found


def test_null_takes_a_setting_back_to_its_default(sandbox: FindSandbox) -> None:
    change_settings(sandbox(), {"zitadel": {"maintenance": True, "code_minutes": 5}})
    found: Mapping[str, Any] = change_settings(sandbox(), {"zitadel": {"maintenance": None}})
    assert (found["zitadel"].maintenance, found["zitadel"].code_minutes) == (False, 5)


def test_none_takes_a_whole_system_back_to_its_defaults(sandbox: FindSandbox) -> None:
    defaults = read_settings(sandbox())
    change_settings(sandbox(), {"zitadel": {"maintenance": True, "code_minutes": 5}})
    assert change_settings(sandbox(), {"zitadel": None}) == defaults


def test_a_replacement_takes_back_what_it_does_not_name(sandbox: FindSandbox) -> None:
    change_settings(sandbox(), {"zitadel": {"code_minutes": 5}, "entrust": {"maintenance": True}})
    found: Mapping[str, Any] = replace_settings(sandbox(), {"zitadel": {"maintenance": True}})
    assert (found["zitadel"].maintenance, found["zitadel"].code_minutes) == (True, 60)
    assert found["entrust"].maintenance is False


def test_what_was_read_does_not_change_afterwards(sandbox: FindSandbox) -> None:
    before = read_settings(sandbox())
    change_settings(sandbox(), {"zitadel": {"maintenance": True}})
    assert not before["zitadel"].maintenance


def test_durations_are_values(sandbox: FindSandbox) -> None:
    found: Any = change_settings(sandbox(), {"weavr_multi": {"programme": {"session_lifetime": "PT7M"}}})
    assert found["weavr_multi"].programme.session_lifetime == timedelta(minutes=7)


@both
def test_settings_that_contradict_each_other_change_nothing(sandbox: FindSandbox, change: Changing) -> None:
    before = read_settings(sandbox())
    with pytest.raises(ContradictorySettings, match="nothing was changed") as error:
        change(
            sandbox(),
            {
                "zitadel": {"maintenance": True},
                "entrust": {"password": {"minimum_length": 20, "maximum_length": 10}},
                "weavr_multi": {"programme": {"session_lifetime": "PT0S"}},
            },
        )
    assert "entrust.password: minimum_length must not be greater than maximum_length" in str(error.value)
    assert set(error.value.violations) == {
        SettingViolation(("entrust", "password"), "minimum_length must not be greater than maximum_length"),
        SettingViolation(("weavr_multi", "programme", "session_lifetime"), "must be more than 0 seconds"),
    }
    assert read_settings(sandbox()) == before


def test_an_unknown_setting_is_named_without_its_value(sandbox: FindSandbox) -> None:
    with pytest.raises(ContradictorySettings) as error:
        change_settings(sandbox(), {"zitadel": {"maintainance": "a value"}})
    (problem,) = error.value.violations
    assert problem.path == ("zitadel", "maintainance")
    assert "a value" not in problem.detail


@both
def test_an_unknown_system_is_refused_with_the_names_of_those_that_exist(box: Sandbox, change: Changing) -> None:
    with pytest.raises(NoSuchSystem, match=r"There is no system 'tyo'\. There are: toy\."):
        change(box, {"toy": {"maintenance": True}, "tyo": {}})
    assert not read_settings(box)["toy"].maintenance


@both
def test_settings_that_cannot_be_stored_are_not_changed(unwritable: Sandbox, change: Changing) -> None:
    with pytest.raises(ChangeNotStored):
        change(unwritable, {"toy": {"maintenance": True}})
    assert not read_settings(unwritable)["toy"].maintenance


def test_every_sandbox_has_settings_of_its_own(toys: Sandboxes, box: Sandbox) -> None:
    change_settings(box, {"toy": {"maintenance": True}})
    assert not read_settings(toys.enter("other"))["toy"].maintenance


def test_settings_are_described_by_json_schemas(toys: Sandboxes) -> None:
    assert describe_settings(toys)["toy"]["properties"]["maintenance"]["type"] == "boolean"
