"""Which application can call what."""

from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import ManualClock, SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.entrust.conftest import GOOD, Entrust, status_and_code

BODIES: dict[str, Any] = {
    "set_password": {"password": GOOD},
    "get_password": None,
    "delete_password": None,
    "get_password_settings": None,
    "validate_password": {"password": GOOD},
}
NEEDED = {
    "set_password": "EDIT",
    "get_password": "VIEW",
    "delete_password": "REMOVE",
    "get_password_settings": "VIEW",
    "validate_password": "EDIT",
}
WITHOUT = {"EDIT": "auditor", "VIEW": "helpdesk", "REMOVE": "auditor"}


def each(status: int, name: str) -> pytest.MarkDecorator:
    """Run a test for each operation that needs a credential; for each it must reach the outcome."""
    return pytest.mark.parametrize(
        "operation",
        [pytest.param(one, marks=outcome(f"entrust.{one}", status, name)) for one in BODIES],
    )


def send(entrust: Entrust, operation: str, authorization: str | None) -> tuple[int, str | None]:
    headers = {} if authorization is None else {"Authorization": authorization}
    return status_and_code(entrust.call(operation, "ada", body=BODIES[operation], headers=headers))


@each(401, "authorization_required")
@proves("entrust.authorization.forms")
def test_nothing_is_served_without_a_credential(entrust: Entrust, operation: str) -> None:
    assert send(entrust, operation, None) == (401, "authorization_required")
    assert send(entrust, operation, "Bearer ") == (401, "authorization_required")


@each(401, "invalid_auth_token")
def test_an_unknown_token_is_refused(entrust: Entrust, operation: str) -> None:
    assert send(entrust, operation, "Bearer never-issued") == (401, "invalid_auth_token")


@each(401, "auth_token_expired")
@proves("entrust.authorization.expired", "entrust.authentication.token")
def test_a_token_expires_after_fifteen_minutes(entrust: Entrust, operation: str, clock: ManualClock) -> None:
    console = entrust.people["entrust", "console"]
    body = {"applicationId": console.id, "sharedSecret": console.password}
    token = entrust.call("authenticate", body=body, headers={}).body["authToken"]
    clock.advance(timedelta(minutes=15, seconds=-1))
    assert entrust.call("get_password", "ada", headers={"Authorization": token}).status == 200
    clock.advance(timedelta(seconds=1))
    assert send(entrust, operation, token) == (401, "auth_token_expired")


@each(401, "invalid_credentials")
@proves("entrust.authentication.secret")
def test_an_application_needs_its_own_secret(entrust: Entrust, operation: str) -> None:
    console = entrust.people["entrust", "console"]
    assert send(entrust, operation, f"{console.id},wrong") == (401, "invalid_credentials")
    assert send(entrust, operation, ",") == (401, "invalid_credentials")


@each(403, "application_disabled")
@proves("entrust.authentication.disabled")
def test_a_disabled_application_can_call_nothing(entrust: Entrust, operation: str) -> None:
    retired = entrust.people["entrust", "retired"]
    expected = (403, "application_disabled")
    assert send(entrust, operation, f"{retired.id},{retired.password}") == expected
    assert send(entrust, operation, retired.headers["Authorization"]) == expected


@each(403, "permission_required")
@proves("entrust.permission.required")
def test_the_role_needs_the_permission_of_the_operation(entrust: Entrust, operation: str) -> None:
    needed = NEEDED[operation]
    answer = entrust.by(WITHOUT[needed]).call(operation, "ada", body=BODIES[operation])
    assert status_and_code(answer) == (403, "permission_required")
    assert answer.body["errorMessage"] == f"USERPASSWORDS:{needed} required"


@pytest.mark.parametrize("form", ["{token}", "Bearer {token}", "bearer {token}", "{id},{secret}", "{ID},{secret}"])
@proves("entrust.authorization.forms")
def test_the_three_forms_of_a_credential_are_accepted(entrust: Entrust, form: str) -> None:
    console = entrust.people["entrust", "console"]
    token = console.headers["Authorization"].removeprefix("Bearer ")
    header = form.format(token=token, id=console.id, ID=console.id.upper(), secret=console.password)
    assert entrust.call("get_password", "ada", headers={"Authorization": header}).status == 200


@proves("entrust.permission.required")
def test_the_caller_is_checked_before_the_shape_of_the_request(entrust: Entrust) -> None:
    wrong = {"password": 5}
    assert entrust.call("set_password", "no-uuid", body=wrong, headers={}).status == 401
    assert entrust.by("auditor").call("set_password", "no-uuid", body=wrong).status == 403
    assert entrust.call("set_password", "no-uuid", body=wrong).status == 400


@outcome("entrust.authenticate", 200, "authenticated")
@proves("entrust.authentication.token")
def test_an_application_exchanges_its_secret_for_a_token(entrust: Entrust, clock: ManualClock) -> None:
    console = entrust.people["entrust", "console"]
    body = {"applicationId": console.id.upper(), "sharedSecret": console.password, "enableWebSession": True}
    answer = entrust.call("authenticate", body=body, headers={})
    assert answer.body["creationTime"] == "2026-01-15T12:00:00Z"
    assert answer.body.get("expirationTime") == "2026-01-15T12:15:00Z"
    header = {"Authorization": f"Bearer {answer.body['authToken']}"}
    assert entrust.call("get_password", "ada", headers=header).status == 200
    clock.advance(timedelta(minutes=1))
    assert entrust.call("authenticate", body=body, headers={}).body["authToken"] != answer.body["authToken"]


@outcome("entrust.authenticate", 401, "invalid_credentials")
@proves("entrust.authentication.secret")
def test_an_unknown_application_and_a_wrong_secret_get_the_same_answer(entrust: Entrust) -> None:
    console = entrust.people["entrust", "console"]
    wrong = entrust.call("authenticate", body={"applicationId": console.id, "sharedSecret": "no"}, headers={})
    stranger = {"applicationId": "00000000-0000-4000-8000-000000000000", "sharedSecret": console.password}
    unknown = entrust.call("authenticate", body=stranger, headers={})
    assert wrong.status == unknown.status == 401
    assert wrong.body == unknown.body


@outcome("entrust.authenticate", 403, "application_disabled")
@proves("entrust.authentication.disabled")
def test_a_disabled_application_gets_no_token(entrust: Entrust) -> None:
    retired = entrust.people["entrust", "retired"]
    body = {"applicationId": retired.id, "sharedSecret": retired.password}
    refused = entrust.call("authenticate", body=body, headers={})
    assert status_and_code(refused) == (403, "application_disabled")
    wrong = entrust.call("authenticate", body={**body, "sharedSecret": "no"}, headers={})
    assert wrong.status == 401, "a caller without the secret is not told that the application is disabled"


@outcome("entrust.authenticate", 400, "invalid_request_body")
def test_a_missing_application_id_is_reported_in_the_vendors_words(entrust: Entrust) -> None:
    answer = entrust.call("authenticate", body={"sharedSecret": "x"}, headers={})
    assert answer.status == 400
    assert answer.body == {
        "errorCode": "invalid_request_body",
        "errorMessage": "Application id cannot be null",
        "parameters": [{"name": "applicationId", "value": "is required"}],
    }


def test_seed_tokens_do_not_expire(entrust: Entrust, clock: ManualClock) -> None:
    clock.advance(timedelta(days=400))
    assert entrust.get("ada").status == 200


def test_rate_limits_count_each_credential_separately(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    assert entrust.get("ada").status == 200
    assert entrust.get("ada").status == 429
    assert entrust.by("auditor").get("ada").status == 200
