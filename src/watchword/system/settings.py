"""Settings: those that every system has, and how a change is validated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from watchword.domain.durations import read_duration
from watchword.domain.limits import Limit
from watchword.store import Transaction
from watchword.system.setting_faults import SettingFault, invalid_settings


def _read_duration(value: Any) -> Any:
    return read_duration(value) if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]
"""The type of a setting that is a duration; a number is seconds."""
PositiveDuration = Annotated[timedelta, Field(gt=timedelta(0)), BeforeValidator(_read_duration)]
"""The same, and longer than nothing."""


IN_SANDBOX: Mapping[str, bool] = MappingProxyType({"in_sandbox": True})
"""The context of a model that judges settings of a sandbox: `SystemSettings.misnamed` judges names of what it made."""

STORED: Mapping[str, bool] = MappingProxyType({**IN_SANDBOX, "stored": True})
"""The context of a model that reads what an earlier server has written: what a release refuses may be there."""

_CHARACTER = r"(?:[A-Za-z0-9._~!$&'\(\)*+,;=:@\/\-]|%[0-9A-Fa-f]{2})"
"""What a path may consist of, by RFC 3986."""
# The path of a link is put at the end, so a query is possible only before the fragment of a hash router.
_PORTAL = re.compile(
    rf"^https?:\/\/(?:[A-Za-z0-9]|\[[0-9A-Fa-f:.]+\]){_CHARACTER}*((\?(?:{_CHARACTER}|\?)*)?#{_CHARACTER}*)?$"
)
_PORTAL_MUST = (
    "be an http or https address such as http://localhost:3000/app, or http://localhost:3000/# for a hash router; "
    "characters that no address has are encoded, as in http://xn--tda.example/%3Cb%3E"
)


def _check_portal(url: str, info: ValidationInfo) -> str:
    if _PORTAL.fullmatch(url) is None and not (info.context or {}).get("stored"):
        raise ValueError(f"must {_PORTAL_MUST}")
    return url


class StrictModel(BaseModel):
    """A model that refuses unknown fields and cannot be changed in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RateLimit(StrictModel):
    """A limit on the requests of one caller in a window."""

    requests: int = Field(ge=1, description="How many requests are allowed in one window.")
    seconds: int = Field(ge=1, le=366 * 86_400, description="The length of the window in seconds.")

    @property
    def limit(self) -> Limit:
        """This limit as a value of the domain."""
        return Limit(self.requests, timedelta(seconds=self.seconds))


class SystemSettings(StrictModel):
    """The settings that every system has."""

    maintenance: bool = Field(default=False, description="Every request is answered 503, as during maintenance.")
    failing: bool = Field(default=False, description="Every request is answered 500, as in an outage.")
    rate_limits: tuple[RateLimit, ...] = Field(
        default=(), description="Limits on the requests of one caller; more requests are answered 429."
    )
    portal_url: Annotated[str, AfterValidator(_check_portal)] = Field(
        default="http://localhost:3000",
        description="What the links in mails start with: the address of your front end.",
        json_schema_extra={"pattern": _PORTAL.pattern, "x-must": _PORTAL_MUST},
    )
    random_codes: bool = Field(
        default=False, description="Codes in mails are random where the vendor's sandbox always sends the same one."
    )

    def misnamed(self, tx: Transaction, system: str) -> Sequence[SettingFault]:  # noqa: ARG002  # as those with names
        """
        Find what these settings name that a sandbox does not have.

        Args:
            tx: Reads the records of the sandbox.
            system: The name of the system that has these settings.
        """
        return ()


SettingsBySystem = Mapping[str, SystemSettings]
"""The settings of every system, by its name."""

S = TypeVar("S", bound=BaseModel)


def apply_merge_patch(model: S, *changes: Mapping[str, Any], context: Mapping[str, bool] | None = None) -> S:
    """
    Apply JSON merge patches (RFC 7396) to *model*, one after the other, and return the result.

    Args:
        changes: Nested names and values; null resets a value to its default. Only what all of them make is judged.
        context: `IN_SANDBOX` for the settings of a sandbox; None for those that a server starts with.

    Raises:
        InvalidSettings: A name is unknown, or a value is invalid.
    """
    try:
        merged = reduce(merge_patch, changes, model.model_dump(mode="json", exclude_unset=True))
        return type(model).model_validate(merged, context=context)
    except ValidationError as error:
        # Without its cause, which repeats the values.
        raise invalid_settings(type(model), error) from None


def follow(current: S, *, former: S, new: S, context: Mapping[str, bool] | None = None) -> S:
    """
    Give *new* with what *current* sets otherwise than *former*, which it began with.

    Args:
        context: As for `apply_merge_patch`.

    Raises:
        InvalidSettings: These contradict each other.
    """
    before, after = (one.model_dump(mode="json", exclude_unset=True) for one in (former, current))
    changed = _difference(before, after)
    return apply_merge_patch(new, changed, context=context) if changed else new


def list_differences(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """
    Yield the path of each setting that differs, with both values; None for one that is not set.

    Args:
        path: The names that lead to *before* and *after*.
    """
    for name in {**before, **after}:
        one, other, here = before.get(name), after.get(name), (*path, name)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from list_differences(one, other, here)
        elif one != other:
            yield here, one, other


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Give the merge patch that makes *after* of *before*."""
    changed: dict[str, Any] = dict.fromkeys(before.keys() - after.keys())
    for name, value in after.items():
        old = before.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            if nested := _difference(old, value):
                changed[name] = nested
        elif name not in before or old != value:
            changed[name] = value
    return changed


def merge_patch(old: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a JSON merge patch to a JSON object."""
    new = dict(old)
    for name, value in change.items():
        if value is None:
            new.pop(name, None)
        elif isinstance(value, Mapping):
            before = new.get(name)
            new[name] = merge_patch(before if isinstance(before, dict) else {}, value)
        else:
            new[name] = value
    return new
