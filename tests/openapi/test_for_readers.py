"""What a reader, or a documentation tool, finds in the documents."""

import re
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from tests.openapi.reading import DOCUMENTS, content, operations, resolve, responses, schemas
from watchword.edge.served_api import RequestLimits
from watchword.systems.zitadel.rpc.services import METHODS

SYSTEMS = "systems"
every = pytest.mark.parametrize("name", DOCUMENTS)
SECRETS = re.compile(r"(?i)(password|secret|token|nonce|assertion|verificationcode)$")
_HEADER = re.compile(r"[Hh]eader `?([A-Za-z]+(?:-[A-Za-z]+)*)`?")
_SENT_BY_CLIENTS = {"api-key", "authorization"}


def test_every_schema_and_property_has_a_description() -> None:
    nameless = re.compile(r"/(items|allOf/\d+|anyOf/\d+|oneOf/\d+)$|/schema$")
    assert not [place for place, one in schemas(SYSTEMS) if not one.get("description") and not nameless.search(place)]


@every
def test_every_answer_with_a_body_has_an_example(name: str) -> None:
    bare = [
        (place, kind)
        for place, response in responses(name)
        for kind, media in (response.get("content") or {}).items()
        if not media.get("examples") and "example" not in media
    ]
    assert not bare


@every
def test_every_example_of_an_answer_fits_its_schema_and_its_formats(name: str) -> None:
    unfit = [
        f"{place}, {example}: {error.json_path} {error.message}"
        for place, response in responses(name)
        for media in (response.get("content") or {}).values()
        for example, node in media.get("examples", {}).items()
        for error in _validator(name, media["schema"]).iter_errors(resolve(name, node)["value"])
    ]
    assert not unfit


def _validator(name: str, schema: Any) -> OAS30Validator:
    whole = {"allOf": [schema], "components": content(name)["components"]}
    return OAS30Validator(whole, format_checker=oas30_format_checker)


@every
def test_a_header_that_a_description_names_is_declared(name: str) -> None:
    undeclared = [
        (place, header)
        for place, response in responses(name)
        for header in _HEADER.findall(response["description"])
        if header.lower() not in {one.lower() for one in response.get("headers", {})} | _SENT_BY_CLIENTS
    ]
    assert not undeclared


@every
def test_an_answer_405_declares_the_header_that_http_demands(name: str) -> None:
    tags = content(name)["tags"]
    # ZITADEL's gateway was recorded to send none.
    refusals = [resolve(name, tag["x-outer-responses"]["405"]) for tag in tags if tag["name"] != "zitadel"]
    assert all("Allow" in one["headers"] for one in refusals)


def test_a_slow_body_is_answered_with_the_seconds_that_the_server_waits() -> None:
    waited = f"within {RequestLimits().body_seconds:g} seconds"
    for tag in content(SYSTEMS)["tags"]:
        (media,) = resolve(SYSTEMS, tag["x-outer-responses"]["408"])["content"].values()
        assert [waited in str(resolve(SYSTEMS, one)["value"]) for one in media["examples"].values()] == [True]


def test_every_secret_is_shown_as_one_and_a_secret_of_a_request_is_in_no_answer() -> None:
    shown = [
        place
        for place, one in schemas(SYSTEMS)
        if SECRETS.search(place) and one.get("type") == "string" and one.get("format") != "password"
    ]
    assert not shown
    asked = {place for place, one in schemas(SYSTEMS) if one.get("writeOnly")}
    assert {f"schemas/ZitadelTokenRequest/{one}" for one in ("client_secret", "assertion")} <= asked


def test_every_operation_has_a_schema_of_its_own_for_its_body() -> None:
    used: dict[str, list[str]] = {}
    for one, operation in operations(SYSTEMS):
        system = one.partition(".")[0]
        for media in resolve(SYSTEMS, operation.get("requestBody", {})).get("content", {}).values():
            used.setdefault(f"{system} {media['schema']['$ref']}", []).append(one)
    assert not {schema: by for schema, by in used.items() if len(by) > 1}


def test_the_passwords_of_weavr_are_passwords_or_passcodes_as_on_its_pages() -> None:
    for name in ("Multi", "PaymentRun"):
        assert "passcode" in content(SYSTEMS)["components"]["schemas"][f"{name}SensitivePassword"]["description"]


def test_an_operation_names_its_twin_in_a_proto_file_and_the_media_types_of_other_protocols() -> None:
    named = {one: operation["x-rpc"]["method"] for one, operation in operations(SYSTEMS) if "x-rpc" in operation}
    assert named == {method.operation: path.removeprefix("/") for path, method in METHODS.items()}
    kinds = {kind for _, operation in operations(SYSTEMS) for kind in operation.get("x-rpc", {}).get("media-types", ())}
    assert {"application/grpc", "application/grpc-web+proto"} <= kinds


def test_every_system_has_a_name_to_show_and_a_page_of_its_vendor() -> None:
    for tag in content(SYSTEMS)["tags"]:
        assert tag["x-displayName"]
        assert tag["externalDocs"]["url"].startswith("https://")
