"""Tokens that stand for passwords."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest

from tests.conftest import Api, ManualClock
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import GOOD, MULTI, PAYMENT_RUN, Weavr, both, codes
from watchword.resources import folder
from watchword.sandbox import Sandbox
from watchword.store.records import record_type
from watchword.systems.weavr.records import PasswordToken, User

SIMULATE, TOKENISE = "weavr_multi.simulate_tokenise", "weavr_multi.tokenise"
ONE = {"values": {"password": {"value": GOOD}}}


@pytest.fixture
def front_end() -> dict[str, str]:
    """The header of a browser."""
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
@pytest.mark.parametrize("product", [MULTI, PAYMENT_RUN], ids=str)
def test_a_browsers_token_works_for_both_products(weavr: Weavr, front_end: dict[str, str]) -> None:
    token = weavr.api.call(TOKENISE, body=ONE, headers=front_end).body["tokens"]["password"]
    assert weavr.validate(token, of="vaulted").status == 204


@proves("weavr.token.resolved", "weavr.token.minted")
@both
def test_a_token_stands_for_its_password_and_may_be_used_again(weavr: Weavr) -> None:
    token = weavr.token_for(GOOD)
    assert weavr.validate(token, of="vaulted-newcomer").status == 204
    assert weavr.create(token, of="vaulted-newcomer").status == 200
    assert weavr.log_in(token, of="vaulted-newcomer").status == 200


@both
def test_a_tokenised_reset(weavr: Weavr) -> None:
    old, new = weavr.token_for(weavr.password("vaulted")), weavr.token_for(GOOD)
    assert weavr.log_in(old, of="vaulted").status == 200
    assert weavr.update(new, old=old, of="vaulted").status == 200
    weavr.start(of="vaulted")
    assert weavr.resume(new, of="vaulted").body == {"errorCode": "PASSWORD_ALREADY_USED"}
    assert weavr.resume(weavr.token_for("Lantern-43-amber"), of="vaulted").status == 200


@both
def test_a_token_is_taken_where_plain_passwords_are_too(weavr: Weavr) -> None:
    assert weavr.log_in(weavr.token_for(weavr.password("member"))).status == 200


@both
def test_the_form_of_the_password_is_judged_and_not_that_of_the_token(weavr: Weavr) -> None:
    assert weavr.validate(weavr.token_for("Ab1!"), of="vaulted").body == {"errorCode": "PASSWORD_TOO_SHORT"}


@proves("weavr.token.lifetime")
@both
def test_a_token_is_good_for_half_an_hour(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(minutes=30) - timedelta(microseconds=1))
    assert weavr.validate(token, of="vaulted").status == 204
    clock.advance(timedelta(microseconds=1))
    assert weavr.validate(token, of="vaulted").status == 410


@both
def test_how_long_a_token_is_good_is_set_for_the_tokeniser(weavr: Weavr, clock: ManualClock) -> None:
    weavr.settings.patch("weavr_multi", {"password_token_lifetime": "PT5S"})
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(seconds=5))
    assert weavr.validate(token).status == 410


@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_a_programme_may_be_made_one_that_takes_tokens_only(weavr: Weavr) -> None:
    weavr.set(tokenised=True)
    assert codes(weavr.validate()) == [(["password"], "value", "REGEX")]
    weavr.set(tokenised=False)
    assert weavr.validate().status == 204


@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_the_store_holds_no_password_that_could_be_read(weavr: Weavr, sandbox: Callable[[], Sandbox]) -> None:
    token = weavr.token_for(GOOD)
    kept = str([sandbox().store.search(record_type(one), ()) for one in (PasswordToken, User)])
    assert "argon2" in kept
    assert GOOD not in kept
    assert token not in kept


@outcome(SIMULATE, 400, "REQUIRED")
def test_a_missing_value_is_named_by_its_place(api: Api) -> None:
    refused = api.call(SIMULATE, body={"values": {"password": {}}})
    assert codes(refused) == [(["values", "password"], "value", "REQUIRED")]


@outcome(SIMULATE, 400, "UNREADABLE")
def test_a_value_that_is_a_number_cannot_be_read(api: Api) -> None:
    refused = api.call(SIMULATE, body={"values": {"password": {"value": 1}}})
    assert refused.body["message"] == "Invalid request: values.password.value must be of type string"


@outcome(TOKENISE, 400, "REQUIRED")
@pytest.mark.parametrize("headers", [{}, {"programme-key": ""}], ids=["absent", "empty"])
def test_a_browser_has_to_send_its_public_key(api: Api, headers: dict[str, str]) -> None:
    assert codes(api.call(TOKENISE, body=ONE, headers=headers)) == [([], "programme-key", "REQUIRED")]


@outcome(TOKENISE, 400, "UNREADABLE")
def test_a_list_of_values_cannot_be_read(api: Api, front_end: dict[str, str]) -> None:
    assert api.call(TOKENISE, body={"values": []}, headers=front_end).status == 400


@proves("weavr.token.programme-key")
@outcome(TOKENISE, 401)
def test_an_unknown_public_key_is_unauthorized(api: Api) -> None:
    assert api.call(TOKENISE, body=ONE, headers={"programme-key": "pk-of-nobody"}).status == 401
