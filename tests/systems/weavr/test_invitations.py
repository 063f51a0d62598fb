"""Invitations: sent, validated, consumed."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ManualClock
from tests.outcomes import outcome, proves
from tests.systems.weavr.products import GOOD, MULTI, PAYMENT_RUN, Weavr, both, cases, codes, reaching

INVITE, VALIDATE, CONSUME = "invite_user", "validate_invite", "consume_invite"
WEEK = timedelta(days=7)
INVALID = {"errorCode": "INVITE_OR_INVITE_CODE_INVALID"}


@proves("weavr.invite.link", "weavr.nonce.code")
@reaching(INVITE, 204)
def test_an_invitation_is_a_mail_with_a_code_and_a_link_that_has_what_the_next_call_needs(weavr: Weavr) -> None:
    person = weavr.person("uninvited")
    assert weavr.invite().status == 204
    (mail,) = weavr.inbox.all()
    (link,) = mail.links
    assert (mail.to, mail.codes) == (person.login, ("123456",))
    assert urlsplit(link).path == f"/invite/{person.id}/123456/{person.login}"
    assert parse_qs(urlsplit(link).query) == {
        "userId": [person.id],
        "inviteCode": ["123456"],
        "email": [person.login],
    }


@reaching(VALIDATE, 204)
def test_a_valid_code_is_validated_and_stays_valid(weavr: Weavr) -> None:
    assert [weavr.validate_invite().status, weavr.validate_invite().status, weavr.consume().status] == [204, 204, 200]


@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_the_mobile_that_a_user_of_multi_consumes_with_is_hers_from_then_on(weavr: Weavr) -> None:
    mobile = {"countryCode": "+356", "number": "21230000"}
    assert weavr.consume(body={"mobile": mobile}).status == 200
    assert weavr.get_user().body["mobile"] == mobile


@proves("weavr.invite.redeemed")
@reaching(VALIDATE, 409, "INVITE_OR_INVITE_CODE_INVALID")
def test_a_wrong_code_is_invalid(weavr: Weavr) -> None:
    assert weavr.validate_invite("654321").body == INVALID


@proves("weavr.invite.redeemed")
@reaching(CONSUME, 409, "INVITE_OR_INVITE_CODE_INVALID")
@pytest.mark.parametrize(("code", "of"), [("654321", "invited"), ("123456", "uninvited"), ("123456", "late")])
def test_a_code_that_is_wrong_expired_or_was_never_sent_sets_no_password(weavr: Weavr, code: str, of: str) -> None:
    assert weavr.consume(code=code, of=of).body == INVALID
    assert weavr.log_in(GOOD, of=of).status == 403


@both
@pytest.mark.parametrize("of", ["uninvited", "late", "head", "colleague"])
def test_the_code_of_a_user_without_a_valid_invitation_is_invalid(weavr: Weavr, of: str) -> None:
    assert weavr.validate_invite(of=of).body == INVALID


@both
def test_the_lifetime_of_an_invitation_can_be_set(weavr: Weavr, clock: ManualClock) -> None:
    weavr.set(invite_lifetime="PT1H")
    weavr.invite()
    clock.advance(timedelta(hours=1))
    assert weavr.consume(of="uninvited").body == INVALID


@proves("weavr.invite.root")
@both
@pytest.mark.parametrize("of", ["newcomer", "head"])
def test_a_root_user_has_no_invitation_to_consume_with_or_without_a_password(weavr: Weavr, of: str) -> None:
    assert weavr.consume(of=of).body == INVALID


@both
def test_a_first_password_that_was_created_without_the_invitation_ends_it(weavr: Weavr) -> None:
    assert weavr.create(of="invited").status == 200
    assert weavr.validate_invite().body == INVALID
    assert weavr.consume().body == {"errorCode": "PASSWORD_ALREADY_CREATED"}


@pytest.mark.parametrize("product", [MULTI], ids=str)
@proves("weavr_multi.password.minimum")
def test_an_invited_user_of_the_back_office_needs_12_characters(weavr: Weavr) -> None:
    lars = weavr.people["weavr_multi", "lars"]
    assert weavr.invite(user_id=lars.id).status == 204
    assert weavr.consume("Lantern-42!", user_id=lars.id).body == {"errorCode": "PASSWORD_TOO_SHORT"}
    assert weavr.consume("Lantern-42-x", user_id=lars.id).status == 200


@reaching(CONSUME, 409, "PASSWORD_KEY_ALREADY_IN_USE")
def test_an_address_that_another_user_logs_in_with_is_taken(weavr: Weavr, share_address: None) -> None:
    assert weavr.consume().body == {"errorCode": "PASSWORD_KEY_ALREADY_IN_USE"}


@reaching(CONSUME, 409, "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")
def test_a_programme_without_a_profile_for_further_users_is_answered_profile_not_configured(weavr: Weavr) -> None:
    weavr.set(user_profile={"configured": False})
    assert weavr.consume().body == {"errorCode": "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"}


@cases("operation", [(one, one, 400, "REGEX") for one in (VALIDATE, CONSUME)])
def test_a_code_with_letters_is_invalid(weavr: Weavr, operation: str) -> None:
    assert codes(weavr.attempt(operation, code="abcdef")) == [([], "inviteCode", "REGEX")]


@cases(
    "operation, code", [(one, code, one, 400, "SIZE") for one in (VALIDATE, CONSUME) for code in ("12345", "1234567")]
)
def test_a_code_with_other_than_six_digits_is_invalid(weavr: Weavr, operation: str, code: str) -> None:
    assert codes(weavr.attempt(operation, code=code)) == [([], "inviteCode", "SIZE")]


@cases("operation", [(one, one, 400, "SIZE") for one in (VALIDATE, CONSUME)])
def test_an_empty_code_breaks_two_constraints(weavr: Weavr, operation: str) -> None:
    refused = weavr.attempt(operation, code="")
    assert codes(refused) == [([], "inviteCode", "REGEX"), ([], "inviteCode", "SIZE")]


@both
def test_the_code_and_the_password_are_required(weavr: Weavr) -> None:
    refused = weavr.call(CONSUME, {}, user_id="1")
    assert sorted(codes(refused)) == [([], "inviteCode", "REQUIRED"), ([], "password", "REQUIRED")]


@reaching(CONSUME, 400, "HAS_TEXT")
def test_a_blank_password_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.consume(" ").body == {"message": "request.password.value: must not be blank"}


@cases("operation", [(one, one, 400, "UNREADABLE") for one in (VALIDATE, CONSUME)])
def test_a_code_that_is_not_text_is_answered_by_a_message(weavr: Weavr, operation: str) -> None:
    refused = weavr.call(operation, {"inviteCode": 123456, "password": {"value": GOOD}}, user_id="1")
    assert refused.body == {"message": "Invalid request: inviteCode must be of type string"}


@proves("weavr.token.resolved")
@reaching(CONSUME, 404, "TOKEN_NOT_FOUND")
def test_an_unknown_password_token_is_not_found_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    weavr.set(tokenised=True)
    assert weavr.consume("A1b2C3d4E5f6G7h8I9j0K1l2").status == 404
    assert weavr.consume(weavr.token_for(GOOD)).status == 200


@reaching(CONSUME, 410, "TOKEN_EXPIRED")
def test_an_expired_password_token_is_gone(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    assert weavr.consume(token).status == 410


@outcome("weavr_multi.invite_user", 204)
@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_an_idempotency_ref_has_no_effect_in_multi(weavr: Weavr) -> None:
    again = {"idempotency-ref": "one"}
    assert [weavr.invite(headers=again).status for _ in range(2)] == [204, 204]
    assert len(weavr.inbox.all()) == 2


@pytest.mark.parametrize("product", [PAYMENT_RUN], ids=str)
def test_an_empty_idempotency_ref_counts_as_none(weavr: Weavr) -> None:
    assert [weavr.invite(headers={"idempotency-ref": ""}).status for _ in range(2)] == [204, 204]
    assert len(weavr.inbox.all()) == 2
