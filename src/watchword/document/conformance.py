"""
Whether a request or an answer fits an operation of the document, as values.

Nothing here needs a server: method, path, headers and body go in, violations come out, and none repeats a value.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from watchword.document.bodies import BodyKind, BodyShape, find_body
from watchword.document.forms import read_form
from watchword.document.media_types import JSON, essence, find_declared, is_json
from watchword.document.operations import Operation, ResponseShape
from watchword.document.styles import Sent, read_cookies
from watchword.domain.refusal import Violation

Decode = Callable[[bytes, Any], Any]
"""Turns a raw body into JSON types, given the schema of the operation; raises refusals."""

CONTENT_ENCODING = ("content-encoding",)
"""The path of the violation of a compressed body."""

_IDENTITY = "identity"
_BODY_REQUIRED = Violation("body", (), "required", None, "A JSON body is required.")
_FORM_REQUIRED = Violation("body", (), "required", None, "A body is required.")
_COMPRESSED = Violation("header", CONTENT_ENCODING, "media-type", (_IDENTITY,), "Compressed bodies are not served.")
_UNDECLARED_BODY = Violation("", (), "undeclared", None, "has a body, the document has none")
_NO_BODY = Violation("", (), "required", None, "has no body, the document has one")
_USUAL_LENGTH = 100
"""Of a content type. Longer ones are not cached, so that clients cannot fill the cache."""


Parameters = dict[str, dict[str, Any]]
"""Values by place (``path``, ``query``, ``header``, ``cookie``) and name."""


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
        json = read_body(operation, headers, body, decode, violations)
    return ReadRequest(parameters, json, violations)


def answer_violations(shape: ResponseShape, *, headers: Mapping[str, str], body: Any) -> Iterator[str]:
    """
    Yield how an answer differs from its *shape* in sentences, without repeating a value.

    Args:
        headers: By name, in any case.
        body: JSON types, or bytes; None for no body at all.
    """
    for one in answer_differences(shape, headers=headers, body=body):
        yield tell_answer_violation(one, ".".join(one.path))


def tell_answer_violation(violation: Violation, path: str) -> str:
    """Say what is wrong with an answer; *path* is that of the violation, as far as it may be shown."""
    if not violation.where:
        return violation.detail
    return f"{violation.where} {path or '(whole)'} {violation.detail}"


def answer_differences(shape: ResponseShape, *, headers: Mapping[str, str], body: Any) -> Iterator[Violation]:
    """
    Yield how an answer differs from its *shape*; what is about the whole of it has no ``where``.

    Args:
        headers: By name, in any case.
        body: JSON types, or bytes; None for no body at all.
    """
    if shape.required_headers:
        present = {name.lower() for name in headers}
        for name in sorted(shape.required_headers - present):
            yield Violation("header", (name,), "required", None, "is missing")
    if not shape.content:
        if body is not None:
            yield _UNDECLARED_BODY
        return
    if body is None:
        yield _NO_BODY
        return
    sent = next((value for name, value in headers.items() if name.lower() == "content-type"), JSON)
    declared = sent if sent in shape.content else _declared(tuple(shape.content), sent)
    if declared is None:
        told = f"content type {essence(sent)} is not declared" if essence(sent) else "the content type is empty"
        detail = f"{told}; the document has {' or '.join(shape.content)}"
        yield Violation("", (), "media-type", tuple(shape.content), detail)
        return
    validator = shape.content[declared]
    if isinstance(body, bytes) and validator is not None:
        if not is_json(sent):
            return
        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            yield Violation("body", (), "syntax", None, "is not readable as JSON")
            return
    if validator is not None and not validator.accepts(body):
        yield from validator.violations(body, where="body")


@lru_cache(64)
def _declared(declared: tuple[str, ...], media_type: str) -> str | None:
    """Find what the document calls *media_type*."""
    place = find_declared(declared, media_type)
    return None if place is None else declared[place]


def _read_parameters(
    operation: Operation,
    path: Mapping[str, Any],
    query: str,
    headers: Mapping[str, str],
    into: tuple[Parameters, list[Violation]],
) -> None:
    values, violations = into
    sent: Sent | None = None
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    texts = dict(pairs)
    repeated = len(texts) < len(pairs)
    places: dict[str, Mapping[str, Any]] = {"path": path, "query": texts, "header": headers}
    for parameter in operation.parameters:
        if parameter.style is not None:
            sent = sent or Sent(path, query, headers)
            value, found = parameter.find(sent)
        elif repeated and parameter.where == "query":
            value, found = parameter.read_all([text for name, text in pairs if name == parameter.key])
        else:
            if parameter.where not in places:
                places["cookie"] = dict(read_cookies(headers))
            text = places[parameter.where].get(parameter.key)
            if text is None and not parameter.required:
                continue
            value, found = parameter.read(None if text is None else str(text))
        violations += found
        if value is not None:
            values.setdefault(parameter.where, {})[parameter.name] = value


def read_body(
    operation: Operation,
    headers: Mapping[str, str],
    body: bytes,
    decode: Decode | None,
    violations: list[Violation],
) -> Any:
    """
    Read the body of an operation that takes one, and add what is wrong with it to *violations*.

    Args:
        headers, decode: As in `read_request`.

    Raises:
        Refusal: Only if *decode* raises it.
    """
    validator = operation.body
    if decode is not None:
        json = decode(body, operation.body_schema)
    else:
        shape, kind = _find_shape(operation, headers, body, violations)
        if shape is None:
            return None
        validator = shape.validator
        try:
            if kind is BodyKind.JSON:
                json = orjson.loads(body)
            else:
                json, found = read_form(body, headers["content-type"], kind, shape)
                violations += found
        except orjson.JSONDecodeError as error:
            # The message of the decoder may quote the body.
            where = f"line {error.lineno} column {error.colno}"
            violations.append(Violation("body", (), "syntax", where, f"The body is not readable as JSON at {where}."))
            return None
        except ValueError:
            violations.append(Violation("body", (), "syntax", None, f"The body is not readable as {kind.value}."))
            return None
    if validator is not None and not validator.accepts(json):
        violations += validator.violations(json, where="body")
    return json


def _find_shape(
    operation: Operation, headers: Mapping[str, str], body: bytes, violations: list[Violation]
) -> tuple[BodyShape | None, BodyKind]:
    """Find out what a body should look like; None if it is not to be read, with the reason among *violations*."""
    if not body:
        if operation.body_required:
            violations.append(_FORM_REQUIRED if operation.body is None else _BODY_REQUIRED)
        return None, BodyKind.OTHER
    if headers.get("content-encoding", _IDENTITY).strip().lower() not in ("", _IDENTITY):
        violations.append(_COMPRESSED)
        return None, BodyKind.OTHER
    content_type = headers.get("content-type", JSON)
    find = find_body if len(content_type) <= _USUAL_LENGTH else find_body.__wrapped__
    found = find(operation.accepts, content_type)
    if found is None:
        detail = f"This type is not served; send {' or '.join(operation.accepts)}."
        violations.append(Violation("header", ("content-type",), "media-type", operation.accepts, detail))
        return None, BodyKind.OTHER
    place, kind = found
    return (None if kind is BodyKind.OTHER else operation.bodies[place]), kind
