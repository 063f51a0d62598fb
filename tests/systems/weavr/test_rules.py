"""The rules of the core as functions of values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from pydantic import ValidationError

from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.refusal import Malformed, Refusal, TooManyRequests, Unauthorized, Violation
from watchword.domain.secret import Secret
from watchword.resources import folder
from watchword.system.settings import apply_merge_patch
from watchword.systems.weavr import access, envelope, errors, login, lost_password, passwords, tokeniser
from watchword.systems.weavr.passwords import Requirements
from watchword.systems.weavr.records import CredentialType, Nonce, Password, Programme, Scope, Session, User
from watchword.systems.weavr.settings import PROGRAMMES, ProgrammeSettings, WeavrSettings

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"
HASHER = Hasher(Profile.FAST)
ADA = User("1", "10", "1", CredentialType.ROOT, "ada@multi.example")
PROGRAMME = Programme("10", "weavr_multi", "main", "digest", "pk")
REQUIREMENTS = Requirements(minimum=8, maximum=30, classes=4, special="", history=5, expires_after=None)


def password(plain: str, *former: str) -> Password:
    """Make a stored password."""
    present, *earlier = (HASHER.candidate(Secret(one)).make_hash(salt=SALT) for one in (plain, *former))
    return Password(present, NOW, tuple(earlier))


@pytest.mark.parametrize("plain", ["Ab1!xyzw", "Ab1!" + "x" * 26, "Ab1 xyzw", "Äb1ßxyz€", "Ab1!" + "é" * 4])
def test_8_to_30_code_points_with_four_kinds_are_fine(plain: str) -> None:
    passwords.check_form(Secret(plain), REQUIREMENTS)


@pytest.mark.parametrize(
    ("plain", "refusal"),
    [
        ("Ab1!xyz", errors.PasswordTooShort),
        ("", errors.PasswordTooShort),
        ("Ab1!" + "x" * 27, errors.PasswordTooLong),
        ("abc", errors.PasswordTooShort),
        ("AB1!XYZW", errors.PasswordTooSimple),
        ("ab1!xyzw", errors.PasswordTooSimple),
        ("Abx!xyzw", errors.PasswordTooSimple),
        ("Ab1äxyzw", errors.PasswordTooSimple),
    ],
)
def test_length_comes_before_complexity(plain: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        passwords.check_form(Secret(plain), REQUIREMENTS)


def test_no_message_of_a_refusal_repeats_the_password() -> None:
    with pytest.raises(errors.PasswordTooSimple) as caught:
        passwords.check_form(Secret("secretsecret"), REQUIREMENTS)
    assert "secret" not in str(caught.value)
    assert "upper, digit, symbol" in str(caught.value)


@pytest.mark.parametrize(("depth", "fine"), [(0, True), (1, True), (2, False), (5, False)])
def test_the_history_is_as_deep_as_it_is_set(depth: int, *, fine: bool) -> None:
    stored = password("Present-1!", "Former-1!")
    requirements = REQUIREMENTS._replace(history=depth)
    candidate = HASHER.candidate(Secret("Former-1!"))
    if fine:
        passwords.check_history(candidate, stored, requirements)
    else:
        with pytest.raises(errors.PasswordAlreadyUsed):
            passwords.check_history(candidate, stored, requirements)


def test_a_changed_password_remembers_the_one_before() -> None:
    stored = password("Present-1!")
    user = replace(ADA, password=stored)
    changed = passwords.changed(
        user, stored, HASHER.candidate(Secret("Another-1!")), requirements=REQUIREMENTS, salt=b"x" * 16, now=NOW
    )
    assert changed.password is not None
    assert changed.password.former == (stored.hash,)
    assert HASHER.candidate(Secret("Another-1!")).matches(changed.password.hash)


def test_expiry_is_the_moment_of_the_change_plus_the_profiles_time() -> None:
    stored = password("Present-1!")
    assert passwords.expiry_date(stored, None) == 0
    assert passwords.expiry_date(stored, timedelta(days=1)) == int((NOW + timedelta(days=1)).timestamp()) * 1000
    assert not passwords.expired(stored, None, now=NOW + timedelta(days=9999))
    assert not passwords.expired(stored, timedelta(days=1), now=NOW + timedelta(hours=23, minutes=59))
    assert passwords.expired(stored, timedelta(days=1), now=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("root", "user", "credential", "refusal"),
    [
        (False, False, CredentialType.ROOT, errors.UnresolvedIdentity),
        (False, True, CredentialType.ROOT, errors.ProfileNotConfigured),
        (True, False, CredentialType.USER, errors.ProfileNotConfigured),
    ],
)
def test_which_profile_is_missing_decides_the_code(
    *, root: bool, user: bool, credential: CredentialType, refusal: type[Refusal]
) -> None:
    settings = ProgrammeSettings.model_validate(
        {"root_profile": {"configured": root}, "user_profile": {"configured": user}}
    )

    def judge() -> None:
        passwords.some_profile(settings)
        passwords.profile_for(settings, credential)

    with pytest.raises(refusal):
        judge()


def test_the_user_who_has_the_address_may_be_the_same() -> None:
    holder = replace(ADA, password=password("Present-1!"))
    other = replace(holder, id="2")
    passwords.free_login(ADA, [holder, replace(ADA, id="2")], unique=True)
    passwords.free_login(ADA, [other], unique=False)
    with pytest.raises(errors.PasswordKeyAlreadyInUse):
        passwords.free_login(ADA, [other], unique=True)


def test_of_several_accounts_the_oldest_may_be_the_one() -> None:
    users = [replace(ADA, id=one) for one in ("12", "9", "10")]
    assert lost_password.single_account(users, refused=False).id == "9"
    assert lost_password.single_account(users[:1], refused=True).id == "12"
    with pytest.raises(errors.MultipleAccountsFound):
        lost_password.single_account(users, refused=True)


def test_a_present_password_that_does_not_count_leaves_its_place_to_a_former_one() -> None:
    stored = password("Present-1!", "Former-1!", "Former-2!")
    requirements = REQUIREMENTS._replace(history=2, present_counts=False)
    passwords.check_history(HASHER.candidate(Secret("Present-1!")), stored, requirements)
    passwords.check_history(HASHER.candidate(Secret("Former-2!")), stored, requirements._replace(present_counts=True))
    with pytest.raises(errors.PasswordAlreadyUsed):
        passwords.check_history(HASHER.candidate(Secret("Former-2!")), stored, requirements)


def test_wrong_passwords_are_counted_until_they_lock() -> None:
    user = replace(ADA, password=password("Present-1!"))
    settings = ProgrammeSettings(lock_after=2)
    for wanted in (1, 0):
        attempt = login.log_in([user], HASHER.candidate(Secret("Wrong-1!")), settings=settings, now=NOW)
        assert isinstance(attempt, login.Failed)
        user = attempt.user
        assert user.failures == wanted
    assert user.locked_until == NOW + timedelta(minutes=30)
    with pytest.raises(errors.AccountLocked):
        login.log_in([user], HASHER.candidate(Secret("Present-1!")), settings=settings, now=NOW)
    later = NOW + timedelta(minutes=30)
    assert isinstance(
        login.log_in([user], HASHER.candidate(Secret("Present-1!")), settings=settings, now=later), login.LoggedIn
    )


@pytest.mark.parametrize(
    ("nonce", "code", "after"),
    [
        (None, "123456", timedelta(0)),
        ("123456", "123457", timedelta(0)),
        ("123456", "123456", timedelta(hours=1)),
    ],
    ids=["never asked for", "wrong", "expired"],
)
def test_a_nonce_that_is_not_good_finds_nobody(nonce: str | None, code: str, after: timedelta) -> None:
    given: Nonce | None = None
    if nonce is not None:
        given = lost_password.issued(ADA, nonce, now=NOW, lifetime=timedelta(hours=1))
    with pytest.raises(errors.InvalidNonceOrEmail):
        lost_password.redeemed([(ADA, given)], code, now=NOW + after)


def test_a_link_quotes_what_a_path_and_a_query_cannot_hold() -> None:
    link = lost_password.link("https://portal.example/", "123456", "a+b/c?d@multi.example")
    quoted = "a%2Bb%2Fc%3Fd@multi.example"
    assert link == f"https://portal.example/set-password/123456/{quoted}?nonce=123456&email={quoted}"


@pytest.mark.parametrize(
    ("value", "tokenised", "wanted"),
    [
        ("A1b2C3d4E5f6G7h8I9j0K1l2", False, "A1b2C3d4E5f6G7h8I9j0K1l2"),
        ("A1b2C3d4E5f6G7h8I9j0K1l2", True, errors.TokenNotFound),
        ("A1b2C3d4E5f6G7h8I9j0K1l2x", True, Malformed),
        ("A1b2C3d4E5f6G7h8I9j0K1l-", True, Malformed),
        ("plain", False, "plain"),
        ("plain", True, Malformed),
    ],
)
def test_what_is_no_known_token_is_judged_by_the_switch(
    value: str, *, tokenised: bool, wanted: str | type[Refusal]
) -> None:
    if isinstance(wanted, str):
        found = tokeniser.resolved(Secret(value), None, tokenised=tokenised, field=("password", "value"), now=NOW)
        assert found.reveal() == wanted
    else:
        with pytest.raises(wanted):
            tokeniser.resolved(Secret(value), None, tokenised=tokenised, field=("password", "value"), now=NOW)


@pytest.mark.parametrize("tokenised", [True, False])
def test_a_token_opens_what_it_sealed_until_it_expires(*, tokenised: bool) -> None:
    token = tokeniser.new_token(Chance(1))
    kept = tokeniser.minted(token, Secret("Päss-1!"), now=NOW, lifetime=timedelta(minutes=30))
    field = ("password", "value")
    assert tokeniser.resolved(Secret(token), kept, tokenised=tokenised, field=field, now=NOW) == Secret("Päss-1!")
    assert token not in str(kept)
    with pytest.raises(errors.TokenExpired):
        tokeniser.resolved(Secret(token), kept, tokenised=tokenised, field=field, now=NOW + timedelta(minutes=30))


def test_a_session_slides_and_one_of_the_seed_does_not() -> None:
    session = Session("digest", ADA.id, Scope.EVERYTHING, NOW + timedelta(minutes=1))
    assert access.touched(session, now=NOW, lifetime=timedelta(minutes=5)).expires_at == NOW + timedelta(minutes=5)
    seeded = replace(session, expires_at=None)
    assert access.touched(seeded, now=NOW, lifetime=timedelta(minutes=5)) == seeded
    with pytest.raises(Unauthorized):
        access.known_caller(ADA, session, now=NOW + timedelta(minutes=1))


def test_a_key_of_the_sister_product_is_unknown() -> None:
    assert access.known_programme(PROGRAMME, product="weavr_multi") is PROGRAMME
    with pytest.raises(Unauthorized):
        access.known_programme(PROGRAMME, product="weavr_payment_run")


def test_a_programme_differs_in_what_is_set_for_it_alone() -> None:
    settings = WeavrSettings.model_validate(
        {"programme": {"history": 3}, "programmes": {"main": {"lock_after": 2}, "vault": {"history": 1}}}
    )
    assert (settings.of("main").history, settings.of("main").lock_after) == (3, 2)
    assert (settings.of("vault").history, settings.of("vault").tokenised) == (1, True)
    assert settings.of("suspended").suspended
    assert settings.of("unheard of") == settings.programme


def test_a_profile_differs_in_what_is_set_for_it_alone() -> None:
    settings = WeavrSettings.model_validate(
        {
            "programme": {"root_profile": {"minimum": 20}, "user_profile": {"minimum": 10, "maximum": 40}},
            "programmes": {
                "quarterly": {"user_profile": {"maximum": 50}},
                "main": {"root_profile": {"expires_after": None, "minimum": 9}},
            },
        }
    )
    quarterly, main = settings.of("quarterly"), settings.of("main")
    assert (quarterly.root_profile.minimum, quarterly.root_profile.expires_after) == (20, timedelta(days=90))
    assert (quarterly.user_profile.minimum, quarterly.user_profile.maximum) == (10, 50)
    assert quarterly.user_profile.expires_after == timedelta(days=90)
    assert (settings.of("users-only").root_profile.minimum, main.root_profile.minimum) == (20, 9)
    assert not settings.of("users-only").root_profile.configured


def test_changed_settings_are_laid_over_anew() -> None:
    before = WeavrSettings()
    assert before.of("vault") is before.of("vault")
    after = apply_merge_patch(before, {"programme": {"root_profile": {"minimum": 20}}})
    assert (before.of("vault").root_profile.minimum, after.of("vault").root_profile.minimum) == (8, 20)
    assert apply_merge_patch(after, {"programme": {"root_profile": {"minimum": None}}}) == before


def test_a_programme_that_does_not_exist_cannot_be_set() -> None:
    with pytest.raises(ValidationError, match="there is no programme nope; there are: main, neighbour, vault"):
        WeavrSettings.model_validate({"programmes": {"nope": {"history": 1}}})


@pytest.mark.parametrize("system", ["weavr_multi", "weavr_payment_run"])
def test_the_programmes_that_may_be_set_are_those_of_the_seed(system: str) -> None:
    programmes = orjson.loads((folder("fixtures") / system / "programmes.json").read_bytes())
    assert sorted(one["name"] for one in programmes) == sorted(PROGRAMMES)


def test_every_setting_says_what_it_does() -> None:
    for model in (WeavrSettings, ProgrammeSettings):
        assert [name for name, one in model.model_fields.items() if not one.description] == []


@pytest.mark.parametrize(
    ("violations", "body"),
    [
        (
            [Violation("body", ("password", "value"), "maxLength", 100, "is too long")],
            {
                "message": "Invalid request",
                "syntaxErrors": {"invalidFields": [{"params": ["password"], "fieldName": "value", "error": "SIZE"}]},
            },
        ),
        (
            [Violation("body", ("password", "value"), "minLength", 1, "is empty")],
            {"message": "request.password.value: must not be blank"},
        ),
        (
            [Violation("body", (), "syntax", None, "The body is not JSON.")],
            {"message": "Invalid request: The body is not JSON."},
        ),
    ],
    ids=["too long", "blank", "unreadable"],
)
def test_a_malformed_request_is_told_as_the_vendor_does(violations: list[Violation], body: object) -> None:
    assert envelope.render(Malformed(violations), lambda _: None, blank="sentence").body == body


def test_a_blank_password_may_be_told_in_the_list() -> None:
    violations = [Violation("body", ("password", "value"), "pattern", r"\S", r"must match \S")]
    answer = envelope.render(Malformed(violations), lambda _: None, blank="list")
    fields = [{"params": ["password"], "fieldName": "value", "error": "HAS_TEXT"}]
    assert answer.body == {
        "message": "Invalid request",
        "syntaxErrors": {"invalidFields": fields},
    }


def test_limits_are_told_in_two_headers() -> None:
    windows = [(10, timedelta(minutes=1)), (20, timedelta(hours=1)), (200, timedelta(days=1))]
    answer = envelope.render(TooManyRequests(20, windows, timedelta(seconds=41.2)), lambda _: None, blank="sentence")
    assert answer.body is None
    assert answer.headers["x-ratelimit-limit"] == "20, 10;w=60, 20;w=3600, 200;w=86400"
    assert answer.headers["x-ratelimit-reset"] == "42"


@pytest.mark.parametrize(
    ("status", "body", "codes"),
    [
        (200, {"token": "x"}, set()),
        (401, None, set()),
        (404, {}, {"USER_NOT_FOUND"}),
        (409, {"token": "x"}, {"PASSWORD_EXPIRED"}),
        (409, {"errorCode": "PASSWORD_INCORRECT"}, {"PASSWORD_INCORRECT"}),
        (404, {"code": "TOKEN_NOT_FOUND", "message": "…"}, {"TOKEN_NOT_FOUND"}),
        (400, {"message": "Invalid request: that is no JSON"}, {"UNREADABLE"}),
    ],
)
def test_the_codes_of_an_answer_can_be_read_from_it(status: int, body: object, codes: set[str]) -> None:
    assert envelope.code_of(status, body) == codes


def test_a_hint_stays_on_one_short_line_of_ascii() -> None:
    assert envelope.hint("") == envelope.hint(" ") == {}
    assert envelope.hint("  a   b ") == {envelope.HINT: "a b"}
    text = envelope.hint("zwei\r\nZeilen – " + "x" * 999)[envelope.HINT]
    assert text.startswith("zwei Zeilen \\u2013 x")
    assert len(text) == 600
