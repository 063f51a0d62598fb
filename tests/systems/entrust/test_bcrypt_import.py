"""Importing bcrypt hashes."""

from typing import Any

import bcrypt
import pytest
from tests.conftest import Inbox, SettingsOf
from tests.outcomes import outcome, proves
from tests.systems.entrust.conftest import GOOD, OTHER, Entrust, status_and_code

IMPORTED = bcrypt.hashpw(GOOD.encode(), b"$2b$04$abcdefghijklmnopqrstuu").decode()


def import_hash(entrust: Entrust, user: str = "ben", **fields: Any) -> tuple[int, str | None]:
    return status_and_code(entrust.set(user, **{"password": IMPORTED, "passwordFormat": "BCRYPT", **fields}))


def test_an_imported_hash_verifies_later(entrust: Entrust, inbox: Inbox) -> None:
    assert import_hash(entrust) == (200, None)
    assert entrust.get("ben").body["present"] is True
    assert entrust.is_password_of("ben", GOOD)
    assert not entrust.is_password_of("ben", OTHER)
    assert entrust.set("ben", password=GOOD).status == 400, "it is in the history"
    assert entrust.set("ben", password=OTHER).status == 200
    assert entrust.is_password_of("ben", GOOD)
    assert inbox.all() == []


def test_an_import_keeps_former_passwords(entrust: Entrust) -> None:
    assert import_hash(entrust, "ada") == (200, None)
    assert entrust.is_password_of("ada", entrust.password_of("ada"))
    assert entrust.set("ada", password=OTHER).status == 200
    assert entrust.is_password_of("ada", OTHER)


@outcome("entrust.set_password", 400, "bcrypt_user_not_local")
@proves("entrust.bcrypt.restrictions")
def test_first_the_user_is_local(entrust: Entrust) -> None:
    assert import_hash(entrust, "greta") == (400, "bcrypt_user_not_local")


@outcome("entrust.set_password", 400, "bcrypt_current_password_not_null")
@proves("entrust.bcrypt.restrictions")
def test_second_current_password_is_null(entrust: Entrust) -> None:
    assert import_hash(entrust, currentPassword=OTHER) == (400, "bcrypt_current_password_not_null")
    assert import_hash(entrust, currentPassword=None) == (200, None)


@outcome("entrust.set_password", 400, "bcrypt_generate_password_not_false")
@proves("entrust.bcrypt.restrictions")
def test_third_generate_password_is_false(entrust: Entrust) -> None:
    assert import_hash(entrust, generatePassword=True) == (400, "bcrypt_generate_password_not_false")
    assert import_hash(entrust, generatePassword=False) == (200, None)


@outcome("entrust.set_password", 400, "bcrypt_email_password_not_false")
@proves("entrust.bcrypt.restrictions")
def test_fourth_email_password_is_false(entrust: Entrust) -> None:
    assert import_hash(entrust, emailPassword=True) == (400, "bcrypt_email_password_not_false")


@outcome("entrust.set_password", 400, "bcrypt_return_password_not_false")
@proves("entrust.bcrypt.restrictions")
def test_fifth_return_password_is_false(entrust: Entrust) -> None:
    assert import_hash(entrust, returnPassword=True) == (400, "bcrypt_return_password_not_false")


@outcome("entrust.set_password", 400, "bcrypt_email_password_not_false")
@proves("entrust.bcrypt.email-default", "entrust.password.mail")
def test_an_import_that_leaves_email_password_out_is_refused_unless_a_setting_relaxes_it(
    entrust: Entrust, settings: SettingsOf, inbox: Inbox
) -> None:
    body = {"password": IMPORTED, "passwordFormat": "BCRYPT"}
    strict = entrust.call("set_password", "ben", body=body)
    assert status_and_code(strict) == (400, "bcrypt_email_password_not_false")
    settings.patch("entrust", {"bcrypt_import_needs_email_false": False})
    assert entrust.call("set_password", "ben", body=body).status == 200
    assert IMPORTED not in inbox.latest(to="ben.okafor@example.com").text
    assert import_hash(entrust, emailPassword=True) == (400, "bcrypt_email_password_not_false")


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(GOOD, id="plain text"),
        pytest.param("", id="empty"),
        pytest.param(IMPORTED[:-1], id="cut off"),
        pytest.param(IMPORTED + "x", id="too long"),
        pytest.param(IMPORTED.replace("$04$", "$03$"), id="cost 03"),
        pytest.param(IMPORTED.replace("$04$", "$13$"), id="cost 13"),
        pytest.param(IMPORTED.replace("$04$", "$15$"), id="cost 15"),
        pytest.param(IMPORTED.replace("$04$", "$31$"), id="cost 31"),
        pytest.param(IMPORTED.replace("$2b$", "$1$"), id="md5-crypt"),
        pytest.param(IMPORTED + "\n", id="line break"),
    ],
)
@outcome("entrust.set_password", 400, "invalid_bcrypt_hash")
@proves("entrust.bcrypt.well-formed")
def test_anything_but_a_bcrypt_hash_of_an_accepted_cost_is_refused(entrust: Entrust, stored: str) -> None:
    assert import_hash(entrust, password=stored) == (400, "invalid_bcrypt_hash")
    assert entrust.get("ben").body == {"present": False}


@outcome("entrust.set_password", 400, "password_required")
@proves("entrust.bcrypt.hash-required")
@pytest.mark.parametrize("user", ["ben", "ada"], ids=["without a password", "with a password"])
def test_an_import_needs_a_hash(entrust: Entrust, user: str) -> None:
    before = entrust.get(user).body
    assert import_hash(entrust, user, password=None, forceUpdate=True) == (400, "password_required")
    answer = entrust.set(user, passwordFormat="BCRYPT", clearPasswordHistory=True)
    assert "hash" in answer.body["errorMessage"]
    assert entrust.get(user).body == before


@proves("entrust.history.imported")
def test_only_the_newest_imported_passwords_are_compared(entrust: Entrust, settings: SettingsOf) -> None:
    plain = [f"{GOOD}-{number}" for number in range(4)]
    for one in plain:
        stored = bcrypt.hashpw(one.encode(), b"$2b$04$abcdefghijklmnopqrstuu").decode()
        assert import_hash(entrust, "ada", password=stored) == (200, None)
    assert [entrust.is_password_of("ada", one) for one in plain] == [False, True, True, True]
    assert entrust.is_password_of("ada", "Quiet.River.8820"), "passwords that were not imported are all compared"
    settings.patch("entrust", {"password": {"imported_passwords_compared": 4}})
    assert entrust.is_password_of("ada", plain[0])
