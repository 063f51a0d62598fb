"""What Payment Run does otherwise than its sister."""

from datetime import timedelta

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.outcomes import outcome
from tests.systems.weavr.products import GOOD, PAYMENT_RUN, Weavr


@pytest.fixture
def payment_run(api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """A client."""
    return Weavr(PAYMENT_RUN, api, people, inbox, settings)


def test_8_characters_are_enough_for_everybody(payment_run: Weavr) -> None:
    assert payment_run.update("Ab1!xyzw", of="colleague").status == 200


def test_an_unknown_user_is_told_in_a_sentence(payment_run: Weavr) -> None:
    refused = payment_run.create(user_id="42")
    assert refused.body["code"] == "USER_NOT_FOUND"
    assert "user_id" in refused.body["message"]


@outcome("weavr_payment_run.create_password", 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_told_in_a_sentence(payment_run: Weavr, clock: ManualClock) -> None:
    token = payment_run.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    refused = payment_run.create(token)
    assert (refused.status, refused.body["code"]) == (410, "TOKEN_EXPIRED")
    assert "tokenise" in refused.body["message"]


def test_a_lost_password_is_started_without_an_identity(payment_run: Weavr) -> None:
    assert payment_run.start(of="homeless").status == 204
