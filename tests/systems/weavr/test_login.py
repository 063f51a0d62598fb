"""Vendor pages 'Login with password' and 'Logout'."""

from datetime import timedelta

import pytest

from tests.conftest import ManualClock
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import (
    GOOD,
    LOG_IN_REFUSED,
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

OPERATION = "login_with_password"
BODIES = {MULTI: b"", PAYMENT_RUN: b'{"errorCode":"INSUFFICIENT_PERMISSIONS"}'}


@pytest.mark.parametrize(
    ("product", "identity", "credentials"),
    [
        pytest.param(
            MULTI,
            {"type": "CONSUMER", "id": "111046735421816833"},
            {"type": "ROOT", "id": "111046735421816833"},
            marks=outcome("weavr_multi.login_with_password", 200, "root"),
        ),
        pytest.param(
            PAYMENT_RUN,
            {"type": "BUYER", "id": "110747174434504744"},
            {"type": "ADMIN", "id": "110747174434504744"},
            marks=outcome("weavr_payment_run.login_with_password", 200, "administrator"),
        ),
    ],
)
def test_the_right_password_logs_in(weavr: Weavr, identity: object, credentials: object) -> None:
    answer = weavr.log_in()
    token = answer.body.pop("token")
    assert answer.body == {"tokenType": "ACCESS", "identity": identity, "credentials": credentials}
    assert weavr.update(headers=bearer(token)).status == 200


@both
def test_a_further_user_logs_in_for_the_identity_of_another(weavr: Weavr) -> None:
    answer = weavr.log_in(of="colleague").body
    assert answer["identity"]["id"] == weavr.person("head").id
    assert answer["credentials"] == {"type": "USER", "id": weavr.person("colleague").id}


@both
def test_the_password_tells_apart_users_who_share_an_address(weavr: Weavr) -> None:
    assert weavr.log_in(of="sharer").body["credentials"]["id"] == weavr.person("sharer").id


@both
def test_the_type_of_the_token_can_be_set(weavr: Weavr) -> None:
    weavr.set(token_type="AUTH")
    assert weavr.log_in().body["tokenType"] == "AUTH"


@proves("weavr.login.refused")
@cases(
    "role",
    [(role, OPERATION, 403, LOG_IN_REFUSED) for role in ("newcomer", "inactive", "inactive-newcomer", "neighbour")],
)
def test_users_without_a_password_inactive_or_of_another_programme_cannot_log_in(weavr: Weavr, role: str) -> None:
    password = weavr.person(role).password or GOOD
    refused = weavr.log_in(password, email=weavr.person(role).login)
    assert (refused.status, refused.content) == (403, BODIES[weavr.product])


@proves("weavr.login.refused")
@reaching(OPERATION, 403, LOG_IN_REFUSED)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(weavr: Weavr) -> None:
    wrong, unknown = weavr.log_in("Wrong-99-wrong"), weavr.log_in(email="nobody@nowhere.example")
    assert (wrong.status, wrong.content) == (unknown.status, unknown.content) == (403, BODIES[weavr.product])


@proves("weavr.login.locked")
@reaching(OPERATION, 423)
def test_five_wrong_passwords_lock_log_in_for_half_an_hour(weavr: Weavr, clock: ManualClock) -> None:
    assert [weavr.log_in("Wrong-99-wrong").status for _ in range(6)] == [403] * 5 + [423]
    clock.advance(timedelta(minutes=30) - timedelta(microseconds=1))
    locked = weavr.log_in()
    assert (locked.status, locked.content) == (423, b"")
    clock.advance(timedelta(microseconds=1))
    assert weavr.log_in().status == 200


@proves("weavr.login.locked")
@both
def test_a_right_password_resets_the_count_of_wrong_ones(weavr: Weavr) -> None:
    for _ in range(3):
        assert [weavr.log_in("Wrong-99-wrong").status for _ in range(4)] == [403] * 4
        assert weavr.log_in().status == 200
    assert [weavr.log_in("Wrong-99-wrong").status for _ in range(6)] == [403] * 5 + [423]


@both
def test_the_number_of_wrong_passwords_and_the_time_of_the_lock_can_be_set(weavr: Weavr, clock: ManualClock) -> None:
    weavr.set(lock_after=1, locked_for="PT1M")
    assert [weavr.log_in("Wrong-99-wrong").status, weavr.log_in().status] == [403, 423]
    clock.advance(timedelta(minutes=1))
    assert weavr.log_in().status == 200


@both
def test_the_locked_seed_person_can_log_in_after_half_an_hour(weavr: Weavr, clock: ManualClock) -> None:
    assert weavr.log_in(of="locked").status == 423
    clock.advance(timedelta(minutes=30))
    assert weavr.log_in(of="locked").status == 200


@proves("weavr.login.expired")
@reaching(OPERATION, 409, "PASSWORD_EXPIRED")
def test_an_expired_password_is_answered_by_a_token_alone(weavr: Weavr) -> None:
    answer = weavr.log_in(of="expired")
    assert (answer.status, list(answer.body)) == (409, ["token"])
    assert "request-ref" not in answer.headers


@both
def test_the_person_with_an_expired_password_needs_no_other_key_than_most_people(weavr: Weavr) -> None:
    headers = {"api-key": weavr.person("member").headers["api-key"]}
    temporary = weavr.log_in(of="expired", headers=headers)
    updated = weavr.update(of="expired", headers=headers | bearer(temporary.body["token"]))
    assert (temporary.status, updated.status) == (409, 200)
    assert updated.body["passwordInfo"]["expiryDate"] == 0
    assert weavr.log_in(GOOD, of="expired", headers=headers).status == 200


@both
def test_passwords_of_a_programme_expire_by_its_profile(weavr: Weavr) -> None:
    assert weavr.log_in(of="expired-quarterly").status == 409


@both
def test_a_wrong_password_is_refused_before_its_expiry_matters(weavr: Weavr) -> None:
    assert weavr.log_in("Wrong-99-wrong", of="expired").status == 403


@both
def test_a_password_expires_at_the_exact_moment(weavr: Weavr, clock: ManualClock) -> None:
    weavr.set(root_profile={"expires_after": "P1D"})
    weavr.update(headers=bearer(weavr.update("Lantern-41-amber").body["token"]), old="Lantern-41-amber")
    clock.advance(timedelta(days=1) - timedelta(microseconds=1))
    assert weavr.log_in(GOOD).status == 200
    clock.advance(timedelta(microseconds=1))
    assert weavr.log_in(GOOD).status == 409


@cases(
    "sent, expected",
    [
        ({}, [([], "email", "REQUIRED"), ([], "password", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        (
            {"email": "no address", "password": {"value": "x" * 101}},
            [([], "email", "REGEX"), (["password"], "value", "SIZE")],
            OPERATION,
            400,
            "REGEX",
        ),
        (
            {"email": "a@b.example", "password": {"value": "x" * 101}},
            [(["password"], "value", "SIZE")],
            OPERATION,
            400,
            "SIZE",
        ),
    ],
)
def test_every_invalid_field_is_listed(weavr: Weavr, sent: object, expected: object) -> None:
    assert sorted(codes(weavr.call(OPERATION, sent))) == expected


@reaching(OPERATION, 400, "HAS_TEXT")
def test_a_blank_password_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.log_in(" ").body == {"message": "request.password.value: must not be blank"}


@reaching(OPERATION, 400, "UNREADABLE")
def test_a_password_that_is_not_an_object_is_answered_by_a_message(weavr: Weavr) -> None:
    refused = weavr.call(OPERATION, {"email": "a@b.example", "password": "Harbour-7-lamp"})
    assert refused.body["message"] == "Invalid request: password must be of type object"


@reaching_by_default(OPERATION, 404, "TOKEN_NOT_FOUND")
def test_an_unknown_token_is_answered_before_the_account_is_checked(weavr: Weavr) -> None:
    assert weavr.log_in("A1b2C3d4E5f6G7h8I9j0K1l2", of="vaulted").status == 404


@reaching_by_default(OPERATION, 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_answered_before_the_account_is_checked(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    assert weavr.log_in(token, email="nobody@nowhere.example").status == 410


@proves("weavr.session.logout")
@reaching("logout", 204)
def test_a_token_is_good_until_log_out(weavr: Weavr) -> None:
    token = bearer(weavr.log_in().body["token"])
    assert weavr.log_out(headers=token).status == 204
    assert weavr.log_out(headers=token).status == 401
    assert weavr.update(headers=token).status == 401


@both
def test_log_out_ends_one_token_and_leaves_the_others(weavr: Weavr) -> None:
    first, second = (bearer(weavr.log_in().body["token"]) for _ in range(2))
    assert weavr.log_out(headers=first).status == 204
    assert weavr.update(headers=second).status == 200


@proves("weavr.session.temporary")
@reaching("logout", 403)
def test_the_token_of_an_expired_password_cannot_log_out(weavr: Weavr) -> None:
    token = weavr.log_in(of="expired").body["token"]
    assert weavr.log_out(of="expired", headers=bearer(token)).status == 403


@proves("weavr.session.sliding")
@reaching("logout", 401)
def test_a_token_ends_five_minutes_after_its_last_use(weavr: Weavr, clock: ManualClock) -> None:
    token = bearer(weavr.log_in().body["token"])
    for _ in range(3):
        clock.advance(timedelta(minutes=5) - timedelta(microseconds=1))
        assert weavr.update("short", headers=token).status == 409
    clock.advance(timedelta(minutes=5))
    assert weavr.log_out(headers=token).status == 401


@both
def test_the_tokens_of_the_seed_people_never_end(weavr: Weavr, clock: ManualClock) -> None:
    clock.advance(timedelta(days=30))
    assert weavr.update().status == 200
