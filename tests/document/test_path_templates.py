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


@pytest.mark.parametrize(
    ("path", "matches"),
    [("/users/", True), ("/users/7", True), ("/users", False), ("/users/7/", False)],
)
def test_the_last_segment_may_be_empty_if_the_router_lets_it(path: str, *, matches: bool) -> None:
    assert bool(compile_template("/users/{id}", empty_last=True).match(path)) is matches
    assert bool(compile_template("/users/{id}").match(path)) is (path == "/users/7")


def test_an_empty_segment_elsewhere_is_never_matched() -> None:
    assert not compile_template("/users/{id}/password", empty_last=True).match("/users//password")
    assert not compile_template("/users/a{id}", empty_last=True).match("/users/a")
