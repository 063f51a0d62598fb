"""Pages of other origins may call."""

import pytest

from tests.conftest import Api

ORIGIN = "https://shop.example"


def preflight(api: Api, path: str, **more: str) -> tuple[int, dict[str, str]]:
    """Ask as a browser does before it sends a request of a page."""
    asked = {name.replace("_", "-"): value for name, value in more.items()}
    headers = {"origin": ORIGIN, "access-control-request-method": "POST", **asked}
    answer = api.request("OPTIONS", path, headers=headers)
    return answer.status, dict(answer.headers)


@pytest.mark.parametrize("path", ["/multi/login_with_password", "/docs/", "/__admin/settings", "/openapi.json"])
def test_a_page_of_a_public_address_may_call_a_server_in_a_private_network(api: Api, path: str) -> None:
    status, headers = preflight(api, path, access_control_request_private_network="true")
    assert (status, headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert headers["access-control-allow-private-network"] == "true"


def test_a_page_that_does_not_ask_for_a_private_network_is_told_nothing_about_it(api: Api) -> None:
    status, headers = preflight(api, "/multi/login_with_password", access_control_request_headers="authorization")
    assert (status, headers["access-control-allow-headers"]) == (200, "authorization")
    assert "access-control-allow-private-network" not in headers
