"""PUT /api/web/v1/users/{userid}/passwords, without imports of hashes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import Inbox, ManualClock, SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.entrust.conftest import GOOD, OTHER, Entrust, status_and_code

from watchword.sandbox import Sandbox
from watchword.systems.entrust.records import User


@outcome("entrust.set_password", 200, "set")
@proves("entrust.password.expiry", "entrust.password.expiry-notification")
def test_a_password_is_set_and_expires_after_its_lifetime(entrust: Entrust) -> None:
    answer = entrust.set("ben", password=GOOD)
    assert answer.status == 200
    assert answer.body == {
        "present": True,
        "lastChangedTime": "2026-01-15T12:00:00Z",
        "expiryTime": "2026-04-15T12:00:00Z",
        "expiryNotificationDate": "2026-04-08T12:00:00Z",
        "forceUpdate": False,
    }
    assert entrust.get("ben").body == answer.body
    assert entrust.is_password_of("ben", GOOD)


@proves("entrust.password.expiry")
def test_a_password_with_a_lifetime_of_zero_never_expires(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"password": {"lifetime_days": 1}})
    assert entrust.set("ben", password=OTHER).body.get("expiryTime") == "2026-01-16T12:00:00Z"
    settings.patch("entrust", {"password": {"lifetime_days": 0}})
    body = entrust.set("ben", password=GOOD).body
    assert "expiryTime" not in body
    assert "expiryNotificationDate" not in body


@proves("entrust.password.expiry")
def test_a_password_expires_at_the_expiry_time_that_was_sent(entrust: Entrust) -> None:
    body = entrust.set("ben", password=GOOD, expiryTime="2026-01-20T12:00:00+02:00").body
    assert body.get("expiryTime") == "2026-01-20T10:00:00Z"
    assert "expiryNotificationDate" not in body, "its date has passed already"


@outcome("entrust.set_password", 400, "expiry_time_in_past")
@proves("entrust.password.expiry-in-future")
@pytest.mark.parametrize("moment", ["2026-01-15T12:00:00Z", "1999-12-31T23:59:59Z"])
def test_an_expiry_time_must_be_in_the_future(entrust: Entrust, moment: str) -> None:
    assert status_and_code(entrust.set("ben", password=GOOD, expiryTime=moment)) == (400, "expiry_time_in_past")
    assert entrust.get("ben").body == {"present": False}


@proves("entrust.password.force-update")
def test_a_forced_update_holds_until_the_next_password(entrust: Entrust) -> None:
    assert entrust.get("finn").body["forceUpdate"] is True
    assert entrust.set("finn", password=GOOD).body["forceUpdate"] is False
    assert entrust.set("finn", password=OTHER, forceUpdate=True).body["forceUpdate"] is True


@outcome("entrust.set_password", 200, "generated")
@proves("entrust.password.generated")
def test_a_generated_password_is_returned_if_asked_for(entrust: Entrust) -> None:
    answer = entrust.set("ben", generatePassword=True, returnPassword=True, password="ignored")
    new = answer.body.get("newPassword", "ignored")
    assert new != "ignored"
    assert entrust.is_password_of("ben", new)
    checks = entrust.validate("ben", new, ignorePasswordHistory=True).body
    assert all(met for name, met in checks.items() if name != "userPasswordStrength")


@proves("entrust.password.returned")
def test_no_other_password_is_returned(entrust: Entrust) -> None:
    assert "newPassword" not in entrust.set("ben", generatePassword=True).body
    assert "newPassword" not in entrust.set("ben", password=GOOD, returnPassword=True).body
    assert "newPassword" not in entrust.get("ben").body


@proves("entrust.password.mail", "entrust.password.generated")
def test_a_generated_password_is_mailed(entrust: Entrust, inbox: Inbox) -> None:
    answer = entrust.set("ben", generatePassword=True, returnPassword=True, emailPassword=True)
    mail = inbox.latest(to="ben.okafor@example.com")
    assert mail.codes == (answer.body["newPassword"],)
    assert mail.codes[0] in mail.text


@proves("entrust.password.mail")
def test_a_mail_is_sent_unless_it_is_declined_and_never_holds_a_password_of_the_client(
    entrust: Entrust, inbox: Inbox, settings: SettingsOf
) -> None:
    settings.patch("entrust", {"portal_url": "https://portal.example.com/login"})
    entrust.call("set_password", "ada", body={"password": GOOD})
    mail = inbox.latest(to="ada.byrne@example.com")
    assert GOOD not in mail.text
    assert (mail.codes, mail.links) == ((), ("https://portal.example.com/login",))
    entrust.call("set_password", "ada", body={"password": OTHER, "emailPassword": False})
    assert len(inbox.all()) == 1


@proves("entrust.password.mail")
def test_nothing_is_mailed_without_an_address_a_new_password_or_success(entrust: Entrust, inbox: Inbox) -> None:
    entrust.set("ines", generatePassword=True, emailPassword=True)
    entrust.set("ada", forceUpdate=True, emailPassword=True)
    entrust.set("ada", password="short", emailPassword=True)
    assert inbox.all() == []
    entrust.set("ada", password=GOOD, emailPassword=True)
    assert len(inbox.all()) == 1


@outcome("entrust.set_password", 400, "invalid_password")
@proves("entrust.policy.length", "entrust.policy.characters", "entrust.policy.strength")
def test_every_failed_check_of_the_policy_is_reported(entrust: Entrust) -> None:
    answer = entrust.set("ada", password="abc")
    assert status_and_code(answer) == (400, "invalid_password")
    assert answer.body["parameters"] == [
        {"name": "length", "value": "must have between 8 and 255 characters"},
        {"name": "upperCase", "value": "must have at least 1 upper-case letter"},
        {"name": "numeric", "value": "must have at least 1 digit"},
        {"name": "strength", "value": "must have a strength of at least 3, has 0"},
    ]
    assert entrust.is_password_of("ada", entrust.password_of("ada"))


@proves("entrust.policy.length", "entrust.policy.strength")
def test_an_empty_password_is_judged_too(entrust: Entrust) -> None:
    answer = entrust.set("ada", password="")
    assert status_and_code(answer) == (400, "invalid_password")
    failed = [one["name"] for one in answer.body["parameters"]]
    assert failed == ["length", "lowerCase", "upperCase", "numeric", "strength"]


@pytest.mark.parametrize("former", ["Maple-Orchard-4417", "Quiet.River.8820", "Tin_Whistle_6093"])
@proves("entrust.history.size")
def test_the_last_passwords_may_not_be_used_again(entrust: Entrust, former: str) -> None:
    answer = entrust.set("ada", password=former)
    assert status_and_code(answer) == (400, "invalid_password")
    assert [one["name"] for one in answer.body["parameters"]] == ["passwordHistory"]


@proves("entrust.history.size")
def test_a_change_keeps_the_older_passwords(entrust: Entrust) -> None:
    assert entrust.set("ada", password=GOOD).status == 200
    for former in (GOOD, "Maple-Orchard-4417", "Quiet.River.8820", "Tin_Whistle_6093"):
        assert entrust.is_password_of("ada", former)


@proves("entrust.history.size")
def test_a_password_that_has_left_the_history_may_be_used_again(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"password": {"password_history_size": 2}})
    assert entrust.set("ada", password="Quiet.River.8820").status == 400
    assert entrust.set("ada", password="Tin_Whistle_6093").status == 200
    settings.patch("entrust", {"password": {"password_history_size": 0}})
    assert entrust.set("ada", password="Tin_Whistle_6093").status == 200


@proves("entrust.history.cleared-first")
def test_the_history_is_cleared_before_the_new_password_is_judged(entrust: Entrust) -> None:
    current = entrust.password_of("ada")
    assert entrust.set("ada", password=current, clearPasswordHistory=True).status == 200
    assert not entrust.is_password_of("ada", "Quiet.River.8820")
    assert entrust.set("ada", password="Quiet.River.8820").status == 200


def test_a_refused_password_clears_nothing(entrust: Entrust) -> None:
    assert entrust.set("ada", password="short", clearPasswordHistory=True).status == 400
    assert entrust.is_password_of("ada", "Quiet.River.8820")


@proves("entrust.password.attributes-only")
def test_attributes_change_without_a_new_password(entrust: Entrust) -> None:
    before = entrust.get("ada").body
    body = entrust.set("ada", expiryTime="2026-06-01T00:00:00Z", forceUpdate=True).body
    assert body["lastChangedTime"] == before["lastChangedTime"]
    assert (body["expiryTime"], body["forceUpdate"]) == ("2026-06-01T00:00:00Z", True)
    assert entrust.set("ada").body == body, "an empty request changes nothing"
    assert entrust.is_password_of("ada", entrust.password_of("ada"))


@proves("entrust.history.cleared-first")
def test_the_history_alone_can_be_cleared(entrust: Entrust) -> None:
    assert entrust.set("ada", clearPasswordHistory=True).status == 200
    assert not entrust.is_password_of("ada", "Quiet.River.8820")
    current = entrust.password_of("ada")
    assert not entrust.is_password_of("ada", current), "the current password has left the history too"
    assert entrust.set("ada", password=current).status == 200
    assert entrust.is_password_of("ada", current)


@proves("entrust.history.cleared-first")
def test_a_password_that_was_cleared_from_the_history_does_not_return_to_it(entrust: Entrust) -> None:
    entrust.set("ada", clearPasswordHistory=True)
    assert entrust.set("ada", password=GOOD).status == 200
    assert not entrust.is_password_of("ada", entrust.password_of("ada"))


@outcome("entrust.set_password", 400, "password_required")
@proves("entrust.password.attributes-only")
def test_a_user_without_a_password_has_no_attributes_to_change(entrust: Entrust) -> None:
    assert status_and_code(entrust.set("ben", forceUpdate=True)) == (400, "password_required")


@outcome("entrust.set_password", 409, "user_inactive")
@proves("entrust.user.inactive")
def test_an_inactive_user_gets_no_password_unless_a_setting_allows_it(entrust: Entrust, settings: SettingsOf) -> None:
    assert status_and_code(entrust.set("eva", password=GOOD)) == (409, "user_inactive")
    settings.patch("entrust", {"inactive_users_refused": False})
    assert entrust.set("eva", password=GOOD).status == 200


@outcome("entrust.set_password", 409, "password_managed_elsewhere")
@proves("entrust.user.external")
def test_an_external_user_gets_no_password(entrust: Entrust) -> None:
    assert status_and_code(entrust.set("hugo", password=GOOD)) == (409, "password_managed_elsewhere")


@proves("entrust.user.external")
def test_a_setting_allows_passwords_of_external_users(entrust: Entrust, settings: SettingsOf) -> None:
    assert entrust.set("hugo", password=GOOD).status == 409
    settings.patch("entrust", {"external_users_refused": False})
    assert entrust.set("hugo", password=GOOD).status == 200


@proves("entrust.password.expiry-in-future")
def test_a_setting_allows_expiry_times_in_the_past(entrust: Entrust, settings: SettingsOf) -> None:
    past = "1999-12-31T23:59:59Z"
    assert entrust.set("ben", password=GOOD, expiryTime=past).status == 400
    settings.patch("entrust", {"past_expiry_times_refused": False})
    assert entrust.set("ben", password=GOOD, expiryTime=past).body["expiryTime"] == past


@outcome("entrust.set_password", 400, "password_required")
@proves("entrust.password.attributes-only")
def test_a_setting_demands_a_new_password(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"attributes_without_password_accepted": False})
    assert status_and_code(entrust.set("ada", forceUpdate=True)) == (400, "password_required")
    assert entrust.get("ada").body["forceUpdate"] is False


@proves("entrust.directory.current-password")
def test_a_setting_makes_the_current_password_of_a_directory_user_optional(
    entrust: Entrust, settings: SettingsOf
) -> None:
    settings.patch("entrust", {"directory_users_need_current_password": False})
    wrong = entrust.set("greta", password=GOOD, currentPassword=OTHER)
    assert status_and_code(wrong) == (400, "current_password_incorrect")
    assert entrust.set("greta", password=GOOD).status == 200


FIELDS = (
    "clearPasswordHistory",
    "currentPassword",
    "emailPassword",
    "expiryTime",
    "forceUpdate",
    "generatePassword",
    "passwordFormat",
    "returnPassword",
)


@pytest.mark.parametrize("field", FIELDS)
def test_null_is_read_like_a_field_that_is_left_out(entrust: Entrust, inbox: Inbox, field: str) -> None:
    nulls = dict.fromkeys([field])
    assert entrust.call("set_password", "ada", body={"password": GOOD, **nulls}).status == 200
    assert entrust.is_password_of("ada", GOOD)
    assert len(inbox.all()) == 1, "emailPassword is true by default"


def test_a_client_may_send_null_for_every_field_it_does_not_use(entrust: Entrust) -> None:
    nulls = dict.fromkeys(FIELDS)
    assert entrust.call("set_password", "ada", body={**nulls, "password": GOOD}).status == 200
    before = entrust.get("ada").body
    assert entrust.call("set_password", "ada", body={**nulls, "password": None}).body == before


@proves("entrust.user.locked")
def test_a_locked_user_can_be_given_a_password_and_stays_locked(
    entrust: Entrust, sandbox: Callable[[], Sandbox]
) -> None:
    assert entrust.set("dmitri", password=GOOD).status == 200
    user = sandbox().store.transaction().get(User, entrust.id_of("dmitri"))
    assert user is not None
    assert user.locked


@outcome("entrust.set_password", 409, "password_minimum_lifetime")
@proves("entrust.password.minimum-lifetime")
def test_a_password_may_not_be_changed_before_its_minimum_lifetime(
    entrust: Entrust, settings: SettingsOf, clock: ManualClock
) -> None:
    settings.patch("entrust", {"password": {"minimum_lifetime": 3}})
    answer = entrust.set("finn", password=GOOD)
    assert status_and_code(answer) == (409, "password_minimum_lifetime")
    assert "2026-01-16T12:00:00Z" in answer.body["errorMessage"]
    assert entrust.set("finn", forceUpdate=False).status == 200, "attributes may change at any time"
    clock.advance(timedelta(days=1))
    assert entrust.set("finn", password=GOOD).status == 200


@proves("entrust.password.minimum-lifetime")
def test_administrators_can_be_exempt_from_the_minimum_lifetime(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"password": {"minimum_lifetime": 3}})
    assert entrust.set("finn", password=GOOD).status == 409
    settings.patch("entrust", {"minimum_lifetime_for_administrators": False})
    assert entrust.set("finn", password=GOOD).status == 200


@outcome("entrust.set_password", 400, "current_password_required")
@outcome("entrust.set_password", 400, "current_password_incorrect")
@proves("entrust.directory.current-password")
def test_a_directory_user_needs_the_current_password(entrust: Entrust) -> None:
    assert status_and_code(entrust.set("greta", password=GOOD)) == (400, "current_password_required")
    null = entrust.set("greta", password=GOOD, currentPassword=None)
    assert status_and_code(null) == (400, "current_password_required")
    wrong = entrust.set("greta", password=GOOD, currentPassword=OTHER)
    assert status_and_code(wrong) == (400, "current_password_incorrect")
    current = entrust.password_of("greta")
    assert entrust.set("greta", password=GOOD, currentPassword=current).status == 200
    assert entrust.is_password_of("greta", GOOD)


@proves("entrust.directory.current-password")
def test_current_password_is_ignored_for_a_local_user(entrust: Entrust) -> None:
    assert entrust.set("greta", password=GOOD, currentPassword="anything").status == 400
    assert entrust.set("ada", password=GOOD, currentPassword="anything").status == 200


def test_the_calendar_has_an_end(entrust: Entrust, sandbox: Callable[[], Sandbox]) -> None:
    sandbox().clock.set(datetime(9999, 12, 31, 23, 50, tzinfo=UTC))
    assert entrust.set("ben", password=GOOD).body["expiryTime"] == "9999-12-31T23:59:59Z"
    console = entrust.people["entrust", "console"]
    body = {"applicationId": console.id, "sharedSecret": console.password}
    assert entrust.call("authenticate", body=body).body["expirationTime"] == "9999-12-31T23:59:59Z"


@pytest.mark.parametrize("password", ["Wörterbuch-Ärger-2207-ß", "пароль-Садовник-7718", "x9A-Quiet " * 25])
def test_long_and_foreign_passwords_are_accepted(entrust: Entrust, password: str) -> None:
    assert entrust.set("ada", password=password).status == 200
    assert entrust.is_password_of("ada", password)
