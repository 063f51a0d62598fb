"""Rules called with explicit values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.outcomes import proves
from tests.refusing import refuses

from watchword.domain.hashing import Hasher, Profile
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import Malformed
from watchword.domain.secret import Secret
from watchword.systems.entrust import (
    access,
    bcrypt_import,
    current_password,
    errors,
    history,
    mails,
    names,
    validity,
)
from watchword.systems.entrust.operations import Change
from watchword.systems.entrust.parms import PasswordFormat, UserPasswordParms, read_parms
from watchword.systems.entrust.records import Application, AuthToken, Password, Permission, User
from watchword.systems.entrust.settings import PasswordSettings, Settings

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CURRENT = Password("stored", changed_at=NOW - DAY, expires_at=NOW + DAY)
ADA = User(id="1", login="ada", first_name="Ada", last_name="Byrne", password=CURRENT, former=("older",))


def test_the_history_begins_with_the_current_password() -> None:
    assert ADA.history == ("stored", "older")


def test_no_secret_is_in_a_representation() -> None:
    sent = UserPasswordParms(password=Secret("hidden-1"), current_password=Secret("hidden-2"))
    change = Change(ADA, new_password=Secret("hidden-3"))
    shown = repr(
        (sent, change, access.read_credential(Secret("app,hidden-4")), access.read_credential(Secret("hidden-5")))
    )
    assert "hidden" not in shown
    assert "stored" not in shown
    assert "older" not in shown


@pytest.mark.parametrize(
    ("given", "lifetime", "expected"),
    [(None, 90, NOW + 90 * DAY), (None, 0, None), (NOW + DAY, 90, NOW + DAY), (NOW + DAY, 0, NOW + DAY)],
)
@proves("entrust.password.expiry")
def test_the_given_expiry_wins_over_the_lifetime(
    given: datetime | None, lifetime: int, expected: datetime | None
) -> None:
    policy = PasswordSettings(lifetime_days=lifetime)
    assert validity.compute_expiry(UserPasswordParms(expiry_time=given), policy, now=NOW) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [(8 * DAY, NOW + DAY), (7 * DAY + SECOND, NOW + SECOND), (7 * DAY, None), (timedelta(0), None), (-DAY, None)],
)
@proves("entrust.password.expiry-notification")
def test_a_notification_is_only_shown_while_it_lies_ahead(left: timedelta, expected: datetime | None) -> None:
    password = Password("x", changed_at=NOW, expires_at=NOW + left)
    assert validity.compute_notification(password, Settings(expiry_notification_days=7), now=NOW) == expected


@pytest.mark.parametrize("moment", [NOW, NOW - DAY])
@proves("entrust.password.expiry-in-future")
def test_an_expiry_time_of_now_is_refused(moment: datetime) -> None:
    with refuses(errors.ExpiryTimeInPast):
        validity.require_future_expiry(UserPasswordParms(expiry_time=moment), Settings(), now=NOW)


@proves("entrust.password.expiry-in-future")
def test_an_expiry_time_a_second_ahead_is_accepted() -> None:
    validity.require_future_expiry(UserPasswordParms(expiry_time=NOW + SECOND), Settings(), now=NOW)
    with refuses(errors.ExpiryTimeInPast):
        validity.require_future_expiry(UserPasswordParms(expiry_time=NOW), Settings(), now=NOW)


@proves("entrust.password.minimum-lifetime")
def test_a_password_is_too_young_until_the_last_second_of_its_minimum_lifetime() -> None:
    settings = Settings(password=PasswordSettings(minimum_lifetime=1))
    end = CURRENT.changed_at + DAY
    validity.require_minimum_age(ADA, settings, now=end)
    with refuses(errors.PasswordMinimumLifetime):
        validity.require_minimum_age(ADA, settings, now=end - SECOND)


@pytest.mark.parametrize(("days", "young"), [(0, False), (1, False), (2, True)])
@proves("entrust.password.minimum-lifetime")
def test_a_password_may_be_changed_at_the_end_of_its_minimum_lifetime(*, days: int, young: bool) -> None:
    settings = Settings(password=PasswordSettings(minimum_lifetime=days))
    if young:
        with refuses(errors.PasswordMinimumLifetime):
            validity.require_minimum_age(ADA, settings, now=NOW)
    else:
        validity.require_minimum_age(ADA, settings, now=NOW)


@pytest.mark.parametrize(
    ("given", "strict", "mailed"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
@proves("entrust.bcrypt.email-default")
def test_an_import_asks_for_a_mail(*, given: bool | None, strict: bool, mailed: bool) -> None:
    settings = Settings(bcrypt_import_needs_email_false=strict)
    assert bcrypt_import.asks_for_mail(UserPasswordParms(email_password=given), settings) is mailed


@proves("entrust.password.attributes-only")
def test_attributes_that_are_left_out_stay() -> None:
    user = current_password.change_attributes(ADA, UserPasswordParms(force_update=True), Settings())
    assert user.password == Password("stored", CURRENT.changed_at, CURRENT.expires_at, force_update=True)
    assert user.former == ("older",)


@pytest.mark.parametrize(
    ("header", "token", "application", "secret"),
    [
        ("abc", "abc", "", ""),
        ("Bearer abc", "abc", "", ""),
        ("BEARER  abc ", "abc", "", ""),
        ("D3F7,s3cret", "", "d3f7", "s3cret"),
        ("d3f7, s3,cret", "", "d3f7", "s3,cret"),
    ],
)
@proves("entrust.authorization.forms")
def test_a_header_is_a_token_or_a_pair(header: str, token: str, application: str, secret: str) -> None:
    assert access.read_credential(Secret(header)) == access.Credential(Secret(token), application, Secret(secret))


@pytest.mark.parametrize("header", [None, "", "  ", "Bearer", "bearer "])
@proves("entrust.authorization.forms")
def test_an_empty_header_is_refused(header: str | None) -> None:
    with refuses(errors.AuthorizationRequired):
        access.read_credential(None if header is None else Secret(header))


@pytest.mark.parametrize(
    ("user", "refused", "accepted"),
    [
        (replace(ADA, login="ivy"), "Xy7-Ivy-Lantern", "Xy7-Iv-Lantern"),
        (replace(ADA, last_name="Oak"), "Xy7-oak-Lantern", "Xy7-oa-Lantern"),
    ],
    ids=["user ID", "part of the full name"],
)
@proves("entrust.policy.ad-complexity")
def test_a_name_of_three_characters_is_one(user: User, refused: str, accepted: str) -> None:
    policy = PasswordSettings(ad_complexity=True)
    assert names.check_complexity(Secret(refused), user, policy) is not None
    assert names.check_complexity(Secret(accepted), user, policy) is None


@proves("entrust.policy.full-name")
def test_a_full_name_of_three_letters_is_one_without_its_blank() -> None:
    user = replace(ADA, first_name="A", last_name="Bo")
    assert names.check_full_name(Secret("Xy7-aBo-Lantern"), user) is not None
    assert names.check_full_name(Secret("Xy7-aB-Lantern"), user) is None


@proves("entrust.history.size")
def test_a_former_password_is_refused_with_the_length_of_the_history() -> None:
    candidate = Hasher(Profile.FAST).candidate(Secret("Copper-Lantern-58"))
    stored = candidate.make_hash(salt=b"0123456789abcdef")
    said = history.check_history(candidate, [stored], PasswordSettings(password_history_size=8))
    assert said == "must not be one of the last 8 passwords"


@proves("entrust.password.mail")
def test_the_mail_has_the_names_of_the_user() -> None:
    outbox = Outbox()
    user = replace(ADA, email="ada@entrust.example")
    sent = UserPasswordParms(email_password=True)
    mails.send_mail(user, sent, new_password=None, portal_url="https://portal.example", outbox=outbox)
    (draft,) = outbox.drafts
    assert draft.text.startswith("Hello Ada Byrne,\n")
    assert "for your account ada." in draft.text


@pytest.mark.parametrize(
    "user",
    [ADA, replace(ADA, former=("older", "oldest")), replace(ADA, password=None)],
    ids=["one", "several", "none at present"],
)
@proves("entrust.removal.history")
def test_every_former_password_stays_in_the_history_of_a_removed_one(user: User) -> None:
    present = () if user.password is None else ("stored",)
    assert history.remember_removed(user) == (*present, *user.former)


@proves("entrust.authorization.expired", "entrust.permission.required")
def test_a_token_stands_for_its_application() -> None:
    console = Application("1", "Console", secret="x", permissions=frozenset((Permission.VIEW,)))
    token = AuthToken("d", "1", expires_at=NOW)
    assert access.require_live_token(token, console, now=NOW - timedelta(seconds=1)) is console
    with refuses(errors.AuthTokenExpired):
        access.require_live_token(token, console, now=NOW)
    with refuses(errors.InvalidAuthToken):
        access.require_live_token(token, None, now=NOW)
    access.require_permission(console, Permission.VIEW)
    with pytest.raises(errors.PermissionRequired, match="USERPASSWORDS:EDIT required"):
        access.require_permission(console, Permission.EDIT)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-15T12:00:00Z", NOW),
        ("2026-01-15t12:00:00z", NOW),
        ("2026-01-15T13:30:00.000+01:30", NOW),
    ],
)
def test_an_expiry_time_is_read_in_any_zone(text: str, moment: datetime) -> None:
    assert read_parms({"expiryTime": text}).expiry_time == moment


@pytest.mark.parametrize("text", ["2016-12-31T23:59:60Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_moment_outside_the_calendar_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_parms({"expiryTime": text})


def test_fields_that_are_left_out_have_the_vendors_defaults() -> None:
    sent = read_parms({})
    assert (sent.password_format, sent.generate_password, sent.return_password) == (
        PasswordFormat.CLEARTEXT,
        False,
        False,
    )
    assert sent.emails_user
    assert sent.attributes_only
