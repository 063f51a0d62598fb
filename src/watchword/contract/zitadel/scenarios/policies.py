"""What a new password must look like: the policy of the organisation, the hash function, and the lengths of fields."""

from watchword.contract.zitadel.password_owner import GOOD, TOO_LONG_ID, WRONG, WRONG_CODE
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.topic import RELEASES, V4_2, Topic

about = Topic("What a password must look like")


@about.scenario("zitadel.policy.order")
def each_violation_of_the_policy_has_its_refusal(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sets_password_of(member, "aB1!567").is_refused("DOMAIN-HuJf6")
    manager.sets_password_of(member, "ABCDEFG1!").is_refused("DOMAIN-co3Xw")
    manager.sets_password_of(member, "abcdefg1!").is_refused("DOMAIN-VoaRj")
    manager.sets_password_of(member, "ABCDEFG!a").is_refused("DOMAIN-ZBv4H")
    manager.sets_password_of(member, "ABCDEFGa1").is_refused("DOMAIN-ZDLwA")
    manager.sets_password_of(member, "aB1!5678").answers(200)


@about.scenario("zitadel.policy.order")
def of_several_violations_the_first_is_refused(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sets_password_of(member, "-------").is_refused("DOMAIN-HuJf6")
    manager.sets_password_of(member, "--------").is_refused("DOMAIN-co3Xw")
    manager.sets_password_of(member, "a-------").is_refused("DOMAIN-VoaRj")
    manager.sets_password_of(member, "aBcdefgh").is_refused("DOMAIN-ZBv4H")


@about.scenario("zitadel.policy.order")
def lengths_are_bytes_and_letters_outside_of_ascii_are_symbols(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sets_password_of(member, "aB1ä567").answers(200)
    manager.sets_password_of(member, "aB1 5678").answers(200)
    manager.sets_password_of(member, "äöüß!BC1").is_refused("DOMAIN-co3Xw")
    manager.sets_password_of(member, "aB1ä56").is_refused("DOMAIN-HuJf6")


@about.scenario("zitadel.policy.order")
def an_organisation_may_have_its_own_policy(story: Story) -> None:
    strict = story.person("strict")
    strict.changes_password("Elev3nLette").is_refused("DOMAIN-HuJf6")
    strict.changes_password("Twelve1Letters").answers(200)


@about.scenario("zitadel.policy.order")
def the_policy_of_the_instance_is_a_setting(story: Story) -> None:
    member, strict = story.people("member", "strict")
    story.set(complexity={"min_length": 20, "symbol": False})
    member.changes_password(GOOD).is_refused("DOMAIN-HuJf6")
    member.changes_password("TwentyLetters1Twenty").answers(200)
    strict.changes_password("Twelve1Letters").answers(200)


@about.scenario("zitadel.hash.limit", releases=RELEASES)
def more_than_72_bytes_pass_the_policy_and_fail_in_the_hash_function(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sets_password_of(member, "Aä1!" * 14 + "Ab").answers(200)
    manager.sets_password_of(member, "Aä1!" * 14 + "Abc").answers(500, "COMMAND-CahN2")
    manager.sets_password_of(member, "a" * 73).is_refused("DOMAIN-VoaRj")


@about.scenario("zitadel.current.order", releases=RELEASES)
def with_the_current_password_the_hash_function_fails_before_the_policy(story: Story) -> None:
    member = story.person("member")
    member.changes_password("Aa1!" * 18).answers(200)
    member.changes_password("a" * 73).answers(500, "COMMAND-CahN2")


@about.scenario("zitadel.hash.limit", releases=[V4_2])
def only_bcrypt_has_the_limit(story: Story) -> None:
    member, manager = story.people("member", "manager")
    story.set(hasher="argon2")
    manager.sets_password_of(member, "Aa1!" * 50).answers(200)
    story.set(hasher="bcrypt")
    manager.sets_password_of(member, "Bb2!" * 50).answers(500, "COMMAND-CahN2")


@about.scenario("zitadel.validate.first")
def the_length_of_each_field_is_checked_before_anything_about_the_user(story: Story) -> None:
    member, manager = story.people("member", "manager")
    new = {"newPassword": {"password": GOOD}}
    manager.sends_password_of(TOO_LONG_ID, new, "sends an id that is too long").is_refused("INVALID_USER_ID")
    manager.sets_password_of(member, "").is_refused("INVALID_NEW_PASSWORD")
    manager.sets_password_of(member, "Aa1!" * 50 + "x").is_refused("INVALID_NEW_PASSWORD")
    member.changes_password(current="").is_refused("INVALID_CURRENT_PASSWORD")
    member.changes_password(current="x" * 201).is_refused("INVALID_CURRENT_PASSWORD")
    member.redeems_code(code="").is_refused("INVALID_VERIFICATION_CODE")
    member.redeems_code(code="X" * 21).is_refused("INVALID_VERIFICATION_CODE")


@about.scenario("zitadel.validate.first")
def only_the_first_field_that_is_not_valid_is_reported(story: Story) -> None:
    manager = story.person("manager")
    both = {"newPassword": {}, "currentPassword": ""}
    manager.sends_password_of(TOO_LONG_ID, both, "sends three fields that are not valid").is_refused("INVALID_USER_ID")
    manager.sends_password_of("1", both, "sends two fields that are not valid").is_refused("INVALID_NEW_PASSWORD")


@about.scenario("zitadel.validate.first")
def lengths_of_fields_are_characters(story: Story) -> None:
    member, manager = story.people("member", "manager")
    manager.sets_password_of(member, "ä" * 201).is_refused("INVALID_NEW_PASSWORD")
    manager.sets_password_of(member, "ä" * 200).is_refused("DOMAIN-co3Xw")


@about.scenario("zitadel.json.mapping")
def a_body_that_is_not_its_message_is_refused_before_the_token(story: Story) -> None:
    member, manager = story.people("member", "manager")
    nobody = {"Authorization": None}
    for body, says, name in (
        ("{new", "sends a body that is no JSON", "JSON_SYNTAX"),
        ([], "sends a list", "PROTO_SYNTAX"),
        ({"newPassword": {"password": 12345678}}, "sends a number as the password", "PROTO_TYPE"),
        ('{"newPassword":{},"new_password":{}}', "sends a field twice", "PROTO_DUPLICATE"),
        ({"currentPassword": WRONG, "verificationCode": WRONG_CODE}, "sends two proofs", "PROTO_ONEOF"),
    ):
        manager.sends_password_of(member, body, says, headers=nobody).is_refused(name)


@about.scenario(shows=["zitadel.json.mapping"])
def names_may_be_written_with_underscores_and_what_is_null_or_unknown_is_not_there(story: Story) -> None:
    member, manager = story.people("member", "manager")
    body = {
        "userId": "other",
        "unknown": [{"a": 1}, None],
        "verificationCode": None,
        "new_password": {"password": GOOD, "change_required": True},
        "current_password": member.password,
    }
    manager.sends_password_of(member, body, "changes the password in other words").answers(200, "changed")
    manager.reads(member).showing("/user/human/passwordChangeRequired", value=True)
    member.signs_in(GOOD).answers(201)
