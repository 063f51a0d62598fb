"""Parameters are read as OpenAPI says, through a whole server."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from tests.toy import HEAD, Toy, api_of, ask, built, served, toy
from watchword.system import Answer, Call

INTEGERS = {"type": "array", "items": {"type": "integer"}}
MIXED = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": {"type": "number"}}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "of": {"type": "string"}}}


def echo(folder: Path, *parameters: dict[str, Any], path: str = "/f") -> Toy:
    """Serve an operation that answers with the parameters that it was given."""
    described = orjson.dumps([{"schema": {"type": "string"}, **one} for one in parameters]).decode()
    answer = "responses: {'200': {description: x, content: {application/json: {schema: {}}}}}"
    text = f"  {path}:\n    get: {{operationId: toy.f, parameters: {described}, {answer}}}\n"

    def told(call: Call) -> Answer:
        return Answer(200, {**call.path, **call.query})

    return built(folder, text, handlers=SimpleNamespace(f=told))


def read(server: Toy, url: str, **headers: str) -> Any:
    """Give the only parameter as it was read, wherever it is; a violation is a text."""
    reply = ask(server, "GET", url, headers=headers)
    if reply.status != 200:
        return reply.json["wrong"][0][2]
    found = [value for place in server.seen[-1][0].parameters.values() for value in place.values()]
    return found[0] if found else None


@pytest.mark.parametrize("name", ["thing-id", "thing.id", "1st", "$id", "class", "größe", "a b", "id,x"])
def test_a_path_parameter_may_have_any_name(tmp_path: Path, name: str) -> None:
    server = echo(tmp_path, {"name": name, "in": "path", "required": True}, path=f"/f/{{{name}}}/g")
    assert ask(server, "GET", "/f/7/g").json == {name: "7"}


def test_a_segment_may_have_several_parameters_and_the_literal_one_wins(tmp_path: Path) -> None:
    parameters = [{"name": one, "in": "path", "required": True} for one in ("a-b", "c")]
    assert ask(echo(tmp_path, *parameters, path="/f/{a-b}.{c}"), "GET", "/f/x.y").json == {"a-b": "x", "c": "y"}


@pytest.mark.parametrize(
    ("how", "schema", "query", "value"),
    [
        ({}, INTEGERS, "n=1&n=2", [1, 2]),
        ({}, INTEGERS, "n=1", [1]),
        ({}, INTEGERS, "n=a", "type"),
        ({"explode": False}, INTEGERS, "n=1,2", [1, 2]),
        ({"explode": False}, INTEGERS, "n=1%2C2", [1, 2]),
        ({"explode": False}, INTEGERS, "n=", []),
        ({"style": "spaceDelimited", "explode": False}, INTEGERS, "n=1%202", [1, 2]),
        ({"style": "spaceDelimited", "explode": False}, INTEGERS, "n=1+2", [1, 2]),
        ({"style": "pipeDelimited", "explode": False}, INTEGERS, "n=1|2", [1, 2]),
        ({"style": "pipeDelimited", "explode": False}, INTEGERS, "n=1%7C2", [1, 2]),
        ({"style": "pipeDelimited", "explode": True}, INTEGERS, "n=1&n=2", [1, 2]),
        ({}, POINT, "x=1&of=a", {"x": 1, "of": "a"}),
        ({}, POINT, "y=1", None),
        ({}, {"type": "object", "additionalProperties": {"type": "integer"}}, "a=1&b=2", {"a": 1, "b": 2}),
        ({"explode": False}, POINT, "n=x,1,of,a", {"x": 1, "of": "a"}),
        ({"explode": False}, POINT, "n=x", "syntax"),
        ({"style": "deepObject", "explode": True}, POINT, "n[x]=1&n[of]=a", {"x": 1, "of": "a"}),
        ({"style": "deepObject", "explode": True}, POINT, "n%5Bx%5D=1", {"x": 1}),
        ({"style": "deepObject", "explode": True}, POINT, "n[x]=one", "type"),
        ({"style": "deepObject", "explode": True}, POINT, "n[x=1", "syntax"),
        ({}, {"type": "integer"}, "n=1&n=2", "duplicate"),
        ({}, {"type": "string", "maxLength": 1}, "n=a&n=bb", "duplicate"),
        ({}, {}, "n=1&n=b", ["1", "b"]),
        ({}, {"type": "integer"}, "n=1&other=2&other=3", 1),
        ({}, POINT, "x=1&x=2", "type"),
        ({"explode": False}, POINT, "n=x,1&n=x,2", "duplicate"),
        ({"style": "deepObject", "explode": True}, POINT, "n[x]=1&n[x]=2", "type"),
        ({"content": {"application/json": {"schema": POINT}}}, None, 'n={"x":1}&n={"x":2}', "duplicate"),
        (
            {"style": "deepObject", "explode": True},
            {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": INTEGERS}}}},
            "n[a][b][]=1&n[a][b][]=2",
            {"a": {"b": [1, 2]}},
        ),
        ({"content": {"application/json": {"schema": POINT}}}, None, 'n={"x":1}', {"x": 1}),
        ({"content": {"application/json": {"schema": POINT}}}, None, 'n={"x":"1"}', "type"),
        ({"content": {"application/json": {"schema": POINT}}}, None, "n={", "syntax"),
        ({"allowEmptyValue": True}, {"type": "integer"}, "n=", ""),
        ({"allowEmptyValue": True}, INTEGERS, "n=1&n=2", [1, 2]),
        ({"allowEmptyValue": True}, INTEGERS, "n=&n=2", "type"),
        ({}, {"type": "integer"}, "n=", "type"),
    ],
)
def test_a_query_parameter_is_read_by_its_style(
    tmp_path: Path, how: dict[str, Any], schema: Any, query: str, value: Any
) -> None:
    parameter = {"name": "n", "in": "query", **how, **({} if schema is None else {"schema": schema})}
    if "content" in how:
        text = orjson.dumps({"name": "n", "in": "query", **how}).decode()
        answer = "responses: {'200': {description: x}}"
        server = built(tmp_path, f"  /f:\n    get: {{operationId: toy.f, parameters: [{text}], {answer}}}\n")
    else:
        server = echo(tmp_path, parameter)
    assert read(server, f"/f?{query}") == value


@pytest.mark.parametrize(
    ("style", "schema", "text", "value"),
    [
        ("simple", INTEGERS, "1,2", [1, 2]),
        ("simple", POINT, "x,1,of,a", {"x": 1, "of": "a"}),
        ("simple*exploded", POINT, "x=1,of=a", {"x": 1, "of": "a"}),
        ("label", {"type": "integer"}, ".5", 5),
        ("label", {"type": "integer"}, "5", "syntax"),
        ("label", INTEGERS, ".1,2", [1, 2]),
        ("label", INTEGERS, ".1.2", [1, 2]),
        ("label*exploded", INTEGERS, ".1.2", [1, 2]),
        ("label*exploded", POINT, ".x=1.of=a", {"x": 1, "of": "a"}),
        ("matrix", {"type": "integer"}, ";n=5", 5),
        ("matrix", INTEGERS, ";n=1,2", [1, 2]),
        ("matrix*exploded", INTEGERS, ";n=1;n=2", [1, 2]),
        ("matrix", POINT, ";n=x,1,of,a", {"x": 1, "of": "a"}),
        ("matrix*exploded", POINT, ";x=1;of=a", {"x": 1, "of": "a"}),
    ],
)
def test_a_path_parameter_is_read_by_its_style(tmp_path: Path, style: str, schema: Any, text: str, value: Any) -> None:
    name, _, exploded = style.partition("*")
    how = {"style": name, "explode": exploded == "exploded"}
    parameter = {"name": "n", "in": "path", "required": True, "schema": schema, **how}
    assert read(echo(tmp_path, parameter, path="/f/{n}"), f"/f/{text}") == value


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [({"type": "string"}, "a, b", "a, b"), (INTEGERS, "1, 2", [1, 2]), (POINT, "x,1,of,a", {"x": 1, "of": "a"})],
)
def test_a_header_is_read_by_its_style(tmp_path: Path, schema: Any, text: str, value: Any) -> None:
    assert read(echo(tmp_path, {"name": "X-N", "in": "header", "schema": schema}), "/f", **{"x-n": text}) == value


@pytest.mark.parametrize(
    ("how", "schema", "cookie", "value"),
    [
        ({}, {"type": "integer"}, "a=1; n=7", 7),
        ({}, {"type": "integer"}, 'n="7"', 7),
        ({}, {"type": "integer"}, "n=x", "type"),
        ({}, {"type": "integer"}, "m=7", "required"),
        ({"explode": False}, INTEGERS, "n=1,2", [1, 2]),
        ({}, INTEGERS, "n=1; n=2", [1, 2]),
        ({"explode": False}, POINT, "n=x,1,of,a", {"x": 1, "of": "a"}),
        ({"explode": False}, INTEGERS, "n=1%2C2", [1, 2]),
        ({}, INTEGERS, "n=1%2c2", [1, 2]),
        ({}, INTEGERS, "n=1,2", [1, 2]),
        ({}, {"type": "string"}, "n=a%20b%2C+c%", "a b,+c%"),
        ({}, {"type": "object", "properties": {"of": {"type": "string"}}}, "of=a%2Cb", {"of": "a,b"}),
    ],
)
def test_a_cookie_is_a_parameter_too(tmp_path: Path, how: dict[str, Any], schema: Any, cookie: str, value: Any) -> None:
    server = echo(tmp_path, {"name": "n", "in": "cookie", "required": True, "schema": schema, **how})
    assert read(server, "/f", cookie=cookie) == value


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"allOf": [{"type": "integer"}]}, "3", 3),
        ({"type": "integer"}, "3.5", "type"),
        ({"type": "integer"}, f"1.{'9' * 300}", "type"),
        ({"allOf": [{"type": "number"}, {"type": "integer", "minimum": 3}]}, "3", 3),
        ({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}, "3", 3),
        ({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}, "true", True),
        ({"anyOf": [{"type": "string", "maxLength": 1}, {"type": "integer", "minimum": 5}]}, "3", "3"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "x", "x"),
        ({"enum": [1, 2]}, "2", 2),
        ({"enum": [1, 2]}, "3", "enum"),
        ({"enum": ["1", "2"]}, "2", "2"),
        ({"type": "integer", "nullable": True}, "3", 3),
        ({"oneOf": [INTEGERS, {"type": "integer"}]}, "3", [3]),
        ({"allOf": [{"type": "array"}, {"items": {"anyOf": [{"type": "integer"}]}}]}, "3", [3]),
        ({}, "3", "3"),
    ],
)
def test_the_type_of_a_text_is_found_through_compositions_and_choices(
    tmp_path: Path, schema: Any, text: str, value: Any
) -> None:
    found = read(echo(tmp_path, {"name": "n", "in": "query", "schema": schema}), f"/f?n={text}")
    assert (found, type(found)) == (value, type(value))


def echo_31(folder: Path, *parameters: dict[str, Any]) -> Toy:
    described = orjson.dumps(list(parameters)).decode()
    text = (
        f"  /f:\n    get: {{operationId: toy.f, parameters: {described}, responses: {{'200': {{description: x}}}}}}\n"
    )
    return served(api_of(folder, text, toy(), head=HEAD.replace("3.0.3", "3.1.0")))


CLOSED = {"type": "object", "additionalProperties": False}
A_NUMBER, A_BOUND = {"properties": {"x": {"type": "integer"}}}, {"properties": {"x": {"minimum": 2}}}


@pytest.mark.parametrize(
    ("schema", "query", "value"),
    [
        ({**CLOSED, "patternProperties": {"^x-": {"type": "integer"}}}, "n[x-a]=3", {"x-a": 3}),
        ({**CLOSED, "patternProperties": {"^x-": {"type": "integer"}}}, "n[x-a]=z", "type"),
        ({**CLOSED, "patternProperties": {"^x-": {"type": "integer"}, "^s": {"type": "string"}}}, "n[s]=3", {"s": "3"}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "n[a]=3", {"a": 3}),
        ({"type": "object", "unevaluatedProperties": {"type": "integer"}}, "n[a]=3", {"a": 3}),
        ({"type": "object", "allOf": [A_NUMBER, A_BOUND]}, "n[x]=3", {"x": 3}),
        ({"type": "object", "allOf": [A_BOUND, A_NUMBER]}, "n[x]=1", "minimum"),
        ({"type": "object", "if": {"required": ["x"]}, "then": A_NUMBER}, "n[x]=3", {"x": 3}),
        ({"type": "object", "if": {"required": ["y"]}, "else": A_NUMBER}, "n[x]=a", "type"),
        ({"type": "object", "dependentSchemas": {"x": A_NUMBER}}, "n[x]=3", {"x": 3}),
    ],
)
def test_the_types_of_properties_are_found_by_pattern_condition_and_bound(
    tmp_path: Path, schema: Any, query: str, value: Any
) -> None:
    server = echo_31(tmp_path, {"name": "n", "in": "query", "style": "deepObject", "schema": schema})
    assert read(server, f"/f?{query}") == value


def test_an_exploded_object_has_the_parameters_whose_names_have_its_pattern(tmp_path: Path) -> None:
    schema = {**CLOSED, "patternProperties": {"^x-": {"type": "integer"}}}
    assert read(echo_31(tmp_path, {"name": "n", "in": "query", "schema": schema}), "/f?x-a=3") == {"x-a": 3}


@pytest.mark.parametrize(
    ("schema", "query", "value"),
    [
        (MIXED, "n=1&n=true&n=2.5&n=3", [1, True, 2.5, 3.0]),
        (MIXED, "n=1", [1]),
        (MIXED, "n=true", "type"),
        ({"prefixItems": [{"type": "integer"}, {"type": "string"}]}, "n=1&n=2&n=3", [1, "2", "3"]),
        ({"allOf": [{"prefixItems": [{}, {"type": "integer"}]}, {"prefixItems": [{"const": 7}]}]}, "n=7&n=2", [7, 2]),
        ({"const": 7}, "n=7", 7),
        ({"type": ["integer", "null"]}, "n=7", 7),
    ],
)
def test_items_are_read_by_their_position(tmp_path: Path, schema: Any, query: str, value: Any) -> None:
    found = read(echo_31(tmp_path, {"name": "n", "in": "query", "schema": schema}), f"/f?{query}")
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("text", "value"), [("a%2Fb", "a/b"), ("%2f", "/"), ("a%252Fb", "a%2Fb"), ("%2Fa%2F%C3%A9%20", "/a/é ")]
)
def test_an_encoded_slash_is_part_of_a_value_in_the_path(tmp_path: Path, text: str, value: str) -> None:
    server = echo(tmp_path, {"name": "n", "in": "path", "required": True}, path="/f/{n}/g")
    assert read(server, f"/f/{text}/g") == value
    assert ask(server, "GET", "/f/a/b/g").status == 404
    assert ask(server, "GET", "/f%2Fa/g").status == 404


@pytest.mark.parametrize("text", ["3", "3.0", "30e-1", "0.3e1"])
def test_an_integer_with_a_fraction_of_zeros_is_an_integer(tmp_path: Path, text: str) -> None:
    server = echo(tmp_path, {"name": "n", "in": "query", "schema": {"type": "integer"}})
    assert repr(read(server, f"/f?n={text}")) == "3"


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_that_are_described_elsewhere_are_no_parameters(tmp_path: Path, name: str) -> None:
    parameter = {"name": name, "in": "header", "required": True, "schema": {"type": "integer"}}
    server = echo(tmp_path, parameter)
    assert ask(server, "GET", "/f", headers={name: "x"}).status == 200
    assert ask(server, "GET", "/f").status == 200
