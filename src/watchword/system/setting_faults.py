"""What is wrong with settings, in our words: flags, files, documents and the control API say the same."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from watchword.domain.clock import FIRST_YEAR, LAST_YEAR
from watchword.domain.durations import FORMS

_SHOWN = 80
_TABLE = "must be a table of names and values"
_LIST = "must be a list"
_NUMBER = "must be a whole number"
_DURATION = f"must be a duration: write {FORMS}"
_TIME = "must be a time with a timezone, for example 2026-01-31T12:00:00Z"
_DATE = "must be a date, for example 2026-01-31"
_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "extra_forbidden": lambda _: "is not known here",
        "bool_type": lambda _: "must be true or false",
        "bool_parsing": lambda _: "must be true or false",
        "int_type": lambda _: _NUMBER,
        "int_parsing": lambda _: _NUMBER,
        "int_parsing_size": lambda _: "is too great a number",
        "int_from_float": lambda _: _NUMBER,
        "finite_number": lambda _: _NUMBER,
        "string_type": lambda _: "must be a text",
        "string_too_long": lambda limits: f"must have at most {limits['max_length']} characters",
        "string_too_short": lambda limits: f"must have at least {limits['min_length']} characters",
        "literal_error": lambda limits: f"must be {limits['expected']}",
        "enum": lambda limits: f"must be {limits['expected']}",
        "greater_than": lambda limits: f"must be more than {limits['gt']}",
        "greater_than_equal": lambda limits: f"must be at least {limits['ge']}",
        "less_than": lambda limits: f"must be less than {limits['lt']}",
        "less_than_equal": lambda limits: f"must be at most {limits['le']}",
        "list_type": lambda _: _LIST,
        "tuple_type": lambda _: _LIST,
        "dict_type": lambda _: _TABLE,
        "model_type": lambda _: _TABLE,
        "model_attributes_type": lambda _: _TABLE,
        "datetime_type": lambda _: _TIME,
        "datetime_parsing": lambda _: _TIME,
        "datetime_from_date_parsing": lambda _: _TIME,
        "datetime_object_invalid": lambda _: _TIME,
        "timezone_aware": lambda _: _TIME,
        "outside_calendar": lambda _: f"must be in the years {FIRST_YEAR} to {LAST_YEAR}",
        "date_type": lambda _: _DATE,
        "date_parsing": lambda _: _DATE,
        "date_from_datetime_parsing": lambda _: _DATE,
        "float_type": lambda _: "must be a number",
        "float_parsing": lambda _: "must be a number",
        "frozen_set_type": lambda _: _LIST,
        "dataclass_type": lambda _: _TABLE,
        "too_long": lambda limits: f"must have at most {limits['max_length']} entries",
        "time_delta_type": lambda _: _DURATION,
        "time_delta_parsing": lambda _: _DURATION,
        "missing": lambda _: "is required",
        "value_error": lambda limits: str(limits["error"]),
    }
)
"""What a value must be, by pydantic's type of an error, from the limits that it broke."""


class SettingFault(NamedTuple):
    """
    One thing that is wrong with settings.

    Args:
        path: The names that lead to the value, outermost first; indexes as text.
        detail: What is wrong, or what would be right, without the value and without a full stop.
        given: The beginning of the value as text; empty for one that is not a single value, and for an unknown name.
    """

    path: tuple[str, ...]
    detail: str
    given: str = ""

    @property
    def shown(self) -> str:
        """The sentence with the value, for who has written it: the owner of flags and files."""
        return f"{self.given!r} {self.detail}" if self.given else self.detail


class InvalidSettings(Exception):
    """
    Settings that cannot be.

    Args:
        faults: At least one.
    """

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(one.path)}: {one.detail}" for one in faults))
        self.faults = faults


def invalid_settings(model: type[BaseModel], error: ValidationError, *, noun: str = "setting") -> InvalidSettings:
    """
    Say in our words what pydantic found wrong with settings of *model*.

    Args:
        noun: What a field of it is called.
    """
    return InvalidSettings(tuple(_fault(model, one, noun) for one in error.errors(include_url=False)))


def say_what_is_right(kind: str, limits: Mapping[str, Any]) -> str:
    """
    Say what a value must be.

    Args:
        kind: Pydantic's type of an error.
        limits: That the value broke.
    """
    words = _WORDS.get(kind)
    return "is not valid" if words is None else words(limits)


def _fault(model: type[BaseModel], error: Any, noun: str) -> SettingFault:
    steps, kind = error["loc"], error["type"]
    path = tuple(map(str, steps))
    if kind == "extra_forbidden":
        names = ", ".join(_model_at(model, steps[:-1]).model_fields)
        return SettingFault(path, f"there is no such {noun}. There are: {names}")
    given = shown_value(error["input"]) if steps else ""
    return SettingFault(path, say_what_is_right(kind, error.get("ctx", {})), given)


def shown_value(value: Any) -> str:
    """Write the beginning of a single *value* for who has written it; empty for any other."""
    text = str(value) if isinstance(value, str | int | float) else ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _model_at(model: type[BaseModel], steps: tuple[int | str, ...]) -> type[BaseModel]:
    """Find the model that *steps* lead to; a key of a table, or an index, leads to the same model as its field."""
    for step in steps:
        field = model.model_fields.get(str(step))
        model = _model_in(field.annotation) or model if field is not None else model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model in the type of a field, such as ``dict[str, Model]`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one)) is not None), None)
