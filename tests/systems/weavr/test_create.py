"""Vendor page 'Create a password'."""

import pytest

from tests.conftest import People
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import MULTI, PAYMENT_RUN, Weavr, codes, reaching

OPERATION = "create_password"


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


@outcome("weavr_multi.create_password", 404, "USER_NOT_FOUND")
@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_a_user_of_the_other_product_is_not_found(weavr: Weavr, people: People) -> None:
    assert weavr.create(user_id=people["weavr_payment_run", "bella"].id).status == 404


@proves("weavr.token.resolved")
@reaching(OPERATION, 400, "REGEX")
def test_a_plain_password_is_invalid_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    refused = weavr.create(of="vaulted-newcomer")
    assert codes(refused) == [(["password"], "value", "REGEX")]
    assert "tokenise it first" in refused.headers["watchword-hint"]
