"""What stops generators of clients, each by what it looks like in a document."""

from itertools import chain
from typing import Any

import pytest

from tests.openapi.reading import DOCUMENTS, components, content, operations, resolve, schemas

pytestmark = pytest.mark.parametrize("name", DOCUMENTS)


def test_only_the_root_has_servers_because_others_override_the_host_of_a_client(name: str) -> None:
    below = [path for path, item in content(name)["paths"].items() if "servers" in item]
    below += [one for one, operation in operations(name) if "servers" in operation]
    assert not below
    assert [server["url"] for server in content(name)["servers"]] == ["/"]


def test_the_body_of_a_link_is_one_expression_because_others_are_not_evaluated(name: str) -> None:
    links = [link for _, link in components(name, "links")]
    assert links or name == "admin"
    assert not [body for one in links if not str(body := one.get("requestBody", "$")).startswith("$")]


def test_no_schema_has_a_name_that_generators_make_from_an_operation(name: str) -> None:
    made = {
        f"{_pascal(one)}{suffix}"
        for one, _ in operations(name)
        for suffix in ("Response", "Params", "Body", "RequestBody", "JSONBody", "JSONRequestBody", "Data", "Error")
    }
    assert not made & {one for one, _ in components(name, "schemas")}


def test_a_choice_that_can_be_null_lists_null_as_openapi_3_0_demands(name: str) -> None:
    choices = [(place, schema) for place, schema in schemas(name) if "enum" in schema]
    assert not [place for place, one in choices if (None in one["enum"]) != bool(one.get("nullable"))]


def test_a_choice_with_null_and_a_default_is_a_named_schema(name: str) -> None:
    inner = [
        place
        for place, schema in schemas(name)
        if "enum" in schema and schema.get("nullable") and schema.get("default") is not None and place.count("/") != 1
    ]
    assert not inner


def test_no_object_is_composed_of_parts_without_properties_because_generators_drop_its_fields(name: str) -> None:
    bare = [
        place
        for place, schema in schemas(name)
        for key in ("oneOf", "anyOf")
        if "properties" in schema
        and any(not {"$ref", "properties", "type"} & part.keys() for part in schema.get(key, ()))
    ]
    assert not bare


def test_no_request_example_has_the_name_of_an_answer_because_testers_pair_them(name: str) -> None:
    paired = {
        one: asked & answered
        for one, operation in operations(name)
        if (asked := _examples(name, operation.get("requestBody")))
        & (answered := set(chain(*(_examples(name, answer) for answer in operation["responses"].values()))))
    }
    assert not paired


def _examples(name: str, node: Any) -> set[str]:
    media = (resolve(name, node or {}).get("content") or {}).values()
    return {example for one in media for example in one.get("examples", {})}


def _pascal(operation_id: str) -> str:
    words = operation_id.replace(".", "_").split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)
