"""The first password."""

from typing import Any

from watchword.contract.scenario import Collection
from watchword.contract.weavr.cast import MULTI, PAYMENT_RUN, PRODUCTS
from watchword.contract.weavr.story import GOOD, SECOND, UNKNOWN_TOKEN, Story

about = Collection[Story]("Create a password", PRODUCTS)


@about.scenario(shows=["weavr.create.user", "weavr.create.identity"])
def a_first_password_is_created_and_logs_in(story: Story) -> None:
    newcomer = story.person("newcomer")
    created = newcomer.creates()
    if story.is_multi:
        created.answers(200, "consumer").showing(
            "/passwordInfo", {"identityId": {"type": "CONSUMER", "id": newcomer.id}, "expiryDate": 0}
        )
    else:
        created.answers(200, "buyer").showing("/passwordInfo", {"buyerId": newcomer.id, "expiryDate": 0})
    newcomer.logs_out().answers(204)
    newcomer.logs_in(GOOD).answers(200)


@about.scenario()
def the_first_password_sends_no_mail(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates()
    newcomer.has_mails(0)


@about.scenario()
def a_missing_password_is_required(story: Story) -> None:
    newcomer = story.person("newcomer")
    for body, where, name in (
        ({}, [], "password"),
        ({"password": None}, [], "password"),
        ({"password": {}}, ["password"], "value"),
    ):
        refused = newcomer.call("sends no password", "create_password", body, path={"user_id": "1"})
        refused.lists((where, name, "REQUIRED"))


@about.scenario()
def a_user_id_has_digits_only_and_a_password_100_characters_at_most(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates(user="abc").lists(([], "user_id", "REGEX"))
    newcomer.creates("x" * 101, user="1").lists((["password"], "value", "SIZE"))
    newcomer.creates("", user="abc").lists((["password"], "value", "HAS_TEXT"), ([], "user_id", "REGEX"))


@about.scenario()
def a_blank_first_password_alone_is_answered_by_a_message(story: Story) -> None:
    blank = story.person("newcomer").creates("   ").answers(400, "HAS_TEXT")
    blank.showing("", {"message": "request.password.value: must not be blank"})


@about.scenario("weavr.create.inactive")
def an_inactive_user_gets_no_password(story: Story) -> None:
    story.person("inactive-newcomer").creates().is_forbidden("INSUFFICIENT_PERMISSIONS")


@about.scenario("weavr.create.user")
def an_unknown_user_and_one_of_another_programme_are_not_found(story: Story) -> None:
    newcomer, neighbour = story.people("newcomer", "neighbour")
    newcomer.creates(user="42").answers(404, "USER_NOT_FOUND")
    newcomer.creates(key=neighbour.key).answers(404, "USER_NOT_FOUND")


@about.scenario("weavr.token.resolved")
def an_unknown_token_is_not_found_where_only_tokens_are_accepted_for_a_first_password(story: Story) -> None:
    newcomer = story.person("vaulted-newcomer")
    newcomer.creates(UNKNOWN_TOKEN).answers(404, "TOKEN_NOT_FOUND")
    newcomer.creates().lists((["password"], "value", "REGEX"))


@about.scenario("weavr.password.length", "weavr.password.complexity")
def a_first_password_that_breaks_a_rule_is_refused_and_leaves_none(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates("Ab1!xyz").is_refused("PASSWORD_TOO_SHORT")
    newcomer.creates("Ab1!" + "x" * 27).is_refused("PASSWORD_TOO_LONG")
    for simple in ("lantern-42-amber", "LANTERN-42-AMBER", "Lantern-xx-amber", "Lantern042amber"):
        newcomer.creates(simple).is_refused("PASSWORD_TOO_SIMPLE")
    newcomer.creates().answers(200)


@about.scenario("weavr.create.once")
def a_second_password_is_refused_and_the_first_one_stays(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates(GOOD)
    newcomer.creates(SECOND).is_refused("PASSWORD_ALREADY_CREATED")
    newcomer.logs_in(GOOD).answers(200)


@about.scenario("weavr.create.login-key")
def an_address_that_another_user_logs_in_with_is_taken(story: Story) -> None:
    story.person("shared-newcomer").creates().is_refused("PASSWORD_KEY_ALREADY_IN_USE")


@about.scenario("weavr.create.login-key", of=[MULTI])
def an_address_that_an_older_user_logs_in_with_is_taken(story: Story) -> None:
    story.person("young-twin").creates().is_refused("PASSWORD_KEY_ALREADY_IN_USE")


@about.scenario("weavr.create.identity")
def an_identity_that_cannot_be_found_is_unresolved(story: Story) -> None:
    story.person("without-identity").creates().is_refused("UNRESOLVED_IDENTITY")


@about.scenario("weavr.create.identity", of=[MULTI])
def an_identity_that_cannot_be_found_comes_before_the_password_that_is_there(story: Story) -> None:
    story.person("lost-twin").creates().is_refused("UNRESOLVED_IDENTITY")


@about.scenario("weavr.profile.any")
def no_password_is_created_in_a_programme_without_any_profile(story: Story) -> None:
    story.person("unprofiled").creates().is_refused("UNRESOLVED_IDENTITY")


@about.scenario("weavr.profile.type")
def no_password_is_created_in_a_programme_without_a_profile_for_root_users(story: Story) -> None:
    story.person("users-only").creates().is_refused("PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")


@about.scenario("weavr.create.user")
def a_programme_is_not_told_that_a_user_of_another_one_is_inactive(story: Story) -> None:
    newcomer, neighbour = story.people("inactive-newcomer", "neighbour")
    newcomer.creates(key=neighbour.key).answers(404, "USER_NOT_FOUND")


@about.scenario("weavr.create.inactive")
def an_inactive_user_is_forbidden_a_password_before_the_identity_is_looked_up(story: Story) -> None:
    person = story.person("without-identity")
    story.set(deactivated=[person.id])
    person.creates().is_forbidden("INSUFFICIENT_PERMISSIONS")


@about.scenario("weavr.create.login-key")
def that_an_address_is_taken_comes_before_what_the_programme_lacks(story: Story) -> None:
    without: dict[str, Any] = {"configured": False}
    story.set_programme(root_profile=without, user_profile=without)
    story.person("shared-newcomer").creates().is_refused("PASSWORD_KEY_ALREADY_IN_USE")


@about.scenario("weavr.create.once")
def the_user_is_checked_before_the_first_password(story: Story) -> None:
    newcomer = story.person("newcomer")
    newcomer.creates()
    newcomer.creates("short").is_refused("PASSWORD_ALREADY_CREATED")


@about.scenario("weavr_multi.password.minimum", of=[MULTI])
def the_back_office_needs_12_characters(story: Story) -> None:
    story.person("back-office-newcomer").creates("Ledger-2027").is_refused("PASSWORD_TOO_SHORT")


@about.scenario(of=[MULTI])
def for_the_back_office_12_characters_are_enough(story: Story) -> None:
    story.person("back-office-newcomer").creates("Ledger-2027x").answers(200, "corporate")


@about.scenario("weavr_multi.password.minimum", of=[MULTI])
def the_back_office_updates_and_resets_to_12_characters_at_least(story: Story) -> None:
    user = story.person("back-office")
    user.updates("Ab1!xyzw").is_refused("PASSWORD_TOO_SHORT")
    user.loses_password()
    user.resumes("Ab1!xyzw").is_refused("PASSWORD_TOO_SHORT")


@about.scenario(of=[MULTI])
def the_answer_for_an_unknown_user_has_no_code_in_multi(story: Story) -> None:
    story.person("newcomer").creates(user="42").answers(404).showing("", {})


@about.scenario(of=[PAYMENT_RUN])
def an_unknown_user_is_answered_by_code_and_message_in_payment_run(story: Story) -> None:
    story.person("newcomer").creates(user="42").answers(404, code="USER_NOT_FOUND")
