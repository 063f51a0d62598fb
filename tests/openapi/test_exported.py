"""What these tests read is what a user gets, from the command line and over HTTP."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import run
from tests.client import Api
from tests.openapi.reading import DOCUMENTS, content


def test_the_exported_document_is_the_one_that_is_read_here(tmp_path: Path) -> None:
    result = run(tmp_path, "export", "openapi", "--format", "json")
    assert json.loads(result.stdout) == content("systems")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_served_document_is_the_one_that_is_read_here(api: Api, name: str) -> None:
    path = "/openapi.json" if name == "systems" else "/__admin/openapi.json"
    assert api.request("GET", path).body == json.loads(json.dumps(content(name)))
