"""What is ours and not the vendor's says so (``x-source``): statuses, codes, constraints."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Api
from tests.openapi.pages import CONSTRAINTS, STATUSES
from tests.openapi.reading import components, operations, resolve, responses, schemas
from watchword.described import load_document
from watchword.document.soundness import unfit_defaults

SYSTEMS = "systems"
CODES = ("errorCode", "code", "error")
GRADES = {"observed", "assumed"}
KEYWORDS = {
    *("pattern", "minLength", "maxLength", "minimum", "maximum", "multipleOf", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties", "required", "nullable", "enum", "not", "oneOf"),
}


@pytest.mark.parametrize("operation", STATUSES)
def test_a_status_is_on_the_vendors_page_or_says_where_it_comes_from(operation: str) -> None:
    declared = dict(operations(SYSTEMS))[operation]["responses"]
    ours = {status for status, answer in declared.items() if resolve(SYSTEMS, answer).get("x-source") in GRADES}
    assert set(declared) - ours == set(STATUSES[operation].split())


def test_a_constraint_is_on_a_vendors_page_or_says_where_it_comes_from() -> None:
    for place, schema in schemas(SYSTEMS):
        source = schema.get("x-source", {})
        assert set(source.values()) <= GRADES, place
        # A format tells tools what to make of a value; it is a constraint only where a value is refused for it.
        assert source.keys() <= schema.keys(), f"{place} has no {source.keys() - schema.keys()}"
        documented = set(CONSTRAINTS.get(place.removeprefix("schemas/"), "").split())
        assert (KEYWORDS & schema.keys()) - documented == source.keys() - {"format"}, place


def test_no_page_is_cited_for_a_schema_that_is_not_there() -> None:
    assert {f"schemas/{place}" for place in CONSTRAINTS} <= {place for place, _ in schemas(SYSTEMS)}


def _examples() -> Iterator[tuple[str, dict[str, Any], Any]]:
    for place, response in responses(SYSTEMS):
        for media in (response.get("content") or {}).values():
            for name, example in media.get("examples", {}).items():
                yield f"{place}/{name}", resolve(SYSTEMS, example), resolve(SYSTEMS, media["schema"])


def test_a_code_is_among_the_vendors_or_says_where_it_comes_from() -> None:
    for place, example, schema in _examples():
        value = example.get("value")
        codes = {key: one for key, one in value.items() if key in CODES} if isinstance(value, dict) else {}
        listed = all(code in resolve(SYSTEMS, schema["properties"][key]).get("enum", ()) for key, code in codes.items())
        assert listed == ("x-source" not in example), place
        assert example.get("x-source", "observed") in GRADES


def test_a_header_of_ours_says_so() -> None:
    for name, header in components(SYSTEMS, "headers"):
        assert ("ours" in header["description"].lower()) == ("x-source" in header), name


def test_the_reference_shows_what_is_ours_in_the_list_of_examples(api: Api) -> None:
    document = api.request("GET", "/openapi.json?system=entrust").body
    example = document["components"]["responses"]["EntrustUserNotFound"]["content"]["application/json"]["examples"]
    assert example["user_not_found"]["summary"] == "user_not_found (assumed)"
    page = api.request("GET", "/docs/docs.js").content.decode()
    assert "showExtensions: true" in page


def test_every_default_of_ours_fits_and_no_two_files_have_a_component_of_one_name() -> None:
    content = load_document().content
    assert not list(unfit_defaults(content))
    names = [name for members in content["components"].values() for name in members]
    assert not [name for name in names if name.endswith("_2")]
