"""What every operation answers: rate limits, outages, bodies that cannot be read, unknown paths."""

from typing import Any

import pytest
from tests.conftest import SettingsOf
from tests.outcomes import outcome
from tests.systems.entrust.conftest import GOOD, Entrust

CONSOLE = {"applicationId": "d3f7a0c2-4d8e-431c-b1d8-7a17cd4d6301", "sharedSecret": "watchword-entrust-console-secret"}
OF_A_USER: dict[str, Any] = {
    "set_password": {"password": GOOD},
    "get_password": None,
    "delete_password": None,
    "get_password_settings": None,
    "validate_password": {"password": GOOD},
}
ALL: dict[str, Any] = {**OF_A_USER, "authenticate": CONSOLE}
NOBODY = "00000000-0000-4000-8000-000000000000"


def each(operations: Any, status: int, name: str) -> pytest.MarkDecorator:
    """Run a test for each of *operations*; for each it must reach the outcome."""
    return pytest.mark.parametrize(
        "operation",
        [pytest.param(one, marks=outcome(f"entrust.{one}", status, name)) for one in operations],
    )


def user_of(operation: str) -> str | None:
    return "ada" if operation in OF_A_USER else None


@each(ALL, 429, "too_many_requests")
def test_a_setting_limits_the_rate_of_requests(entrust: Entrust, operation: str, settings: SettingsOf) -> None:
    settings.patch("entrust", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    entrust.call(operation, user_of(operation), body=ALL[operation])
    answer = entrust.call(operation, user_of(operation), body=ALL[operation])
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")


@each(ALL, 500, "internal_error")
def test_a_setting_makes_every_request_fail(entrust: Entrust, operation: str, settings: SettingsOf) -> None:
    settings.patch("entrust", {"failing": True})
    assert entrust.call(operation, user_of(operation), body=ALL[operation]).status == 500


@each(ALL, 503, "service_unavailable")
def test_a_setting_announces_maintenance(entrust: Entrust, operation: str, settings: SettingsOf) -> None:
    settings.patch("entrust", {"maintenance": True})
    assert entrust.call(operation, user_of(operation), body=ALL[operation]).status == 503


@pytest.mark.parametrize("content", [b"", b"{", b'{"password": "\\ud800"}', b"\xff"])
def test_a_body_that_cannot_be_read_is_a_bad_request(entrust: Entrust, content: bytes) -> None:
    url = f"/api/web/v1/users/{entrust.id_of('ada')}/passwords"
    headers = {**entrust.people["entrust", "console"].headers, "content-type": "application/json"}
    answer = entrust.api.request("PUT", url, content=content, headers=headers)
    assert (answer.status, answer.body["errorCode"]) == (400, "invalid_request_body")
    assert answer.body["errorMessage"].endswith(".")


def test_a_secret_is_never_repeated_in_an_error(entrust: Entrust) -> None:
    for fields in ({"password": "tiny-Secret"}, {"password": "x", "forceUpdate": "tiny-Secret"}):
        answer = entrust.call("set_password", "ada", body={"password": "tiny-Secret", **fields})
        assert answer.status == 400
        assert b"tiny-Secret" not in answer.content


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/web/v1/users", 404, "path_not_found"),
        ("PATCH", "/api/web/v1/adminapi/authenticate", 405, "method_not_allowed"),
        ("POST", f"/api/web/v1/users/{NOBODY}/passwords", 405, "method_not_allowed"),
    ],
)
def test_an_unknown_path_or_method_gets_the_same_envelope(
    entrust: Entrust, method: str, path: str, status: int, code: str
) -> None:
    answer = entrust.api.request(method, path)
    assert (answer.status, answer.body["errorCode"]) == (status, code)


def test_a_body_that_is_too_long_is_refused_in_the_same_envelope(entrust: Entrust) -> None:
    url = f"/api/web/v1/users/{NOBODY}/passwords"
    answer = entrust.api.request("PUT", url, content=b" " * (5 * 1024 * 1024))
    assert (answer.status, answer.body["errorCode"]) == (413, "request_too_large")
