"""Tokens, organisations and origins."""

from datetime import timedelta

import pytest

from tests.conftest import Api, ManualClock, People
from tests.outcomes import proves
from tests.rpc.wire import PROTOCOLS, RpcApi
from tests.systems.zitadel.conftest import Zitadel, details, refusal


@proves("zitadel.auth.bearer")
@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "auth header missing"),
        ("Basic bWluaTo=", "invalid auth header (AUTH-toLo1)"),
        ("bearer watchword-mini-personal-access-token", "invalid auth header (AUTH-toLo1)"),
        ("Bearer Bearer x", "invalid auth header (AUTH-toLo1)"),
        ("Bearer unknown", "Errors.Token.Invalid (AUTH-7fs1e)"),
        ("Bearer watchword-tina-personal-access-token", "Errors.Token.Invalid (AUTH-7fs1e)"),
    ],
    ids=["empty", "another scheme", "lower-case b", "twice", "unknown", "expired"],
)
def test_a_token_is_required_and_the_header_repeats_the_message(zitadel: Zitadel, header: str, message: str) -> None:
    answer = zitadel.session({}, headers={"Authorization": header})
    assert refusal(answer) == (401, 16, message)
    assert answer.headers["www-authenticate"] == message


@proves("zitadel.auth.bearer")
def test_the_details_of_a_refused_token_have_the_id(zitadel: Zitadel) -> None:
    answer = zitadel.session({}, headers={"Authorization": "Bearer unknown"})
    assert answer.body["details"] == details("AUTH-7fs1e", "Errors.Token.Invalid")


def test_the_text_before_bearer_is_ignored(zitadel: Zitadel) -> None:
    authorization = zitadel.person("mini").headers["Authorization"]
    assert zitadel.session({}, headers={"Authorization": f"Token {authorization}"}).status == 201


def test_a_seed_token_does_not_expire(zitadel: Zitadel, clock: ManualClock) -> None:
    clock.advance(timedelta(days=3650))
    assert zitadel.session({}).status == 201


@proves("zitadel.gateway.printable")
def test_a_header_with_other_characters_than_ascii_cannot_be_passed_on(zitadel: Zitadel) -> None:
    answer = zitadel.session({}, headers={"Authorization": "Bearer t\xf6k"})
    text = 'header key "authorization" contains value with non-printable ASCII characters'
    assert refusal(answer) == (500, 13, text)


def test_the_gateway_passes_on_metadata_in_headers_of_their_own(zitadel: Zitadel) -> None:
    authorization = zitadel.person("mini").headers["Authorization"]
    headers = {"Grpc-Metadata-Authorization": authorization}
    assert zitadel.api.request("POST", "/v2/sessions", json={}, headers=headers).status == 201


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_origins_are_checked_over_rest_only(api: Api, people: People, protocol: str) -> None:
    zitadel = Zitadel(RpcApi(api, protocol), people)
    assert zitadel.session({}, by="paul", headers={"Origin": "https://evil.example"}).status == 201
