"""Requesting a code for a new password: media, links, and which code is valid."""

from datetime import timedelta

from watchword.contract.values import Joined, Template
from watchword.contract.zitadel.password_owner import GOOD, SECOND, TEXT_MESSAGE, TOO_LONG_ID, UNKNOWN_ID
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import BEFORE_V4, PROFILES, V4, Topic

about = Topic("A code for a new password")


@about.scenario("zitadel.reset.medium")
def a_code_is_sent_by_mail_by_default(story: Story) -> None:
    member = story.person("member")
    bodies: list[dict[str, object]] = [
        {},
        {"sendLink": {}},
        {"sendLink": {"notificationType": "NOTIFICATION_TYPE_Email"}},
        {"sendLink": {"notificationType": 0}},
    ]
    for number, body in enumerate(bodies, 1):
        member.is_sent_code(body).answers(200, "sent").showing("/verificationCode", None)
        member.has_mails(number)
    member.redeems_code(code=member.sent_code()).answers(200, "changed")


@about.scenario("zitadel.reset.medium")
def the_code_is_in_the_answer_only_on_request(story: Story) -> None:
    member = story.person("member")
    member.gets_code().answers(200, "returned")
    member.has_mails(0)
    member.redeems_code().answers(200)
    member.is_sent_code().answers(200, "sent").showing("/verificationCode", None)


@about.scenario("zitadel.reset.medium")
def a_code_is_sent_as_a_text_message_on_request(story: Story) -> None:
    texted = story.person("texted")
    texted.is_sent_code({"sendLink": {"notificationType": TEXT_MESSAGE}}).answers(200, "sent")
    texted.redeems_code(GOOD, code=texted.sent_code()).answers(200)
    texted.is_sent_code({"sendLink": {"notificationType": 2}})
    texted.redeems_code(SECOND, code=texted.sent_code()).answers(200)


@about.scenario("zitadel.reset.medium")
def without_a_phone_a_text_message_is_sent_to_nobody_and_is_an_event(story: Story) -> None:
    member = story.person("member")
    member.is_sent_code({"sendLink": {"notificationType": TEXT_MESSAGE}}).showing("/details/sequence", "2")
    member.has_mails(0)
    # The code and the message are an event each.
    member.gets_code().showing("/details/sequence", "4")


@about.scenario("zitadel.code.newest")
def only_the_newest_code_is_valid(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code(GOOD).answers(200)
    member.gets_code()
    member.gets_code()
    member.redeems_code(SECOND, code=member.code(1)).is_refused("CODE-woT0xc")


@about.scenario("zitadel.code.newest")
def the_lifetime_of_a_code_is_a_setting(story: Story) -> None:
    member = story.person("member")
    story.set(code_minutes=5)
    member.gets_code()
    story.wait_almost(timedelta(minutes=5))
    member.redeems_code(GOOD).answers(200)
    member.gets_code()
    story.wait(timedelta(minutes=5))
    member.redeems_code(SECOND).is_refused("CODE-QvUQ4P")


@about.scenario()
def another_code_starts_another_hour(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    story.wait(timedelta(minutes=40))
    member.gets_code()
    story.wait(timedelta(minutes=40))
    member.redeems_code().answers(200)


@about.scenario("zitadel.reset.order")
def the_template_is_checked_first_then_the_user_then_the_permission(story: Story) -> None:
    bystander, newcomer, org_owner, sign_in = story.people("bystander", "newcomer", "org-owner", "sign-in")
    bad = {"sendLink": {"urlTemplate": "{{"}}
    bystander.requests_code_of(UNKNOWN_ID, bad).is_refused("DOMAIN-oGh5e")
    bystander.requests_code_of(UNKNOWN_ID, {}).is_refused("COMMAND-SAF4f", status=404)
    bystander.requests_code_of(sign_in, {}).is_refused("COMMAND-SAF4f", status=404)
    bystander.requests_code_of(newcomer, {}).is_refused("COMMAND-Sfe4g")
    bystander.requests_code_of(org_owner, {}).needs_a_role()
    story.person("viewer").requests_code_of(org_owner, {}).is_forbidden()


@about.scenario("zitadel.permission.self", releases=PROFILES)
def every_user_may_request_a_code(story: Story) -> None:
    member, org_owner = story.people("member", "org-owner")
    member.gets_code(by=member).answers(200, "returned")
    member.gets_code(by=org_owner).answers(200)


@about.scenario(releases=BEFORE_V4)
def the_link_leads_to_the_first_sign_in_page(story: Story) -> None:
    member = story.person("member")
    member.is_sent_code()
    path = "/ui/login/password/init?authRequestID="
    rest = ("&code=", member.sent_code(), "&orgID=", member.organisation, "&userID=", member.id)
    member.has_mails(1, link_has=[Joined((path, *rest))])


@about.scenario(releases=V4)
def the_link_leads_to_the_second_sign_in_page(story: Story) -> None:
    member = story.person("member")
    member.is_sent_code()
    path = "/ui/v2/login/password/set?code="
    rest = (member.sent_code(), "&userId=", member.id, "&organization=", member.organisation)
    member.has_mails(1, link_has=[Joined((path, *rest))])


@about.scenario("zitadel.reset.template")
def a_template_makes_the_link(story: Story) -> None:
    member = story.person("member")
    links: list[tuple[str, tuple[Template, ...]]] = [
        ("/{{.UserID}}/{{.OrgID}}", ("/", member.id, "/", member.organisation)),
        ("/?u={{ urlquery .UserID }}&c={{.Code}}", ("/?u=", member.id, "&c=", member.sent_code())),
        ("/?u={{.UserID | urlquery}}", ("/?u=", member.id)),
        ("/ {{- .UserID -}} /x", ("/", member.id, "/x")),
        ("/{{/* nothing */}}x", ("/x",)),
        ("/}}", ("/}}",)),
    ]
    for number, (template, link) in enumerate(links, 1):
        member.is_sent_link(f"https://me.example{template}").answers(200)
        member.has_mails(number, link_has=[Joined(("https://me.example", *link))])


@about.scenario("zitadel.reset.template")
def a_bad_template_is_refused_and_makes_no_code(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    for template in ("{{", "{{.Code", "{{}}", "{{.Code}}{{", "{{nonsense .Code}}"):
        member.is_sent_link(template).is_refused("DOMAIN-oGh5e")
    for template in ("{{.Password}}", "{{.Code.First}}", "{{.code}}"):
        member.is_sent_link(template).is_refused("DOMAIN-ieYa7")
    member.has_mails(0)
    member.redeems_code().answers(200)


@about.scenario()
def links_begin_with_the_setting_portal_url(story: Story) -> None:
    member = story.person("member")
    story.set(portal_url="https://portal.example/app/")
    member.is_sent_code()
    member.has_mails(1, link_has=["https://portal.example/app/ui/login/password/init?"])
    story.set(portal_url="https://portal.example/#/")
    member.is_sent_code()
    member.has_mails(2, link_has=["https://portal.example/#/ui/login/password/init?"])


@about.scenario("zitadel.validate.first")
def an_id_and_a_template_have_lengths(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.requests_code_of(TOO_LONG_ID, {}).is_refused("INVALID_USER_ID")
    member.is_sent_link("").is_refused("INVALID_SEND_LINK")
    member.is_sent_link("https://me.example/" + "x" * 182).is_refused("INVALID_SEND_LINK")


@about.scenario("zitadel.json.mapping")
def a_request_that_is_not_its_message_is_refused_before_the_token(story: Story) -> None:
    member, manager = story.people("member", "manager")
    nobody = {"Authorization": None}
    for body, name in (
        ("{new", "JSON_SYNTAX"),
        ([], "PROTO_SYNTAX"),
        ({"sendLink": {"urlTemplate": True}}, "PROTO_TYPE"),
        ('{"sendLink":{},"send_link":{}}', "PROTO_DUPLICATE"),
        ({"sendLink": {}, "returnCode": {}}, "PROTO_ONEOF"),
    ):
        manager.requests_code_of(member, body, headers=nobody).is_refused(name)


@about.scenario("zitadel.json.mapping")
def unknown_constants_of_an_enumeration_are_ignored(story: Story) -> None:
    member = story.person("member")
    for ignored in ("NOTIFICATION_TYPE_Pigeon", 7, -1, 2**31 - 1):
        member.is_sent_code({"sendLink": {"notificationType": ignored}}).answers(200)
    for refused in (2**31, 1.5, True):
        member.is_sent_code({"sendLink": {"notificationType": refused}}).is_refused("PROTO_TYPE")
