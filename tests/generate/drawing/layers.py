"""The storeys of the house: the layers of the contract that import-linter checks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from importlinter import api
from importlinter.contracts.layers import Layer, LayerField

Storeys = Sequence[Sequence[str]]
"""The rooms of every layer by name, the highest layer first; siblings by the alphabet."""


def read_storeys(file: Path, package: str) -> Storeys:
    """
    Read the layers of *package* from the contracts in *file*.

    Raises:
        ValueError: No contract has layers that are direct children of *package*.
    """
    for contract in api.read_configuration(str(file))["contracts_options"]:
        found = storeys(contract, package) if contract["type"] == "layers" else None
        if found:
            return found
    raise ValueError(f"no contract in {file.name} puts the children of {package} in layers")


def storeys(contract: Mapping[str, Any], package: str) -> Storeys | None:
    """Give the layers of one contract; None if it is about others than the direct children of *package*."""
    containers = _lines(contract.get("containers", ()))
    if containers not in ([], [package]):
        return None
    prefix = "" if containers else f"{package}."
    found = [sorted(tail.name for tail in _layer(line).module_tails) for line in _lines(contract["layers"])]
    names = [name for names in found for name in names]
    if not all(name.startswith(prefix) and "." not in name.removeprefix(prefix) for name in names):
        return None
    return [[name.removeprefix(prefix) for name in names] for names in found]


def _layer(line: str) -> Layer:
    return LayerField().parse(line)


def _lines(option: str | Sequence[str]) -> list[str]:
    """List the lines of an option, which is a string if there is only one, and may have comments."""
    lines = [option] if isinstance(option, str) else option
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
