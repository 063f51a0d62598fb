"""Which application can call what."""

from datetime import timedelta

from watchword.contract.entrust.story import GOOD, NOBODY, OF_A_USER, Story
from watchword.contract.scenario import Collection
from watchword.contract.values import Capitals, Joined, Of, Timestamp
from watchword.systems.entrust.seed_data import SYSTEM

about = Collection[Story]("Access of applications", (SYSTEM,))

_LIFETIME = timedelta(minutes=15)


@about.scenario("entrust.authorization.forms")
def nothing_is_served_without_a_credential(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for operation in OF_A_USER:
        for nothing in (None, "Bearer"):
            administrator.calls(operation, member, authorization=nothing).is_refused(401, "authorization_required")


@about.scenario()
def an_unknown_token_is_refused(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for operation in OF_A_USER:
        unknown = administrator.calls(operation, member, authorization="Bearer never-issued")
        unknown.is_refused(401, "invalid_auth_token")


@about.scenario("entrust.authorization.expired", "entrust.authentication.token")
def a_token_is_good_for_fifteen_minutes(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    administrator.authenticates()
    token = administrator.token()
    story.wait_almost(_LIFETIME)
    administrator.reads_policy(member, authorization=token).answers(200)
    story.wait(timedelta(minutes=1))
    for operation in OF_A_USER:
        administrator.calls(operation, member, authorization=token).is_refused(401, "auth_token_expired")


@about.scenario("entrust.authentication.secret")
def an_application_needs_its_own_secret(story: Story) -> None:
    administrator, member = story.administrator, story.user("member")
    for operation in OF_A_USER:
        for wrong in (Joined((administrator.id, ",wrong")), ","):
            administrator.calls(operation, member, authorization=wrong).is_refused(401, "invalid_credentials")


@about.scenario("entrust.authentication.disabled")
def a_disabled_application_can_call_nothing(story: Story) -> None:
    disabled, member = story.application("disabled"), story.user("member")
    for operation in OF_A_USER:
        refused = disabled.calls(operation, member, authorization=disabled.pair)
        refused.is_refused(403, "application_disabled")


@about.scenario("entrust.permission.required")
def the_role_needs_the_permission_that_the_operation_names(story: Story) -> None:
    viewer, editor, member = story.application("viewer"), story.application("editor"), story.user("member")
    for application, operation, needed in (
        (viewer, "set_password", "EDIT"),
        (viewer, "validate_password", "EDIT"),
        (viewer, "delete_password", "REMOVE"),
        (editor, "get_password", "VIEW"),
        (editor, "get_password_settings", "VIEW"),
    ):
        refused = application.calls(operation, member)
        refused.answers(403, "permission_required", errorMessage=f"USERPASSWORDS:{needed} required")


@about.scenario()
def a_role_may_do_what_its_permissions_name(story: Story) -> None:
    viewer, editor, newcomer = story.application("viewer"), story.application("editor"), story.user("newcomer")
    editor.validates(newcomer, GOOD).answers(200)
    editor.sets(newcomer, GOOD).answers(200)
    viewer.reads_policy(newcomer).answers(200)
    viewer.reads(newcomer).answers(200, "present")


@about.scenario(shows=["entrust.authorization.forms"])
def a_token_is_accepted_alone_and_after_the_word_bearer(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    administrator.authenticates()
    for word in ("", "Bearer ", "bearer "):
        administrator.reads(newcomer, authorization=Joined((word, administrator.token()))).answers(200)


@about.scenario("entrust.authorization.forms")
def an_application_id_and_its_secret_are_accepted_without_a_token(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    for identifier in (administrator.id, Capitals(administrator.id)):
        pair = Joined((identifier, ",", administrator.secret))
        administrator.reads(newcomer, authorization=pair).answers(200)


@about.scenario("entrust.authorization.expired")
def an_expired_token_is_refused_before_its_application_is_looked_at(story: Story) -> None:
    late, newcomer = story.application("late"), story.user("newcomer")
    bearer = Joined(("Bearer ", Of(late.role, "token")))
    late.reads(newcomer, authorization=bearer).is_refused(401, "auth_token_expired")


@about.scenario("entrust.permission.required")
def the_caller_is_checked_before_the_shape_of_the_request(story: Story) -> None:
    administrator, viewer, member = story.administrator, story.application("viewer"), story.user("member")
    wrong = {"password": 5}
    administrator.sends(member, wrong, id="no-uuid", authorization=None).is_refused(401, "authorization_required")
    viewer.sends(member, wrong, id="no-uuid").is_refused(403, "permission_required")
    administrator.sends(member, wrong, id="no-uuid").answers(400)


@about.scenario("entrust.permission.required")
def an_application_without_the_permission_is_not_told_which_users_exist(story: Story) -> None:
    viewer, member = story.application("viewer"), story.user("member")
    for operation in ("set_password", "validate_password", "delete_password"):
        viewer.calls(operation, member, id=NOBODY).is_refused(403, "permission_required")


@about.scenario("entrust.authentication.token", shows=["entrust.authentication.secret"])
def an_application_exchanges_its_secret_for_tokens_that_are_good_beside_each_other(story: Story) -> None:
    administrator, newcomer = story.administrator, story.user("newcomer")
    authenticated = administrator.authenticates().answers(200, "authenticated", creationTime=Timestamp())
    authenticated.showing("/expirationTime", Timestamp(_LIFETIME))
    administrator.authenticates(applicationId=Capitals(administrator.id), enableWebSession=True).answers(200)
    for back in (0, 1):
        administrator.reads(newcomer, authorization=administrator.token(back)).answers(200)


@about.scenario("entrust.authentication.secret")
def an_unknown_application_and_a_wrong_secret_get_the_same_answer(story: Story) -> None:
    administrator = story.administrator
    message = "The application ID or the shared secret is wrong."
    for wrong in ({"sharedSecret": "wrong"}, {"applicationId": NOBODY}):
        administrator.authenticates(**wrong).answers(401, "invalid_credentials", errorMessage=message)


@about.scenario("entrust.authentication.disabled")
def a_disabled_application_gets_no_token(story: Story) -> None:
    story.application("disabled").authenticates().is_refused(403, "application_disabled")


@about.scenario("entrust.authentication.secret")
def a_caller_without_the_secret_is_not_told_that_an_application_is_disabled(story: Story) -> None:
    disabled, member = story.application("disabled"), story.user("member")
    disabled.authenticates(sharedSecret="wrong").is_refused(401, "invalid_credentials")
    pair = Joined((disabled.id, ",wrong"))
    disabled.reads(member, authorization=pair).is_refused(401, "invalid_credentials")
