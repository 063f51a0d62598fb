"""What no client sees of a new password, and nulls."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.conftest import Inbox, SettingsOf
from tests.outcomes import proves
from tests.systems.entrust.conftest import GOOD, OTHER, Entrust

from watchword.contract.entrust.hashes import HASHES
from watchword.sandbox import Sandbox
from watchword.systems.entrust.records import User


def test_no_mail_holds_what_a_client_has_sent(entrust: Entrust, inbox: Inbox, settings: SettingsOf) -> None:
    portal = "https://portal.example.com/login"
    settings.patch("entrust", {"portal_url": portal, "bcrypt_import_needs_email_false": False})
    entrust.call("set_password", "ada", body={"password": GOOD})
    entrust.call("set_password", "ada", body={"password": HASHES[OTHER], "passwordFormat": "BCRYPT"})
    mails = inbox.all()
    assert [(mail.codes, mail.links) for mail in mails] == [((), (portal,))] * 2
    assert not [mail for mail in mails if GOOD in mail.text or HASHES[OTHER] in mail.text]


@proves("entrust.password.mail")
def test_nothing_is_mailed_without_an_address(entrust: Entrust, inbox: Inbox) -> None:
    entrust.set("ines", generatePassword=True, emailPassword=True)
    assert inbox.all() == []
    entrust.set("ada", generatePassword=True, emailPassword=True)
    assert len(inbox.all()) == 1


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


def test_the_calendar_has_an_end(entrust: Entrust, sandbox: Callable[[], Sandbox]) -> None:
    sandbox().clock.set(datetime(9999, 12, 31, 23, 50, tzinfo=UTC))
    assert entrust.set("ben", password=GOOD).body["expiryTime"] == "9999-12-31T23:59:59Z"
    console = entrust.people["entrust", "console"]
    body = {"applicationId": console.id, "sharedSecret": console.password}
    assert entrust.call("authenticate", body=body).body["expirationTime"] == "9999-12-31T23:59:59Z"
