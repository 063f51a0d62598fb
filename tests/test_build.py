"""CORS: pages of other origins may call, and caches know that answers vary by origin."""

import pytest

from tests.conftest import Api

ORIGIN = "http://page.example"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs/", "/nothing", "/passwords/validate"])
def test_every_answer_varies_by_origin(api: Api, path: str) -> None:
    without, named = (api.request("GET", path, headers=headers) for headers in ({}, {"origin": ORIGIN}))
    assert (without.headers["vary"], named.headers["vary"]) == ("Origin", "Origin")
    assert without.status == named.status
    assert without.content == named.content


def test_only_a_request_with_an_origin_gets_cors_headers(api: Api) -> None:
    without, named = (api.request("GET", "/openapi.json", headers=headers) for headers in ({}, {"origin": ORIGIN}))
    assert not [name for name in without.headers if name.startswith("access-control")]
    assert named.headers["access-control-allow-origin"] == ORIGIN
    assert named.headers["access-control-allow-credentials"] == "true"
