"""The token of the caller, which every operation checks alike."""

from collections.abc import Callable
from datetime import timedelta

from watchword.contract.values import Of, Template
from watchword.contract.zitadel.caller import Asked
from watchword.contract.zitadel.story import Actor, Story
from watchword.contract.zitadel.topic import BEFORE_V4, V4, Topic

about = Topic("Who calls")
STATES = ("lock_user", "unlock_user", "deactivate_user", "reactivate_user", "delete_user")
"""Operations that the older package does not have."""
KINDS = ("general", "login", "password_complexity", "password_expiry", "domain", "lockout")
OPERATIONS = (
    *("set_password", "password_reset"),
    *("create_session", "get_session", "set_session", "delete_session", "list_sessions"),
    *("list_users", "get_user", *STATES),
    *(f"get_{kind}_settings" for kind in KINDS),
)
_OF_USERS = ("set_password", "password_reset", "get_user", *STATES)
_OF_SESSIONS = ("get_session", "set_session", "delete_session")


def _ask(caller: Actor, operation: str, headers: dict[str, Template] | None = None) -> Asked:
    """Call an operation with next to nothing: whoever calls is checked before it is missed."""
    path = {"userId": "1"} if operation in _OF_USERS else {"sessionId": "1"} if operation in _OF_SESSIONS else {}
    body: Template = None if operation.startswith(("get", "delete")) else {}
    return caller.call(f"calls {operation}", operation, body, path=path, headers=headers or {})


def _has_token_checked(operation: str) -> Callable[[Story], None]:
    def tell(story: Story) -> None:
        member = story.person("member")
        _ask(member, operation, {"Authorization": None}).is_refused("UNAUTHENTICATED", status=401)
        _ask(member, operation, {"Authorization": "Basic bWluaTo="}).is_refused("AUTH-toLo1", status=401)
        _ask(member, operation, {"Authorization": "Bearer unknown"}).is_refused("AUTH-7fs1e", status=401)

    return tell


def _has_organisation_checked(operation: str) -> Callable[[Story], None]:
    def tell(story: Story) -> None:
        _ask(story.person("manager"), operation, {"x-zitadel-orgid": "1"}).is_forbidden("AUTH-Bs7Ds")

    return tell


def _has_session_checked(operation: str) -> Callable[[Story], None]:
    def tell(story: Story) -> None:
        member = story.person("member")
        member.starts_session()
        _ask(member, operation).is_forbidden("AUTHZ-Kl3p0")
        member.checks_password()
        _ask(member.calling_with(member.session_token(1)), operation).is_forbidden("QUERY-dsfr3")
        member.ends_session()
        _ask(member, operation).is_refused("QUERY-SFeaa", status=404)

    return tell


def _has_lifetime_checked(operation: str) -> Callable[[Story], None]:
    def tell(story: Story) -> None:
        member = story.person("member")
        member.signs_in(lifetime="60s")
        story.wait(timedelta(minutes=1))
        _ask(member, operation).is_forbidden("AUTHZ-EGDo3")

    return tell


for _operation in OPERATIONS:
    for _words, _make, _rule in (
        ("a_token_that_is_known", _has_token_checked, "zitadel.auth.bearer"),
        ("an_organisation_that_exists_if_one_is_named", _has_organisation_checked, "zitadel.auth.organisation"),
        ("the_newest_token_of_a_session", _has_session_checked, "zitadel.auth.session"),
        ("a_session_that_has_not_expired", _has_lifetime_checked, "zitadel.auth.session"),
    ):
        # One operation proves the rule: all of them ask the same function.
        _proves, _shows = ((_rule,), ()) if _operation == OPERATIONS[0] else ((), (_rule,))
        _name, _tell = f"{_operation}_needs_{_words}", _make(_operation)
        about.add(_name, _tell, proves=_proves, shows=_shows, in_both=_operation not in STATES)


@about.scenario("zitadel.auth.bearer")
def a_token_is_needed_and_what_stands_before_bearer_is_ignored(story: Story) -> None:
    manager, late = story.people("manager", "late")
    manager.uses_token().answers(200)
    manager.uses_token({"Authorization": ""}).is_refused("UNAUTHENTICATED", status=401)
    for header in ("bearer unknown", "Bearer Bearer x", "Basic bWluaTo=", "x"):
        manager.uses_token({"Authorization": header}).is_refused("AUTH-toLo1", status=401)
    late.uses_token().is_refused("AUTH-7fs1e", status=401)


@about.scenario("zitadel.auth.organisation")
def the_organisation_in_the_header_may_be_another_one(story: Story) -> None:
    manager, strict, instance_owner = story.people("manager", "strict", "instance-owner")
    instance_owner.reads(strict)
    manager.uses_token({"x-zitadel-orgid": strict.organisation}).answers(200)
    manager.uses_token({"x-zitadel-orgid": "acme"}).is_forbidden("AUTH-Bs7Ds")


@about.scenario("zitadel.auth.origin", releases=BEFORE_V4)
def a_token_of_an_application_is_good_for_its_origins_only(story: Story) -> None:
    shopper, manager = story.people("shopper", "manager")
    shopper.uses_token().answers(200)
    shopper.uses_token({"Origin": Of("shopper", "origin")}).answers(200)
    shopper.uses_token({"Origin": "https://elsewhere.example"}).is_forbidden("AUTH-DZG21")
    manager.uses_token({"Origin": "https://elsewhere.example"}).answers(200)


@about.scenario(shows=["zitadel.auth.origin"], releases=V4)
def origins_are_not_checked(story: Story) -> None:
    story.person("shopper").uses_token({"Origin": "https://elsewhere.example"}).answers(200)


@about.scenario("zitadel.gateway.timeout")
def a_timeout_is_a_number_with_a_unit_and_long_enough(story: Story) -> None:
    manager = story.person("manager")
    for timeout in ("x", "1", "123456789S"):
        manager.uses_token({"Grpc-Timeout": timeout}).answers(400)
    for timeout in ("1n", "999u"):
        manager.uses_token({"Grpc-Timeout": timeout}).answers(504)
    manager.uses_token({"Grpc-Timeout": "1M"}).answers(200)


@about.scenario("zitadel.gateway.metadata")
def binary_metadata_are_base64(story: Story) -> None:
    manager = story.person("manager")
    manager.uses_token({"Grpc-Metadata-Foo-Bin": "%%"}).answers(400)
    manager.uses_token({"Grpc-Metadata-Foo-Bin": "YWI"}).answers(200)


@about.scenario("zitadel.gateway.printable")
def a_header_has_printable_characters_only(story: Story) -> None:
    for token in ("t\xf6k", "t\xf6"):
        story.person("manager").uses_token({"Authorization": f"Bearer {token}"}).answers(500)
