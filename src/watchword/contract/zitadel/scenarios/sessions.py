"""Sessions: what is checked, what they show, and what their tokens open."""

from datetime import timedelta

from watchword.contract.telling import HOUR
from watchword.contract.values import Template
from watchword.contract.zitadel.password_owner import GOOD, TOO_LONG_ID, UNKNOWN_ID, WRONG
from watchword.contract.zitadel.session_user import with_password
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import BEFORE_V4, DOCUMENTED, PROFILES, V2_65, V4, V4_2, V4_6, Topic

about = Topic("Sessions")


@about.scenario()
def a_session_needs_no_checks(story: Story) -> None:
    member = story.person("member")
    bodies: list[Template] = [{}, {"checks": {}}, {"checks": None}, {"metadata": {"a": "Yg=="}}]
    for body in bodies:
        member.starts_session(body).answers(201, "created")


@about.scenario("zitadel.session.user")
def a_user_is_found_by_id_or_by_login_name(story: Story) -> None:
    member = story.person("member")
    member.starts_session().answers(201)
    member.starts_session({"checks": {"user": {"userId": member.id}}}).answers(201)
    for user in ({"userId": member.login}, {"loginName": member.id}, {"userId": UNKNOWN_ID}):
        member.starts_session({"checks": {"user": user}}).is_refused("QUERY-Dfbg2", status=404)


@about.scenario("zitadel.session.user")
def locked_and_deactivated_users_cannot_sign_in(story: Story) -> None:
    for person in story.people("locked", "deactivated"):
        person.signs_in().is_refused("SESSION-Gj4ko")
        person.starts_session().is_refused("SESSION-Gj4ko")


@about.scenario("zitadel.session.password")
def a_password_needs_a_person_with_a_password(story: Story) -> None:
    member, manager, passwordless, newcomer = story.people("member", "manager", "passwordless", "newcomer")
    member.starts_session({"checks": with_password(member.password)}).is_refused("COMMAND-Sfw3f")
    by_id = {"user": {"userId": manager.id}}
    manager.starts_session({"checks": {**by_id, **with_password(WRONG)}}).is_refused("COMMAND-3n77z")
    passwordless.signs_in(WRONG).is_refused("COMMAND-3nJ4t")
    newcomer.signs_in(WRONG).is_refused("COMMAND-3nJ4t")


@about.scenario("zitadel.session.lockout", releases=BEFORE_V4)
def wrong_passwords_lock_by_the_policy_of_the_organisation(story: Story) -> None:
    strict = story.person("strict")
    for _ in range(3):
        strict.signs_in(WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", None)
    strict.signs_in().is_refused("SESSION-Gj4ko")


@about.scenario("zitadel.session.lockout", releases=V4)
def wrong_passwords_are_reported_and_lock_by_the_policy_of_the_organisation(story: Story) -> None:
    strict = story.person("strict")
    for count in (1, 2, 3):
        strict.signs_in(WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", count)
    strict.signs_in().is_refused("SESSION-Gj4ko")


@about.scenario(shows=["zitadel.session.lockout"], releases=PROFILES)
def a_right_password_resets_the_count(story: Story) -> None:
    strict = story.person("strict")
    for _ in range(2):
        strict.signs_in(WRONG).is_refused("COMMAND-3M0fs")
        strict.signs_in(WRONG).is_refused("COMMAND-3M0fs")
        strict.signs_in().answers(201)


@about.scenario("zitadel.session.token")
def the_token_of_a_session_is_an_access_token_of_its_user(story: Story) -> None:
    org_owner, member = story.people("org-owner", "member")
    org_owner.signs_in()
    org_owner.sets_password_of(member).answers(200)


@about.scenario("zitadel.auth.session")
def the_token_of_a_session_without_a_password_check_is_no_access_token(story: Story) -> None:
    member = story.person("member")
    member.starts_session({})
    member.uses_token().is_forbidden("AUTHZ-Kl3p0")
    member.starts_session()
    member.uses_token().is_forbidden("AUTHZ-Kl3p0")


@about.scenario("zitadel.auth.session", releases=PROFILES)
def a_change_of_the_password_takes_the_check_from_the_sessions_of_the_user(story: Story) -> None:
    member, manager = story.people("member", "manager")
    checked = "/session/factors/password"
    member.signs_in()
    member.uses_token().answers(200)
    member.changes_password(GOOD)
    member.uses_token().is_forbidden("AUTHZ-Kl3p0")
    member.reads_session().answers(200).showing(checked, None)
    member.checks_password().answers(200, "set")
    member.uses_token().answers(200)
    manager.sets_password_of(member, member.first_password)
    member.uses_token().is_forbidden("AUTHZ-Kl3p0")
    member.checks_password()
    member.gets_code()
    member.redeems_code(GOOD)
    member.uses_token().is_forbidden("AUTHZ-Kl3p0")


@about.scenario("zitadel.auth.session", "zitadel.session.lifetime")
def a_session_opens_nothing_once_its_lifetime_is_over_and_stays_readable(story: Story) -> None:
    member = story.person("member")
    member.signs_in(lifetime="3600s")
    story.wait_almost(HOUR)
    member.uses_token().answers(200)
    member.signs_in(lifetime="3600s")
    story.wait(HOUR)
    member.uses_token().is_forbidden("AUTHZ-EGDo3")
    member.reads_session().answers(200)
    member.changes_session({"lifetime": "60s"}).is_refused("COMMAND-Hkl3d")


@about.scenario("zitadel.session.ended")
def a_session_is_changed_until_its_lifetime_is_over(story: Story) -> None:
    member = story.person("member")
    member.signs_in(lifetime="3600s")
    story.wait_almost(HOUR)
    member.changes_session({"lifetime": "60s"}).answers(200)
    story.wait(timedelta(minutes=1))
    member.changes_session({"lifetime": "60s"}).is_refused("COMMAND-Hkl3d")


@about.scenario("zitadel.session.lifetime")
def a_lifetime_counts_from_the_change_on(story: Story) -> None:
    member = story.person("member")
    member.signs_in(lifetime="3600s")
    story.wait(timedelta(minutes=40))
    member.changes_session({"lifetime": "3600s"}).showing("/details/sequence", "7")
    story.wait(timedelta(minutes=40))
    member.uses_token().answers(200)
    story.wait(timedelta(minutes=20))
    member.uses_token().is_forbidden("AUTHZ-EGDo3")


@about.scenario("zitadel.auth.session")
def the_lifetime_of_sessions_without_one_is_a_setting(story: Story) -> None:
    member = story.person("member")
    story.set(session_hours=12)
    member.signs_in()
    story.wait_almost(timedelta(hours=12))
    member.uses_token().answers(200)
    member.signs_in()
    story.wait(timedelta(hours=12))
    member.uses_token().is_forbidden("AUTHZ-EGDo3")


@about.scenario("zitadel.auth.user", in_both=False)
def the_token_of_a_service_user_is_invalid_while_it_is_deactivated_or_locked(story: Story) -> None:
    org_owner, manager = story.people("org-owner", "manager")
    manager.uses_token().answers(200)
    org_owner.deactivates(manager)
    manager.uses_token().is_refused("AUTH-7fs1e", status=401)
    org_owner.reactivates(manager)
    manager.uses_token().answers(200)
    org_owner.locks(manager)
    manager.uses_token().is_refused("AUTH-7fs1e", status=401)
    org_owner.unlocks(manager)
    manager.uses_token().answers(200)


@about.scenario("zitadel.auth.user", in_both=False)
def the_token_of_a_deleted_service_user_is_invalid(story: Story) -> None:
    org_owner, manager = story.people("org-owner", "manager")
    org_owner.deletes(manager).answers(200)
    manager.uses_token().is_refused("AUTH-7fs1e", status=401)


@about.scenario(shows=["zitadel.auth.session"], in_both=False)
def the_sessions_of_a_locked_user_go_on(story: Story) -> None:
    member, manager = story.people("member", "manager")
    member.signs_in()
    manager.locks(member)
    member.uses_token().answers(200)
    manager.deactivates(member)
    member.uses_token().answers(200)


@about.scenario("zitadel.auth.session", in_both=False)
def the_token_of_a_deleted_user_is_an_internal_error(story: Story) -> None:
    member, manager = story.people("member", "manager")
    member.signs_in()
    manager.deletes(member)
    member.uses_token().answers(500).showing("/details/0/id", "QUERY-Dun75")
    read = member.reads_session().answers(200)
    read.showing("/session/factors/user/id", member.id).showing("/session/factors/user/loginName", None)


@about.scenario("zitadel.auth.session")
def only_the_newest_token_of_a_session_is_good_and_only_until_the_session_ends(story: Story) -> None:
    member = story.person("member")
    member.signs_in()
    member.changes_session({"lifetime": "60s"})
    member.calling_with(member.session_token(1)).uses_token().is_forbidden("QUERY-dsfr3")
    member.uses_token().answers(200)
    member.ends_session()
    member.uses_token().is_refused("QUERY-SFeaa", status=404)


@about.scenario("zitadel.session.search", releases=(DOCUMENTED, V2_65, V4_2))
def a_check_of_nobody_is_not_implemented(story: Story) -> None:
    member = story.person("member")
    member.starts_session({"checks": {"user": {}}}).answers(501, "SESSION-d3b4g0")
    member.starts_session()
    member.changes_session({"checks": {"user": {}}}).answers(501, "SESSION-d3b4g0")


@about.scenario(shows=["zitadel.session.search"], releases=[V4_6])
def a_check_of_nobody_is_not_valid(story: Story) -> None:
    story.person("member").starts_session({"checks": {"user": {}}}).is_refused("INVALID_CHECKS")


@about.scenario("zitadel.validate.first")
def a_lifetime_is_longer_than_nothing(story: Story) -> None:
    member = story.person("member")
    member.starts_session({"lifetime": "0s"}).is_refused("INVALID_LIFETIME")
    member.starts_session({"lifetime": "-1s"}).is_refused("INVALID_LIFETIME")
    for lifetime in ("1s", "0.5s", "1.000000001s", "315576000000s", None):
        member.starts_session({"lifetime": lifetime}).answers(201)
    member.changes_session({"lifetime": "-1s"}).is_refused("INVALID_LIFETIME")


@about.scenario("zitadel.json.mapping")
def a_lifetime_is_a_duration_and_metadata_are_base64(story: Story) -> None:
    member = story.person("member")
    for body in ({"lifetime": "x"}, {"lifetime": "315576000001s"}, {"metadata": {"a": "%"}}, {"metadata": {"a": 5}}):
        member.starts_session(body).is_refused("PROTO_TYPE")
    member.starts_session({"lifetime": 60}).is_refused("PROTO_SYNTAX")
    member.starts_session({"metadata": ["a"]}).is_refused("PROTO_SYNTAX")


@about.scenario("zitadel.session.totp", "zitadel.session.intent")
def checks_of_other_factors_fail(story: Story) -> None:
    member = story.person("member")
    totp, intent = {"totp": {"code": "123456"}}, {"idpIntent": {"idpIntentId": "1", "idpIntentToken": "x"}}
    member.starts_session({"checks": {**member.named(), **totp}}).is_refused("COMMAND-3Mif9s")
    member.starts_session({"checks": {**member.named(), **intent}}).is_forbidden("CRYPTO-Swg31")
    for factor in (totp, intent):
        member.starts_session({"checks": factor}).is_refused("COMMAND-Sfw3f")
    member.starts_session()
    member.changes_session({"checks": totp}).is_refused("COMMAND-3Mif9s")
    member.changes_session({"checks": intent}).is_forbidden("CRYPTO-Swg31")


@about.scenario()
def challenges_come_back_without_any(story: Story) -> None:
    member = story.person("member")
    member.starts_session({"challenges": {}}).answers(201).showing("/challenges", {})
    member.starts_session().answers(201).showing("/challenges", None)


@about.scenario(shows=["zitadel.session.exists"])
def a_session_shows_what_was_checked_and_said(story: Story) -> None:
    member = story.person("member")
    agent = {"fingerprintId": "f1", "ip": "192.0.2.7", "description": "browser", "header": {"x": {"values": ["1"]}}}
    told = {"metadata": {"a": "aGk=", "b": "eA"}, "userAgent": agent}
    member.starts_session({"checks": {**member.named(), **with_password(member.password)}, **told})
    read = member.reads_session().answers(200, "session")
    read.showing("/session/id", member.session()).showing("/session/userAgent", agent)
    read.showing("/session/factors/user/id", member.id).showing("/session/factors/user/loginName", member.login)
    read.showing("/session/metadata", {"a": "aGk=", "b": "eA=="}).showing("/session/sequence", "5")


@about.scenario()
def a_change_gives_a_new_token_and_nothing_to_change_gives_none(story: Story) -> None:
    member = story.person("member")
    member.starts_session()
    member.changes_session({}).answers(200, "unchanged").showing("/sessionToken", None)
    member.changes_session({"metadata": {"a": ""}}).showing("/details/sequence", "3")
    member.checks_password().answers(200, "set").showing("/details/sequence", "5")
    member.uses_token().answers(200)


@about.scenario("zitadel.session.metadata")
def metadata_that_is_given_replaces_all_and_empty_values_are_ignored(story: Story) -> None:
    member = story.person("member")
    member.starts_session({"metadata": {"a": "aGk=", "b": "eA=="}})
    member.changes_session({"metadata": {"a": "eW8=", "c": ""}}).showing("/details/sequence", "5")
    member.reads_session().showing("/session/metadata", {"a": "eW8="})


@about.scenario("zitadel.session.same_user")
def a_session_keeps_its_user(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    member.starts_session({})
    member.checks_password().is_refused("COMMAND-Sfw3f")
    for _ in range(2):
        member.changes_session({"checks": member.named()}).answers(200)
    member.changes_session({"checks": bystander.named()}).is_refused("INVALID_ARGUMENT")


@about.scenario("zitadel.session.user")
def a_session_takes_no_unknown_and_no_locked_user(story: Story) -> None:
    member, locked = story.people("member", "locked")
    member.starts_session({})
    member.changes_session({"checks": {"user": {"userId": UNKNOWN_ID}}}).is_refused("QUERY-Dfbg2", status=404)
    member.changes_session({"checks": locked.named()}).is_refused("SESSION-Gj4ko")


@about.scenario("zitadel.session.password")
def a_session_needs_a_person_with_a_password_before_one_is_checked(story: Story) -> None:
    manager, passwordless = story.people("manager", "passwordless")
    manager.starts_session({"checks": {"user": {"userId": manager.id}}})
    manager.checks_password(WRONG).is_refused("COMMAND-3n77z")
    passwordless.starts_session()
    passwordless.checks_password(WRONG).is_refused("COMMAND-3nJ4t")


@about.scenario("zitadel.session.ended")
def a_session_that_has_ended_is_not_changed_and_one_that_nobody_started_has_no_details(story: Story) -> None:
    member = story.person("member")
    member.starts_session()
    member.ends_session()
    member.changes_session({"lifetime": "60s"}).is_refused("COMMAND-Hewfq")
    member.changes_session({}, session="1").answers(200).showing("/details", {})


@about.scenario("zitadel.session.exists")
def an_unknown_session_and_one_that_has_ended_do_not_exist(story: Story) -> None:
    member, instance_owner = story.people("member", "instance-owner")
    instance_owner.signs_in()
    member.signs_in()
    member.ends_session()
    for session, token in (("1", None), ("1", "x"), (None, None), (None, member.session_token())):
        read = member.reads_session(session=session, token=token, by=instance_owner)
        read.is_refused("QUERY-SFeaa", status=404)


@about.scenario("zitadel.session.locked", releases=[V2_65])
def the_password_of_a_locked_user_is_not_compared(story: Story) -> None:
    _lock(story, None)


@about.scenario("zitadel.session.locked", releases=V4)
def the_password_of_a_locked_user_is_not_compared_and_the_failures_are_reported(story: Story) -> None:
    _lock(story, 3)


def _lock(story: Story, reported: int | None) -> None:
    strict = story.person("strict")
    strict.starts_session()
    for _ in range(3):
        strict.checks_password(WRONG).is_refused("COMMAND-3M0fs")
    strict.checks_password().is_refused("COMMAND-JLK35").showing("/details/0/failedAttempts", reported)


@about.scenario("zitadel.validate.first")
def the_id_of_a_session_and_a_password_have_lengths(story: Story) -> None:
    member = story.person("member")
    member.changes_session({}, session=TOO_LONG_ID).is_refused("INVALID_SESSION_ID")
    member.ends_session(session=TOO_LONG_ID).is_refused("INVALID_SESSION_ID")
    member.changes_session({"checks": with_password("")}, session="1").is_refused("INVALID_CHECKS")
    member.starts_session({"checks": {"user": {"loginName": "x" * 201}}}).is_refused("INVALID_CHECKS")


@about.scenario("zitadel.json.mapping")
def a_body_about_a_session_that_is_not_its_message_is_refused(story: Story) -> None:
    member = story.person("member")
    for body, name in (
        ("{new", "JSON_SYNTAX"),
        ([], "PROTO_SYNTAX"),
        ({"checks": {"password": {"password": 5}}}, "PROTO_TYPE"),
        ('{"checks":{},"checks":{}}', "PROTO_DUPLICATE"),
        ({"checks": {"user": {"userId": "1", "loginName": "a"}}}, "PROTO_ONEOF"),
    ):
        member.starts_session(body).is_refused(name)
        member.changes_session(body, session="1").is_refused(name)
