"""Answers that the document shows as examples."""

import pytest
from tests.systems.entrust.conftest import Entrust


@pytest.mark.parametrize(
    ("operation", "name", "body"),
    [
        ("get_password_settings", "defaults", None),
        ("validate_password", "poor", {"password": "password1", "ignorePasswordHistory": True}),
    ],
)
def test_the_answer_is_the_example_of_the_document(entrust: Entrust, operation: str, name: str, body: object) -> None:
    shape = entrust.api.built.imitated.document.operations[f"entrust.{operation}"].responses["200"]
    assert entrust.call(operation, "ada", body=body).body == shape.examples[name]
