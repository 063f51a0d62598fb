"""Copy and compare JSON values."""

from typing import Any


def copy_json(value: Any) -> Any:
    """Copy a value of JSON types, nested values included."""
    if isinstance(value, dict):
        return {key: copy_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copy_json(item) for item in value]
    return value


def same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON. Python's ``==`` will not do: there, 1, 1.0 and True are equal."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)
