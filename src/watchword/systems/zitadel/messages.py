"""
The messages of the service as its public protobuf description has them.

REST bodies are decoded by them, and every face validates by them.

Source:
    ``zitadel/user/v2``, ``zitadel/user/v2beta``, ``zitadel/session/v2``: fields, oneofs and
    ``validate.rules``, in the order of their numbers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as of_dataclass
from enum import StrEnum
from typing import Any

_HUMPS = re.compile(r"(?<!^)(?=[A-Z])")


class Kind(StrEnum):
    """What a field holds, as protobuf calls it."""

    STRING = "string"
    BOOL = "bool"
    ENUM = "enum"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field of a message.

    Args:
        name: Its JSON name; the name with underscores is derived.
        longest: The most characters of a text whose least is 1; None if nothing is asked of it.
        optional: Presence is told apart from emptiness, so nothing is asked of an absent one.
        oneof: The group of which at most one member may be given.
        values: The names of an enumeration, by number.
    """

    name: str
    kind: Kind = Kind.STRING
    longest: int | None = None
    optional: bool = False
    oneof: str | None = None
    message: "Message | None" = None
    values: tuple[str, ...] = ()

    @property
    def text_name(self) -> str:
        """The name as the description writes it."""
        return _HUMPS.sub("_", self.name).lower()

    @property
    def go_name(self) -> str:
        """The name as validation errors write it."""
        return self.name[0].upper() + self.name[1:]


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message.

    Args:
        name: With its package.
        required_oneofs: Groups of which one member must be given.
    """

    name: str
    fields: tuple[Field, ...] = ()
    required_oneofs: tuple[str, ...] = ()
    _by_name: Mapping[str, Field] = of_dataclass(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {name: one for one in reversed(self.fields) for name in (one.text_name, one.name)}
        object.__setattr__(self, "_by_name", by_name)

    @property
    def short(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2]

    def field(self, name: str) -> Field | None:
        """Find a field by either of its names."""
        return self._by_name.get(name)

    def violation(self, body: Mapping[str, Any]) -> str | None:
        """
        Tell the first rule that *body* breaks, in the words of protoc-gen-validate.

        Args:
            body: Decoded, by JSON names.

        Returns:
            None if all is well; no value is repeated.
        """
        return next(self._violations(body), None)

    def _violations(self, body: Mapping[str, Any]) -> Iterator[str]:
        for field in self.fields:
            reason = _reason(field, body.get(field.name), present=field.name in body)
            if reason:
                yield f"invalid {self.short}.{field.go_name}: {reason}"
        for group in self.required_oneofs:
            if not any(field.oneof == group and field.name in body for field in self.fields):
                yield f"invalid {self.short}.{group[0].upper()}{group[1:]}: value is required"


def _reason(field: Field, value: Any, *, present: bool) -> str | None:
    if field.message is not None:
        inner = field.message.violation(value) if present else None
        return inner and f"embedded message failed validation | caused by: {inner}"
    if field.longest is None or (not present and (field.optional or field.oneof)):
        return None
    length = len(value) if present else 0
    if 1 <= length <= field.longest:
        return None
    return f"value length must be between 1 and {field.longest} runes, inclusive"


def _user_messages(package: str) -> tuple[Message, Message]:
    password = Message(f"{package}.Password", (Field("password", longest=200), Field("changeRequired", Kind.BOOL)))
    link = Message(
        f"{package}.SendPasswordResetLink",
        (
            Field(
                "notificationType",
                Kind.ENUM,
                values=("NOTIFICATION_TYPE_Unspecified", "NOTIFICATION_TYPE_Email", "NOTIFICATION_TYPE_SMS"),
            ),
            Field("urlTemplate", longest=200, optional=True),
        ),
    )
    return_code = Message(f"{package}.ReturnPasswordResetCode")
    return (
        Message(
            f"{package}.SetPasswordRequest",
            (
                Field("userId", longest=200),
                Field("newPassword", Kind.MESSAGE, message=password),
                Field("currentPassword", longest=200, oneof="verification"),
                Field("verificationCode", longest=20, oneof="verification"),
            ),
        ),
        Message(
            f"{package}.PasswordResetRequest",
            (
                Field("userId", longest=200),
                Field("sendLink", Kind.MESSAGE, oneof="medium", message=link),
                Field("returnCode", Kind.MESSAGE, oneof="medium", message=return_code),
            ),
        ),
    )


SET_PASSWORD, PASSWORD_RESET = _user_messages("zitadel.user.v2")
SET_PASSWORD_V2BETA, PASSWORD_RESET_V2BETA = _user_messages("zitadel.user.v2beta")

_CHECK_USER = Message(
    "zitadel.session.v2.CheckUser",
    (Field("userId", longest=200, oneof="search"), Field("loginName", longest=200, oneof="search")),
    required_oneofs=("search",),
)
_CHECK_PASSWORD = Message("zitadel.session.v2.CheckPassword", (Field("password", longest=200),))
_CHECKS = Message(
    "zitadel.session.v2.Checks",
    (Field("user", Kind.MESSAGE, message=_CHECK_USER), Field("password", Kind.MESSAGE, message=_CHECK_PASSWORD)),
)
CREATE_SESSION = Message("zitadel.session.v2.CreateSessionRequest", (Field("checks", Kind.MESSAGE, message=_CHECKS),))

BODIES: Mapping[str, Message] = {
    one.name: one for one in (SET_PASSWORD, PASSWORD_RESET, SET_PASSWORD_V2BETA, PASSWORD_RESET_V2BETA, CREATE_SESSION)
}
"""The messages of requests, by their full names, which the document has as ``x-message``."""
