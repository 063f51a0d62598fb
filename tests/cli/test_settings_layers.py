"""The settings that sandboxes start with: layers over the defaults, and errors that name their source."""

from typing import Any

import click
import pytest
from pydantic import Field

from tests.toy import toy
from watchword.cli.settings_layers import apply_layers
from watchword.system.settings import SystemSettings


class ToySettings(SystemSettings):
    """Settings of the toy."""

    color: str = Field(default="red", max_length=5)


SYSTEMS = [toy(settings_model=ToySettings), toy(name="doll")]


def test_without_layers_every_system_has_its_defaults() -> None:
    assert apply_layers(SYSTEMS, []) == {"toy": ToySettings(), "doll": SystemSettings()}


def test_a_later_layer_overrides_single_settings_of_an_earlier_one() -> None:
    layers: list[tuple[str, dict[str, Any]]] = [
        ("file", {"toy": {"color": "blue", "maintenance": True}}),
        ("--set", {"toy": {"color": "green"}, "doll": {"failing": True}}),
    ]
    assert apply_layers(SYSTEMS, layers) == {
        "toy": ToySettings(color="green", maintenance=True),
        "doll": SystemSettings(failing=True),
    }


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"toys": {}}, r"--set: 'toys' is not a system\. There are: toy, doll\."),
        ({"toy": {"colour": "red"}}, r"--set: toy\.colour: there is no such setting\. There are: .*color\."),
        ({"toy": {"maintenance": "perhaps"}}, r"--set: toy\.maintenance: 'perhaps' must be true or false\."),
        ({"toy": {"color": "a long one"}}, r"--set: toy\.color: 'a long one' must have at most 5 characters\."),
        (
            {"toy": {"rate_limits": [{"requests": 0, "seconds": 1}]}},
            r"--set: toy\.rate_limits\.0\.requests: '0' must be",
        ),
        ({"toy": 5}, "--set: the settings of toy must be a table"),
        (5, "--set: settings must be tables, one for each system"),
    ],
)
def test_an_unknown_or_invalid_setting_is_refused_with_its_source(layer: Any, message: str) -> None:
    with pytest.raises(click.UsageError, match=message):
        apply_layers(SYSTEMS, [("--set", layer)])
