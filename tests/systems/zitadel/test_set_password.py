"""Setting a password and requesting a code, as far as no scenario states it: dates, texts and the alphabet of codes."""

from datetime import timedelta

from tests.conftest import Inbox, ManualClock
from tests.outcomes import proves
from tests.systems.zitadel.conftest import NEW, Zitadel

MINI = "V3ryS3cure!"


def test_a_date_has_no_decimals_or_three_or_six(zitadel: Zitadel, clock: ManualClock) -> None:
    clock.advance(timedelta(microseconds=42_100))
    first = zitadel.change("mini", currentPassword=MINI).body["details"]
    assert first["changeDate"] == "2026-01-15T12:00:00.042100Z"
    clock.advance(timedelta(microseconds=900))
    second = zitadel.change("mini", "An0ther-One!", currentPassword=NEW).body["details"]
    assert second["changeDate"] == "2026-01-15T12:00:00.043Z"


def test_a_mail_reports_the_change_and_does_not_contain_the_password(zitadel: Zitadel, inbox: Inbox) -> None:
    zitadel.change("mini", currentPassword=MINI)
    mail = inbox.latest(to="mini@mouse.example")
    assert mail.subject == "Password of user has changed"
    assert NEW not in mail.text


def test_the_code_of_a_text_message_that_reached_nobody_is_the_valid_one(zitadel: Zitadel, inbox: Inbox) -> None:
    zitadel.reset("mini", {"sendLink": {"notificationType": "NOTIFICATION_TYPE_SMS"}})
    assert [message.to for message in inbox.all()] == [""]
    assert zitadel.change("mini", verificationCode=inbox.latest(to="").codes[0]).status == 200


@proves("zitadel.code.shape")
def test_a_code_has_six_of_35_characters(zitadel: Zitadel) -> None:
    codes = "".join(zitadel.code("mini") for _ in range(60))
    assert len(codes) == 360
    assert set(codes) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678")
