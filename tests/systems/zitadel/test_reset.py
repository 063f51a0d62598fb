"""Requesting a code: media, links, and which code is valid."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Inbox, ManualClock, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import UNKNOWN_ID, Zitadel, refusal

MAIL = "mini@mouse.example"


@proves("zitadel.reset.medium")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sendLink": {}},
        {"sendLink": {"notificationType": "NOTIFICATION_TYPE_Email"}},
        {"sendLink": {"notificationType": 0}},
    ],
    ids=["nothing", "a link", "by mail", "unspecified"],
)
def test_a_code_is_sent_by_mail_by_default(zitadel: Zitadel, inbox: Inbox, body: Any) -> None:
    answer = zitadel.reset("mini", body)
    assert answer.body["details"]["sequence"] == "2"
    assert "verificationCode" not in answer.body
    mail = inbox.latest(to=MAIL)
    assert mail.links == (
        f"http://localhost:3000/ui/login/password/init?authRequestID=&code={mail.codes[0]}"
        "&orgID=69629023906488334&userID=269629023906488501",
    )
    assert zitadel.change("mini", verificationCode=mail.codes[0]).body["details"]["sequence"] == "4"


@proves("zitadel.reset.medium")
@pytest.mark.parametrize("kind", ["NOTIFICATION_TYPE_SMS", 2], ids=["by name", "by number"])
def test_a_code_is_sent_as_a_text_message_on_request(zitadel: Zitadel, inbox: Inbox, kind: Any) -> None:
    assert zitadel.reset("phil", {"sendLink": {"notificationType": kind}}).status == 200
    text = inbox.latest(to="+41791234567")
    assert zitadel.change("phil", verificationCode=text.codes[0]).status == 200


@proves("zitadel.reset.medium")
def test_the_code_is_in_the_answer_only_on_request(zitadel: Zitadel, inbox: Inbox) -> None:
    answer = zitadel.reset("mini", {"returnCode": {}})
    assert len(answer.body["verificationCode"]) == 6
    assert inbox.all(to=MAIL) == []
    assert zitadel.reset("mini", {"returnCode": {}}).body["details"]["sequence"] == "3"
    assert "verificationCode" not in zitadel.reset("mini").body


@proves("zitadel.reset.medium")
def test_without_a_phone_a_text_message_is_sent_to_nobody_and_is_an_event(zitadel: Zitadel, inbox: Inbox) -> None:
    answer = zitadel.reset("mini", {"sendLink": {"notificationType": "NOTIFICATION_TYPE_SMS"}})
    assert (answer.status, answer.body["details"]["sequence"]) == (200, "2")
    assert [message.to for message in inbox.all()] == [""]
    # The code and the message are an event each.
    assert zitadel.reset("mini", {"returnCode": {}}).body["details"]["sequence"] == "4"


def test_the_code_of_a_text_message_that_reached_nobody_is_the_valid_one(zitadel: Zitadel, inbox: Inbox) -> None:
    zitadel.reset("mini", {"sendLink": {"notificationType": "NOTIFICATION_TYPE_SMS"}})
    assert zitadel.change("mini", verificationCode=inbox.latest(to="").codes[0]).status == 200


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        ("documented", "/ui/login/password/init?authRequestID=&code={code}&orgID={org}&userID={user}"),
        ("v2.65", "/ui/login/password/init?authRequestID=&code={code}&orgID={org}&userID={user}"),
        ("v4.2", "/ui/v2/login/password/set?code={code}&userId={user}&organization={org}"),
        ("v4.6", "/ui/v2/login/password/set?code={code}&userId={user}&organization={org}"),
    ],
)
def test_the_link_leads_to_the_sign_in_page_of_the_release(
    zitadel: Zitadel, inbox: Inbox, settings: SettingsOf, profile: str, path: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    zitadel.reset("mini")
    mail = inbox.latest(to=MAIL)
    expected = path.format(code=mail.codes[0], org="69629023906488334", user="269629023906488501")
    assert mail.links == (f"http://localhost:3000{expected}",)


@proves("zitadel.code.shape")
def test_a_code_has_six_of_35_characters(zitadel: Zitadel) -> None:
    codes = "".join(zitadel.code("mini") for _ in range(60))
    assert len(codes) == 360
    assert set(codes) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678")


@proves("zitadel.code.newest")
def test_only_the_newest_code_is_valid(zitadel: Zitadel) -> None:
    first = zitadel.code("mini")
    second = zitadel.code("mini")
    assert refusal(zitadel.change("mini", verificationCode=first))[2] == "Code is invalid (CODE-woT0xc)"
    assert zitadel.change("mini", verificationCode=second).status == 200


@proves("zitadel.code.newest")
def test_the_lifetime_of_a_code_is_a_setting(zitadel: Zitadel, settings: SettingsOf, clock: ManualClock) -> None:
    settings.patch("zitadel", {"code_minutes": 5})
    code = zitadel.code("mini")
    clock.advance(timedelta(minutes=5))
    assert refusal(zitadel.change("mini", verificationCode=code))[2] == "Code is expired (CODE-QvUQ4P)"


@proves("zitadel.reset.order")
def test_the_template_is_checked_first_then_the_user_then_the_permission(zitadel: Zitadel) -> None:
    bad = {"sendLink": {"urlTemplate": "{{"}}
    assert refusal(zitadel.reset(UNKNOWN_ID, bad, by="mini"))[2] == "URL Template is invalid (DOMAIN-oGh5e)"
    assert refusal(zitadel.reset(UNKNOWN_ID, by="mini")) == (404, 5, "User could not be found (COMMAND-SAF4f)")
    assert refusal(zitadel.reset("robot", by="mini"))[2] == "User could not be found (COMMAND-SAF4f)"
    assert refusal(zitadel.reset("ines", by="mini"))[2] == "User is not yet initialized (COMMAND-Sfe4g)"
    assert refusal(zitadel.reset("otto", by="mini"))[2] == "membership not found (AUTHZ-cdgFk)"


@proves("zitadel.permission.self")
@pytest.mark.parametrize("profile", ["documented", "v2.65", "v4.2", "v4.6"])
def test_every_user_may_request_a_code_in_every_profile(zitadel: Zitadel, settings: SettingsOf, profile: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    assert zitadel.reset("mini").status == 200
    assert zitadel.reset("mini", by="otto").status == 200


@proves("zitadel.reset.template")
@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("https://me.example/{{.UserID}}/{{.OrgID}}", "https://me.example/269629023906488501/69629023906488334"),
        ("https://me.example/?u={{ urlquery .UserID }}", "https://me.example/?u=269629023906488501"),
        ("https://me.example/?u={{.UserID | urlquery}}", "https://me.example/?u=269629023906488501"),
        ("https://me.example/ {{- .UserID -}} /x", "https://me.example/269629023906488501/x"),
        ("https://me.example/{{/* nothing */}}x", "https://me.example/x"),
        ("https://me.example/}}", "https://me.example/}}"),
    ],
)
def test_a_template_makes_the_link(zitadel: Zitadel, inbox: Inbox, template: str, link: str) -> None:
    assert zitadel.reset("mini", {"sendLink": {"urlTemplate": template}}).status == 200
    assert inbox.latest(to=MAIL).links == (link,)


@proves("zitadel.reset.template")
@pytest.mark.parametrize(
    ("template", "identifier"),
    [
        ("{{", "DOMAIN-oGh5e"),
        ("{{.Code", "DOMAIN-oGh5e"),
        ("{{}}", "DOMAIN-oGh5e"),
        ("{{.Code}}{{", "DOMAIN-oGh5e"),
        ("{{nonsense .Code}}", "DOMAIN-oGh5e"),
        ("{{.Password}}", "DOMAIN-ieYa7"),
        ("{{.Code.First}}", "DOMAIN-ieYa7"),
        ("{{.code}}", "DOMAIN-ieYa7"),
    ],
)
def test_a_bad_template_is_refused_and_makes_no_code(
    zitadel: Zitadel, inbox: Inbox, template: str, identifier: str
) -> None:
    answer = zitadel.reset("cora", {"sendLink": {"urlTemplate": template}})
    assert refusal(answer) == (400, 3, f"URL Template is invalid ({identifier})")
    assert inbox.all() == []
    assert zitadel.change("cora", verificationCode="K4RL0Z").status == 200


def test_links_in_mails_begin_with_the_setting_portal_url(zitadel: Zitadel, inbox: Inbox, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"portal_url": "https://portal.example/app/"})
    zitadel.reset("mini")
    assert inbox.latest(to=MAIL).links[0].startswith("https://portal.example/app/ui/login/password/init?")


def test_the_links_of_a_portal_with_a_hash_router_lead_into_its_fragment(
    zitadel: Zitadel, inbox: Inbox, settings: SettingsOf
) -> None:
    settings.patch("zitadel", {"portal_url": "https://portal.example/#/"})
    zitadel.reset("mini")
    assert inbox.latest(to=MAIL).links[0].startswith("https://portal.example/#/ui/login/password/init?")
