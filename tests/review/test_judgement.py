"""How much a difference matters and why, on documents of a few lines: what our own document does not have."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from watchword.review.document_diff.change import Change
from watchword.review.document_diff.documents import compare_documents

Content = dict[str, Any]


def both_ways(schema: Any) -> Content:
    """A document whose one operation takes and gives values of a schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "swap", "requestBody": body, "responses": {"200": {"description": "ok", **body}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/swap": {"put": operation}}}


def told(base: Content, head: Content) -> list[tuple[str, str]]:
    """The categories of everything that differs, with their levels."""
    found = compare_documents(base, head)
    assert not found.not_judged
    return [(one.category, one.level.value) for one in found.changes]


def change_of(base: Content, head: Content, category: str) -> Change:
    (found,) = [one for one in compare_documents(base, head).changes if one.category == category]
    return found


STRING = {"type": "string"}
NULLABLE = {"type": "string", "nullable": True}
SCHEMAS: Sequence[tuple[str, Any, Any, Mapping[str, str]]] = [
    (
        "null is no longer listed",
        {**NULLABLE, "enum": ["a", None]},
        {**NULLABLE, "enum": ["a"]},
        {"request-body-became-not-nullable": "breaking", "response-body-became-not-nullable": "harmless"},
    ),
    (
        "null is listed without a type",
        {"enum": ["a"]},
        {"enum": ["a", None]},
        {"request-body-became-nullable": "harmless", "response-body-became-nullable": "breaking"},
    ),
    ("null is listed where no type takes it", {**STRING, "enum": ["a"]}, {**STRING, "enum": ["a", None]}, {}),
    (
        "null and another value are no longer listed",
        {**NULLABLE, "enum": ["a", "b", None]},
        {**NULLABLE, "enum": ["a"]},
        {
            "request-body-became-not-nullable": "breaking",
            "request-body-enum-value-removed": "breaking",
            "response-body-became-not-nullable": "harmless",
            "response-body-enum-value-removed": "harmless",
        },
    ),
    (
        "only null",
        STRING,
        {"type": "null"},
        {"request-body-type-changed": "breaking", "response-body-type-changed": "breaking"},
    ),
    (
        "no longer only null",
        {"type": "null"},
        {"type": ["string", "null"]},
        {"request-body-type-generalized": "harmless", "response-body-type-generalized": "breaking"},
    ),
    (
        "null of anything",
        {},
        {"type": "null"},
        {"request-body-type-specialized": "breaking", "response-body-type-specialized": "harmless"},
    ),
    ("true is no schema", True, {}, {}),
    (
        "a property that never comes again",
        {"properties": {"a": STRING}},
        {"properties": {"a": False}},
        {"request-property-became-false-schema": "breaking", "response-optional-property-removed": "risky"},
    ),
    (
        "a required property that never comes again",
        {"properties": {"a": STRING}, "required": ["a"]},
        {"properties": {"a": False}, "required": ["a"]},
        {"request-property-became-false-schema": "breaking", "response-required-property-removed": "breaking"},
    ),
    (
        "a property that never came",
        {"properties": {"a": False}},
        {"properties": {"a": STRING}},
        {"request-property-became-not-false-schema": "harmless", "response-property-added-to-closed": "risky"},
    ),
    (
        "a property that may not be there",
        {"type": "object"},
        {"type": "object", "properties": {"a": False}},
        {
            "request-property-became-false-schema": "breaking",
            "response-property-became-false-schema": "harmless",
        },
    ),
    (
        "a property that may be there again",
        {"type": "object", "properties": {"a": False}},
        {"type": "object"},
        {
            "request-property-became-not-false-schema": "harmless",
            "response-property-became-not-false-schema": "breaking",
        },
    ),
    (
        "a closed object excludes it anyway",
        {"type": "object", "additionalProperties": False},
        {"type": "object", "additionalProperties": False, "properties": {"a": False}},
        {},
    ),
    (
        "entries that may not be there",
        {"type": "array", "items": True},
        {"type": "array", "items": False},
        {
            "request-property-became-false-schema": "breaking",
            "response-property-became-false-schema": "harmless",
        },
    ),
    (
        "tenths are hundredths",
        {"type": "number", "multipleOf": 0.1},
        {"type": "number", "multipleOf": 0.01},
        {"request-body-multiple-of-generalized": "harmless", "response-body-multiple-of-generalized": "breaking"},
    ),
    (
        "three tenths are tenths",
        {"type": "number", "multipleOf": 0.1},
        {"type": "number", "multipleOf": 0.3},
        {"request-body-multiple-of-specialized": "breaking", "response-body-multiple-of-specialized": "harmless"},
    ),
    (
        "multiples of six are those of two and of three",
        {"allOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
        {"multipleOf": 6},
        {},
    ),
]


@pytest.mark.parametrize(("base", "head", "expected"), [one[1:] for one in SCHEMAS], ids=[one[0] for one in SCHEMAS])
def test_a_change_of_values_matters_by_its_direction(base: Any, head: Any, expected: Mapping[str, str]) -> None:
    assert sorted(told(both_ways(base), both_ways(head))) == sorted(expected.items())


FLOW: Content = {"tokenUrl": "https://example.com/token", "scopes": {"read": "r", "write": "w"}}
SCHEMES: Content = {
    "key": {"type": "apiKey", "in": "header", "name": "api-key"},
    "token": {"type": "http", "scheme": "bearer"},
    "staff": {"type": "oauth2", "flows": {"clientCredentials": FLOW}},
    "guests": {"type": "oauth2", "flows": {"implicit": {**FLOW, "authorizationUrl": "https://example.com/in"}}},
}


def secured(*alternatives: Mapping[str, Sequence[str]], schemes: Content = SCHEMES) -> Content:
    content = both_ways({})
    content["components"] = {"securitySchemes": deepcopy(schemes)}
    content["paths"]["/swap"]["put"]["security"] = list(alternatives)
    return content


KEY: Content = {"key": []}
TOKEN: Content = {"token": []}
STAFF, GUESTS = {"staff": ["read"]}, {"guests": ["read"]}
REMOVED, OPTIONAL = ("security-alternative-removed", "breaking"), ("optional-credentials-removed", "risky")


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ([{}, KEY], [{}], [OPTIONAL]),
        ([{}], [{}, KEY], [("optional-credentials-added", "harmless")]),
        ([{}, KEY, TOKEN], [KEY], [("security-required", "breaking"), REMOVED]),
        ([{}, KEY], [KEY], [("security-required", "breaking")]),
        ([KEY], [{}, TOKEN], [("security-no-longer-required", "harmless")]),
        ([STAFF, GUESTS], [STAFF], [REMOVED]),
        ([STAFF], [GUESTS], [REMOVED, ("security-alternative-added", "harmless")]),
        ([STAFF], [{"staff": ["read", "write"]}], [("security-scope-added", "breaking")]),
    ],
)
def test_what_proves_who_a_client_is_matters_by_what_it_can_still_do(
    base: Sequence[Content], head: Sequence[Content], expected: Sequence[tuple[str, str]]
) -> None:
    assert told(secured(*base), secured(*head)) == expected


def flows(**changed: Any) -> Content:
    """The schemes with other flows of staff."""
    return {**SCHEMES, "staff": {"type": "oauth2", "flows": changed}}


@pytest.mark.parametrize(
    ("schemes", "expected"),
    [
        (flows(clientCredentials={**FLOW, "scopes": {"read": "r"}}), [("security-flow-scope-removed", "breaking")]),
        (
            flows(clientCredentials={**FLOW, "scopes": {**FLOW["scopes"], "admin": "a"}}),
            [("security-flow-scope-added", "harmless")],
        ),
        (flows(clientCredentials={**FLOW, "scopes": {"read": "Reads.", "write": "w"}}), [("text-changed", "harmless")]),
        (
            flows(clientCredentials={**FLOW, "tokenUrl": "https://example.org/"}),
            [("security-scheme-address-changed", "risky")],
        ),
        (
            flows(password=FLOW),
            [("security-flow-removed", "breaking"), ("security-flow-added", "harmless")],
        ),
        (
            {**{name: one for name, one in SCHEMES.items() if name != "staff"}, "crew": SCHEMES["staff"]},
            [("security-scheme-renamed", "harmless")],
        ),
        ({**SCHEMES, "staff": SCHEMES["token"]}, [REMOVED, ("security-alternative-added", "harmless")]),
    ],
)
def test_where_tokens_come_from_is_compared_part_by_part(schemes: Content, expected: Sequence[tuple[str, str]]) -> None:
    alternative = {"crew": ["read"]} if "crew" in schemes else STAFF
    assert told(secured(STAFF), secured(alternative, schemes=schemes)) == expected


@pytest.mark.parametrize(
    ("base", "head", "category", "why"),
    [
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "request-body-enum-value-added", "A client may send one more value."),
        (
            {"enum": ["a"]},
            {"enum": ["a", "b"]},
            "response-body-enum-value-added",
            "A client meets a value that it does not know.",
        ),
        (
            {"properties": {"a": STRING}, "required": ["a"]},
            {"properties": {"a": STRING}},
            "request-property-became-optional",
            "A client may leave it out.",
        ),
    ],
)
def test_why_it_matters_is_told_by_direction(base: Any, head: Any, category: str, why: str) -> None:
    assert change_of(both_ways(base), both_ways(head), category).why == why


@pytest.mark.parametrize(
    ("base", "head", "category", "what"),
    [
        (STRING, {**STRING, "maxLength": 5}, "request-body-max-length-set", "maxLength: none → 5"),
        ({**STRING, "default": "a"}, STRING, "request-body-default-unset", 'default: "a" → none'),
        (NULLABLE, {**NULLABLE, "default": None}, "request-body-default-set", "default: none → null"),
    ],
)
def test_what_is_not_there_is_not_called_null(base: Any, head: Any, category: str, what: str) -> None:
    assert change_of(both_ways(base), both_ways(head), category).what == what
