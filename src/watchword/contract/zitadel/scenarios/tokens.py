"""Tokens for machines, and what everybody may ask of a server."""

from datetime import timedelta

from watchword.contract.lane import token_of
from watchword.contract.values import Kept, Of
from watchword.contract.zitadel.caller import Asked
from watchword.contract.zitadel.machine import BY_ASSERTION, FOR_API, IDENTITY
from watchword.contract.zitadel.signing import basic
from watchword.contract.zitadel.story import Actor, Story
from watchword.contract.zitadel.topic import RELEASES, Topic

about = Topic("Tokens for machines", in_both=False)
_LIFETIME = timedelta(hours=12)
_NO_CLIENT = "client_id or client_assertion must be provided"
_NO_SCOPE = (
    "The scope of your request is missing. Please ensure some scopes are requested. "
    "If you have any questions, you may contact the administrator of the application."
)


def _uses_it(machine: Actor) -> Asked:
    return machine.calling_with(Kept(token_of("machine"))).uses_token()


def _is_refused(asked: Asked, description: str, error: str = "invalid_request", status: int = 400) -> None:
    asked.answers(status, error, error_description=description)


@about.scenario("zitadel.token.audience")
def a_token_opens_the_service_only_with_the_scope_for_it(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_for_token(scope="openid profile").answers(200, "token")
    _uses_it(machine).is_refused("AUTH-7fs1e", status=401)


@about.scenario(shows=["zitadel.token.audience", "zitadel.token.client", "zitadel.token.secret"])
def the_scope_for_the_service_may_be_one_of_several_and_is_written_as_it_is(story: Story) -> None:
    machine = story.person("machine")
    for scope in (FOR_API, f"openid profile {FOR_API}"):
        machine.asks_for_token(scope=scope).answers(200, "token", token_type="Bearer")  # noqa: S106  # its kind
        _uses_it(machine).answers(200)
    for scope in ("", "profile", FOR_API.upper()):
        machine.asks_for_token(scope=scope).answers(200, "token")
        _uses_it(machine).is_refused("AUTH-7fs1e", status=401)


@about.scenario("zitadel.token.identity")
def the_scope_openid_brings_an_identity_token(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_for_token(scope="profile email").answers(200, "token", id_token=None)
    machine.asks_for_token(scope="openid").answers(200, "token", id_token=Kept(IDENTITY))  # whatever it is


@about.scenario("zitadel.token.scope")
def a_scope_is_needed_and_may_be_empty(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_for_token(scope="").answers(200, "token")
    machine.asks_for_token(scope=None).answers(400, "invalid_request")


@about.scenario("zitadel.token.lifetime")
def a_token_is_good_for_twelve_hours(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_for_token().answers(200, "token")
    story.wait_almost(_LIFETIME)
    _uses_it(machine).answers(200)
    story.wait(timedelta(minutes=1))
    _uses_it(machine).is_refused("AUTH-7fs1e", status=401)


@about.scenario("zitadel.token.secret")
def a_wrong_secret_is_named_and_so_is_a_client_that_nobody_knows(story: Story) -> None:
    machine = story.person("machine")
    _is_refused(machine.asks_for_token(client_id="nobody-knows-it"), "client not found", "invalid_client")
    _is_refused(machine.asks_for_token(client_secret="wrong"), "Errors.User.Machine.Secret.Invalid")  # noqa: S106
    _is_refused(machine.asks_for_token(client_secret=None), "Errors.User.Machine.Secret.Invalid")
    _is_refused(
        machine.asks_for_token(client_secret="wrong", scope=None),  # noqa: S106
        "Errors.User.Machine.Secret.Invalid",
    )


@about.scenario("zitadel.token.secret")
def a_person_has_no_client_secret(story: Story) -> None:
    machine, member = story.people("machine", "member")
    _is_refused(machine.asks_for_token(client_id=member.login), "Errors.User.Machine.Secret.NotExisting")


@about.scenario("zitadel.token.client")
def a_client_has_to_be_named(story: Story) -> None:
    machine = story.person("machine")
    _is_refused(machine.asks_for_token(client_id=None, client_secret=None), _NO_CLIENT)
    _is_refused(machine.asks_for_token(client_id=""), _NO_CLIENT)
    _is_refused(machine.asks_for_token(client_id=None), _NO_CLIENT)
    _is_refused(machine.sends_form({"grant_type": "authorization_code", "code": "x"}), _NO_CLIENT)


@about.scenario("zitadel.token.client")
def a_client_may_name_itself_in_the_header_which_wins(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_with_header(basic("machine")).answers(200, "token")
    _uses_it(machine).answers(200)
    own = {"client_id": Of("machine", "client"), "client_secret": Of("machine", "secret")}
    wrong = basic("machine", secret="wrong")  # noqa: S106  # nobody's
    _is_refused(machine.asks_with_header(wrong, **own), "Errors.User.Machine.Secret.Invalid")
    machine.asks_with_header(basic("machine"), client_id="nobody-knows-it").answers(200)
    _is_refused(machine.asks_with_header("Basic !"), _NO_CLIENT)
    machine.asks_with_header("Basic !", **own).answers(200)


@about.scenario("zitadel.token.user")
def the_service_user_has_to_be_active_which_is_checked_last(story: Story) -> None:
    machine, org_owner = story.people("machine", "org-owner")
    for change, undo in ((org_owner.locks, org_owner.unlocks), (org_owner.deactivates, org_owner.reactivates)):
        change(machine).answers(200)
        _is_refused(machine.asks_for_token(), "Errors.User.NotActive")
        _is_refused(machine.asks_for_token(scope=None), _NO_SCOPE)
        undo(machine).answers(200)
        machine.asks_for_token().answers(200, "token")


@about.scenario("zitadel.token.grant")
def a_grant_has_to_be_named_and_served(story: Story) -> None:
    machine = story.person("machine")
    _is_refused(machine.asks_for_token(grant_type=None), "grant_type missing")
    _is_refused(machine.asks_for_token(grant_type=""), "grant_type missing")
    _is_refused(machine.asks_for_token(grant_type="foo"), "foo not supported", "unsupported_grant_type")
    _is_refused(machine.sends_form("%zz"), "error parsing form")
    _is_refused(machine.sends_form("grant_type=client_credentials&grant_type=foo"), _NO_CLIENT)


@about.scenario(shows=["zitadel.token.grant"])
def only_a_form_is_read_and_the_address_in_any_order(story: Story) -> None:
    machine = story.person("machine")
    _is_refused(machine.sends_form("scope=openid&grant_type=client_credentials"), _NO_CLIENT)
    _is_refused(machine.sends_form({"grant_type": "client_credentials"}, "application/json"), "grant_type missing")
    _is_refused(machine.asks_by_get(), "grant_type missing")
    query = {"client_id": Of("machine", "client"), "client_secret": Of("machine", "secret"), "scope": FOR_API}
    machine.asks_by_get(grant_type="client_credentials", **query).answers(200, "token")
    _uses_it(machine).answers(200)


@about.scenario("zitadel.token.signature")
def an_assertion_has_to_be_there_and_signed_by_a_key_that_is_known(story: Story) -> None:
    machine = story.person("machine")
    _is_refused(machine.sends_form({"grant_type": BY_ASSERTION, "scope": "openid"}), "assertion missing")
    for assertion in ("x", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4Iiwic3ViIjoieCJ9."):
        form = {"grant_type": BY_ASSERTION, "scope": "openid", "assertion": assertion}
        _is_refused(machine.sends_form(form), "Errors.Internal", "server_error", 500)


@about.scenario(releases=RELEASES)
def a_server_says_where_tokens_are_given(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_server("openid_configuration").answers(200, "configuration")
    machine.asks_server("openid_configuration_by_post").answers(200, "configuration")


@about.scenario()
def a_server_shows_its_keys_and_that_it_runs(story: Story) -> None:
    machine = story.person("machine")
    machine.asks_server("keys").answers(200, "keys")
    machine.asks_server("healthz").answers(200, "healthy")
    machine.asks_server("ready").answers(200, "ready")
