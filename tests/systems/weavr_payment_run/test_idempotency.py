"""Requests that name themselves with the header idempotency-ref."""

from datetime import timedelta

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import GOOD, PAYMENT_RUN, Weavr, bearer

ONE = {"idempotency-ref": "one"}


@pytest.fixture
def weavr(api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """Payment Run."""
    return Weavr(PAYMENT_RUN, api, people, inbox, settings)


@proves("weavr_payment_run.idempotency.replayed")
@outcome("weavr_payment_run.consume_invite", 200, "token")
def test_a_repeated_consumption_gets_the_same_token_again(weavr: Weavr) -> None:
    first, second = (weavr.consume(headers=ONE) for _ in range(2))
    assert (first.status, second.status, second.body) == (200, 200, first.body)
    assert weavr.log_out(of="invited", headers=bearer(second.body["token"])).status == 204
    assert weavr.consume(headers={"idempotency-ref": "two"}).body == {"errorCode": "PASSWORD_ALREADY_CREATED"}


@proves("weavr_payment_run.idempotency.replayed")
def test_a_reference_is_forgotten_after_24_hours(weavr: Weavr, clock: ManualClock) -> None:
    weavr.invite(headers=ONE)
    clock.advance(timedelta(hours=24) - timedelta(microseconds=1))
    weavr.invite(headers=ONE)
    assert len(weavr.inbox.all()) == 1
    clock.advance(timedelta(microseconds=1))
    weavr.invite(headers=ONE)
    assert len(weavr.inbox.all()) == 2


@proves("weavr_payment_run.idempotency.payload")
@outcome("weavr_payment_run.validate_invite", 422, "IDEMPOTENCY_REF_REUSED")
def test_the_same_reference_with_another_code_or_operation_is_refused(weavr: Weavr) -> None:
    assert weavr.validate_invite(headers=ONE).status == 204
    assert weavr.validate_invite("654321", headers=ONE).status == 422
    assert weavr.consume(headers=ONE).status == 422


@proves("weavr_payment_run.idempotency.payload")
@outcome("weavr_payment_run.consume_invite", 422, "IDEMPOTENCY_REF_REUSED")
def test_the_same_reference_with_another_password_is_refused(weavr: Weavr) -> None:
    assert weavr.consume(headers=ONE).status == 200
    assert weavr.consume("Lantern-43-amber", headers=ONE).status == 422
    assert weavr.log_in(GOOD, of="invited").status == 200


def test_a_refused_request_leaves_its_reference_free(weavr: Weavr) -> None:
    assert weavr.consume("short", headers=ONE).status == 409
    assert weavr.consume(headers=ONE).status == 200


def test_references_of_programmes_do_not_mix(weavr: Weavr) -> None:
    weavr.validate_invite(headers=ONE)
    other = {**ONE, "api-key": weavr.person("neighbour").headers["api-key"]}
    assert weavr.validate_invite(headers=other).status == 403


def test_a_repeated_request_is_still_authenticated(weavr: Weavr) -> None:
    weavr.invite(headers=ONE)
    assert weavr.invite(headers={**ONE, "Authorization": "Bearer unknown"}).status == 401
