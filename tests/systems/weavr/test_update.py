"""Vendor page 'Update a password'."""

from datetime import timedelta

import pytest

from tests.conftest import ManualClock
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import (
    GOOD,
    MULTI,
    PAYMENT_RUN,
    Weavr,
    bearer,
    both,
    cases,
    codes,
    reaching,
    reaching_by_default,
)

OPERATION = "update_password"


@pytest.mark.parametrize(
    ("product", "role", "info"),
    [
        pytest.param(
            MULTI,
            "member",
            {"identityId": {"type": "CONSUMER", "id": "111046735421816833"}, "expiryDate": 0},
            marks=outcome("weavr_multi.update_password", 200, "consumer"),
        ),
        pytest.param(
            MULTI,
            "colleague",
            {"identityId": {"type": "CORPORATE", "id": "111046735421882370"}, "expiryDate": 0},
            marks=outcome("weavr_multi.update_password", 200, "corporate"),
        ),
        pytest.param(
            PAYMENT_RUN,
            "colleague",
            {"buyerId": "110747174434570281", "expiryDate": 0},
            marks=outcome("weavr_payment_run.update_password", 200, "buyer"),
        ),
    ],
)
def test_the_new_password_replaces_the_old_one(weavr: Weavr, role: str, info: dict[str, object]) -> None:
    updated = weavr.update("Lantern-42-amber", of=role)
    assert updated.body["passwordInfo"] == info
    assert weavr.log_out(of=role, headers=bearer(updated.body["token"])).status == 204
    assert weavr.log_in("Lantern-42-amber", of=role).status == 200
    assert weavr.log_in(of=role).status == 403


@proves("weavr.mail.changed")
@both
def test_a_mail_says_that_the_password_has_changed(weavr: Weavr) -> None:
    weavr.update()
    assert weavr.inbox.latest(to=weavr.person("member").login).subject == "Your Password Has Been Changed"


@proves("weavr.update.old-password")
@reaching(OPERATION, 409, "PASSWORD_INCORRECT")
def test_a_wrong_old_password_is_refused_before_the_new_one_is_checked(weavr: Weavr) -> None:
    assert weavr.update("short", old="Wrong-99-wrong").body == {"errorCode": "PASSWORD_INCORRECT"}


@both
def test_a_refused_update_leaves_no_trace(weavr: Weavr) -> None:
    assert weavr.update(old="Wrong-99-wrong").status == 409
    assert weavr.update("short").status == 409
    assert weavr.inbox.all() == []
    assert weavr.log_in().status == 200


@cases(
    "password",
    [
        ("Ab1!xyz", OPERATION, 409, "PASSWORD_TOO_SHORT"),
        ("Ab1!" + "x" * 27, OPERATION, 409, "PASSWORD_TOO_LONG"),
        ("Lantern042amber", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
    ],
)
def test_a_new_password_of_a_wrong_length_or_too_few_kinds_of_characters_is_refused(
    weavr: Weavr, password: str
) -> None:
    assert weavr.update(password).status == 409


@proves("weavr.password.history")
@cases(
    "former",
    [
        ("Harbour-7-lamp", OPERATION, 409, "PASSWORD_ALREADY_USED"),
        ("Harbour-6-lamp", OPERATION, 409, "PASSWORD_ALREADY_USED"),
        ("Harbour-3-lamp", OPERATION, 409, "PASSWORD_ALREADY_USED"),
    ],
)
def test_the_present_password_and_the_four_before_it_are_refused(weavr: Weavr, former: str) -> None:
    assert weavr.update(former).body == {"errorCode": "PASSWORD_ALREADY_USED"}


@both
def test_the_sixth_last_password_is_accepted(weavr: Weavr) -> None:
    assert weavr.update("Harbour-2-lamp").status == 200


@both
def test_the_history_can_be_set_longer(weavr: Weavr) -> None:
    weavr.set(history=6)
    assert weavr.update("Harbour-2-lamp").body == {"errorCode": "PASSWORD_ALREADY_USED"}


@both
def test_a_history_that_is_set_longer_later_knows_the_passwords_before_it(weavr: Weavr) -> None:
    old = weavr.password("member")
    for number in range(1, 8):
        new = f"Lantern-{number}-amber"
        assert weavr.update(new, old=old).status == 200
        old = new
    assert weavr.update("Harbour-2-lamp", old=old).status == 200
    weavr.set(history=14)
    # Newest first: Harbour-2, seven times Lantern, Harbour-7 to Harbour-2.
    assert weavr.update("Harbour-3-lamp", old="Harbour-2-lamp").body == {"errorCode": "PASSWORD_ALREADY_USED"}


@cases(
    "sent, expected",
    [
        ({}, [([], "newPassword", "REQUIRED"), ([], "oldPassword", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        (
            {"oldPassword": {"value": "x" * 101}, "newPassword": {"value": GOOD}},
            [(["oldPassword"], "value", "SIZE")],
            OPERATION,
            400,
            "SIZE",
        ),
    ],
)
def test_every_invalid_field_is_listed(weavr: Weavr, sent: object, expected: object) -> None:
    assert sorted(codes(weavr.call(OPERATION, sent))) == expected


@reaching(OPERATION, 400, "HAS_TEXT")
def test_two_blank_passwords_are_answered_by_one_message(weavr: Weavr) -> None:
    refused = weavr.update("", old=" ")
    assert sorted(refused.body["message"].split(", ")) == [
        "request.newPassword.value: must not be blank",
        "request.oldPassword.value: must not be blank",
    ]


@reaching(OPERATION, 400, "UNREADABLE")
def test_a_value_of_the_wrong_json_type_is_answered_by_a_message(weavr: Weavr) -> None:
    refused = weavr.call(OPERATION, {"oldPassword": "Harbour-7-lamp", "newPassword": {"value": GOOD}})
    assert refused.body["message"] == "Invalid request: oldPassword must be of type object"
    assert "Harbour" not in str(refused.headers)


@proves("weavr.session.programme")
@reaching(OPERATION, 403)
def test_the_key_of_another_programme_is_forbidden(weavr: Weavr) -> None:
    key = weavr.person("neighbour").headers["api-key"]
    assert weavr.update(headers={"api-key": key}).status == 403


@proves("weavr.session.inactive")
@reaching(OPERATION, 403)
def test_a_user_who_was_deactivated_after_log_in_is_forbidden(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"deactivated": [weavr.person("member").id]})
    assert weavr.update().status == 403


@reaching(OPERATION, 400, "REGEX")
def test_a_plain_password_is_invalid_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    assert codes(weavr.update(of="vaulted")) == [(["oldPassword"], "value", "REGEX")]


@reaching_by_default(OPERATION, 404, "TOKEN_NOT_FOUND")
def test_the_old_password_is_resolved_before_the_new(weavr: Weavr) -> None:
    refused = weavr.update(of="vaulted", old="A1b2C3d4E5f6G7h8I9j0K1l2")
    assert refused.status == 404


@proves("weavr.token.lifetime")
@reaching_by_default(OPERATION, 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_answered_before_the_old_password_is_checked(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    assert weavr.update(token, old="Wrong-99-wrong").status == 410


@proves("weavr.login.expired", "weavr.session.temporary")
@both
def test_the_token_of_an_expired_password_is_good_for_one_update(weavr: Weavr) -> None:
    temporary = bearer(weavr.log_in(of="expired-quarterly").body["token"])
    assert weavr.log_out(of="expired-quarterly", headers=temporary).status == 403
    assert weavr.update("short", of="expired-quarterly", headers=temporary).status == 409
    updated = weavr.update(of="expired-quarterly", headers=temporary)
    assert updated.status == 200
    assert updated.body["passwordInfo"]["expiryDate"] == 1_776_254_400_000  # 90 days from 2026-01-15T12:00:00Z
    assert weavr.update("Lantern-43-amber", old=GOOD, of="expired-quarterly", headers=temporary).status == 401
    assert weavr.log_out(of="expired-quarterly", headers=bearer(updated.body["token"])).status == 204
