"""Requests with two faults: which of them is answered."""

from watchword.contract.values import Template
from watchword.contract.zitadel.password_owner import GOOD, TEXT_MESSAGE, TOO_LONG_ID, WRONG, WRONG_CODE
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import BEFORE_V4, PROFILES, V2_65, V4, Topic

about = Topic("Which fault is answered first")
_UNPRINTABLE: dict[str, Template] = {"Authorization": "Bearer t\xf6k"}
_NOT_BASE64: dict[str, Template] = {"Grpc-Metadata-Foo-Bin": "%%"}
_UNREADABLE = "invalid binary header Grpc-Metadata-Foo-Bin: illegal base64 data at input byte 0"
_NOWHERE: dict[str, Template] = {"x-zitadel-orgid": "1"}
_ELSEWHERE: dict[str, Template] = {"Origin": "https://elsewhere.example"}


@about.scenario("zitadel.gateway.metadata", "zitadel.json.mapping")
def metadata_are_read_before_the_body_and_the_body_before_the_token(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.requests_code_of(member, "{new", headers=_NOT_BASE64).answers(400, message=_UNREADABLE)
    manager.requests_code_of(member, "{new", headers=_UNPRINTABLE).is_refused("JSON_SYNTAX")


@about.scenario("zitadel.gateway.metadata")
def without_a_body_metadata_are_read_before_the_token(story: Story) -> None:
    member, manager = story.people("member", "manager")
    both = {**_NOT_BASE64, **_UNPRINTABLE}
    asked = manager.call("reads member", "get_user", path={"userId": member.id}, headers=both)
    asked.answers(400, message=_UNREADABLE)


@about.scenario("zitadel.query.mapping")
def a_query_string_is_read_before_the_token(story: Story) -> None:
    manager = story.person("manager")
    query = "ctx.instance=perhaps"
    asked = manager.call("reads settings", "get_login_settings", query=query, headers=_UNPRINTABLE)
    asked.is_refused("QUERY_TYPE")


@about.scenario("zitadel.auth.session")
def the_session_of_a_token_is_checked_before_the_organisation(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    member.changes_session({"lifetime": "60s"})
    member.calling_with(member.session_token(1)).uses_token(_NOWHERE).is_forbidden("QUERY-dsfr3")


@about.scenario("zitadel.auth.organisation", "zitadel.auth.origin", releases=BEFORE_V4)
def the_organisation_is_checked_before_the_origin_and_the_origin_before_the_message(story: Story) -> None:
    shopper = story.person("shopper")
    shopper.uses_token({**_NOWHERE, **_ELSEWHERE}).is_forbidden("AUTH-Bs7Ds")
    path = {"sessionId": TOO_LONG_ID}
    shopper.call("changes no session", "set_session", {}, path=path, headers=_ELSEWHERE).is_forbidden("AUTH-DZG21")


@about.scenario("zitadel.permission.policy_read")
def a_role_is_needed_before_the_context_of_settings_is_looked_at(story: Story) -> None:
    story.person("member").reads_settings("lockout", {"ctx.instance": "false"}).needs_a_role()


@about.scenario("zitadel.state.change", in_both=False)
def the_state_of_a_user_is_looked_at_before_the_permission(story: Story) -> None:
    bystander, member, locked, newcomer = story.people("bystander", "member", "locked", "newcomer")
    bystander.unlocks(member).is_refused("COMMAND-olb9vb0oca")
    bystander.locks(locked).is_refused("COMMAND-lgws8wtsqf")
    bystander.deactivates(newcomer).is_refused("COMMAND-gvx4kct9r2")
    bystander.reactivates(member).is_refused("COMMAND-s5qqcz97hf")


@about.scenario("zitadel.session.exists", releases=V4)
def a_session_that_has_ended_is_missing_also_for_those_who_may_not_read_it(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    member.signs_in()
    member.ends_session()
    member.reads_session(by=bystander).is_refused("QUERY-SFeaa", status=404)


@about.scenario("zitadel.session.locked", releases=[V2_65, *V4], in_both=False)
def that_a_user_is_locked_is_found_before_the_password_is_compared(story: Story) -> None:
    member, manager = story.people("member", "manager")
    member.starts_session()
    manager.locks(member)
    member.checks_password(WRONG).is_refused("COMMAND-JLK35")


@about.scenario("zitadel.code.external", releases=PROFILES)
def a_code_of_somebody_else_is_not_compared(story: Story) -> None:
    texted = story.person("texted")
    story.set(sms_provider="external")
    texted.is_sent_code({"sendLink": {"notificationType": TEXT_MESSAGE}}).answers(200)
    texted.redeems_code(GOOD, code=WRONG_CODE).is_refused("COMMAND-M0g95")
