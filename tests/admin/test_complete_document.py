"""The document says exactly what the settings' models take."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from watchword.admin.complete_document import FILL
from watchword.build import Built
from watchword.document import Document


@pytest.fixture
def document(built: Built) -> Document:
    assert built.admin is not None
    return built.admin.document


def accepts(document: Document, operation: str, body: Any) -> bool:
    validator = document.operations[operation].body
    assert validator is not None
    return validator.accepts(body)


def test_nothing_waits_to_be_filled_and_the_whole_is_valid(document: Document) -> None:
    assert FILL not in str(document.content)
    assert list(OpenAPIV30SpecValidator(document.content).iter_errors()) == []


def test_every_setting_is_described(built: Built, document: Document) -> None:
    settings = document.content["components"]["schemas"]["AdminSettings"]["properties"]
    for system in built.imitated.sandboxes.systems:
        assert set(settings[system.name]["properties"]) == set(system.settings_model.model_fields)


@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        ({"portal_url": "https://shop.example"}, True),
        ({"portal_url": "https://shop.example/app/#"}, True),
        ({"portal_url": "https://shop.example/?tenant=1#/"}, True),
        ({"portal_url": "https://shop.example/?tenant=1"}, False),
        ({"portal_url": "shop"}, False),
        ({"portal_url": "https://ü.example/<b>"}, False),
        ({"portal_url": None}, False),
        ({"rate_limits": [{"requests": 1, "seconds": 1}]}, True),
        ({"rate_limits": [{"requests": 0, "seconds": 1}]}, False),
        ({"rate_limits": [{"requests": 1}]}, False),
        ({"rate_limits": [{"requests": 1, "seconds": 1, "minutes": 1}]}, False),
        ({"zitadel_profile": "v4.2"}, True),
        ({"zitadel_profile": "v5"}, False),
        ({"complexity": {"min_length": 72}}, True),
        ({"complexity": {"min_length": 73}}, False),
        ({"complexity": {"min_length": 2**70}}, False),
        ({"lockout": {"max_password_attempts": 2**70}}, False),
    ],
)
def test_settings_fit_as_their_model_says(document: Document, settings: dict[str, Any], fits: bool) -> None:  # noqa: FBT001  # a column of the table
    assert accepts(document, "admin.replace_settings", {"zitadel": settings}) is fits


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"zitadel": None}, True),
        ({"zitadel": {"portal_url": None, "zitadel_profile": None, "complexity": {"lower": None}}}, True),
        ({"entrust": {"password": {"include_number": None}}}, True),
        ({"weavr_multi": {"programmes": {"vault": None}}}, True),
        ({"weavr_multi": {"programme": {"session_lifetime": None, "root_profile": {"expires_after": "P1Y"}}}}, True),
        ({"zitadel": {"rate_limits": [None]}}, False),
        ({"zitadel": {"rate_limits": [{"requests": None, "seconds": 1}]}}, False),
        ({"zitadel": {"zitadel_profile": "v5"}}, False),
        ({"nobody": None}, False),
        (None, False),
    ],
)
def test_null_stands_for_every_default_in_a_patch(document: Document, change: Any, fits: bool) -> None:  # noqa: FBT001  # a column of the table
    assert accepts(document, "admin.change_settings", change) is fits


def test_null_is_no_value_in_a_put_but_where_the_model_takes_it(document: Document) -> None:
    profile = {"programme": {"root_profile": {"expires_after": None}}}
    assert accepts(document, "admin.replace_settings", {"weavr_multi": profile})
    assert not accepts(document, "admin.replace_settings", {"weavr_multi": {"programme": {"session_lifetime": None}}})
    assert not accepts(document, "admin.replace_settings", {"weavr_multi": None})


def test_the_operations_of_the_filter_are_those_of_the_imitated_document(built: Built, document: Document) -> None:
    assert document.content["components"]["schemas"]["AdminOperationId"]["enum"] == list(
        built.imitated.document.operations
    )
