"""GET and DELETE of a password, its settings, and its validation."""

import pytest
from tests.conftest import SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.entrust.conftest import GOOD, OTHER, Entrust, status_and_code


@outcome("entrust.get_password", 200, "present")
@proves("entrust.password.expiry-notification")
def test_the_state_of_a_password_is_shown(entrust: Entrust) -> None:
    assert entrust.get("ada").body == {
        "present": True,
        "lastChangedTime": "2026-01-05T12:00:00Z",
        "expiryTime": "2026-04-05T12:00:00Z",
        "expiryNotificationDate": "2026-03-29T12:00:00Z",
        "forceUpdate": False,
    }


@outcome("entrust.get_password", 200, "absent")
@proves("entrust.password.absent")
def test_a_user_without_a_password_is_shown_without_one(entrust: Entrust) -> None:
    assert entrust.get("ben").body == {"present": False}
    assert entrust.get("hugo").body == {"present": False}


@outcome("entrust.get_password", 200, "present")
@proves("entrust.password.expiry-notification")
def test_an_expired_password_is_still_present_and_has_no_notification(entrust: Entrust) -> None:
    body = entrust.get("carla").body
    assert body["expiryTime"] == "2026-01-05T12:00:00Z"
    assert "expiryNotificationDate" not in body
    assert "expiryNotificationDate" in entrust.set("carla", password=GOOD).body, "a new password has one again"


@outcome("entrust.delete_password", 200)
@outcome("entrust.delete_password", 404, "password_not_found")
@proves("entrust.password.nothing-to-remove", "entrust.removal.history")
def test_a_password_is_removed_once_and_stays_in_the_history(entrust: Entrust) -> None:
    removed = entrust.delete("ada")
    assert (removed.status, removed.content) == (200, b"")
    assert entrust.get("ada").body == {"present": False}
    assert status_and_code(entrust.delete("ada")) == (404, "password_not_found")
    assert entrust.set("ada", password=entrust.password_of("ada")).status == 400
    assert entrust.set("ada", password=GOOD).status == 200


@pytest.mark.parametrize("user", ["greta", "hugo"])
@outcome("entrust.delete_password", 409, "password_managed_elsewhere")
@proves("entrust.removal.local-only")
def test_only_a_local_users_password_is_removed(entrust: Entrust, user: str) -> None:
    assert status_and_code(entrust.delete(user)) == (409, "password_managed_elsewhere")


@proves("entrust.removal.local-only")
def test_a_setting_allows_the_removal_of_a_password_from_a_directory(entrust: Entrust, settings: SettingsOf) -> None:
    assert entrust.delete("greta").status == 409
    settings.patch("entrust", {"removal_for_local_users_only": False})
    assert entrust.delete("greta").status == 200
    assert entrust.get("greta").body == {"present": False}


@outcome("entrust.get_password_settings", 200, "defaults")
def test_the_policy_is_shown_as_the_document_says(entrust: Entrust) -> None:
    shape = entrust.api.built.imitated.document.operations["entrust.get_password_settings"].responses["200"]
    assert entrust.call("get_password_settings", "ada").body == shape.examples["defaults"]


def test_the_policy_follows_the_settings(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"password": {"include_nonalphanumeric": "NOT_ALLOWED", "minimum_length": 12}})
    body = entrust.call("get_password_settings", "ada").body
    assert (body["includeNonalphanumeric"], body["minimumLength"]) == ("NOT_ALLOWED", 12)
    answer = entrust.set("ada", password=GOOD)
    assert [one["name"] for one in answer.body["parameters"]] == ["alphaNumeric"]


@outcome("entrust.validate_password", 200, "good")
def test_a_good_password_meets_every_check_and_is_not_set(entrust: Entrust) -> None:
    body = entrust.validate("ada", GOOD).body
    assert body.pop("userPasswordStrength") == {"score": 4, "suggestions": []}
    assert set(body.values()) == {True}
    assert not entrust.is_password_of("ada", GOOD)


@outcome("entrust.validate_password", 200, "poor")
@proves(
    "entrust.validation.always-200",
    "entrust.policy.blacklist",
    "entrust.policy.characters",
    "entrust.policy.strength",
)
def test_a_poor_password_is_still_answered_with_a_list_of_checks(entrust: Entrust) -> None:
    answer = entrust.validate("ada", "password1", ignorePasswordHistory=True)
    shape = entrust.api.built.imitated.document.operations["entrust.validate_password"].responses["200"]
    assert answer.status == 200
    assert answer.body == shape.examples["poor"]


@pytest.mark.parametrize(
    ("password", "failed"),
    [
        pytest.param("Xy7-ada.byrne-Lantern", {"userID"}, id="user ID"),
        pytest.param("Xy7-ABYRNE-Lantern-Hill", {"alias"}, id="alias in capitals"),
        pytest.param("Xy7-Ada Byrne-Lantern", {"fullName"}, id="full name"),
        pytest.param("Xy7-adabyrne-Lantern-Hill", {"alias", "fullName"}, id="full name without blanks"),
        pytest.param("Maple-Orchard-4417", {"passwordHistory"}, id="current password"),
    ],
)
@proves("entrust.policy.user-id", "entrust.policy.alias", "entrust.policy.full-name", "entrust.history.size")
def test_names_of_the_user_and_former_passwords_fail(entrust: Entrust, password: str, failed: set[str]) -> None:
    body = entrust.validate("ada", password).body
    assert {name for name, met in body.items() if met is False} == failed


@proves("entrust.history.size")
def test_a_validation_can_ignore_the_history(entrust: Entrust) -> None:
    current = entrust.password_of("ada")
    assert entrust.validate("ada", current).body["passwordHistory"] is False
    assert entrust.validate("ada", current, ignorePasswordHistory=True).body["passwordHistory"] is True


@proves("entrust.policy.blacklist")
def test_a_listed_password_is_refused_in_upper_and_lower_case(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"password": {"blacklist": [GOOD.lower()]}})
    assert entrust.validate("ada", GOOD).body["blacklisted"] is False
    assert entrust.set("ada", password=GOOD).status == 400
    assert entrust.set("ada", password=OTHER).status == 200


@proves("entrust.policy.blacklist")
def test_compromised_passwords_can_be_allowed(entrust: Entrust, settings: SettingsOf) -> None:
    assert entrust.validate("ada", "Password1").body["blacklisted"] is False
    settings.patch("entrust", {"password": {"allow_compromised_passwords": True, "minimum_strength": 0}})
    assert entrust.validate("ada", "Password1").body["blacklisted"] is True
    assert entrust.set("ada", password="Password1").status == 200
