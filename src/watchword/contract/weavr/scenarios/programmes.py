"""Programmes, users and invitations: who may do what for whom."""

from datetime import timedelta

from watchword.contract.scenario import Collection
from watchword.contract.values import Joined
from watchword.contract.weavr.cast import MULTI, PAYMENT_RUN, PRODUCTS
from watchword.contract.weavr.story import GOOD, SECOND, WRONG_CODE, Story
from watchword.document.outcomes import NO_BODY

about = Collection[Story]("Programmes, users and invitations", PRODUCTS)
INVALID = "INVITE_OR_INVITE_CODE_INVALID"
FORBIDDEN = "INSUFFICIENT_PERMISSIONS"
WEEK = timedelta(days=7)
PORTAL = "https://portal.example/app"


@about.scenario("weavr.programme.suspended")
def a_suspended_programme_can_call_nothing(story: Story) -> None:
    suspended = story.person("suspended")
    suspended.validates().is_forbidden()
    suspended.logs_in().is_forbidden(suspended.story_refusal)


@about.scenario("weavr.programme.suspended")
def a_suspended_programme_is_not_told_that_a_token_has_expired(story: Story) -> None:
    suspended = story.person("suspended")
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    suspended.validates(token).is_forbidden()
    suspended.creates(token).is_forbidden(FORBIDDEN)
    suspended.resumes(token, code="123456").is_forbidden()
    suspended.consumes_invite(token, code="123456").is_forbidden(FORBIDDEN)
    suspended.logs_in(token, fails_log_in="").is_forbidden(suspended.story_refusal)


@about.scenario("weavr.key.known")
def a_key_of_the_other_product_is_unknown_even_if_its_programme_is_suspended(story: Story) -> None:
    member, other = story.people("member", "other-product")
    member.validates(key=other.other_key).answers(401, NO_BODY)


@about.scenario("weavr.users.listed")
def an_identity_without_further_users_has_an_empty_list(story: Story) -> None:
    story.person("member").lists_users().answers(200).showing("", {"users": [], "count": 0, "responseCount": 0})


@about.scenario("weavr.users.listed")
def a_page_of_users_has_as_many_as_its_limit_says(story: Story) -> None:
    head = story.person("head")
    for limit in (1, 2):
        head.lists_users(limit=limit).answers(200).showing("/responseCount", limit)
    head.lists_users(limit=1, offset=1).answers(200).showing("/responseCount", 1)


@about.scenario("weavr.users.listed")
def a_list_of_users_can_be_limited_to_an_address(story: Story) -> None:
    head, colleague = story.people("head", "colleague")
    head.lists_users(email=colleague.login).answers(200).showing("/responseCount", 1)


@about.scenario("weavr.users.listed", of=[MULTI])
def a_list_of_users_can_be_limited_to_a_tag(story: Story) -> None:
    head, tagged = story.people("head", "tagged")
    for tag, number in ((tagged.tag, 1), (Joined((tagged.tag, "x")), 0)):
        head.lists_users(email=tagged.login, tag=tag).answers(200).showing("/responseCount", number)


@about.scenario("weavr.users.listed")
def a_list_of_users_can_be_limited_to_those_who_are_active_or_are_not(story: Story) -> None:
    head, colleague = story.people("head", "colleague")
    story.set(deactivated=[colleague.id])
    for active, number in (("true", 0), ("false", 1)):
        listed = head.lists_users(email=colleague.login, active=active).answers(200)
        listed.showing("/responseCount", number)


@about.scenario("weavr.users.found")
def an_unknown_user_and_a_root_user_are_not_found_among_users(story: Story) -> None:
    head = story.person("head")
    head.reads_user("42").answers(404, "USER_NOT_FOUND")
    head.reads_user(head).answers(404, "USER_NOT_FOUND")
    head.invites("42").answers(404, "USER_NOT_FOUND")
    head.invites(head).answers(404, "USER_NOT_FOUND")


@about.scenario("weavr.users.found")
def a_root_user_of_another_identity_is_not_found_among_users(story: Story) -> None:
    head, other = story.people("head", "other-head")
    head.reads_user(other).answers(404, "USER_NOT_FOUND")
    head.invites(other).answers(404, "USER_NOT_FOUND")


@about.scenario("weavr.users.identity")
def a_user_of_another_identity_of_the_same_type_is_forbidden(story: Story) -> None:
    other, uninvited = story.people("other-head", "uninvited")
    other.reads_user(uninvited).is_forbidden(FORBIDDEN)
    other.invites(uninvited).is_forbidden(FORBIDDEN)


@about.scenario("weavr.invite.link", shows=["weavr.invite.user", "weavr.users.identity"])
def an_invitation_is_a_mail_whose_code_sets_the_first_password(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user).answers(204, NO_BODY)
    user.has_mails(1, link_passes=[user.id, user.code(), user.login])
    user.validates_invite().answers(204, NO_BODY)
    user.consumes_invite().answers(200, "token")
    user.has_mails(1)
    user.logs_out().answers(204)
    user.logs_in(GOOD).answers(200)


@about.scenario("weavr.invite.link")
def the_link_of_an_invitation_leads_to_the_portal_that_is_set(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    story.set(portal_url=PORTAL)
    head.invites(user)
    user.has_mails(1, link_has=[f"{PORTAL}/"])


@about.scenario("weavr.invite.consumed")
def a_user_with_a_password_is_not_invited(story: Story) -> None:
    head, colleague, user = story.people("head", "colleague", "uninvited")
    head.invites(colleague).is_refused("INVITE_ALREADY_CONSUMED")
    colleague.has_mails(0)
    head.invites(user)
    user.consumes_invite()
    head.invites(user).is_refused("INVITE_ALREADY_CONSUMED")


@about.scenario("weavr.invite.redeemed")
def a_code_that_is_wrong_or_was_never_sent_sets_no_password(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    user.consumes_invite(code="123456").is_refused(INVALID)
    head.invites(user)
    user.validates_invite(WRONG_CODE).is_refused(INVALID)
    user.consumes_invite(code=WRONG_CODE).is_refused(INVALID)
    user.cannot_log_in(GOOD)
    user.consumes_invite().answers(200)


@about.scenario("weavr.invite.lifetime")
def an_invitation_is_valid_for_a_week(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    story.wait_almost(WEEK)
    user.validates_invite().answers(204)
    story.wait(timedelta(minutes=1))
    user.validates_invite().is_refused(INVALID)


@about.scenario()
def an_invitation_that_has_expired_can_be_sent_again(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    story.wait(WEEK)
    head.logs_in()
    head.invites(user)
    user.consumes_invite().answers(200)


@about.scenario("weavr.invite.single")
def a_second_invitation_replaces_the_first(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    story.draw_codes()
    head.invites(user)
    head.invites(user)
    user.validates_invite(user.code(1)).is_refused(INVALID)


@about.scenario("weavr.invite.user")
def consuming_for_an_unknown_user_is_answered_unresolved_identity(story: Story) -> None:
    user = story.person("uninvited")
    user.consumes_invite(code="123456", user="42").is_refused("UNRESOLVED_IDENTITY")
    user.validates_invite("123456", user="42").is_refused(INVALID)


@about.scenario("weavr.invite.redeemed")
def an_invitation_is_of_no_use_once_there_is_a_password(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    user.creates(GOOD)
    user.validates_invite().is_refused(INVALID)


@about.scenario("weavr.invite.programme")
def an_invitation_of_another_programme_is_forbidden(story: Story) -> None:
    user, neighbour = story.people("uninvited", "neighbour")
    user.validates_invite("123456", key=neighbour.key).is_forbidden(FORBIDDEN)
    user.consumes_invite(code="123456", key=neighbour.key).is_forbidden(FORBIDDEN)


@about.scenario("weavr.invite.inactive")
def the_invitation_of_a_user_who_was_deactivated_is_forbidden(story: Story) -> None:
    user = story.person("invited-inactive")
    user.validates_invite("123456").is_forbidden(FORBIDDEN)
    user.consumes_invite(code="123456").is_forbidden(FORBIDDEN)


@about.scenario("weavr.invite.inactive")
def that_an_invited_user_is_inactive_comes_before_whether_the_code_is_right(story: Story) -> None:
    user = story.person("invited-inactive")
    user.validates_invite(WRONG_CODE).is_forbidden(FORBIDDEN)
    user.consumes_invite(code=WRONG_CODE).is_forbidden(FORBIDDEN)


@about.scenario("weavr.invite.root")
def a_root_user_whose_identity_cannot_be_found_has_no_invitation_either(story: Story) -> None:
    story.person("without-identity").consumes_invite(code="123456").is_refused(INVALID)


@about.scenario("weavr.invite.root")
def a_root_user_has_no_invitation_to_consume(story: Story) -> None:
    for root in story.people("newcomer", "head"):
        root.consumes_invite(code="123456").is_refused(INVALID)


@about.scenario("weavr.create.once")
def an_invitation_is_consumed_once(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    user.consumes_invite(GOOD)
    user.consumes_invite(SECOND).is_refused("PASSWORD_ALREADY_CREATED")
    user.validates_invite().is_refused(INVALID)
    user.logs_in(GOOD).answers(200)


@about.scenario("weavr.password.length", "weavr.password.complexity")
def a_password_that_breaks_a_rule_leaves_the_invitation_valid(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    user.consumes_invite("Ab1!xyz").is_refused("PASSWORD_TOO_SHORT")
    user.consumes_invite("Ab1!" + "x" * 27).is_refused("PASSWORD_TOO_LONG")
    user.consumes_invite("lantern-42-amber").is_refused("PASSWORD_TOO_SIMPLE")
    user.consumes_invite().answers(200)


@about.scenario("weavr_payment_run.users.administrator", of=[PAYMENT_RUN])
def only_the_administrator_of_a_buyer_reads_and_invites_users(story: Story) -> None:
    colleague, user = story.people("colleague", "uninvited")
    colleague.lists_users().is_forbidden(FORBIDDEN)
    colleague.reads_user(user).is_forbidden(FORBIDDEN)
    colleague.invites(user).is_forbidden(FORBIDDEN)


@about.scenario("weavr_payment_run.users.key", of=[PAYMENT_RUN])
def the_key_of_another_programme_is_unauthorized_when_users_are_managed(story: Story) -> None:
    head, user, neighbour = story.people("head", "uninvited", "neighbour")
    head.invites(user, key=neighbour.key).answers(401, NO_BODY)


@about.scenario("weavr.session.programme", of=[PAYMENT_RUN])
def the_key_of_another_programme_is_answered_before_that_the_caller_is_inactive(story: Story) -> None:
    head, user, neighbour = story.people("head", "uninvited", "neighbour")
    head.logs_in()
    story.set(deactivated=[head.id])
    head.invites(user, key=neighbour.key).answers(401, NO_BODY)


@about.scenario("weavr_payment_run.key.empty", of=[PAYMENT_RUN])
def an_empty_key_is_looked_up_when_a_password_is_created(story: Story) -> None:
    story.person("newcomer").creates(key="").answers(401, NO_BODY)


@about.scenario("weavr_payment_run.idempotency.replayed", of=[PAYMENT_RUN])
def a_repeated_invitation_is_answered_as_the_first_and_sends_no_second_mail(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    for _ in range(2):
        head.invites(user, headers={"idempotency-ref": "one"}).answers(204)
    user.has_mails(1)


@about.scenario("weavr_payment_run.idempotency.replayed", of=[PAYMENT_RUN])
def an_invitation_that_is_repeated_after_a_day_is_another_one(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user, headers={"idempotency-ref": "one"})
    story.wait_almost(timedelta(days=1))
    head.logs_in()
    head.invites(user, headers={"idempotency-ref": "one"}).answers(204)
    user.has_mails(1)
    story.wait(timedelta(minutes=1))
    head.invites(user, headers={"idempotency-ref": "one"}).answers(204)
    user.has_mails(2)


@about.scenario("weavr_payment_run.idempotency.replayed", of=[PAYMENT_RUN])
def a_repeated_validation_is_answered_as_the_first_although_the_invitation_was_used(story: Story) -> None:
    head, user = story.people("head", "uninvited")
    head.invites(user)
    user.validates_invite(headers={"idempotency-ref": "one"})
    user.consumes_invite()
    user.validates_invite(headers={"idempotency-ref": "one"}).answers(204, NO_BODY)
    user.validates_invite().is_refused(INVALID)


@about.scenario("weavr_payment_run.idempotency.payload", of=[PAYMENT_RUN])
def the_same_reference_for_another_user_is_refused(story: Story) -> None:
    head, user, late = story.people("head", "uninvited", "late")
    head.invites(user, headers={"idempotency-ref": "one"})
    head.invites(late, headers={"idempotency-ref": "one"}).answers(422, "IDEMPOTENCY_REF_REUSED")


@about.scenario(of=[MULTI])
def every_user_of_multi_may_read_and_invite_the_users_of_the_identity(story: Story) -> None:
    colleague, user = story.people("colleague", "uninvited")
    colleague.reads_user(user).answers(200)
    colleague.invites(user).answers(204)


@about.scenario("weavr.users.identity", of=[MULTI])
def a_user_of_an_identity_of_another_type_is_not_found(story: Story) -> None:
    member, user = story.people("member", "uninvited")
    member.reads_user(user).answers(404, "USER_NOT_FOUND")
    member.invites(user).answers(404, "USER_NOT_FOUND")


@about.scenario("weavr.token.programme-key", of=[MULTI])
def an_unknown_public_key_tokenises_nothing(story: Story) -> None:
    story.tokenises_in_browser(GOOD, "pk-of-nobody").answers(401, NO_BODY)


@about.scenario(shows=["weavr.token.programme-key"], of=[MULTI])
def a_page_tokenises_with_the_public_key_of_a_programme(story: Story) -> None:
    tokenised = story.tokenises_in_browser(GOOD, story.person("front-end").public_key)
    tokenised.answers(200)
    story.person("member").validates(story.password_token).answers(204, NO_BODY)
