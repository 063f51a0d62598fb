"""Setting a password: who may, with which proof, and what becomes of the user."""

from watchword.contract.telling import HOUR
from watchword.contract.zitadel.password_owner import GOOD, SECOND, TEXT_MESSAGE, THIRD, UNKNOWN_ID, WRONG, WRONG_CODE
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import BEFORE_V4, DOCUMENTED, PROFILES, RELEASES, V2_65, V4_2, V4_6, Topic

about = Topic("Setting a password")
EARLIER = (*BEFORE_V4, V4_2)
"""The releases that do not count a wrong current password."""


@about.scenario(shows=["zitadel.user.exists"], releases=PROFILES)
def the_current_password_is_enough(story: Story) -> None:
    member = story.person("member")
    member.changes_password(GOOD).answers(200, "changed")
    member.signs_in(GOOD).answers(201, "created")
    member.signs_in(member.first_password).is_refused("COMMAND-3M0fs")


@about.scenario("zitadel.permission.user_write")
def with_a_proof_every_caller_may_set_every_password(story: Story) -> None:
    member, bystander = story.people("member", "bystander")
    bystander.sets_password_of(member).needs_a_role()
    member.changes_password(GOOD, by=bystander).answers(200)
    member.gets_code()
    member.redeems_code(SECOND, by=bystander).answers(200)


@about.scenario()
def callers_with_the_permission_need_no_proof(story: Story) -> None:
    member, strict, manager = story.people("member", "strict", "manager")
    manager.sets_password_of(member, GOOD).answers(200, "changed")
    story.person("org-owner").sets_password_of(member, SECOND).answers(200)
    instance_owner = story.person("instance-owner")
    instance_owner.sets_password_of(member, THIRD).answers(200)
    instance_owner.sets_password_of(strict).answers(200)


@about.scenario("zitadel.permission.user_write")
def roles_apply_in_their_own_organisation_only(story: Story) -> None:
    strict, org_owner, manager = story.people("strict", "org-owner", "manager")
    org_owner.sets_password_of(strict).needs_a_role()
    manager.sets_password_of(strict).needs_a_role()


@about.scenario("zitadel.permission.user_write")
def a_role_without_the_permission_is_forbidden_and_no_role_is_not_found(story: Story) -> None:
    member = story.person("member")
    story.person("viewer").sets_password_of(member).is_forbidden()
    story.person("project-owner").sets_password_of(member).is_forbidden()
    story.person("bystander").sets_password_of(member).needs_a_role()


@about.scenario(shows=["zitadel.permission.self"], releases=(DOCUMENTED, V2_65, V4_6))
def users_cannot_set_their_own_password_without_a_proof(story: Story) -> None:
    member = story.person("member")
    member.sets_password_of(member).needs_a_role()


@about.scenario("zitadel.permission.self", releases=[V4_2])
def users_may_set_their_own_password_without_a_proof(story: Story) -> None:
    member = story.person("member")
    member.sets_password_of(member).answers(200, "changed")


@about.scenario("zitadel.new_password.present", releases=[DOCUMENTED])
def a_new_password_is_required(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sends_password_of(member, {}, "sets no password").is_refused("COMMAND-3M0fs")
    misspelt = {"newpassword": {"password": GOOD}}
    manager.sends_password_of(member, misspelt, "misspells the new password").is_refused("COMMAND-3M0fs")
    member.signs_in().answers(201)


@about.scenario(shows=["zitadel.new_password.present"], releases=RELEASES)
def the_releases_store_the_empty_password_if_none_is_sent(story: Story) -> None:
    member, manager = story.people("member", "manager")
    misspelt = {"newpassword": {"password": GOOD}}
    manager.sends_password_of(member, misspelt, "misspells the new password").answers(200)
    member.signs_in(member.first_password).is_refused("COMMAND-3M0fs")
    member.signs_in(GOOD).is_refused("COMMAND-3M0fs")


@about.scenario("zitadel.new_password.present", releases=PROFILES)
def a_missing_new_password_is_refused_before_an_unknown_user(story: Story) -> None:
    manager = story.person("manager")
    without = {"currentPassword": WRONG}
    manager.sends_password_of(UNKNOWN_ID, without, "sends no new password").is_refused("COMMAND-3M0fs")
    without = {"verificationCode": WRONG_CODE}
    manager.sends_password_of(UNKNOWN_ID, without, "sends no new password").is_refused("COMMAND-Mf0sd")


@about.scenario("zitadel.user.exists", releases=[DOCUMENTED])
def the_password_of_an_unknown_user_or_a_machine_is_not_found(story: Story) -> None:
    for body in _with_each_proof():
        _has_no_password(story, body, 404)


@about.scenario("zitadel.user.exists", releases=RELEASES)
def an_unknown_user_or_a_machine_has_no_password(story: Story) -> None:
    for body in _with_each_proof():
        _has_no_password(story, body, 400)


def _with_each_proof() -> list[dict[str, object]]:
    new: dict[str, object] = {"newPassword": {"password": GOOD}}
    return [new, {**new, "currentPassword": WRONG}, {**new, "verificationCode": WRONG_CODE}]


def _has_no_password(story: Story, body: dict[str, object], status: int) -> None:
    manager, sign_in = story.people("manager", "sign-in")
    manager.sends_password_of(UNKNOWN_ID, body, "sets the password of nobody").answers(status, "COMMAND-G8dh3")
    manager.sends_password_of(sign_in, body, "sets the password of a machine").answers(status, "COMMAND-G8dh3")


@about.scenario("zitadel.user.initialised")
def a_new_user_is_refused_before_a_wrong_proof(story: Story) -> None:
    story.person("newcomer").changes_password(current=WRONG).is_refused("COMMAND-M9dse")
    story.person("newcomer").redeems_code(code=WRONG_CODE).is_refused("COMMAND-M9dse")


@about.scenario()
def locked_and_deactivated_users_change_their_password_and_stay_locked_and_deactivated(story: Story) -> None:
    manager = story.person("manager")
    for role, state in (("locked", "LOCKED"), ("deactivated", "INACTIVE")):
        person = story.person(role)
        person.changes_password().answers(200)
        manager.reads(person).showing("/user/state", f"USER_STATE_{state}")


@about.scenario("zitadel.current.order", releases=EARLIER)
def who_has_no_password_cannot_prove_it(story: Story) -> None:
    passwordless = story.person("passwordless")
    passwordless.changes_password(current=WRONG).is_refused("COMMAND-Fds3s")
    story.person("manager").sets_password_of(passwordless, GOOD).answers(200)
    passwordless.signs_in(GOOD).answers(201)


@about.scenario("zitadel.current.order", releases=EARLIER)
def equal_passwords_are_refused_before_the_current_one_is_verified(story: Story) -> None:
    member = story.person("member")
    member.changes_password(member.password).is_refused("COMMAND-Aesh5")
    member.changes_password(WRONG, current=WRONG).is_refused("COMMAND-Aesh5")


@about.scenario("zitadel.current.order", releases=EARLIER)
def a_wrong_current_password_is_refused_and_not_counted(story: Story) -> None:
    member = story.person("member")
    story.set(lockout={"max_password_attempts": 1})
    refused = member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
    refused.showing("/details/0/failedAttempts", None)
    member.changes_password().answers(200)


@about.scenario("zitadel.policy.order")
def a_bad_password_is_refused_after_a_wrong_current_one(story: Story) -> None:
    member = story.person("member")
    member.changes_password("bad").is_refused("DOMAIN-HuJf6")
    member.changes_password("bad", current=WRONG).is_refused("COMMAND-3M0fs")


@about.scenario("zitadel.policy.order")
def a_bad_password_is_refused_after_a_wrong_code(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code("bad").is_refused("DOMAIN-HuJf6")
    member.redeems_code("bad", code=WRONG_CODE).is_refused("CODE-woT0xc")


@about.scenario("zitadel.policy.order")
def a_bad_password_is_refused_after_a_missing_permission(story: Story) -> None:
    member, bystander, manager = story.people("member", "bystander", "manager")
    manager.sets_password_of(member, "bad").is_refused("DOMAIN-HuJf6")
    bystander.sets_password_of(member, "bad").needs_a_role()


@about.scenario("zitadel.code.order")
def without_a_code_none_is_found(story: Story) -> None:
    story.person("member").redeems_code(code=WRONG_CODE).is_refused("COMMAND-2M9fs")


@about.scenario("zitadel.code.order")
def a_wrong_code_is_refused_as_expired_if_the_right_one_has_expired(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    story.wait(HOUR)
    member.redeems_code(code=WRONG_CODE).is_refused("CODE-QvUQ4P")


@about.scenario("zitadel.code.order")
def wrong_codes_are_not_counted_and_leave_the_right_one_valid(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    for _ in range(12):
        member.redeems_code(code=WRONG_CODE).is_refused("CODE-woT0xc")
    member.redeems_code().answers(200, "changed")


@about.scenario("zitadel.code.order")
def a_code_is_valid_for_an_hour(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    story.wait_almost(HOUR)
    member.redeems_code(GOOD).answers(200)
    member.gets_code()
    story.wait(HOUR)
    member.redeems_code(SECOND).is_refused("CODE-QvUQ4P")


@about.scenario("zitadel.code.single_use")
def a_code_sets_one_password_only(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code(GOOD)
    member.redeems_code(SECOND).is_refused("COMMAND-2M9fs")


@about.scenario("zitadel.code.single_use")
def a_change_with_the_current_password_clears_the_code(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.changes_password(GOOD)
    member.redeems_code(SECOND).is_refused("COMMAND-2M9fs")


@about.scenario("zitadel.code.single_use")
def a_change_by_an_administrator_clears_the_code(story: Story) -> None:
    member, manager = story.people("member", "manager")
    member.gets_code()
    manager.sets_password_of(member, GOOD)
    member.redeems_code(SECOND).is_refused("COMMAND-2M9fs")


@about.scenario()
def a_refused_password_leaves_the_code_valid(story: Story) -> None:
    member = story.person("member")
    member.gets_code()
    member.redeems_code("bad").is_refused("DOMAIN-HuJf6")
    member.redeems_code().answers(200)


@about.scenario("zitadel.code.external")
def a_code_of_an_external_provider_cannot_be_verified(story: Story) -> None:
    texted = story.person("texted")
    story.set(sms_provider="external")
    texted.is_sent_code({"sendLink": {"notificationType": TEXT_MESSAGE}})
    texted.redeems_code(code=texted.sent_code()).is_refused("COMMAND-M0g95")
    texted.gets_code()
    texted.redeems_code().answers(200)


@about.scenario("zitadel.change.required")
def every_change_sets_whether_another_is_required(story: Story) -> None:
    member, must_change, manager = story.people("member", "must-change", "manager")
    required = "/user/human/passwordChangeRequired"
    manager.reads(must_change).showing(required, value=True)
    must_change.changes_password(GOOD)
    manager.reads(must_change).showing(required, None)
    manager.sets_password_of(member, GOOD, required=True)
    manager.reads(member).showing(required, value=True)
    member.gets_code()
    member.redeems_code(SECOND)
    manager.reads(member).showing(required, None)


@about.scenario("zitadel.details.sequence")
def the_sequence_counts_the_events_of_the_user_and_a_mail_is_one(story: Story) -> None:
    member = story.person("member")
    member.changes_password(GOOD).showing("/details/sequence", "2")
    story.set(notify_password_change=False)
    member.changes_password(SECOND).showing("/details/sequence", "4")
    member.changes_password(THIRD).showing("/details/sequence", "5")


@about.scenario()
def a_user_is_told_by_mail_that_the_password_has_changed(story: Story) -> None:
    member = story.person("member")
    member.changes_password(GOOD)
    member.has_mails(1)
    story.set(notify_password_change=False)
    member.changes_password(SECOND)
    member.has_mails(1)


@about.scenario("zitadel.current.lockout", releases=[V4_6])
def a_wrong_current_password_counts(story: Story) -> None:
    refused = story.person("member").changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
    refused.showing("/details/0/failedAttempts", 1)


@about.scenario("zitadel.current.lockout", releases=[V4_6])
def wrong_current_passwords_count_and_lock(story: Story) -> None:
    member = story.person("member")
    story.set(lockout={"max_password_attempts": 3})
    for count in (1, 2, 3):
        refused = member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
        refused.showing("/details/0/failedAttempts", count)
        refused.showing("/details/0/@type", "type.googleapis.com/zitadel.v1.CredentialsCheckError")
    locked = member.changes_password(current=member.first_password).is_refused("COMMAND-JLK35")
    locked.showing("/details/0/failedAttempts", 3)


@about.scenario("zitadel.current.lockout", releases=[V4_6])
def a_change_resets_the_count_and_a_violation_of_the_policy_does_not(story: Story) -> None:
    member = story.person("member")
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
    member.changes_password("bad").is_refused("DOMAIN-HuJf6")
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", 2)
    member.changes_password(GOOD).answers(200)
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", 1)


@about.scenario("zitadel.current.order", releases=[V4_6])
def equal_passwords_are_an_internal_error_and_count_as_wrong(story: Story) -> None:
    member = story.person("member")
    member.changes_password(member.password).answers(500, "COMMAND-CahN2")
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs").showing("/details/0/failedAttempts", 2)


@about.scenario("zitadel.current.order", releases=[V4_6])
def who_has_no_password_is_refused_as_at_sign_in(story: Story) -> None:
    story.person("passwordless").changes_password(current=WRONG).is_refused("COMMAND-3nJ4t")


@about.scenario("zitadel.details.sequence", "zitadel.current.lockout", releases=[V4_6])
def wrong_passwords_and_locks_are_events(story: Story) -> None:
    member, manager = story.people("member", "manager")
    story.set(lockout={"max_password_attempts": 2})
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
    member.changes_password(current=WRONG).is_refused("COMMAND-3M0fs")
    manager.sets_password_of(member).showing("/details/sequence", "5")
