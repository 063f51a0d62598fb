"""Tokens that stand for passwords."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest

from tests.conftest import Api, ManualClock
from tests.outcomes import outcome, proves, shows
from tests.systems.weavr.products import GOOD, MULTI, PAYMENT_RUN, Weavr, both, codes
from watchword.resources import folder
from watchword.sandbox import Sandbox
from watchword.store.records import record_type
from watchword.systems.weavr.records import PasswordToken, User

SIMULATE, TOKENISE = "weavr_multi.simulate_tokenise", "weavr_multi.tokenise"
ONE = {"values": {"password": {"value": GOOD}}}


@pytest.fixture
def front_end() -> dict[str, str]:
    """The header that a browser sends."""
    programmes = orjson.loads((folder("fixtures") / "weavr_multi" / "programmes.json").read_bytes())
    return {"programme-key": programmes[0]["programmeKey"]}


@proves("weavr.token.minted")
@outcome(SIMULATE, 200, "password")
def test_every_value_gets_a_token_under_its_own_name(api: Api) -> None:
    answer = api.call(SIMULATE, body={"values": {"old": {"value": "a", "field": "PASSWORD"}, "new": {"value": "a"}}})
    tokens = answer.body["tokens"]
    assert sorted(tokens) == ["new", "old"]
    assert all(len(token) == 24 and token.isalnum() and token.isascii() for token in tokens.values())
    assert tokens["old"] != tokens["new"]


@outcome(TOKENISE, 200, "password")
@shows("weavr.token.programme-key")
@pytest.mark.parametrize("product", [MULTI, PAYMENT_RUN], ids=str)
def test_a_token_made_in_a_browser_works_for_both_products(weavr: Weavr, front_end: dict[str, str]) -> None:
    token = weavr.api.call(TOKENISE, body=ONE, headers=front_end).body["tokens"]["password"]
    assert weavr.validate(token, of="vaulted").status == 204


@both
def test_the_lifetime_of_tokens_can_be_set(weavr: Weavr, clock: ManualClock) -> None:
    weavr.settings.patch("weavr_multi", {"password_token_lifetime": "PT5S"})
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(seconds=5))
    assert weavr.validate(token).status == 410


@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_the_store_has_no_readable_password_or_token(weavr: Weavr, sandbox: Callable[[], Sandbox]) -> None:
    token = weavr.token_for(GOOD)
    stored = str([sandbox().store.search(record_type(one), ()) for one in (PasswordToken, User)])
    assert "argon2" in stored
    assert GOOD not in stored
    assert token not in stored


@outcome(SIMULATE, 400, "REQUIRED")
def test_a_missing_value_is_listed_with_its_path(api: Api) -> None:
    refused = api.call(SIMULATE, body={"values": {"password": {}}})
    assert codes(refused) == [(["values", "password"], "value", "REQUIRED")]


@outcome(SIMULATE, 400, "UNREADABLE")
def test_a_value_that_is_a_number_is_answered_by_a_message(api: Api) -> None:
    refused = api.call(SIMULATE, body={"values": {"password": {"value": 1}}})
    assert refused.body["message"] == "Invalid request: values.password.value must be of type string"


@outcome(TOKENISE, 400, "REQUIRED")
@pytest.mark.parametrize("headers", [{}, {"programme-key": ""}], ids=["absent", "empty"])
def test_a_browser_has_to_send_a_public_key(api: Api, headers: dict[str, str]) -> None:
    assert codes(api.call(TOKENISE, body=ONE, headers=headers)) == [([], "programme-key", "REQUIRED")]


@outcome(TOKENISE, 400, "UNREADABLE")
def test_a_list_of_values_is_answered_by_a_message(api: Api, front_end: dict[str, str]) -> None:
    assert api.call(TOKENISE, body={"values": []}, headers=front_end).status == 400


@proves("weavr.token.programme-key")
@outcome(TOKENISE, 401)
def test_an_unknown_public_key_is_unauthorized(api: Api) -> None:
    assert api.call(TOKENISE, body=ONE, headers={"programme-key": "pk-of-nobody"}).status == 401


@outcome(SIMULATE, 400, "REQUIRED")
def test_the_name_of_a_value_is_told_in_the_body_and_is_a_star_in_the_hint(api: Api) -> None:
    answer = api.call(SIMULATE, body={"values": {"Secret-42": {"field": "PASSWORD"}}})
    (field,) = answer.body["syntaxErrors"]["invalidFields"]
    assert field == {"params": ["values", "Secret-42"], "fieldName": "value", "error": "REQUIRED"}
    assert answer.headers["watchword-hint"] == "values.*.value is required"
