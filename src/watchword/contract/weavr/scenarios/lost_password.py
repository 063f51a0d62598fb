"""A lost password: a mail with a code, and a new password for it."""

from datetime import timedelta

from watchword.contract.scenario import Collection
from watchword.contract.telling import HOUR
from watchword.contract.weavr.cast import MULTI, PAYMENT_RUN, PRODUCTS
from watchword.contract.weavr.story import GOOD, NOBODY, SECOND, UNKNOWN_TOKEN, WRONG_CODE, Story
from watchword.document.outcomes import NO_BODY

about = Collection[Story]("A lost password", PRODUCTS)
INVALID = "INVALID_NONCE_OR_EMAIL"


@about.scenario("weavr.lost.link", shows=["weavr.lost.account", "weavr_multi.lost.identity"])
def a_lost_password_is_answered_by_a_mail_alone(story: Story) -> None:
    member = story.person("member")
    member.loses_password().answers(204, NO_BODY)
    member.has_mails(1, link_passes=[member.code(), member.login])
    member.resumes().answers(200, "token")


@about.scenario("weavr.lost.link")
def the_link_in_the_mail_leads_to_the_portal_that_is_set(story: Story) -> None:
    member = story.person("member")
    story.set(portal_url="https://portal.example/app")
    member.loses_password()
    member.has_mails(1, link_has=["https://portal.example/app/"])


@about.scenario(shows=["weavr.nonce.code"])
def two_mails_have_the_same_code_unless_codes_are_random(story: Story) -> None:
    member = story.person("member")
    for _ in range(2):
        member.loses_password()
    member.has_mails(2)


@about.scenario("weavr.lost.account")
def an_unknown_address_has_no_account(story: Story) -> None:
    story.person("member").loses_password(NOBODY).is_refused("ACCOUNT_NOT_FOUND")


@about.scenario("weavr.lost.account")
def an_inactive_user_has_no_account(story: Story) -> None:
    inactive = story.person("inactive")
    inactive.loses_password().is_refused("ACCOUNT_NOT_FOUND")
    inactive.has_mails(0)


@about.scenario("weavr.lost.account")
def a_user_of_another_programme_has_no_account(story: Story) -> None:
    member, neighbour = story.people("member", "neighbour")
    member.loses_password(neighbour.login).is_refused("ACCOUNT_NOT_FOUND")
    neighbour.has_mails(0)


@about.scenario("weavr.lost.silent")
def a_programme_can_be_set_to_hide_that_an_address_is_unknown(story: Story) -> None:
    member = story.person("member")
    story.set_programme(silent_lost_password=True)
    member.loses_password(NOBODY).answers(204)
    member.has_mails(0)


@about.scenario("weavr.lost.multiple")
def an_address_of_two_users_is_answered_multiple_accounts_found(story: Story) -> None:
    story.person("sharer").loses_password().is_refused("MULTIPLE_ACCOUNTS_FOUND")


@about.scenario("weavr.lost.multiple", of=[MULTI])
def an_address_of_two_users_is_told_before_the_identity_of_the_older_one(story: Story) -> None:
    story.person("lost-twin").loses_password().is_refused("MULTIPLE_ACCOUNTS_FOUND")


@about.scenario()
def an_invalid_address_is_listed(story: Story) -> None:
    member = story.person("member")
    member.call("sends no address", "start_lost_password", {}).lists(([], "email", "REQUIRED"))
    member.loses_password("").lists(([], "email", "REGEX"))
    member.loses_password("no address").lists(([], "email", "REGEX"))


@about.scenario()
def a_list_in_the_place_of_an_object_is_answered_by_a_message(story: Story) -> None:
    refused = story.person("member").call("sends a list", "start_lost_password", ["ada"])
    refused.answers(400, "UNREADABLE").showing("/message", "Invalid request: must be of type object")


@about.scenario()
def the_code_sets_a_new_password_and_logs_in(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes(GOOD).answers(200, "token")
    member.logs_out().answers(204)
    member.logs_in(GOOD).answers(200)
    member.cannot_log_in(member.first_password)


@about.scenario("weavr.mail.changed")
def a_mail_says_that_the_password_was_reset(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes()
    member.has_mails(2)


@about.scenario("weavr.nonce.redeemed")
def a_code_that_was_never_requested_is_invalid(story: Story) -> None:
    story.person("member").resumes(code="123456").is_refused(INVALID)


@about.scenario("weavr.nonce.redeemed")
def a_wrong_code_and_an_unknown_address_are_invalid_and_leave_the_code_good(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes(code=WRONG_CODE).is_refused(INVALID)
    member.resumes(email=NOBODY).is_refused(INVALID)
    member.resumes().answers(200)


@about.scenario("weavr.nonce.kept")
def a_code_is_used_up_by_the_password_that_it_sets(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes(GOOD)
    member.resumes(SECOND).is_refused(INVALID)


@about.scenario("weavr.nonce.lifetime")
def a_code_is_good_for_an_hour(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    story.wait_almost(HOUR)
    member.resumes(GOOD).answers(200)
    member.loses_password()
    story.wait(HOUR)
    member.resumes(SECOND).is_refused(INVALID)


@about.scenario("weavr.nonce.single")
def starting_again_replaces_the_first_code(story: Story) -> None:
    member = story.person("member")
    story.draw_codes()
    member.loses_password()
    member.loses_password()
    member.resumes(code=member.code(1)).is_refused(INVALID)


@about.scenario()
def starting_again_starts_another_hour(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    story.wait(timedelta(minutes=40))
    member.loses_password()
    story.wait(timedelta(minutes=40))
    member.resumes().answers(200)


@about.scenario("weavr.nonce.kept")
def a_refused_password_leaves_the_code_good(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes("Ab1!xyz").is_refused("PASSWORD_TOO_SHORT")
    member.resumes().answers(200)


@about.scenario(
    "weavr.password.length", "weavr.password.complexity", "weavr.password.history", shows=["weavr.lost.not-set"]
)
def a_code_sets_no_password_that_breaks_a_rule(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    member.resumes("Ab1!" + "x" * 27).is_refused("PASSWORD_TOO_LONG")
    member.resumes("Lantern042amber").is_refused("PASSWORD_TOO_SIMPLE")
    member.resumes(member.first_password).is_refused("PASSWORD_ALREADY_USED")
    member.resumes().answers(200)


@about.scenario("weavr.lost.not-set")
def a_user_without_a_password_can_start_but_not_resume(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.loses_password().answers(204)
    newcomer.resumes().is_refused("PASSWORD_NOT_SET")


@about.scenario("weavr.lost.not-set")
def that_there_is_no_password_comes_before_what_is_wrong_with_the_new_one(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.loses_password()
    newcomer.resumes("short").is_refused("PASSWORD_NOT_SET")


@about.scenario("weavr.nonce.redeemed")
def whoever_has_no_code_is_not_told_that_a_user_is_inactive(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    story.set(deactivated=[member.id])
    member.resumes(code=WRONG_CODE).is_refused(INVALID)


@about.scenario("weavr.lost.inactive")
def that_a_user_is_inactive_comes_before_that_there_is_no_password(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.loses_password()
    story.set(deactivated=[newcomer.id])
    newcomer.resumes().is_forbidden()


@about.scenario("weavr.lost.inactive")
def a_user_who_was_deactivated_after_the_mail_is_forbidden(story: Story) -> None:
    member = story.person("member")
    member.loses_password()
    story.set(deactivated=[member.id])
    member.resumes().is_forbidden()


@about.scenario()
def a_code_has_six_digits(story: Story) -> None:
    member = story.person("member")
    member.resumes(code="").lists(([], "nonce", "REGEX"), ([], "nonce", "SIZE"))
    member.resumes(code="12345").lists(([], "nonce", "SIZE"))
    member.resumes(code="1234567").lists(([], "nonce", "SIZE"))
    member.resumes(code="abcdef").lists(([], "nonce", "REGEX"))


@about.scenario("weavr.key.required")
def every_missing_field_and_the_missing_key_are_listed(story: Story) -> None:
    member = story.person("member")
    refused = member.call("sends nothing", "resume_lost_password", {}, headers={"api-key": None})
    refused.lists(*(([], name, "REQUIRED") for name in ("api-key", "email", "nonce", "newPassword")))


@about.scenario()
def a_blank_new_password_is_answered_by_a_message(story: Story) -> None:
    blank = story.person("member").resumes("", code="123456").answers(400, "HAS_TEXT")
    blank.showing("", {"message": "request.newPassword.value: must not be blank"})


@about.scenario()
def a_code_that_is_a_number_is_answered_by_a_message(story: Story) -> None:
    member = story.person("member")
    body = {"email": member.login, "nonce": 123456, "newPassword": {"value": GOOD}}
    refused = member.call("sends a number as the code", "resume_lost_password", body)
    refused.answers(400, "UNREADABLE").showing("/message", "Invalid request: nonce must be of type string")


@about.scenario("weavr.token.resolved")
def an_unknown_token_is_answered_before_the_code_is_checked(story: Story) -> None:
    asked = story.person("vaulted").resumes(UNKNOWN_TOKEN, code="123456")
    asked.answers(404, "TOKEN_NOT_FOUND") if story.is_multi else asked.answers(404, code="TOKEN_NOT_FOUND")


@about.scenario("weavr.token.lifetime")
def an_expired_token_is_answered_before_the_code_is_checked(story: Story) -> None:
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    asked = story.person("member").resumes(token, code="123456")
    asked.answers(410, "TOKEN_EXPIRED") if story.is_multi else asked.answers(410, code="TOKEN_EXPIRED")


@about.scenario("weavr_multi.lost.identity", of=[MULTI])
def a_lost_password_of_an_account_without_identity_is_not_found_in_multi(story: Story) -> None:
    person = story.person("without-identity")
    person.loses_password().answers(404, NO_BODY)
    person.has_mails(0)


@about.scenario(of=[PAYMENT_RUN])
def a_lost_password_of_an_account_without_identity_is_started_in_payment_run(story: Story) -> None:
    story.person("without-identity").loses_password().answers(204)


@about.scenario("weavr.lost.lock")
def a_reset_leaves_log_in_locked_unless_it_is_set_to_unlock(story: Story) -> None:
    locked = story.person("locked")
    locked.logs_in().answers(423, NO_BODY)
    locked.loses_password()
    locked.resumes(GOOD)
    locked.logs_in().answers(423)
    story.set_programme(reset_unlocks=True)
    locked.loses_password()
    locked.resumes(SECOND)
    locked.logs_in().answers(200)


@about.scenario(shows=["weavr.lost.lock"])
def a_reset_that_unlocks_forgets_the_wrong_passwords(story: Story) -> None:
    member = story.person("member")
    story.set_programme(reset_unlocks=True)
    for password in (GOOD, SECOND):
        for _ in range(4):
            member.enters_wrong_password()
        member.loses_password()
        member.resumes(password)
    member.logs_in(SECOND).answers(200)


@about.scenario()
def the_oldest_of_two_accounts_can_be_set_to_get_the_mail(story: Story) -> None:
    sharer = story.person("sharer")
    story.set_programme(multiple_accounts_found=False)
    sharer.loses_password().answers(204)
    sharer.resumes().answers(200)
    sharer.logs_in().answers(200).showing("/credentials/id", sharer.id)
