"""Tokens, organisations and origins."""

from datetime import timedelta

import pytest

from tests.conftest import ManualClock
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, detail, said


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
    ids=["empty", "another scheme", "small letter", "twice", "unknown", "expired"],
)
def test_a_token_is_needed_and_the_text_stands_in_the_header_too(zitadel: Zitadel, header: str, message: str) -> None:
    answer = zitadel.session({}, headers={"Authorization": header})
    assert said(answer) == (401, 16, message)
    assert answer.headers["www-authenticate"] == message


@proves("zitadel.auth.bearer")
def test_a_refused_token_has_its_id_in_the_details(zitadel: Zitadel) -> None:
    answer = zitadel.session({}, headers={"Authorization": "Bearer unknown"})
    assert answer.body["details"] == detail("AUTH-7fs1e", "Errors.Token.Invalid")


def test_a_seed_token_does_not_expire(zitadel: Zitadel, clock: ManualClock) -> None:
    clock.advance(timedelta(days=3650))
    assert zitadel.session({}).status == 201


@proves("zitadel.auth.organisation")
def test_an_organisation_in_the_header_has_to_exist(zitadel: Zitadel) -> None:
    assert zitadel.session({}, headers={"x-zitadel-orgid": "269629023906488401"}).status == 201
    answer = zitadel.session({}, headers={"x-zitadel-orgid": "acme"})
    assert said(answer) == (403, 7, "Organisation doesn't exist (AUTH-Bs7Ds)")


@proves("zitadel.auth.origin")
def test_an_applications_token_is_good_from_its_own_origin_only(zitadel: Zitadel) -> None:
    assert zitadel.session({}, by="paul").status == 201
    assert zitadel.session({}, by="paul", headers={"Origin": "https://shop.example"}).status == 201
    answer = zitadel.session({}, by="paul", headers={"Origin": "https://evil.example"})
    assert said(answer) == (403, 7, "Errors.OriginNotAllowed (AUTH-DZG21)")
    assert zitadel.session({}, by="mini", headers={"Origin": "https://evil.example"}).status == 201
