"""Differences of documents: what each change of one line is, and that nothing else is found."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from tests.review.seeded import SEEDS, Seed
from watchword.build import load_document
from watchword.document.extract import extract_operations
from watchword.document.structure import path_items
from watchword.review.document_diff.documents import compare_documents

_ZITADEL = (
    "/v2/users",
    "/v2/users/{userId}",
    "/v2/users/{userId}/password",
    "/v2beta/users/{userId}/password",
    "/v2/sessions/{sessionId}",
    "/oauth/v2/token",
)
Part = Callable[[str], Mapping[str, Any]]


@pytest.fixture(scope="module")
def part() -> Part:
    """Give the part of our own document that belongs to a system; of ZITADEL's, what the changes are about."""
    document = load_document()
    places = {(path, method) for path, item in path_items(document.content) for method in item if path in _ZITADEL}
    small = extract_operations(document.content, places, tag="zitadel")
    return cache(lambda system: small if system == "zitadel" else document.extract_system(system))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:80])
def test_a_change_of_one_line_is_what_it_is_and_nothing_else(part: Part, seed: Seed) -> None:
    base = part(seed.system)
    found = compare_documents(base, seed.apply(base))
    assert {one.category for one in (*found.changes, *found.not_judged)} == seed.expected


def test_equal_documents_differ_in_nothing(part: Part) -> None:
    for system in ("weavr_multi", "weavr_payment_run", "zitadel", "entrust"):
        found = compare_documents(part(system), deepcopy(part(system)))
        assert (found.changes, found.not_judged) == ((), ())
