"""Which media types are JSON, and which go together."""

import pytest

from watchword.document.media_types import acceptable, find_declared, is_json


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/plain", False),
        ("application/jsonp", False),
    ],
)
def test_json_is_recognised_by_its_media_type(media_type: str, *, expected: bool) -> None:
    assert is_json(media_type) is expected


@pytest.mark.parametrize(
    ("declared", "sent", "found"),
    [
        (["application/json; v=1", "application/json; v=2"], "application/json; v=2", 1),
        (["application/json; v=1", "application/json; v=2"], 'application/json;V="2"; charset=utf-8', 1),
        (["application/json; v=1", "application/json; v=2"], "application/json", 0),
        (["application/json; v=1", "application/json; v=2"], "application/json; v=3", None),
        (["application/json", "application/json; v=2"], "application/json; v=2", 1),
        (["application/json; v=2", "application/json"], "application/json", 1),
        (["application/json; v=2", "application/json"], "application/json; v=3", 1),
        (["application/json; v=2", "application/json; v=2; w=1"], "application/json; w=1; v=2", 1),
        (["application/json; v=2; w=1", "application/json; v=2"], "application/json; v=2", 1),
        (["application/*; v=2", "application/json"], "application/json; v=2", 1),
        (["application/json; charset=utf-8"], "application/json; charset=us-ascii", 0),
        (["text/plain; charset=utf-8", "text/plain; charset=utf-16"], "text/plain; charset=UTF-16", 1),
        (["multipart/form-data; boundary=x"], "multipart/form-data; boundary=y", 0),
    ],
)
def test_the_declared_type_whose_parameters_are_sent_is_found(
    declared: list[str], sent: str, found: int | None
) -> None:
    assert find_declared(declared, sent) == found


@pytest.mark.parametrize(
    ("accept", "offered", "best"),
    [
        ("application/json; v=2", ("application/json; v=1", "application/json; v=2"), "application/json; v=2"),
        ("application/json; v=2", ("application/json", "application/json; v=2"), "application/json; v=2"),
        ("application/json; v=2", ("application/json",), "application/json"),
        ("application/json; v=3", ("application/json; v=1", "application/json; v=2"), None),
        ("application/json", ("application/json; v=1", "application/json; v=2"), "application/json; v=1"),
        ("*/*", ("application/json; v=1", "application/json; v=2"), "application/json; v=1"),
        (
            "application/json; v=1; q=0.5, application/json",
            ("application/json; v=1", "application/json; v=2"),
            "application/json; v=2",
        ),
        ("application/json; v=1; q=0, */*", ("application/json; v=1", "text/plain"), "text/plain"),
        ('application/json; v="1,2"; q=0.5, text/plain; q=0.4', ("text/plain", "application/json"), "application/json"),
        ("application/json; charset=utf-8, text/plain", ("application/json", "text/plain"), "application/json"),
    ],
)
def test_a_client_gets_the_type_whose_parameters_it_names(
    accept: str, offered: tuple[str, ...], best: str | None
) -> None:
    ranked = acceptable(accept, offered)
    assert (ranked[0][1] if ranked else None) == best
