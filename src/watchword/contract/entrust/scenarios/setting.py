"""A new password, how long it is good, and attributes of the present one."""

from datetime import timedelta

from watchword.contract.entrust.story import GOOD, SECOND, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Template, Timestamp
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("Set a password", (SYSTEM,))

_DAY = timedelta(days=1)


@about.scenario("entrust.password.expiry", "entrust.password.expiry-notification")
def a_new_password_expires_after_ninety_days(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    state: dict[str, Template] = {
        "lastChangedTime": Timestamp(),
        "expiryTime": Timestamp(90 * _DAY),
        "expiryNotificationDate": Timestamp(83 * _DAY),
    }
    administrator.sets(newcomer, GOOD).answers(200, "set", present=True, forceUpdate=False, **state)
    administrator.reads(newcomer).answers(200, "present", present=True, forceUpdate=False, **state)


@about.scenario("entrust.password.expiry")
def a_lifetime_of_zero_days_is_for_ever(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set_policy(lifetime_days=1)
    administrator.sets(newcomer, SECOND).answers(200, expiryTime=Timestamp(_DAY))
    story.set_policy(lifetime_days=0)
    administrator.sets(newcomer, GOOD).answers(200, expiryTime=None, expiryNotificationDate=None)


@about.scenario("entrust.password.expiry")
def an_expiry_time_that_is_sent_holds_and_a_notice_that_has_passed_is_not_shown(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    near = Timestamp(5 * _DAY)
    administrator.sets(newcomer, GOOD, expiryTime=near).answers(200, expiryTime=near, expiryNotificationDate=None)


@about.scenario("entrust.password.expiry-in-future")
def an_expiry_time_must_be_in_the_future(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for moment in (Timestamp(), Timestamp(-_DAY), "1999-12-31T23:59:59Z"):
        administrator.sets(newcomer, GOOD, expiryTime=moment).is_refused(400, "expiry_time_in_past")
    administrator.reads(newcomer).answers(200, "absent")


@about.scenario(shows=["entrust.password.expiry-in-future"])
def an_expiry_time_may_be_in_less_than_a_minute(story: Story) -> None:
    soon = Timestamp(timedelta(seconds=50))
    story.administrator.sets(story.user("newcomer"), GOOD, expiryTime=soon).answers(200, expiryTime=soon)


@about.scenario("entrust.password.expiry-in-future")
def a_setting_allows_expiry_times_in_the_past(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    past = Timestamp(-_DAY)
    administrator.sets(newcomer, GOOD, expiryTime=past).is_refused(400, "expiry_time_in_past")
    story.set(past_expiry_times_refused=False)
    administrator.sets(newcomer, GOOD, expiryTime=past).answers(200, expiryTime=past)


@about.scenario("entrust.password.expiry-notification")
def an_expired_password_is_still_present_and_has_no_notice(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    set_ = administrator.sets(newcomer, GOOD, expiryTime=Timestamp(8 * _DAY))
    set_.answers(200, expiryNotificationDate=Timestamp(_DAY))
    story.wait(9 * _DAY)
    expired = administrator.reads(newcomer).answers(200, "present", present=True, expiryNotificationDate=None)
    expired.showing("/expiryTime", Timestamp(-_DAY))


@about.scenario("entrust.password.expiry-notification")
def a_notice_is_shown_until_its_moment(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD, expiryTime=Timestamp(8 * _DAY))
    story.wait(_DAY - timedelta(seconds=30))
    administrator.reads(newcomer).answers(200, expiryNotificationDate=Timestamp(timedelta(seconds=30)))
    story.wait(timedelta(minutes=1))
    administrator.reads(newcomer).answers(200, expiryNotificationDate=None)


@about.scenario("entrust.password.absent")
def a_user_without_a_password_is_shown_with_nothing_else(story: Story) -> None:
    absent = story.administrator.reads(story.user("newcomer")).answers(200, "absent")
    absent.showing("", {"present": False})


@about.scenario("entrust.password.force-update")
def a_forced_update_holds_until_the_next_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD, forceUpdate=True).answers(200, forceUpdate=True)
    administrator.reads(newcomer).answers(200, forceUpdate=True)
    administrator.sets(newcomer, SECOND).answers(200, forceUpdate=False)


@about.scenario("entrust.password.attributes-only")
def attributes_change_without_a_new_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    story.wait(_DAY)
    state: dict[str, Template] = {
        "lastChangedTime": Timestamp(-_DAY),
        "expiryTime": Timestamp(120 * _DAY),
        "forceUpdate": True,
    }
    changed = administrator.sets(newcomer, expiryTime=Timestamp(120 * _DAY), forceUpdate=True)
    changed.answers(200, **state)
    administrator.sets(newcomer).says("administrator sends nothing to be changed").answers(200, **state)
    administrator.validates(newcomer, GOOD).is_in_history()


@about.scenario("entrust.password.attributes-only")
def a_user_without_a_password_has_no_attributes_to_change(story: Story) -> None:
    story.administrator.sets(story.user("newcomer"), forceUpdate=True).is_refused(400, "password_required")


@about.scenario("entrust.password.attributes-only")
def a_setting_demands_a_new_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    story.set(attributes_without_password_accepted=False)
    administrator.sets(newcomer, forceUpdate=True).is_refused(400, "password_required")
    administrator.reads(newcomer).answers(200, forceUpdate=False)


@about.scenario("entrust.password.minimum-lifetime")
def a_password_may_not_be_changed_before_its_minimum_lifetime(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    story.set_policy(minimum_lifetime=3)
    story.wait_almost(3 * _DAY)
    administrator.sets(newcomer, forceUpdate=True).answers(200, forceUpdate=True)
    administrator.sets(newcomer, SECOND).is_refused(409, "password_minimum_lifetime")
    story.wait(timedelta(minutes=1))
    administrator.sets(newcomer, SECOND).answers(200)


@about.scenario("entrust.password.minimum-lifetime")
def administrators_can_be_exempt_from_the_minimum_lifetime(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, GOOD)
    story.set_policy(minimum_lifetime=3)
    administrator.sets(newcomer, SECOND).is_refused(409, "password_minimum_lifetime")
    story.set(minimum_lifetime_for_administrators=False)
    administrator.sets(newcomer, SECOND).answers(200)
