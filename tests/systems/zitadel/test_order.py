"""
The order of the checks: of two faults in one request, the answer names the one that is checked first.

Each pair is sent twice: once with all rules, and once with the rule of the first fault switched off.
The second answer names the second fault, which proves that the request really had both.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest

from tests.conftest import START, Api, People, Response
from tests.outcomes import orders
from tests.systems.zitadel import attempts
from tests.systems.zitadel.attempts import CODE, CURRENT, NEW, Attempt, Fault, TokenAttempt
from tests.systems.zitadel.user_attempts import user_bases
from watchword.domain.tokens import digest
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.order import ORDERS
from watchword.systems.zitadel.records import Membership, Session, UserState

BEFORE_THE_COMMAND = (
    Fault("unreadable timeout", "zitadel.gateway.timeout", "invalid grpc-timeout", attempts.send_unreadable_timeout),
    Fault("unreadable metadata", "zitadel.gateway.metadata", "illegal base64", attempts.send_unreadable_metadata),
    Fault("repeated members", "zitadel.json.mapping", "duplicate field", attempts.repeat_members),
    Fault("unprintable header", "zitadel.gateway.printable", "non-printable", attempts.send_unprintable_header),
    Fault("expired token", "zitadel.auth.bearer", "AUTH-7fs1e", attempts.expire_token),
    # A token belongs to a session or not.
    Fault(
        "inactive caller",
        "zitadel.auth.user",
        "AUTH-7fs1e",
        attempts.deactivate_caller,
        frozenset({"token of an ended session"}),
    ),
    Fault("token of an ended session", "zitadel.auth.session", "QUERY-SFeaa", attempts.end_session_of_token),
    Fault("unknown organisation", "zitadel.auth.organisation", "AUTH-Bs7Ds", attempts.name_unknown_organisation),
    Fault("another origin", "zitadel.auth.origin", "AUTH-DZG21", attempts.call_from_another_origin),
)
BEFORE_IN_V4 = tuple(one for one in BEFORE_THE_COMMAND if one.rule != "zitadel.auth.origin")
LONG_ID = Fault("long id", "zitadel.validate.first", "runes, inclusive", attempts.lengthen_id)
# A missing password is neither equal, nor does it violate the policy, nor is it too long.
PASSWORD_FAULTS = frozenset({"equal", "policy", "too long for bcrypt"})
NO_NEW_PASSWORD = Fault(
    "no new password", "zitadel.new_password.present", "Password is empty", attempts.omit_new_password, PASSWORD_FAULTS
)
# A user has one state.
USER_FAULTS = (
    Fault("machine", "zitadel.user.exists", "COMMAND-G8dh3", attempts.MACHINE),
    Fault("new user", "zitadel.user.initialised", "COMMAND-M9dse", attempts.INITIAL, frozenset({"locked"})),
)
NEW_PASSWORD_FAULTS = (
    Fault("policy", "zitadel.policy.order", "DOMAIN-VoaRj", attempts.violate_policy),
    Fault("too long for bcrypt", "zitadel.hash.limit", "COMMAND-CahN2", attempts.exceed_hash_limit),
)
# With a current password the new one is hashed before the policy is asked.
HASHED_FIRST = (
    Fault("too long for bcrypt", "zitadel.current.order", "COMMAND-CahN2", attempts.exceed_hash_limit),
    Fault("policy", "zitadel.policy.order", "DOMAIN-VoaRj", attempts.violate_policy),
)
SET_PASSWORD = (*BEFORE_THE_COMMAND, LONG_ID, NO_NEW_PASSWORD, *USER_FAULTS)
SET_PASSWORD_IN_V4 = (*BEFORE_IN_V4, LONG_ID, NO_NEW_PASSWORD, *USER_FAULTS)


@dataclass(frozen=True)
class Base:
    """
    A request that succeeds.

    Args:
        operations: Those that have it.
        make: Makes the attempt for one of them.
        faults: In the order in which they are checked.
    """

    name: str
    operations: tuple[str, ...]
    make: Callable[[str, People], Attempt | TokenAttempt]
    faults: tuple[Fault, ...]


def _change(**proof: Any) -> Callable[[str, People], Attempt]:
    settings = {"hasher": "bcrypt", "zitadel_profile": proof.pop("profile", "documented")}
    # The id in the path counts, so that in the body may be anything; it is there to be repeated.
    return lambda operation, _people: Attempt(
        operation, {"userId": "0", "newPassword": {"password": NEW}, **proof}, settings=settings
    )


def _reset(operation: str, _people: People) -> Attempt:
    return Attempt(operation, {"userId": "0", "sendLink": {"urlTemplate": "https://me.example/{{.Code}}"}})


def _template(text: str) -> Callable[[Attempt], None]:
    return lambda attempt: attempt.body.update(sendLink={"urlTemplate": text})


TARGET = "810000000000000002"
OWNER_OF_ALL = Membership(("IAM_OWNER",))


def _sign_in(profile: str = "documented") -> Callable[[str, People], Attempt]:
    def make(operation: str, _people: People) -> Attempt:
        made = Attempt(operation, {"checks": {"password": {"password": CURRENT}}})
        return _of_owner(made, profile)

    return make


def _on_session(profile: str = "documented", **body: Any) -> Callable[[str, People], Attempt]:
    def make(operation: str, _people: People) -> Attempt:
        # The token of the session counts if there is one, which these requests do not send.
        session = Session("5", created_at=START, user_id=TARGET, organisation=attempts.ACME, token="0", sequence=3)
        return _of_owner(Attempt(operation, deepcopy(body), session=session), profile)

    return make


def _of_owner(attempt: Attempt, profile: str) -> Attempt:
    attempt.settings = {"zitadel_profile": profile}
    attempt.caller = replace(attempt.caller, memberships=(OWNER_OF_ALL,))
    return attempt


def _put(name: str, **values: Any) -> Callable[[Any], None]:
    return lambda attempt: getattr(attempt, name).update(values)


def _set(name: str, value: Any) -> Callable[[Any], None]:
    return lambda attempt: setattr(attempt, name, value)


GRANT = Fault("another grant", "zitadel.token.grant", "not supported", _put("form", grant_type="password"))
NO_SCOPE = Fault("no scope", "zitadel.token.scope", "scope of your request is missing", _put("form", scope=None))
INACTIVE = Fault("inactive user", "zitadel.token.user", "Errors.User.NotActive", _set("active", value=False))
CREATE_SESSION = ("create_session", "create_session_v2beta")
LONG_LOGIN = Fault("long login name", "zitadel.validate.first", "runes, inclusive", attempts.lengthen_login)
NO_LIFETIME = Fault("no lifetime", "zitadel.validate.first", "greater than 0s", _put("body", lifetime="0s"))
INACTIVE_USER = Fault(
    "inactive user", "zitadel.session.user", "SESSION-Gj4ko", attempts.change_target(state=UserState.INACTIVE)
)
NO_SESSION_WRITE = Fault("no role", "zitadel.session.write", "AUTHZ-cdgFk", attempts.remove_roles)
ENDED = Fault("ended", "zitadel.session.ended", "COMMAND-Hewfq", attempts.change_session(exists=False))
ANOTHER_USER = Fault(
    "another user", "zitadel.session.same_user", "user change not possible", attempts.change_session(user_id="1")
)
UNKNOWN_SESSION = Fault("ended", "zitadel.session.exists", "QUERY-SFeaa", attempts.change_session(exists=False))
# Without the rule of the password it is still wrong.
OTHER_FACTORS = frozenset({"other provider", "one-time password"})
WRONG_PASSWORD = Fault(
    "wrong password",
    "zitadel.session.lockout",
    "COMMAND-3M0fs",
    attempts.add_checks(password={"password": "Wr0ng-One!"}),
    OTHER_FACTORS,
)
OTHER_PROVIDER = Fault(
    "other provider",
    "zitadel.session.intent",
    "CRYPTO-Swg31",
    attempts.add_checks(idpIntent={"idpIntentId": "1", "idpIntentToken": "x"}),
)
ONE_TIME_PASSWORD = Fault(
    "one-time password", "zitadel.session.totp", "COMMAND-3Mif9s", attempts.add_checks(totp={"code": "123456"})
)
NO_PERSON = (
    Fault("machine", "zitadel.session.password", "COMMAND-3n77z", attempts.MACHINE),
    Fault("no password", "zitadel.session.password", "COMMAND-3nJ4t", attempts.NO_PASSWORD, OTHER_FACTORS),
)
LOCKED_USER = Fault("locked", "zitadel.session.locked", "COMMAND-JLK35", attempts.LOCKED)
SESSION_CHECKS = (*NO_PERSON, WRONG_PASSWORD, OTHER_PROVIDER, ONE_TIME_PASSWORD)
CHECKS_OF_A_LOCKED_USER = (*NO_PERSON, LOCKED_USER, WRONG_PASSWORD, OTHER_PROVIDER, ONE_TIME_PASSWORD)
# Who is not named is not found either, so nothing later is reached.
NOBODY = Fault(
    "nobody",
    "zitadel.session.search",
    "SESSION-d3b4g0",
    attempts.add_checks(user={}),
    frozenset(one.name for one in (INACTIVE_USER, ENDED, ANOTHER_USER, *SESSION_CHECKS)),
)
BASES = (
    Base(
        "with a permission",
        ("set_password", "set_password_v2beta"),
        _change(),
        (
            *SET_PASSWORD,
            Fault("no role", "zitadel.permission.user_write", "AUTHZ-cdgFk", attempts.remove_roles),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with a code",
        ("set_password", "set_password_v2beta"),
        _change(verificationCode=CODE),
        (
            *SET_PASSWORD,
            Fault("external code", "zitadel.code.external", "COMMAND-M0g95", attempts.change_code(external=True)),
            Fault(
                "expired code",
                "zitadel.code.order",
                "CODE-QvUQ4P",
                attempts.change_code(expires_at=START),
            ),
            Fault("wrong code", "zitadel.code.order", "CODE-woT0xc", attempts.change_code(digest=digest("other"))),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "without an outstanding code",
        ("set_password",),
        _change(verificationCode=CODE),
        (
            *SET_PASSWORD,
            Fault("no code", "zitadel.code.order", "COMMAND-2M9fs", attempts.change_target(code=None)),
            *NEW_PASSWORD_FAULTS,
        ),
    ),
    Base(
        "with the current password",
        ("set_password", "set_password_v2beta"),
        _change(currentPassword=CURRENT),
        (
            *SET_PASSWORD,
            Fault("no password", "zitadel.current.order", "COMMAND-Fds3s", attempts.NO_PASSWORD),
            Fault("equal", "zitadel.current.order", "COMMAND-Aesh5", attempts.send_equal_passwords),
            Fault(
                "wrong password",
                "zitadel.current.order",
                "Password is invalid (COMMAND-3M0fs)",
                _put("body", currentPassword="Wr0ng-One!"),
            ),
            *HASHED_FIRST,
        ),
    ),
    Base(
        "with the current password in v4.6",
        ("set_password",),
        _change(currentPassword=CURRENT, profile="v4.6"),
        (
            *SET_PASSWORD_IN_V4,
            Fault("locked", "zitadel.current.order", "COMMAND-JLK35", attempts.LOCKED),
            Fault("no password", "zitadel.current.order", "COMMAND-3nJ4t", attempts.NO_PASSWORD),
            Fault("equal", "zitadel.current.order", "COMMAND-CahN2", attempts.send_equal_passwords),
            Fault(
                "wrong password",
                "zitadel.current.order",
                "Password is invalid (COMMAND-3M0fs)",
                _put("body", currentPassword="Wr0ng-One!"),
            ),
            *HASHED_FIRST,
        ),
    ),
    Base(
        "with a template",
        ("password_reset", "password_reset_v2beta"),
        _reset,
        (
            *BEFORE_THE_COMMAND,
            LONG_ID,
            Fault("unreadable template", "zitadel.reset.template", "DOMAIN-oGh5e", _template("{{")),
            Fault("machine", "zitadel.reset.order", "COMMAND-SAF4f", attempts.MACHINE),
            Fault("new user", "zitadel.reset.order", "COMMAND-Sfe4g", attempts.INITIAL),
            Fault("no role", "zitadel.permission.user_write", "AUTHZ-cdgFk", attempts.remove_roles),
        ),
    ),
    Base(
        "with another template",
        ("password_reset", "password_reset_v2beta"),
        _reset,
        (
            Fault("unknown field", "zitadel.reset.template", "DOMAIN-ieYa7", _template("{{.Password}}")),
            Fault("machine", "zitadel.reset.order", "COMMAND-SAF4f", attempts.MACHINE),
        ),
    ),
    Base(
        "with a user and a password",
        CREATE_SESSION,
        _sign_in(),
        (*BEFORE_THE_COMMAND, NO_LIFETIME, NOBODY, INACTIVE_USER, *SESSION_CHECKS),
    ),
    Base(
        "with a user and a password in v4.2",
        CREATE_SESSION,
        _sign_in(profile="v4.2"),
        (*BEFORE_IN_V4, LONG_LOGIN, INACTIVE_USER, NO_SESSION_WRITE, *SESSION_CHECKS),
    ),
    Base(
        "with an unknown user",
        CREATE_SESSION,
        _sign_in(),
        (
            *BEFORE_THE_COMMAND,
            Fault("unknown user", "zitadel.session.user", "QUERY-Dfbg2", _set("login", "unknown@mouse.example")),
        ),
    ),
    *(Base(*one) for one in user_bases(BEFORE_THE_COMMAND)),
    Base(
        "with the user whom the session has",
        ("set_session", "set_session_v2beta"),
        _on_session(checks={"user": {"userId": TARGET}, "password": {"password": CURRENT}}),
        (*BEFORE_THE_COMMAND, LONG_ID, NOBODY, INACTIVE_USER, ENDED, ANOTHER_USER, *SESSION_CHECKS),
    ),
    Base(
        "with the user whom the session has in v4.2",
        ("set_session", "set_session_v2beta"),
        _on_session(checks={"user": {"userId": TARGET}, "password": {"password": CURRENT}}, profile="v4.2"),
        (*BEFORE_IN_V4, LONG_ID, INACTIVE_USER, NO_SESSION_WRITE, ENDED, ANOTHER_USER, *SESSION_CHECKS),
    ),
    Base(
        "with a password",
        ("set_session", "set_session_v2beta"),
        _on_session(checks={"password": {"password": CURRENT}}),
        (*BEFORE_THE_COMMAND, LONG_ID, ENDED, *CHECKS_OF_A_LOCKED_USER),
    ),
    Base(
        "with a password in v4.2",
        ("set_session", "set_session_v2beta"),
        _on_session(checks={"password": {"password": CURRENT}}, profile="v4.2"),
        (NO_SESSION_WRITE, *CHECKS_OF_A_LOCKED_USER),
    ),
    Base(
        "of a session",
        ("get_session", "get_session_v2beta"),
        _on_session(),
        (
            *(one for one in BEFORE_THE_COMMAND if one.rule != "zitadel.json.mapping"),
            UNKNOWN_SESSION,
            Fault("wrong token", "zitadel.session.read", "QUERY-dsfr3", _set("query", "?sessionToken=x")),
        ),
    ),
    Base(
        "of a session in v4.6",
        ("get_session", "get_session_v2beta"),
        _on_session(profile="v4.6"),
        (
            *(one for one in BEFORE_IN_V4 if one.rule != "zitadel.json.mapping"),
            LONG_ID,
            UNKNOWN_SESSION,
            Fault("no role", "zitadel.session.read", "AUTHZ-cdgFk", attempts.remove_roles),
        ),
    ),
    Base(
        "of a session to end",
        ("delete_session", "delete_session_v2beta"),
        _on_session(sessionToken=""),
        (
            *BEFORE_THE_COMMAND,
            LONG_ID,
            Fault("no role", "zitadel.session.delete", "AUTHZ-cdgFk", attempts.remove_roles),
        ),
    ),
    Base(
        "with queries",
        ("list_sessions", "list_sessions_v2beta"),
        lambda operation, _people: Attempt(operation, {"queries": []}),
        (
            *BEFORE_THE_COMMAND,
            Fault("no query", "zitadel.validate.first", "value is required", _put("body", queries=[{}])),
        ),
    ),
    Base(
        "with client credentials",
        ("token", "token_by_get"),
        lambda operation, people: TokenAttempt(operation, people["zitadel", "robot"]),
        (
            GRANT,
            Fault(
                "unreadable header",
                "zitadel.token.client",
                "invalid basic auth header",
                _put("headers", authorization=f"Basic {b64encode(b'%:x').decode()}"),
            ),
            Fault("wrong secret", "zitadel.token.secret", "Secret.Invalid", _put("form", client_secret="guessed")),
            NO_SCOPE,
            INACTIVE,
        ),
    ),
    Base(
        "with an assertion",
        ("token", "token_by_get"),
        lambda operation, people: TokenAttempt(operation, people["zitadel", "robot"], claims={}),
        (
            GRANT,
            Fault("another key", "zitadel.token.signature", "signature", _set("key", attempts.OTHER_KEY)),
            Fault(
                "another audience",
                "zitadel.token.assertion",
                "aud has to be",
                _put("claims", aud="https://else.example"),
            ),
            NO_SCOPE,
            INACTIVE,
        ),
    ),
)
ONE_PROOF = "a request has one proof"
EXCLUDED: Mapping[frozenset[str], str] = {
    **{
        frozenset({one, other}): ONE_PROOF
        for one, other in [
            ("zitadel.code.external", "zitadel.current.order"),
            ("zitadel.code.external", "zitadel.permission.user_write"),
            ("zitadel.code.order", "zitadel.current.order"),
            ("zitadel.code.order", "zitadel.permission.user_write"),
            ("zitadel.current.order", "zitadel.permission.user_write"),
            ("zitadel.token.client", "zitadel.token.signature"),
            ("zitadel.token.client", "zitadel.token.assertion"),
            ("zitadel.token.secret", "zitadel.token.signature"),
            ("zitadel.token.secret", "zitadel.token.assertion"),
        ]
    },
    frozenset({"zitadel.auth.user", "zitadel.auth.session"}): "a token belongs to a user or to a session",
    **{
        frozenset({one, other}): reason
        for one, other, reason in [
            ("zitadel.session.user", "zitadel.session.locked", "a user has one state"),
            ("zitadel.session.same_user", "zitadel.session.locked", "a locked user who is named is refused before"),
            ("zitadel.session.lockout", "zitadel.session.intent", "a wrong password is refused without the rule too"),
            ("zitadel.session.lockout", "zitadel.session.totp", "a wrong password is refused without the rule too"),
            ("zitadel.auth.origin", "zitadel.session.write", "origins are checked before v4, this permission since"),
            ("zitadel.current.order", "zitadel.hash.limit", "with a current password the length is checked there"),
            *(
                ("zitadel.session.search", f"zitadel.session.{later}", "who is not named is not found either")
                for later in (
                    "user",
                    "write",
                    "ended",
                    "same_user",
                    "password",
                    "locked",
                    "lockout",
                    "intent",
                    "totp",
                )
            ),
        ]
    },
    frozenset({"zitadel.query.mapping", "zitadel.validate.first"}): "a query string that cannot be read is no message",
    frozenset({"zitadel.new_password.present", "zitadel.policy.order"}): "a missing password has no policy to violate",
    frozenset({"zitadel.new_password.present", "zitadel.hash.limit"}): "a missing password is not too long",
}
"""Pairs of rules that no request can violate together, with the reasons."""


def _singles() -> Iterator[Any]:
    for base in BASES:
        for operation in base.operations:
            for fault in base.faults:
                yield pytest.param(base, operation, fault, id=f"{operation} {base.name}: {fault.name}")


def _pairs(base: Base) -> Iterator[tuple[Fault, Fault]]:
    for first, second in combinations(base.faults, 2):
        if second.name not in first.excludes:
            yield first, second


def _pairs_of_all() -> Iterator[Any]:
    for base in BASES:
        for operation in base.operations:
            for first, second in _pairs(base):
                name = f"{operation} {base.name}: {first.name}, {second.name}"
                yield pytest.param(base, operation, first, second, id=name, marks=orders(first.rule, second.rule))


def message(answer: Response) -> str:
    """Read the message of a refusal in either envelope, and what the hint adds to it."""
    text = answer.body.get("message") or answer.body.get("error_description")
    return f"{text} {answer.headers.get('watchword-hint', '')}"


@pytest.mark.parametrize(
    ("base", "operation"),
    [pytest.param(base, one, id=f"{one} {base.name}") for base in BASES for one in base.operations],
)
def test_the_request_without_a_fault_succeeds(
    api: Api, people: People, sandbox: Callable[[], Sandbox], base: Base, operation: str
) -> None:
    assert base.make(operation, people).send(api, sandbox()).status in (200, 201)


@pytest.mark.parametrize(("base", "operation", "fault"), list(_singles()))
def test_one_fault_is_answered(  # fixtures
    api: Api, people: People, sandbox: Callable[[], Sandbox], *, base: Base, operation: str, fault: Fault
) -> None:
    attempt = base.make(operation, people)
    fault.apply(attempt)
    assert fault.message in message(attempt.send(api, sandbox()))


@pytest.mark.parametrize(("base", "operation", "first", "second"), list(_pairs_of_all()))
def test_of_two_faults_the_first_is_answered(  # fixtures
    api: Api,
    people: People,
    sandbox: Callable[[], Sandbox],
    *,
    base: Base,
    operation: str,
    first: Fault,
    second: Fault,
) -> None:
    attempt = base.make(operation, people)
    first.apply(attempt)
    second.apply(attempt)
    assert first.message in message(attempt.send(api, sandbox()))
    if first.rule != second.rule:
        sandbox().rules.switch_off(first.rule)
        assert second.message in message(attempt.send(api, sandbox()))


@pytest.mark.parametrize("order", ORDERS, ids=[order.operation for order in ORDERS])
def test_every_pair_of_checks_is_violated_or_has_a_reason_not_to_be(order: Any) -> None:
    rules = [step.rule for step in order.steps]
    bases = [base for base in BASES if order.operation in base.operations]
    violated = {(one.rule, other.rule) for base in bases for one, other in _pairs(base) if one.rule != other.rule}
    possible = {pair for pair in combinations(rules, 2) if frozenset(pair) not in EXCLUDED}
    if order.operation.startswith("get_session"):
        no_body = {pair for pair in possible if "zitadel.json.mapping" in pair}
        possible -= no_body | {("zitadel.auth.origin", "zitadel.validate.first")}
    assert violated == possible
