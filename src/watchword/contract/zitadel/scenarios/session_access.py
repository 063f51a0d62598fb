"""Who may start, read, change, list and end sessions, by release."""

from datetime import timedelta

from watchword.contract.values import Template
from watchword.contract.zitadel.caller import Asked
from watchword.contract.zitadel.password_owner import TOO_LONG_ID, WRONG
from watchword.contract.zitadel.session_user import with_password
from watchword.contract.zitadel.story import Actor, Story
from watchword.contract.zitadel.topic import BEFORE_V4, DOCUMENTED, PROFILES, V2_65, V4, V4_2, V4_6, Topic

about = Topic("Who may do what with sessions")
A_SECOND = timedelta(seconds=1)
ALLOWED = ("sign-in", "instance-owner", "org-owner", "manager", "member")
"""Callers who may read and end the session of the member."""
FORBIDDEN = ("viewer", "project-owner")
"""Callers who have a role, but not the permission."""
WITHOUT_ROLE = ("bystander",)
"""Callers who have no role."""
BY_CREATION = {"sortingColumn": "SESSION_FIELD_NAME_CREATION_DATE"}


def _either(*sessions: Template) -> Template:
    """Query for some sessions, so that those of others do not count."""
    return {"idsQuery": {"ids": list(sessions)}}


def _shows(asked: Asked, total: str | None, *sessions: Template) -> None:
    """State how many sessions a list counts, and which it shows."""
    asked.answers(200, "sessions").showing("/details/totalResult", total)
    for place, session in enumerate(sessions):
        asked.showing(f"/sessions/{place}/id", session)
    asked.showing(f"/sessions/{len(sessions)}", None)


@about.scenario(releases=BEFORE_V4)
def everybody_starts_sessions(story: Story) -> None:
    passwordless = story.person("passwordless")
    for caller in story.people(*ALLOWED, *FORBIDDEN, *WITHOUT_ROLE):
        passwordless.starts_session(by=caller).answers(201, "created")


@about.scenario("zitadel.session.write", releases=V4)
def only_owners_of_the_instance_and_sign_in_pages_start_sessions(story: Story) -> None:
    bystander = story.person("bystander")
    for caller in story.people("sign-in", "instance-owner"):
        bystander.starts_session(by=caller).answers(201)
    for caller in story.people("org-owner", "manager", "member", *FORBIDDEN):
        bystander.starts_session(by=caller).needs_a_role()


@about.scenario("zitadel.session.write", releases=[V4_6])
def the_user_is_looked_up_before_the_permission_and_the_password_after_it(story: Story) -> None:
    member, locked, org_owner = story.people("member", "locked", "org-owner")
    nobody = {"checks": {"user": {"loginName": "x"}}}
    member.starts_session(nobody, by=org_owner).is_refused("QUERY-Dfbg2", status=404)
    locked.signs_in(WRONG, by=org_owner).is_refused("SESSION-Gj4ko")
    member.signs_in(WRONG, by=org_owner).needs_a_role()
    member.signs_in(WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", 1)


@about.scenario(shows=["zitadel.session.read"], releases=BEFORE_V4)
def everybody_reads_a_session_without_its_token(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    for caller in story.people(*ALLOWED, *FORBIDDEN, *WITHOUT_ROLE):
        member.reads_session(by=caller).answers(200, "session")


@about.scenario("zitadel.session.read", releases=V4)
def a_session_is_read_without_its_token_by_its_user_and_with_the_permission(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    for caller in story.people(*ALLOWED):
        member.reads_session(by=caller).answers(200, "session")
    for caller in story.people(*FORBIDDEN):
        member.reads_session(by=caller).is_forbidden()
    for caller in story.people(*WITHOUT_ROLE):
        member.reads_session(by=caller).needs_a_role()


@about.scenario(shows=["zitadel.session.read", "zitadel.sessions.visible"], releases=[V2_65], in_both=False)
def after_an_upgrade_whoever_started_a_session_still_reads_it(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.signs_in()
    member.starts_session(by=bystander).answers(201)
    story.set(zitadel_profile=V4_2)
    member.reads_session(by=bystander).answers(200, "session")
    _shows(bystander.lists_sessions(_either(member.session())), "1", member.session())


@about.scenario("zitadel.session.read", releases=PROFILES)
def with_its_newest_token_everybody_reads_a_session_and_with_another_one_nobody(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    for caller in story.people("sign-in", "instance-owner", "manager", *FORBIDDEN, *WITHOUT_ROLE):
        member.reads_session(token=member.session_token(), by=caller).answers(200)
        member.reads_session(token="x", by=caller).is_forbidden("QUERY-dsfr3")  # noqa: S106  # nobody's
    member.changes_session({"lifetime": "60s"})
    member.reads_session(token=member.session_token(1)).is_forbidden("QUERY-dsfr3")


@about.scenario(releases=[V4_6])
def the_token_in_the_query_may_have_its_other_name(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.signs_in()
    member.signs_in()
    query = {"session_token": member.session_token()}
    path = {"sessionId": member.session()}
    bystander.call("reads the session of member", "get_session", path=path, query=query).answers(200)


@about.scenario(releases=(DOCUMENTED, V2_65, V4_2))
def an_empty_token_is_none(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    member.reads_session(token="").answers(200)


@about.scenario("zitadel.validate.first", releases=[V4_6])
def an_empty_token_and_a_long_id_are_not_valid(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    member.reads_session(token="").is_refused("INVALID_SESSION_TOKEN")
    member.reads_session(session=TOO_LONG_ID).is_refused("INVALID_SESSION_ID")


@about.scenario(shows=["zitadel.session.write"], releases=[V2_65])
def everybody_changes_a_session_with_any_token(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.signs_in()
    _prepare(story)
    _change(member, bystander, "x").answers(200, "set")
    _change(member, bystander, None).answers(200)


@about.scenario("zitadel.session.write", releases=[V4_2])
def a_session_is_changed_with_its_newest_token_or_with_the_permission(story: Story) -> None:
    member, bystander, instance_owner, org_owner = story.people("member", "bystander", "instance-owner", "org-owner")
    for caller in (bystander, instance_owner, org_owner):
        caller.signs_in()
    _prepare(story)
    _change(member, bystander, member.session_token()).answers(200, "set")
    _change(member, bystander, "x").is_refused("COMMAND-hi6Ph")
    _change(member, instance_owner, "x").is_refused("COMMAND-hi6Ph")
    _change(member, instance_owner, member.session_token(1)).is_forbidden("COMMAND-sGr42")
    _change(member, instance_owner, instance_owner.session_token()).is_forbidden("COMMAND-sGr42")
    _change(member, instance_owner, None).answers(200)
    _change(member, bystander, None).needs_a_role()
    _change(member, org_owner, None).is_forbidden()


@about.scenario("zitadel.session.write", releases=[V4_6])
def a_session_is_changed_with_the_permission_whatever_its_token(story: Story) -> None:
    member, bystander, instance_owner, manager = story.people("member", "bystander", "instance-owner", "manager")
    for caller in (bystander, instance_owner):
        caller.signs_in()
    _prepare(story)
    _change(member, instance_owner, "x").answers(200)
    _change(member, story.person("sign-in"), member.session_token(1)).answers(200)
    _change(member, manager, member.session_token()).is_forbidden()
    _change(member, bystander, member.session_token()).needs_a_role()


def _prepare(story: Story) -> None:
    """Let the member have a session with a token and an older one."""
    member = story.person("member")
    member.starts_session()
    member.changes_session({"lifetime": "3600s"})


def _change(member: Actor, caller: Actor, token: Template) -> Asked:
    sent = {} if token is None else {"sessionToken": token}
    return member.changes_session({**sent, "checks": with_password(member.password)}, by=caller)


@about.scenario("zitadel.session.delete", releases=PROFILES)
def a_session_is_ended_by_its_user_and_with_the_permission(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    for caller in story.people(*FORBIDDEN):
        member.ends_session(by=caller).is_forbidden()
    for caller in story.people(*WITHOUT_ROLE):
        member.ends_session(by=caller).needs_a_role()
    for caller in story.people(*ALLOWED):
        member.signs_in()
        member.ends_session(by=caller).answers(200, "deleted")


@about.scenario("zitadel.session.delete", releases=PROFILES)
def with_its_newest_token_everybody_ends_a_session_and_with_another_one_nobody(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.signs_in()
    member.signs_in()
    for caller in (bystander, story.person("sign-in")):
        member.ends_session(token="x", by=caller).is_refused("COMMAND-hi6Ph")  # noqa: S106  # nobody's
        member.ends_session(token=bystander.session_token(), by=caller).is_forbidden("COMMAND-sGr42")
    for _ in range(2):
        ended = member.ends_session(token=member.session_token(), by=bystander).answers(200, "deleted")
        ended.showing("/details/sequence", "5")


@about.scenario("zitadel.session.delete", releases=[V2_65])
def whoever_started_a_session_ends_it(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.signs_in()
    member.starts_session(by=bystander)
    member.ends_session(by=bystander).answers(200)
    member.starts_session()
    member.ends_session(by=bystander).needs_a_role()
    member.ends_session(session="1").showing("/details", {})


@about.scenario("zitadel.sessions.own", releases=[V2_65])
def a_list_has_what_the_caller_started(story: Story) -> None:
    member, bystander, sign_in = story.people("member", "bystander", "sign-in")
    bystander.signs_in()
    member.starts_session(by=bystander)
    member.starts_session()
    queries = _either(member.session(1), member.session())
    _shows(bystander.lists_sessions(queries), "1", member.session(1))
    _shows(sign_in.lists_sessions(queries), "1", member.session())
    member.signs_in()
    _shows(member.lists_sessions(_either(member.session())), None)


@about.scenario("zitadel.sessions.visible", releases=V4)
def a_list_is_counted_and_cut_before_it_leaves_out_what_may_not_be_read(story: Story) -> None:
    member, strict, bystander, org_owner = story.people("member", "strict", "bystander", "org-owner")
    bystander.signs_in()
    org_owner.signs_in()
    member.starts_session()
    story.wait(A_SECOND)
    strict.signs_in()
    both = _either(member.session(), strict.session())
    sign_in = story.person("sign-in")
    oldest_first = sign_in.lists_sessions(both, query={"asc": True}, **BY_CREATION)
    _shows(oldest_first, "2", member.session(), strict.session())
    _shows(org_owner.lists_sessions(both), "2", member.session())
    _shows(strict.lists_sessions(both), "2", strict.session())
    _shows(bystander.lists_sessions(both), "2")
    _shows(strict.lists_sessions(both, query={"limit": 1, "asc": True}, **BY_CREATION), "2")
    newest_first = sign_in.lists_sessions(both, **BY_CREATION)
    _shows(newest_first, "2", strict.session(), member.session())
    page = sign_in.lists_sessions(both, query={"offset": "1", "asc": True}, **BY_CREATION)
    _shows(page, "2", strict.session())


@about.scenario(releases=[V4_2])
def a_session_in_a_list_fits_every_query(story: Story) -> None:
    member, strict, sign_in, instance_owner = story.people("member", "strict", "sign-in", "instance-owner")
    instance_owner.signs_in()
    agent = {"userAgent": {"fingerprintId": "a fingerprint of its own"}}
    member.starts_session({"checks": member.named(), **agent, "lifetime": "3600s"})
    strict.starts_session(by=instance_owner)
    both = _either(member.session(), strict.session(), "1")
    _shows(sign_in.lists_sessions(both, {"userIdQuery": {"id": strict.id}}), "1", strict.session())
    _shows(sign_in.lists_sessions(both, {"creatorQuery": {}}), "1", member.session())
    _shows(sign_in.lists_sessions(both, {"creatorQuery": {"id": instance_owner.id}}), "1", strict.session())
    _shows(sign_in.lists_sessions(both, {"userAgentQuery": agent["userAgent"]}), "1", member.session())
    long_ago, greater = "2001-01-01T00:00:00Z", "TIMESTAMP_QUERY_METHOD_GREATER"
    later = {"expirationDateQuery": {"expirationDate": long_ago, "method": greater}}
    _shows(sign_in.lists_sessions(both, later), "1", member.session())
    before = {"creationDate": long_ago, "method": "TIMESTAMP_QUERY_METHOD_LESS"}
    _shows(sign_in.lists_sessions(both, {"creationDateQuery": before}), None)


@about.scenario("zitadel.validate.first", releases=[V2_65])
def a_query_that_the_release_does_not_know_is_none(story: Story) -> None:
    story.person("sign-in").lists_sessions({"idsQuery": {}}, {"creatorQuery": {}}).is_refused("INVALID_QUERIES")


@about.scenario("zitadel.validate.first", "zitadel.json.mapping")
def queries_for_sessions_are_valid(story: Story) -> None:
    sign_in = story.person("sign-in")
    sign_in.lists_sessions({}).is_refused("INVALID_QUERIES")
    for body, name in (
        ("{new", "JSON_SYNTAX"),
        ([], "PROTO_SYNTAX"),
        ({"query": {"limit": True}}, "PROTO_TYPE"),
        ('{"query":{},"query":{}}', "PROTO_DUPLICATE"),
        ({"queries": [{"idsQuery": {}, "userIdQuery": {"id": "1"}}]}, "PROTO_ONEOF"),
    ):
        sign_in.call("lists sessions", "list_sessions", body).is_refused(name)


@about.scenario("zitadel.json.mapping")
def what_ends_a_session_is_its_message(story: Story) -> None:
    sign_in = story.person("sign-in")
    for body, name in (
        ("{new", "JSON_SYNTAX"),
        ([], "PROTO_SYNTAX"),
        ({"sessionToken": 5}, "PROTO_TYPE"),
        ('{"sessionToken":"","session_token":""}', "PROTO_DUPLICATE"),
    ):
        sign_in.call("ends a session", "delete_session", body, path={"sessionId": "1"}).is_refused(name)
