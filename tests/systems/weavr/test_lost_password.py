"""Vendor pages 'Initiate lost password' and 'Resume lost password'."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from tests.conftest import ManualClock
from tests.outcomes import proves
from tests.systems.weavr.products import GOOD, Weavr, bearer, both, cases, codes, reaching, reaching_by_default

START, RESUME = "start_lost_password", "resume_lost_password"


@proves("weavr.lost.link", "weavr.nonce.code")
@reaching(START, 204)
def test_the_mail_has_the_nonce_and_a_link_with_everything_that_resume_needs(weavr: Weavr) -> None:
    assert weavr.start().status == 204
    login = weavr.person("member").login
    mail = weavr.inbox.latest(to=login)
    assert mail.codes == ("123456",)
    place = urlsplit(mail.links[0])
    assert unquote(place.path) == f"/set-password/123456/{login}"
    assert parse_qs(place.query) == {"nonce": ["123456"], "email": [login]}
    assert mail.links[0].startswith("http://localhost:3000/")


@both
def test_codes_can_be_set_to_be_random(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"random_codes": True, "portal_url": "https://portal.example/app/"})
    seen = set()
    for _ in range(4):
        weavr.start()
        mail = weavr.inbox.latest(to=weavr.person("member").login)
        seen.add(mail.codes[0])
        assert mail.links[0].startswith(f"https://portal.example/app/set-password/{mail.codes[0]}/")
    assert len(seen) > 1
    assert weavr.resume(nonce=mail.codes[0]).status == 200


@both
def test_the_case_of_an_address_does_not_matter(weavr: Weavr) -> None:
    assert weavr.start(weavr.person("member").login.upper()).status == 204


@proves("weavr.lost.account")
@reaching(START, 409, "ACCOUNT_NOT_FOUND")
def test_an_unknown_address_has_no_account(weavr: Weavr) -> None:
    assert weavr.start("nobody@nowhere.example").body == {"errorCode": "ACCOUNT_NOT_FOUND"}


@proves("weavr.lost.account")
@reaching(START, 409, "ACCOUNT_NOT_FOUND")
def test_an_inactive_user_has_no_account(weavr: Weavr) -> None:
    assert weavr.start(of="inactive").body == {"errorCode": "ACCOUNT_NOT_FOUND"}


@both
def test_a_user_of_another_programme_has_no_account(weavr: Weavr) -> None:
    assert weavr.start(weavr.person("neighbour").login).body == {"errorCode": "ACCOUNT_NOT_FOUND"}


@proves("weavr.lost.silent")
@both
def test_a_programme_can_be_set_to_hide_that_an_address_is_unknown(weavr: Weavr) -> None:
    weavr.set(silent_lost_password=True)
    assert weavr.start("nobody@nowhere.example").status == 204
    assert weavr.inbox.all() == []


@proves("weavr.lost.multiple")
@reaching(START, 409, "MULTIPLE_ACCOUNTS_FOUND")
def test_an_address_of_two_users_is_answered_multiple_accounts_found(weavr: Weavr) -> None:
    assert weavr.start(of="sharer").body == {"errorCode": "MULTIPLE_ACCOUNTS_FOUND"}


@cases(
    "sent, error",
    [
        ({}, "REQUIRED", START, 400, "REQUIRED"),
        ({"email": ""}, "REGEX", START, 400, "REGEX"),
        ({"email": "no address"}, "REGEX", START, 400, "REGEX"),
    ],
)
def test_an_invalid_address_is_listed(weavr: Weavr, sent: object, error: str) -> None:
    assert codes(weavr.call(START, sent)) == [([], "email", error)]


@reaching(START, 400, "UNREADABLE")
def test_a_list_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.call(START, ["ada"]).body["message"] == "Invalid request: must be of type object"


@reaching(RESUME, 200, "token")
def test_the_nonce_sets_a_new_password_and_logs_in(weavr: Weavr) -> None:
    weavr.start()
    resumed = weavr.resume("Lantern-42-amber")
    assert weavr.log_out(headers=bearer(resumed.body["token"])).status == 204
    assert weavr.log_in("Lantern-42-amber").status == 200
    assert weavr.log_in().status == 403


@proves("weavr.mail.changed")
@both
def test_a_mail_says_that_the_password_was_reset(weavr: Weavr) -> None:
    weavr.start()
    weavr.resume()
    assert weavr.inbox.latest(to=weavr.person("member").login).subject == "Your Password Has Been Changed"


@proves("weavr.nonce.redeemed")
@reaching(RESUME, 409, "INVALID_NONCE_OR_EMAIL")
def test_a_nonce_that_was_never_requested_is_invalid(weavr: Weavr) -> None:
    assert weavr.resume().body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}


@proves("weavr.nonce.redeemed")
@reaching(RESUME, 409, "INVALID_NONCE_OR_EMAIL")
def test_a_wrong_nonce_and_an_unknown_address_are_invalid_and_leave_the_nonce_good(weavr: Weavr) -> None:
    weavr.start()
    assert weavr.resume(nonce="654321").status == 409
    assert weavr.resume(email="nobody@nowhere.example").body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}
    assert weavr.resume().status == 200


@proves("weavr.nonce.kept")
@reaching(RESUME, 409, "INVALID_NONCE_OR_EMAIL")
def test_a_nonce_is_used_up_by_the_password_that_it_sets(weavr: Weavr) -> None:
    weavr.start()
    assert weavr.resume("Lantern-42-amber").status == 200
    assert weavr.resume("Lantern-43-amber").body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}


@proves("weavr.nonce.lifetime")
@reaching(RESUME, 409, "INVALID_NONCE_OR_EMAIL")
def test_a_nonce_is_good_for_an_hour(weavr: Weavr, clock: ManualClock) -> None:
    weavr.start()
    clock.advance(timedelta(minutes=60))
    assert weavr.resume().body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}
    weavr.start()
    clock.advance(timedelta(minutes=60) - timedelta(microseconds=1))
    assert weavr.resume().status == 200


@proves("weavr.nonce.single")
@both
def test_starting_again_replaces_the_first_nonce(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"random_codes": True})
    weavr.start()
    first = second = weavr.inbox.all()[0].codes[0]
    while second == first:
        weavr.start()
        second = weavr.inbox.all()[0].codes[0]
    assert weavr.resume(nonce=first).body == {"errorCode": "INVALID_NONCE_OR_EMAIL"}
    assert weavr.resume(nonce=second).status == 200


@both
def test_starting_again_starts_another_hour(weavr: Weavr, clock: ManualClock) -> None:
    weavr.start()
    clock.advance(timedelta(minutes=40))
    weavr.start()
    clock.advance(timedelta(minutes=40))
    assert weavr.resume().status == 200


@proves("weavr.nonce.kept")
@cases(
    "password",
    [
        ("Ab1!xyz", RESUME, 409, "PASSWORD_TOO_SHORT"),
        ("Ab1!" + "x" * 27, RESUME, 409, "PASSWORD_TOO_LONG"),
        ("Lantern042amber", RESUME, 409, "PASSWORD_TOO_SIMPLE"),
        ("Harbour-7-lamp", RESUME, 409, "PASSWORD_ALREADY_USED"),
        ("Harbour-3-lamp", RESUME, 409, "PASSWORD_ALREADY_USED"),
    ],
)
def test_a_refused_password_leaves_the_nonce_good(weavr: Weavr, password: str) -> None:
    weavr.start()
    assert weavr.resume(password).status == 409
    assert weavr.resume().status == 200


@proves("weavr.lost.not-set")
@reaching(RESUME, 409, "PASSWORD_NOT_SET")
def test_a_user_without_a_password_can_start_but_not_resume(weavr: Weavr) -> None:
    assert weavr.start(of="newcomer").status == 204
    assert weavr.resume(of="newcomer").body == {"errorCode": "PASSWORD_NOT_SET"}


@proves("weavr.lost.inactive")
@reaching(RESUME, 403)
def test_a_user_who_was_deactivated_after_the_mail_is_forbidden(weavr: Weavr) -> None:
    weavr.start()
    weavr.settings.patch(weavr.product.name, {"deactivated": [weavr.person("member").id]})
    assert weavr.resume().status == 403


@cases(
    "nonce, errors",
    [
        ("", ["REGEX", "SIZE"], RESUME, 400, "REGEX"),
        ("12345", ["SIZE"], RESUME, 400, "SIZE"),
        ("1234567", ["SIZE"], RESUME, 400, "SIZE"),
        ("abcdef", ["REGEX"], RESUME, 400, "REGEX"),
    ],
)
def test_a_nonce_has_six_digits(weavr: Weavr, nonce: str, errors: list[str]) -> None:
    assert codes(weavr.resume(nonce=nonce)) == [([], "nonce", error) for error in errors]


@reaching(RESUME, 400, "REQUIRED")
def test_every_missing_field_is_listed(weavr: Weavr) -> None:
    refused = weavr.call(RESUME, {}, headers={"api-key": None})
    missing = {(name, error) for _, name, error in codes(refused)}
    assert missing == {(name, "REQUIRED") for name in ("api-key", "email", "nonce", "newPassword")}


@reaching(RESUME, 400, "HAS_TEXT")
def test_a_blank_password_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.resume("").body == {"message": "request.newPassword.value: must not be blank"}


@reaching(RESUME, 400, "UNREADABLE")
def test_a_nonce_that_is_a_number_is_answered_by_a_message(weavr: Weavr) -> None:
    body = {"email": weavr.person("member").login, "nonce": 123456, "newPassword": {"value": GOOD}}
    assert weavr.call(RESUME, body).body["message"] == "Invalid request: nonce must be of type string"


@reaching_by_default(RESUME, 404, "TOKEN_NOT_FOUND")
def test_an_unknown_token_is_answered_before_the_nonce_is_checked(weavr: Weavr) -> None:
    assert weavr.resume("A1b2C3d4E5f6G7h8I9j0K1l2", of="vaulted").status == 404


@reaching_by_default(RESUME, 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_answered_before_the_nonce_is_checked(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for(GOOD)
    clock.advance(timedelta(minutes=30))
    assert weavr.resume(token).status == 410
