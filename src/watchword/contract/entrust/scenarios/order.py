"""Requests with two faults: which of them is answered."""

from datetime import timedelta

from watchword.contract.entrust.story import GOOD, NO_HASH, SECOND, SHORT, WRONG, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Template, Timestamp
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("The order of checks", (SYSTEM,))

_PAST = Timestamp(timedelta(days=-1))


@about.scenario("entrust.user.inactive")
def whether_a_user_is_active_comes_before_what_the_request_says(story: Story) -> None:
    inactive = story.user("inactive")
    story.administrator.sets(inactive, SHORT, expiryTime=_PAST).is_refused(409, "user_inactive")


@about.scenario("entrust.user.inactive")
def whether_a_user_is_active_comes_before_where_the_password_is_kept(story: Story) -> None:
    story.administrator.sets(story.user("external-inactive"), GOOD).is_refused(409, "user_inactive")


@about.scenario("entrust.user.external")
def where_a_password_is_kept_comes_before_what_the_request_says(story: Story) -> None:
    administrator, external = story.administrator, story.user("external")
    administrator.sets(external, SHORT, expiryTime=_PAST).is_refused(409, "password_managed_elsewhere")
    administrator.imports(external).is_refused(409, "password_managed_elsewhere")


@about.scenario("entrust.password.expiry-in-future")
def an_expiry_time_is_judged_before_the_restrictions_of_an_import(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    refused = administrator.imports(newcomer, returnPassword=True, expiryTime=_PAST)
    refused.is_refused(400, "expiry_time_in_past")


@about.scenario("entrust.bcrypt.restrictions")
def the_restrictions_of_an_import_are_judged_in_the_order_of_the_vendors_page(story: Story) -> None:
    administrator, directory, newcomer = story.administrator, story.user("directory"), story.user("newcomer")
    wrong: dict[str, Template] = {"returnPassword": True}
    administrator.imports(newcomer, **wrong).is_refused(400, "bcrypt_return_password_not_false")
    for field, value, code in (
        ("emailPassword", True, "bcrypt_email_password_not_false"),
        ("generatePassword", True, "bcrypt_generate_password_not_false"),
        ("currentPassword", SECOND, "bcrypt_current_password_not_null"),
    ):
        wrong[field] = value
        administrator.imports(newcomer, **wrong).is_refused(400, code)
    administrator.imports(directory, **wrong).is_refused(400, "bcrypt_user_not_local")


@about.scenario("entrust.bcrypt.restrictions")
def the_restrictions_of_an_import_are_judged_before_its_hash(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for missing in (None, NO_HASH):
        refused = administrator.imports(newcomer, password=missing, returnPassword=True)
        refused.is_refused(400, "bcrypt_return_password_not_false")


@about.scenario("entrust.directory.current-password")
def the_current_password_is_checked_before_the_new_one(story: Story) -> None:
    administrator, directory = story.administrator, story.user("directory")
    administrator.sets(directory, SHORT).is_refused(400, "current_password_required")
    refused = administrator.sets(directory, SHORT, currentPassword=WRONG)
    refused.is_refused(400, "current_password_incorrect")


@about.scenario("entrust.directory.current-password")
def the_current_password_is_checked_before_the_age_of_the_password(story: Story) -> None:
    administrator, directory = story.administrator, story.user("directory")
    administrator.sets(directory, GOOD, currentPassword=directory.first_password)
    story.set_policy(minimum_lifetime=3)
    administrator.sets(directory, SECOND).is_refused(400, "current_password_required")
    administrator.enters_wrong_password(directory)


@about.scenario("entrust.password.expiry-in-future")
def an_expiry_time_is_judged_before_the_current_password(story: Story) -> None:
    refused = story.administrator.sets(story.user("directory"), GOOD, expiryTime=_PAST)
    refused.is_refused(400, "expiry_time_in_past")


@about.scenario("entrust.password.minimum-lifetime")
def the_age_of_a_password_is_checked_before_the_new_one(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    story.set_policy(minimum_lifetime=3)
    administrator.sets(newcomer, SHORT).is_refused(409, "password_minimum_lifetime")
    refused = administrator.imports(newcomer, password=NO_HASH)
    refused.is_refused(409, "password_minimum_lifetime")


@about.scenario("entrust.removal.local-only")
def where_a_password_is_kept_comes_before_whether_there_is_one(story: Story) -> None:
    administrator, external = story.administrator, story.user("external")
    administrator.reads(external).answers(200, "absent")
    administrator.removes(external).is_refused(409, "password_managed_elsewhere")
