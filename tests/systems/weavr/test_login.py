"""Vendor pages 'Login with password' and 'Logout'."""

from datetime import timedelta

from tests.conftest import ManualClock
from tests.outcomes import proves
from tests.systems.weavr.products import (
    GOOD,
    MULTI,
    PAYMENT_RUN,
    Weavr,
    bearer,
    both,
    reaching,
)

OPERATION = "login_with_password"
BODIES = {MULTI: b"", PAYMENT_RUN: b'{"errorCode":"INSUFFICIENT_PERMISSIONS"}'}


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
def test_the_tokens_of_the_seed_people_never_end(weavr: Weavr, clock: ManualClock) -> None:
    clock.advance(timedelta(days=30))
    assert weavr.update().status == 200
