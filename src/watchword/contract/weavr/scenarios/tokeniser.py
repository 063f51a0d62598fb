"""Tokens that stand for passwords."""

from datetime import timedelta

from watchword.contract.scenario import Collection
from watchword.contract.weavr.cast import MULTI, PRODUCTS
from watchword.contract.weavr.story import GOOD, SECOND, Story
from watchword.document.outcomes import NO_BODY

about = Collection[Story]("Tokens that stand for passwords", PRODUCTS)


@about.scenario("weavr.token.resolved", "weavr.token.minted")
def a_token_stands_for_its_password_however_often_it_is_sent(story: Story) -> None:
    newcomer = story.person("vaulted-newcomer")
    token = story.tokenises(GOOD)
    newcomer.validates(token).answers(204, NO_BODY)
    newcomer.creates(token).answers(200)
    newcomer.logs_in(token, fails_log_in="").answers(200)


@about.scenario()
def tokens_work_for_log_in_update_and_reset(story: Story) -> None:
    vaulted = story.person("vaulted")
    old = story.tokenises(vaulted.first_password, name="the token of the old password")
    new = story.tokenises(GOOD, name="the token of the new password")
    another = story.tokenises(SECOND, name="the token of another password")
    vaulted.logs_in(old, fails_log_in="").answers(200)
    vaulted.updates(new, old=old).answers(200)
    vaulted.loses_password()
    vaulted.resumes(new).is_refused("PASSWORD_ALREADY_USED")
    vaulted.resumes(another).answers(200)


@about.scenario()
def a_token_is_accepted_where_plain_passwords_are_too(story: Story) -> None:
    member = story.person("member")
    member.logs_in(story.tokenises(member.first_password), fails_log_in="").answers(200)


@about.scenario()
def the_length_of_the_password_is_checked_and_not_that_of_the_token(story: Story) -> None:
    story.person("vaulted").validates(story.tokenises("Ab1!")).is_refused("PASSWORD_TOO_SHORT")


@about.scenario("weavr.token.lifetime")
def a_token_is_good_for_half_an_hour(story: Story) -> None:
    vaulted = story.person("vaulted")
    token = story.tokenises(GOOD)
    story.wait_almost(timedelta(minutes=30))
    vaulted.validates(token).answers(204)
    story.wait(timedelta(minutes=1))
    vaulted.validates(token).answers(410)
    expired = story.person("member").validates(token)
    expired.answers(410, "TOKEN_EXPIRED") if story.is_multi else expired.answers(410, code="TOKEN_EXPIRED")


@about.scenario("weavr.token.lifetime")
def an_expired_token_creates_no_password(story: Story) -> None:
    token = story.tokenises(GOOD)
    story.wait(timedelta(minutes=30))
    asked = story.person("newcomer").creates(token)
    if story.is_multi:
        asked.answers(410, "TOKEN_EXPIRED", errorCode="TOKEN_EXPIRED")
    else:
        asked.answers(410, "TOKEN_EXPIRED", code="TOKEN_EXPIRED")


@about.scenario(of=[MULTI])
def a_programme_can_be_set_to_accept_tokens_only(story: Story) -> None:
    member = story.person("member")
    story.set_programme(tokenised=True)
    member.validates().lists((["password"], "value", "REGEX"))
    story.set_programme(tokenised=False)
    member.validates().answers(204)
