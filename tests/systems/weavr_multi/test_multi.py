"""What only Weavr Multi does."""

from datetime import timedelta

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import MULTI, Weavr


@pytest.fixture
def multi(api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """A client that also knows the back office."""
    roles = {**MULTI.roles, "back-office": "kira", "back-office-newcomer": "lars"}
    return Weavr(type(MULTI)(MULTI.name, roles), api, people, inbox, settings)


@outcome("weavr_multi.create_password", 200, "corporate")
def test_a_back_office_user_gets_a_password_for_the_corporate(multi: Weavr) -> None:
    created = multi.create("Ledger-2027-ink", of="back-office-newcomer")
    assert created.body["passwordInfo"]["identityId"] == {"type": "CORPORATE", "id": multi.person("head").id}


@proves("weavr_multi.password.minimum")
def test_the_back_office_needs_12_characters(multi: Weavr) -> None:
    assert multi.create("Ledger-2027", of="back-office-newcomer").body == {"errorCode": "PASSWORD_TOO_SHORT"}
    assert multi.create("Ledger-2027x", of="back-office-newcomer").status == 200
    assert multi.update("Ab1!xyzw", of="back-office").body == {"errorCode": "PASSWORD_TOO_SHORT"}
    multi.start(of="back-office")
    assert multi.resume("Ab1!xyzw", of="back-office").body == {"errorCode": "PASSWORD_TOO_SHORT"}


def test_authorised_users_of_a_corporate_need_8(multi: Weavr) -> None:
    assert multi.update("Ab1!xyzw", of="colleague").status == 200


@proves("weavr_multi.lost.identity")
@outcome("weavr_multi.start_lost_password", 404)
def test_a_lost_password_of_an_account_without_identity_is_not_found(multi: Weavr) -> None:
    refused = multi.start(of="without-identity")
    assert (refused.status, refused.content) == (404, b"")
    assert multi.inbox.all() == []


def test_the_answer_for_an_unknown_user_has_no_code(multi: Weavr) -> None:
    assert multi.create(user_id="42").body == {}


@outcome("weavr_multi.create_password", 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_answered_by_an_error_code(multi: Weavr, clock: ManualClock) -> None:
    token = multi.token_for("Lantern-42-amber")
    clock.advance(timedelta(minutes=30))
    assert multi.create(token).body == {"errorCode": "TOKEN_EXPIRED"}
