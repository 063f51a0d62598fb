"""The rules of the core as functions of values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.outcomes import proves
from tests.refusing import refuses
from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.refusal import Malformed, Refusal, Unauthorized
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.systems.weavr import (
    creation,
    errors,
    invitations,
    keys,
    login,
    lost_password,
    nonces,
    passwords,
    requirements,
    sessions,
    tokeniser,
)
from watchword.systems.weavr.records import (
    CredentialType,
    Identity,
    Invitation,
    Nonce,
    Password,
    PasswordToken,
    Programme,
    Scope,
    Session,
    User,
)
from watchword.systems.weavr.requirements import Requirements
from watchword.systems.weavr.sealing import seal
from watchword.systems.weavr.sessions import TokenForm
from watchword.systems.weavr.settings import LONGEST_HISTORY, ProgrammeSettings
from watchword.systems.weavr_multi import rules as multi

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"
HASHER = Hasher(Profile.FAST)
ADA = User("1", "10", "1", CredentialType.ROOT, "ada@multi.example")
PROGRAMME = Programme("10", "weavr_multi", "main", "digest", "pk")
REQUIREMENTS = Requirements(minimum=8, maximum=30, classes=4, special="", history=5)
FIELD = ("password", "value")


def password(plain: str, *former: str) -> Password:
    """Make a stored password."""
    present, *earlier = (HASHER.candidate(Secret(one)).make_hash(salt=SALT) for one in (plain, *former))
    return Password(present, NOW, tuple(earlier))


@pytest.mark.parametrize("plain", ["Ab1!xyzw", "Ab1!" + "x" * 26, "Ab1 xyzw", "Äb1ßxyz€", "Ab1!" + "é" * 4])
def test_8_to_30_code_points_with_four_kinds_are_accepted(plain: str) -> None:
    requirements.check_form(Secret(plain), REQUIREMENTS)


@proves("weavr.password.length", "weavr.password.complexity")
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
    with refuses(refusal):
        requirements.check_form(Secret(plain), REQUIREMENTS)


def test_no_message_of_a_refusal_repeats_the_password() -> None:
    with refuses(errors.PasswordTooSimple) as caught:
        requirements.check_form(Secret("secretsecret"), REQUIREMENTS)
    assert "secret" not in str(caught.value)
    assert "upper, digit, symbol" in str(caught.value)


@proves("weavr.profile.any", "weavr.profile.type")
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

    def check() -> None:
        requirements.require_any_profile(settings)
        requirements.require_profile(settings, credential)

    with refuses(refusal):
        check()


@proves("weavr.password.history")
@pytest.mark.parametrize(("depth", "accepted"), [(0, True), (1, True), (2, False), (5, False)])
def test_the_history_is_as_long_as_it_is_set(depth: int, *, accepted: bool) -> None:
    last = _last(password("Present-1!", "Former-1!"))
    wanted = REQUIREMENTS._replace(history=depth)
    candidate = HASHER.candidate(Secret("Former-1!"))
    if accepted:
        passwords.check_history(candidate, last, wanted)
    else:
        with refuses(errors.PasswordAlreadyUsed):
            passwords.check_history(candidate, last, wanted)


def test_a_present_password_that_does_not_count_leaves_its_place_to_a_former_one() -> None:
    last = _last(password("Present-1!", "Former-1!", "Former-2!"))
    two = REQUIREMENTS._replace(history=2)
    passwords.check_history(HASHER.candidate(Secret("Former-2!")), last, two)
    passwords.check_history(HASHER.candidate(Secret("Present-1!")), last, two._replace(present_counts=False))
    with refuses(errors.PasswordAlreadyUsed):
        passwords.check_history(HASHER.candidate(Secret("Former-2!")), last, two._replace(present_counts=False))


def test_a_changed_password_remembers_the_one_before() -> None:
    stored = password("Present-1!")
    changed = _change(replace(ADA, password=stored), "Another-1!")
    assert changed.password is not None
    assert changed.password.former == (stored.hash,)
    assert HASHER.candidate(Secret("Another-1!")).matches(changed.password.hash)


def test_as_many_former_passwords_are_stored_as_a_history_can_be_set_to() -> None:
    user = replace(ADA, password=password("Present-0!"))
    for number in range(1, LONGEST_HISTORY + 2):
        user = _change(user, f"Present-{number}!")
    assert user.password is not None
    assert len(user.password.former) == LONGEST_HISTORY
    longest = ProgrammeSettings.model_json_schema()["properties"]["history"]["maximum"]
    assert longest == LONGEST_HISTORY
    oldest = HASHER.candidate(Secret("Present-1!"))
    present_is_extra = REQUIREMENTS._replace(history=longest, present_counts=False)
    with refuses(errors.PasswordAlreadyUsed):
        passwords.check_history(oldest, _last(user.password), present_is_extra)


@proves("weavr.password.expiry")
def test_a_password_expires_at_the_moment_of_its_change_plus_the_time_of_the_profile() -> None:
    stored = password("Present-1!")
    assert passwords.compute_expiry_date(stored, None) == 0
    assert passwords.compute_expiry_date(stored, timedelta(days=1)) == int((NOW + timedelta(days=1)).timestamp()) * 1000
    assert passwords.find_end(stored, None) is None
    assert passwords.find_end(stored, timedelta(days=1)) == NOW + timedelta(days=1)


@proves("weavr.password.expiry")
def test_a_password_with_an_end_of_its_own_expires_then_whatever_the_profile_says() -> None:
    stored = replace(password("Harbour-7-lamp"), expires_at=NOW - timedelta(days=10))
    assert passwords.find_end(stored, None) == passwords.find_end(stored, timedelta(days=90)) == stored.expires_at
    assert passwords.compute_expiry_date(stored, None) == 1_767_614_400_000  # 2026-01-05T12:00:00Z


@proves("weavr.create.login-key")
def test_an_address_is_only_taken_by_another_user_with_a_password() -> None:
    holder = replace(ADA, password=password("Present-1!"))
    other = replace(holder, id="2")
    creation.require_free_login(ADA, [holder, replace(ADA, id="2")], unique=True)
    creation.require_free_login(ADA, [other], unique=False)
    with refuses(errors.PasswordKeyAlreadyInUse):
        creation.require_free_login(ADA, [other], unique=True)


@proves("weavr.lost.multiple")
def test_of_several_accounts_the_oldest_can_be_chosen() -> None:
    users = [replace(ADA, id=one) for one in ("12", "9", "10")]
    assert lost_password.choose_account(users, unique=False) == users[1]
    assert lost_password.choose_account(users[:1], unique=True) == users[0]
    assert lost_password.choose_account([], unique=True) is None
    with refuses(errors.MultipleAccountsFound):
        lost_password.choose_account(users, unique=True)


@proves("weavr.login.locked")
def test_wrong_passwords_are_counted_until_they_lock() -> None:
    user = replace(ADA, password=password("Present-1!"))
    settings = ProgrammeSettings(lock_after=2)
    for wanted in (1, 0):
        attempt = login.log_in([user], HASHER.candidate(Secret("Wrong-1!")), settings=settings, now=NOW)
        assert isinstance(attempt, login.Failed)
        user = attempt.user
        assert user.failures == wanted
    assert user.locked_until == NOW + timedelta(minutes=30)
    with refuses(errors.AccountLocked):
        login.log_in([user], HASHER.candidate(Secret("Present-1!")), settings=settings, now=NOW)
    later = NOW + timedelta(minutes=30)
    assert isinstance(
        login.log_in([user], HASHER.candidate(Secret("Present-1!")), settings=settings, now=later), login.LoggedIn
    )


def test_an_inactive_user_is_refused_like_an_unknown_one_locked_or_not() -> None:
    locked = replace(ADA, password=password("Present-1!"), locked_until=NOW + timedelta(minutes=30))
    with pytest.raises(errors.Forbidden, match="No active user"):
        login.log_in(
            [replace(locked, active=False)],
            HASHER.candidate(Secret("Present-1!")),
            settings=ProgrammeSettings(),
            now=NOW,
        )


@proves("weavr.nonce.redeemed")
@pytest.mark.parametrize(
    ("nonce", "code", "after"),
    [
        (None, "123456", timedelta(0)),
        ("123456", "123457", timedelta(0)),
        ("123456", "123456", timedelta(hours=1)),
    ],
    ids=["never requested", "wrong", "expired"],
)
def test_a_nonce_that_is_not_good_finds_no_user(nonce: str | None, code: str, after: timedelta) -> None:
    given: Nonce | None = None
    if nonce is not None:
        given = Nonce(ADA.id, digest(nonce), NOW + timedelta(hours=1))
    with refuses(errors.InvalidNonceOrEmail):
        nonces.redeem_nonce([(ADA, given)], code, now=NOW + after)


@proves("weavr.nonce.redeemed")
def test_a_nonce_finds_its_user_until_its_last_second() -> None:
    given = Nonce(ADA.id, digest("123456"), NOW + timedelta(hours=1))
    last = NOW + timedelta(minutes=59, seconds=59)
    assert nonces.redeem_nonce([(replace(ADA, id="2"), None), (ADA, given)], "123456", now=last) is ADA


@proves("weavr.invite.redeemed")
def test_an_invitation_of_a_user_with_a_password_is_used_up() -> None:
    sent = Invitation(ADA.id, digest("123456"), NOW + timedelta(days=7))
    with refuses(errors.InviteInvalid):
        invitations.check_code(replace(ADA, password=password("Present-1!")), sent, "123456", now=NOW)


@proves("weavr.invite.link")
@pytest.mark.parametrize("portal", ["https://portal.example", "https://portal.example/"])
def test_the_address_of_the_portal_may_end_with_a_slash(portal: str) -> None:
    link = invitations.build_link(portal, "123456", ADA)
    assert link.startswith(f"https://portal.example/invite/{ADA.id}/123456/{ADA.email}?")


@proves("weavr.login.expired")
def test_a_password_with_an_end_of_its_own_logs_in_until_its_last_second() -> None:
    stored = replace(password("Present-1!"), expires_at=NOW)
    assert login.choose_scope(stored, None, now=NOW - timedelta(seconds=1)) is Scope.EVERYTHING
    assert login.choose_scope(stored, None, now=NOW) is Scope.UPDATE_ONLY


@proves("weavr.lost.inactive", "weavr_multi.lost.identity")
def test_a_lost_password_of_an_inactive_user_or_without_identity_has_its_refusal() -> None:
    lost_password.require_active_user(ADA)
    multi.require_identity(Identity("1", PROGRAMME.id, "CONSUMER"))
    with refuses(errors.Forbidden):
        lost_password.require_active_user(replace(ADA, active=False))
    with refuses(errors.IdentityNotFound):
        multi.require_identity(None)


@proves("weavr.password.complexity")
def test_only_some_characters_may_count_as_special() -> None:
    wanted = REQUIREMENTS._replace(special="-!")
    requirements.check_complexity(Secret("Ab1!xyzw"), wanted)
    with refuses(errors.PasswordTooSimple):
        requirements.check_complexity(Secret("Ab1?xyzw"), wanted)


@proves("weavr_multi.password.minimum")
def test_only_users_who_are_no_end_users_need_more_characters() -> None:
    assert multi.raise_minimum(replace(ADA, end_user=True), REQUIREMENTS, others_minimum=12) == REQUIREMENTS
    for least, wanted in ((8, 12), (12, 12), (13, 13)):
        raised = multi.raise_minimum(
            replace(ADA, end_user=False), REQUIREMENTS._replace(minimum=least), others_minimum=12
        )
        assert raised.minimum == wanted


@proves("weavr.invite.redeemed")
def test_an_invitation_is_good_until_its_last_second() -> None:
    sent = Invitation(ADA.id, digest("123456"), NOW + timedelta(days=7))
    invitations.check_code(ADA, sent, "123456", now=NOW + timedelta(days=7, seconds=-1))
    with refuses(errors.InviteInvalid):
        invitations.check_code(ADA, sent, "123456", now=NOW + timedelta(days=7))


def test_a_link_quotes_what_a_path_and_a_query_cannot_hold() -> None:
    link = lost_password.build_link("https://portal.example/", "123456", "a+b/c?d@multi.example")
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
def test_a_value_that_is_not_a_known_token_is_accepted_or_refused_by_the_setting(
    value: str, *, tokenised: bool, wanted: str | type[Refusal]
) -> None:
    if isinstance(wanted, str):
        found = tokeniser.resolve_password(Secret(value), None, tokenised=tokenised, field=FIELD, now=NOW)
        assert found.revealed == wanted
    else:
        with refuses(wanted):
            tokeniser.resolve_password(Secret(value), None, tokenised=tokenised, field=FIELD, now=NOW)


@proves("weavr.token.resolved")
@pytest.mark.parametrize("tokenised", [True, False])
def test_a_token_stands_for_its_password_until_it_expires(*, tokenised: bool) -> None:
    token = Secret(tokeniser.draw_token(Chance(1)))
    end = tokeniser.compute_token_end(now=NOW, lifetime=timedelta(minutes=30))
    stored = PasswordToken("digest", seal(token, Secret("Päss-1!")), end)
    last = NOW + timedelta(minutes=29, seconds=59)
    assert tokeniser.resolve_password(token, stored, tokenised=tokenised, field=FIELD, now=last) == Secret("Päss-1!")
    with refuses(errors.TokenExpired):
        tokeniser.resolve_password(token, stored, tokenised=tokenised, field=FIELD, now=NOW + timedelta(minutes=30))


@pytest.mark.parametrize("tokenised", [True, False])
def test_a_token_whose_seal_is_broken_is_unknown_and_never_a_plain_password(*, tokenised: bool) -> None:
    token = Secret(tokeniser.draw_token(Chance(1)))
    stored = PasswordToken("digest", seal(Secret("another token"), Secret("Päss-1!")), None)
    with refuses(errors.TokenNotFound):
        tokeniser.resolve_password(token, stored, tokenised=tokenised, field=FIELD, now=NOW)


def test_the_use_of_a_session_extends_it_but_not_one_of_the_seed() -> None:
    session = Session("digest", ADA.id, Scope.EVERYTHING, NOW + timedelta(minutes=1))
    five = timedelta(minutes=5)
    assert sessions.extend_session(session, now=NOW, lifetime=five).expires_at == NOW + five
    seeded = replace(session, expires_at=None)
    assert sessions.extend_session(seeded, now=NOW, lifetime=five) == seeded


@proves("weavr.session.known")
def test_a_session_ends_at_its_moment() -> None:
    session = Session("digest", ADA.id, Scope.EVERYTHING, NOW + timedelta(minutes=1))
    last = NOW + timedelta(seconds=59)
    assert sessions.require_caller(ADA, session, form=TokenForm.BEARER, now=last).session is session
    with refuses(Unauthorized):
        sessions.require_caller(ADA, session, form=TokenForm.BEARER, now=NOW + timedelta(minutes=1))


@proves("weavr.key.known")
def test_a_key_of_the_other_product_is_unknown() -> None:
    assert keys.require_programme(PROGRAMME, product="weavr_multi") is PROGRAMME
    with refuses(Unauthorized):
        keys.require_programme(PROGRAMME, product="weavr_payment_run")


def _last(stored: Password) -> tuple[str, ...]:
    return stored.hash, *stored.former


def _change(user: User, plain: str) -> User:
    return passwords.change_password(
        user, user.password, HASHER.candidate(Secret(plain)), requirements=REQUIREMENTS, salt=SALT, now=NOW
    )
