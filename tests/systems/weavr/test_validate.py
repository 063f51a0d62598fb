"""Vendor page 'Validate a password'."""

from datetime import timedelta

from tests.conftest import ManualClock
from tests.outcomes import proves
from tests.systems.weavr.products import PAYMENT_RUN, Weavr, both, cases, codes, reaching, reaching_by_default

OPERATION = "validate_password"


@reaching(OPERATION, 204)
def test_a_good_password_is_answered_with_nothing(weavr: Weavr) -> None:
    validated = weavr.validate()
    assert (validated.status, validated.content) == (204, b"")
    assert validated.headers["request-ref"]


@both
def test_the_history_is_not_looked_at(weavr: Weavr) -> None:
    assert weavr.validate(weavr.password("member")).status == 204


@proves("weavr.password.length", "weavr.password.complexity")
@cases(
    "password",
    [
        ("Ab1!xyz", OPERATION, 409, "PASSWORD_TOO_SHORT"),
        ("Ab1!" + "x" * 27, OPERATION, 409, "PASSWORD_TOO_LONG"),
        ("Lantern042amber", OPERATION, 409, "PASSWORD_TOO_SIMPLE"),
    ],
)
def test_what_is_wrong_with_a_password_is_told(weavr: Weavr, password: str) -> None:
    assert weavr.validate(password).status == 409


@cases("password", [("Ab1!xyzw", OPERATION, 204, "-"), ("Ab1!" + "x" * 26, OPERATION, 204, "-")])
def test_8_and_30_characters_are_enough_and_not_too_many(weavr: Weavr, password: str) -> None:
    assert weavr.validate(password).status == 204


@proves("weavr.profile.any")
@reaching(OPERATION, 409, "UNRESOLVED_IDENTITY")
def test_a_programme_without_profiles_resolves_nobody(weavr: Weavr) -> None:
    assert weavr.validate(of="nowhere").body == {"errorCode": "UNRESOLVED_IDENTITY"}


@proves("weavr.profile.type")
@reaching(OPERATION, 409, "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")
def test_passwords_are_validated_as_those_of_root_users(weavr: Weavr) -> None:
    refused = weavr.validate(of="unprofiled")
    assert refused.body == {"errorCode": "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"}


@both
def test_a_profile_decides_about_length_and_classes(weavr: Weavr) -> None:
    weavr.set(root_profile={"minimum": 4, "maximum": 6, "classes": 2})
    assert weavr.validate("abc1").status == 204
    assert weavr.validate("abcd").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}
    assert weavr.validate("abcdef1").body == {"errorCode": "PASSWORD_TOO_LONG"}


@both
def test_special_characters_may_be_limited_to_a_list(weavr: Weavr) -> None:
    weavr.set(special_characters="!@#$%^&*")
    assert weavr.validate("Lantern-42-amber").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}
    assert weavr.validate("Lantern!42!amber").status == 204


@cases(
    "sent, expected",
    [
        ({}, [([], "password", "REQUIRED")], OPERATION, 400, "REQUIRED"),
        ({"password": {"value": "x" * 101}}, [(["password"], "value", "SIZE")], OPERATION, 400, "SIZE"),
    ],
)
def test_what_has_not_the_right_form_is_listed(weavr: Weavr, sent: object, expected: object) -> None:
    assert codes(weavr.call(OPERATION, sent)) == expected


@reaching(OPERATION, 400, "HAS_TEXT")
def test_an_empty_password_is_told_in_a_sentence(weavr: Weavr) -> None:
    assert weavr.validate("").body == {"message": "request.password.value: must not be blank"}


@reaching(OPERATION, 400, "UNREADABLE")
def test_no_body_at_all_is_told_in_a_sentence(weavr: Weavr) -> None:
    assert weavr.call(OPERATION).body["message"].startswith("Invalid request: ")


@reaching(OPERATION, 400, "REGEX")
def test_where_only_tokens_are_taken_a_plain_password_has_the_wrong_form(weavr: Weavr) -> None:
    assert codes(weavr.validate(of="vaulted")) == [(["password"], "value", "REGEX")]


@reaching_by_default(OPERATION, 404, "TOKEN_NOT_FOUND")
def test_where_only_tokens_are_taken_an_unknown_one_is_not_found(weavr: Weavr) -> None:
    refused = weavr.validate("A1b2C3d4E5f6G7h8I9j0K1l2", of="vaulted")
    key = "code" if weavr.product is PAYMENT_RUN else "errorCode"
    assert (refused.status, refused.body[key]) == (404, "TOKEN_NOT_FOUND")


@reaching_by_default(OPERATION, 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_gone_for_every_programme(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for("Lantern-42-amber")
    clock.advance(timedelta(minutes=30))
    assert [weavr.validate(token, of=part).status for part in ("member", "vaulted")] == [410, 410]


@both
def test_what_looks_like_a_token_is_a_plain_password_where_those_are_taken(weavr: Weavr) -> None:
    assert weavr.validate("A1b2C3d4E5f6G7h8I9j0K1l2").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}
