"""A bounded part of the fuzzing; ``make fuzz`` does the rest."""

import pytest

from tests.contract.run import fuzz, table


@pytest.mark.parametrize("document", ["/openapi.json", "/__admin/openapi.json"])
def test_the_running_server_keeps_to_its_document(document: str) -> None:
    """All phases, all checks, over HTTP, with a fixed seed."""
    result = fuzz(document, seed=20260115, examples=15)
    assert result.code == 0, f"{result.output}\n{table(result.reached)}"
