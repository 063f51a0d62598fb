"""Which paths a template matches, and in which order templates are tried."""

import pytest

from watchword.document.path_templates import compile_template, specificity


def test_literal_paths_come_before_templates() -> None:
    paths = ["/{a}", "/users/{id}", "/users/me", "/users/{id}/keys", "/users/me/{key}", "/a"]
    assert sorted(paths, key=specificity) == [
        "/a",
        "/users/me",
        "/users/me/{key}",
        "/users/{id}",
        "/users/{id}/keys",
        "/{a}",
    ]


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("/users/1/a.b", True),
        ("/users/ä b/a.b", True),
        ("/users/1/axb", False),
        ("/users//a.b", False),
        ("/users/1/2/a.b", False),
        ("/users/1/a.b/", False),
        ("/users/1/a.b\n", False),
    ],
)
def test_a_template_matches_one_segment_for_every_placeholder(path: str, *, matches: bool) -> None:
    assert bool(compile_template("/users/{id}/a.b").match(path)) is matches
