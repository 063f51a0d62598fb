"""A new password in the place of the old one."""

from datetime import timedelta

from watchword.contract.scenario import Collection
from watchword.contract.values import Ahead
from watchword.contract.weavr.cast import MULTI, PAYMENT_RUN, PRODUCTS
from watchword.contract.weavr.story import GOOD, SECOND, THIRD, UNKNOWN_TOKEN, WRONG, Story

about = Collection[Story]("Update a password", PRODUCTS)


@about.scenario()
def the_new_password_replaces_the_old_one(story: Story) -> None:
    member = story.person("member")
    updated = member.updates()
    if story.is_multi:
        updated.answers(200, "consumer").showing("/passwordInfo/identityId/type", "CONSUMER")
        updated.showing("/passwordInfo/identityId/id", member.id)
    updated.showing("/passwordInfo/expiryDate", 0)
    member.logs_out().answers(204)
    member.logs_in(GOOD).answers(200)
    member.cannot_log_in(member.first_password)


@about.scenario()
def a_further_user_updates_the_password_for_the_identity_of_the_head(story: Story) -> None:
    head, colleague = story.people("head", "colleague")
    updated = colleague.updates()
    if story.is_multi:
        updated.answers(200, "corporate").showing("/passwordInfo/identityId/type", "CORPORATE")
        updated.showing("/passwordInfo/identityId/id", head.id)
    else:
        updated.answers(200, "buyer").showing("/passwordInfo/buyerId", head.id)


@about.scenario("weavr.mail.changed")
def a_mail_says_that_the_password_has_changed(story: Story) -> None:
    member = story.person("member")
    member.updates()
    member.has_mails(1)


@about.scenario("weavr.update.old-password")
def a_wrong_old_password_is_refused_before_the_new_one_is_checked(story: Story) -> None:
    story.person("member").updates("short", old=WRONG).is_refused("PASSWORD_INCORRECT")


@about.scenario()
def a_refused_update_leaves_no_trace(story: Story) -> None:
    member = story.person("member")
    member.updates(old=WRONG).is_refused("PASSWORD_INCORRECT")
    member.updates("short").is_refused("PASSWORD_TOO_SHORT")
    member.has_mails(0)
    member.logs_in(member.first_password).answers(200)


@about.scenario("weavr.password.length", "weavr.password.complexity")
def a_new_password_of_a_wrong_length_or_too_few_kinds_of_characters_is_refused(story: Story) -> None:
    member = story.person("member")
    member.updates("Ab1!xyz").is_refused("PASSWORD_TOO_SHORT")
    member.updates("Ab1!" + "x" * 27).is_refused("PASSWORD_TOO_LONG")
    member.updates("Lantern042amber").is_refused("PASSWORD_TOO_SIMPLE")


@about.scenario("weavr.password.history", shows=["weavr.update.old-password"])
def the_present_password_and_the_four_before_it_are_refused(story: Story) -> None:
    member = story.person("member")
    for number in range(1, 6):
        member.updates(f"Lantern-{number}-amber")
    for number in (5, 4, 1):
        member.updates(f"Lantern-{number}-amber").is_refused("PASSWORD_ALREADY_USED")


@about.scenario("weavr.password.history")
def the_very_first_password_counts_too(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates(GOOD)
    newcomer.updates(SECOND)
    newcomer.updates(GOOD).is_refused("PASSWORD_ALREADY_USED")


@about.scenario()
def the_sixth_last_password_is_accepted(story: Story) -> None:
    member = story.person("member")
    for number in range(1, 7):
        member.updates(f"Lantern-{number}-amber")
    member.updates("Lantern-1-amber").answers(200)


@about.scenario()
def the_history_can_be_set_longer_and_knows_the_passwords_before(story: Story) -> None:
    member = story.person("member")
    for number in range(1, 8):
        member.updates(f"Lantern-{number}-amber")
    member.updates("Lantern-2-amber").answers(200)
    story.set_programme(history=7)
    member.updates("Lantern-3-amber").is_refused("PASSWORD_ALREADY_USED")


@about.scenario()
def every_invalid_field_of_an_update_is_listed(story: Story) -> None:
    member = story.person("member")
    missing = member.call("sends no passwords", "update_password", {})
    missing.lists(([], "newPassword", "REQUIRED"), ([], "oldPassword", "REQUIRED"))
    member.updates(old="x" * 101).lists((["oldPassword"], "value", "SIZE"))


@about.scenario()
def two_blank_passwords_are_answered_by_one_message(story: Story) -> None:
    story.person("member").updates("", old=" ").answers(400, "HAS_TEXT")


@about.scenario()
def an_old_password_that_is_no_object_is_answered_by_a_message(story: Story) -> None:
    body = {"oldPassword": GOOD, "newPassword": {"value": GOOD}}
    refused = story.person("member").call("sends a text as the old password", "update_password", body)
    refused.answers(400, "UNREADABLE").showing("/message", "Invalid request: oldPassword must be of type object")


@about.scenario("weavr.session.programme")
def the_key_of_another_programme_is_forbidden(story: Story) -> None:
    member, neighbour = story.people("member", "neighbour")
    member.updates(key=neighbour.key).is_forbidden()


@about.scenario("weavr.session.inactive")
def a_user_who_was_deactivated_after_log_in_is_forbidden(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    story.set(deactivated=[member.id])
    member.updates().is_forbidden()


@about.scenario("weavr.session.inactive")
def that_the_caller_is_inactive_comes_before_that_a_token_has_expired(story: Story) -> None:
    member = story.person("member")
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    member.logs_in()
    story.set(deactivated=[member.id])
    member.updates(old=token).is_forbidden()


@about.scenario("weavr.token.resolved")
def a_plain_new_password_is_invalid_where_only_tokens_are_accepted(story: Story) -> None:
    vaulted = story.person("vaulted")
    old = story.tokenises(vaulted.first_password, name="the old password's token")
    vaulted.logs_in(old, fails_log_in="")
    vaulted.updates().lists((["oldPassword"], "value", "REGEX"))


@about.scenario("weavr.token.resolved", of=[MULTI])
def the_old_password_is_resolved_before_the_new(story: Story) -> None:
    vaulted = story.person("vaulted")
    vaulted.logs_in(story.tokenises(vaulted.first_password), fails_log_in="")
    vaulted.updates(old=UNKNOWN_TOKEN).answers(404, "TOKEN_NOT_FOUND")


@about.scenario("weavr.token.lifetime", of=[MULTI])
def an_expired_token_is_answered_before_the_old_password_is_checked(story: Story) -> None:
    member = story.person("member")
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    member.updates(token, old=WRONG).answers(410, "TOKEN_EXPIRED")


@about.scenario("weavr.token.lifetime", of=[PAYMENT_RUN])
def an_expired_token_is_gone_at_an_update_of_payment_run(story: Story) -> None:
    member = story.person("member")
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    member.updates(token, old=WRONG).answers(410, code="TOKEN_EXPIRED")


@about.scenario("weavr.password.expiry")
def the_answer_has_the_moment_when_the_new_password_expires(story: Story) -> None:
    expired = story.person("expired-quarterly")
    expired.logs_in().answers(409, "PASSWORD_EXPIRED")
    expired.updates(GOOD).answers(200).showing("/passwordInfo/expiryDate", Ahead(timedelta(days=90)))


@about.scenario("weavr.login.expired", shows=["weavr.session.temporary"])
def the_token_of_an_expired_password_is_good_for_one_update(story: Story) -> None:
    expired = story.person("expired")
    expired.logs_in().answers(409, "PASSWORD_EXPIRED")
    expired.updates("short").is_refused("PASSWORD_TOO_SHORT")
    expired.updates(GOOD).answers(200)
    expired.updates(SECOND, token=expired.token(1)).answers(401)


@about.scenario()
def an_update_leaves_other_tokens_good(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    member.updates(GOOD)
    member.updates(THIRD, token=member.token(1)).answers(200)
