"""Users whose password is kept elsewhere, or who are not in good order."""

from watchword.contract.entrust.story import GOOD, Story
from watchword.contract.scenario import Collection
from watchword.document.outcomes import NO_BODY
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("Users in other situations", (SYSTEM,))


@about.scenario(shows=["entrust.user.locked"])
def a_locked_user_can_be_given_a_password(story: Story) -> None:
    administrator, locked = story.administrator, story.user("locked")
    administrator.sets(locked, GOOD).answers(200, present=True)
    administrator.validates(locked, GOOD).is_in_history()


@about.scenario("entrust.user.inactive")
def a_user_who_is_inactive_gets_no_password(story: Story) -> None:
    administrator, inactive = story.administrator, story.user("inactive")
    administrator.sets(inactive, GOOD).is_refused(409, "user_inactive")


@about.scenario("entrust.user.inactive")
def a_setting_allows_passwords_of_inactive_users(story: Story) -> None:
    administrator, inactive = story.administrator, story.user("inactive")
    administrator.sets(inactive, GOOD).is_refused(409, "user_inactive")
    story.set(inactive_users_refused=False)
    administrator.sets(inactive, GOOD).answers(200)


@about.scenario("entrust.user.external")
def an_external_user_gets_no_password(story: Story) -> None:
    administrator, external = story.administrator, story.user("external")
    administrator.reads(external).answers(200, "absent")
    administrator.sets(external, GOOD).is_refused(409, "password_managed_elsewhere")


@about.scenario("entrust.user.external")
def a_setting_allows_passwords_of_external_users(story: Story) -> None:
    administrator, external = story.administrator, story.user("external")
    administrator.sets(external, GOOD).is_refused(409, "password_managed_elsewhere")
    story.set(external_users_refused=False)
    administrator.sets(external, GOOD).answers(200)


@about.scenario("entrust.directory.current-password")
def a_directory_user_needs_the_current_password(story: Story) -> None:
    administrator, directory = story.administrator, story.user("directory")
    administrator.sets(directory, GOOD, currentPassword=directory.first_password).answers(200)
    administrator.sets(directory, GOOD).is_refused(400, "current_password_required")
    administrator.sets(directory, GOOD, currentPassword=None).is_refused(400, "current_password_required")


@about.scenario("entrust.directory.current-password")
def a_wrong_current_password_of_a_directory_user_is_refused(story: Story) -> None:
    story.administrator.enters_wrong_password(story.user("directory"))


@about.scenario("entrust.directory.current-password")
def a_setting_makes_the_current_password_of_a_directory_user_optional(story: Story) -> None:
    administrator, directory = story.administrator, story.user("directory")
    story.set(directory_users_need_current_password=False)
    administrator.enters_wrong_password(directory)
    administrator.sets(directory, GOOD).answers(200)


@about.scenario()
def the_current_password_is_ignored_for_a_local_user(story: Story) -> None:
    story.administrator.sets(story.user("member"), GOOD, currentPassword="anything else").answers(200)


@about.scenario("entrust.password.nothing-to-remove")
def a_password_is_removed_once(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    administrator.removes(member).answers(200, NO_BODY)
    administrator.reads(member).answers(200, "absent")
    administrator.removes(member).is_refused(404, "password_not_found")


@about.scenario("entrust.removal.local-only")
def only_the_password_of_a_local_user_is_removed(story: Story) -> None:
    administrator = story.administrator
    for role in ("external", "directory"):
        administrator.removes(story.user(role)).is_refused(409, "password_managed_elsewhere")


@about.scenario("entrust.removal.local-only")
def a_setting_allows_the_removal_of_a_password_from_a_directory(story: Story) -> None:
    administrator, directory = story.administrator, story.user("directory")
    administrator.removes(directory).is_refused(409, "password_managed_elsewhere")
    story.set(removal_for_local_users_only=False)
    administrator.removes(directory).answers(200)
    administrator.reads(directory).answers(200, "absent")
