"""Reading settings: whose they are, who may, and what a query string may be."""

from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import RELEASES, V4_6, Topic

about = Topic("Settings")
OF_ORGANISATIONS = ("login", "password_complexity", "password_expiry", "domain", "lockout")
INSTANCE, ORGANISATION = "RESOURCE_OWNER_TYPE_INSTANCE", "RESOURCE_OWNER_TYPE_ORG"
OWNER, LENGTH = "/settings/resourceOwnerType", "/settings/minLength"


@about.scenario(releases=("", *RELEASES))
def whoever_has_a_role_reads_every_kind_of_settings(story: Story) -> None:
    manager = story.person("manager")
    for kind in ("general", *OF_ORGANISATIONS):
        manager.reads_settings(kind).answers(200, "settings")


@about.scenario("zitadel.settings.owner")
def the_context_says_whose_settings_are_read(story: Story) -> None:
    manager, member, strict = story.people("manager", "member", "strict")
    instance_owner = story.person("instance-owner")
    instance_owner.reads(member)
    instance_owner.reads(strict)
    for query in ({}, {"ctx.orgId": member.organisation}, {"ctx.orgId": "123456"}, {"ctx.orgId": ""}):
        manager.reads_settings("password_complexity", query).showing(OWNER, INSTANCE).showing(LENGTH, "8")
    for query in ({"ctx.instance": "true"}, {"ctx.instance": "1"}, {"ctx.foo": "1"}, {"foo": "1"}):
        manager.reads_settings("password_complexity", query).showing(OWNER, INSTANCE)
    for name in ("ctx.orgId", "ctx.org_id"):
        read = manager.reads_settings("password_complexity", {name: strict.organisation})
        read.showing(OWNER, ORGANISATION).showing(LENGTH, "12")
    manager.reads_settings("lockout", {"ctx.orgId": strict.organisation}).showing("/settings/maxPasswordAttempts", "3")


@about.scenario("zitadel.settings.owner")
def without_a_context_the_organisation_of_the_call_decides(story: Story) -> None:
    instance_owner, strict = story.people("instance-owner", "strict")
    instance_owner.reads(strict)
    read = instance_owner.reads_settings("password_complexity", organisation=strict.organisation)
    read.showing(LENGTH, "12")
    whole = {"ctx.instance": "true"}
    read = instance_owner.reads_settings("password_complexity", whole, organisation=strict.organisation)
    read.showing(LENGTH, "8")


@about.scenario("zitadel.permission.policy_read")
def a_role_is_needed_in_the_organisation_of_the_call(story: Story) -> None:
    instance_owner, strict, org_owner = story.people("instance-owner", "strict", "org-owner")
    instance_owner.reads(strict)
    for kind in ("general", *OF_ORGANISATIONS):
        story.person("member").reads_settings(kind).needs_a_role()
        strict.reads_settings(kind).needs_a_role()
    here = {"ctx.orgId": strict.organisation}
    org_owner.reads_settings("lockout", here).answers(200)
    org_owner.reads_settings("lockout", here, organisation=strict.organisation).needs_a_role()


@about.scenario("zitadel.permission.policy_read")
def a_role_has_to_include_the_permission_to_read_settings(story: Story) -> None:
    deputy = story.person("deputy")
    for kind in ("general", *OF_ORGANISATIONS):
        deputy.reads_settings(kind).is_forbidden("AUTH-5mWD2")


@about.scenario()
def a_role_for_one_project_is_enough(story: Story) -> None:
    story.person("project-owner").reads_settings("password_complexity").answers(200, "settings")


@about.scenario("zitadel.query.mapping")
def a_query_string_that_is_no_message_is_refused_before_the_token(story: Story) -> None:
    nobody = story.person("manager").calling_with("of nobody")
    for kind in OF_ORGANISATIONS:
        for query, name in (
            ("ctx.instance=perhaps", "QUERY_TYPE"),
            ("ctx=1", "QUERY_TYPE"),
            ("ctx.orgId=1&ctx.orgId=2", "QUERY_REPEATED"),
            ("ctx.orgId=1&ctx.instance=true", "QUERY_ONEOF"),
            ("ctx.orgId=1&ctx.org_id=2", "QUERY_ONEOF"),
            ("ctx.orgId=%zz", "QUERY_ESCAPE"),
            ("foo=%", "QUERY_ESCAPE"),
            ("ctx.orgId=1;2", "QUERY_SEMICOLON"),
        ):
            nobody.reads_settings(kind, query).is_refused(name)


@about.scenario("zitadel.validate.first")
def a_context_that_says_no_instance_is_not_valid(story: Story) -> None:
    manager = story.person("manager")
    for kind in OF_ORGANISATIONS:
        manager.reads_settings(kind, {"ctx.instance": "false"}).is_refused("INVALID_CTX")


@about.scenario()
def general_settings_have_no_parameters_so_nothing_is_wrong_with_them(story: Story) -> None:
    story.person("manager").reads_settings("general", "ctx.orgId=%zz").answers(200)


@about.scenario(releases=[V4_6], in_both=False)
def login_settings_say_whether_passwords_are_allowed(story: Story) -> None:
    story.person("manager").reads_settings("login").showing("/settings/allowLocalAuthentication", value=True)


@about.scenario(shows=["zitadel.settings.owner"])
def the_settings_of_the_instance_are_settings(story: Story) -> None:
    manager, strict, instance_owner = story.people("manager", "strict", "instance-owner")
    story.set(complexity={"min_length": 10, "symbol": False}, lockout={"max_password_attempts": 5})
    read = manager.reads_settings("password_complexity").showing(LENGTH, "10")
    read.showing("/settings/requiresSymbol", None).showing("/settings/requiresNumber", value=True)
    manager.reads_settings("lockout").showing("/settings/maxPasswordAttempts", "5")
    instance_owner.reads(strict)
    there = {"ctx.orgId": strict.organisation}
    manager.reads_settings("lockout", there).showing("/settings/maxPasswordAttempts", "3")
