"""Pages of other origins, as the service treats them."""

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.conftest import Response as Answered
from watchword.build import Options, build
from watchword.domain.hashing import Profile

ORIGIN = "https://shop.example"
ALLOWED = "access-control-allow-headers"


def preflight(api: Api, path: str = "/v2/sessions", method: str = "POST", asked: str = "", **more: str) -> Answered:
    """Ask as a browser does before it sends a request of a page."""
    headers = {"origin": ORIGIN, "access-control-request-method": method, **more}
    headers |= {"access-control-request-headers": asked} if asked else {}
    return api.request("OPTIONS", f"/~{api.sandbox}{path}", headers=headers)


@pytest.mark.parametrize("path", ["/v2/sessions", "/v2/foo", "/zitadel.user.v2.UserService/SetPassword", "/foo.Bar/B"])
def test_a_preflight_names_the_one_method_and_has_no_body(api: Api, path: str) -> None:
    answer = preflight(api, path, asked="authorization,content-type")
    assert (answer.status, answer.content) == (204, b"")
    assert {name: value for name, value in answer.headers.items() if name.startswith("access-control")} == {
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "POST",
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": "authorization,content-type",
    }
    asked = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    assert answer.headers["vary"] == f"{asked}, Cookie"
    assert answer.headers["set-cookie"].startswith("zitadel.quota.exhausted=;")
    assert answer.headers["x-robots-tag"] == "none"


@pytest.mark.parametrize(
    ("method", "asked"),
    [("TRACE", ""), ("POST", "x-foo"), ("POST", "authorization,x-foo"), ("post", ""), ("POST", "content-type,accept")],
)
def test_a_preflight_for_what_is_not_allowed_hears_nothing_about_it(api: Api, method: str, asked: str) -> None:
    answer = preflight(api, method=method, asked=asked)
    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("name", ["watchword-sandbox", "prefer"])
def test_headers_of_our_own_may_be_sent(api: Api, name: str) -> None:
    assert preflight(api, asked=name).headers[ALLOWED] == name


@pytest.mark.parametrize("name", ["connect-protocol-version", "connect-timeout-ms", "grpc-timeout"])
@pytest.mark.parametrize(("profile", "served"), [("documented", True), ("v2.65", False), ("v4.6", True)])
def test_the_headers_of_connect_may_be_sent_where_it_is_served(
    api: Api, settings: SettingsOf, *, profile: str, served: bool, name: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    assert (ALLOWED in preflight(api, asked=name).headers) is served


def test_a_preflight_without_an_origin_allows_nothing(api: Api) -> None:
    answer = api.request("OPTIONS", "/v2/sessions", headers={"access-control-request-method": "POST"})
    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_page_of_a_public_address_may_call_a_server_in_a_private_network(api: Api) -> None:
    answer = preflight(api, **{"access-control-request-private-network": "true"})
    assert answer.headers["access-control-allow-private-network"] == "true"
    assert "Access-Control-Request-Private-Network" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("profile", "exposed"),
    [
        ("v2.65", "Location, Content-Length"),
        ("v4.6", "Location, Content-Length, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin"),
    ],
)
def test_a_page_may_read_what_the_release_exposes_and_headers_of_our_own(
    api: Api, settings: SettingsOf, people: People, profile: str, exposed: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    own = "Preference-Applied, Watchword-Answer, Watchword-Contract-Violation, Watchword-Hint, Watchword-Why"
    for headers in ({}, people["zitadel", "iris"].headers):
        answer = api.request("POST", "/v2/sessions", json={}, headers={**headers, "origin": ORIGIN})
        assert answer.headers["access-control-expose-headers"] == f"{exposed}, {own}"
        assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_without_cors_no_answer_speaks_of_it(api: Api) -> None:
    built = build(Options(hashing=Profile.FAST, cors=False))
    silent = Api(built, api.runner, None)
    answer = silent.request("POST", "/v2/sessions", json={}, headers={"origin": ORIGIN})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert silent.request("OPTIONS", "/v2/sessions", headers={"origin": ORIGIN}).status == 405
