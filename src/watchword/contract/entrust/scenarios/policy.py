"""What a password must look like: the checks of the policy, one by one."""

from watchword.contract.entrust.story import GOOD, LONGEST, SECOND, SHORT, WEAK, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Capitals, Joined, Shortened
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("The policy", (SYSTEM,))


@about.scenario("entrust.policy.length", "entrust.policy.characters", "entrust.policy.strength")
def every_failed_check_of_a_new_password_is_reported(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, SHORT).is_invalid("length", "upperCase", "numeric", "strength")
    administrator.reads(newcomer).answers(200, "absent")
    administrator.sets(newcomer, SHORT).is_invalid("length", "upperCase", "numeric", "strength")


@about.scenario("entrust.policy.length", "entrust.policy.strength")
def an_empty_password_is_judged_too(story: Story) -> None:
    empty = story.administrator.sets(story.user("newcomer"), "")
    empty.is_invalid("length", "lowerCase", "upperCase", "numeric", "strength")


@about.scenario()
def a_good_password_meets_every_check_and_is_not_set(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.validates(newcomer, GOOD).meets_all()
    administrator.reads(newcomer).answers(200, "absent")


@about.scenario(
    "entrust.validation.always-200",
    "entrust.policy.blacklist",
    "entrust.policy.characters",
    "entrust.policy.strength",
)
def a_poor_password_is_answered_with_a_list_of_checks(story: Story) -> None:
    poor = story.administrator.validates(story.user("member"), "password1", ignorePasswordHistory=True)
    poor.fails("upperCase", "blacklisted", "strength", name="poor")


@about.scenario("entrust.policy.length")
def fewer_than_8_characters_are_too_short_and_more_than_255_too_long(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for password, met in (("Zzzzzz7", False), ("Zzzzzzz7", True), (LONGEST, True), (f"{LONGEST}x", False)):
        administrator.validates(newcomer, password).answers(200, length=met)


@about.scenario("entrust.policy.characters")
def lower_case_upper_case_and_a_digit_are_required(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.validates(newcomer, "COPPER-LANTERN-58-HARBOUR").fails("lowerCase")
    administrator.validates(newcomer, "copper-lantern-58-harbour").fails("upperCase")
    administrator.validates(newcomer, "Copper-Lantern-xx-Harbour").fails("numeric")


@about.scenario("entrust.policy.characters")
def a_kind_of_character_can_be_forbidden_or_required_several_times(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set_policy(include_nonalphanumeric="NOT_ALLOWED", number_of_numeric_required=3)
    administrator.validates(newcomer, GOOD).fails("numeric", "alphaNumeric")
    administrator.validates(newcomer, "CopperLantern583Harbour").meets_all()
    administrator.sets(newcomer, GOOD).is_invalid("numeric", "alphaNumeric")


@about.scenario("entrust.policy.repeated")
def a_character_may_be_limited_to_a_number_of_times_in_a_row(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.validates(newcomer, "Copper-Lanternnn-58-Harbour").meets_all()
    story.set_policy(maximum_repeated=2)
    administrator.validates(newcomer, GOOD).meets_all()
    for repeated in ("Copper-Lanternnn-58-Harbour", "Copper-Lantern-58-Harbourrr"):
        administrator.validates(newcomer, repeated).fails("repeatedCharacters")


@about.scenario("entrust.policy.ad-complexity")
def the_complexity_of_active_directory_can_be_asked_for(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    part = Joined(("Xy7-", member.last_name, "-Lantern-Hill"))
    administrator.validates(member, part).meets_all()
    story.set_policy(ad_complexity=True, include_number="ALLOWED")
    administrator.validates(member, part).fails("adComplexity")
    administrator.validates(member, "CopperLanternHarbour").fails("adComplexity")
    administrator.validates(member, "CopperLanternHarbour7").meets_all()
    administrator.validates(member, GOOD).meets_all()


@about.scenario("entrust.policy.user-id")
def the_user_id_must_not_be_inside(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for login in (member.login, Capitals(member.login)):
        for end in ("-Lantern", ""):
            administrator.validates(member, Joined(("Lantern-Hill-Xy7-", login, end))).answers(200, userID=False)


@about.scenario("entrust.policy.alias")
def an_alias_must_not_be_inside(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for alias in (member.alias, Capitals(member.alias)):
        for end in ("-Lantern-Hill", ""):
            administrator.validates(member, Joined(("Lantern-Hill-Xy7-", alias, end))).answers(200, alias=False)


@about.scenario("entrust.policy.full-name")
def the_full_name_must_not_be_inside_with_or_without_its_blank(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for blank in (" ", ""):
        for end in ("-Lantern-Hill", ""):
            name = Joined(("Lantern-Hill-Xy7-", member.first_name, blank, member.last_name, end))
            administrator.validates(member, name).answers(200, fullName=False)


@about.scenario(shows=["entrust.policy.user-id"])
def a_user_id_without_its_last_character_may_be_inside(story: Story) -> None:
    member = story.user("member")
    almost = Joined(("Xy7-", Shortened(member.login), "-Lantern-Hill"))
    story.administrator.validates(member, almost).meets_all()


@about.scenario(shows=["entrust.policy.alias"])
def an_alias_without_its_last_character_may_be_inside(story: Story) -> None:
    member = story.user("member")
    almost = Joined(("Xy7-", Shortened(member.alias), "-Lantern-Hill"))
    story.administrator.validates(member, almost).meets_all()


@about.scenario(shows=["entrust.policy.full-name"])
def a_full_name_without_its_last_character_may_be_inside(story: Story) -> None:
    member = story.user("member")
    almost = Joined(("Xy7-", member.first_name, " ", Shortened(member.last_name), "-Lantern-Hill"))
    story.administrator.validates(member, almost).meets_all()


@about.scenario(shows=["entrust.policy.ad-complexity"])
def the_complexity_of_active_directory_allows_a_name_without_its_last_character(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    story.set_policy(ad_complexity=True)
    for name in (member.first_name, member.last_name):
        administrator.validates(member, Joined(("Xy7-", Shortened(name), "-Lantern-Hill"))).meets_all()


@about.scenario(shows=["entrust.policy.ad-complexity"])
def the_complexity_of_active_directory_allows_a_user_id_without_its_last_character(story: Story) -> None:
    administrator, numbered = story.administrator, story.user("numbered")
    story.set_policy(ad_complexity=True)
    almost = Joined(("Xy7-", Shortened(numbered.login), "-Lantern-Hill"))
    administrator.validates(numbered, almost).meets_all()


@about.scenario()
def names_of_other_users_may_be_inside(story: Story) -> None:
    administrator, newcomer, member = story.administrator, story.user("newcomer"), story.user("member")
    password = Joined(("Xy7-", member.first_name, " ", member.last_name, "-", member.alias, "-Lantern"))
    administrator.validates(newcomer, password).meets_all()


@about.scenario("entrust.policy.blacklist")
def a_compromised_password_is_refused_whatever_its_letters_case(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.validates(newcomer, GOOD).answers(200, blacklisted=True)
    for password in ("Password1", "PASSWORD1"):
        administrator.validates(newcomer, password).answers(200, blacklisted=False)


@about.scenario("entrust.policy.blacklist")
def a_listed_password_is_refused_whatever_its_letters_case(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set_policy(blacklist=[GOOD.lower()])
    administrator.validates(newcomer, GOOD).fails("blacklisted")
    administrator.sets(newcomer, SECOND).answers(200)
    administrator.sets(newcomer, GOOD).is_invalid("blacklisted")


@about.scenario("entrust.policy.blacklist")
def compromised_passwords_can_be_allowed(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, "Password1").is_invalid("blacklisted", "strength")
    story.set_policy(allow_compromised_passwords=True, minimum_strength=0)
    administrator.sets(newcomer, "Password1").answers(200)


@about.scenario("entrust.policy.strength")
def a_password_that_is_easy_to_guess_is_too_weak(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.validates(newcomer, GOOD).answers(200, strength=True)
    administrator.sets(newcomer, WEAK).is_invalid("strength")


@about.scenario("entrust.policy.strength")
def the_strength_that_is_needed_can_be_set(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, WEAK).is_invalid("strength")
    story.set_policy(minimum_strength=0)
    administrator.sets(newcomer, WEAK).answers(200)


@about.scenario()
def the_policy_is_shown(story: Story) -> None:
    shown = story.administrator.reads_policy(story.user("member")).answers(200, "defaults")
    for name, value in (
        ("minimumLength", 8),
        ("maximumLength", 255),
        ("lifetimeDays", 90),
        ("minimumStrength", 3),
        ("passwordHistorySize", 8),
        ("includeNonalphanumeric", "ALLOWED"),
    ):
        shown.showing(f"/{name}", value)


@about.scenario()
def the_policy_that_is_shown_follows_the_settings(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set_policy(include_nonalphanumeric="NOT_ALLOWED", minimum_length=12)
    shown = administrator.reads_policy(newcomer)
    shown.answers(200, includeNonalphanumeric="NOT_ALLOWED", minimumLength=12)


@about.scenario()
def long_and_foreign_passwords_are_accepted(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for password in ("Wörterbuch-Ärger-2207-ß", "пароль-Садовник-7718", "x9A-Quiet " * 25):
        administrator.sets(newcomer, password).answers(200)
        administrator.validates(newcomer, password).is_in_history()
