"""Vendor page 'Create a password'."""

import pytest

from tests.conftest import People
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import MULTI, PAYMENT_RUN, Weavr, bearer, both, cases, codes, reaching

OPERATION = "create_password"


@pytest.mark.parametrize(
    ("product", "info"),
    [
        pytest.param(
            MULTI,
            {"identityId": {"type": "CONSUMER", "id": "111046735421751296"}, "expiryDate": 0},
            marks=outcome("weavr_multi.create_password", 200, "consumer"),
        ),
        pytest.param(
            PAYMENT_RUN,
            {"buyerId": "110747174434373672", "expiryDate": 0},
            marks=outcome("weavr_payment_run.create_password", 200, "buyer"),
        ),
    ],
    ids=str,
)
def test_a_first_password_is_created_and_logs_in(weavr: Weavr, info: dict[str, object]) -> None:
    created = weavr.create("Lantern-42-amber")
    assert created.body["passwordInfo"] == info
    assert weavr.log_out(of="newcomer", headers=bearer(created.body["token"])).status == 204
    assert weavr.log_in("Lantern-42-amber", of="newcomer").status == 200


@both
def test_the_first_password_sends_no_mail(weavr: Weavr) -> None:
    weavr.create()
    assert weavr.inbox.all() == []


@cases(
    "sent, user_id, expected",
    [
        ({}, "1", [([], "password", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        ({"password": None}, "1", [([], "password", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        ({"password": {}}, "1", [(["password"], "value", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        ({"password": {"value": "Good-1-x" * 5}}, "abc", [([], "user_id", "REGEX")], OPERATION, 400, "REGEX"),
        ({"password": {"value": "x" * 101}}, "1", [(["password"], "value", "SIZE")], OPERATION, 400, "SIZE"),
        (
            {"password": {"value": ""}},
            "abc",
            [(["password"], "value", "HAS_TEXT"), ([], "user_id", "REGEX")],
            OPERATION,
            400,
            "HAS_TEXT",
        ),
    ],
)
def test_every_invalid_field_is_listed(weavr: Weavr, sent: object, user_id: str, expected: object) -> None:
    refused = weavr.call(OPERATION, sent, user_id=user_id)
    assert (refused.status, refused.body["message"]) == (400, "Invalid request")
    assert sorted(codes(refused)) == sorted(expected)  # type: ignore[call-overload]  # a list of tuples


@reaching(OPERATION, 400, "HAS_TEXT")
def test_a_blank_password_alone_is_answered_by_a_message(weavr: Weavr) -> None:
    refused = weavr.create("   ")
    assert (refused.status, refused.body) == (400, {"message": "request.password.value: must not be blank"})


@reaching(OPERATION, 400, "UNREADABLE")
def test_the_answer_to_invalid_json_names_the_line(weavr: Weavr) -> None:
    path = f"/passwords/{weavr.person('newcomer').id}/create"
    if weavr.product is PAYMENT_RUN:
        path = f"/v1/password/{weavr.person('newcomer').id}"
    headers = dict(weavr.person("newcomer").headers)
    refused = weavr.api.request("POST", path, content=b'{"password"', headers=headers)
    assert refused.status == 400
    assert refused.body["message"].startswith("Invalid request: ")
    assert "line 1" in refused.body["message"]


@proves("weavr.create.inactive")
@reaching(OPERATION, 403, "INSUFFICIENT_PERMISSIONS")
def test_an_inactive_user_gets_no_password(weavr: Weavr) -> None:
    refused = weavr.create(of="inactive-newcomer")
    assert (refused.status, refused.body) == (403, {"errorCode": "INSUFFICIENT_PERMISSIONS"})


@reaching(OPERATION, 404, "USER_NOT_FOUND")
def test_an_unknown_user_is_not_found(weavr: Weavr) -> None:
    assert weavr.create(user_id="42").status == 404


@proves("weavr.create.user")
@reaching(OPERATION, 404, "USER_NOT_FOUND")
def test_a_user_of_another_programme_is_not_found(weavr: Weavr) -> None:
    assert weavr.create(of="neighbour", user_id=weavr.person("newcomer").id).status == 404


@outcome("weavr_multi.create_password", 404, "USER_NOT_FOUND")
@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_a_user_of_the_other_product_is_not_found(weavr: Weavr, people: People) -> None:
    assert weavr.create(user_id=people["weavr_payment_run", "bella"].id).status == 404


@proves("weavr.token.resolved")
@reaching(OPERATION, 404, "TOKEN_NOT_FOUND")
def test_an_unknown_token_is_not_found_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    assert weavr.create("A1b2C3d4E5f6G7h8I9j0K1l2", of="vaulted-newcomer").status == 404


@proves("weavr.token.resolved")
@reaching(OPERATION, 400, "REGEX")
def test_a_plain_password_is_invalid_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    refused = weavr.create(of="vaulted-newcomer")
    assert codes(refused) == [(["password"], "value", "REGEX")]
    assert "tokenise it first" in refused.headers["watchword-hint"]


@proves("weavr.password.length", "weavr.password.complexity")
@cases(
    "password",
    [
        ("Ab1!xyz", OPERATION, 409, "PASSWORD_TOO_SHORT"),
        ("Ab1!" + "x" * 27, OPERATION, 409, "PASSWORD_TOO_LONG"),
        ("lantern-42-amber", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
        ("LANTERN-42-AMBER", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
        ("Lantern-xx-amber", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
        ("Lantern042amber", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
    ],
)
def test_a_password_with_a_wrong_length_or_too_few_kinds_of_characters_is_refused(weavr: Weavr, password: str) -> None:
    assert weavr.create(password).status == 409
    assert weavr.create().status == 200


@proves("weavr.create.once")
@reaching(OPERATION, 409, "PASSWORD_ALREADY_CREATED")
def test_a_second_password_is_refused_and_the_first_one_stays(weavr: Weavr) -> None:
    weavr.create("Lantern-42-amber")
    again = weavr.create("Lantern-43-amber")
    assert (again.status, again.body) == (409, {"errorCode": "PASSWORD_ALREADY_CREATED"})
    assert weavr.log_in("Lantern-42-amber", of="newcomer").status == 200


@proves("weavr.create.login-key")
@reaching(OPERATION, 409, "PASSWORD_KEY_ALREADY_IN_USE")
def test_an_address_that_another_user_logs_in_with_is_taken(weavr: Weavr) -> None:
    assert weavr.create(of="shared-newcomer").body == {"errorCode": "PASSWORD_KEY_ALREADY_IN_USE"}


@proves("weavr.create.identity")
@reaching(OPERATION, 409, "UNRESOLVED_IDENTITY")
def test_an_identity_that_cannot_be_found_is_unresolved(weavr: Weavr) -> None:
    assert weavr.create(of="without-identity").body == {"errorCode": "UNRESOLVED_IDENTITY"}


@proves("weavr.profile.any")
@reaching(OPERATION, 409, "UNRESOLVED_IDENTITY")
def test_a_programme_without_any_profile_is_answered_unresolved_identity(weavr: Weavr) -> None:
    assert weavr.create(of="unprofiled").body == {"errorCode": "UNRESOLVED_IDENTITY"}


@proves("weavr.profile.type")
@reaching(OPERATION, 409, "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")
def test_a_programme_without_a_profile_for_root_users_is_answered_profile_not_configured(weavr: Weavr) -> None:
    refused = weavr.create(of="users-only")
    assert refused.body == {"errorCode": "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"}


@both
def test_the_user_is_checked_before_the_password(weavr: Weavr) -> None:
    weavr.create()
    assert weavr.create("short").body == {"errorCode": "PASSWORD_ALREADY_CREATED"}


@proves("weavr.password.expiry")
@both
def test_the_expiry_date_is_in_milliseconds_and_follows_the_profile(weavr: Weavr) -> None:
    weavr.set(root_profile={"expires_after": "P90D"})
    created = weavr.create()
    assert created.body["passwordInfo"]["expiryDate"] == 1_776_254_400_000  # 2026-04-15T12:00:00Z
