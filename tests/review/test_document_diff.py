"""Differences of documents: what each change of one line is, and that nothing else is found."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.review.peers import read_levels
from tests.review.seeded import SEEDS, Parts, Seed, read_parts
from watchword.review.document_diff.documents import compare_documents


@pytest.fixture(scope="module")
def parts() -> Parts:
    """The parts of our own document, by system."""
    return read_parts()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:80])
def test_a_change_of_one_line_is_what_it_is_and_nothing_else(parts: Parts, seed: Seed) -> None:
    base = parts[seed.system]
    found = compare_documents(base, seed.apply(base))
    assert {one.category for one in (*found.changes, *found.not_judged)} == seed.expected


LEVELS = read_levels()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:80])
def test_a_change_of_one_line_matters_as_the_comparison_with_oasdiff_says(parts: Parts, seed: Seed) -> None:
    base = parts[seed.system]
    levels = [one.level for one in compare_documents(base, seed.apply(base)).changes]
    assert min(levels, key=lambda one: one.rank, default=None) == LEVELS[seed.name][0]


OTHERWISE = (
    *("secret-mark-unset", "not-changed", "default-set", "default-unset", "default-changed", "enum-value-added"),
    *("response-optional-property-removed", "success-status-added", "error-status-added"),
    *("deprecated-operation-removed", "operation-id-changed", "security-alternative-added"),
    *("request-property-extension-changed", "request-property-text-changed"),  # an allOf that only repeats
)
"""The ends of the categories that matter more to us than to oasdiff, or less; the page says why."""


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:80])
def test_what_oasdiff_sees_matters_as_much_to_us_but_for_what_the_page_gives_reasons_for(seed: Seed) -> None:
    ours, theirs = LEVELS[seed.name]
    excused = all(any(one.endswith(end) for end in OTHERWISE) for one in seed.expected)
    assert theirs is None or ours is theirs or excused


def test_no_change_of_a_value_goes_unnoticed(parts: Parts) -> None:
    """Whatever is not judged is named; a dozen values of each part are changed, always the same."""
    for part in parts.values():
        values = [place for place, value in _values(part) if place[-1] != "$ref" and value is not None]
        for place in values[:: len(values) // 12]:
            changed = deepcopy(part)
            node: Any = changed
            for step in place[:-1]:
                node = node[step]
            node[place[-1]] = _other(node[place[-1]])
            found = compare_documents(part, changed)
            assert found.changes or found.not_judged, place


def _values(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(node, dict | list):
        for step, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _values(inner, (*place, step))
    else:
        yield place, node


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}x"


def test_equal_documents_differ_in_nothing(parts: Parts) -> None:
    for part in parts.values():
        found = compare_documents(part, deepcopy(part))
        assert (found.changes, found.not_judged) == ((), ())


def test_faults_that_a_document_brings_are_told_one_by_one_wherever_they_stand_in_the_list(parts: Parts) -> None:
    slow: dict[str, Any] = {"fault": {"delay": {"fixed": "3s"}}}
    down: dict[str, Any] = {"fault": {"answer": {"status": 503}}, "match": {"person": "ada"}}
    twice: dict[str, Any] = {**down, "times": 2}
    lost: dict[str, Any] = {"fault": {}}
    base = {**parts["zitadel"], "x-watchword-faults": [slow, down]}
    found = compare_documents(base, {**base, "x-watchword-faults": [lost, twice, slow]})
    assert [(one.category, one.what) for one in found.changes] == [
        ("fault-changed", "the fault is gone: every operation, ada: answers 503 maintenance"),
        ("fault-changed", 'the fault is armed: {"fault":{}}'),
        ("fault-changed", "the fault is armed: every operation, ada: answers 503 maintenance, 2 times"),
    ]
    assert found.not_judged == ()
