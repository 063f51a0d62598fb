"""The settings that sandboxes start with: layers over the defaults, and errors that name their source."""

from typing import Any

import click
import pytest
from pydantic import Field, model_validator

from tests.toy import toy
from watchword.cli.settings_layers import apply_layers
from watchword.system.settings import SystemSettings


class ToySettings(SystemSettings):
    """Settings of the toy."""

    color: str = Field(default="red", max_length=5)
    sizes: dict[str, int] = Field(default={"door": 2, "gate": 4})
    least: int = 1
    most: int = 5

    @model_validator(mode="after")
    def _in_order(self) -> "ToySettings":
        if self.least > self.most:
            raise ValueError("must not be above most")
        return self


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
    ("patches", "sizes"),
    [
        ([{"sizes": {"door": 3}}, {"sizes": {"door": None}}], {}),
        ([{"sizes": {"door": 3, "gate": 5}}, {"sizes": None}, {"sizes": {"door": 7}}], {"door": 7}),
        ([{"sizes": {"door": 3}}, {"sizes": {"gate": 5}}], {"door": 3, "gate": 5}),
        ([{"sizes": {"door": 3}}, {"sizes": None}], {"door": 2, "gate": 4}),
    ],
)
def test_layers_of_one_source_are_merge_patches_one_after_another(
    patches: list[dict[str, Any]], sizes: dict[str, int]
) -> None:
    layers = [("--set", {"toy": patch}) for patch in patches]
    assert apply_layers(SYSTEMS, layers)["toy"] == ToySettings(sizes=sizes)


def test_layers_of_one_source_are_judged_together() -> None:
    layers = [("--set", {"toy": {"least": 7}}), ("--set", {"toy": {"most": 9}})]
    assert apply_layers(SYSTEMS, layers)["toy"] == ToySettings(least=7, most=9)
    with pytest.raises(click.UsageError, match=r"^file: toy: must not be above most\.$"):
        apply_layers(SYSTEMS, [("file", {"toy": {"least": 7}}), *layers])


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"toys": {}}, r"--set: 'toys' is not a system\. There are: toy, doll\."),
        ({"toy": {"colour": "red"}}, r"--set: toy\.colour: there is no such setting\. There are: .*color, "),
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
