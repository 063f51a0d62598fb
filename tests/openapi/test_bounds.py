"""The numbers that rules compare stand in the document (``x-bounds``), and are those of the settings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.openapi.reading import content
from watchword.systems import SYSTEMS

DEFAULTS = {system.name: system.settings_model().model_dump(mode="json") for system in SYSTEMS}
DURATION = re.compile(r"P[T0-9]")
RULES = {rule.id for system in SYSTEMS for rule in system.catalogue()}
PRODUCTS = {"weavr": ("weavr_multi", "weavr_payment_run")}
"""The systems of rules that two have in common."""


def bounds(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield from node.get("x-bounds", ())
        for value in node.values():
            yield from bounds(value)
    elif isinstance(node, list):
        for value in node:
            yield from bounds(value)


BOUNDS = list(bounds(content("systems")))


def number_of(one: Mapping[str, Any]) -> Any:
    (number,) = (value for key, value in one.items() if key not in ("rule", "setting"))
    return number


def settings_of(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    prefix = one["rule"].partition(".")[0]
    for system in PRODUCTS.get(prefix, (prefix,)):
        if one["setting"].partition(".")[0] in DEFAULTS[system]:
            yield system, one["setting"]


def value_of(system: str, path: str) -> Any:
    value = DEFAULTS[system]
    for step in path.split("."):
        value = value[step]
    return value


@pytest.mark.parametrize("one", BOUNDS, ids=[f"{one['rule']}-{one['setting']}" for one in BOUNDS])
def test_a_bound_is_the_default_of_its_setting(one: Mapping[str, Any]) -> None:
    assert one["rule"] in RULES
    found = [value_of(*setting) for setting in settings_of(one)]
    assert found
    assert set(found) == {number_of(one)}


def numbers(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield from numbers(value, f"{path}.{name}".removeprefix("."))
    elif (isinstance(node, int) and not isinstance(node, bool)) or (isinstance(node, str) and DURATION.match(node)):
        yield path


@pytest.mark.parametrize("system", DEFAULTS)
def test_every_number_among_the_settings_stands_in_the_document(system: str) -> None:
    wanted = {path for path in numbers(DEFAULTS[system], "") if not path.startswith("programmes.")}
    assert wanted == {path for one in BOUNDS for name, path in settings_of(one) if name == system}
