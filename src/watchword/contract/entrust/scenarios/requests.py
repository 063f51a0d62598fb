"""Requests that do not fit the document, and users who are not there."""

from watchword.contract.entrust.story import GOOD, NOBODY, OF_A_USER, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Capitals
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("The shape of requests", (SYSTEM,))


@about.scenario()
def a_user_id_has_to_be_a_uuid(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for operation in OF_A_USER:
        refused = administrator.calls(operation, member, id=member.login).answers(400, "invalid_parameter")
        refused.showing("/parameters", [{"name": "userid", "value": "must be of format uuid"}])


@about.scenario("entrust.user.by-uuid")
def an_unknown_user_is_not_found(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    administrator.reads_policy(member).answers(200)
    for operation in OF_A_USER:
        administrator.calls(operation, member, id=NOBODY).is_refused(404, "user_not_found")


@about.scenario()
def a_uuid_may_be_written_in_capitals(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.reads(newcomer, id=Capitals(newcomer.id)).answers(200, "absent")


@about.scenario()
def only_json_is_read(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    text = {"content-type": "text/plain"}
    for operation in ("set_password", "validate_password"):
        administrator.calls(operation, member, headers=text).is_refused(415, "unsupported_media_type")
    body = {"applicationId": administrator.id, "sharedSecret": administrator.secret}
    authenticated = story.call("administrator authenticates in plain text", "authenticate", body=body, headers=text)
    authenticated.is_refused(415, "unsupported_media_type")


@about.scenario()
def a_body_that_does_not_fit_is_explained(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for body, message in (
        ({"forceUpdate": "yes"}, "Force update must be of type null or boolean."),
        ({"passwordFormat": "MD5"}, 'Password format must be one of ["CLEARTEXT","BCRYPT",null].'),
        ({"expiryTime": "tomorrow"}, "Expiry time must be of format date-time."),
        (["x"], "The body must be of type object."),
    ):
        administrator.sends(member, body).answers(400, "invalid_request_body", errorMessage=message)


@about.scenario()
def a_validation_needs_a_password(story: Story) -> None:
    refused = story.administrator.calls("validate_password", story.user("member"), body={})
    refused.answers(400, "invalid_request_body", errorMessage="Password cannot be null")


@about.scenario()
def each_missing_field_is_reported_in_the_vendors_words(story: Story) -> None:
    for body, message in (
        ({"sharedSecret": "x"}, "Application id cannot be null"),
        ({}, "Application id cannot be null. Shared secret cannot be null"),
    ):
        refused = story.call("an application authenticates with too few fields", "authenticate", body=body)
        refused.answers(400, "invalid_request_body", errorMessage=message)
        refused.showing("/parameters/0", {"name": "applicationId", "value": "is required"})


@about.scenario()
def the_shape_of_a_request_is_judged_before_the_user_is_looked_up(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    body = {"password": GOOD, "expiryTime": "tomorrow"}
    administrator.sends(member, body, id=NOBODY).is_refused(400, "invalid_request_body")
