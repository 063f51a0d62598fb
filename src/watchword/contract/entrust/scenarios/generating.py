"""Random passwords, and the mails about new ones."""

from watchword.contract.entrust.story import GOOD, SECOND, SHORT, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Code, Joined
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("Random passwords and mails", (SYSTEM,))


@about.scenario("entrust.password.generated", shows=["entrust.password.returned"])
def a_generated_password_is_returned_if_asked_for_and_meets_the_policy(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, generatePassword=True, returnPassword=True).answers(200, "generated", present=True)
    administrator.validates(newcomer, newcomer.password).fails("passwordHistory")


@about.scenario("entrust.password.generated")
def a_generated_password_is_as_long_as_the_policy_allows(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for least, most in ((20, 20), (9, 9), (8, 10)):
        story.set_policy(minimum_length=least, maximum_length=most)
        administrator.sets(newcomer, generatePassword=True, returnPassword=True).answers(200, "generated")
        administrator.validates(newcomer, newcomer.password).fails("passwordHistory")


@about.scenario("entrust.password.generated")
def a_generated_password_repeats_no_character_more_often_than_the_policy_allows(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    # Among a hundred digits that were drawn without regard to it, two alike are neighbours.
    only_digits = dict.fromkeys(("include_lowercase", "include_uppercase", "include_nonalphanumeric"), "NOT_ALLOWED")
    story.set_policy(maximum_repeated=1, minimum_length=100, minimum_strength=0, **only_digits)
    administrator.sets(newcomer, generatePassword=True, returnPassword=True).answers(200, "generated")
    administrator.validates(newcomer, newcomer.password).fails("passwordHistory")


@about.scenario("entrust.password.generated")
def a_password_that_is_sent_is_ignored_if_one_is_generated(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, SECOND)
    administrator.validates(newcomer, SECOND).is_in_history()
    administrator.sets(newcomer, "ignored", generatePassword=True, returnPassword=True).answers(200, "generated")
    administrator.sets(newcomer, GOOD, generatePassword=True).answers(200)
    administrator.validates(newcomer, GOOD).is_free()


@about.scenario("entrust.password.generated")
def every_generated_password_is_another_one(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for _ in range(2):
        administrator.sets(newcomer, generatePassword=True, returnPassword=True)
    administrator.sets(newcomer, GOOD, clearPasswordHistory=True)
    administrator.sets(newcomer, newcomer.generated())
    administrator.sets(newcomer, newcomer.generated(1)).answers(200)


@about.scenario("entrust.password.returned")
def no_other_password_is_returned(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, generatePassword=True).answers(200, newPassword=None)
    administrator.reads(newcomer).answers(200, newPassword=None)
    administrator.sets(newcomer, GOOD, returnPassword=True).answers(200, newPassword=None)


@about.scenario("entrust.password.mail", "entrust.password.generated")
def a_generated_password_is_in_the_mail(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, generatePassword=True, emailPassword=True).answers(200, newPassword=None)
    newcomer.has_mails(1)
    administrator.validates(newcomer, Code(newcomer.role)).fails("passwordHistory")


@about.scenario("entrust.password.mail")
def a_mail_is_sent_unless_it_is_declined(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, SECOND)
    newcomer.has_mails(0)
    administrator.sends(newcomer, {"password": GOOD})
    newcomer.has_mails(1)


@about.scenario("entrust.password.mail")
def a_mail_names_the_user(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    administrator.sends(member, {"password": GOOD})
    member.has_mails(1, text_has=[Joined((member.first_name, " ", member.last_name)), member.login])


@about.scenario("entrust.password.mail")
def a_mail_says_where_to_sign_in(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set(portal_url="https://portal.example/sign-in")
    administrator.sends(newcomer, {"password": GOOD})
    newcomer.has_mails(1, text_has=["https://portal.example/sign-in"])


@about.scenario("entrust.password.mail")
def attributes_and_refused_passwords_are_not_mailed(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD, emailPassword=True)
    administrator.sets(newcomer, forceUpdate=True, emailPassword=True)
    administrator.sets(newcomer, SHORT, emailPassword=True).is_refused(400, "invalid_password")
    newcomer.has_mails(1)


@about.scenario()
def a_user_without_an_address_can_be_given_a_password(story: Story) -> None:
    administrator, unreachable = story.administrator, story.user("unreachable")
    administrator.sets(unreachable, generatePassword=True, emailPassword=True).answers(200, present=True)
