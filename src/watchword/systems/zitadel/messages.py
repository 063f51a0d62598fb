"""
The messages of the service, as its public ``.proto`` files describe them.

JSON is decoded by these descriptions, and every protocol validates by them.

Source:
    ``zitadel/user/v2``, ``zitadel/user/v2beta``, ``zitadel/session/v2``: fields, oneofs and
    ``validate.rules``, in the order of their numbers.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of_dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from watchword.systems.zitadel.values import read_duration, read_timestamp

_CAPITALS = re.compile(r"(?<!^)(?=[A-Z])")


class Kind(StrEnum):
    """The type of a field, as protobuf names it."""

    STRING = "string"
    BOOL = "bool"
    ENUM = "enum"
    MESSAGE = "message"
    UINT32 = "uint32"
    UINT64 = "uint64"
    BYTES = "bytes"
    DURATION = "google.protobuf.Duration"
    TIMESTAMP = "google.protobuf.Timestamp"


UNSIGNED: Mapping[Kind, int] = {Kind.UINT32: 32, Kind.UINT64: 64}
"""How many bits the numbers of a kind have."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """
    One field of a message.

    Args:
        name: The JSON name.
        max_length: The greatest length of a text in characters; None without a constraint.
        min_length: The least length of a text that has a greatest one.
        optional: Whether an absent text differs from an empty one, so that the length of an absent one is not checked.
        oneof: The group of which at most one member may be set.
        values: The names of an enumeration's constants, by number.
        defined_only: Whether the number of an enumeration must be the number of a constant.
        must_be_true: Whether a boolean that is set must be true.
        repeated: Whether the field is a list.
        mapped: Whether the field is a map from texts to values of its kind.
        positive: Whether a duration that is set must be longer than nothing.
        check: Finds out what else is wrong with a text; None if nothing is.
    """

    name: str
    kind: Kind = Kind.STRING
    max_length: int | None = None
    min_length: int = 1
    optional: bool = False
    oneof: str | None = None
    message: "Message | None" = of_dataclass(default=None, repr=False)
    values: tuple[str, ...] = ()
    defined_only: bool = False
    must_be_true: bool = False
    repeated: bool = False
    mapped: bool = False
    positive: bool = False
    check: Callable[[str], str | None] | None = None

    @property
    def proto_name(self) -> str:
        """The name in the ``.proto`` file, with underscores."""
        return _CAPITALS.sub("_", self.name).lower()

    @property
    def go_name(self) -> str:
        """The name in validation errors."""
        return self.name[0].upper() + self.name[1:]


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """
    One message.

    Args:
        name: With its package.
        required_oneofs: Groups of which one member must be set.
    """

    name: str
    fields: tuple[Field, ...] = ()
    required_oneofs: tuple[str, ...] = ()
    _by_name: Mapping[str, Field] = of_dataclass(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.define(self.fields)

    def define(self, fields: tuple[Field, ...]) -> None:
        """Give the message its fields; a message that contains itself gets them once it exists."""
        by_name = {name: one for one in reversed(fields) for name in (one.proto_name, one.name)}
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "_by_name", by_name)

    @property
    def short_name(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2]

    def field(self, name: str) -> Field | None:
        """Find a field by its JSON name or by its name in the ``.proto`` file."""
        return self._by_name.get(name)

    def find_violation(self, body: Mapping[str, Any]) -> str | None:
        """
        Find the first constraint that *body* violates.

        Args:
            body: Decoded, by JSON names.

        Returns:
            The text of protoc-gen-validate, which repeats no value; None without a violation.
        """
        # One frame for each level of nesting: a body may have hundreds.
        for field in self.fields:
            given, present = body.get(field.name), field.name in body
            if not present or not field.repeated:
                places: Sequence[tuple[str, Any]] = (("", given),) if not field.mapped else ()
            else:
                places = [(f"[{number}]", one) for number, one in enumerate(given or ())]
            for place, value in places:
                if field.message is None:
                    reason = None if field.repeated else _reason(field, value, present=present)
                else:
                    inner = field.message.find_violation(value) if present else None
                    reason = inner and f"embedded message failed validation | caused by: {inner}"
                if reason:
                    return f"invalid {self.short_name}.{field.go_name}{place}: {reason}"
        for group in self.required_oneofs:
            if not any(field.oneof == group and field.name in body for field in self.fields):
                return f"invalid {self.short_name}.{group[0].upper()}{group[1:]}: value is required"
        return None


def is_time(kind: Kind, text: str) -> bool:
    """Whether *text* is a duration or a moment, whichever *kind* is."""
    return (read_duration if kind is Kind.DURATION else read_timestamp)(text) is not None


def _reason(field: Field, value: Any, *, present: bool) -> str | None:
    """Find what is wrong with a value that is neither a message nor a list."""
    if present and field.must_be_true and value is not True:
        return "value must equal true"
    if present and field.positive and (read_duration(value) or timedelta(0)) <= timedelta(0):
        return "value must be greater than 0s"
    if field.defined_only and isinstance(value, int):
        return "value must be one of the defined enum values"
    if field.max_length is None or (not present and (field.optional or field.oneof)):
        return None
    text = value if present else ""
    if len(text) < field.min_length or len(text) > field.max_length:
        if field.min_length == 0:
            return f"value length must be at most {field.max_length} runes"
        if field.min_length == field.max_length:
            return f"value length must be {field.max_length} runes"
        return f"value length must be between {field.min_length} and {field.max_length} runes, inclusive"
    return field.check(text) if field.check else None


def _user_messages(package: str) -> tuple[Message, Message]:
    password = Message(f"{package}.Password", (Field("password", max_length=200), Field("changeRequired", Kind.BOOL)))
    link = Message(
        f"{package}.SendPasswordResetLink",
        (
            Field(
                "notificationType",
                Kind.ENUM,
                values=("NOTIFICATION_TYPE_Unspecified", "NOTIFICATION_TYPE_Email", "NOTIFICATION_TYPE_SMS"),
            ),
            Field("urlTemplate", max_length=200, optional=True),
        ),
    )
    return_code = Message(f"{package}.ReturnPasswordResetCode")
    return (
        Message(
            f"{package}.SetPasswordRequest",
            (
                Field("userId", max_length=200),
                Field("newPassword", Kind.MESSAGE, message=password),
                Field("currentPassword", max_length=200, oneof="verification"),
                Field("verificationCode", max_length=20, oneof="verification"),
            ),
        ),
        Message(
            f"{package}.PasswordResetRequest",
            (
                Field("userId", max_length=200),
                Field("sendLink", Kind.MESSAGE, oneof="medium", message=link),
                Field("returnCode", Kind.MESSAGE, oneof="medium", message=return_code),
            ),
        ),
    )


SET_PASSWORD, PASSWORD_RESET = _user_messages("zitadel.user.v2")
SET_PASSWORD_V2BETA, PASSWORD_RESET_V2BETA = _user_messages("zitadel.user.v2beta")

REQUESTS: Mapping[str, Message] = {
    one.name: one for one in (SET_PASSWORD, PASSWORD_RESET, SET_PASSWORD_V2BETA, PASSWORD_RESET_V2BETA)
}
"""By their full names."""
