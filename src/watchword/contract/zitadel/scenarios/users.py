"""Reading and searching users, and changing their state."""

from watchword.contract.values import Of, Template
from watchword.contract.zitadel.caller import Asked
from watchword.contract.zitadel.password_owner import GOOD, TOO_LONG_ID, UNKNOWN_ID, WRONG
from watchword.contract.zitadel.story import Actor, Story
from watchword.contract.zitadel.topic import BEFORE_V4, PROFILES, RELEASES, V2_65, V4, Topic

about = Topic("Users")
METHOD = "TEXT_QUERY_METHOD_"
UNKNOWN = {
    "lock": "COMMAND-450yxuqrh1",
    "unlock": "COMMAND-x377t913pw",
    "deactivate": "COMMAND-5gp2p62iin",
    "reactivate": "COMMAND-9hy5kzbuk6",
    "delete": "COMMAND-bd4ir1mblj",
}


def ids_of(*people: Actor) -> Template:
    """Query for some people, so that others do not count."""
    return {"inUserIdsQuery": {"userIds": [one.id for one in people]}}


def _login(text: Template, method: str = "EQUALS") -> Template:
    return {"loginNameQuery": {"loginName": text, "method": f"{METHOD}{method}"}}


def _nested(query: Template, levels: int) -> Template:
    """Negate a query so many times."""
    for _ in range(levels):
        query = {"notQuery": {"query": query}}
    return query


def finds(asked: Asked, total: str | None, *people: Actor) -> None:
    """State how many users a list counts, and which it shows."""
    asked.answers(200, "found" if people else None).showing("/details/totalResult", total)
    for place, person in enumerate(people):
        asked.showing(f"/result/{place}/userId", person.id)
    asked.showing(f"/result/{len(people)}", None)


@about.scenario("zitadel.users.visible")
def a_list_leaves_out_who_may_not_be_seen_but_counts_them(story: Story) -> None:
    member, strict, manager, project_owner = story.people("member", "strict", "manager", "project-owner")
    finds(member.searches(ids_of(member, strict, manager)), "3", member)
    finds(strict.searches(ids_of(member, strict, manager)), "3", strict)
    viewer, instance_owner = story.people("viewer", "instance-owner")
    by_type = {"query": {"asc": True}, "sortingColumn": "USER_FIELD_NAME_TYPE"}
    finds(viewer.searches(ids_of(member, strict, manager), **by_type), "3", member, manager)
    everybody = instance_owner.searches(ids_of(member, strict, manager), **by_type).answers(200, "found")
    everybody.showing("/details/totalResult", "3").showing("/result/2/userId", manager.id).showing("/result/3", None)
    finds(project_owner.searches(ids_of(member, strict)), "2")
    finds(project_owner.searches(ids_of(member, project_owner)), "2", project_owner)
    finds(manager.searches(ids_of(member, strict)), "2", member)


@about.scenario("zitadel.users.query")
def a_list_has_the_users_who_fit_every_query(story: Story) -> None:
    member, passwordless, manager = story.people("member", "passwordless", "manager")
    human, machine = {"typeQuery": {"type": "TYPE_HUMAN"}}, {"typeQuery": {"type": "TYPE_MACHINE"}}
    active = {"stateQuery": {"state": "USER_STATE_ACTIVE"}}
    somebody = ids_of(member)
    for query in (
        _login(member.login),
        _login(member.login, "EQUALS_IGNORE_CASE"),
        _login(member.login, "STARTS_WITH"),
        _login(member.login, "CONTAINS"),
        _login("@", "CONTAINS"),
        human,
        active,
        {"stateQuery": {"state": 1}},
        {"notQuery": {"query": machine}},
        {"orQuery": {"queries": [machine, _login(member.login)]}},
        {"andQuery": {"queries": [active, human]}},
        _nested(human, 20),
    ):
        finds(manager.searches(somebody, query), "1", member)
    for query in (
        _login(passwordless.login),
        _login("%", "CONTAINS"),
        _login("\\", "CONTAINS"),
        machine,
        {"typeQuery": {}},
        {"stateQuery": {"state": "USER_STATE_DELETED"}},
        {"stateQuery": {"state": "anything else"}},
        {"notQuery": {"query": human}},
        {"andQuery": {"queries": [active, machine]}},
        ids_of(passwordless),
    ):
        finds(manager.searches(somebody, query), None)
    manager.searches(_login("nobody of that name")).answers(200, "none")


@about.scenario("zitadel.users.query", releases=V4)
def a_search_for_new_users_finds_them(story: Story) -> None:
    newcomer, manager = story.people("newcomer", "manager")
    finds(manager.searches(ids_of(newcomer), {"stateQuery": {"state": "USER_STATE_INITIAL"}}), "1", newcomer)


@about.scenario(shows=["zitadel.users.query"], releases=BEFORE_V4)
def a_search_for_new_users_finds_none(story: Story) -> None:
    newcomer, manager = story.people("newcomer", "manager")
    finds(manager.searches(ids_of(newcomer), {"stateQuery": {"state": "USER_STATE_INITIAL"}}), None)


@about.scenario(shows=["zitadel.users.phone"], releases=V4, in_both=False)
def phones_are_searched(story: Story) -> None:
    texted, manager = story.people("texted", "manager")
    phone = {"phoneQuery": {"number": Of("texted", "phone")}}
    finds(manager.searches(ids_of(texted), phone), "1", texted)
    finds(manager.searches(ids_of(texted), {"orQuery": {"queries": [phone]}}), "1", texted)


@about.scenario("zitadel.users.phone", releases=BEFORE_V4, in_both=False)
def a_query_for_a_phone_is_none(story: Story) -> None:
    manager, phone = story.person("manager"), {"phoneQuery": {"number": "+41791234567"}}
    manager.searches(phone).is_refused("INVALID_QUERIES")
    manager.searches({"orQuery": {"queries": [phone]}}).is_refused("INVALID_QUERIES")


@about.scenario("zitadel.users.query", releases=RELEASES)
def a_search_for_one_of_nothing_fails(story: Story) -> None:
    manager = story.person("manager")
    manager.searches({"inUserIdsQuery": {"userIds": []}}).answers(500, "UNKNOWN")
    manager.searches({"inUserEmailsQuery": {}}).answers(500, "UNKNOWN")
    manager.searches({"orQuery": {}}).answers(500, "UNKNOWN")
    manager.searches({"notQuery": {"query": {"andQuery": {"queries": []}}}}).answers(500, "UNKNOWN")
    manager.searches({"notQuery": {}}).answers(500)


@about.scenario("zitadel.users.query")
def queries_are_nested_in_twenty_levels_at_most(story: Story) -> None:
    member, manager = story.people("member", "manager")
    finds(manager.searches(_nested(ids_of(member), 20)), "1", member)
    manager.searches(_nested(ids_of(member), 21)).is_refused("USER-zsQ97")


@about.scenario("zitadel.users.page")
def a_page_after_the_last_user_is_empty_and_has_no_count(story: Story) -> None:
    member, manager = story.people("member", "manager")
    for page in ({}, {"limit": 1}, {"limit": "1", "asc": True}, {"limit": 0}):
        finds(manager.searches(ids_of(member), query=page), "1", member)
    finds(manager.searches(ids_of(member), query={"offset": "1"}), None)


@about.scenario("zitadel.users.page")
def pages_are_cut_before_people_are_left_out(story: Story) -> None:
    member, manager = story.people("member", "manager")
    # Whoever comes first, one page has the member and the other one nobody.
    by_type = {"sortingColumn": "USER_FIELD_NAME_TYPE"}
    both = ids_of(member, manager)
    finds(member.searches(both, query={"limit": 1, "asc": True}, **by_type), "2", member)
    finds(member.searches(both, query={"limit": 1, "offset": 1, "asc": True}, **by_type), "2")
    finds(member.searches(both, query={"limit": 1}, **by_type), "2")


@about.scenario("zitadel.validate.first", "zitadel.json.mapping")
def queries_for_users_are_valid(story: Story) -> None:
    manager = story.person("manager")
    for query in (
        {},
        {"loginNameQuery": {"loginName": ""}},
        {"emailQuery": {"emailAddress": "x" * 201}},
        {"typeQuery": {"type": 7}},
        {"orQuery": {"queries": [_login("a"), {}]}},
    ):
        manager.searches(_login("a"), query).is_refused("INVALID_QUERIES")
    for body, name in (
        ("{user", "JSON_SYNTAX"),
        ([], "PROTO_SYNTAX"),
        ({"query": {"limit": "many"}}, "PROTO_TYPE"),
        ('{"queries":[],"queries":[]}', "PROTO_DUPLICATE"),
        ({"queries": [{**_login("a"), "emailQuery": {"emailAddress": "b"}}]}, "PROTO_ONEOF"),
    ):
        manager.call("searches for users", "list_users", body).is_refused(name)


@about.scenario("zitadel.permission.user_read")
def users_see_themselves_and_others_need_the_permission(story: Story) -> None:
    member, strict, manager, bystander = story.people("member", "strict", "manager", "bystander")
    for caller in (member, manager, *story.people("org-owner", "viewer", "instance-owner")):
        caller.reads(member).answers(200, "person")
    story.person("instance-owner").reads(strict).answers(200)
    story.person("org-owner").reads(strict).needs_a_role()
    bystander.reads(member).needs_a_role()
    project_owner = story.person("project-owner")
    project_owner.reads(member).is_forbidden("AUTH-Swrgg2")
    project_owner.reads(strict).needs_a_role()
    manager.reads(manager).answers(200, "machine")


@about.scenario("zitadel.permission.user_read")
def a_role_without_the_permission_shows_nobody_but_oneself(story: Story) -> None:
    deputy, member = story.people("deputy", "member")
    deputy.reads(deputy).answers(200, "machine")
    deputy.reads(member).is_forbidden()


@about.scenario(shows=["zitadel.permission.user_read"])
def an_unknown_user_is_missing_whoever_asks(story: Story) -> None:
    for caller in story.people("manager", "member", "project-owner"):
        caller.reads(UNKNOWN_ID).is_refused("QUERY-Dfbg2", status=404)


@about.scenario("zitadel.validate.first")
def the_id_of_a_user_has_a_length(story: Story) -> None:
    story.person("manager").reads(TOO_LONG_ID).is_refused("INVALID_USER_ID")


@about.scenario()
def a_new_password_shows_when_a_user_is_read(story: Story) -> None:
    passwordless, newcomer, manager = story.people("passwordless", "newcomer", "manager")
    manager.reads(newcomer).showing("/user/state", "USER_STATE_INITIAL")
    manager.reads(passwordless).showing("/user/human/passwordChanged", None)
    manager.sets_password_of(passwordless, GOOD, required=True)
    manager.reads(passwordless).showing("/user/human/passwordChangeRequired", value=True)


@about.scenario("zitadel.state.change", in_both=False)
def a_state_changes_once_and_readers_see_it(story: Story) -> None:
    manager, member, locked = story.people("manager", "member", "locked")
    newcomer, deactivated = story.people("newcomer", "deactivated")
    manager.locks(member).answers(200, "locked")
    manager.reads(member).showing("/user/state", "USER_STATE_LOCKED")
    manager.locks(member).is_refused("COMMAND-lgws8wtsqf")
    manager.locks(newcomer).answers(200)
    manager.unlocks(locked).answers(200, "unlocked")
    manager.reads(locked).showing("/user/state", "USER_STATE_ACTIVE")
    manager.unlocks(locked).is_refused("COMMAND-olb9vb0oca")
    manager.deactivates(member).answers(200, "deactivated")
    manager.reads(member).showing("/user/state", "USER_STATE_INACTIVE")
    manager.deactivates(member).is_refused("COMMAND-5gunjw0cd7")
    manager.reactivates(deactivated).answers(200, "reactivated")
    manager.reads(deactivated).showing("/user/state", "USER_STATE_ACTIVE")
    manager.reactivates(deactivated).is_refused("COMMAND-s5qqcz97hf")


@about.scenario("zitadel.state.change", in_both=False)
def a_new_user_cannot_be_deactivated(story: Story) -> None:
    story.person("manager").deactivates(story.person("newcomer")).is_refused("COMMAND-gvx4kct9r2")


@about.scenario(in_both=False)
def the_state_of_an_unknown_user_cannot_be_changed(story: Story) -> None:
    for caller in story.people("manager", "bystander"):
        for verb, code in UNKNOWN.items():
            caller.on_user(f"{verb}_user", UNKNOWN_ID, None, f"{verb}s nobody").is_refused(code, status=404)


@about.scenario("zitadel.permission.user_state", in_both=False)
def users_may_change_their_own_state_and_others_need_the_permission(story: Story) -> None:
    member, manager, bystander = story.people("member", "manager", "bystander")
    for verb in ("lock", "deactivate"):
        bystander.on_user(f"{verb}_user", member, {}, f"{verb}s member").needs_a_role()
        story.person("viewer").on_user(f"{verb}_user", member, {}, f"{verb}s member").is_forbidden()
    member.locks(member).answers(200)
    story.person("viewer").unlocks(member).is_forbidden()
    bystander.unlocks(member).needs_a_role()
    story.person("org-owner").unlocks(member).answers(200)
    manager.deactivates(member).answers(200)
    story.person("viewer").reactivates(member).is_forbidden()
    bystander.reactivates(member).needs_a_role()
    story.person("instance-owner").reactivates(member).answers(200)


@about.scenario("zitadel.permission.user_delete", releases=[V2_65], in_both=False)
def users_may_delete_themselves(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.deletes(member).needs_a_role()
    story.person("viewer").deletes(member).is_forbidden()
    member.deletes(member).answers(200, "deleted")


@about.scenario("zitadel.permission.user_delete", releases=V4, in_both=False)
def users_need_a_role_to_delete_themselves(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.deletes(member).needs_a_role()
    story.person("viewer").deletes(member).is_forbidden()
    member.deletes(member).needs_a_role()
    story.person("manager").deletes(member).answers(200, "deleted")


@about.scenario(in_both=False)
def a_deleted_user_is_gone(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.deletes(member).answers(200, "deleted")
    manager.reads(member).is_refused("QUERY-Dfbg2", status=404)
    finds(manager.searches(ids_of(member)), None)
    member.starts_session().is_refused("QUERY-Dfbg2", status=404)
    manager.deletes(member).is_refused("COMMAND-bd4ir1mblj", status=404)


@about.scenario(releases=PROFILES, in_both=False)
def a_lock_after_wrong_passwords_is_seen_by_readers_and_unlocking_forgets_them(story: Story) -> None:
    strict, instance_owner = story.people("strict", "instance-owner")
    for state in ("ACTIVE", "ACTIVE", "LOCKED"):
        strict.signs_in(WRONG).is_refused("COMMAND-3M0fs")
        instance_owner.reads(strict).showing("/user/state", f"USER_STATE_{state}")
    instance_owner.unlocks(strict).answers(200)
    strict.signs_in(WRONG).is_refused("COMMAND-3M0fs")
    instance_owner.reads(strict).showing("/user/state", "USER_STATE_ACTIVE")
    strict.signs_in().answers(201)


@about.scenario("zitadel.validate.first", "zitadel.json.mapping", in_both=False)
def what_changes_a_state_is_its_message(story: Story) -> None:
    member, manager = story.people("member", "manager")
    for verb in ("lock", "unlock", "deactivate", "reactivate"):
        operation, says = f"{verb}_user", f"{verb}s somebody"
        manager.on_user(operation, TOO_LONG_ID, {}, says).is_refused("INVALID_USER_ID")
        for body, name in (
            ("{user", "JSON_SYNTAX"),
            ([], "PROTO_SYNTAX"),
            ({"userId": 5}, "PROTO_TYPE"),
            ('{"userId":"1","user_id":"2"}', "PROTO_DUPLICATE"),
        ):
            manager.on_user(operation, member, body, says).is_refused(name)
    manager.deletes(TOO_LONG_ID).is_refused("INVALID_USER_ID")
