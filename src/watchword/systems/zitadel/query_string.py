"""
Reading a query string as the message of a request, as the gateway does.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5; grpc-gateway's ``PopulateQueryParameters`` and Go's ``net/url``.
    Where the gateway would quote a value, the text has three stars.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from watchword.document import Operation
from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel.messages import Field, Kind, Message
from watchword.systems.zitadel.request_messages import REQUESTS
from watchword.systems.zitadel.user_errors import UnreadableQuery

_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


def read_query(operation: Operation, query: str) -> dict[str, Any] | None:
    """
    Read the *query* string of an operation whose message may stand in parameters (``x-query-message``).

    Returns:
        The fields that were set, by JSON names; None for an operation without such a message.

    Raises:
        UnreadableQuery: It is not that message.
    """
    name = operation.raw.get("x-query-message")
    return None if name is None else read(query, REQUESTS[name])


def _ignore(query: str, message: Message) -> dict[str, Any]:  # noqa: ARG001  # the rule's arguments
    """Without the rule parameters are not looked at."""
    return {}


@rule(
    "zitadel.query.mapping",
    OBSERVED,
    "recorded answers of v2.65.3, v4.2.2 and v4.6.5; grpc-gateway",
    without=_ignore,
    compares=lambda query, message: {"characters": len(query), "message": message.short_name},
)
def read(query: str, message: Message) -> dict[str, Any]:
    """
    A parameter names a field by its path, in either spelling; unknown ones are ignored, and one that is there twice,
    two members of a oneof or a wrong type are 400 before the caller is known.

    Raises:
        UnreadableQuery: The query string is not that message.
    """
    values: dict[str, list[str]] = {}
    for name, value in _split(query):
        values.setdefault(name, []).append(value)
    given: dict[str, Any] = {}
    for path, texts in values.items():
        _put(given, message, path.split("."), texts)
    return given


def _split(query: str) -> Iterator[tuple[str, str]]:
    for part in query.split("&"):
        if not part:
            continue
        if ";" in part:
            raise UnreadableQuery("invalid semicolon separator in query")
        if _BAD_ESCAPE.search(part):
            raise UnreadableQuery('invalid URL escape "***"')
        name, _, value = part.partition("=")
        yield unquote_plus(name, errors="replace"), unquote_plus(value, errors="replace")


def _put(given: dict[str, Any], message: Message, path: list[str], texts: list[str]) -> None:
    """Put the one text of a parameter into the field at *path*."""
    name, *rest = path
    field = message.field(name)
    if field is None:
        return
    if field.oneof is not None and _is_set(given, message, field.oneof):
        raise UnreadableQuery(f'field already set for oneof "{field.oneof}"')
    if rest:
        if field.message is None:
            raise UnreadableQuery(f'invalid path: "{field.proto_name}" is not a message')
        _put(given.setdefault(field.name, {}), field.message, rest, texts)
        return
    if len(texts) > 1:
        raise UnreadableQuery(f'too many values for field "{field.proto_name}": ***')
    given[field.name] = _convert(field, texts[0])


def _is_set(given: Mapping[str, Any], message: Message, group: str) -> bool:
    return any(one.oneof == group and one.name in given for one in message.fields)


def _convert(field: Field, text: str) -> Any:
    if field.message is not None:
        reason = f'unsupported message type: "{field.message.name}"'
    elif field.kind is Kind.BOOL:
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        reason = 'strconv.ParseBool: parsing "***": invalid syntax'
    else:
        return text
    raise UnreadableQuery(f'parsing field "{field.proto_name}": {reason}')
