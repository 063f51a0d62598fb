"""What only Payment Run does."""

from datetime import timedelta

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.systems.weavr.products import GOOD, PAYMENT_RUN, Weavr
from watchword.build import Built


@pytest.fixture
def payment_run(api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """A client."""
    return Weavr(PAYMENT_RUN, api, people, inbox, settings)


PAGES = {
    "create_password": {"200", "400", "401", "403", "404", "409", "429", "500", "503", "default"},
    "update_password": {"200", "400", "401", "403", "409", "429", "500", "503", "default"},
    "validate_password": {"204", "400", "401", "403", "409", "429", "500", "503", "default"},
    "start_lost_password": {"204", "400", "401", "403", "409", "429", "500", "503", "default"},
    "resume_lost_password": {"200", "400", "401", "403", "409", "429", "500", "503", "default"},
}
"""The statuses that the vendor's pages list."""


@pytest.mark.parametrize("name", PAGES)
def test_the_document_lists_the_statuses_of_the_vendors_page_and_no_others(built: Built, name: str) -> None:
    assert set(built.imitated.document.operations[PAYMENT_RUN.operation(name)].responses) == PAGES[name]


@pytest.mark.parametrize("operation", ["update_password", "validate_password", "resume_lost_password"])
def test_a_status_that_the_page_leaves_to_default_has_code_and_message_without_request_ref(
    payment_run: Weavr, clock: ManualClock, operation: str
) -> None:
    token = payment_run.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    match operation:
        case "update_password":
            refused = payment_run.update(token)
        case "validate_password":
            refused = payment_run.validate(token)
        case _:
            refused = payment_run.resume(token)
    assert (refused.status, refused.body["code"], list(refused.body)) == (410, "TOKEN_EXPIRED", ["code", "message"])
    assert "request-ref" not in refused.headers
