"""Which former passwords may not come again."""

from watchword.contract.entrust.story import FOURTH, GOOD, SECOND, SHORT, THIRD, Story
from watchword.contract.scenario import Collection
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("The history of passwords", (SYSTEM,))


def _set_numbered(story: Story, number: int) -> None:
    for one in range(1, number + 1):
        story.administrator.sets(story.user("newcomer"), f"{GOOD}-{one}")


@about.scenario("entrust.history.size", shows=["entrust.history.imported"])
def the_last_eight_passwords_may_not_be_used_again(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    _set_numbered(story, 9)
    administrator.validates(newcomer, f"{GOOD}-1").is_free()
    for number in (9, 8, 2):
        administrator.sets(newcomer, f"{GOOD}-{number}").is_invalid("passwordHistory")


@about.scenario()
def the_ninth_last_password_may_be_used_again(story: Story) -> None:
    _set_numbered(story, 9)
    story.administrator.sets(story.user("newcomer"), f"{GOOD}-1").answers(200)


@about.scenario("entrust.history.size")
def the_length_of_the_history_can_be_set(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    _set_numbered(story, 3)
    story.set_policy(password_history_size=2)
    administrator.sets(newcomer, f"{GOOD}-2").is_invalid("passwordHistory")
    administrator.sets(newcomer, f"{GOOD}-1").answers(200)
    story.set_policy(password_history_size=0)
    administrator.sets(newcomer, f"{GOOD}-1").answers(200)


@about.scenario("entrust.history.size")
def a_validation_can_ignore_the_history(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    administrator.validates(member, member.first_password, ignorePasswordHistory=True).is_free()
    administrator.validates(member, member.first_password).is_in_history()


@about.scenario("entrust.history.cleared-first")
def the_history_is_cleared_before_the_new_password_is_judged(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    administrator.sets(newcomer, SECOND)
    administrator.sets(newcomer, SECOND, clearPasswordHistory=True).answers(200)
    administrator.sets(newcomer, GOOD).answers(200)


@about.scenario()
def a_refused_password_clears_nothing(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    administrator.sets(newcomer, SECOND)
    administrator.sets(newcomer, SHORT, clearPasswordHistory=True).is_refused(400, "invalid_password")
    for password in (GOOD, SECOND):
        administrator.validates(newcomer, password).is_in_history()


@about.scenario("entrust.history.cleared-first")
def the_history_alone_can_be_cleared(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for password in (GOOD, SECOND):
        administrator.sets(newcomer, password)
    administrator.sets(newcomer, clearPasswordHistory=True).answers(200)
    for password in (GOOD, SECOND):
        administrator.validates(newcomer, password).is_free()
    administrator.sets(newcomer, SECOND).answers(200)
    administrator.validates(newcomer, SECOND).is_in_history()


@about.scenario("entrust.history.cleared-first")
def a_password_that_was_cleared_does_not_return_to_the_history(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    administrator.sets(newcomer, clearPasswordHistory=True)
    administrator.sets(newcomer, SECOND).answers(200)
    administrator.validates(newcomer, GOOD).is_free()


@about.scenario("entrust.removal.history")
def a_removed_password_stays_in_the_history(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    administrator.removes(newcomer).answers(200)
    administrator.sets(newcomer, GOOD).is_invalid("passwordHistory")


@about.scenario("entrust.removal.history")
def a_removal_leaves_former_passwords_in_the_history_too(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for password in (GOOD, SECOND):
        administrator.sets(newcomer, password)
    administrator.removes(newcomer).answers(200)
    for password in (GOOD, SECOND):
        administrator.validates(newcomer, password).is_in_history()


@about.scenario("entrust.history.imported")
def only_the_three_newest_imported_passwords_are_compared(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, f"{GOOD}-1")
    for password in (GOOD, SECOND, THIRD, FOURTH):
        administrator.imports(newcomer, password)
    for password in (SECOND, THIRD, FOURTH, f"{GOOD}-1"):
        administrator.validates(newcomer, password).is_in_history()
    administrator.validates(newcomer, GOOD).is_free()


@about.scenario("entrust.history.imported")
def an_imported_password_that_is_not_compared_makes_the_history_no_longer(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set_policy(password_history_size=4)
    administrator.sets(newcomer, f"{GOOD}-1")
    for password in (GOOD, SECOND, THIRD, FOURTH):
        administrator.imports(newcomer, password)
    for password in (f"{GOOD}-1", GOOD):
        administrator.validates(newcomer, password).is_free()


@about.scenario()
def the_number_of_imported_passwords_that_are_compared_can_be_set(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for password in (GOOD, SECOND, THIRD, FOURTH):
        administrator.imports(newcomer, password)
    story.set_policy(imported_passwords_compared=4)
    administrator.validates(newcomer, GOOD).is_in_history()
