"""Importing the bcrypt hash of a password."""

from watchword.contract.entrust.story import GOOD, SECOND, SHORT, Story
from watchword.contract.scenario import Collection
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("Import a hash", (SYSTEM,))


@about.scenario(shows=["entrust.bcrypt.hash-required", "entrust.bcrypt.well-formed"])
def an_imported_hash_is_the_password_and_in_the_history(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.imports(newcomer, GOOD).answers(200, "set", present=True)
    newcomer.has_mails(0)
    administrator.validates(newcomer, SECOND).is_free()
    administrator.validates(newcomer, GOOD).is_in_history()
    administrator.sets(newcomer, GOOD).is_invalid("passwordHistory")


@about.scenario()
def an_import_keeps_former_passwords(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sets(newcomer, SECOND)
    administrator.imports(newcomer, GOOD).answers(200)
    administrator.validates(newcomer, SECOND).is_in_history()


@about.scenario("entrust.bcrypt.restrictions")
def a_hash_is_imported_for_local_users_only(story: Story) -> None:
    story.administrator.imports(story.user("directory")).is_refused(400, "bcrypt_user_not_local")


@about.scenario("entrust.bcrypt.restrictions")
def an_import_goes_without_a_current_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.sends(newcomer, {**administrator.import_of(GOOD), "currentPassword": None}).answers(200)
    refused = administrator.imports(newcomer, currentPassword=SECOND)
    refused.is_refused(400, "bcrypt_current_password_not_null")


@about.scenario("entrust.bcrypt.restrictions")
def an_import_generates_no_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.imports(newcomer, generatePassword=False).answers(200)
    refused = administrator.imports(newcomer, generatePassword=True)
    refused.is_refused(400, "bcrypt_generate_password_not_false")


@about.scenario("entrust.bcrypt.restrictions")
def an_import_is_not_mailed(story: Story) -> None:
    refused = story.administrator.imports(story.user("newcomer"), emailPassword=True)
    refused.is_refused(400, "bcrypt_email_password_not_false")


@about.scenario("entrust.bcrypt.restrictions")
def an_import_returns_no_password(story: Story) -> None:
    refused = story.administrator.imports(story.user("newcomer"), returnPassword=True)
    refused.is_refused(400, "bcrypt_return_password_not_false")


@about.scenario("entrust.bcrypt.email-default")
def an_import_that_leaves_the_mail_out_asks_for_one(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    refused = administrator.imports(newcomer, emailPassword=None)
    refused.is_refused(400, "bcrypt_email_password_not_false")


@about.scenario("entrust.bcrypt.restrictions")
def a_setting_lets_an_import_leave_the_mail_out(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    story.set(bcrypt_import_needs_email_false=False)
    administrator.imports(newcomer, emailPassword=None).answers(200)
    newcomer.has_mails(1)
    refused = administrator.imports(newcomer, emailPassword=True)
    refused.is_refused(400, "bcrypt_email_password_not_false")


@about.scenario("entrust.bcrypt.well-formed")
def anything_but_a_bcrypt_hash_is_refused(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    stored = administrator.import_of(GOOD)["password"]
    for wrong in (GOOD, "", stored[:-1], f"{stored}x", f"{stored}\n", stored.replace("$2b$", "$1$")):
        administrator.imports(newcomer, password=wrong).is_refused(400, "invalid_bcrypt_hash")
    administrator.reads(newcomer).answers(200, "absent")
    administrator.imports(newcomer, password=SHORT).is_refused(400, "invalid_bcrypt_hash")


@about.scenario("entrust.bcrypt.well-formed")
def a_hash_of_a_cost_below_04_or_above_12_is_refused(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    stored = administrator.import_of(GOOD)["password"]
    for cost in ("03", "13", "15", "31"):
        costly = stored.replace("$04$", f"${cost}$")
        administrator.imports(newcomer, password=costly).is_refused(400, "invalid_bcrypt_hash")


@about.scenario("entrust.bcrypt.hash-required")
def an_import_needs_a_hash_even_if_there_is_a_password(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.imports(newcomer, password=None).is_refused(400, "password_required")
    administrator.sets(newcomer, SECOND)
    administrator.imports(newcomer, password=None, forceUpdate=True).is_refused(400, "password_required")
    administrator.reads(newcomer).answers(200, forceUpdate=False)
    again = administrator.imports(newcomer, password=None, clearPasswordHistory=True)
    again.is_refused(400, "password_required")
