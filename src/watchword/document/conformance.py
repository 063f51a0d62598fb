"""
Whether a request or an answer fits an operation of the document, as values.

Nothing here needs a server: method, path, headers and body go in, violations come out, and none repeats a value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from watchword.document.media_types import JSON, essence, is_json
from watchword.document.operations import Operation, ResponseShape
from watchword.domain.refusal import Violation

Decode = Callable[[bytes, Any], Any]
"""Turns a raw body into JSON types, given the operation's schema; raises refusals."""

CONTENT_ENCODING = ("content-encoding",)
"""The path of the violation that a compressed body is."""

_IDENTITY = "identity"
_BODY_REQUIRED = Violation("body", (), "required", None, "A JSON body is required.")
_COMPRESSED = Violation("header", CONTENT_ENCODING, "media-type", (_IDENTITY,), "Compressed bodies are not served.")
_USUAL_LENGTH = 100
"""Of a content type; longer ones are judged anew each time, so that clients cannot fill the cache."""
# Content types of answers are few.
_answered_essence = lru_cache(64)(essence)


@dataclass
class ReadRequest:
    """
    A request, read and judged.

    Args:
        parameters: Their values by place (``path``, ``query``, ``header``) and name.
        json: The body; None without one.
    """

    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    json: Any = None
    violations: list[Violation] = field(default_factory=list)


def read_request(
    operation: Operation,
    *,
    path: Mapping[str, Any],
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    decode: Decode | None = None,
) -> ReadRequest:
    """
    Read a request and judge it.

    Args:
        path: Path parameters as texts, by name.
        query: As it was sent.
        headers: By lower-case name.
        decode: Reads the body, whatever its content type; without it a body is strict JSON in a
            content type of the document.

    Raises:
        Refusal: By *decode* alone.
    """
    read = ReadRequest()
    if operation.parameters:
        _read_parameters(read, operation, path, query, headers)
    if operation.accepts:
        _read_body(read, operation, headers, body, decode)
    return read


def answer_violations(shape: ResponseShape, *, headers: Mapping[str, str], body: Any) -> Iterator[str]:
    """
    Say in what an answer differs from its *shape*.

    Args:
        headers: By name, in any case.
        body: JSON types, or bytes; None for no body at all.
    """
    if shape.required_headers:
        present = {name.lower() for name in headers}
        for name in sorted(shape.required_headers - present):
            yield f"header {name} is missing"
    if not shape.content:
        if body is not None:
            yield "has a body, the document has none"
        return
    if body is None:
        yield "has no body, the document has one"
        return
    sent = next((value for name, value in headers.items() if name.lower() == "content-type"), JSON)
    plain = _answered_essence(sent)
    if plain not in shape.content:
        yield f"content type {plain} is not declared"
        return
    validator = shape.content[plain]
    if validator is not None and not validator.accepts(body):
        for one in validator.violations(body, where="body"):
            yield f"body {'.'.join(one.path) or '(whole)'} {one.detail}"


def _read_parameters(
    read: ReadRequest, operation: Operation, path: Mapping[str, Any], query: str, headers: Mapping[str, str]
) -> None:
    sent = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    places: Mapping[str, Mapping[str, Any]] = {"path": path, "query": sent, "header": headers}
    for parameter in operation.parameters:
        text = places.get(parameter.where, {}).get(parameter.key)
        if text is None and not parameter.required:
            continue
        value, violations = parameter.read(None if text is None else str(text))
        read.violations += violations
        if value is not None:
            read.parameters.setdefault(parameter.where, {})[parameter.name] = value


def _read_body(
    read: ReadRequest, operation: Operation, headers: Mapping[str, str], body: bytes, decode: Decode | None
) -> None:
    if decode is not None:
        read.json = decode(body, operation.body_schema)
    else:
        if not body:
            if operation.body_required:
                read.violations.append(_BODY_REQUIRED)
            return
        if headers.get("content-encoding", _IDENTITY).strip().lower() not in ("", _IDENTITY):
            read.violations.append(_COMPRESSED)
            return
        content_type = headers.get("content-type", JSON)
        judge = _body_kind if len(content_type) <= _USUAL_LENGTH else _body_kind.__wrapped__
        match judge(operation.accepts, content_type):
            case None:
                detail = "This type is not served."
                read.violations.append(Violation("header", ("content-type",), "media-type", operation.accepts, detail))
                return
            case _BodyKind.OTHER:
                return  # only the document knows such a body, and says nothing that could be judged
        try:
            read.json = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            # The decoder's own words may quote what it read.
            where = f"line {error.lineno} column {error.colno}"
            detail = f"The body is not readable as JSON at {where}."
            read.violations.append(Violation("body", (), "syntax", where, detail))
            return
    if operation.body is not None and not operation.body.accepts(read.json):
        read.violations += operation.body.violations(read.json, where="body")


class _BodyKind(Enum):
    """What a content type promises."""

    JSON = "json"
    OTHER = "other"


@lru_cache(256)
def _body_kind(accepts: tuple[str, ...], content_type: str) -> _BodyKind | None:
    """Tell what kind of body *content_type* is; None if it is not among *accepts*, or in another charset."""
    plain, _, parameters = content_type.partition(";")
    if all(essence(plain) != essence(accepted) for accepted in accepts):
        return None
    if not is_json(plain):
        return _BodyKind.OTHER
    charset = next(
        (
            value.strip().strip('"').lower()
            for name, _, value in (item.partition("=") for item in parameters.split(";"))
            if name.strip().lower() == "charset"
        ),
        "utf-8",
    )
    return _BodyKind.JSON if charset in ("utf-8", "utf8", "us-ascii") else None
