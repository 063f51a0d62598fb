"""Log in, be locked out, log out, and how long a token is good."""

from datetime import timedelta

from watchword.contract.scenario import Collection
from watchword.contract.values import Joined
from watchword.contract.weavr.cast import MULTI, PRODUCTS
from watchword.contract.weavr.story import GOOD, NOBODY, SECOND, UNKNOWN_TOKEN, WRONG, Story
from watchword.document.outcomes import NO_BODY

about = Collection[Story]("Log in and out", PRODUCTS)


@about.scenario()
def the_right_password_logs_in(story: Story) -> None:
    member = story.person("member")
    logged_in = member.logs_in().answers(200, "root" if story.is_multi else "administrator")
    logged_in.showing("/tokenType", "ACCESS")
    logged_in.showing("/identity", {"type": "CONSUMER" if story.is_multi else "BUYER", "id": member.id})
    logged_in.showing("/credentials", {"type": "ROOT" if story.is_multi else "ADMIN", "id": member.id})
    member.updates().answers(200)


@about.scenario()
def a_further_user_logs_in_for_the_identity_of_another(story: Story) -> None:
    head, colleague = story.people("head", "colleague")
    logged_in = colleague.logs_in().answers(200).showing("/identity/id", head.id)
    logged_in.showing("/credentials", {"type": "USER", "id": colleague.id})


@about.scenario()
def the_password_tells_apart_users_who_share_an_address(story: Story) -> None:
    sharer = story.person("sharer")
    sharer.logs_in().answers(200).showing("/credentials/id", sharer.id)


@about.scenario()
def the_type_of_the_token_can_be_set(story: Story) -> None:
    story.set_programme(token_type="AUTH")  # noqa: S106  # a type
    story.person("member").logs_in().answers(200, tokenType="AUTH")


@about.scenario("weavr.login.refused")
def users_without_a_password_inactive_or_of_another_programme_cannot_log_in(story: Story) -> None:
    member, neighbour = story.people("member", "neighbour")
    for newcomer in story.people("newcomer", "inactive-newcomer"):
        newcomer.cannot_log_in(GOOD)
    inactive = story.person("inactive")
    inactive.cannot_log_in(inactive.first_password)
    member.logs_in(neighbour.first_password, email=neighbour.login).is_forbidden(member.story_refusal)


@about.scenario("weavr.login.refused")
def a_wrong_password_and_an_unknown_address_get_the_same_answer(story: Story) -> None:
    member = story.person("member")
    member.enters_wrong_password()
    member.logs_in(email=NOBODY).is_forbidden(member.story_refusal)


@about.scenario("weavr.login.locked")
def five_wrong_passwords_lock_log_in_for_half_an_hour(story: Story) -> None:
    member = story.person("member")
    for _ in range(5):
        member.enters_wrong_password()
    member.logs_in().answers(423, NO_BODY)
    story.wait_almost(timedelta(minutes=30))
    member.logs_in().answers(423)
    story.wait(timedelta(minutes=1))
    member.logs_in().answers(200)


@about.scenario("weavr.login.locked")
def a_right_password_resets_the_count_of_wrong_ones(story: Story) -> None:
    member = story.person("member")
    for _ in range(2):
        for _ in range(4):
            member.enters_wrong_password()
        member.logs_in().answers(200)
    for _ in range(5):
        member.enters_wrong_password()
    member.logs_in(WRONG).answers(423)


@about.scenario()
def the_number_of_wrong_passwords_and_the_time_of_the_lock_can_be_set(story: Story) -> None:
    member = story.person("member")
    story.set_programme(lock_after=1, locked_for="PT1M")
    member.enters_wrong_password()
    member.logs_in().answers(423)
    story.wait(timedelta(minutes=1))
    member.logs_in().answers(200)


@about.scenario("weavr.login.expired")
def an_expired_password_is_answered_by_a_token_alone(story: Story) -> None:
    expired = story.person("expired")
    expired.logs_in().answers(409, "PASSWORD_EXPIRED")


@about.scenario("weavr.login.expired")
def a_password_is_good_until_its_own_end(story: Story) -> None:
    expiring = story.person("expiring")
    # The ten days count from the reset, which was a moment ago.
    story.wait(timedelta(days=10, seconds=-30))
    expiring.logs_in().answers(200)
    story.wait(timedelta(minutes=1))
    expiring.logs_in().answers(409, "PASSWORD_EXPIRED")


@about.scenario()
def a_wrong_password_is_refused_before_its_expiry_matters(story: Story) -> None:
    story.person("expired").enters_wrong_password()


@about.scenario("weavr.login.expired")
def a_password_expires_when_the_profile_says_so(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    story.set_programme(root_profile={"expires_after": "P1D"})
    member.updates("Lantern-41-amber")
    story.wait_almost(timedelta(days=1))
    member.logs_in().answers(200)
    story.wait(timedelta(minutes=1))
    member.logs_in().answers(409, "PASSWORD_EXPIRED")


@about.scenario()
def every_invalid_field_of_a_log_in_is_listed(story: Story) -> None:
    member = story.person("member")
    missing = member.call("sends nothing", "login_with_password", {})
    missing.lists(([], "email", "REQUIRED"), ([], "password", "REQUIRED"))
    wrong = member.logs_in("x" * 101, email="no address")
    wrong.lists(([], "email", "REGEX"), (["password"], "value", "SIZE"))
    member.logs_in("x" * 101, email="a@b.example").lists((["password"], "value", "SIZE"))


@about.scenario()
def a_blank_password_at_log_in_is_answered_by_a_message(story: Story) -> None:
    blank = story.person("member").logs_in(" ", fails_log_in="").answers(400, "HAS_TEXT")
    blank.showing("", {"message": "request.password.value: must not be blank"})


@about.scenario()
def a_password_that_is_not_an_object_is_answered_by_a_message(story: Story) -> None:
    body = {"email": "a@b.example", "password": GOOD}
    refused = story.person("member").call("sends a text as the password", "login_with_password", body)
    refused.answers(400, "UNREADABLE").showing("/message", "Invalid request: password must be of type object")


@about.scenario("weavr.token.resolved")
def an_unknown_token_is_answered_before_the_account_is_checked(story: Story) -> None:
    asked = story.person("vaulted").logs_in(UNKNOWN_TOKEN, fails_log_in="")
    asked.answers(404, "TOKEN_NOT_FOUND") if story.is_multi else asked.answers(404, code="TOKEN_NOT_FOUND")


@about.scenario("weavr.token.lifetime")
def an_expired_token_is_answered_before_the_account_is_checked(story: Story) -> None:
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    asked = story.person("member").logs_in(token, email=NOBODY)
    asked.answers(410, "TOKEN_EXPIRED") if story.is_multi else asked.answers(410, code="TOKEN_EXPIRED")


@about.scenario("weavr.session.logout")
def a_token_is_good_until_log_out(story: Story) -> None:
    member = story.person("member")
    member.logs_out().answers(204, NO_BODY)
    member.updates().answers(401, NO_BODY)


@about.scenario()
def log_out_ends_one_token_and_leaves_the_others(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    member.logs_in()
    member.logs_out(token=member.token(1)).answers(204)
    member.updates().answers(200)


@about.scenario("weavr.session.temporary")
def the_token_of_an_expired_password_cannot_log_out(story: Story) -> None:
    expired = story.person("expired")
    expired.logs_in().answers(409, "PASSWORD_EXPIRED")
    expired.logs_out().is_forbidden()


@about.scenario("weavr.session.sliding")
def a_token_ends_five_minutes_after_its_last_use(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    for password in (GOOD, SECOND):
        story.wait_almost(timedelta(minutes=5))
        member.updates(password, keeps={}).answers(200)
    story.wait(timedelta(minutes=5))
    member.logs_out().answers(401, NO_BODY)


@about.scenario("weavr.session.sliding")
def every_call_is_a_use_of_the_token_even_if_it_is_refused(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    almost = timedelta(minutes=5)
    head.logs_in()
    story.wait_almost(almost)
    head.lists_users().answers(200)
    story.wait_almost(almost)
    head.reads_user(user).answers(200)
    story.wait_almost(almost)
    head.reads_user("42").answers(404, "USER_NOT_FOUND")
    story.wait_almost(almost)
    head.invites("42").answers(404, "USER_NOT_FOUND")
    story.wait_almost(almost)
    head.updates("short").is_refused("PASSWORD_TOO_SHORT")
    story.wait_almost(almost)
    head.lists_users().answers(200)
    story.wait(almost)
    head.lists_users().answers(401, NO_BODY)


@about.scenario(shows=["weavr.session.sliding"])
def a_log_out_that_is_refused_is_a_use_of_the_token(story: Story) -> None:
    expired = story.person("expired")
    expired.logs_in().answers(409, "PASSWORD_EXPIRED")
    story.wait_almost(timedelta(minutes=5))
    expired.logs_out().is_forbidden()
    story.wait_almost(timedelta(minutes=5))
    expired.updates(GOOD).answers(200)


@about.scenario("weavr.session.known")
def a_token_is_unauthorized_without_the_word_bearer(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    for form in (Joined(("Basic ", member.token())), member.token(), Joined(("bearer", member.token()))):
        member.logs_out(headers={"Authorization": form}).answers(401, NO_BODY)


@about.scenario(shows=["weavr.session.known"])
def the_word_bearer_may_be_small_and_have_several_blanks_behind_it(story: Story) -> None:
    member = story.person("member")
    member.logs_in()
    member.logs_out(headers={"Authorization": Joined(("bearer  ", member.token(), " "))}).answers(204)


@about.scenario(shows=["weavr.key.known"])
def an_unknown_key_is_unauthorized(story: Story) -> None:
    story.person("member").logs_in(key="sk-of-nobody", fails_log_in="").answers(401, NO_BODY)


@about.scenario(of=[MULTI])
def a_new_password_of_a_further_user_needs_8_characters(story: Story) -> None:
    story.person("colleague").updates("Ab1!xyzw").answers(200)
