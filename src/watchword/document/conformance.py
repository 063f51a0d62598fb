"""
Whether a request or an answer fits an operation of the document, as values.

Nothing here needs a server: method, path, headers and body go in, violations come out, and none repeats a value.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from watchword.document.media_types import JSON, essence, is_json
from watchword.document.operations import Operation, ResponseShape
from watchword.domain.refusal import Violation

Decode = Callable[[bytes, Any], Any]
"""Turns a raw body into JSON types, given the schema of the operation; raises refusals."""

CONTENT_ENCODING = ("content-encoding",)
"""The path of the violation of a compressed body."""

_IDENTITY = "identity"
_BODY_REQUIRED = Violation("body", (), "required", None, "A JSON body is required.")
_COMPRESSED = Violation("header", CONTENT_ENCODING, "media-type", (_IDENTITY,), "Compressed bodies are not served.")
_USUAL_LENGTH = 100
"""Of a content type. Longer ones are not cached, so that clients cannot fill the cache."""
# The content types of answers are few.
_cached_essence = lru_cache(64)(essence)


Parameters = dict[str, dict[str, Any]]
"""Values by place (``path``, ``query``, ``header``) and name."""


class ReadRequest(NamedTuple):
    """
    A request, read and judged.

    Args:
        json: The body; None without one.
    """

    parameters: Parameters
    json: Any
    violations: list[Violation]


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
        query: The query string as sent.
        headers: By lower-case name.
        decode: Reads a body of any content type. Without it a body is strict JSON in a content type of the document.

    Raises:
        Refusal: Only if *decode* raises it.
    """
    parameters: Parameters = {}
    violations: list[Violation] = []
    json = None
    if operation.parameters:
        _read_parameters(operation, path, query, headers, (parameters, violations))
    if operation.accepts:
        json = _read_body(operation, headers, body, decode, violations)
    return ReadRequest(parameters, json, violations)


def answer_violations(shape: ResponseShape, *, headers: Mapping[str, str], body: Any) -> Iterator[str]:
    """
    Yield how an answer differs from its *shape*, without repeating a value.

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
    plain = _cached_essence(sent)
    if plain not in shape.content:
        yield f"content type {plain} is not declared"
        return
    validator = shape.content[plain]
    if validator is not None and not validator.accepts(body):
        for one in validator.violations(body, where="body"):
            yield f"body {'.'.join(one.path) or '(whole)'} {one.detail}"


def _read_parameters(
    operation: Operation,
    path: Mapping[str, Any],
    query: str,
    headers: Mapping[str, str],
    into: tuple[Parameters, list[Violation]],
) -> None:
    values, violations = into
    sent = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    places: Mapping[str, Mapping[str, Any]] = {"path": path, "query": sent, "header": headers}
    for parameter in operation.parameters:
        text = places.get(parameter.where, {}).get(parameter.key)
        if text is None and not parameter.required:
            continue
        value, found = parameter.read(None if text is None else str(text))
        violations += found
        if value is not None:
            values.setdefault(parameter.where, {})[parameter.name] = value


def _read_body(
    operation: Operation,
    headers: Mapping[str, str],
    body: bytes,
    decode: Decode | None,
    violations: list[Violation],
) -> Any:
    """Read a body and add what is wrong with it to *violations*."""
    if decode is not None:
        json = decode(body, operation.body_schema)
    else:
        refused, is_read = _body_refusal(operation, headers, body)
        if refused is not None:
            violations.append(refused)
        if not is_read:
            return None
        try:
            json = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            # The message of the decoder may quote the body.
            where = f"line {error.lineno} column {error.colno}"
            violations.append(Violation("body", (), "syntax", where, f"The body is not readable as JSON at {where}."))
            return None
    if operation.body is not None and not operation.body.accepts(json):
        violations += operation.body.violations(json, where="body")
    return json


def _body_refusal(operation: Operation, headers: Mapping[str, str], body: bytes) -> tuple[Violation | None, bool]:
    """Give what is wrong with a body before it is read, and whether to read it: only JSON is read."""
    if not body:
        return (_BODY_REQUIRED if operation.body_required else None), False
    if headers.get("content-encoding", _IDENTITY).strip().lower() not in ("", _IDENTITY):
        return _COMPRESSED, False
    content_type = headers.get("content-type", JSON)
    judge = _body_kind if len(content_type) <= _USUAL_LENGTH else _body_kind.__wrapped__
    kind = judge(operation.accepts, content_type)
    if kind is None:
        detail = "This type is not served."
        return Violation("header", ("content-type",), "media-type", operation.accepts, detail), False
    return None, kind is _BodyKind.JSON


class _BodyKind(Enum):
    """What a content type announces."""

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
