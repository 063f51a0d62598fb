"""Which media types are JSON."""

import pytest

from watchword.document.media_types import is_json


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
