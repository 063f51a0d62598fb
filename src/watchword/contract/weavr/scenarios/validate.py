"""What a valid password is, as 'Validate a password' judges it."""

from watchword.contract.scenario import Collection
from watchword.contract.weavr.cast import MULTI, PAYMENT_RUN, PRODUCTS
from watchword.contract.weavr.story import GOOD, UNKNOWN_TOKEN, Story
from watchword.document.outcomes import NO_BODY

about = Collection[Story]("Validate a password", PRODUCTS)


@about.scenario()
def a_good_password_is_answered_204_without_a_body(story: Story) -> None:
    story.person("member").validates().answers(204, NO_BODY)


@about.scenario()
def the_history_is_not_checked(story: Story) -> None:
    member = story.person("member")
    member.validates(member.first_password).answers(204)


@about.scenario("weavr.password.length")
def fewer_than_8_characters_are_too_short_and_more_than_30_too_long(story: Story) -> None:
    member = story.person("member")
    member.validates("Ab1!xyz").is_refused("PASSWORD_TOO_SHORT")
    member.validates("Ab1!xyzw").answers(204, NO_BODY)
    member.validates("Ab1!" + "x" * 26).answers(204, NO_BODY)
    member.validates("Ab1!" + "x" * 27).is_refused("PASSWORD_TOO_LONG")


@about.scenario("weavr.password.complexity")
def lower_case_upper_case_digit_and_special_character_are_required(story: Story) -> None:
    member = story.person("member")
    for simple in ("lantern-42-amber", "LANTERN-42-AMBER", "Lantern-xx-amber", "Lantern042amber"):
        member.validates(simple).is_refused("PASSWORD_TOO_SIMPLE")


@about.scenario("weavr.password.length")
def length_is_judged_before_complexity(story: Story) -> None:
    member = story.person("member")
    member.validates("abc").is_refused("PASSWORD_TOO_SHORT")
    member.validates("x" * 31).is_refused("PASSWORD_TOO_LONG")


@about.scenario("weavr.profile.any")
def a_programme_without_any_profile_is_answered_unresolved_identity(story: Story) -> None:
    story.person("unprofiled").validates().is_refused("UNRESOLVED_IDENTITY")


@about.scenario("weavr.profile.type")
def a_password_is_validated_by_the_profile_of_root_users(story: Story) -> None:
    story.person("users-only").validates().is_refused("PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")


@about.scenario("weavr.profile.type")
def that_a_profile_is_missing_comes_before_the_length_of_a_password(story: Story) -> None:
    story.person("users-only").validates("short").is_refused("PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE")


@about.scenario()
def the_profile_decides_length_and_kinds_of_characters(story: Story) -> None:
    member = story.person("member")
    story.set_programme(root_profile={"minimum": 4, "maximum": 6, "classes": 2})
    member.validates("abc1").answers(204)
    member.validates("abcd").is_refused("PASSWORD_TOO_SIMPLE")
    member.validates("abcdef1").is_refused("PASSWORD_TOO_LONG")


@about.scenario()
def special_characters_can_be_limited_to_a_list(story: Story) -> None:
    member = story.person("member")
    story.set_programme(special_characters="!@#$%^&*")
    member.validates("Lantern-42-amber").is_refused("PASSWORD_TOO_SIMPLE")
    for special in "!*":
        member.validates(f"Lantern{special}42{special}amber").answers(204)


@about.scenario()
def a_missing_password_is_listed(story: Story) -> None:
    member = story.person("member")
    member.call("sends no password", "validate_password", {}).lists(([], "password", "REQUIRED"))
    member.validates("x" * 101).lists((["password"], "value", "SIZE"))


@about.scenario()
def a_blank_password_is_answered_by_a_message(story: Story) -> None:
    blank = story.person("member").validates("").answers(400, "HAS_TEXT")
    blank.showing("/message", "request.password.value: must not be blank")


@about.scenario()
def a_missing_body_is_answered_by_a_message(story: Story) -> None:
    story.person("member").call("sends nothing", "validate_password").answers(400, "UNREADABLE")


@about.scenario("weavr.token.resolved")
def a_plain_password_is_invalid_where_only_tokens_are_accepted(story: Story) -> None:
    story.person("vaulted").validates().lists((["password"], "value", "REGEX"))


@about.scenario("weavr.token.resolved", of=[MULTI])
def an_unknown_token_is_not_found_where_only_tokens_are_accepted(story: Story) -> None:
    story.person("vaulted").validates(UNKNOWN_TOKEN).is_refused("TOKEN_NOT_FOUND", status=404)


@about.scenario("weavr.token.resolved", of=[PAYMENT_RUN])
def an_unknown_token_is_answered_by_code_and_message_in_payment_run(story: Story) -> None:
    story.person("vaulted").validates(UNKNOWN_TOKEN).answers(404, code="TOKEN_NOT_FOUND")


@about.scenario()
def a_value_that_looks_like_a_token_is_a_plain_password_where_those_are_accepted(story: Story) -> None:
    member = story.person("member")
    member.validates(UNKNOWN_TOKEN).is_refused("PASSWORD_TOO_SIMPLE")
    member.validates(GOOD).answers(204)
