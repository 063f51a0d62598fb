"""Vendor page 'Validate a password'."""

from datetime import timedelta

from tests.conftest import ManualClock
from tests.outcomes import proves
from tests.systems.weavr.products import PAYMENT_RUN, Weavr, both, cases, codes, reaching, reaching_by_default

OPERATION = "validate_password"


@reaching(OPERATION, 204)
def test_a_good_password_is_answered_204(weavr: Weavr) -> None:
    validated = weavr.validate()
    assert (validated.status, validated.content) == (204, b"")
    assert validated.headers["request-ref"]


@both
def test_the_history_is_not_checked(weavr: Weavr) -> None:
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
def test_a_password_with_a_wrong_length_or_too_few_kinds_of_characters_is_refused(weavr: Weavr, password: str) -> None:
    assert weavr.validate(password).status == 409


@cases("password", [("Ab1!xyzw", OPERATION, 204, "-"), ("Ab1!" + "x" * 26, OPERATION, 204, "-")])
def test_8_and_30_characters_are_accepted(weavr: Weavr, password: str) -> None:
    assert weavr.validate(password).status == 204


@proves("weavr.profile.any")
@reaching(OPERATION, 409, "UNRESOLVED_IDENTITY")
def test_a_programme_without_any_profile_is_answered_unresolved_identity(weavr: Weavr) -> None:
    assert weavr.validate(of="unprofiled").body == {"errorCode": "UNRESOLVED_IDENTITY"}


@proves("weavr.profile.type")
@reaching(OPERATION, 409, "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")
def test_a_password_is_validated_by_the_profile_of_root_users(weavr: Weavr) -> None:
    refused = weavr.validate(of="users-only")
    assert refused.body == {"errorCode": "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"}


@both
def test_the_profile_decides_length_and_kinds_of_characters(weavr: Weavr) -> None:
    weavr.set(root_profile={"minimum": 4, "maximum": 6, "classes": 2})
    assert weavr.validate("abc1").status == 204
    assert weavr.validate("abcd").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}
    assert weavr.validate("abcdef1").body == {"errorCode": "PASSWORD_TOO_LONG"}


@both
def test_special_characters_can_be_limited_to_a_list(weavr: Weavr) -> None:
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
def test_every_invalid_field_is_listed(weavr: Weavr, sent: object, expected: object) -> None:
    assert codes(weavr.call(OPERATION, sent)) == expected


@reaching(OPERATION, 400, "HAS_TEXT")
def test_an_empty_password_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.validate("").body == {"message": "request.password.value: must not be blank"}


@reaching(OPERATION, 400, "UNREADABLE")
def test_a_missing_body_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.call(OPERATION).body["message"].startswith("Invalid request: ")


@reaching(OPERATION, 400, "REGEX")
def test_a_plain_password_is_invalid_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    assert codes(weavr.validate(of="vaulted")) == [(["password"], "value", "REGEX")]


@reaching_by_default(OPERATION, 404, "TOKEN_NOT_FOUND")
def test_an_unknown_token_is_not_found_where_only_tokens_are_accepted(weavr: Weavr) -> None:
    refused = weavr.validate("A1b2C3d4E5f6G7h8I9j0K1l2", of="vaulted")
    key = "code" if weavr.product is PAYMENT_RUN else "errorCode"
    assert (refused.status, refused.body[key]) == (404, "TOKEN_NOT_FOUND")


@reaching_by_default(OPERATION, 410, "TOKEN_EXPIRED")
def test_an_expired_token_is_answered_410_by_every_programme(weavr: Weavr, clock: ManualClock) -> None:
    token = weavr.token_for("Lantern-42-amber")
    clock.advance(timedelta(minutes=30))
    assert [weavr.validate(token, of=role).status for role in ("member", "vaulted")] == [410, 410]


@both
def test_a_value_that_looks_like_a_token_is_a_plain_password_where_those_are_accepted(weavr: Weavr) -> None:
    assert weavr.validate("A1b2C3d4E5f6G7h8I9j0K1l2").body == {"errorCode": "PASSWORD_TOO_SIMPLE"}
