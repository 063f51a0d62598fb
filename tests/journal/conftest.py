"""Reading the journal of a test's sandbox over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api

Entries = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def entries(api: Api) -> Entries:
    """List the entries of the sandbox, newest first; keywords are the query's."""

    def find(**query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = api.call("admin.journal", query=query).body["entries"]
        return found

    return find
